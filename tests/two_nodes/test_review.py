"""Two nodes review what was said between them, and print the same digest, whatever happened. Spec §18."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.reviewing import NotHeldError, effects_of, figures_of, newest_cut
from parley.protocol.cuts import CutError
from parley.protocol.inquiries.codes import Clock
from parley.protocol.review.account import account, digest, raw
from parley.protocol.review.bodies import CutProposed, Sizes
from parley.protocol.review.tally import By
from parley.protocol.terms import read_terms
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, MEMORY, MONDAY, A, B, Pair
from tests.two_nodes.test_any_order import Wire
from tests.two_nodes.test_restores import Story, told
from tests.two_nodes.toy import Toy

YEAR: Final = 366 * 86_400
SINCE: Final = MONDAY - YEAR
UNTIL: Final = MONDAY + YEAR
STEPS: Final = ("say", "say", "say", "carry", "carry", "send", "deliver", "repeat", "lose", "keep", "kept")


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Return two nodes with an open link."""
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        found = Pair(Path(folder), suite=Toy())
        yield found
        found.stop()


def cut_of(pair: Pair, node: str) -> CutProposed:
    """Return what both nodes hold, as one of them knows it."""
    with pair.reader(node) as reader:
        return newest_cut(reader, LINK, since=SINCE, until=UNTIL)


def printed(pair: Pair, node: str, cut: CutProposed) -> bytes:
    """Return what a node prints at a cut."""
    with pair.reader(node) as reader:
        return raw(figures_of(reader, LINK, cut))


def story_of(seed: int, *, length: int) -> str:
    """Return a story with restores on one side, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
    return "keep a, " + ", ".join(
        f"{word} {dice.choice('ab') if word != 'kept' else 'a'} {dice.randrange(14)}"
        for word in dice.choices(STEPS, k=length)
    )


@pytest.mark.parametrize("seed", range(3))
def test_after_losses_repetitions_and_restores_both_nodes_print_the_same(seed: int) -> None:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        pair = Pair(Path(folder), suite=Toy())
        story = Story(pair=pair, copies=Copies(pair=pair, folder=Path(folder) / "copies"), wire=Wire(pair))
        try:
            pair.sends(node=A)
            pair.settle()
            for step in told(story_of(seed, length=25)):
                story.play(step)
            story.end()

            cut = cut_of(pair, A)

            assert story.restored
            assert printed(pair, B, cut) == printed(pair, A, cut)
            assert account_at(pair, cut)["inquiries"]
        finally:
            pair.stop()


def account_at(pair: Pair, cut: CutProposed) -> dict[str, object]:
    """Return the account that A computes."""
    with pair.reader(A) as reader:
        return dict(account(figures_of(reader, LINK, cut)))


def test_what_is_said_after_the_cut_changes_no_digest(pair: Pair) -> None:
    inquiry = pair.sends(node=A)
    pair.settle()
    cut = cut_of(pair, B)
    before = printed(pair, A, cut)

    pair.say(B, "inquiry.acknowledged", {}, re=inquiry.statement)
    pair.sends(node=B)
    pair.settle()

    assert printed(pair, A, cut) == printed(pair, B, cut) == before
    assert cut_of(pair, A) != cut


def test_a_cut_of_what_is_not_here_is_told_as_such(pair: Pair) -> None:
    pair.sends(node=A)
    pair.settle()
    ((one, two),) = [each.sizes for each in cut_of(pair, A).cut]
    beyond, within = (
        CutProposed(since=SINCE, until=UNTIL, cut=(Sizes(lane="main", sizes=sizes),))
        for sizes in ((one + 9, two), (one - 1, two))
    )

    with pair.reader(A) as reader:
        with pytest.raises(NotHeldError):
            figures_of(reader, LINK, beyond)
        with pytest.raises(CutError):
            figures_of(reader, LINK, within)


def test_a_node_tells_what_another_text_would_have_done(pair: Pair) -> None:
    inquiry = pair.sends(node=A)
    pair.settle()
    for clock in pair.clocks.values():
        clock.time += 3_600
    pair.say(B, "inquiry.acknowledged", {}, re=inquiry.statement)
    pair.settle()
    with pair.reader(A) as reader:
        terms = reader.terms(LINK)
        assert terms is not None
        quicker = read_terms(terms.text.replace('"U1":"2h"', '"U1":"30m"', 1))
        cut = newest_cut(reader, LINK, since=SINCE, until=UNTIL)

        effects = {each.clock: each for each in effects_of(reader, LINK, cut, terms=quicker)}
        part = figures_of(reader, LINK, cut).parts[B, By.ALL, ""]

    assert effects[Clock.ACKNOWLEDGE].newly_late == tuple(part.inquiries)
    assert effects[Clock.MITIGATE].newly_late == ()


def test_the_digest_is_an_id(pair: Pair) -> None:
    pair.settle()
    with pair.reader(A) as reader:
        assert len(digest(figures_of(reader, LINK, cut_of(pair, A)))) == 43
