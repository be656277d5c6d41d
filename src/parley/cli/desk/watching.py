"""parley desk watch: the desk in a terminal, also over ssh: the same beat, the bell, one key to take a call.

    Space   takes the worst call that rings        q   ends
    --exec  is run for each call that begins to ring or climbs, with what rings as JSON on its stdin

It is a screen like any other: core counts it while it asks, and 15 s without core it says that it is blind.
Without a terminal it has no keys, and lights a lamp all the same.
"""

import json
import os
import select
import subprocess
import sys
import termios
import tty
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.agencies.queries import OfficerRow
from parley.cli.call.faults import heard
from parley.cli.desk.noun import asking, desk
from parley.cli.desk.panel import Panel
from parley.cli.desk.telling import alarm_json, alarm_line, beat_json, fallback_line, muted_lines
from parley.cli.exits import Exit
from parley.cli.output import FaultError, advise, report, result
from parley.cli.persons import As, SecretFile, acting_officer, require_home
from parley.hotline import actions
from parley.links.actions.speaking import Hand, Record, Target
from parley.protocol.act import read_id
from parley.protocol.clauses import Rung
from parley.protocol.suite import Standard
from parley.ui import callwords, words
from parley.watch.beats import AlarmRow, Beat, NobodyAnswersError, beat, look
from parley.watch.forms import watch_word
from parley.work import clock
from parley.work.home import Home
from parley.work.sock import CoreError

BELL: Final = "\a"
STEP_SECONDS: Final = 0.5
HOOK_SECONDS: Final = 20
AGAIN_SECONDS: Final = 1


@desk.command(help=_("Be a desk in this terminal: what rings, the bell, Space takes the worst call."))
def watch(
    *,
    officer: As,
    secret_file: SecretFile = None,
    hook: Annotated[
        Path | None,
        typer.Option("--exec", metavar="PROGRAM", help=_("Run for each call that begins to ring or climbs.")),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help=_("Look once, and end."))] = False,
) -> int:
    home = require_home()
    person = acting_officer(officer, secret_file=secret_file)
    if once:
        return _once(home)
    with ExitStack() as stack:
        keys = stack.enter_context(_keys())
        beats = Listening(home, person)
        stack.callback(beats.stop)
        hooks = ThreadPoolExecutor(1, "hook")
        stack.callback(hooks.shutdown, wait=False, cancel_futures=True)
        beats.start()
        advise(_("Space takes the worst call that rings; q ends."))
        Desk(home, person, hook=hook, hooks=hooks).run(beats, keys)
    return Exit.DONE


def _once(home: Home) -> int:
    with asking():
        found = look(home)
    result(
        beat_json(found),
        watch_word(found.watch),
        *muted_lines(found),
        fallback_line(found.fallback),
        *(alarm_line(each, now=found.now) for each in found.alarms),
        exit_code=Exit.ATTENTION if found.alarms else Exit.DONE,
    )
    return Exit.ATTENTION if found.alarms else Exit.DONE


class Listening:
    """Asks core again and again, and holds what it said until somebody takes it."""

    def __init__(self, home: Home, officer: OfficerRow) -> None:
        self._home = home
        self._officer = officer.number
        self._screen = Standard().dice(16).hex()
        self._told: SimpleQueue[Beat] = SimpleQueue()
        self._stopping = Event()
        self._woken, self._wakes = os.pipe()
        self._thread = Thread(target=self._listen, name="beat", daemon=True)

    @property
    def fileno(self) -> int:
        """Return what becomes readable when something was said."""
        return self._woken

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def take(self) -> Iterator[Beat]:
        """Yield what core said since."""
        while True:
            try:
                yield self._told.get_nowait()
            except Empty:
                return
            os.read(self._woken, 1)

    def _listen(self) -> None:
        seen = 0
        while not self._stopping.is_set():
            try:
                said = beat(
                    self._home,
                    screen=self._screen,
                    officer=self._officer,
                    seen=seen,
                    hidden=False,
                    holds=True,
                )
            except (NobodyAnswersError, CoreError):
                self._stopping.wait(AGAIN_SECONDS)
                continue
            seen = said.seq
            self._told.put(said)
            os.write(self._wakes, b".")


class Desk:
    """The desk itself: prints, rings the bell, runs the hook, and takes a call when told to."""

    def __init__(
        self, home: Home, officer: OfficerRow, *, hook: Path | None, hooks: ThreadPoolExecutor
    ) -> None:
        self._home = home
        self._officer = officer
        self._hook = hook
        self._hooks = hooks
        self._panel = Panel(clock.monotonic(), officer=officer.number)
        self._rang: dict[str, str] = {}

    def run(self, beats: Listening, keys: int | None) -> None:
        """Watch until q."""
        readers = [beats.fileno, *([] if keys is None else [keys])]
        while True:
            ready, _writers, _errors = select.select(readers, [], [], STEP_SECONDS)
            if keys is not None and keys in ready and self._press(os.read(keys, 1)):
                return
            at = clock.monotonic()
            for said in beats.take():
                self._say(self._panel.hear(said, at))
                self._run_hook(said)
            self._say(self._panel.miss(at))
            if self._panel.sounds(at):
                sys.stderr.write(BELL)
                sys.stderr.flush()

    def _press(self, key: bytes) -> bool:
        """Do what the key says; return whether it ends."""
        if key == b" ":
            self._take()
        return key in {b"q", b""}

    def _take(self) -> None:
        worst = self._panel.worst
        if worst is None:
            advise(_("Nothing rings."))
            return
        if worst.awaits_principal:
            said = _(
                "Nothing was taken: it rings for %(rung)s. Type: parley call take %(path)s --rung %(code)s"
            )
            rung = words.label(worst.rung, callwords.RUNGS)
            advise(said % {"rung": rung, "path": worst.place.replace(" ", "-"), "code": worst.rung})
            return
        if not self._panel.is_settled(clock.monotonic()):
            advise(_("Nothing was taken: another call came just now. Look, then press Space again."))
            return
        hand = Hand(
            officer=self._officer, key=uuid.uuid4().hex, now=clock.now(), door=Record(home=self._home)
        )
        try:
            with heard():
                actions.take(Target(link=worst.link, statement=read_id(worst.call)), Rung.DUTY_DESK, by=hand)
        except FaultError as fault:
            report(fault)
            return
        advise(
            _("%(link)s %(place)s is taken. Read it back: parley call read-back %(path)s")
            % {"link": worst.link, "place": worst.place, "path": worst.place.replace(" ", "-")}
        )

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            advise(line)

    def _run_hook(self, said: Beat) -> None:
        fresh = [each for each in said.alarms if self._rang.get(each.call) != each.rung]
        self._rang = {each.call: each.rung for each in said.alarms}
        if self._hook is not None:
            for each in fresh:
                self._hooks.submit(run_hook, self._hook, each)


def run_hook(hook: Path, alarm: AlarmRow) -> None:
    """Run the officer's own program with what rings on its stdin; how it fares changes nothing here."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing of the other side's in its words
            [str(hook)],
            input=json.dumps(alarm_json(alarm)).encode(),
            timeout=HOOK_SECONDS,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        advise(_("The program of --exec failed: %(why)s") % {"why": error})
        return
    if done.returncode:
        advise(_("The program of --exec failed: %(why)s") % {"why": done.returncode})


@contextmanager
def _keys() -> Iterator[int | None]:
    """Give the terminal's keys, one by one as they are pressed; None where there is no terminal."""
    if not sys.stdin.isatty():
        yield None
        return
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    tty.setcbreak(number)
    try:
        yield number
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
