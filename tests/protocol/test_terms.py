"""The text that both sides sign and by which the fold decides. Spec §7.3."""

import hashlib
from collections.abc import Mapping

import pytest

from parley.protocol.breach import BreachError
from parley.protocol.dialogue import bodies as dialogue
from parley.protocol.hotline import bodies
from parley.protocol.kinds import KINDS, VERSIONS
from parley.protocol.linetests import bodies as linetests
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import JsonValue, read, write
from parley.protocol.terms import CLOCKS, MAX_TERMS, default_terms, read_terms
from tests.protocol.world import A, B, usual_terms

TEXT = usual_terms()


def changed(**more: JsonValue) -> str:
    """Return the default terms with other values under some keys, in the same order."""
    return write({**read(TEXT.encode()), **more}).decode()


def test_the_default_terms_hold_what_the_profile_says() -> None:
    terms = read_terms(TEXT)

    assert (terms.nodes, terms.letters, terms.world) == ((A, B), {A: "A", B: "B"}, "live")
    assert terms.kinds == VERSIONS
    assert {
        clock: {u: limit.text for u, limit in row.items()} for clock, row in terms.clocks.items()
    } == CLOCKS
    assert terms.lapse.text == "30d"
    assert len(terms.items) == 5


def test_terms_list_as_many_kinds_as_many_rooms_bring() -> None:
    kinds: dict[str, JsonValue] = {f"kind.n{n}": 1 for n in range(256)}

    found = read_terms(changed(kinds=kinds, hotline=None, persons={}, roles={}))

    assert found.kinds == kinds


def test_terms_are_named_by_the_hash_of_their_bytes() -> None:
    assert read_terms(TEXT).hash == hashlib.sha256(TEXT.encode()).digest()


def test_both_nodes_compute_the_same_terms() -> None:
    calendars: list[tuple[str, Mapping[str, JsonValue]]] = [
        (A, default_calendar()),
        (B, default_calendar(offset_minutes=480)),
    ]
    one = default_terms(dict(calendars), world="live", kinds=VERSIONS)
    two = default_terms(dict(reversed(calendars)), world="live", kinds=dict(reversed(list(VERSIONS.items()))))

    assert one == two


def test_there_is_no_limit_where_the_terms_set_none() -> None:
    terms = read_terms(TEXT)

    assert terms.limit("stop_payment", "U3") is None
    assert terms.limit("siesta", "U0") is None
    assert terms.limit("status", "U0") is not None


@pytest.mark.parametrize(
    "more",
    [
        {"terms": "parley/terms/2"},
        {"world": "Live"},
        {"world": ""},
        {"parties": []},
        {"parties": [{"node": B, "letter": "A"}, {"node": A, "letter": "B"}]},
        {"parties": [{"node": A, "letter": "A"}, {"node": A, "letter": "B"}]},
        {"parties": [{"node": A, "letter": "A", "seal": 1}, {"node": B, "letter": "B"}]},
        {"items": []},
        {"items": ["fraud_phishing", "fraud_phishing"]},
        {"items": ["Fraud"]},
        {"items": [f"item_{n}" for n in range(65)]},
        {"kinds": {}},
        {"kinds": {f"kind.n{n}": 1 for n in range(257)}, "hotline": None, "persons": {}, "roles": {}},
        {"kinds": {"inquiry.sent": 0}},
        {"kinds": {"inquiry.sent": True}},
        {"kinds": {"inquiry.sent": "1"}},
        {"kinds": {"INQUIRY": 1}},
        {"kinds": ["inquiry.sent"]},
        {"persons": None},
        {"persons": {"inquiry.sent": 9}},
        {"persons": {"inquiry.sent": -1}},
        {"persons": {"inquiry.sent": True}},
        {"persons": {"parade.held": 1}},
        {"persons": {"link.opened": 1}},
        {"persons": {"officer.enrolled": 1}},
        {"persons": {"received": 1}},
        {"roles": []},
        {"roles": {"inquiry.sent": []}},
        {"roles": {"inquiry.sent": ["desk", "desk"]}},
        {"roles": {"inquiry.sent": "desk"}},
        {"roles": {"parade.held": ["desk"]}},
        {"open_while_suspended": {}},
        {"open_while_suspended": None},
        {"open_while_suspended": ["inquiries"]},
        {"open_while_suspended": ["hotline", "hotline"]},
        {"required": {"phishing_site": []}},
        {"clocks": {}},
        {"clocks": {"status": {}}},
        {"clocks": {"status": {"U4": "1h"}}},
        {"clocks": {"status": {"U0": 60}}},
        {"clocks": {"status": {"U0": "1y"}}},
        {"lapse": "soon"},
        {"lapse": 30},
        {"calendars": {A: dict(default_calendar())}},
        {"calendars": {B: dict(default_calendar()), A: dict(default_calendar())}},
        {"calendars": {A: dict(default_calendar()), B: {}}},
        {"note": "x"},
    ],
)
def test_terms_that_are_not_in_their_form_are_refused(more: Mapping[str, JsonValue]) -> None:
    with pytest.raises(BreachError, match=r"^§7[.][34]"):
        read_terms(changed(**more))


def test_terms_say_who_signs_and_what_stays_open() -> None:
    told: dict[str, JsonValue] = {
        "persons": {"inquiry.sent": 8, "inquiry.rated": 0},
        "roles": {"inquiry.sent": ["desk", "head"]},
        "open_while_suspended": [],
    }
    terms = read_terms(changed(**told))

    assert terms.persons == {"inquiry.sent": 8, "inquiry.rated": 0}
    assert terms.roles == {"inquiry.sent": {"desk", "head"}}
    assert terms.open_while_suspended == frozenset()


def test_the_keys_of_terms_have_one_order() -> None:
    value = read(TEXT.encode())
    with pytest.raises(BreachError, match=r"^§7[.]3"):
        read_terms(write(dict(reversed(value.items()))).decode())


@pytest.mark.parametrize("text", ["", "{}", "x" * (MAX_TERMS + 1), TEXT.replace("live", "l\u0131ve")])
def test_what_is_no_terms_is_refused(text: str) -> None:
    with pytest.raises(BreachError):
        read_terms(text)


def test_every_clock_of_the_default_terms_is_one_that_runs() -> None:
    assert set(CLOCKS) == {
        "acknowledge",
        "admit",
        "mitigate",
        "preserve",
        "evidence",
        "subscriber",
        "stop_payment",
        "status",
    }


def test_what_the_other_side_must_know_of_at_once_is_clocked() -> None:
    clocked = {name for name, kind in KINDS.items() if kind.clocked}

    assert clocked == {
        *bodies.CLASSES,
        *linetests.CLASSES,
        *dialogue.CLASSES,
        "link.listed",
        "link.suspended",
        "link.resumed",
        "inquiry.sent",
        "inquiry.supplied",
        "inquiry.undertaken",
        "inquiry.declined",
        "inquiry.agreed",
        "inquiry.time_refused",
        "inquiry.status_asked",
        "inquiry.withdrawn",
    }
