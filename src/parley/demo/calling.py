"""The hotline in the story: a call that rings until a person takes it, and a call to a principal's office.

A calls about an inquiry, with the highest urgency; nobody answers, so A rings for the second officer there.
What B reads back is wrong once, A clarifies, B reads back rightly and asks for restraint, both close. Then
A's vice-minister calls the counterpart's office, signed by two persons. Every act carries a key of its own,
so a story that was killed types the same acts again and says nothing twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK, Country
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage, StoryError
from parley.demo.telling import Line, Said
from parley.demo.voices import Voice, together
from parley.protocol.clauses import Level, Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bodies import Opening
from parley.protocol.hotline.codes import Sort, State
from parley.work import clock

OBJECT: Final = "ip:203.0.113.77"
MISREAD: Final = "ip:203.0.113.177"
MOVED: Final = "ip:203.0.113.78"
HOUR: Final = 3_600

_DOES: Final[Mapping[str, Said]] = {
    "open": _("calls the other side"),
    "take": _("takes the call"),
    "read-back": _("reads back what was understood"),
    "say": _("speaks in the call"),
    "close": _("closes the call"),
}


# ---- From desk to desk


def call_desk(stage: Stage) -> None:
    """A calls B's desk about an inquiry; it rings, is taken, read back wrongly once, and closed by both."""
    if _is_talked_out(stage.look().a, Level.DESK):
        return
    fields = stage.place.once("call fields", _fields)["words"]
    place = stage.place.once("call", partial(_open, stage, fields))["place"]
    # B's second officer, whom the call reaches; the first sits at the desk.
    ours, theirs = _Voice(stage=stage, side=stage.a), _Voice(stage=stage, side=stage.b, who=1)
    _hear(stage, place, lambda call: call.opened.received_at is not None)
    ours.says("say", place, *_PRESSED)
    text = _("It rings at B's desk. Nobody answers: A rings for B's second officer.")
    stage.tell_once("pressed", Line(text=text))
    _hear(stage, place, lambda call: len(call.messages) > 0)
    theirs.says("take", place, "--rung", Rung.SECOND_OFFICER.value)
    theirs.says("read-back", place, *fields, "--object", MISREAD)
    _hear(stage, place, lambda call: bool(call.readings))
    stage.tell_once("misread", Line(text=_("B read back one digit too many: both screens show which field.")))
    _clarify(ours, theirs, place)
    _close(theirs, ours, place)
    stage.tell_once("talked", Line(text=_("B asked A to hold back for an hour. Both closed the call.")))


_PRESSED: Final = (
    *("--sort", "notification", "--to", Rung.SECOND_OFFICER.value),
    *("--text", "值班台无人接听，请副班值班员接听。"),
)


def _fields() -> Mapping[str, Any]:
    now = clock.now()
    times = ("--since", _instant(now - HOUR), "--by", _instant(now + 2 * HOUR))
    what = ("--what", "service_attack", "--where", "B")
    return {"words": [*what, *times, *_ASKS]}


_ASKS: Final = ("--ask", "stop_activity,confirm_or_deny")


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%MZ")


def _open(stage: Stage, fields: Sequence[str]) -> Mapping[str, Any]:
    inquiry = f"A-{stage.look().a.inquiries[0].sent.index}"
    words = ("--urgency", "U0", "--inquiry", inquiry, "--object", OBJECT)
    text = "该主机正在攻击我国支付清算系统。请立即停止，并证实或否认。"
    return {"place": _Voice(stage=stage, side=stage.a).says("open", "", *words, *fields, "--text", text)}


def _clarify(ours: "_Voice", theirs: "_Voice", place: str) -> None:
    stage, fields = ours.stage, ours.stage.place["call fields"]["words"]
    words = ("--sort", "clarification", "--object", MOVED, "--text", "攻击源已更换地址，以此为准。")
    ours.says("say", place, *words)
    _hear(stage, place, lambda call: any(each.sort is Sort.CLARIFICATION for each in call.messages))
    theirs.says("read-back", place, *fields, "--object", MOVED)
    restraint = ("--sort", "restraint", "--text", "Please do not act against this host for an hour.")
    theirs.says("say", place, *restraint)
    _hear(stage, place, lambda call: any(each.sort is Sort.RESTRAINT for each in call.messages))


# ---- To the office of a principal


def call_principal(stage: Stage) -> None:
    """A's vice-minister calls the counterpart's office: two persons sign, and that office takes the call."""
    if _is_talked_out(stage.look().a, Level.VICE_MINISTER):
        return
    words = ("--urgency", "U1", "--scope", "misunderstanding", "--to", Level.VICE_MINISTER.value)
    about = ("--object", MOVED, "--text", "请双方保持克制，由两部副部长今日通话。")
    typed = ("call", "open-principal", "--link", LINK, *words, *_asking_restraint(stage), *about)
    together(stage, stage.a, lambda view: _opened(view, Level.VICE_MINISTER) is not None, *typed)
    scene = stage.until("called", lambda scene: _opened(scene.b, Level.VICE_MINISTER) is not None)
    place = _place_of(scene.b, Level.VICE_MINISTER)
    ours, theirs = _Voice(stage=stage, side=stage.a), _Voice(stage=stage, side=stage.b, who=1)
    theirs.says("take", place, "--rung", Rung.VICE_MINISTER.value)
    theirs.says("read-back", place, *_asking_restraint(stage), "--object", MOVED)
    _close(theirs, ours, place)
    text = _("A's vice-minister called the counterpart's office; two persons signed, and it answered.")
    stage.tell_once("principals", Line(text=text))


def _asking_restraint(stage: Stage) -> list[str]:
    """Return the fields of the call before, but with restraint as what is asked."""
    fields = stage.place.once("call fields", _fields)["words"]
    return [*fields[: -len(_ASKS)], "--ask", "restrain"]


# ---- What both share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """Somebody of one side: the person `who` of its people."""

    stage: Stage
    side: Country
    who: int = 0

    def says(self, verb: str, place: str, *words: str) -> str:
        """Type what this person says in the call at `place`, and return where it stands."""
        typed = ("call", verb, *([place] if place else []), "--link", LINK, *words)
        said = Voice(stage=self.stage, side=self.side, who=self.who).says(_DOES[verb], *typed)
        if not place and "place" not in said:
            raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": verb})
        return str(said.get("place", place)).replace(" ", "-")


def _close(first: _Voice, second: _Voice, place: str) -> None:
    """Have both close the call at `place`, the second when it has what the first said."""
    for voice in (first, second):
        voice.says("close", place, "--ending", "answered")
        _hear(first.stage, place, partial(_has_closed, voice.side.node))


def _has_closed(node: str, call: Call) -> bool:
    return node in call.stands


def _hear(stage: Stage, place: str, is_so: Callable[[Call], bool]) -> None:
    """Wait until `is_so` holds of the call at `place` on both sides."""

    def is_heard(scene: Scene) -> bool:
        calls = [view.call(place) for view in (scene.a, scene.b)]
        return all(call is not None and is_so(call) for call in calls)

    stage.until("heard", is_heard)


def _opened(view: View, level: Level) -> Call | None:
    """Return the first call of this level that is here."""
    return next((call for call in view.calls if level_of(call) is level), None)


def _place_of(view: View, level: Level) -> str:
    found = _opened(view, level)
    assert found is not None, "it was waited for"
    return view.places[found.id]


def _is_talked_out(view: View, level: Level) -> bool:
    return any(call.state is State.CLOSED for call in view.calls if level_of(call) is level)


def level_of(call: Call) -> Level:
    """Return at which level a call was opened."""
    assert isinstance(call.opened.said, Opening)
    return call.opened.said.level
