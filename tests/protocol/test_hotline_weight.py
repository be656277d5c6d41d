"""What a call costs, counted: a side that signs whatever it likes cannot make each further statement dear.

A thread is folded anew whenever one of its statements arrives. Of what was found void before nothing is read
but that it was said, and of most of it not even that. Spec §12.7.1.
"""

import cProfile
import pstats
from collections.abc import Callable, Sequence
from typing import Final

import pytest

from parley.protocol.hotline.eye import MAX_STATEMENTS
from parley.protocol.record import Record
from parley.protocol.shelf import MemoryShelf
from tests.protocol.callers import TEST_FIELDS, Night
from tests.protocol.toy import TOY
from tests.protocol.world import SIDES, A, B, Statement

MANY: Final = 60

VOIDS: Final[dict[str, Callable[[Night, Statement], Statement]]] = {
    "wrong-state": lambda night, call: night.says(call, "question", heard=False),
    "threshold": lambda night, call: night.says(call, "question", by=A, to="minister", heard=False),
    "not-writer": lambda night, call: night.closes(call, "cancelled", heard=False),
    "no-target": lambda night, call: night.takes(night.closes(call, "cancelled", heard=False), heard=False),
    "schema": lambda night, call: night.says(call, "clarification", by=A, fields=TEST_FIELDS, heard=False),
}


def acts_read(done: Callable[[], object]) -> int:
    """Return how many acts are read while something is done."""
    profile = cProfile.Profile()
    profile.runcall(done)
    return sum(
        count for (_file, _line, name), (_, count, *_) in _stats(profile).items() if name == "read_act"
    )


def _stats(profile: cProfile.Profile) -> dict[tuple[str, int, str], tuple[int, int]]:
    found: dict[tuple[str, int, str], tuple[int, int]] = pstats.Stats(profile).stats  # type: ignore[attr-defined] # not in typeshed
    return found


class Node:
    """A node that folds what arrives, batch by batch."""

    def __init__(self) -> None:
        self.record = Record(MemoryShelf(), SIDES, TOY)

    def hears(self, *statements: Statement) -> None:
        touched: set[bytes] = set()
        for each in statements:
            touched |= self.record.absorb(each.writer, each.raw, each.act).unjudged
        for thread in touched:
            self.record.settle(thread)

    def verdicts(self, statements: Sequence[Statement]) -> list[str]:
        rows = [self.record.shelf.row(each.id, writer=each.writer) for each in statements]
        return [row.verdict.text for row in rows if row is not None]


@pytest.mark.parametrize("reason", VOIDS)
def test_of_what_was_found_void_in_a_call_nothing_is_read_again(reason: str) -> None:
    night = Night()
    call = night.opens()
    said = [VOIDS[reason](night, call) for _ in range(MANY)]
    record = night.world.record()
    assert {night.verdict(each) for each in said} == {f"void:{reason}"}

    read = acts_read(lambda: record.settle(call.id))

    assert read == 1


def test_what_was_found_void_before_still_counts_against_the_limit() -> None:
    night = Night()
    call = night.opens()
    said = [night.says(call, "question", heard=False) for _ in range(MAX_STATEMENTS + 2)]
    node = Node()

    node.hears(night.world.a.log[0], night.world.b.log[0], *night.world.a.log[1:])
    node.hears(*night.world.b.log[1:-3])
    node.hears(*night.world.b.log[-3:])

    assert node.verdicts(said)[-3:] == ["void:wrong-state", "void:oversize", "void:oversize"]
    assert node.verdicts(said) == [night.verdict(each) for each in said]


def test_what_was_void_for_a_word_that_nobody_could_open_is_judged_again() -> None:
    night = Night()
    call = night.opens()
    closed = night.closes(call, "cancelled", by=A, heard=False)
    again = night.closes(call, "cancelled", by=A, heard=False)
    word = night.says(again, "notification", by=A, heard=False)
    said, node = [closed, again, word], Node()
    node.hears(*night.world.a.log[:1], *night.world.b.log[:1])
    node.hears(night.world.a.log[1], *night.world.b.log[1:], *night.world.a.log[2:])
    before = node.verdicts(said)

    unopened = night.world.b.says("unopened", re=closed)
    node.hears(unopened)

    assert before == ["valid", "void:wrong-state", "void:no-target"]
    assert node.verdicts(said) == ["unopened", "valid", "valid"]
    assert node.verdicts(said) == [night.verdict(each) for each in said]


def test_an_unopened_that_is_said_over_and_over_has_nothing_folded_again() -> None:
    night = Night()
    call = night.opens(heard=False)
    node = Node()
    node.hears(*night.world.a.log[:1], *night.world.b.log, *night.world.a.log[1:])
    first, second = (night.world.b.says("unopened", re=call) for _ in range(2))

    absorbed = [node.record.absorb(B, each.raw, each.act) for each in (first, second)]

    assert [each.unjudged for each in absorbed] == [{call.id}, set()]
    assert node.verdicts([first, second]) == ["valid", "valid"]
