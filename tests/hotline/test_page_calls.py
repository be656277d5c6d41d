"""The pages of a call: one conversation that both sides see alike, and nothing in it that is not so."""

import re
from pathlib import Path

import pytest
from pytest_django import Settings

from parley.drafts.queries import list_begun, show_draft
from parley.inquiries.forms.letter import text_of, write_text
from parley.protocol.hotline.length import MAX_LENGTH
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.hotline.page_desk import FIELDS, READING, CallDesk, faults
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
RIGHT = "Read back rightly: all five fields are the same."


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> CallDesk:
    return CallDesk(tmp_path, settings)


def endings(page: str) -> set[str]:
    return set(re.findall(r'name="ending" value="([a-z_]+)"', page))


def test_both_sides_read_the_five_fields_in_both_languages(desk: CallDesk) -> None:
    desk.call()

    ours, theirs = desk.look(), desk.at(B).look()

    for page in (ours, theirs):
        assert re.search(r"<span>\w.* calls \w.*</span>", page)
        for word in (
            "REAL",
            "实战",
            "FLASH",
            "特提",
            "theft of data",
            "窃取数据",
            "isolate the host",
            "隔离主机",
        ):
            assert word in page, word
        assert "203.0.113.77" in page
        assert "We see outbound data." in page
        assert "TLP:RED" in page
    assert "has to take the call." in ours
    assert "We have to take the call." in theirs
    assert f'action="{desk.path}take/"' in theirs
    assert f'action="{desk.path}take/"' not in ours


def test_a_call_that_rings_shows_its_ladder_by_office_and_never_by_name(desk: CallDesk) -> None:
    desk.call()
    desk.at(B)

    page = desk.look()

    assert re.search(r'<li class="ringing"><span>duty desk</span>', page)
    assert re.search(r'<li class="waiting"><span>duty phone</span>', page)
    assert not re.search(r'class="ladder".*?Zhao.*?</ol>', page, re.DOTALL)


def test_taking_twice_says_once_and_names_the_rung(desk: CallDesk) -> None:
    desk.call()
    desk.at(B)

    first, second = desk.take(), desk.take()

    assert (first.status_code, second.status_code) == (303, 303)
    assert desk.kinds() == ["call.opened", "call.taken"]
    assert "at the rung: duty desk" in desk.look()
    assert desk.dossier.row.taken_rung == "duty_desk"


def test_a_script_that_takes_a_call_is_answered_without_a_page(desk: CallDesk) -> None:
    desk.call()
    desk.at(B)

    answer = desk.clients[OFFICER].post(f"{desk.path}take/", headers={"Sec-Fetch-Mode": "cors"})

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_viewer_looks_and_takes_nothing(desk: CallDesk) -> None:
    desk.call()
    desk.at(B)

    assert "A viewer may look, not act." in desk.get(desk.path, by=VIEWER)
    assert desk.clients[VIEWER].post(f"{desk.path}take/").status_code == 403
    assert desk.status(f"{desk.path}say/message/", by=VIEWER) == 403
    assert desk.kinds() == ["call.opened"]


def test_a_wrong_reading_is_sent_and_both_sides_see_what_differs(desk: CallDesk) -> None:
    desk.call()
    desk.taken()

    desk.say_all("read-back", {**READING, "tail": "17", "ask": ["isolate_host"]})

    for node in (A, B):
        page = desk.at(node).look()
        missed = re.search(r'id="misread".*?</div>', page, re.DOTALL)
        assert missed is not None
        assert "read: IP address 203.0.113.17; said: IP address 203.0.113.77." in missed[0]
        assert "one character differs: character 11" in missed[0]
        assert "Both sides see this." in missed[0]
        assert set(re.findall(r'missed" data-compared="([a-z]+)"', page)) == {"object", "ask"}
        assert RIGHT not in page


def test_a_right_reading_makes_the_next_form_that_of_a_message(desk: CallDesk) -> None:
    desk.call()
    desk.taken()
    assert 'data-turn="read_back"' in desk.look()

    desk.say_all("read-back", READING)

    assert 'data-turn="say"' in desk.look()
    assert RIGHT in desk.look()
    assert RIGHT in desk.at(A).look()


def test_after_three_wrong_readings_the_text_is_read_aloud(desk: CallDesk) -> None:
    desk.call()
    desk.taken()

    for _try in range(3):
        desk.say_all("read-back", {**READING, "by": "1900"})

    assert "Three readings were wrong." in desk.look()
    assert "Three readings were wrong." in desk.at(A).look()


def test_a_clarification_is_to_be_read_back_anew(desk: CallDesk) -> None:
    desk.call()
    desk.taken()
    desk.say_all("read-back", READING)

    form = desk.at(A).get(f"{desk.path}say/clarify/")
    assert 'value="203.0.113.77"' in form
    desk.say_all("clarify", {**READING, "object_type": "ip", "object": "203.0.113.78", "since": "", "by": ""})

    page = desk.at(B).look()
    assert 'data-turn="read_back"' in page
    assert "203.0.113.78" in page
    assert RIGHT not in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"scope": ""}, "choose one of the two"),
        ({"inquiry": "A 1", "scope": "attack_in_progress"}, "choose one of the two"),
        ({"inquiry": "B 99", "scope": ""}, "is no inquiry on this link"),
        ({"scope": "boredom"}, "not of the agreed scope"),
        ({"object": "203.0.113.777"}, "is no IP address"),
        ({"by": "2000"}, "is no time"),
        ({"by": "2026-11-02T20:00"}, "has no time zone"),
        ({"ask": []}, "ASK: nothing is chosen"),
        ({"urgency": ""}, "How fast: nothing is chosen"),
        ({"text": "词" * (MAX_LENGTH + 1)}, "at most 400 fit"),
        ({"what": "line_fault", "scope": "", "level": "minister"}, "goes to the desk alone"),
    ],
)
def test_what_cannot_be_a_call_is_told_at_its_field_and_nothing_is_sent(
    desk: CallDesk, changes: dict[str, object], told: str
) -> None:
    before = len(desk.rows())

    answer = desk.compose(**changes)

    assert answer.status_code == 422
    assert told in " ".join(faults(answer.text))
    assert len(desk.rows()) == before
    assert "We see outbound data." in answer.text or "text" in changes


def test_a_glance_shows_it_as_they_will_see_it_and_says_nothing(desk: CallDesk) -> None:
    before = len(desk.rows())

    page = desk.compose(look="1").text

    assert "As they will see it" in page
    assert "窃取数据" in page
    assert "隔离主机" in page
    assert len(desk.rows()) == before


def test_an_inquiry_that_led_to_it_comes_along(desk: CallDesk) -> None:
    inquiry = desk.send("http://one.example/a")

    desk.call(inquiry=inquiry, scope="")

    for node in (A, B):
        page = desk.at(node).look()
        assert f'href="/l/{LINK}/inquiries/{inquiry}/"' in page
        assert "Sites of First Bank" in page
    assert f"/calls/new/{LINK}/?inquiry={inquiry}" in desk.at(A).page(inquiry)


def test_the_class_is_that_of_what_happened(desk: CallDesk) -> None:
    desk.call(what="line_test", scope="", inquiry="", urgency="U3")

    page = desk.at(B).look()

    assert 'class="nature test"' in page
    assert 'class="nature real"' not in page
    assert 'class="nature test"' in desk.get("/calls/")


def test_the_same_form_twice_is_one_call(desk: CallDesk) -> None:
    first = desk.compose(key="0" * 32)
    second = desk.compose(key="0" * 32)

    assert first.headers["Location"] == second.headers["Location"]
    assert sum(row.kind == "call.opened" for row in desk.rows()) == 1


def test_each_side_is_offered_its_own_endings(desk: CallDesk) -> None:
    desk.call()

    by_caller = endings(desk.get(f"{desk.path}say/close/"))
    by_called = endings(desk.at(B).get(f"{desk.path}say/close/"))
    desk.taken()
    after = endings(desk.get(f"{desk.path}say/close/"))

    assert by_caller == {"not_reached", "technical_fault", "cancelled"}
    assert by_called == {"declined", "deferred", "call_back", "technical_fault"}
    assert after == {"answered", "declined", "deferred", "call_back", "technical_fault"}


def test_putting_off_has_a_time_and_declining_a_statement(desk: CallDesk) -> None:
    desk.call()
    desk.at(B)

    assert "nothing is chosen" in desk.press("close", {"ending": "deferred"}).text
    assert "declined with a statement" in desk.press("close", {"ending": "declined"}).text
    desk.say_all("close", {"ending": "declined", "text": "Not by this line."})

    page = desk.at(A).look()
    assert "declined" in page
    assert "Not by this line." in page
    assert "closed by one side" in page


def test_closed_by_both_nothing_is_left_to_say_but_another_word(desk: CallDesk) -> None:
    desk.call()
    desk.taken()
    desk.say_all("close", {"ending": "answered"})

    desk.at(A).say_all("close", {"ending": "answered"})

    page = desk.look()
    assert "closed by both" in page
    assert 'data-turn=""' in page
    assert "Close it with another word" in page
    assert desk.press("message", {"sort": "question", "text": "Are you there?"}).status_code == 409


def test_a_promise_and_a_pressed_rung_stand_at_their_message(desk: CallDesk) -> None:
    desk.call()

    assert "nothing in the text" in desk.press("message", {"sort": "holding", "to": "director"}).text
    desk.say_all("message", {"sort": "notification", "text": "Nobody answers.", "to": "director"})
    desk.at(B)
    assert "rings there at once: director" in desk.look()
    desk.taken()
    assert "nothing is chosen" in desk.press("message", {"sort": "holding"}).text
    passed = desk.press("message", {"sort": "holding", "next_word": "2020-01-01T00:00Z"})
    assert "for a time that has passed" in passed.text
    desk.say_all("message", {"sort": "holding", "next_word": "+15m"})

    assert "next word by" in desk.look()
    assert "next word by" in desk.at(A).look()


def test_no_one_person_presses_a_minister(desk: CallDesk) -> None:
    desk.call()

    assert 'option value="director"' in desk.look()
    assert 'option value="minister"' not in desk.look()
    answer = desk.press("message", {"sort": "question", "text": "Now?", "to": "minister"})

    assert answer.status_code == 409
    assert "two persons sign" in answer.text


def test_a_joint_start_is_settled_by_the_same_time_of_both(desk: CallDesk) -> None:
    desk.call()
    desk.taken()
    at = "2027-01-05T10:00Z"
    place = desk.say_all("message", {"sort": "joint_start", "at": at})
    assert "Joint start settled" not in desk.look()

    desk.at(A)
    offer = re.search(rf'href="([^"]*on={place}&amp;at=[^"]*)"', desk.look())
    assert offer is not None
    form = desk.get(offer[1].replace("&amp;", "&"))
    assert 'name="sort" value="joint_start" checked' in form
    named = re.search(r'name="at" value="([^"]*)"', form)
    assert named is not None
    desk.say_all("message", {"sort": "joint_start", "at": named[1], "on": place})

    assert "Joint start settled by both sides:" in desk.look()
    assert "Joint start settled by both sides:" in desk.at(B).look()


def test_messages_that_crossed_are_flagged_on_both_sides(desk: CallDesk) -> None:
    desk.call()
    desk.taken()

    desk.press("message", {"sort": "question", "text": "Whose is it?"})
    desk.at(A).press("message", {"sort": "notification", "text": "It goes on."})
    desk.carry()

    for node in (A, B):
        assert "neither had seen the other" in desk.at(node).look()


def test_a_minute_holds_when_both_have_read_it_back(desk: CallDesk) -> None:
    desk.call()
    desk.taken()
    lines = ["The host is isolated.", "主机已隔离。"]
    times = {"since": "2026-11-02T19:00Z", "until": "2026-11-02T19:10Z"}
    assert (
        "ends before it begins"
        in desk.press(
            "minute", {**times, "until": times["since"][:-3] + "00Z", "since": times["until"], "line": lines}
        ).text
    )
    minute = desk.say_all("minute", {**times, "line": lines, "present": ["Duty officer"]})

    desk.say_all("read-lines", {"on": minute, "line": lines})
    assert "not read back rightly by both yet" in desk.look()
    desk.at(A).say_all("read-lines", {"on": minute, "line": lines})

    for node in (A, B):
        page = desk.at(node).look()
        assert "the minute holds: both read it back rightly" in page
        assert "主机已隔离。" in page


def test_silence_is_told_as_two_readings_and_accuses_nobody(desk: CallDesk) -> None:
    desk.opened_at(clock.now() - 600, node=A)

    page = desk.look()
    silence = re.search(r'id="silence".*?</section>', page, re.DOTALL)

    assert silence is not None
    for word in ("Line fault or intent?", "Read as a fault", "Read as intent", "It accuses nobody"):
        assert word in silence[0]
    assert "Line fault or intent?" not in desk.at(B).look(), "the silent side knows why"
    desk.at(A).call()
    assert "Line fault or intent?" not in desk.look(), "they have time to take it"


def test_a_call_that_one_side_closed_is_over_a_day_later_by_its_word_alone(desk: CallDesk) -> None:
    day = 90_000
    desk.opened_at(clock.now() - day, node=A)
    closing: dict[str, JsonValue] = {"ending": "not_reached", "cause": "unknown"}
    desk.say("call.closed", closing, node=A, on=desk.place, now=clock.now() - day + 60)
    desk.carry()

    assert "over by the word of one side" in desk.look()
    assert "by the word of one side" in desk.get("/calls/")
    assert "No call goes on." in desk.get("/calls/")


def test_nothing_that_the_other_side_writes_runs_or_hides(desk: CallDesk) -> None:
    """A side that signs with a valid key and means harm: every field of a body, and what it reads back."""
    hostile = text_of(f"{XSS} \u202egnp.exe")
    salt = write_base64(bytes(32))
    fields: dict[str, JsonValue] = {**FIELDS, "object": {"type": "person", "mark": "A" * 43}}
    desk.opened_at(
        clock.now(),
        node=B,
        d={"fields": fields},
        salt=salt,
        object=XSS,
        text=write_text(hostile),
        handling={"tlp": XSS},
        **{"from": {"authority": write_text(hostile)}},
    )
    desk.take()
    desk.carry()
    minute: dict[str, JsonValue] = {"since": 1, "until": 2, "lines": ["A" * 43]}
    body: dict[str, JsonValue] = {"salt": salt, "lines": [XSS], "present": [write_text(hostile)]}
    desk.say("call.minuted", minute, node=B, on=desk.place, body=body)
    desk.say("call.said", {"sort": "question"}, node=B, on=desk.place, body={"text": write_text(hostile)})
    desk.carry()

    forms = [f"{desk.path}say/{verb}/" for verb in ("read-back", "read-lines", "message", "close")]
    for path in (desk.path, "/calls/", "/m/", *forms):
        page = desk.get(path)
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
        assert "\u202e" not in page, path
    assert "the words are not those of the signed marks" in desk.look()


def test_a_draft_is_found_again_and_put_away(desk: CallDesk) -> None:
    desk.call()
    typed = {"text": "Half a sen", "sort": "question", "page": "p1"}
    saved = desk.clients[OFFICER].post(f"{desk.path}say/message/save/?page=p1", typed)
    assert saved.status_code == 200

    page = desk.look()
    assert "Half a sen" in page
    assert 'name="sort" value="question" checked' in page
    desk.press("message", {"put_away": str(saved.json()["number"])})

    assert "Half a sen" not in desk.look()
    assert desk.kinds() == ["call.opened"]


def test_a_secret_is_no_part_of_a_draft(desk: CallDesk) -> None:
    desk.compose(do="save", secret="correct-horse-battery", text="Kept words")

    assert "Kept words" in desk.get(f"/calls/new/{LINK}/")
    (draft,) = list_begun(LINK, purposes="call.")
    assert "correct-horse-battery" not in show_draft(draft.number).values.values()


def test_a_translation_stays_here_beside_the_original(desk: CallDesk) -> None:
    desk.call()
    desk.at(B)
    statement = desk.dossier.opening.statement
    before = len(desk.rows())

    answer = desk.clients[OFFICER].post(
        f"{desk.path}translation/", {statement: "我们发现数据外传。", "page": "p2"}
    )

    assert answer.status_code == 303
    assert desk.look().count("我们发现数据外传。") >= 2
    assert "We see outbound data." in desk.look()
    desk.carry()
    assert len(desk.rows()) == before
    assert not [row for row in desk.rows() if "外传" in str(desk.body(row))]


def test_calls_are_found_by_link_and_an_unknown_one_is_not(desk: CallDesk) -> None:
    desk.call()

    assert desk.place.replace("-", " ") in desk.get(f"/calls/?link={LINK}")
    assert desk.status("/calls/?link=nobody") == 404
    assert desk.status("/calls/a-b/A-hot-99/") == 404
    assert desk.status(f"{desk.path}say/refuse/") == 404
    assert desk.status(f"/calls/new/{LINK}/sign/9/") == 404


def test_before_a_call_the_record_tells_how_things_stand(desk: CallDesk) -> None:
    desk.send("http://one.example/a")
    desk.call()

    page = desk.get(f"/calls/new/{LINK}/")

    assert "1 inquiry is open with them" in page
    assert "A call goes on:" in page
    assert "duty phone after 1 min" in page


def test_what_a_colleague_changed_is_shown_before_anything_is_sent(desk: CallDesk) -> None:
    desk.call()
    typed = {"text": "One text", "sort": "question", "page": "p1"}
    number = desk.clients[OFFICER].post(f"{desk.path}say/message/save/?page=p1", typed).json()["number"]
    other = {"sort": "denial", "page": "p9", "draft": str(number), "base": "1"}
    desk.clients[OFFICER].post(f"{desk.path}say/message/save/?page=p9&draft={number}", other)

    answer = desk.press("message", {**typed, "draft": str(number), "base": "1"})

    assert answer.status_code == 409
    assert 'name="sort" value="denial" checked' in answer.text
    assert "changed this draft while you were typing" in answer.text
    assert desk.kinds() == ["call.opened"]
