"""What the form of a text reads: dates as people write them, and nothing that was not changed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.guidelines.forms import TypedError, changed_text, fields_of
from parley.guidelines.forms.days import read_days, write_days
from parley.guidelines.forms.faults import Fault
from parley.guidelines.forms.instants import read_offset, write_offset
from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.text import Guideline
from parley.protocol.officetime import MAX_DATES
from parley.protocol.strictjson import JsonValue
from tests.protocol.guided import OFFENCES, TERMS, guided_terms, text_of

SINCE = "2100-01-01T00:00Z"
# Changes of the clock to the second, several weeks, an office that never rests, midnight as the end of a day.
ODD: dict[str, JsonValue] = {
    "offsets": [[0, -210], [4_000_000_001, 345], [4_000_172_802, 1_080]],
    "weeks": [
        {"since": "1000-02-03", "hours": [[0, 1], [61, 1440]], "weekend": []},
        {"since": "2100-01-01", "hours": [[540, 1020]], "weekend": [0, 1, 2, 3, 4, 6]},
    ],
    "closed": ["1999-12-31", "2000-01-01", "2000-01-02", "2100-05-01", "2999-12-31"],
    "made_up": ["2100-05-02"],
}
FIELD = "days:A/closed"
Days = st.sets(st.integers(date(1000, 1, 1).toordinal(), date(2999, 12, 31).toordinal()), max_size=40)


def changed(field: str, text: str, base: Guideline | None = None) -> Guideline:
    return changed_text(base or text_of(), {"since": SINCE, field: text})


def faults(field: str, text: str) -> list[tuple[str, Fault, int]]:
    with pytest.raises(TypedError) as raised:
        changed(field, text)
    return [(each.field, each.fault, each.line) for each in raised.value.wrong]


@pytest.mark.parametrize("terms", [TERMS, guided_terms(a=ODD), guided_terms(b=ODD)])
def test_what_is_written_into_the_fields_reads_as_the_same_terms(terms: str) -> None:
    base = first_text(terms, since=1)
    # A line more is another text, so each field that has lines is read anew.
    typed = {name: text + "\n" for name, text in fields_of(base).items() if name[:4] in {"days", "zone"}}
    week = {name: f" {text}" for name, text in fields_of(base).items() if name.startswith("week:")}
    boxes = {name: text.strip() for name, text in week.items() if "/rest/" in name}

    assert changed_text(base, {"since": SINCE}).terms.text == terms
    assert changed_text(base, {"since": SINCE, **typed, **week, **boxes}).terms.text == terms


@settings(max_examples=40)
@given(Days)
def test_dates_read_as_they_were_written(days: set[int]) -> None:
    found, wrong = read_days(FIELD, write_days(days))

    assert (set(found), wrong) == (days, ())


@pytest.mark.parametrize("minutes", [0, -1_080, 1_080, 330, -210])
def test_offsets_read_as_they_were_written(minutes: int) -> None:
    assert read_offset(write_offset(minutes)) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "2100-10-01\n2100-10-02\n2100-10-03",
        "2100-10-03\n\n 2100-10-01 .. 2100-10-02 ",
        "2100/10/1, 2100/10/3; 2100.10.2",
        "2100年10月1日至2100年10月3日",
        "2100-10-01 - 2100-10-03",
    ],
)
def test_dates_may_be_written_as_people_write_them(text: str) -> None:
    found = changed(FIELD, text).terms.calendars

    assert {date.fromordinal(day).isoformat() for day in found["a.example"].closed} == {
        "2100-10-01",
        "2100-10-02",
        "2100-10-03",
    }


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("2100-10-01\nMonday", Fault.DATE, 2),
        ("01.10.2100", Fault.DATE, 1),
        ("2100-02-29", Fault.NO_SUCH_DATE, 1),
        ("2100-10-07..2100-10-01", Fault.RANGE, 1),
        ("2100-10-07..", Fault.DATE, 1),
        ("2100-01-01..2199-01-01", Fault.TOO_MANY, 1),
        ("2100-10-01\n" * 8_000, Fault.TOO_MANY, 0),
    ],
)
def test_a_date_that_is_none_is_told_by_its_line(text: str, fault: Fault, line: int) -> None:
    assert faults(FIELD, text) == [(FIELD, fault, line)]


def test_no_more_dates_than_terms_can_hold() -> None:
    first = date(2100, 1, 1).toordinal()
    text = "\n".join(date.fromordinal(first + 2 * n).isoformat() for n in range(MAX_DATES + 1))

    assert faults(FIELD, text) == [(FIELD, Fault.TOO_MANY, 0)]
    assert len(changed(FIELD, text.rpartition("\n")[0]).terms.calendars["a.example"].closed) == MAX_DATES


@pytest.mark.parametrize(
    ("typed", "field", "fault"),
    [
        ({"zone:A": "8"}, "zone:A", Fault.OFFSET),
        ({"zone:A": "+18:01"}, "zone:A", Fault.OFFSET),
        ({"changes:A": "2100-03-28 +02:00"}, "changes:A", Fault.CHANGE),
        ({"changes:A": "1960-03-28T01:00Z +02:00"}, "changes:A", Fault.CHANGE),
        ({"changes:A": "+02:00"}, "changes:A", Fault.CHANGE),
        (
            {"changes:A": "2100-03-29T00:00Z +01:00\n2100-03-28T01:00Z +02:00"},
            "changes:A",
            Fault.CHANGES_CLOSE,
        ),
        ({"changes:A": "2100-03-28T01:00Z +02:00\n" * 400}, "changes:A", Fault.TOO_MANY),
        ({"week:A/0/since": "", "week:A/0/hours": ""}, "week:A/0/since", Fault.NO_WEEK),
        ({"week:A/0/hours": "9 to 5"}, "week:A/0/hours", Fault.HOURS),
        ({"week:A/0/hours": "09:00-09:60"}, "week:A/0/hours", Fault.HOURS),
        ({"week:A/0/hours": "09:00-12:00, 11:00-17:00"}, "week:A/0/hours", Fault.HOURS_ORDER),
        ({"week:A/0/hours": "09:00-24:01"}, "week:A/0/hours", Fault.HOURS_ORDER),
        (
            {"week:A/1/since": "1970-01-01", "week:A/1/hours": "09:00-10:00"},
            "week:A/1/since",
            Fault.WEEK_TWICE,
        ),
        ({f"week:A/0/rest/{day}": "1" for day in range(7)}, "week:A/0/rest", Fault.ALWAYS_RESTING),
        (
            {"days:A/closed": "2100-10-09", "days:A/made_up": "2100-10-09"},
            "days:A/made_up",
            Fault.CLOSED_AND_MADE_UP,
        ),
        ({"kind:0": "link.opened", "kind:0/persons": "1"}, "kind:0", Fault.KIND),
        ({"kind:1": "link.suspended", "kind:1/persons": "1"}, "kind:1", Fault.KIND),
        ({"kind:0": "review.commented"}, "kind:0/persons", Fault.COUNT),
        ({"count:hotline/repeat": ""}, "count:hotline/repeat", Fault.COUNT),
        ({"count:hotline/repeat": "61"}, "count:hotline/repeat", Fault.COUNT),
        ({"count:persons/link.resumed": "²"}, "count:persons/link.resumed", Fault.COUNT),
        ({"field:hotline/close": "3d"}, "field:hotline/close", Fault.HOTLINE_LIMIT),
        ({"field:lapse": ""}, "field:lapse", Fault.LIMIT),
        (
            {"field:clocks/stop_payment/U0": "", "field:clocks/stop_payment/U1": ""},
            "field:clocks/stop_payment/U0",
            Fault.NO_LIMIT,
        ),
    ],
)
def test_what_cannot_stand_in_a_field_is_told_at_that_field(
    typed: dict[str, str], field: str, fault: Fault
) -> None:
    with pytest.raises(TypedError) as raised:
        changed_text(text_of(), {"since": SINCE, **typed})

    assert [(each.field, each.fault) for each in raised.value.wrong] == [(field, fault)]


def test_no_list_that_terms_want_can_be_emptied() -> None:
    base = text_of()
    for begins in ("tick:items/", "tick:required/", "tick:hotline/scope/"):
        typed = {name: "" for name in fields_of(base) if name.startswith(begins)}
        with pytest.raises(TypedError) as raised:
            changed_text(base, {"since": SINCE, **typed})
        assert {each.fault for each in raised.value.wrong} == {Fault.NOTHING_TICKED}


def test_a_list_keeps_its_order_and_what_is_added_stands_behind_it() -> None:
    less = changed("tick:items/child_abuse_material", "")
    more = changed("tick:items/child_abuse_material", "1", base=less)

    assert (
        '"items":["terrorist_use","fraud_phishing","firearms_trafficking","trade_secrets"' in less.terms.text
    )
    assert '"trade_secrets","child_abuse_material"]' in more.terms.text


def test_a_type_of_item_of_which_nothing_is_required_has_no_row() -> None:
    typed = {name: "" for name in fields_of(text_of()) if name.startswith("tick:required/information/")}

    text = changed_text(text_of(), {"since": SINCE, **typed})

    assert list(text.terms.required) == ["phishing_site"]


def test_what_the_laws_call_an_item_goes_with_the_item() -> None:
    base = text_of(offences=OFFENCES)

    text = changed("tick:items/fraud_phishing", "", base=base)

    assert (list(base.offences), list(text.offences)) == (["fraud_phishing"], [])
