"""Every verb through its form: what is typed is said once, or asked back with every word kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from parley.agencies.models import JournalEntry
from parley.inquiries.forms.saying.verbs import VERBS
from parley.ledger.ledger import StorageError
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from parley.work.lock import locked
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B, PageDesk

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

SITES = ("http://one.example/a", "http://two.example/b")
XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
LATER = "2027-03-01T12:00Z"
LATER_SECONDS = 1_803_902_400
Prepare = Callable[[PageDesk, str], None]


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageDesk:
    return PageDesk(tmp_path, settings)


def nothing(_desk: PageDesk, _place: str) -> None:
    """Leave the inquiry as it was sent."""


def by_b(kind: str, d: Mapping[str, JsonValue]) -> Prepare:
    """Return what has B say something of the inquiry first."""

    def prepare(desk: PageDesk, place: str) -> None:
        desk.say(f"inquiry.{kind}", d, node=B, on=place)
        desk.carry()

    return prepare


RETURNED = by_b("returned", {"items": "all", "fields": [{"field": "url", "reason": "unclear"}]})
CONDITIONED = by_b("conditioned", {"items": [0], "codes": ["confidential"], "due": LATER_SECONDS})
POSTPONED = by_b("postponed", {"items": "all", "ground": "P01", "until": LATER_SECONDS})
EXTENDED = by_b("extended", {"items": "all", "clock": "evidence", "until": LATER_SECONDS, "reason": "volume"})
ANSWERED = by_b("answered", {"findings": [{"items": [0, 1], "code": "no_data"}]})
REFUSED = by_b("refused", {"items": [0], "grounds": ["G09"]})


@dataclass(frozen=True, kw_only=True)
class Case:
    """A verb, who says it after what, what is typed into its form, and what the act must then hold."""

    verb: str
    node: str
    typed: Mapping[str, object]
    d: Mapping[str, Any]
    before: Prepare = nothing
    body: Mapping[str, Any] | None = None
    on: str | None = None
    more: Mapping[str, object] = field(default_factory=dict)


WORDS = {"words": "以上", "ref": "B-2026-1"}
CASES = (
    Case(
        verb="acknowledge",
        node=B,
        typed=WORDS,
        d={},
        body={"text": {"lang": "zh-Hans", "text": "以上"}},
    ),
    Case(verb="admit", node=B, typed={"items": ["0"]}, d={"items": [0]}),
    Case(
        verb="return",
        node=B,
        typed={
            "items": ["0", "1"],
            "lack.url": "not_reproducible",
            "lack.purpose": "",
            "lack.legal_basis": "",
        },
        d={"items": [0, 1], "fields": [{"field": "url", "reason": "not_reproducible"}]},
    ),
    Case(
        verb="answer",
        node=B,
        typed={
            "items": ["0", "1"],
            "line": ["all.0", "0.0", "0.1", "1.0"],
            "code.all.0": "preserved",
            "until.all.0": LATER,
            "code.0.0": "mitigated",
            "measure.0.0": "content_removed",
            "at.0.0": "2026-11-02 17:10",
            "zone": "utc",
            "code.0.1": "operator_information",
            "code.1.0": "duplicate_of",
            "of.1.0": "A-1/0",
            "note.0": "asked the host",
        },
        d={
            "findings": [
                {"items": [0, 1], "code": "preserved", "until": LATER_SECONDS},
                {"items": [0], "code": "mitigated", "measure": "content_removed", "at": 1_793_639_400},
                {"items": [0], "code": "operator_information"},
                {"items": [1], "code": "duplicate_of", "of": {"inquiry": "ID", "n": 0}},
            ]
        },
        body={"text": None, "notes": [{"item": 0, "text": {"lang": "en", "text": "asked the host"}}]},
    ),
    Case(
        verb="refuse",
        node=B,
        typed={"items": ["1"], "grounds": ["G09", "", "G13 outside the agreed items"]},
        d={"items": [1], "grounds": ["G09", "G13"]},
    ),
    Case(
        verb="progress",
        node=B,
        typed={"items": "all", "code": "with_authority"},
        d={"items": "all", "code": "with_authority"},
    ),
    Case(
        verb="extend",
        node=B,
        typed={
            "items": ["0"],
            "clock": "evidence",
            "until_date": "2027-03-01",
            "until_time": "12:00",
            "until_zone": "utc",
            "until": "",
            "reason": "court_needed",
        },
        d={"items": [0], "clock": "evidence", "until": LATER_SECONDS, "reason": "court_needed"},
    ),
    Case(
        verb="postpone",
        node=B,
        typed={"items": ["0", "1"], "ground": "P02", "until": LATER},
        d={"items": [0, 1], "ground": "P02", "until": LATER_SECONDS},
    ),
    Case(
        verb="condition",
        node=B,
        typed={"items": ["0"], "codes": ["confidential", "report_outcome"], "due": LATER},
        d={"items": [0], "codes": ["confidential", "report_outcome"], "due": LATER_SECONDS},
    ),
    Case(
        verb="refer",
        node=B,
        typed={"items": ["0"], "to": "third_state"},
        d={"items": [0], "to": "third_state"},
    ),
    Case(
        verb="correct",
        node=B,
        before=REFUSED,
        typed={"mode": "grounds", "items": ["0"], "grounds": ["G20"]},
        d={"items": [0], "findings": [], "grounds": ["G20"]},
        on="B-2",
    ),
    Case(
        verb="correct",
        node=B,
        before=ANSWERED,
        typed={"mode": "findings", "items": ["0"], "line": ["all.0"], "code.all.0": "confirmed"},
        d={"items": [0], "findings": [{"items": [0], "code": "confirmed"}], "grounds": []},
        on="B-2",
    ),
    Case(
        verb="correct",
        node=B,
        before=ANSWERED,
        typed={"mode": "back", "items": ["1"]},
        d={"items": [1], "findings": [], "grounds": []},
        on="B-2",
    ),
    Case(
        verb="supply",
        node=A,
        before=RETURNED,
        typed={"supply.0.url": "http://one.example/b", "words": "see there", "words_language": "zh-Hans"},
        d={},
        body={
            "text": {"lang": "zh-Hans", "text": "see there"},
            "fields": [{"item": 0, "field": "url", "text": {"lang": "en", "text": "http://one.example/b"}}],
        },
        on="B-2",
    ),
    Case(verb="undertake", node=A, before=CONDITIONED, typed={}, d={}, on="B-2"),
    Case(verb="decline", node=A, before=CONDITIONED, typed={}, d={}, on="B-2"),
    Case(verb="agree", node=A, before=EXTENDED, typed={}, d={}, on="B-2"),
    Case(verb="refuse-time", node=A, before=POSTPONED, typed={}, d={}, on="B-2"),
    Case(verb="ask-status", node=A, typed={}, d={}),
    Case(
        verb="withdraw",
        node=A,
        typed={"items": ["1"], "reason": "sent_in_error"},
        d={"items": [1], "reason": "sent_in_error"},
    ),
    Case(
        verb="rate",
        node=A,
        before=ANSWERED,
        typed={"timely": "3", "complete": "2", "usable": "1", "understandable": "0"},
        d={"timely": 3, "complete": 2, "usable": 1, "understandable": 0},
    ),
    Case(verb="notify-outcome", node=A, typed={"outcome": "convicted"}, d={"outcome": "convicted"}),
    Case(verb="close", node=A, before=ANSWERED, typed={}, d={}),
    Case(verb="dispute", node=A, before=REFUSED, typed={"ground": "facts"}, d={"ground": "facts"}, on="B-2"),
)


def case_name(case: Case) -> str:
    return f"{case.verb}-{case.typed.get('mode', '')}".rstrip("-")


def test_every_verb_is_tried() -> None:
    assert {case.verb for case in CASES} == set(VERBS)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_a_form_says_what_was_typed(desk: PageDesk, case: Case) -> None:
    place = desk.send(*SITES)
    case.before(desk.at(case.node), place)
    form = desk.form(place, case.verb)

    answer = desk.post(place, case.verb, {**form, **case.typed})

    kind = VERBS[case.verb].kind
    (row,) = [row for row in desk.rows() if row.kind == kind]
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/inquiries/{place}/?saved={row.place.replace(' ', '-')}")
    assert row.act is not None
    assert row.act.d == _with_id(case.d, desk, place)
    assert row.act.re == desk.statement(case.on or place)
    assert (row.act.by.role, row.act.by.n, row.act.ref) == ("officer", OFFICER, case.typed.get("ref"))
    assert desk.body(row) == case.body


def _with_id(d: Mapping[str, Any], desk: PageDesk, place: str) -> Any:  # noqa: ANN401 - any act
    """Put the id of the inquiry where a case says ``ID``."""
    from parley.protocol.act import id_text  # noqa: PLC0415 - here alone

    match d:
        case {"findings": [*findings]}:
            return dict(d) | {
                "findings": [
                    each | {"of": {**each["of"], "inquiry": id_text(desk.statement(place))}}
                    if "of" in each
                    else each
                    for each in findings
                ]
            }
        case _:
            return d


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_a_form_shows_first_what_they_will_see_and_writes_nothing(desk: PageDesk, case: Case) -> None:
    place = desk.send(*SITES)
    case.before(desk.at(case.node), place)
    before = len(desk.rows())

    answer = desk.post(place, case.verb, {**desk.form(place, case.verb), **case.typed, "look": "1"})

    assert answer.status_code == 200
    assert "The very bytes" in answer.text
    assert f"&quot;k&quot;:&quot;{VERBS[case.verb].kind}&quot;" in answer.text
    assert len(desk.rows()) == before
    assert not JournalEntry.objects.filter(act__startswith=VERBS[case.verb].kind).exists()


def test_the_statement_of_a_verb_is_not_lost_when_it_is_posted_twice(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    form = desk.at(B).form(place, "acknowledge")

    first, second = (desk.post(place, "acknowledge", form) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(desk.said("acknowledged")) == 1


def test_a_form_that_was_sent_and_then_changed_says_that_the_change_was_not_said(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    form = desk.at(B).form(place, "refuse") | {"grounds": ["G09"]}
    desk.post(place, "refuse", form | {"items": ["0"]})

    again = desk.post(place, "refuse", form | {"items": ["1"]})

    assert again.status_code == 409
    assert "This form was sent before, as B 2, and says something else now." in again.text
    assert len(desk.said("refused")) == 1
    new_key = again.text.partition('name="key" value="')[2][:32]
    assert new_key != form["key"][0]


def test_one_click_acknowledges_from_the_page(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    page = desk.at(B).page(place)
    key = page.partition('name="key" value="')[2][:32]

    answer = desk.post(place, "acknowledge", {"key": key})

    assert answer.status_code == 302
    assert [row.place for row in desk.said("acknowledged")] == ["B 2"]
    assert "B 2 saved: acknowledged by a person." in desk.get(answer.headers["Location"])


def test_the_notice_about_a_statement_names_only_what_is_proved(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.post(place, "ask-status", desk.form(place, "ask-status"))

    before = desk.page(place, "?saved=A-2")
    desk.carry()
    after, other = desk.page(place, "?saved=A-2"), desk.page(place, "?saved=A-77")

    assert "A 2 saved: status asked." in before
    assert before.count("saved, not yet at their node") == 2
    assert after.count("received: their node says so") == 3
    assert "A 77" not in other


# ---- What cannot be said


@pytest.mark.parametrize(
    ("verb", "typed", "told"),
    [
        ("refuse", {"items": ["0"], "grounds": [""]}, "Ground: nothing is chosen. Nothing was sent."),
        ("refuse", {"items": [], "grounds": ["G09"]}, "No item is ticked. Nothing was sent."),
        ("refuse", {"items": ["0"], "grounds": ["G99"]}, "“G99” cannot be read here."),
        ("refuse", {"items": ["x"], "grounds": ["G09"]}, "Write items as: all, or 0,2,5-7."),
        (
            "refuse",
            {"items": ["0"], "grounds": ["G09"], "ref": "号"},
            "cannot be a registry number on the wire",
        ),
        (
            "postpone",
            {"items": ["0"], "ground": "P01", "until": "2027-03-01T12:00"},
            "“2027-03-01T12:00” has no time zone. Nothing was sent. Choose the zone beside it.",
        ),
        (
            "postpone",
            {"items": ["0"], "ground": "P01", "until_date": "2027-03-01", "until_time": "12:00"},
            "“2027-03-01 12:00” has no time zone.",
        ),
        (
            "postpone",
            {"items": ["0"], "ground": "P01", "until": "soon"},
            "Write a time as: 2026-11-02T09:10Z",
        ),
        ("postpone", {"items": ["0"], "ground": "P01"}, "Until when: nothing is chosen."),
        ("extend", {"items": ["0"], "until": "+3d", "reason": "staff"}, "Clock: nothing is chosen."),
        ("return", {"items": ["0"]}, "Say for one field at least what is wrong with it."),
        ("condition", {"items": ["0"], "due": "+3d"}, "Conditions: nothing is chosen."),
        ("answer", {"items": ["0"], "line": ["all.0"]}, "An answer has one finding at least."),
        (
            "answer",
            {"items": ["0"], "line": ["0.0"], "code.0.0": "mitigated"},
            "A measure goes with “mitigated”, and “mitigated” with a measure.",
        ),
        (
            "answer",
            {"items": ["0"], "line": ["0.0"], "code.0.0": "no_data", "measure.0.0": "blocked"},
            "A measure goes with “mitigated”",
        ),
        ("answer", {"items": ["0"], "line": ["0.0"], "at.0.0": LATER}, "Item 0: choose a finding"),
        (
            "answer",
            {"items": ["0"], "line": ["0.0"], "code.0.0": "no_data", "at.0.0": "2026-11-02 09:10"},
            "has no time zone",
        ),
        (
            "answer",
            {"items": ["0"], "line": ["0.0"], "code.0.0": "duplicate_of", "of.0.0": "A-99/0"},
            "Write the other item as INQUIRY/N, such as A-112/0.",
        ),
        ("answer", {"items": [], "line": ["all.0"], "code.all.0": "no_data"}, "No item is ticked."),
    ],
)
def test_what_cannot_be_read_is_asked_back_and_every_word_is_kept(
    desk: PageDesk, verb: str, typed: Mapping[str, str | list[str]], told: str
) -> None:
    place = desk.send(*SITES)
    form = {"key": desk.at(B).form(place, verb)["key"], "words": "all of this stays"}

    answer = desk.post(place, verb, {**form, **typed})

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert answer.text.count(told.replace('"', "&quot;")) >= 2, "at the top and at the field"
    assert "all of this stays" in answer.text
    for value in typed.values():
        assert (value if isinstance(value, str) else "".join(value)) in answer.text
    assert form["key"][0] in answer.text
    assert VERBS[verb].kind not in {row.kind for row in desk.rows()}


@pytest.mark.parametrize("scores", [{}, {"timely": "4"}])
def test_a_rating_has_four_scores(desk: PageDesk, scores: Mapping[str, str]) -> None:
    place = desk.send(*SITES)
    ANSWERED(desk, place)

    answer = desk.post(place, "rate", scores)

    assert answer.status_code == 422
    assert "timely: nothing is chosen. Nothing was sent." in answer.text
    preview = answer.text.partition('id="preview"')[2].partition("</section>")[0]
    assert "Nothing would be sent as it stands." in preview
    assert "nothing is chosen" not in preview


def test_a_reply_needs_the_statement_that_it_answers(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    CONDITIONED(desk, place)

    answer = desk.post(place, "undertake", {"on": "B-77"})

    assert answer.status_code == 422
    assert "Choose the one that is meant." in answer.text


def test_what_the_other_side_alone_may_say_is_told_so(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    opened = desk.clients[OFFICER].get(f"/l/a-b/inquiries/{place}/say/admit/")
    posted = desk.post(place, "admit", {"items": "all"})

    assert opened.status_code == posted.status_code == 409
    assert "can say this." in opened.text
    assert "It would be void: this side may not say it." in posted.text
    assert desk.said("admitted") == []


def test_what_the_state_does_not_allow_is_not_said_and_the_words_are_kept(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    form = desk.at(B).form(place, "refuse") | {"grounds": ["G09"], "words": "as agreed"}
    REFUSED(desk, place)

    answer = desk.post(place, "refuse", form)

    assert answer.status_code == 409
    assert "It would be void: the state does not allow it." in answer.text
    assert "Nothing was written, and nothing was sent." in answer.text
    assert "as agreed" in answer.text


def test_an_inquiry_with_open_items_cannot_be_closed(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    answer = desk.clients[OFFICER].get(f"/l/a-b/inquiries/{place}/say/close/")

    assert answer.status_code == 409
    assert "the state of the inquiry does not allow it" in answer.text


def test_a_viewer_says_nothing(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    client = desk.at(B).clients[VIEWER]

    assert client.get(f"/l/a-b/inquiries/{place}/say/admit/").status_code == 403
    assert client.post(f"/l/a-b/inquiries/{place}/say/admit/", {"items": "all"}).status_code == 403
    assert desk.said("admitted") == []


def test_what_others_and_we_wrote_stays_text_in_every_field(desk: PageDesk) -> None:
    place = desk.send(f"http://{XSS}/", *SITES)
    RETURNED(desk, place)
    names = [
        "words",
        "ref",
        "until",
        "until_date",
        "until_time",
        "until_zone",
        "on",
        "mode",
        "key",
        "items",
        "zone",
        "code.0.0",
        "until.0.0",
        "of.0.0",
        "at.0.0",
        "measure.0.0",
        "note.0",
        "supply.0.url",
        "grounds",
        "ground",
        "clock",
        "reason",
        "to",
        "codes",
        "lack.url",
        "outcome",
        "timely",
    ]

    for node, verbs in (
        (B, ("answer", "refuse", "extend", "return", "dispute")),
        (A, ("supply", "withdraw")),
    ):
        desk.at(node)
        for verb in verbs:
            answer = desk.post(place, verb, dict.fromkeys(names, XSS) | {"line": ["0.0"], "more": ""})
            assert answer.status_code == 422, verb
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
            assert "&lt;script&gt;" in answer.text
            opened = desk.get(f"/l/a-b/inquiries/{place}/say/{verb}/?items={XSS}&words={XSS}&on={XSS}")
            assert "<script>alert" not in opened


def test_when_nobody_writes_the_same_form_can_be_sent_again(
    desk: PageDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk.send(*SITES)
    form = desk.at(B).form(place, "admit") | {"words": "still here"}
    monkeypatch.setattr("parley.ledger.append.LOCK_SECONDS", 0.01)
    monkeypatch.setattr("parley.ledger.append.PAUSE_SECONDS", 0.01)

    with locked(desk.homes[B].root / "core.lock", wait_seconds=1, sleep=clock.sleep):
        away = desk.post(place, "admit", form)
    again = desk.post(place, "admit", form)

    assert away.status_code == 503
    assert "It is not known whether it was written." in away.text
    assert "it is written once" in away.text
    assert form["key"][0] in away.text
    assert "still here" in away.text
    assert again.status_code == 302
    assert len(desk.said("admitted")) == 1


def test_a_record_that_cannot_be_written_is_told_so(desk: PageDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = desk.send(*SITES)
    form = desk.at(B).form(place, "admit")

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr("parley.ledger.append.alone", full)

    answer = desk.post(place, "admit", form)

    assert answer.status_code == 503
    assert "The record could not be written: the disk is full." in answer.text


# ---- What a form proposes


def test_the_items_that_are_ticked_on_the_page_are_ticked_in_the_form(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    assert desk.at(B).form(place, "refuse", "?items=1")["items"] == ["1"]
    assert desk.form(place, "refuse")["items"] == ["0", "1"]


def test_a_return_proposes_what_the_terms_require_and_the_letter_lacks(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    form = desk.at(B).form(place, "return")

    assert form["lack.purpose"] == form["lack.legal_basis"] == ["missing"]
    assert form["lack.url"] == [""]


def test_another_finding_is_another_line_with_all_that_was_typed(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    form = desk.at(B).form(place, "answer") | {"code.0.0": "no_data", "note.0": "kept"}

    answer = desk.post(place, "answer", form | {"more": "0"})

    assert 'name="code.0.1"' in answer.text
    assert '<option value="no_data" selected>' in answer.text
    assert 'value="kept"' in answer.text
    assert desk.said("answered") == []


def test_one_key_proposes_all_four_scores_and_sends_nothing(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    ANSWERED(desk, place)

    form = desk.form(place, "rate", "?score=2")

    assert {form[name][0] for name in ("timely", "complete", "usable", "understandable")} == {"2"}
    assert desk.said("rated") == []


def test_the_button_says_what_it_does_to_whom(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    typed = desk.at(B).form(place, "refuse") | {"items": ["1"], "grounds": ["G09"], "look": "1"}

    answer = desk.post(place, "refuse", typed)

    assert "Refuse 1 item (item 1) to a under G09</button>" in answer.text


def test_enter_looks_and_does_not_send(desk: PageDesk) -> None:
    """Whoever has no JavaScript presses the first button of the form by Enter: it only looks."""
    place = desk.send(*SITES)
    page = desk.at(B).get(f"/l/a-b/inquiries/{place}/say/refuse/")
    form = page[page.index('<form method="post" data-no-enter hx-post') :]

    assert form.index('name="look"') < form.index("data-ctrl-enter")
    assert form.index("<button") < form.index('name="look"')


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_every_form_speaks_chinese(desk: PageDesk, case: Case) -> None:
    place = desk.send(*SITES)
    case.before(desk.at(case.node), place)
    desk.clients[OFFICER].post("/language/", {"language": "zh-hans"})

    page = desk.get(f"/l/a-b/inquiries/{place}/say/{case.verb}/")

    assert '<html lang="zh-Hans"' in page
    assert "data-ctrl-enter" in page


def test_many_items_are_named_by_their_numbers(desk: PageDesk) -> None:
    place = desk.send(*(f"http://s{n}.example/" for n in range(101)))
    form = desk.at(B).form(place, "answer") | {"code.all.0": "no_data", "items": ["0-2,100"]}

    answer = desk.post(place, "answer", form)

    assert answer.status_code == 302
    (row,) = desk.said("answered")
    assert row.act is not None
    assert row.act.d == {"findings": [{"items": [0, 1, 2, 100], "code": "no_data"}]}
