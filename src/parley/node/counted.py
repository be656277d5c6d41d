"""Counts what rang, for the watch report: beside the ringing, in a thread of its own, and never before it."""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import DatabaseError, connections

from parley.watch.actions import count_unseen, note_alarms
from parley.watch.beats import AlarmRow
from parley.watch.policy import Rang

UNSEEN_EVERY: Final = 10
"""So often, in seconds, it is written down that nobody sees a screen, while that lasts."""
MAX_WAITING: Final = 64

_log = logging.getLogger(__name__)


class Counted:
    """Writes down what `count` is given, when it changes. For the ringer's thread."""

    def __init__(self, *, now: Callable[[], int]) -> None:
        self._now = now
        self._thread = ThreadPoolExecutor(1, "counted")
        self._rung: dict[tuple[str, str, int], Rang] = {}
        self._unseen_since: int | None = None
        self._waiting = 0

    def count(self, alarms: Iterable[AlarmRow], *, is_unseen: bool) -> None:
        """Take what rings now, and whether somebody has the watch and sees no screen."""
        now = self._now()
        rings = {(each.call, each.cause, each.since): _rang(each) for each in alarms}
        begun = [rang for key, rang in rings.items() if self._rung.get(key) != rang]
        ended = [rang for key, rang in self._rung.items() if key not in rings]
        self._rung = rings
        if begun or ended:
            self._write(lambda: note_alarms(begun, ended=ended, now=now))
        self._see(now, is_unseen=is_unseen)

    def stop(self) -> None:
        """Write what was given, and end."""
        self._thread.submit(connections.close_all)
        self._thread.shutdown()

    def _see(self, now: int, *, is_unseen: bool) -> None:
        since = self._unseen_since
        if since is None:
            self._unseen_since = now if is_unseen else None
            return
        if is_unseen and now - since < UNSEEN_EVERY:
            return
        self._unseen_since = now if is_unseen else None
        self._write(lambda: count_unseen(since=since, now=now))

    def _write(self, write: Callable[[], None]) -> None:
        # Where the file is shut for long, figures are lost before memory is.
        if self._waiting < MAX_WAITING:
            self._waiting += 1
            self._thread.submit(self._done, write)

    def _done(self, write: Callable[[], None]) -> None:
        try:
            write()
        except (DatabaseError, OSError):
            _log.exception("what rang could not be counted")
        finally:
            self._waiting -= 1


def _rang(row: AlarmRow) -> Rang:
    return Rang(
        link=row.link,
        call=row.call,
        place=row.place,
        nature=row.nature,
        urgency=row.urgency,
        cause=row.cause,
        begins=row.since,
        rung=row.rung,
    )
