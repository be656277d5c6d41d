"""Where both logs of a link stand in the record, and what was odd about them."""

import sqlite3

from parley.ledger.rows import AlarmRow, LinkStatus
from parley.ledger.standing import LinkFacts


def status_of(db: sqlite3.Connection, facts: LinkFacts) -> LinkStatus:
    """Return where both logs of a link stand here."""
    mine, theirs = facts.logs[facts.me], facts.logs[facts.peer]
    receipt = db.execute(
        "SELECT size, received_at FROM receipt WHERE log = ? ORDER BY size DESC LIMIT 1", (mine,)
    ).fetchone() or (0, None)
    heard = db.execute("SELECT at FROM heard WHERE link = ?", (facts.id,)).fetchone()
    alarms = db.execute(
        "SELECT code, times, first_at, last_at, remark FROM alarm WHERE link = ? ORDER BY code",
        (facts.id,),
    )
    (forks,) = db.execute("SELECT COUNT(*) FROM fork WHERE log = ?", (theirs,)).fetchone()
    return LinkStatus(
        my_size=_size(db, mine),
        my_receipted=receipt[0],
        my_receipted_at=receipt[1],
        their_size=_size(db, theirs),
        last_heard_at=None if heard is None else heard[0],
        forks=forks,
        alarms=tuple(
            AlarmRow(code=code, times=times, first_at=first, last_at=last, remark=remark)
            for code, times, first, last, remark in alarms
        ),
    )


def _size(db: sqlite3.Connection, log: int) -> int:
    found = db.execute("SELECT size FROM tip WHERE log = ?", (log,)).fetchone()
    return 0 if found is None else int(found[0])
