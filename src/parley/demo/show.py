"""What the start page shows, as plain values: for the template, and every second for its script."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import gettext as _

from parley.demo.concluding import public_digest
from parley.demo.country import Country
from parley.demo.lamps import Lamps
from parley.demo.player import SPEEDS, Playing
from parley.demo.public import address
from parley.demo.sample import twenty
from parley.demo.scene import Scene, View
from parley.demo.steps import Group, Stand, Step, groups, steps
from parley.ui.words import ROLES, label

LANGUAGES: Final[Mapping[str, str]] = {"en": "en", "zh": "zh-hans"}
"""The first part of an address of the start page, and what Django calls the language."""
ENGINE: Final = Engine(
    dirs=[str(Path(__file__).parent / "templates")],
    builtins=["django.templatetags.i18n", "parley.ui.templatetags.parley"],
)


def live(scene: Scene, playing: Playing, lamps: Lamps) -> dict[str, Any]:
    """Return what may change from second to second, in the language in force."""
    found = steps(scene)
    return {
        "addresses": dict(lamps.addresses),
        "lamps": {letter: _lamp(is_up=is_up) for letter, is_up in lamps.up.items()},
        "steps": [_step(step, playing) for step in found],
        "groups": [_group(group) for group in groups(found)],
        "public": address(public_digest(scene)) if public_digest(scene) else "",
        "digests": {letter: _grouped(view.digest) for letter, view in (("A", scene.a), ("B", scene.b))},
        "receipts": {letter: _receipt(view) for letter, view in (("A", scene.a), ("B", scene.b))},
        "digits": {letter: _digits(view) for letter, view in (("A", scene.a), ("B", scene.b))},
        "same": _same(scene),
        "is_same": scene.is_same,
        "act": _act(playing),
        "is_playing": bool(playing.step),
        "is_ready": playing.is_ready,
        "fault": playing.fault,
        "told": [str(line) for line in reversed(playing.told)],
    }


def page(now: Mapping[str, Any], sides: Sequence[Country], *, token: str, is_strip: bool = False) -> str:
    """Return the page in the language in force; `now` is what `live` gave, `token` goes into its form.

    With `is_strip` only the step that is due is shown, for a low window under the two others.
    """
    by_name = {step["name"]: step for step in now["steps"]}
    return ENGINE.get_template("demo/start.html").render(
        Context(
            {
                "token": token,
                "is_strip": is_strip,
                "now": now,
                "step": by_name,
                "group": {group["name"]: group for group in now["groups"]},
                "sides": [_side(side, now) for side in sides],
                "speeds": list(SPEEDS),
                "pasted": twenty().decode(),
                "language": "zh" if (translation.get_language() or "").startswith("zh") else "en",
            }
        )
    )


def _side(side: Country, now: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "letter": side.letter,
        "name": str(side.name),
        "node": side.node,
        "home": str(side.home.root),
        "secret": str(side.secret),
        "address": now["addresses"][side.letter],
        "public": now["addresses"][side.letter] + now["public"] if now["public"] else "",
        "lamp": now["lamps"][side.letter],
        "people": [
            {"name": person.name, "role": label(person.role, ROLES), "language": person.language}
            for person in side.people
        ],
    }


def _lamp(*, is_up: bool) -> dict[str, str]:
    return {"state": "up" if is_up else "quiet", "word": _("up and running") if is_up else _("starting")}


def _step(step: Step, playing: Playing) -> dict[str, Any]:
    is_played = playing.step == step.name
    return {
        "name": step.name,
        "number": step.number,
        "stand": step.stand.value,
        "word": _("Playing") if is_played else _stand(step.stand),
        "note": "" if step.note is None else str(step.note),
    }


def _stand(stand: Stand) -> str:
    return {Stand.DONE: _("Done"), Stand.NOW: _("Now"), Stand.LATER: _("Later")}[stand]


def _group(group: Group) -> dict[str, Any]:
    words = {"done": group.done, "all": group.count}
    # What has no end is not counted.
    word = _stand(group.stand) if group.count == 1 else _("%(done)d of %(all)d done") % words
    return {"name": group.name, "stand": group.stand.value, "word": word}


def _act(playing: Playing) -> str:
    if not playing.is_ready:
        return _("Both nodes are being made: keys, people, a link between them. This takes a few seconds.")
    newest = playing.told[-1] if playing.told else ""
    return str(newest if playing.act is None else playing.act)


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _receipt(view: View) -> str:
    if view.status is None:
        return "–"
    words = {"signed": view.status.my_receipted, "all": view.status.my_size}
    return _("%(signed)d of %(all)d own entries are signed for by the other node") % words


def _digits(view: View) -> str:
    return "" if view.link is None else " ".join(view.link.digits)


def _same(scene: Scene) -> str:
    if not scene.is_paired:
        return _("There is no common record yet.")
    if scene.is_same:
        return _("Equal: both hold the same record.")
    return _("Not equal at this moment: something is on its way.")
