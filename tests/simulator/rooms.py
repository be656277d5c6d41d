"""What officers may want to say beside inquiries: of offers, joint cases, the dialogue, guidelines, reviews.

A run keeps to one of these matters, beside inquiries, so that threads grow long. A word is a kind, what it
says, the kind that it answers, and who says it: who `own`s what is answered, the `other`, or `either`. What
persons sign is not among them: nobody here holds a key of theirs.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, cast

from parley.protocol.act import id_text
from parley.protocol.kinds import VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import default_terms
from tests.protocol.rounds import CLAUSE, OTHER
from tests.protocol.rounds import WORDS as TEXT
from tests.protocol.sharers import offered
from tests.simulator.schedule import Schedule
from tests.simulator.words import LATER, WORDS
from tests.two_nodes.pair import MONDAY, WORLD

Bare = tuple[str, Mapping[str, JsonValue], str | None]
Word = tuple[str, Mapping[str, JsonValue], str | None, str]

SOME: Final = id_text(hashlib.sha256(b"somewhere in the record").digest())
OFFER: Final = cast("Mapping[str, JsonValue]", offered())  # written as it is read
NOTHING: Final[Mapping[str, JsonValue]] = {}
PLAN: Final[Mapping[str, JsonValue]] = {"host": "A", "begins": LATER, "ends": LATER + 86_400, "text": TEXT}
TASK: Final[Mapping[str, JsonValue]] = {"owner": "both", "start": None, "due": LATER}
PROMISE: Final[Mapping[str, JsonValue]] = {"text": TEXT, "owners": ["A", "B"], "due": LATER, "round": None}
DRAFT: Final[Mapping[str, JsonValue]] = {"text": SOME, "terms": "", "since": LATER}
CUT: Final[Mapping[str, JsonValue]] = {
    "since": MONDAY,
    "until": LATER,
    "cut": [{"lane": "main", "sizes": [1, 1]}],
}
ROOMS: Final[tuple[Word, ...]] = (
    ("sharing.offered", OFFER, None, "either"),
    ("sharing.accepted", NOTHING, "sharing.offered", "other"),
    ("sharing.declined", {"reason": "no_need"}, "sharing.offered", "other"),
    ("sharing.withdrawn", {"reason": "wrong"}, "sharing.offered", "own"),
    ("case.proposed", {"items": ["trade_secrets"], "origins": []}, None, "either"),
    ("case.joined", NOTHING, "case.proposed", "other"),
    ("case.declined", {"reason": "no_interest"}, "case.proposed", "other"),
    ("case.noted", {"sort": "lead"}, "case.proposed", "either"),
    ("case.linked", {"to": "evidence", "place": {"statement": SOME, "part": 1}}, "case.proposed", "either"),
    ("case.unlinked", {"reason": "mistaken"}, "case.linked", "own"),
    ("case.task_set", TASK, "case.proposed", "either"),
    ("case.task_set", {**TASK, "owner": "B"}, "case.task_set", "either"),
    ("case.task_agreed", NOTHING, "case.task_set", "other"),
    ("case.task_declined", NOTHING, "case.task_set", "other"),
    ("case.task_done", {"result": "done"}, "case.task_set", "either"),
    ("case.closed", {"ending": "solved"}, "case.proposed", "either"),
    ("commitment.proposed", PROMISE, None, "either"),
    ("commitment.agreed", NOTHING, "commitment.proposed", "other"),
    ("commitment.declined", NOTHING, "commitment.proposed", "other"),
    ("commitment.withdrawn", NOTHING, "commitment.proposed", "own"),
    ("commitment.carried", {"round": None, "due": LATER}, "commitment.proposed", "either"),
    ("commitment.agreed", NOTHING, "commitment.carried", "other"),
    ("commitment.reported", {"standing": "fulfilled", "evidence": []}, "commitment.proposed", "either"),
    ("commitment.confirmed", NOTHING, "commitment.reported", "other"),
    ("commitment.disputed", NOTHING, "commitment.reported", "other"),
    ("commitment.dropped", NOTHING, "commitment.proposed", "either"),
    ("concern.raised", NOTHING, "commitment.proposed", "either"),
    ("concern.answered", NOTHING, "concern.raised", "other"),
    ("concern.escalated", {"call": SOME}, "concern.raised", "either"),
    ("concern.settled", NOTHING, "concern.raised", "own"),
    ("round.proposed", {**PLAN, "number": 1, "after": None}, None, "either"),
    ("round.agreed", NOTHING, "round.proposed", "other"),
    ("round.withdrawn", NOTHING, "round.proposed", "own"),
    ("round.replanned", PLAN, "round.proposed", "either"),
    ("round.item_proposed", {"source": "other", "of": None, "text": TEXT}, "round.proposed", "either"),
    ("round.agreed", NOTHING, "round.item_proposed", "other"),
    ("round.stated", {"stance": "view"}, "round.proposed", "either"),
    ("round.decided", {"guideline": None, "text": TEXT}, "round.proposed", "either"),
    ("round.agreed", NOTHING, "round.decided", "other"),
    ("round.closed", NOTHING, "round.proposed", "either"),
    ("outcome.clause_proposed", {"place": 1, "clause": CLAUSE}, "round.proposed", "either"),
    ("outcome.amended", {"place": 1, "clause": OTHER}, "outcome.clause_proposed", "either"),
    ("outcome.agreed", NOTHING, "outcome.clause_proposed", "other"),
    ("outcome.withdrawn", NOTHING, "outcome.clause_proposed", "own"),
    ("guideline.proposed", DRAFT, None, "either"),
    ("guideline.amended", {**DRAFT, "text": TEXT}, "guideline.proposed", "either"),
    ("guideline.withdrawn", NOTHING, "guideline.proposed", "own"),
    ("review.cut_proposed", CUT, None, "either"),
    ("review.cut_agreed", NOTHING, "review.cut_proposed", "other"),
    ("review.commented", {"figure": None}, "review.cut_proposed", "either"),
)
SAYERS: Final[Mapping[tuple[str, str], str]] = {
    (kind, target): who for kind, _, target, who in ROOMS if target is not None
}
"""Who says a kind about what, where it is no matter of inquiries."""
MATTERS: Final = (
    ("sharing",),
    ("case",),
    ("commitment", "concern"),
    ("round", "outcome"),
    ("guideline", "review"),
)
# How often something is said of inquiries all the same.
INQUIRIES_ONE_IN: Final = 4


@cache
def _terms(pair: tuple[str, str]) -> str:
    return default_terms({each: default_calendar() for each in pair}, world=WORLD, kinds=VERSIONS)


def with_terms(d: Mapping[str, JsonValue], pair: tuple[str, str]) -> Mapping[str, JsonValue]:
    """Return what is said with the default terms of two sides, if it brings any."""
    return {**d, "terms": _terms(pair)} if "terms" in d else d


@cache
def _table(seed: str, pair: tuple[str, str]) -> tuple[Bare, ...]:
    """Return what two sides may say of the matter of a run."""
    dice = random.Random(f"{seed} matter")  # noqa: S311 - a seed must give the same for ever
    matter = dice.choice(MATTERS)
    return tuple(
        (kind, with_terms(d, pair), re) for kind, d, re, _ in ROOMS if kind.partition(".")[0] in matter
    )


def said(schedule: Schedule, number: int, *, pair: tuple[str, str]) -> Sequence[Bare]:
    """Return what is tried to be said in a step, one after another, beginning with what it means."""
    if not schedule.is_in_rooms:
        return (*WORDS[number % len(WORDS) :], *WORDS)
    number, rest = divmod(number, INQUIRIES_ONE_IN)
    words = _table(schedule.seed, pair) if rest else WORDS
    return (*words[number % len(words) :], *words)
