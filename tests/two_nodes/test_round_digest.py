"""Whatever is said, lost, crossed, stopped and restored: both nodes print the same bytes of the whole round.

The histories are made of every kind of the round, of inquiries, of suspensions and of guidelines that come
into force; one side is put back to an old copy of its record on the way. What is compared is what people sign
or send: the figures of a review, the Status Report, the state of every offer, case, commitment and round.
"""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.casebook import Cut, cases, newest_report_cut, report, shares
from parley.ledger.dialogues import commitments, rounds
from parley.ledger.drafts import RefusedError
from parley.ledger.rebuild import rebuild
from parley.ledger.reviewing import figures_of, newest_cut
from parley.protocol.cases import account as case_account
from parley.protocol.dialogue import account as dialogue_account
from parley.protocol.inquiries.account import account as inquiry_account
from parley.protocol.review.account import raw
from parley.protocol.review.bodies import CutProposed
from parley.protocol.sharing import account as share_account
from parley.protocol.strictjson import JsonObject, JsonValue
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, MEMORY, MONDAY, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, resumes, signed
from tests.two_nodes.round_foe import Foe, body
from tests.two_nodes.test_any_order import Wire
from tests.two_nodes.test_restores import Story
from tests.two_nodes.toy import Toy

YEAR: Final = 366 * 86_400
STEPS: Final = (
    ("foe",) * 40 + ("said",) * 4 + ("stop", "guide", "guide", *("carry",) * 6, "send", "deliver", "keep")
)
SCOPES: Final[tuple[JsonObject, ...]] = (
    {"link": True},
    {"forum": "case"},
    {"forum": "sharing"},
    {"forum": "round"},
    {"forum": "commitment"},
    {"forum": "review"},
)


@dataclass(frozen=True, kw_only=True)
class Half:
    """What A printed half way, and where: the cuts of a review and of a Status Report."""

    cut: CutProposed
    figures: bytes
    report_cut: Cut
    report: bytes

    def is_printed(self, pair: Pair, node: str) -> bool:
        """Return whether a node prints the same there, whatever was said since."""
        with pair.reader(node) as reader:
            figures, told = raw(figures_of(reader, LINK, self.cut)), report(reader, LINK, self.report_cut)
        return (figures, told) == (self.figures, self.report)


def half_of(pair: Pair) -> Half:
    with pair.reader(A) as reader:
        cut = newest_cut(reader, LINK, since=MONDAY - YEAR, until=MONDAY + YEAR)
        there = newest_report_cut(reader, LINK)
        return Half(
            cut=cut,
            figures=raw(figures_of(reader, LINK, cut)),
            report_cut=there,
            report=report(reader, LINK, there),
        )


@dataclass
class Histories:
    """One history of a pair, by dice that fall the same for the same seed."""

    story: Story
    dice: random.Random

    def __post_init__(self) -> None:
        with self.pair.reader(A) as reader:
            terms = reader.terms(LINK)
        assert terms is not None
        self.foes = {
            node: Foe(pair=self.pair, node=node, dice=self.dice, terms=terms.text) for node in (A, B)
        }
        self.foes[B].ids, self.foes[B].kinds = self.foes[A].ids, self.foes[A].kinds
        self.terms = terms.text
        self.half: Half | None = None

    @property
    def pair(self) -> Pair:
        return self.story.pair

    def play(self, *, length: int) -> None:
        """Say and carry; half way one side loses what it did since it kept a copy."""
        self.story.play(("keep", A, 0))
        for step in range(length):
            for clock in self.pair.clocks.values():
                clock.time += self.dice.choice((1, 600, 7_200))
            word, node = self.dice.choice(STEPS), self.dice.choice((A, B))
            if word in {"carry", "send", "deliver", "keep"}:
                self.story.play((word, node, self.dice.randrange(14)))
            elif not self.story.is_unsure():
                self._say(word, node)
            if step == length // 2:
                self.story.end()
                self.half = half_of(self.pair)
                self.story.play(("kept", A, self.dice.randrange(14)))
        self.story.end()

    def _say(self, word: str, node: str) -> None:
        try:
            match word:
                case "foe":
                    kind, d, re = self.foes[node].random_statement()
                    self.foes[node].say(kind, d, re=re, body=body(self.dice))
                case "said":
                    self.pair.sends(node=node)
                case "stop":
                    self._stop(node)
                case _:
                    self._guide(node)
        except RefusedError:
            pass

    def _stop(self, node: str) -> None:
        d: dict[str, JsonValue] = {"scope": self.dice.choice(SCOPES), "reason": "policy", "until": None}
        stop = bring(
            self.pair, node, signed(self.pair, node, prepared_draft(self.pair, node, "link.suspended", d))
        )
        if self.dice.random() < 0.9:
            self.pair.carry(node, self.pair.other(node))
            resumes(self.pair, node, stop)

    def _guide(self, node: str) -> None:
        """Have both sides sign other limits, which hold from the next hour on."""
        limit = self.dice.choice(("30m", "3h"))
        terms = self.terms.replace('"U1":"2h"', f'"U1":"{limit}"')
        d: dict[str, JsonValue] = {
            "text": self.foes[node].fields("guideline.signed")["text"],
            "terms": terms,
            "since": self.pair.clocks[node].time + 3_600,
        }
        draft = self.foes[node].say("guideline.proposed", d)
        self.pair.carry(node, self.pair.other(node))
        for each in (A, B):
            self.foes[each].say("guideline.signed", {"text": d["text"]}, re=draft)


@pytest.fixture
def pair() -> Iterator[Pair]:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        found = Pair(Path(folder), suite=Toy())
        yield found
        found.stop()


def printed(pair: Pair, node: str) -> dict[str, object]:
    """Return all that a node prints of the round, at what both hold."""
    with pair.reader(node) as reader:
        cut = newest_cut(reader, LINK, since=MONDAY - YEAR, until=MONDAY + YEAR)
        found = {
            "review": (cut, raw(figures_of(reader, LINK, cut))),
            "report": report(reader, LINK, newest_report_cut(reader, LINK)),
            "terms": reader.terms(LINK),
            "offers": [share_account.account(each) for each in shares(reader, LINK)],
            "cases": [case_account.account(each) for each in cases(reader, LINK)],
            "commitments": [dialogue_account.account(each) for each in commitments(reader, LINK)],
            "rounds": [dialogue_account.account(each) for each in rounds(reader, LINK)],
            "inquiries": [
                inquiry_account(folded.inquiry)
                for thread in reader.threads(LINK)
                if (folded := reader.thread(LINK, thread)) is not None
            ],
        }
    # Each node has its own log first.
    return {name: sorted(each, key=str) if isinstance(each, list) else each for name, each in found.items()}


@pytest.mark.parametrize("seed", range(2))
def test_after_any_history_both_nodes_print_the_same_of_the_whole_round(pair: Pair, seed: int) -> None:
    folder = pair.folder / "copies"
    story = Story(pair=pair, copies=Copies(pair=pair, folder=folder), wire=Wire(pair))
    history = Histories(story=story, dice=random.Random(seed))  # noqa: S311 - chance that can be repeated

    history.play(length=220)

    ours, theirs = printed(pair, A), printed(pair, B)
    assert story.restored
    assert ours == theirs
    assert history.half is not None
    assert all(history.half.is_printed(pair, node) for node in (A, B))
    assert ours["review"] != (history.half.cut, history.half.figures)
    assert {row.verdict.text for row in pair.rows(A)} > {"valid", "void:no-target", "void:wrong-state"}
    pair.stop()
    for node in (A, B):
        assert rebuild(pair.homes[node], compare=True, suite=pair.suite).differences == ()
