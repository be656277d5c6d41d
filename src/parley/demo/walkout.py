"""B walks out of one item of cooperation, and comes back: what stops, what goes on, and that nothing is lost.

Two officers of B sign each step, with keys of their own.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.casting import Part, cast
from parley.demo.country import LINK
from parley.demo.hand import CommandError
from parley.demo.sample import read_sheet
from parley.demo.scene import View
from parley.demo.stage import Stage, StoryError
from parley.demo.telling import Line
from parley.demo.voices import together

ITEM: Final = "fraud_phishing"
_STOP: Final = ("--text", "Country B suspends this item of cooperation.", "--text-zh", "乙国中止该合作事项。")
_GO_ON: Final = ("--text", "Country B resumes this item of cooperation.", "--text-zh", "乙国恢复该合作事项。")


def suspend(stage: Stage) -> None:
    """B suspends the item; a new inquiry about it is refused, and preservation goes on."""
    words = ("link", "suspend", LINK, "--scope", f"item:{ITEM}", "--reason", "policy", *_STOP)
    together(stage, stage.b, lambda view: view.was_stopped, *words)
    scene = stage.until("suspended", lambda scene: scene.a.was_stopped and scene.b.was_stopped)
    stage.tell_once(
        "suspended",
        Line(
            text=_("B suspended fraud and phishing; two of its officers signed, and it holds on both sides.")
        ),
    )
    if scene.a.stops and scene.b.stops:
        stage.place.once("refused as suspended", partial(_try, stage))
        _preserve(stage)


def resume(stage: Stage) -> None:
    """B lifts its suspension, and both still hold the same record."""
    for place in stage.look().b.stops:
        together(stage, stage.b, partial(_goes_on, place), "link", "resume", LINK, place, *_GO_ON)
    stage.until("resumed", lambda scene: not (scene.a.stops or scene.b.stops) and scene.is_same)
    stage.tell_once(
        "resumed",
        Line(text=_("B resumed. Both records are the same: nothing was lost, and clocks go on.")),
    )


def _goes_on(place: str, view: View) -> bool:
    return place not in view.stops


def _try(stage: Stage) -> Mapping[str, Any]:
    """Let A ask about the item once more; the record of A itself refuses it."""
    before = len(stage.look().a.inquiries)
    file = stage.a.folder / "one-more.csv"
    file.write_bytes(read_sheet("sites.csv"))
    try:
        stage.a.act(
            "one-more",
            *("inquiry", "import", str(file), "--link", LINK, "--item", ITEM, "--urgency", "U2"),
            *(
                "--want",
                "confirm",
                "--group",
                "column",
                "--purpose",
                "侦查诈骗",
                "--legal-basis",
                "指导原则第3项",
            ),
        )
    except CommandError as error:
        if error.exit is None:
            raise
    if len(stage.look().a.inquiries) != before:
        raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": "suspended"})
    stage.tell_once(
        "refused as suspended",
        Line(text=_("A's own node refuses a new inquiry about it: what is typed stays a draft.")),
    )
    return {"refused": True}


def _preserve(stage: Stage) -> None:
    """Preserving goes on: B asks for more time for it, in an inquiry that is pending."""
    units = [unit for unit in cast(stage.look().b.inquiries) if unit.part is Part.PENDING and unit.open_items]
    for unit in units[:1]:
        words = ("--clock", "preserve", "--until", "+30h", "--reason", "provider_slow")
        stage.say(stage.b, "extend", unit.inquiry, "--items", unit.numbers, *words)
        stage.tell_once(
            "preserving", Line(text=_("Preserving goes on: what B says about that is taken all the same."))
        )
