"""Keys that change at any moment, while parcels are late, lost and repeated, and disks go back to old states.

The same stories at every run: each a row of thirty steps drawn from its number. Whatever happened, both
nodes end with the same record, read by the newest cards of both, and nobody is accused of anything.
"""

import random
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.answers import BadParcelError
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import MEMORY, A, B, Pair
from tests.two_nodes.rotating import known_card, own, rotate
from tests.two_nodes.test_any_order import Wire
from tests.two_nodes.test_restores import ACCUSING, Step, Story
from tests.two_nodes.toy import Toy

STEPS: Final = 30
USUAL: Final = ("say", "say", "send", "carry", "deliver", "repeat", "lose", "rotate", "restart")
# One restore of one side: what two of them do to each other is told of elsewhere.
RESTORED: Final = (*USUAL, "keep", "keep", "kept")


def steps(number: int, kinds: tuple[str, ...]) -> list[Step]:
    dice = random.Random(number)  # noqa: S311 - a story is drawn again from its number
    drawn = [(dice.choice(kinds), dice.choice((A, B)), dice.randrange(10**6)) for _ in range(STEPS)]
    return [(kind, node, place % 4 if kind in {"say", "send"} else place) for kind, node, place in drawn]


def play(story: Story, step: Step) -> None:
    kind, node, number = step
    match kind:
        case "rotate":
            if not story.is_recovering():
                rotate(story.pair, node)
        case "restart":
            story.pair.restart(node)
        case "kept" if node != A or B in story.restored:
            return
        case _:
            # What was sealed or signed by a key that is gone is refused, and comes again.
            with suppress(BadParcelError):
                story.play((kind, node, number))


def check(taken: list[Step]) -> None:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        pair = Pair(Path(folder), suite=Toy())
        story = Story(pair=pair, copies=Copies(pair=pair, folder=Path(folder) / "copies"), wire=Wire(pair))
        try:
            pair.sends(node=A)
            pair.settle()
            for step in taken:
                play(story, step)
            story.end()
            for node in (A, B):
                rotate(pair, node)
            story.end()

            for node in (A, B):
                assert not ACCUSING & set(pair.alarms(node)), pair.alarms(node)
                assert known_card(pair, pair.other(node), node) == own(pair, node)
        finally:
            pair.stop()


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_keys_change_while_parcels_are_late_lost_and_repeated(number: int) -> None:
    check(steps(number, USUAL))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_keys_change_while_a_disk_goes_back(number: int) -> None:
    check(steps(number, RESTORED))
