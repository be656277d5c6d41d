"""The steps in the rooms: commitments, an offer, a case, a review and a round, as the records tell them.

A note says how far a step is as B has it; what each of them asks of a person stands in the template.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from parley.demo.casework import is_found, is_joined, is_revised
from parley.demo.concluding import is_frozen, is_released, public_digest
from parley.demo.meeting import is_met, is_next_set
from parley.demo.offering import is_shared
from parley.demo.promising import CONSENSUS, is_promised
from parley.demo.reviewing import SHOWN, digest_of, is_reviewed
from parley.demo.rooms import Rooms, spot
from parley.demo.scene import Scene
from parley.demo.telling import Line
from parley.protocol.cases.apply import Version
from parley.protocol.dialogue.bodies import ItemProposed
from parley.protocol.dialogue.meeting import Round
from parley.ui import casewords, dialoguewords, sharewords
from parley.ui.words import Labels, label


@dataclass(frozen=True, slots=True)
class Coded:
    """A code in the language in which it is read."""

    code: str
    labels: Labels

    def __str__(self) -> str:
        return label(self.code, self.labels)


def is_done(scene: Scene) -> Mapping[str, bool]:
    """Return of each step in a room whether both records show it as done."""
    return {
        "consensus": is_promised(scene),
        "offer": is_shared(scene),
        "case": is_joined(scene),
        "finding": is_found(scene),
        "revise": is_revised(scene),
        "review": is_reviewed(scene),
        "round": is_met(scene),
        "outcomes": is_frozen(scene),
        "release": is_released(scene),
        "next": is_next_set(scene),
    }


def notes(scene: Scene) -> Iterator[tuple[str, Line]]:
    """Yield by step what the records show of it so far."""
    rooms = scene.b.rooms
    if rooms.commitments:
        words = {"done": len(rooms.binding), "all": max(len(CONSENSUS), len(rooms.commitments))}
        yield "consensus", Line(text=_("Commitments in force: %(done)d of %(all)d."), words=words)
    yield from _of_case(rooms)
    if rooms.review is not None:
        digest = digest_of(scene)
        words_of_digest = {"digest": f"{digest[:SHOWN]}…"}
        yield (
            "review",
            Line(text=_("Both sides signed the same figures: %(digest)s"), words=words_of_digest)
            if digest
            else Line(text=_("A cut is proposed; the figures are not signed by both sides yet.")),
        )
    if rooms.round is not None:
        yield from _of_round(scene, rooms.round)


def _of_case(rooms: Rooms) -> Iterator[tuple[str, Line]]:
    if rooms.share is not None:
        state = Coded(rooms.share.state.value, sharewords.STATES)
        words = {"place": _said(spot(rooms.share.offered)), "state": state}
        yield "offer", Line(text=_("The offer %(place)s: %(state)s."), words=words)
    if rooms.case is not None:
        state = Coded(rooms.case.state.value, casewords.STATES)
        words = {"place": _said(spot(rooms.case.proposed)), "state": state}
        yield "case", Line(text=_("The case %(place)s: %(state)s."), words=words)
    for finding in () if rooms.case is None else rooms.case.findings[:1]:
        yield "finding", _of_version(finding.versions[0])
        if len(finding.versions) > 1:
            yield "revise", _of_version(finding.current)


def _of_version(version: Version) -> Line:
    said = version.said
    return Line(
        text=_("%(place)s: %(likelihood)s; confidence: %(confidence)s; %(standing)s."),
        words={
            "place": _said(spot(version.fact)),
            "likelihood": Coded(said.likelihood.value, casewords.LIKELIHOODS),
            "confidence": Coded(said.confidence.value, casewords.CONFIDENCES),
            "standing": Coded(version.standing.value, casewords.STANDINGS),
        },
    )


def _of_round(scene: Scene, meeting: Round) -> Iterator[tuple[str, Line]]:
    agenda = {
        "items": len(meeting.offers.agreed(ItemProposed)),
        "stated": sum(map(len, meeting.stated.values())),
    }
    yield "round", Line(text=_("Agreed items of the agenda: %(items)d. Views: %(stated)d."), words=agenda)
    outcome = meeting.outcome
    if outcome.clauses:
        state = Coded(outcome.state.value, dialoguewords.OUTCOME_STATES)
        words = {"clauses": len(outcome.clauses), "state": state}
        yield (
            "outcomes",
            Line(text=_("Clauses that both want: %(clauses)d. The list: %(state)s."), words=words),
        )
    if public_digest(scene):
        words = {"digest": f"{public_digest(scene)[:SHOWN]}…"}
        yield "release", Line(text=_("Released by both; digest of the list: %(digest)s"), words=words)
    elif outcome.agreed is not None:
        at = datetime.fromtimestamp(outcome.agreed.release, tz=UTC).strftime(_TIME)
        yield "release", Line(text=_("To be released at %(at)s."), words={"at": at})
    if meeting.next is not None:
        day = datetime.fromtimestamp(meeting.next.begins, tz=UTC).strftime(_DAY)
        yield "next", Line(text=_("The next round begins on %(day)s."), words={"day": day})


def _said(place: str) -> str:
    return place.replace("-", " ")


_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_DAY: Final = "%Y-%m-%d"
