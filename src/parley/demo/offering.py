"""What A tells B unasked: machines in B's own territory, offered with conditions, and cleaned up.

The content is sealed at A and not sent before a person of B has undertaken the conditions and signed. Then B
grades it, says how far the clean-up is, and what became of it.
"""

from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK
from parley.demo.rooms import spot
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage
from parley.demo.telling import Line
from parley.demo.voices import Voice
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.codes import Class, State

COUNT: Final = 12
_OFFER: Final = (
    *("share", "offer", "--link", LINK, "--what", "notice", "--count", f"ip={COUNT}"),
    *("--title", "贵方境内12台受控主机", "--why", "这些主机正在参与对银行网站的攻击。", "--grade", "B2"),
    *("--condition", "no_publication", "--condition", "report_outcome", "--until", "+30d"),
)


def offer(stage: Stage) -> None:
    """A offers a notice, B undertakes its conditions, A delivers, B evaluates, cleans up and reports."""
    if is_shared(stage.look()):
        return
    if stage.look().a.rooms.share is None:
        Voice(stage=stage, side=stage.a).says(
            _("offers information unasked"), *_OFFER, "--enclose", _sheet(stage)
        )
    scene = stage.until("offered", lambda scene: scene.b.rooms.share is not None)
    place = spot(_share(scene.b).offered)
    if _share(scene.b).state in {State.OFFERED, State.COUNTERED}:
        _take_on(stage, place)
    stage.until("undertaken", lambda scene: _is_beyond(scene.a))
    if _share(stage.look().a).state is State.ACCEPTED:
        _a(stage).says(_("delivers what was undertaken"), "share", "deliver", place, "--link", LINK)
    stage.until("delivered", lambda scene: _share(scene.b).delivered is not None)
    _feed_back(stage, place)
    stage.until("fed back", is_shared)
    text = _(
        "A offered what it sees in B's territory; B undertook the conditions, got it, and told the result."
    )
    stage.tell_once("shared", Line(text=text))


def _a(stage: Stage) -> Voice:
    return Voice(stage=stage, side=stage.a)


def _sheet(stage: Stage) -> str:
    file = stage.a.folder / "hosts.csv"
    rows = "".join(f"203.0.113.{number}\n" for number in range(10, 10 + COUNT))
    file.write_text(f"ip\n{rows}", encoding="ascii")
    return str(file)


def _take_on(stage: Stage, place: str) -> None:
    voice = Voice(stage=stage, side=stage.b)
    if _share(stage.look().b).offer.conditions:
        words = ("share", "undertake", place, "--link", LINK)
        voice.signs(_("undertakes the conditions and signs"), _is_beyond, *words)
    else:
        voice.says(_("accepts what is offered"), "share", "accept", place, "--link", LINK)


def _feed_back(stage: Stage, place: str) -> None:
    voice = Voice(stage=stage, side=stage.b)
    say = partial(voice.says, _("tells what became of it"), "share")
    share = _share(stage.look().b)
    if share.evaluation is None:
        say("evaluate", place, "--link", LINK, "--grade", "B2")
    if share.offer.what is Class.NOTICE and share.cleaned is None:
        counts = ("--informed", str(COUNT), "--cleaned", "9", "--not-found", "3")
        say("clean", place, "--link", LINK, *counts)
    if share.result is None:
        say("result", place, "--link", LINK, "--result", "measures_taken")


def _is_beyond(view: View) -> bool:
    share = view.rooms.share
    return share is not None and share.state in {State.ACCEPTED, State.DELIVERED}


def _share(view: View) -> Share:
    assert view.rooms.share is not None, "it was waited for"
    return view.rooms.share


def is_shared(scene: Scene) -> bool:
    """Return whether both sides hold an offer that was delivered, and what became of it."""
    found = [view.rooms.share for view in (scene.a, scene.b)]
    return all(each is not None and each.delivered is not None and each.result is not None for each in found)
