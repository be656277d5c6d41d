"""Plays steps of the story when somebody at the start page wishes to watch; a walker plays the same by hand.

It lives in a thread of its own, and every wait of the story passes through `pause`, so that it can be
stopped between any two acts. What was said then stays said, and the next order goes on from the record.
"""

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from django.utils import translation

from parley.demo import (
    calling,
    casework,
    chapters,
    cheating,
    concluding,
    meeting,
    offering,
    promising,
    reviewing,
    walkout,
)
from parley.demo.chapters import Chapter
from parley.demo.country import country, put_away
from parley.demo.hand import CommandError
from parley.demo.place import Place
from parley.demo.steps import NAMES
from parley.demo.story import Story, StoryError
from parley.demo.telling import Line

TOLD: Final = 12
JOIN_SECONDS: Final = 20.0
CHAPTERS: Final[Mapping[str, tuple[Chapter, ...]]] = {
    "consensus": (promising.promise,),
    "paste": (chapters.read_aloud,),
    "send": (chapters.send_sheet,),
    "acknowledge": (chapters.acknowledge,),
    "supplement": (chapters.supplement,),
    "answer": (chapters.answer, chapters.pending),
    "thanks": (chapters.thank,),
    "same": (chapters.agree,),
    "call": (calling.call_desk,),
    "principal": (calling.call_principal,),
    "suspend": (walkout.suspend,),
    "resume": (walkout.resume,),
    "offer": (offering.offer,),
    "case": (casework.open_case,),
    "finding": (casework.find,),
    "revise": (casework.revise,),
    "review": (reviewing.review,),
    "round": (meeting.meet,),
    "outcomes": (concluding.negotiate,),
    "release": (concluding.release,),
    "next": (meeting.set_next,),
    "cheat": (cheating.cheat,),
    "put_back": (cheating.put_back,),
}
SPEEDS: Final[Mapping[str, float]] = {"slow": 3.0, "normal": 1.2, "fast": 0.0}
"""The pause after each act, in seconds."""


class HaltedError(Exception):
    """Somebody wants it to stop here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """What the player does now. `step` is empty while it waits; `told` has the newest line last."""

    is_ready: bool = False
    step: str = ""
    act: Line | None = None
    told: tuple[Line, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Play everything up to the step `upto`, with so many seconds after each act."""

    upto: str
    tempo: float


class Player:
    """The story of one folder, played on order."""

    def __init__(
        self,
        folder: Path,
        place: Place,
        *,
        language: str,
        tell: Callable[[str], None],
        fail: Callable[[str], None],
    ) -> None:
        self._language = language
        self._say = tell
        self._fail = fail
        self._orders: queue.Queue[Order | None] = queue.Queue()
        self._halting = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name="player", daemon=True)
        self.playing = Playing()
        a, b = (country(letter, folder, pause=self._pause) for letter in "AB")
        self.story = Story(
            a=a, b=b, place=place, tell=self._tell, pause=self._pause, show=self._show, is_shared=True
        )

    def start(self) -> None:
        """Set the stage, and then wait for orders."""
        self._thread.start()

    def order(self, order: Order) -> None:
        """Play this, after what is being played now."""
        self._orders.put(order)

    def halt(self) -> None:
        """Stop after the act that is being typed, and forget what was ordered."""
        if self.playing.step:
            self._halting.set()

    def stop(self) -> None:
        """Stop for good, and both nodes with it."""
        self._ending.set()
        self._halting.set()
        self._orders.put(None)
        for side in (self.story.a, self.story.b):
            side.hand.stop()
        self._thread.join(JOIN_SECONDS)
        put_away((self.story.a, self.story.b))

    # ---- In its own thread

    def _live(self) -> None:
        with translation.override(self._language):
            try:
                self.story.begin()
            except HaltedError:
                return
            except (StoryError, CommandError) as error:
                self._fail(str(error))
                return
            self.playing = replace(self.playing, is_ready=True)
            while (order := self._orders.get()) is not None:
                self._play(order)

    def _play(self, order: Order) -> None:
        self.story.tempo = order.tempo
        self.playing = replace(self.playing, fault="")
        try:
            for name in _steps_to(order.upto):
                for chapter in CHAPTERS.get(name, ()):
                    self.playing = replace(self.playing, step=name)
                    chapter(self.story)
        except HaltedError:
            self._forget()
        except (StoryError, CommandError) as error:
            self._forget()
            self.playing = replace(self.playing, fault=str(error))
        finally:
            self.playing = replace(self.playing, step="", act=None)

    def _forget(self) -> None:
        while not self._ending.is_set() and not self._orders.empty():
            self._orders.get()
        if not self._ending.is_set():
            self._halting.clear()

    def _pause(self, seconds: float) -> None:
        if self._halting.wait(seconds):
            raise HaltedError

    def _tell(self, line: Line) -> None:
        self._say(str(line))
        self.playing = replace(self.playing, told=(*self.playing.told, line)[-TOLD:])

    def _show(self, line: Line) -> None:
        self.playing = replace(self.playing, act=line)


def _steps_to(name: str) -> tuple[str, ...]:
    # Cheating and putting it back are no steps of the tour: nothing leads up to them.
    return NAMES[: NAMES.index(name) + 1] if name in NAMES else (name,)
