"""What an answer settles, and which clocks it stops. Spec §8.5."""

import pytest

from parley.protocol.inquiries.codes import SETTLES, FindingCode, Want
from parley.protocol.strictjson import JsonSource
from tests.protocol.world import HOUR, World, found

# The wants, in the columns: confirm, mitigate, preserve, operator, siblings, victims,
# information, subscriber, stop payment. A plus: with this finding nothing more is owed.
TABLE = """
                        c m p o s v i u $
confirmed               + . . . . . . . .
mitigated               + + . . . . . . +
already_down            + + . . . . . . .
preserved               . . + . . . . . .
operator_information    . . . + + + + + .
not_visible_from_here   + + + + + + + + +
hosted_elsewhere        + + + + + + + + +
false_positive          + + + + + + + + +
duplicate_of            + + + + + + + + +
no_data                 + + + + + + + + +
not_competent           + + + + + + + + +
"""
ROWS = {code: cells for code, *cells in (line.split() for line in TABLE.strip().splitlines()[1:])}
WANTS = tuple(want.value for want in Want)
CLOCKS: dict[str, set[str]] = {
    "confirmed": set(),
    "mitigated": {"mitigate", "stop_payment"},
    "already_down": {"mitigate"},
    "preserved": {"preserve"},
    "operator_information": {"subscriber"},
}
EVERY_CLOCK = {"mitigate", "preserve", "evidence", "subscriber", "stop_payment"}


def finding(code: str) -> JsonSource:
    if code == "duplicate_of":
        return found(code, 0, of={"inquiry": "A" * 43, "n": 0})
    return found(code, 0)


def test_the_table_has_every_finding() -> None:
    assert set(ROWS) == {code.value for code in FindingCode} == {code.value for code in SETTLES}


@pytest.mark.parametrize("code", ROWS)
def test_a_finding_settles_what_the_table_says(code: str) -> None:
    world = World()
    row = []
    for want in WANTS:
        inquiry = world.a.sends(wants=(want,))
        answered = world.b.says("answered", re=inquiry, findings=[finding(code)])
        assert world.verdict(answered) == "valid"
        row.append({"answered": "+", "partly_answered": "."}[world.states(inquiry)[0]])

    assert row == ROWS[code]


@pytest.mark.parametrize("code", ROWS)
def test_a_finding_stops_these_clocks_and_no_other(code: str) -> None:
    world = World()
    inquiry = world.a.sends(wants=WANTS, urgency="U1")
    world.b.says("received")
    world.wait(HOUR)
    world.b.says("answered", re=inquiry, findings=[finding(code)])

    timers = world.item(inquiry).timers
    stopped = {timer.clock.value for timer in timers if timer.stop is not None}

    assert stopped == {"admit"} | CLOCKS.get(code, EVERY_CLOCK)
    assert {timer.phase.value for timer in timers if timer.stop is None} <= {"running"}
    assert {timer.phase.value for timer in timers if timer.stop is not None} == {"met"}


def test_an_item_is_answered_when_all_that_was_wanted_is_settled() -> None:
    world = World()
    inquiry = world.a.sends(wants=("mitigate", "preserve", "operator"))
    states = []
    for code in ("mitigated", "preserved", "operator_information"):
        world.b.says("answered", re=inquiry, findings=[found(code, 0)])
        states.append(world.states(inquiry)[0])

    assert states == ["partly_answered", "partly_answered", "answered"]


def test_one_answer_may_settle_different_items_differently() -> None:
    world = World()
    inquiry = world.a.sends(count=3, wants=("mitigate", "preserve"))
    findings = [found("mitigated", 0, 1), found("preserved", 1), found("false_positive", 2)]
    world.b.says("answered", re=inquiry, findings=findings)

    codes = [[each.code.value for _, each in item.findings] for item in world.inquiry(inquiry).items]

    assert world.states(inquiry) == ("partly_answered", "answered", "answered")
    assert codes == [["mitigated"], ["mitigated", "preserved"], ["false_positive"]]


def test_a_clock_stops_when_the_last_want_on_it_is_settled() -> None:
    world = World()
    inquiry = world.a.sends(wants=("confirm", "operator"))
    world.b.says("answered", re=inquiry, findings=[found("confirmed", 0)])
    half = world.timer(inquiry, "evidence")
    world.wait(HOUR)
    last = world.b.says("answered", re=inquiry, findings=[found("operator_information", 0)])

    assert half.stop is None
    assert world.timer(inquiry, "evidence").stop == (world.now, last.id)


def test_what_was_settled_first_counts() -> None:
    world = World()
    inquiry = world.a.sends(wants=("mitigate", "operator"))
    first = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    at = world.now
    world.wait(HOUR)
    world.b.says("answered", re=inquiry, findings=[found("already_down", 0)])

    assert world.timer(inquiry, "mitigate").stop == (at, first.id)


def test_the_rest_of_a_partly_answered_item_may_be_refused() -> None:
    world = World()
    inquiry = world.a.sends(wants=("mitigate", "operator"))
    part = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    answered_at = world.now
    world.wait(HOUR)
    refused = world.b.says("refused", re=inquiry, grounds=["G08", "G14"])

    assert world.states(inquiry) == ("refused",)
    assert [ground.value for ground in world.item(inquiry).grounds] == ["G08", "G14"]
    assert [finding.code.value for _, finding in world.item(inquiry).findings] == ["mitigated"]
    assert world.timer(inquiry, "mitigate").stop == (answered_at, part.id)
    assert world.timer(inquiry, "evidence").stop == (world.now, refused.id)


def test_an_answer_in_part_cannot_be_undone_by_a_later_return() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    returned = world.b.says("returned", re=inquiry)
    open_state = world.states(inquiry)
    world.a.says("supplied", re=returned)

    assert (open_state, world.states(inquiry)) == (("returned",), ("partly_answered",))


def test_the_last_answer_is_remembered_for_the_lapse() -> None:
    world = World()
    inquiry = world.a.sends(count=2)
    none = world.inquiry(inquiry).last_answer_at
    world.b.says("answered", re=inquiry)
    world.wait(HOUR)
    world.b.says("refused", re=inquiry, items=[1])

    assert none is None
    assert world.inquiry(inquiry).last_answer_at == world.now
    assert world.inquiry(inquiry).is_settled
