"""Restores of one side or both at any moment, with the anchor, without it, or with an old one.

Whatever happened, no key ever signs two histories, both nodes end with the same record, each has
the other's receipt for all of it, and what was once receipted is lost only if both disks lost it.
"""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.ledger.rebuild import rebuild
from parley.ledger.regaining import OtherDigitsError
from parley.protocol import head, note
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, MEMORY, A, B, Pair
from tests.two_nodes.test_any_order import Wire, say
from tests.two_nodes.toy import Toy

NODES = st.sampled_from((A, B))
PLACES = st.integers(min_value=0, max_value=10**6)
SAY = st.tuples(st.just("say"), NODES, st.sampled_from((0, 0, 2, 3, 13)))
SEND = st.tuples(st.just("send"), NODES, st.integers(min_value=0, max_value=3))
CARRY = st.tuples(st.just("carry"), NODES, st.just(0))
LATE = st.tuples(st.sampled_from(("deliver", "deliver", "repeat", "lose")), NODES, PLACES)
KEEP = st.tuples(st.just("keep"), NODES, st.just(0))
RESTORE = st.tuples(st.sampled_from(("kept", "kept", "lost")), NODES, PLACES)
# Where disk and anchor go back together the partner is the one who knows: it must not go back too.
BACK = st.tuples(st.just("old"), st.just(A), PLACES)


def steps(restore: st.SearchStrategy[tuple[str, str, int]]) -> st.SearchStrategy[list[tuple[str, str, int]]]:
    some = st.one_of(SAY, SAY, SEND, CARRY, CARRY, LATE, LATE, KEEP, restore)
    return st.lists(some, min_size=10, max_size=35)


Step = tuple[str, str, int]
# What an honest partner is never shown for: a proof against it, or a parcel that is not what it should be.
ACCUSING = frozenset({"fork", "not_extended", "bad_head", "bad_recovery", "false_seen", "incomplete"})

# Other stories at every run; each takes a second or two, and the simulator plays thousands.
STORIES: Final = settings(max_examples=30, derandomize=False, database=None)


@dataclass
class Story:
    """What happened to the disks of `pair`."""

    pair: Pair
    copies: Copies
    wire: Wire
    kept: dict[str, list[Path]] = field(default_factory=lambda: {A: [], B: []})
    given_up: set[Path] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    promised: set[bytes] = field(default_factory=set)

    def play(self, step: Step) -> None:
        kind, node, number = step
        match kind:
            case "say":
                if not self.is_unsure():
                    say(self.pair, node, number)
            case "send":
                self.wire.send(node, prompt=number == 0)
            case "carry":
                self.pair.carry(node, self.pair.other(node), prompt=True)
            case "deliver" | "repeat":
                self.wire.deliver(number, again=kind == "repeat")
            case "lose":
                self.wire.lose(number)
            case "keep":
                self.kept[node].append(self.copies.keep(node))
            case _:
                self.restore(node, anchor=kind, place=number)

    def restore(self, node: str, *, anchor: str, place: int) -> None:
        if not self.kept[node]:
            return
        self.note_promised()
        self.restored.add(node)
        # An answer comes to the process that asked, and to no later one.
        self.wire.under_way = [
            each for each in self.wire.under_way if not (each[1] and each[0].receiver == node)
        ]
        # Record and anchor of a life that was given up would be a second history, and a true one.
        usable = [each for each in self.kept[node] if anchor != "old" or each not in self.given_up]
        if not usable:
            return
        copy = usable[place % len(usable)]
        if anchor == "old":
            self.given_up |= set(self.kept[node][self.kept[node].index(copy) + 1 :])
        self.copies.restore(node, copy, anchor=anchor, asks_first=anchor == "old")

    def is_recovering(self) -> bool:
        slots = [ledger._slot(LINK) for ledger in self.pair.ledgers.values()]  # noqa: SLF001 - behind a door
        return any(slot.is_recovering for slot in slots)

    def is_unsure(self) -> bool:
        slots = [ledger._slot(LINK) for ledger in self.pair.ledgers.values()]  # noqa: SLF001 - likewise
        return any(slot.is_unsure or slot.is_behind for slot in slots)

    def note_promised(self) -> None:
        """Note what each has the other's receipt for."""
        for node in (A, B):
            receipted = self.pair.standing(node).receipted
            rows = [row for row in self.pair.rows(node) if row.writer == node and row.index < receipted]
            self.promised |= {row.statement for row in rows}

    def confirm(self) -> None:
        """Have the officers of both sides confirm what waits for them."""
        for node in (A, B):
            ledger = self.pair.ledgers[node]
            slot = ledger._slot(LINK)  # noqa: SLF001 - likewise
            lost = slot.lost
            raw = slot.offered if lost is None else lost.proof or self.pair.standing(node).head_note
            if raw is None or (lost is not None and lost.proof is None and lost.cause != "lost"):
                continue
            with suppress(OtherDigitsError):
                ledger.regaining.confirm(LINK, "".join(head.digits(head.parse_text(note.parse(raw).text))))

    def end(self) -> None:
        """Carry and confirm until nothing is lost and nothing is to be said."""
        for _ in range(30):
            for node in (A, B):
                self.pair.carry(node, self.pair.other(node), prompt=True)
            self.confirm()
            if not self.is_recovering() and self.pair.is_settled():
                return
        raise AssertionError("they never come to an end")


def check(taken: list[Step]) -> None:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        pair = Pair(Path(folder), suite=Toy())
        story = Story(pair=pair, copies=Copies(pair=pair, folder=Path(folder) / "copies"), wire=Wire(pair))
        try:
            pair.sends(node=A)
            pair.settle()
            for step in taken:
                story.play(step)

            story.end()

            for node in (A, B):
                assert not ACCUSING & set(pair.alarms(node)), pair.alarms(node)
            held = {row.statement for row in pair.rows(A)}
            assert len(story.restored) == 2 or story.promised <= held
        finally:
            pair.stop()
        for node in (A, B):
            assert rebuild(pair.homes[node], compare=True, suite=pair.suite).differences == ()


def told(text: str) -> list[Step]:
    """Return the steps of a story told in words: what, which node, and a number if it is not 0."""
    words = [step.split() for step in text.split(",")]
    return [(what, {"a": A, "b": B}[node], int(*number or (0,))) for what, node, *number in words]


# What once ended badly, each made as short as it gets.
TOLD: Final = {
    "a node that was copied while it waited for the partner went on without having asked": (
        "carry a, keep a, say a, carry a, old a, say a, keep a"
    ),
    "it then signed a second history": (
        "carry a, carry a, carry a, keep a, say a, carry a, carry a, old a, say a, say a, say a, carry b,"
        " say a, send a, keep a, carry a, say a, send a, say a, carry a, say a, carry a, keep a, send a,"
        " old a 999999"
    ),
    "the head at which a log ended was dropped when the next one went on": (
        "keep a, say a, keep a, say a, kept a 1, carry b, carry b, carry a, carry a, kept a 0"
    ),
    "the partner lost the head that officers waited for": (
        "keep a, keep b, say b, carry b, lost b, carry b, kept a"
    ),
    "a loss that was copied was put back without its anchor": ("keep b, say a 3, kept b, keep b, lost b 1"),
    "a copy that is newer than the loss holds more than the end that was agreed": (
        "keep a, say a, say a, keep a, say a, kept a 0, carry a, carry a, kept a 1"
    ),
    "one side regains its log, and the other is put back to before": (
        "keep b, keep a, say a, carry a, say a, lost a, carry a, carry a, kept b"
    ),
}


@pytest.mark.parametrize("story", TOLD)
def test_a_story_that_once_ended_badly_ends_well(story: str) -> None:
    check(told(TOLD[story]))


@STORIES
@pytest.mark.slow
@pytest.mark.timeout(600)
@given(taken=steps(RESTORE))
def test_whatever_is_restored_both_sides_end_up_with_the_same(taken: list[Step]) -> None:
    check(taken)


@STORIES
@pytest.mark.slow
@pytest.mark.timeout(600)
@given(taken=steps(BACK))
def test_a_node_whose_disk_and_anchor_went_back_signs_no_second_history(taken: list[Step]) -> None:
    check(taken)
