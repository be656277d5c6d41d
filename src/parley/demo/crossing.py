"""A withdrawal crosses an answer: neither side could see the other's, both are right, and both see it.

For a moment one of the nodes is stopped; so this is played where nobody sits before the pages.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.casting import cast
from parley.demo.country import LINK
from parley.demo.hand import CommandError
from parley.demo.stage import Stage, StoryError
from parley.demo.telling import Line
from parley.protocol.inquiries.codes import OPEN

CROSSED: Final = 12
"""The unit in which it happens."""


def cross(stage: Stage) -> None:
    """Let one withdrawal cross, and answer the rest of that inquiry."""
    unit = cast(stage.look().b.inquiries)[CROSSED - 1]
    if not any(item.crossed for item in unit.inquiry.items):
        tries = (stage.place.once(f"cross {item.n}", partial(_try, stage, item.n)) for item in unit.items)
        if not any(each["did"] for each in tries):
            raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": "crossed"})
    thread = unit.inquiry.id
    scene = stage.until(
        "crossed",
        lambda scene: all(
            any(item.crossed for item in inquiry.items)
            for view in (scene.a, scene.b)
            for inquiry in view.inquiries
            if inquiry.id == thread
        ),
    )
    rest = next(each for each in scene.b.inquiries if each.id == thread)
    numbers = ",".join(str(item.n) for item in rest.items if item.state in OPEN)
    if numbers:
        findings = (f"--finding={numbers}=mitigated:domain_suspended", f"--finding={numbers}=preserved@+60d")
        stage.say(stage.b, "answer", rest, *findings)
    stage.tell_once(
        "crossed",
        Line(text=_("A withdrew a site while B answered it: the answer stands, and both see the crossing.")),
    )


def _try(stage: Stage, n: int) -> Mapping[str, Any]:
    """Withdraw and answer the same site while B's node is down, so that neither side can see the other.

    Killed in the middle, one of the two may have been seen already; then the next site is taken.
    """
    scene = stage.until("calm", lambda scene: scene.a.is_signed_for and scene.b.is_signed_for)
    which = f"A-{cast(scene.b.inquiries)[CROSSED - 1].inquiry.sent.index}"
    stage.b.keeper.stop()
    try:
        reason = ("--items", str(n), "--reason", "no_longer_needed")
        stage.a.act(f"withdraw-{n}", "inquiry", "withdraw", which, "--link", LINK, *reason)
        findings = (f"--finding={n}=mitigated:blocked", f"--finding={n}=preserved@+60d")
        stage.b.act(f"cross-{n}", "inquiry", "answer", which, "--link", LINK, *findings)
    except CommandError as error:
        if error.exit is None:
            raise
        return {"did": False, "why": str(error)}
    finally:
        stage.b.keeper.start()
    return {"did": True}
