"""Any bit of record.db, turned over: where it is in a row of evidence, the hashes tell (F8).

SQLite's own check sees a few of these; a turned bit in a row that still reads as a row it does not see.
"""

import hashlib
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from parley.work.home import Home
from tests.system.nodes import SCALE, Mail, chance, inquiry, linked, tell
from tools.checker import faults

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

FLIPS: Final = 200 * SCALE
SAID: Final = 40
EVIDENCE: Final = ("entry", "part", "head", "head_note", "receipt", "card", "fork", "row", "tip")


def evidence(home: Home) -> str:
    """Return one hash over all rows of evidence, and of what is folded from it."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(f"file:{home.record}?mode=ro", uri=True)) as db:
        for table in EVIDENCE:
            # How much an entry takes in parcels proves nothing; the nightly check looks at it.
            columns = "log, idx, leaf, raw" if table == "entry" else "*"
            for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2"):  # noqa: S608 - the names above
                found.update(repr(row).encode())
    return found.hexdigest()


def turn(home: Home, whole: bytes, dice: random.Random) -> tuple[int, int]:
    """Write the record `whole` with one bit turned over, and return its place."""
    raw = bytearray(whole)
    at, bit = dice.randrange(len(raw)), dice.randrange(8)
    raw[at] ^= 1 << bit
    for beside in ("record.db-wal", "record.db-shm"):
        (home.root / beside).unlink(missing_ok=True)
    home.record.write_bytes(raw)
    return at, bit


def test_every_turned_bit_of_the_evidence_is_noticed(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("tries", FLIPS)
    a, b = linked(tmp_path)
    with closing(Mail(a.home, b.home)) as mail:
        for home in (a.home, b.home):
            mail.ledgers[home].append([inquiry(f"{home.root.name}.{n}", text="x" * 500) for n in range(SAID)])
            mail.settle()
    assert faults(a.home) == ()
    whole, before, dice = a.home.record.read_bytes(), evidence(a.home), chance()

    noticed, untouched, silent = 0, 0, []
    for _ in range(FLIPS):
        place = turn(a.home, whole, dice)
        if faults(a.home):
            noticed += 1
        elif evidence(a.home) == before:
            untouched += 1
        else:
            silent.append(place)

    tell(f"{FLIPS} bits turned: {noticed} noticed, {untouched} outside of every row of evidence")
    assert silent == []
    assert noticed > FLIPS // 4
