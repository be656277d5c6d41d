"""How the people of a side speak in a chapter: one alone, or two who sign the very same text.

What one says carries a key, so that it is said once however often it is typed. What persons sign has no such
key; so the record is looked at before, and after whatever died meanwhile.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import Country
from parley.demo.hand import PAUSE_SECONDS, TRIES, CommandError
from parley.demo.scene import View
from parley.demo.stage import OVERTAKEN, Stage
from parley.demo.telling import Line, Said

_WAITING: Final = 5
_FAILURES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody of one side: the person `who` of its people. `does` is what the start page tells meanwhile."""

    stage: Stage
    side: Country
    who: int = 0

    def says(self, does: Said, *words: str) -> Mapping[str, Any]:
        """Type what this person says, and return what came of it; nothing, if somebody was quicker.

        The same words are one statement, however often they are typed.
        """
        self._show(does)
        digest = hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
        person = self.side.people[self.who]
        said: Mapping[str, Any] = {}
        try:
            said = self.side.do(
                *words,
                *self._signature(),
                *("--lang", person.language, "--key", f"{words[0]}-{digest}-{self.side.letter}"),
            )
        except CommandError as error:
            if not (self.stage.is_shared and error.exit in OVERTAKEN):
                raise
        self.stage.pause(self.stage.tempo)
        return said

    def signs(self, does: Said, is_said: Callable[[View], bool], *words: str) -> None:
        """Type what this person signs with a key of his or her own, until this side's record has it.

        Raises:
            CommandError: it was refused.
        """
        typed = (*words, *self._signature(), "--lang", self.side.people[self.who].language)
        for _try in range(TRIES):
            if is_said(look_at(self.stage, self.side)):
                return
            self._show(does)
            try:
                is_answered = self.side.hand.try_once(*typed) is not None
            except CommandError:
                if not is_said(look_at(self.stage, self.side)):
                    raise
                is_answered = True
            self.stage.pause(self.stage.tempo if is_answered else PAUSE_SECONDS)
        raise CommandError(typed, {"fault": {"code": "no_answer", "what": "it was not said"}})

    def _show(self, does: Said) -> None:
        words = {"side": self.side.name, "who": self.side.people[self.who].name, "does": does}
        self.stage.show(Line(text=_("%(side)s · %(who)s %(does)s"), words=words))

    def _signature(self) -> tuple[str, ...]:
        person = self.side.people[self.who]
        return ("--as", person.name, "--secret-file", str(self.side.secret))


def look_at(stage: Stage, side: Country) -> View:
    """Return what stands in the record of `side` now."""
    scene = stage.look()
    return scene.a if side.letter == "A" else scene.b


def typed_time(seconds: int) -> str:
    """Return a time as it is typed."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def together(stage: Stage, side: Country, is_said: Callable[[View], bool], *words: str) -> None:
    """Have the first officer of `side` prepare what `words` type, and the second sign the very same text.

    What was prepared before and not signed is put away: whoever prepared it may be gone.

    Raises:
        CommandError: it was refused.
    """
    for failures in range(_FAILURES):
        if is_said(look_at(stage, side)):
            return
        stage.show(Line(text=_("%(side)s · two officers sign"), words={"side": side.name}))
        try:
            _sign(side, *words)
        except CommandError:
            # Typed anew after a hand had died, it may find its own work done.
            if failures == _FAILURES - 1 and not is_said(look_at(stage, side)):
                raise
        stage.pause(stage.tempo)


def _sign(side: Country, *words: str) -> None:
    one, two = (("--as", each.name, "--secret-file", str(side.secret)) for each in side.people[:2])
    for number in _prepared(side):
        side.do("link", "sign", number, "--put-away", *two)
    try:
        side.do(*words, *one)
    except CommandError as error:
        if error.exit != _WAITING:
            raise
    for number in _prepared(side):
        side.do("link", "sign", number, *two)


def _prepared(side: Country) -> tuple[str, ...]:
    return tuple(str(each["draft"]) for each in side.do("link", "sign")["waiting"])
