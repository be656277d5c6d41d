"""A period in figures: one cut, on which both agree, and one digest, which two persons of each side sign.

Nobody says a figure. Each node computes them from its own record, and who doubts one opens what it counts.
"""

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage, StoryError
from parley.demo.telling import Line
from parley.demo.voices import Voice, together, typed_time
from parley.ledger.reading import Reader
from parley.ledger.reviewing import figures_of
from parley.protocol.act import id_text
from parley.protocol.review import account
from parley.protocol.review.standing import Review
from parley.work import clock

PERIOD_SECONDS: Final = 30 * 86_400
_FIGURE: Final = re.compile(rb"(?<=:)[1-9][0-9]{0,3}(?=[,}])")
"""The first count that is not nought, in the account of the figures."""
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
    stage.place.once("changed figure", partial(_try_changed, stage, digest_of(scene)))


def _try_changed(stage: Stage, signed: str) -> Mapping[str, Any]:
    """Change one figure, as whoever prints them might, and tell that it has another digest than was signed.

    Raises:
        StoryError: the figures of a side are not those that both signed, or a change is not seen.
    """
    cut = reviewed(stage.look().a)[1].said
    found = []
    for side in (stage.a, stage.b):
        with closing(Reader(side.home)) as reader:
            found.append(account.raw(figures_of(reader, LINK, cut)))
    changed = _FIGURE.sub(lambda count: str(int(count[0]) + 1).encode(), found[0], count=1)
    digests = [id_text(hashlib.sha256(each).digest()) for each in (*found, changed)]
    if digests[:2] != [signed, signed] or digests[2] == signed:
        raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": "figures checked"})
    text = _("One figure changed has another digest: %(other)s… is not what they signed.")
    stage.tell_once("changed", Line(text=text, words={"other": digests[2][:SHOWN]}))
    return {"tried": True}


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
