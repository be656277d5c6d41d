"""What every entry is worth: the closed list of reasons, pasts, kinds and terms. Spec §6.4 to §6.8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.entry import MAX_ENTRY
from parley.protocol.inquiries.eye import MAX_EFFECTS, WEIGHT_FREE, WEIGHT_OF_ONE, WEIGHT_PER_ITEM
from parley.protocol.kinds import VERSIONS
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.officetime import default_calendar
from parley.protocol.part import MAX_ACT, MAX_BODY, overhead
from parley.protocol.record import Record
from parley.protocol.shelf import MemoryShelf
from parley.protocol.strictjson import JsonSource
from parley.protocol.terms import default_terms
from parley.protocol.voids import Void
from tests.protocol.toy import TOY
from tests.protocol.world import (
    HOUR,
    SIDES,
    A,
    B,
    Statement,
    Wording,
    World,
    found,
    read_in_order,
    rows_of,
)

RECEIVED = b'{"k":"received","v":1,"re":null,"by":{"role":"desk","n":1},"ref":null,"d":{}}'
PLAIN = Wording(kind="received")


# ---- one test for each reason


def test_what_breaks_the_grammar_is_void() -> None:
    world = World()
    good = world.a.says("received")
    world.a.unsay()
    for raw in (b"", b"\x00" * 100, b"x" * (MAX_ENTRY + 1), good.raw[:-1], good.raw + b"\n", b"parley/v2\n"):
        assert world.verdict(world.a.puts(raw, RECEIVED)) == "void:grammar"


def test_an_act_or_body_that_is_too_large_is_void() -> None:
    world = World()
    most = MAX_BODY + overhead(MAX_BODY)
    sizes = [(MAX_ACT, None), (MAX_ACT + 1, None), (100, most), (100, most + 1)]
    verdicts = [
        world.verdict(world.a.writes(RECEIVED, Wording(kind="", act_size=act, body_size=body)))
        for act, body in sizes
    ]

    assert verdicts == ["valid", "void:oversize", "valid", "void:oversize"]


def test_the_same_act_twice_is_void_the_second_time() -> None:
    world = World()
    first = world.a.says("received")
    world.a.puts(first.raw, first.act)
    world.wait(1)
    world.a.writes(RECEIVED, Wording(kind="", act_hash=first.act_hash))

    assert world.verdicts(world.a) == ["valid", "valid", "void:duplicate-act", "void:duplicate-act"]


def test_the_same_act_in_the_other_log_is_another() -> None:
    world = World()
    one, two = (pen.writes(RECEIVED, Wording(kind="", act_hash=bytes(32))) for pen in (world.a, world.b))

    assert [world.verdict(one), world.verdict(two)] == ["valid", "valid"]


def test_an_entry_for_another_log_is_void() -> None:
    world = World()
    for log in (SIDES.two.origin, SIDES.one.origin.replace("live", "demo")):
        assert world.verdict(world.a.writes(RECEIVED, Wording(kind="", log=log))) == "void:wrong-log"
    assert world.verdict(world.a.writes(RECEIVED, Wording(kind="", log=SIDES.one.origin))) == "valid"


@pytest.mark.parametrize(
    "act", [b" ", b"{", b"[]", RECEIVED + b" ", RECEIVED.replace(b"null", b"1.0"), b"\xff"]
)
def test_an_act_that_is_not_strict_json_is_void(act: bytes) -> None:
    world = World()

    assert world.verdict(world.a.writes(act, PLAIN)) == "void:bad-json"


@pytest.mark.parametrize(
    "act",
    [
        b"{}",
        RECEIVED.replace(b'"ref":null,', b""),
        RECEIVED.replace(b'"d":{}', b'"d":{"note":"x"}'),
        RECEIVED.replace(b'"d":{}', b'"d":{"note":"\\u00e9"}'),
        RECEIVED.replace(b'"re":null', b'"re":"' + b"A" * 43 + b'"'),
        RECEIVED.replace(b"received", b"unopened"),
    ],
)
def test_an_act_that_does_not_fit_its_kind_is_void(act: bytes) -> None:
    world = World()

    assert world.verdict(world.a.writes(act, PLAIN)) == "void:schema"


def test_an_inquiry_outside_the_agreed_items_of_cooperation_is_void() -> None:
    world = World()

    assert world.verdict(world.a.sends(item="dissent")) == "void:schema"


def test_what_names_nothing_is_void() -> None:
    world = World()
    inquiry = world.a.sends()
    unsaid = world.b.says("admitted", re=bytes(32))
    own = world.b.sends()
    received = world.a.says("received")
    wrong = [
        world.b.says("admitted", re=own),
        world.b.says("supplied", re=received),
        world.a.says("supplied", re=received),
        world.a.says("supplied", re=inquiry),
    ]

    verdicts = [world.verdict(each) for each in (unsaid, *wrong)]
    assert verdicts == ["void:no-target", "void:not-writer", *["void:no-target"] * 3]


def test_what_had_not_seen_its_target_has_none() -> None:
    world = World()
    inquiry = world.a.sends()
    blind = world.b.says("admitted", re=inquiry, seen=None)
    seeing = world.b.says("admitted", re=inquiry)

    assert [world.verdict(blind), world.verdict(seeing)] == ["void:no-target", "valid"]


def test_there_is_no_reason_without_a_test() -> None:
    # `threshold` has its tests beside the persons who sign, `suspended` beside suspension.
    assert {reason.value for reason in Void} == {
        "grammar",
        "oversize",
        "duplicate-act",
        "wrong-log",
        "bad-json",
        "schema",
        "not-active",
        "not-writer",
        "no-target",
        "wrong-state",
        "suspended",
        "threshold",
    }


# ---- the first that applies


def spoilt(world: World, *faults: str) -> Statement:
    """Write an act of A that is void for each of `faults` at once."""
    world.a.writes(RECEIVED, Wording(kind="", act_hash=bytes(32)))
    act = RECEIVED.replace(b'"d":{}', b'"d":{"x":1}') if "schema" in faults else RECEIVED
    if "envelope" in faults:
        act = b"{}"
    wording = Wording(
        kind="",
        act_hash=bytes(32) if "duplicate-act" in faults else None,
        act_size=MAX_ACT + 1 if "oversize" in faults else None,
        log=SIDES.two.origin if "wrong-log" in faults else None,
    )
    statement = world.a.writes(b"{" if "bad-json" in faults else act, wording)
    if "grammar" in faults:
        return world.a.puts(world.a.unsay().raw + b"x", statement.act)
    return statement


CHAIN = ("grammar", "oversize", "duplicate-act", "wrong-log", "bad-json", "envelope", "not-active", "schema")


@pytest.mark.parametrize("place", range(len(CHAIN)))
def test_the_first_reason_that_applies_is_the_reason(place: int) -> None:
    # The `d` is judged by the terms in force, so while there are none it cannot be: `schema`
    # comes before `not-active` for the envelope only.
    world = World(is_open="not-active" not in CHAIN[place:])
    statement = spoilt(world, *CHAIN[place:])

    expected = "schema" if CHAIN[place] == "envelope" else CHAIN[place]
    assert world.verdict(statement) == f"void:{expected}"


def test_the_writer_is_judged_before_the_target_and_the_target_before_the_state() -> None:
    world = World()
    inquiry = world.a.sends(count=1)
    refused = world.b.says("refused", re=inquiry)
    returned = world.b.says("returned", re=inquiry)

    assert world.verdict(world.a.says("admitted", re=refused, items=[9])) == "void:not-writer"
    assert world.verdict(world.b.says("admitted", re=refused, items=[9])) == "void:no-target"
    assert world.verdict(world.b.says("admitted", re=inquiry, items=[9])) == "void:no-target"
    assert world.verdict(world.b.says("admitted", re=inquiry, items=[0])) == "void:wrong-state"
    assert world.verdict(world.a.says("supplied", re=returned)) == "void:no-target"


# ---- what a thread bears


def test_a_thread_bears_so_many_statements_of_one_writer_and_no_more() -> None:
    world = World()
    inquiry = world.a.sends()
    most = (WEIGHT_PER_ITEM + WEIGHT_FREE) // (WEIGHT_OF_ONE + 1)
    fitting = [world.b.says("progressed", re=inquiry) for _ in range(most)]
    beyond = world.b.says("refused", re=inquiry)
    other = world.a.says("withdrawn", re=inquiry)

    assert {world.verdict(each) for each in fitting} == {"valid"}
    assert world.verdict(beyond) == "void:oversize"
    assert world.verdict(other) == "valid"


def test_what_has_no_target_weighs_nothing() -> None:
    world = World()
    inquiry = world.a.sends()
    for _ in range(2 * (WEIGHT_PER_ITEM + WEIGHT_FREE) // (WEIGHT_OF_ONE + 1)):
        world.b.says("progressed", re=inquiry, items=[1])

    assert world.verdict(world.b.says("refused", re=inquiry)) == "valid"


def test_what_was_in_a_wrong_state_weighs_however_often_the_thread_is_settled() -> None:
    world = World()
    inquiry = world.a.sends(count=1)
    world.b.says("refused", re=inquiry)
    for _ in range((WEIGHT_PER_ITEM + WEIGHT_FREE) // (WEIGHT_OF_ONE + 1)):
        world.b.says("admitted", re=inquiry)
    record = read_in_order(world, "ABA" + "B" * (len(world.b.log) - 1))
    last = world.b.says("disputed", re=inquiry)
    record.absorb(B, last.raw, last.act)
    record.settle(inquiry.id)

    assert rows_of(record) == rows_of(world.record())
    assert world.verdict(last) == "void:oversize"


def test_an_item_bears_so_many_answers_and_no_more() -> None:
    world = World()
    inquiry = world.a.sends(wants=("operator",))
    answers = [
        world.b.says("answered", re=inquiry, findings=[found("confirmed", 0)]) for _ in range(MAX_EFFECTS + 1)
    ]
    corrected = world.b.says("corrected", re=answers[0], items=[0], findings=[found("no_data", 0)])

    verdicts = [world.verdict(each) for each in answers]
    assert verdicts == ["valid"] * MAX_EFFECTS + ["void:oversize"]
    assert world.verdict(corrected) == "valid"


# ---- kinds and terms


def test_a_kind_that_nobody_knows_is_unknown() -> None:
    world = World()
    statement = world.a.words(Wording(kind="parade.held"), {"text": "x"})

    assert world.verdict(statement) == "unknown"


@pytest.mark.parametrize("kind", ["received", "inquiry.sent", "inquiry.admitted", "unopened", "link.opened"])
def test_a_known_kind_in_another_version_is_unknown(kind: str) -> None:
    world = World()

    assert world.verdict(world.a.words(Wording(kind=kind, version=2), {})) == "unknown"


def world_without(*kinds: str, **more: int) -> World:
    """Return a link whose terms leave out some kinds, or have them in another version."""
    listed = {**{kind: version for kind, version in VERSIONS.items() if kind not in kinds}, **more}
    calendars = {node: default_calendar() for node in (A, B)}
    return World(terms=default_terms(calendars, world="live", kinds=listed))


def test_a_kind_outside_the_terms_is_unknown_on_both_sides() -> None:
    world = world_without("inquiry.rated")
    inquiry = world.a.sends()
    world.b.says("refused", re=inquiry)

    assert world.verdict(world.a.says("rated", re=inquiry)) == "unknown"


def test_a_kind_that_the_terms_have_in_another_version_is_unknown() -> None:
    world = world_without(received=2)

    assert world.verdict(world.a.says("received")) == "unknown"
    assert world.verdict(world.a.words(Wording(kind="received", version=2), {})) == "unknown"


def test_no_terms_can_forbid_a_new_opening_or_to_say_unopened() -> None:
    world = world_without("link.opened", "unopened")
    inquiry = world.a.sends()
    unopened = world.b.says("unopened", re=inquiry)
    again = world.a.opens()

    assert [world.verdict(each) for each in (unopened, again, inquiry)] == ["valid", "valid", "unopened"]


def test_an_unknown_statement_blocks_nothing() -> None:
    world = World()
    world.a.words(Wording(kind="parade.held"), {"text": "x"})

    assert world.verdict(world.a.sends()) == "valid"


# ---- times


def test_the_effective_time_never_goes_back() -> None:
    world = World()
    times = []
    for step in (0, HOUR, -9 * HOUR, 10 * HOUR):
        world.wait(step)
        times.append(world.row(world.a.says("received")).effective - world.row(world.a.log[0]).effective)

    assert times == [0, HOUR, HOUR, 2 * HOUR]


def test_an_entry_that_breaks_the_grammar_has_the_time_of_the_one_before() -> None:
    world = World()
    world.wait(HOUR)
    world.a.says("received")
    broken = world.a.puts(b"parley/v1\ntime 99999999999\n")

    assert world.row(broken).effective == world.now


def test_a_statement_is_received_by_the_first_entry_that_had_seen_it() -> None:
    world = World()
    inquiry = world.a.sends()
    world.wait(HOUR)
    world.b.says("received", seen=1)
    before = world.row(inquiry).received_at
    world.b.says("received")
    world.wait(HOUR)
    world.b.says("received")

    assert before is None
    assert world.row(inquiry).received_at == world.now - HOUR


def test_even_a_void_entry_tells_what_its_writer_had_seen() -> None:
    world = World()
    inquiry = world.a.sends()
    void = world.b.says("supplied", re=inquiry)

    assert world.verdict(void) == "void:not-writer"
    assert world.row(inquiry).received_at == world.now


# ---- hostile bytes


@given(raw=st.binary(max_size=200), act=st.none() | st.binary(max_size=80))
def test_no_bytes_whatever_make_the_fold_fail(raw: bytes, act: bytes | None) -> None:
    record = Record(MemoryShelf(), SIDES, TOY)

    assert record.absorb(A, raw, act).row.verdict.text == "void:grammar"


WORDS = ("all", "no_data", "A" * 43, "U1", "")
# Values that look like what acts hold.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, MAX_NUMBER) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["items", "code", "findings", "re", "groups"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    kind=st.sampled_from(sorted(VERSIONS)),
    d=st.dictionaries(st.sampled_from(["items", "d", "terms", "findings"]), JSON, max_size=3),
)
def test_no_act_whatever_makes_the_fold_fail(kind: str, d: dict[str, JsonSource]) -> None:
    world = World()
    statement = world.b.words(Wording(kind=kind, re=world.a.sends().id), d)

    assert world.verdict(statement).startswith(("void:", "valid", "unknown"))
