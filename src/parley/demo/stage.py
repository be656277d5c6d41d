"""What every chapter of the story stands on: two sides, their records, their hands, and how it is told."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK, Country
from parley.demo.hand import CommandError
from parley.demo.place import Place
from parley.demo.scene import Scene, Watcher
from parley.demo.telling import Line, Said
from parley.protocol.inquiries.apply import Inquiry

WAIT_SECONDS: Final = 240.0
STEP_SECONDS: Final = 0.1
# Refused by a rule, not found, changed meanwhile: a walker was quicker, and the record says how it stands.
OVERTAKEN: Final = frozenset({3, 4, 8})

DOES: Final[Mapping[str, Said]] = {
    "acknowledge": _("%(side)s · %(who)s acknowledges %(place)s"),
    "admit": _("%(side)s · %(who)s admits %(place)s"),
    "return": _("%(side)s · %(who)s returns %(place)s for supplement"),
    "supply": _("%(side)s · %(who)s supplies what %(place)s lacked"),
    "answer": _("%(side)s · %(who)s answers %(place)s"),
    "refuse": _("%(side)s · %(who)s refuses %(place)s"),
    "ask-status": _("%(side)s · %(who)s asks how %(place)s stands"),
    "progress": _("%(side)s · %(who)s reports progress on %(place)s"),
    "extend": _("%(side)s · %(who)s announces more time for %(place)s"),
    "agree": _("%(side)s · %(who)s agrees to more time for %(place)s"),
    "postpone": _("%(side)s · %(who)s postpones %(place)s"),
    "rate": _("%(side)s · %(who)s rates the answers to %(place)s"),
    "dispute": _("%(side)s · %(who)s contests a statement in %(place)s"),
    "close": _("%(side)s · %(who)s closes %(place)s"),
}
"""What the start page says while an officer's act is typed."""


class StoryError(Exception):
    """Something that the story waited for did not happen; what was said stays said."""


@dataclass(kw_only=True)
class Stage:
    """The two sides, where the story stands, and how it is told.

    `show` gets a line for every act while it is typed, `tempo` is the pause after it in seconds. With
    `is_shared` people work in the pages at the same time, and being overtaken by them is no fault.
    """

    a: Country
    b: Country
    place: Place
    tell: Callable[[Line], None]
    pause: Callable[[float], None]
    show: Callable[[Line], None] = lambda _line: None
    tempo: float = 0.0
    is_shared: bool = False
    _watcher: Watcher | None = field(default=None, init=False)

    def look(self) -> Scene:
        """Return what stands in both records now."""
        if self._watcher is None:
            self._watcher = Watcher(self.a, self.b)
        return self._watcher.look()

    def until(self, what: str, is_so: Callable[[Scene], bool]) -> Scene:
        """Wait until `is_so` holds of the scene, and return that.

        Raises:
            StoryError: it did not come about in time.
        """
        for _try in range(int(WAIT_SECONDS / STEP_SECONDS)):
            scene = self.look()
            if is_so(scene):
                return scene
            self.pause(STEP_SECONDS)
        raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": what})

    def say(self, side: Country, verb: str, inquiry: Inquiry, *words: str, on: str = "") -> None:
        """Type what the officer of `side` says about `inquiry`, or on the statement at the place `on`.

        The same words about the same inquiry are one statement, however often they are typed.
        """
        place = f"A-{inquiry.sent.index}"
        who = {"side": side.name, "who": side.officer, "place": place.replace("-", " ")}
        self.show(Line(text=DOES[verb], words=who))
        target = on or place
        digest = hashlib.sha256("\n".join((verb, target, *words)).encode()).hexdigest()[:16]
        try:
            side.act(f"{verb}-{target}-{digest}", "inquiry", verb, target, "--link", LINK, *words)
        except CommandError as error:
            if not (self.is_shared and error.exit in OVERTAKEN):
                raise
        self.pause(self.tempo)

    def tell_once(self, key: str, line: Line) -> None:
        """Tell a line, but not again after the story was killed and went on."""
        if f"told {key}" not in self.place:
            self.tell(line)
            self.place.once(f"told {key}", lambda: {"told": True})
