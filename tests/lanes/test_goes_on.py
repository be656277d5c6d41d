"""What happens to one lane happens to no other: hot goes on while main recovers, is forked, or is full."""

from parley.hotline.policy import usual_lane
from parley.ledger.lanes import named
from parley.protocol.names import BULK, HOT, MAIN
from tests.node.calling import OPENING
from tests.two_nodes.forger import Forger
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, A, B, Pair

ROOT = b"\x01" * 32


def goes_on(pair: Pair, lane: str) -> bool:
    """Return whether a word of A reaches B in `lane`, and B's receipt comes back."""
    said = pair.sends(lane=lane)
    pair.carry(A, B, lane=lane)
    with pair.reader(A) as reader, pair.reader(B) as other:
        return reader.is_receipted(LINK, said.place) and other.thread(LINK, said.statement) is not None


def lost(pair: Pair) -> set[str]:
    """Return the lanes of which A lost something, each by its name."""
    slots = pair.ledgers[A]._writer.slots  # noqa: SLF001 - a test may look behind a door
    return {name for name, slot in slots.items() if slot.is_recovering}


def test_hot_goes_on_while_main_recovers(pair: Pair) -> None:
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    old = copies.keep(A)
    pair.sends()
    pair.settle()
    copies.restore(A, old)

    assert lost(pair) == {LINK}
    assert goes_on(pair, HOT)
    assert lost(pair) == {LINK}
    pair.settle()
    assert lost(pair) == set()
    assert pair.digest(A) == pair.digest(B)


def test_hot_goes_on_while_main_is_forked(pair: Pair) -> None:
    forger = Forger(pair, B, A)
    forger.send(forger.piece(note=forger.head(root=ROOT)))

    assert pair.alarms(A) == {"fork": 1}
    assert pair.alarms(A, named(LINK, HOT)) == {}
    assert goes_on(pair, HOT)
    said = pair.sends(node=B, lane=HOT)
    pair.carry(B, A, lane=HOT)
    with pair.reader(A) as reader:
        assert reader.thread(LINK, said.statement) is not None


def test_hot_goes_on_while_bulk_is_full(pair: Pair) -> None:
    for number in range(300):
        pair.sends(lane=BULK, title=str(number))

    assert goes_on(pair, HOT)
    assert pair.standing(B, named(LINK, BULK)).theirs.size == 1


def test_an_alarm_in_one_lane_is_told_of_that_lane_alone(pair: Pair) -> None:
    hot = Forger(pair, B, A, link=named(LINK, HOT))
    hot.send(hot.piece(note=hot.head(root=ROOT)))

    assert pair.alarms(A, named(LINK, HOT)) == {"fork": 1}
    assert pair.alarms(A) == {}
    pair.sends(node=B)
    pair.carry(B, A)
    assert pair.standing(A).theirs.size == pair.standing(B).mine.size


def test_a_call_is_opened_and_taken_in_main_while_hot_is_forked(pair: Pair) -> None:
    before = lane_of_calls(pair)
    forger = Forger(pair, B, A, link=named(LINK, HOT))
    forger.send(forger.piece(note=forger.head(root=ROOT)))

    lane = lane_of_calls(pair)
    opened = pair.say(A, "call.opened", OPENING, lane=lane).statement
    pair.carry(A, B, lane=lane)
    pair.say(B, "call.taken", {"rung": "duty_desk"}, re=opened)
    pair.carry(B, A, lane=lane)

    assert [before, lane] == [HOT, MAIN]
    with pair.reader(A) as reader:
        call = reader.call(LINK, opened)
        assert call is not None
        assert [each.node for each in call.takings] == [B]


def test_a_call_is_opened_in_main_while_hot_recovers(pair: Pair) -> None:
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    old = copies.keep(A)
    pair.sends(lane=HOT)
    pair.settle()
    copies.restore(A, old)

    assert lost(pair) == {named(LINK, HOT)}
    lane = lane_of_calls(pair)
    pair.say(A, "call.opened", OPENING, lane=lane)
    pair.settle()
    assert [lane, lane_of_calls(pair)] == [MAIN, HOT]


def lane_of_calls(pair: Pair) -> str:
    """Return the lane in which A opens a call now."""
    with pair.reader(A) as reader:
        return usual_lane(reader.open_lanes(LINK))
