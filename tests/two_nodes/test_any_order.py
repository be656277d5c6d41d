"""Any order, repetition, loss and corruption of parcels, restarts and clocks; then one clean exchange.

Whatever happened on the way, both nodes then hold the same entries, give them the same
verdicts, and compute the same states and timers; each has the other's receipt for all of it;
nobody is accused of anything; and the record folded anew is the same once more.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.ledger.drafts import RefusedError
from parley.ledger.ledger import BadParcelError
from parley.ledger.reading import EntryRow
from parley.ledger.rebuild import rebuild
from parley.protocol.inquiries.account import account
from parley.protocol.inquiries.moves import MOVES, Writer
from parley.protocol.strictjson import JsonObject
from tests.simulator.words import WORDS
from tests.two_nodes.pair import LINK, MEMORY, SUITE, A, B, Pair, Sent
from tests.two_nodes.tables import evidence
from tests.two_nodes.toy import Toy

HOUR: Final = 3600
MOMENTS: Final = (60, 600, 5 * HOUR, 30 * HOUR, 400 * HOUR, -360, -30 * HOUR)

NODES = st.sampled_from((A, B))
PLACES = st.integers(min_value=0, max_value=10**6)
SAY = st.tuples(st.just("say"), NODES, st.sampled_from(range(len(WORDS))))
SEND = st.tuples(st.just("send"), NODES, st.integers(min_value=0, max_value=3))
CARRY = st.tuples(st.just("carry"), NODES, st.just(0))
LATE = st.tuples(st.sampled_from(("deliver", "deliver", "repeat", "lose", "corrupt")), NODES, PLACES)
ELSE = st.tuples(st.sampled_from(("restart", "clock")), NODES, st.integers(0, len(MOMENTS) - 1))
STEPS = st.lists(st.one_of(SAY, SAY, SAY, SEND, CARRY, LATE, LATE, ELSE), min_size=20, max_size=40)
Step = tuple[str, str, int]


@dataclass
class Wire:
    """A line that keeps what is put on it, and brings it when it likes: parcels and answers alike."""

    pair: Pair
    under_way: list[tuple[Sent, bool]] = field(default_factory=list)

    def send(self, node: str, *, prompt: bool) -> None:
        raw = self.pair.ledgers[node].compose(LINK, prompt=prompt)
        if raw is not None:
            sent = Sent(sender=node, receiver=self.pair.other(node), raw=raw)
            self.under_way.append((sent, False))

    def deliver(self, place: int, *, again: bool) -> None:
        if not self.under_way:
            return
        place %= len(self.under_way)
        sent, is_answer = self.under_way[place] if again else self.under_way.pop(place)
        ledger = self.pair.ledgers[sent.receiver]
        self.pair.sent.append(sent)
        if is_answer:
            ledger.take_answer(LINK, sent.raw)
            return
        answer = ledger.accept(sent.raw, poll=place % 2 == 1)
        back = Sent(sender=sent.receiver, receiver=sent.sender, raw=answer.parcel)
        self.under_way.append((back, True))

    def lose(self, place: int) -> None:
        if self.under_way:
            self.under_way.pop(place % len(self.under_way))

    def corrupt(self, place: int) -> None:
        if not self.under_way:
            return
        sent, is_answer = self.under_way[place % len(self.under_way)]
        at = place * 31 % len(sent.raw)
        raw = sent.raw[:at] + bytes([sent.raw[at] ^ 1]) + sent.raw[at + 1 :]
        ledger = self.pair.ledgers[sent.receiver]
        with pytest.raises(BadParcelError):
            ledger.take_answer(LINK, raw) if is_answer else ledger.accept(raw)


def say(pair: Pair, node: str, word: int) -> None:
    """Have `node`, or whoever's word it is, say this about the newest statement that it is an answer to."""
    kind, d, target = WORDS[word]
    newest = newest_of(pair, node, target)
    if newest is not None and writer_of(pair, kind, newest) not in {None, node}:
        node = pair.other(node)
        newest = newest_of(pair, node, target)
    if target is not None and newest is None:
        return
    draft = pair.draft(kind, d, re=newest.statement if newest else None, body={"n": pair.drafts})
    (result,) = pair.ledgers[node].append([draft])
    if isinstance(result, RefusedError):
        assert result.code in {"not-writer", "no-target", "wrong-state"}


def newest_of(pair: Pair, node: str, kind: str | None) -> EntryRow | None:
    known = [row for row in pair.rows(node) if row.kind == kind]
    return max(known, key=lambda row: (row.effective, row.index), default=None)


def writer_of(pair: Pair, kind: str, newest: EntryRow) -> str | None:
    """Return who may say `kind` in the thread of `newest`, None if both may."""
    if MOVES[kind].writer is Writer.EITHER or newest.kind is None:
        return None
    is_askers = newest.kind == "inquiry.sent" or MOVES[newest.kind].writer is Writer.ASKER
    asker = newest.writer if is_askers else pair.other(newest.writer)
    return asker if MOVES[kind].writer is Writer.ASKER else pair.other(asker)


def play(pair: Pair, steps: list[Step]) -> None:
    wire = Wire(pair)
    for step, node, number in steps:
        match step:
            case "say":
                say(pair, node, number)
            case "send":
                wire.send(node, prompt=number == 0)
            case "carry":
                pair.carry(node, pair.other(node))
            case "deliver" | "repeat":
                wire.deliver(number, again=step == "repeat")
            case "lose":
                wire.lose(number)
            case "corrupt":
                wire.corrupt(number)
            case "restart":
                pair.restart(node)
            case _:
                pair.clocks[node].time += MOMENTS[number]


def states(pair: Pair, node: str) -> list[JsonObject]:
    with pair.reader(node) as reader:
        threads = [reader.thread(LINK, thread) for thread in sorted(reader.threads(LINK))]
        return [account(folded.inquiry) for folded in threads if folded is not None]


def check(pair: Pair) -> None:
    rows = {
        node: [
            (
                row.place,
                row.statement,
                row.kind,
                row.thread,
                row.verdict,
                row.effective,
                row.cut,
                row.received_at,
            )
            for row in pair.rows(node)
        ]
        for node in (A, B)
    }
    assert rows[A] == rows[B]
    assert states(pair, A) == states(pair, B)
    assert pair.is_settled()
    for node in (A, B):
        assert set(pair.alarms(node)) <= {"ahead_of_clock", "clock_behind"}
        assert {verdict.text for *_, verdict, _, _, _ in rows[node]} <= {"valid"}


# The simulator plays thousands of such stories with crashes in between (tests/simulator); these have threads,
# files and, one in four, the real suite.
@pytest.mark.timeout(600)
@settings(max_examples=40)
@given(steps=STEPS, is_real=st.sampled_from((False, False, False, True)))
def test_whatever_happens_on_the_way_both_sides_end_up_with_the_same(
    steps: list[Step], *, is_real: bool
) -> None:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        pair = Pair(Path(folder), suite=SUITE if is_real else Toy())
        try:
            pair.sends(node=A)
            pair.settle()
            play(pair, steps)
            pair.settle()

            check(pair)
            before = {node: evidence(pair.homes[node]) for node in (A, B)}
            for sent in pair.sent:
                pair.ledgers[sent.receiver].accept(sent.raw)
            assert {node: evidence(pair.homes[node]) for node in (A, B)} == before
        finally:
            pair.stop()
        for node in (A, B):
            assert rebuild(pair.homes[node], compare=True, suite=pair.suite).differences == ()
