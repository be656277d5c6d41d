"""The pager of a home put together: its settings, its file, and the ways of its own people.

    pager = open_pager(home, told=…)      told: News; `lost` lets the next rung come earlier
    pager.start()                         takes up what a stop interrupted
    pager.ring(Ring(key="H-12/2/5", person=4, reason=Reason.CALL, rung=2, link="a-b", urgency="U0"))
    pager.end("H-12/2/5")                 a person took the call

Whoever works out what is due asks for all of it each time: a key that names call, rung and minute rings
once, however often it is asked for.
"""

import logging
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.db import connections

from parley.gates.pager.deliveries import Deliveries, VersionError
from parley.gates.pager.pager import Pager
from parley.gates.pager.ring import News
from parley.gates.pager.settings import read_settings
from parley.watch.policy import Addressee
from parley.watch.queries import ways_of
from parley.work.home import Home

CODE_DIGITS: Final = 6

_log = logging.getLogger(__name__)


def deliveries_file(home: Home) -> Path:
    """Return where the rows of what was rung lie."""
    return home.root / "pager.db"


def open_deliveries(home: Home) -> Deliveries:
    """Open the rows of what was rung.

    Raises:
        VersionError: the file is another version's.
    """
    return Deliveries(deliveries_file(home))


def open_pager(home: Home, *, told: Callable[[News], None]) -> Pager:
    """Return the pager of `home`, which is still to be started; a changed `pager.toml` needs another one.

    For the one process that takes up what a stop interrupted.

    Raises:
        SettingsError, HomeError: nothing can be rung.
    """
    return Pager(read_settings(home), _usable(home), ways=_ways, told=told)


def _usable(home: Home) -> Deliveries:
    """Return a file for rows, whatever became of the one that was there: nobody is left in silence for it.

    A broken one, or another version's, is put aside; where none can be opened, as on a full disk, rows are
    kept in memory.
    """
    path = deliveries_file(home)
    try:
        try:
            return open_deliveries(home)
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, VersionError):
            _log.exception("what was rung before cannot be read; it is put aside")
            path.replace(path.with_name("pager.db.broken"))
            for end in ("-wal", "-shm"):
                path.with_name(f"pager.db{end}").unlink(missing_ok=True)
            return open_deliveries(home)
    except (sqlite3.OperationalError, OSError):
        _log.exception("what is rung cannot be written down, and is rung all the same")
        return Deliveries(Path(":memory:"))


def fresh_code() -> str:
    """Return a code that nobody can guess in a few tries."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def _ways(person: int) -> tuple[Addressee, ...]:
    try:
        return ways_of(person)
    finally:
        # The pager's thread asks seldom, and must not hold the file open for it.
        connections.close_all()
