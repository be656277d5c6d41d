"""The record hashed anew every night and when an officer asks, in a process that gives way to all others.

    core ─── once a day ──▶ python -m parley.node.nightly ──▶ checks.json, and the log if something is damaged
         ◀── how far it is, a line of JSON now and then ──┘

What it finds is shown by `parley doctor` and on the page of a link; it mends nothing. A process
of its own, since core has other things to do, and because memory that it takes is given back.
"""

import asyncio
import json
import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import django
from django.conf import settings

from parley.ledger.checks import FSCK, checked_at
from parley.ledger.fsck.check import Looking, check_record
from parley.ledger.fsck.finding import Progress
from parley.ledger.keys import KeysError
from parley.node.logs import log_to_stderr
from parley.node.start import BAD_HOME, PARENT, die_with_parent
from parley.work import clock
from parley.work.home import Home, HomeError

EVERY_SECONDS: Final = 24 * 3600
LOOK_SECONDS: Final = 600
"""So often core asks itself whether it is time; a node that was just started has other things to do first."""
NICE: Final = 15
MAX_TOLD: Final = 20

_log = logging.getLogger("parley.node.nightly")  # run with -m, its name would be __main__


def is_due(checked: int | None, *, now: int) -> bool:
    """Return whether a day has passed since `checked`; a clock that was set back makes it due as well."""
    return checked is None or not 0 <= now - checked < EVERY_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look under way: since when, and how many entries of the log at hand are done (0 of 0: not known)."""

    since: int
    done: int = 0
    total: int = 0


class Nightly:
    """Has the record of `home` looked at; one look at a time. To be made inside the loop."""

    def __init__(self, home: Home, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._home = home
        self._look_seconds = look_seconds
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()
        self.under_way: Look | None = None

    def ask(self) -> None:
        """Have it looked at now, from any thread; whoever asks during a look waits for that one."""
        if self.under_way is None:
            self.under_way = Look(since=clock.now())
            self._loop.call_soon_threadsafe(self._asked.set)

    async def run(self) -> None:
        """Look once a day, and whenever asked, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), self._look_seconds)
            if self._home.record.exists() and (self._asked.is_set() or self._is_due()):
                await self._look()
            self._asked.clear()
            self.under_way = None

    def _is_due(self) -> bool:
        return is_due(checked_at(self._home, FSCK), now=clock.now())

    async def _look(self) -> None:
        since = clock.now()
        self.under_way = Look(since=since)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "parley.node.nightly"),
            env=os.environ | {PARENT: str(os.getpid()), "PARLEY_HOME": str(self._home.root)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                done, total = json.loads(line)
                self.under_way = Look(since=since, done=done, total=total)
            await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise


def _tell(progress: Progress) -> None:
    sys.stdout.write(json.dumps([progress.done, progress.total]) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Look at the record of the home that `PARLEY_HOME` names, once, and return the exit code."""
    die_with_parent()
    log_to_stderr()
    os.nice(NICE)
    django.setup()
    home: Home = settings.HOME
    try:
        report = check_record(home, Looking(now=clock.now, whole_fold=False, tell=_tell))
    except (HomeError, KeysError, FileNotFoundError) as error:
        _log.critical("%s", error)
        return BAD_HOME
    for finding in report.findings[:MAX_TOLD]:
        _log.error("damaged: %s %s %s", finding.damage.value, finding.link, finding.place)
    _log.info("%d entries hashed anew, %d things damaged", report.entries, report.count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
