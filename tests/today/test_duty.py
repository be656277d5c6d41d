"""The duty desk and its beat: what rings, in words; who watches; and nothing that is not known."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db.models import Model
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from parley.agencies.policy import Role
from parley.hotline.models import Call
from parley.hotline.queries import CallRow, list_calls
from parley.hotline.queries.testing import due_tests
from parley.inquiries.models import Inquiry, Timer
from parley.protocol.act import id_text
from parley.protocol.clauses import LineTest
from parley.protocol.hotline.codes import Subject
from parley.today.queries import duty
from parley.today.views import beat
from parley.watch import actions
from parley.watch.beats import AlarmRow, Fallback
from parley.watch.models import ShiftRow
from parley.watch.policy import Handing, Question, WatchState
from parley.watch.policy.mute import Mute
from parley.work import clock
from tests.hotline.line import FIVE, Line
from tests.links.office import SECRET, Office, courier, words
from tests.today.core import NOW, PHONE, alarm, core_that_answers, says
from tests.two_nodes.pair import MONDAY, B, make_home

Row = TypeVar("Row", bound=Model)

pytestmark = pytest.mark.django_db(databases=["default", "view"])

SCREEN = "0123456789abcdef"
BEAT = f"/desk/beat?screen={SCREEN}&seen=812&hidden=0"


class Desk(Office):
    """The duty desk of B, whom A calls."""

    line: Line

    def called(self, *, text: str = "203.0.113.7", subject: Subject = Subject.IP) -> str:
        """Have A call, and return the id of the call, whose row is told."""
        said = self.line.open(fields=replace(FIVE, subject=subject, object=text))
        self.line.project(B)
        return id_text(said.statement)

    def look(
        self,
        *alarms: AlarmRow,
        by: Client | None = None,
        watch: WatchState = WatchState.WATCHED,
        fallback: Fallback | None = PHONE,
    ) -> str:
        """Return the words of the desk while these calls ring."""
        said = says(*alarms, watch=watch, fallback=fallback)
        with core_that_answers(self.home, status=courier(succeeded_at=NOW), beat=said):
            return words((by or self.person()).get("/desk/"))

    def beat(self, *alarms: AlarmRow, by: Client | None = None) -> Any:  # noqa: ANN401 - as the client's
        """Return what a screen is told while these calls ring."""
        with core_that_answers(self.home, beat=says(*alarms)):
            return (by or self.person()).get(BEAT)


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings, db: None) -> Iterator[Desk]:
    line = Line(tmp_path)
    desk = Desk(line.pair, settings, B)
    desk.line = line
    yield desk
    line.stop()


def now_of(text: str) -> str:
    return text.partition("Now: needs you")[2].partition("The watch")[0]


def watch_of(text: str) -> str:
    return text.partition("The watch")[2].partition("Next 12 hours")[0]


# ---- The desk


def test_a_call_that_rings_is_understood_before_it_is_translated(desk: Desk) -> None:
    call = desk.called()

    told = now_of(desk.look(alarm(call=call)))

    for each in (
        "FLASH 特提",
        "real 实战",
        "calls: A hot 1",
        "attack on a service 攻击网络服务",
        "stop the activity 停止该活动",
        "203.0.113.7 · IP address IP 地址",
        "Take the call",
        "nobody has taken the call",
        "Next: second officer in",
    ):
        assert each in told


def test_a_call_that_was_taken_waits_on_the_desk_for_our_word_without_a_sound(desk: Desk) -> None:
    desk.called()
    desk.line.take()
    desk.line.project(B)

    told = now_of(desk.look())

    assert "to read back A hot 1 their call · attack on a service 攻击网络服务" in told
    assert "Take the call" not in told
    assert "to read back" not in now_of(desk.look(alarm(call=row_of(desk).call), by=desk.person("Zhao")))


def row_of(desk: Desk) -> CallRow:
    (row,) = list_calls(now=desk.line.now).rows
    return row


def test_what_is_no_call_to_take_offers_no_taking(desk: Desk) -> None:
    ours = now_of(desk.look(alarm(is_ours=True)))
    late = now_of(desk.look(alarm(cause="read_back"), by=desk.person("Zhao")))
    viewer = now_of(desk.look(alarm(), by=desk.person("Wu", role=Role.VIEWER)))

    assert "Our call to" in ours
    assert "nobody has read it back" in late
    assert not any("Take the call" in each for each in (ours, late, viewer))


def test_seven_rows_and_how_many_more_with_the_oldest(desk: Desk) -> None:
    alarms = [alarm(call=f"{place:043}", place=f"A hot {place}") for place in range(50)]

    told = now_of(desk.look(*alarms))

    assert told.count("calls: A hot") == 7
    # The link has been silent, too.
    assert "+44 more, the oldest since" in told


def copies(row: Row, count: int, **names: str) -> Iterator[Row]:
    """Yield `count` rows like `row`; `names` are columns that differ, with what stands before the number."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for number in range(1, count + 1):
        yield type(row)(**values | {name: f"{before}{number:020}" for name, before in names.items()})


@pytest.mark.slow
def test_ten_thousand_inquiries_and_fifty_calls_take_little_room_and_few_questions(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk.line.pair.sends()
    call = desk.called()
    (inquiry,), (timer, *_others), (row,) = Inquiry.objects.all(), Timer.objects.all(), Call.objects.all()
    Inquiry.objects.bulk_create(copies(inquiry, 10_000, key="a-b/", inquiry=""), batch_size=500)
    Timer.objects.bulk_create(copies(timer, 10_000, key="0/", thread="a-b/"), batch_size=500)
    Call.objects.bulk_create(copies(row, 49, key="a-b/", call=""))
    alarms = [alarm(call=call), *(alarm(call=f"{number:020}") for number in range(1, 50))]
    person = desk.person()
    with core_that_answers(desk.home, status=courier(succeeded_at=NOW), beat=says(*alarms)):
        person.get("/desk/")
        begun = clock.monotonic()
        with (
            django_assert_max_num_queries(8, using="view"),
            django_assert_max_num_queries(6, using="default"),
        ):
            page = person.get("/desk/")
        took = clock.monotonic() - begun

    print(f"/desk/: {len(page.content)} bytes, {took * 1000:.0f} ms")  # noqa: T201 - a figure, not a verdict
    assert len(page.content) < 100_000


def test_the_desk_says_what_core_knows_of_the_watch(desk: Desk) -> None:
    person = desk.person()
    told = {state: watch_of(desk.look(by=person, watch=state)) for state in WatchState}

    assert "The desk is watched." in told[WatchState.WATCHED]
    assert "watched by one screen alone" in told[WatchState.THIN]
    assert "no screen is seen. Calls ring phones at once." in told[WatchState.UNCONFIRMED]
    assert "Nobody has the watch. Calls ring phones at once." in told[WatchState.UNWATCHED]
    assert "phones at once" not in told[WatchState.THIN]


def test_the_desk_says_who_has_the_watch_and_how_it_was(desk: Desk) -> None:
    person, now = desk.person(), clock.now()
    taking = actions.Taking(
        incoming=actions.Secret(name="Chen", secret=SECRET),
        sound_heard_at=now,
        handing=Handing(rings=False),
        answers=dict.fromkeys(Question, "none"),
    )
    actions.take_watch(taking, now=now)

    told = watch_of(desk.look(by=person))

    assert "Chen since" in told
    assert "test tone heard" in told
    assert "phone tested" not in told, "no phone was"
    assert "0 alarms (at most 6 an hour) · phone rang first: 0 · no screen seen: 0 s" in told
    assert "Hand over" in told


def test_where_calls_ring_if_the_screen_fails_is_said_as_far_as_it_is_known(desk: Desk) -> None:
    person = desk.person()
    unproved = replace(PHONE, proved_at=None)

    assert "calls ring by text message ••17, proved" in watch_of(desk.look(by=person))
    assert "••17, which nobody proved" in watch_of(desk.look(by=person, fallback=unproved))
    nobody = watch_of(desk.look(by=person, fallback=None, watch=WatchState.UNWATCHED))
    assert "Nobody would be rung" in nobody
    assert "phones at once" not in nobody


def test_a_desk_without_core_claims_nothing(desk: Desk) -> None:
    told = words(desk.person().get("/desk/"))

    assert "core says nothing" in now_of(told)
    assert "No call rings" not in told
    assert "Not known: core says nothing." in watch_of(told)


def test_nothing_waits_only_where_core_says_so(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    person = desk.person()
    settings.HOME = desk.home = make_home(tmp_path / "alone", "c.example")

    quiet, unknown = now_of(desk.look(by=person)), now_of(words(person.get("/desk/")))

    assert "No call rings, and nothing waits for you." in quiet
    assert "No call rings" not in unknown
    assert "This node has no link yet." in words(person.get("/desk/"))


def test_what_the_other_side_wrote_runs_nowhere(desk: Desk) -> None:
    call = desk.called(text="<script>alert(1)</script>\u202e", subject=Subject.PERSON)
    url = desk.called(text="http://bank.example/a", subject=Subject.URL)
    rings = (alarm(call=call), alarm(call=url, place="A hot 2"))
    person = desk.person()

    with core_that_answers(desk.home, status=courier(succeeded_at=NOW), beat=says(*rings)):
        page = person.get("/desk/").text

    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "hxxp://bank[.]example/a" in page
    told = desk.beat(*rings, by=person).json()["alarms"]
    assert "\u202e" not in told[0]["object"]
    assert told[1]["object"].startswith("hxxp://bank[.]example/a")


def test_a_line_test_of_ours_needs_somebody_on_its_last_day_and_stands_below_before(desk: Desk) -> None:
    (test,) = (each for each in due_tests(desk.home, MONDAY) if each.test is LineTest.HUMAN)
    early, late = (duty(desk.home, now=at, since=0, heard=None) for at in (MONDAY, test.ends - 3_600))

    assert test in early.tests
    assert test not in early.now.tests
    assert test in late.now.tests
    assert late.now.count + late.now.more == len(late.now.needs) + len(late.now.tests)


def test_the_desk_leads_to_the_line_tests_that_are_due(desk: Desk) -> None:
    due = due_tests(desk.home, clock.now())

    page = desk.look()

    assert ("Line tests to hold:" in page or "line test due" in page) == bool(due)


# ---- The beat


def test_a_beat_tells_what_rings_and_where_calls_ring_if_the_screen_fails(desk: Desk) -> None:
    call = desk.called()

    answer = desk.beat(alarm(call=call))

    told = answer.json()
    (one,) = told["alarms"]
    assert (told["seq"], told["more"]) == (812, 0)
    assert (one["id"], one["href"]) == (call, "/calls/a-b/A-hot-1/")
    assert one["take"] == "/calls/a-b/A-hot-1/take/"
    assert (one["next"], one["next_at"], one["since"]) == ("second officer", NOW + 18, NOW - 42)
    assert one["what"] == "attack on a service 攻击网络服务"
    assert set(told["fails"]) == {"en", "zh"}
    assert "Retry-After" not in answer.headers
    assert len(answer.content) < 2_048


def test_what_a_principal_s_office_alone_can_end_names_that_office_and_is_not_taken_at_the_desk(
    desk: Desk,
) -> None:
    call, person = desk.called(), desk.person()
    offices = ("vice_minister", "minister", "second_officer")

    rings = [alarm(call=call, cause="own_rung", rung=rung) for rung in offices]
    told = [desk.beat(each, by=person).json()["alarms"][0] for each in rings]

    assert [each["take"] for each in told] == ["", "", "/calls/a-b/A-hot-1/take/"]
    assert told[0]["said"] == "vice-minister's office: this office is called for"
    assert told[2]["said"] == "this office is called for"


def test_whoever_holds_the_office_of_a_principal_takes_its_call_by_one_key(desk: Desk) -> None:
    call, person = desk.called(), desk.person()
    ShiftRow.objects.create(post="vice_minister", officer_id=1, begins=NOW - 60, ends=NOW + 60)

    rings = [alarm(call=call, cause="own_rung", rung=rung) for rung in ("vice_minister", "minister")]
    told = desk.beat(*rings, by=person).json()["alarms"]

    assert [each["take"] != "" for each in told] == [True, False]


def test_a_principal_s_office_where_nobody_can_be_rung_is_named_as_the_desk_rings_in_its_place(
    desk: Desk,
) -> None:
    call, person = desk.called(), desk.person()
    Call.objects.update(level="vice_minister")

    rings = (alarm(call=call, cause="own_rung"), alarm(call=call))
    office, taking = (desk.beat(each, by=person).json()["alarms"][0] for each in rings)

    assert (office["take"], office["said"]) == ("", "vice-minister's office: this office is called for")
    assert (taking["take"] != "", taking["said"]) == (True, "nobody has taken the call")


def test_whoever_muted_hears_what_rings_no_phone_and_everybody_else_hears_all(desk: Desk) -> None:
    here, above = alarm(), alarm(call="B" * 43, place="A hot 2", rung="duty_phone")
    chen, other = desk.person(), desk.person("Zhao")
    silent = Mute(officer=chen.session["officer"], begins=NOW - 60, ends=NOW + 840)

    with core_that_answers(desk.home, beat=says(here, above, muted=silent)):
        mine, theirs = chen.get(BEAT).json(), other.get(BEAT).json()

    assert (mine["muted"], theirs["muted"]) == (NOW + 840, None)
    assert [each["silent"] for each in mine["alarms"]] == [False, True]
    assert [each["silent"] for each in theirs["alarms"]] == [False, False]


def test_a_mute_that_is_over_silences_nothing(desk: Desk) -> None:
    chen = desk.person()
    over = Mute(officer=chen.session["officer"], begins=NOW - 900, ends=NOW)

    with core_that_answers(desk.home, beat=says(alarm(rung="director"), muted=over)):
        (told,) = chen.get(BEAT).json()["alarms"]

    assert told["silent"] is False


def test_a_beat_says_to_core_which_screen_it_is_and_whether_anybody_sees_it(desk: Desk) -> None:
    person, viewer = desk.person(), desk.person("Wu", role=Role.VIEWER)
    with core_that_answers(desk.home, beat=says()) as core:
        person.get(f"/desk/beat?screen={SCREEN}&seen=7&hidden=1")
        viewer.get(BEAT)

    own, looks = core.asked
    assert {name: own[name] for name in ("screen", "seen", "hidden", "holds")} == {
        "screen": SCREEN,
        "seen": 7,
        "hidden": True,
        "holds": True,
    }
    assert looks["holds"] is False


@pytest.mark.parametrize(
    "query",
    [
        "",
        "screen=xyz",
        "screen=0123",
        f"screen={SCREEN * 5}",
        f"screen={SCREEN}&seen=-1",
        f"screen={SCREEN}&seen=x",
    ],
)
def test_what_is_no_beat_is_not_passed_on(desk: Desk, query: str) -> None:
    person = desk.person()
    with core_that_answers(desk.home, beat=says()) as core:
        assert person.get(f"/desk/beat?{query}").status_code == 400

    assert core.asked == []


def test_where_core_says_nothing_a_screen_hears_nothing(desk: Desk) -> None:
    person = desk.person()

    without = person.get(BEAT)
    with core_that_answers(desk.home):
        blind = person.get(BEAT)

    assert (without.status_code, blind.status_code) == (503, 503)


def test_nobody_who_is_not_signed_in_hears_a_beat(desk: Desk) -> None:
    with core_that_answers(desk.home, beat=says(alarm())) as core:
        answer = Client(headers={"host": "localhost", "sec-fetch-mode": "cors"}).get(BEAT)

    assert answer.status_code == 401
    assert core.asked == []


def test_a_beat_keeps_no_session_alive(desk: Desk) -> None:
    person = desk.person()
    session = person.session
    session["seen"] -= 300
    session.save()
    before = session["seen"]

    desk.beat(by=person)

    assert person.session["seen"] == before


def test_so_many_beats_are_held_and_whoever_comes_then_is_told_at_once(desk: Desk) -> None:
    person = desk.person()
    held = [beat._place() for _each in range(beat.MAX_HELD)]  # noqa: SLF001 - as many screens that wait
    assert all(each.__enter__() for each in held)
    try:
        with core_that_answers(desk.home, beat=says()) as core:
            answer = person.get(BEAT)
    finally:
        for each in held:
            each.__exit__(None, None, None)

    assert answer.headers["Retry-After"] == str(beat.RETRY_SECONDS)
    assert [(each["seen"], each["holds"]) for each in core.asked] == [(0, True)]


def test_a_call_whose_row_is_not_told_yet_rings_all_the_same(desk: Desk) -> None:
    (one,) = desk.beat(alarm()).json()["alarms"]

    assert (one["grade"], one["what"], one["object"]) == ("FLASH 特提", "", "")


# ---- The frame


def test_only_desks_and_those_who_have_the_watch_beat(desk: Desk) -> None:
    person, viewer = desk.person(), desk.person("Wu", role=Role.VIEWER)

    beats = {
        (name, path): "data-beat=" in who.get(path).text
        for name, who in (("person", person), ("viewer", viewer))
        for path in ("/", "/desk/")
    }

    assert [each for each, is_so in beats.items() if is_so] == [("person", "/desk/")]


def test_the_desk_is_dark_unless_the_person_chose_otherwise(desk: Desk) -> None:
    person = desk.person()

    assert 'data-bs-theme="dark"' in person.get("/desk/").text
    assert "data-bs-theme" not in person.get("/").text
    person.post("/looks/", {"theme": "light", "keys": "on"})
    assert 'data-bs-theme="light"' in person.get("/desk/").text


def test_what_a_screen_is_told_is_json_and_nothing_else(desk: Desk) -> None:
    answer = desk.beat()

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.content)["alarms"] == []
