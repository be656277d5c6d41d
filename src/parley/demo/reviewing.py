"""A period in figures: one cut, on which both agree, and one digest, which two persons of each side sign.

Nobody says a figure. Each node computes them from its own record, and who doubts one opens what it counts.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage
from parley.demo.telling import Line
from parley.demo.voices import Voice, together, typed_time
from parley.protocol.review.standing import Review
from parley.work import clock

PERIOD_SECONDS: Final = 30 * 86_400
SHOWN: Final = 12
"""How many signs of a digest are told: enough to compare by eye, as people do by voice."""


def review(stage: Stage) -> None:
    """A proposes a cut, B agrees, and two persons of each side sign the figures that their node computed."""
    if is_reviewed(stage.look()):
        return
    stage.until("both signed", lambda scene: scene.is_same)
    if stage.look().a.rooms.review is None:
        period = stage.place.once("period", _period)["words"]
        words = ("review", "propose", LINK, *period)
        Voice(stage=stage, side=stage.a).says(_("proposes what the review looks at"), *words)
    stage.until("cut proposed", lambda scene: scene.b.rooms.review is not None)
    place, found = reviewed(stage.look().b)
    if not found.is_agreed:
        by = stage.a if found.proposer == stage.b.node else stage.b
        words = ("review", "agree", place, "--link", LINK)
        Voice(stage=stage, side=by).says(_("agrees to the cut"), *words)
    stage.until("cut agreed", _is_agreed)
    for side in (stage.a, stage.b):
        signed = partial(_has_signed, place, side.node)
        together(stage, side, signed, "review", "sign", place, "--link", LINK)
    scene = stage.until("figures signed", is_reviewed)
    text = _("Both nodes computed the same figures, and two persons of each side signed them: %(digest)s…")
    stage.tell_once("reviewed", Line(text=text, words={"digest": digest_of(scene)[:SHOWN]}))


def _period() -> Mapping[str, Any]:
    now = clock.now()
    return {"words": ["--since", typed_time(now - PERIOD_SECONDS), "--until", typed_time(now + 1)]}


def _has_signed(place: str, node: str, view: View) -> bool:
    return any(each == place and node in review.signed for each, review in view.rooms.reviews)


def _is_agreed(scene: Scene) -> bool:
    return all(reviewed(view)[1].is_agreed for view in (scene.a, scene.b))


def reviewed(view: View) -> tuple[str, Review]:
    """Return the review, which was waited for, and its place."""
    assert view.rooms.review is not None, "it was waited for"
    return view.rooms.review


def digest_of(scene: Scene) -> str:
    """Return the digest that both sides signed, as both hold it; "" while there is none."""
    found = {None if view.rooms.review is None else view.rooms.review[1].joint for view in (scene.a, scene.b)}
    (joint, *others) = found
    return joint if joint is not None and not others else ""


def is_reviewed(scene: Scene) -> bool:
    """Return whether both sides hold one review as joint, with the same digest."""
    return digest_of(scene) != ""
