"""Whatever happened, kept figures are those counted anew: crossings, stops, restores. Spec §18.3."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.reviewing import NotHeldError
from parley.protocol.cuts import CutError
from parley.protocol.review.bodies import CutProposed
from tests.review.keeping import MODULES, both, forget, newest, tell
from tests.simulator.words import WORDS
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import MEMORY, MONDAY, A, B, Pair
from tests.two_nodes.persons import resumes, suspends
from tests.two_nodes.test_any_order import Wire, newest_of, writer_of
from tests.two_nodes.test_restores import Step, Story
from tests.two_nodes.toy import Toy

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "view"])]

NODES: Final = st.sampled_from((A, B))
SAY: Final = st.tuples(st.just("say"), NODES, st.integers(0, len(WORDS) - 1))
CARRY: Final = st.tuples(st.just("carry"), NODES, st.just(0))
TIME: Final = st.tuples(st.just("time"), NODES, st.sampled_from((600, 3_600, 30 * 3_600, 400 * 3_600)))
STOP: Final = st.tuples(st.sampled_from(("stop", "lift")), NODES, st.just(0))
LOOK: Final = st.tuples(st.sampled_from(("look", "look", "tell")), st.just(A), st.integers(0, 400))
DISK: Final = st.tuples(st.sampled_from(("keep", "kept")), NODES, st.integers(0, 3))
STEPS: Final = st.lists(
    st.one_of(SAY, SAY, SAY, SAY, SAY, CARRY, CARRY, TIME, TIME, STOP, LOOK, DISK), min_size=25, max_size=60
)


@dataclass
class History(Story):
    """A story in which the sides stop and go on, and A looks at what both hold now and then."""

    cuts: list[CutProposed] = field(default_factory=list)
    stops: dict[str, list[Appended]] = field(default_factory=lambda: {A: [], B: []})

    def play(self, step: Step) -> None:
        kind, node, number = step
        match kind:
            case "time":
                for clock in self.pair.clocks.values():
                    clock.time += number
            case "stop" if not self.is_unsure():
                self.stops[node].append(suspends(self.pair, node))
            case "lift" if self.stops[node] and not self.is_unsure():
                resumes(self.pair, node, self.stops[node].pop())
            case "look":
                self.cuts.append(newest(self.pair, since=MONDAY + number * 3_600))
            case "tell":
                tell(self.pair)
            case "say" if not self.is_unsure():
                self.speak(node, number)
            case "carry" | "keep" | "kept":
                super().play(step)
            case _:
                pass

    def speak(self, node: str, word: int) -> None:
        """Say it of the newest statement that it is an answer to; what the door refuses did not happen."""
        kind, d, target = WORDS[word]
        found = newest_of(self.pair, node, target)
        if found is not None and writer_of(self.pair, kind, found) not in {None, node}:
            node = self.pair.other(node)
            found = newest_of(self.pair, node, target)
        if target is None or found is not None:
            with suppress(RefusedError):
                self.pair.say(node, kind, d, re=None if found is None else found.statement)

    def restore(self, node: str, *, anchor: str, place: int) -> None:
        if self.kept[node]:
            self.stops[node].clear()
            super().restore(node, anchor=anchor, place=place)
        if node == A:
            forget()


@settings(max_examples=8, deadline=None)
@given(taken=STEPS)
def test_at_every_cut_that_was_ever_the_newest_kept_and_counted_anew_are_the_same_bytes(
    taken: list[Step],
) -> None:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        pair = Pair(Path(folder), suite=Toy())
        story = History(pair=pair, copies=Copies(pair=pair, folder=Path(folder) / "copies"), wire=Wire(pair))
        with override_settings(HOME=pair.homes[A], PROJECTIONS=MODULES):
            try:
                forget()
                for step in taken:
                    story.play(step)
                story.end()
                late = compared(story)
                tell(pair)
                assert compared(story) == late
            finally:
                forget()
                pair.stop()


def compared(story: History) -> list[bytes]:
    """Return the accounts at all cuts that can be looked at, each the same in both ways."""
    found = []
    for cut in (*story.cuts, newest(story.pair)):
        try:
            kept, anew = both(story.pair, cut)
        except (CutError, NotHeldError):
            # What a restore took away, or what was not known yet to be seen.
            continue
        assert kept == anew, cut
        found.append(kept)
    return found
