"""Calls between two whole nodes: said through the one door, carried, and folded alike on both sides."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.drafts import RefusedError
from parley.ledger.lanes import named
from parley.protocol.hotline.account import account
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.codes import State
from parley.protocol.hotline.ladder import ringing
from parley.protocol.names import HOT, MAIN
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import LINK, A, B, Pair

# The mark of an address is a hash like any other; who computes it is no matter of the record.
FIELDS: Final[Mapping[str, JsonValue]] = {
    "what": "data_theft",
    "object": {"type": "ip", "mark": "A" * 43},
    "where": "B",
    "when": {"since": None, "by": 1_793_620_000},
    "ask": ["isolate_host", "preserve"],
}
OPENING: Final[Mapping[str, JsonValue]] = {
    "nature": "real",
    "urgency": "U0",
    "inquiry": None,
    "scope": "attack_in_progress",
    "fields": dict(FIELDS),
}
TAKEN: Final[Mapping[str, JsonValue]] = {"rung": "duty_desk"}
WRONG: Final[Mapping[str, JsonValue]] = {"fields": {**FIELDS, "where": "A"}}
CLOSED: Final[Mapping[str, JsonValue]] = {"ending": "answered"}


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path, lanes=(MAIN, HOT))
    yield nodes
    nodes.stop()


def call_of(pair: Pair, node: str, opened: bytes) -> Call:
    slot = pair.ledgers[node]._slot(named(LINK, HOT))  # noqa: SLF001 - a test may look behind a door
    found = slot.record.call(opened)
    assert found is not None
    return found


def say(
    pair: Pair, node: str, kind: str, d: Mapping[str, JsonValue], *, re: bytes | None = None
) -> tuple[bytes, bool]:
    """Say it in lane hot, carry it, and return it, and whether both nodes then come to the same call."""
    said = pair.say(node, kind, d, re=re, lane=HOT)
    pair.settle()
    opened = re or said.statement
    calls = [account(call_of(pair, each, opened)) for each in (A, B)]
    return said.statement, calls[0] == calls[1]


def test_a_call_is_taken_read_back_and_closed_and_both_nodes_see_the_same_at_every_step(pair: Pair) -> None:
    opened, same = say(pair, A, "call.opened", OPENING)
    steps: list[tuple[str, str, Mapping[str, JsonValue]]] = [
        (B, "call.taken", TAKEN),
        (B, "call.read_back", WRONG),
        (B, "call.read_back", {"fields": dict(FIELDS)}),
        (A, "call.said", {"sort": "restraint"}),
        (B, "call.said", {"sort": "holding", "next_word": 1_793_613_600}),
        (B, "call.closed", CLOSED),
        (A, "call.closed", CLOSED),
    ]
    states = [State.OPENED]
    for node, kind, d in steps:
        equal = say(pair, node, kind, d, re=opened)[1]
        same = same and equal
        states.append(call_of(pair, A, opened).state)

    assert same
    assert [*dict.fromkeys(states)] == [
        State.OPENED,
        State.TAKEN,
        State.READ_BACK,
        State.HALF_CLOSED,
        State.CLOSED,
    ]
    assert call_of(pair, B, opened).readings[0].misses


def test_who_is_rung_is_the_same_on_both_nodes_and_after_a_new_start(pair: Pair) -> None:
    opened, _same = say(pair, A, "call.opened", OPENING)
    for clock in pair.clocks.values():
        clock.time += 6 * 60
    now = pair.clocks[A].time

    before = [ringing(call_of(pair, node, opened), B, now) for node in (A, B)]
    pair.restart(B)
    after = ringing(call_of(pair, B, opened), B, now)

    assert [each.rung.value for each in after] == ["duty_desk", "duty_phone", "second_officer", "director"]
    assert before == [after, after]


def test_what_would_be_void_is_not_said(pair: Pair) -> None:
    opened, _same = say(pair, A, "call.opened", OPENING)

    def refusal(node: str, kind: str, d: Mapping[str, JsonValue]) -> str | None:
        with pytest.raises(RefusedError) as refused:
            pair.say(node, kind, d, re=opened, lane=HOT)
        return refused.value.code

    assert refusal(B, "call.read_back", {"fields": dict(FIELDS)}) == "wrong-state"
    assert refusal(A, "call.closed", {"ending": "declined"}) == "not-writer"
    assert refusal(A, "call.said", {"sort": "notification", "to": "minister"}) == "threshold"


def test_one_node_alone_calls_no_minister(pair: Pair) -> None:
    with pytest.raises(RefusedError) as refused:
        pair.say(A, "call.principal_opened", {**OPENING, "to": "minister"}, lane=HOT)

    assert refused.value.code in {"wrong-log", "threshold"}
