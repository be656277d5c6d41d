"""The steps of the guided strip, and how far each has come: read from the two records, not from any click.

    done    the records show it
    now     the first that they do not show
    later   the others

What a step asks of a person, and where, stands in the template of the start page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.utils.translation import gettext_lazy as _

from parley.demo.calling import level_of
from parley.demo.casting import GROUND, wanted_answers
from parley.demo.chapters import is_to_be_closed
from parley.demo.roomsteps import Coded, is_done
from parley.demo.roomsteps import notes as notes_of_rooms
from parley.demo.scene import Scene
from parley.demo.telling import Line
from parley.protocol.clauses import Level
from parley.protocol.hotline.codes import State as Closed
from parley.protocol.inquiries.codes import State
from parley.ui import callwords

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "line": ("pair", "consensus"),
    "inquiries": ("paste", "send", "acknowledge", "supplement", "answer", "thanks", "same"),
    "hotline": ("call", "principal"),
    "walkout": ("suspend", "resume"),
    "case": ("offer", "case", "finding", "revise"),
    "round": ("review", "round", "outcomes", "release", "next"),
    "around": ("look",),
}
"""The steps by what they are about. Each group folds on the page, so that the list stays short."""
NAMES: Final = tuple(name for names in GROUPS.values() for name in names)


class Stand(Enum):
    """How far a step has come."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some steps that belong together, how many of them are done, and where they stand as a whole."""

    name: str
    done: int
    count: int
    stand: Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step, where it stands, and what the records show of it so far (None: nothing yet)."""

    name: str
    number: int
    stand: Stand
    note: Line | None


def steps(scene: Scene) -> tuple[Step, ...]:
    """Return all steps in order, as they stand."""
    done = _done(scene)
    now = next((name for name in NAMES if name not in done), "")
    notes = dict(_notes(scene))
    return tuple(
        Step(
            name=name,
            number=number,
            stand=Stand.DONE if name in done else Stand.NOW if name == now else Stand.LATER,
            note=notes.get(name),
        )
        for number, name in enumerate(NAMES, start=1)
    )


def groups(found: Sequence[Step]) -> tuple[Group, ...]:
    """Return the groups in order, as their steps stand: due now, if the step is in it that is due."""
    stands = {step.name: step.stand for step in found}
    return tuple(_group(name, [stands[each] for each in names]) for name, names in GROUPS.items())


def _group(name: str, stands: Sequence[Stand]) -> Group:
    done = stands.count(Stand.DONE)
    whole = Stand.DONE if done == len(stands) else Stand.LATER
    return Group(name=name, done=done, count=len(stands), stand=Stand.NOW if Stand.NOW in stands else whole)


def _done(scene: Scene) -> set[str]:
    """Return the names of the steps that the records show as done; looking around has no end."""
    a, b = scene.a, scene.b
    is_sent = bool(a.inquiries)
    rooms = is_done(scene)
    found = {
        "pair": scene.is_paired,
        "consensus": rooms["consensus"],
        "paste": is_sent,
        "send": is_sent and a.is_signed_for,
        "acknowledge": is_sent and _acknowledged(scene) == len(a.inquiries),
        "supplement": b.has("inquiry.admitted") and b.has("inquiry.supplied"),
        "answer": is_sent and _answered(scene) >= wanted_answers(len(b.items)) and _refused(scene) > 0,
        "thanks": all(_thanks(scene)[:2]) and is_to_be_closed(scene) is None,
    }
    found["same"] = all(found.values()) and scene.is_same
    found["suspend"] = a.was_stopped and b.was_stopped
    found["resume"] = found["suspend"] and not (a.stops or b.stops) and scene.is_same
    found["call"] = _is_closed(scene, Level.DESK)
    found["principal"] = _is_closed(scene, Level.VICE_MINISTER)
    found |= rooms
    return {name for name, is_done in found.items() if is_done}


def _is_closed(scene: Scene, level: Level) -> bool:
    """Return whether both sides hold a call of this level that both closed."""
    return all(
        any(call.state is Closed.CLOSED and level_of(call) is level for call in view.calls)
        for view in (scene.a, scene.b)
    )


def _acknowledged(scene: Scene) -> int:
    return sum(inquiry.acknowledged_at is not None for inquiry in scene.b.inquiries)


def _answered(scene: Scene) -> int:
    return sum(item.state is State.ANSWERED for item in scene.b.items)


def _refused(scene: Scene) -> int:
    return sum(
        item.state is State.REFUSED and any(ground.value == GROUND for ground in item.grounds)
        for item in scene.b.items
    )


def _thanks(scene: Scene) -> tuple[int, int, int]:
    """Return how many inquiries are rated, how many statements contested, how many inquiries closed."""
    inquiries = scene.a.inquiries
    return (
        sum(inquiry.rated is not None for inquiry in inquiries),
        sum(len(inquiry.disputed) for inquiry in inquiries),
        sum(inquiry.closed_at is not None for inquiry in inquiries),
    )


def _notes(scene: Scene) -> Iterator[tuple[str, Line]]:
    a, b = scene.a, scene.b
    if scene.is_paired:
        yield "pair", Line(text=_("The digits are equal, and the link is open on both sides."))
    yield from _calls(scene)
    yield from notes_of_rooms(scene)
    if not a.inquiries:
        return
    yield "send", _sent(scene)
    words = {"done": _acknowledged(scene), "all": len(a.inquiries)}
    yield "acknowledge", Line(text=_("Acknowledged by a person: %(done)d of %(all)d inquiries."), words=words)
    if b.has("inquiry.returned"):
        supplied = b.has("inquiry.supplied")
        text = _("Returned and supplied.") if supplied else _("Returned; A's supplement is not there yet.")
        yield "supplement", Line(text=text)
    words = {"done": _answered(scene), "all": len(a.items), "refused": _refused(scene)}
    text = _("Answered: %(done)d of %(all)d sites. Refused on ground G09: %(refused)d.")
    yield "answer", Line(text=text, words=words)
    rated, contested, closed = _thanks(scene)
    words = {"rated": rated, "contested": contested, "closed": closed}
    text = _("Inquiries rated: %(rated)d, closed: %(closed)d. Statements contested: %(contested)d.")
    yield "thanks", Line(text=text, words=words)


def _calls(scene: Scene) -> Iterator[tuple[str, Line]]:
    """Yield how far the first call of each kind is, as B has it."""
    for name, level in (("call", Level.DESK), ("principal", Level.VICE_MINISTER)):
        found = [call for call in scene.b.calls if level_of(call) is level]
        for call in found[:1]:
            words = {
                "place": scene.b.places[call.id].replace("-", " "),
                "state": Coded(call.state.value, callwords.STATES),
            }
            yield name, Line(text=_("The call %(place)s: %(state)s."), words=words)


def _sent(scene: Scene) -> Line:
    words = {"inquiries": len(scene.a.inquiries), "sites": len(scene.a.items)}
    if scene.a.is_signed_for:
        return Line(
            text=_(
                "B's node has signed a receipt for all of it (inquiries: %(inquiries)d, sites: %(sites)d)."
            ),
            words=words,
        )
    return Line(
        text=_("Saved (inquiries: %(inquiries)d, sites: %(sites)d); B's receipt is on its way."),
        words=words,
    )
