"""The logs of a line: each begins where the one before it was sealed, and the other node signed that.

Also what a recovery leaves behind: orphans keep their bytes as they were signed. Source: Spec §4.8, §5.7.
"""

import sqlite3
from collections.abc import Iterator
from itertools import pairwise

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.fsck.lines import Log
from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.note import Algorithm
from parley.protocol.recovery import Ending, Purpose, parse_text
from parley.protocol.suite import Suite
from parley.protocol.tree import leaf_hash


def check_epochs(db: sqlite3.Connection, log: Log, suite: Suite) -> Iterator[Finding]:
    """Yield every epoch that does not follow the one before it, and every orphan that is not what it was."""
    (first,) = db.execute("SELECT origin FROM log WHERE id = ?", (log.id,)).fetchone()
    rows = db.execute(
        "SELECT origin, base, acceptance FROM epoch WHERE log = ? ORDER BY base", (log.id,)
    ).fetchall()
    if not rows or rows[0] != (first, 0, None):
        yield _found(Damage.LINK, log, first)
    for before, (origin, base, raw) in pairwise(rows):
        accepted = None if raw is None else _accepted(bytes(raw), log, suite)
        follows = origin.rpartition("/")[0] == first.rpartition("/")[0]
        if raw is not None:
            follows &= accepted is not None and _fits(accepted, before, origin=origin, base=base)
        if not follows:
            yield _found(Damage.LINK, log, origin)
    for leaf, raw in db.execute("SELECT leaf, raw FROM orphan WHERE log = ?", (log.id,)):
        if leaf_hash(raw) != leaf:
            yield _found(Damage.ENTRY, log, bytes(leaf).hex()[:16])


def _accepted(raw: bytes, log: Log, suite: Suite) -> Ending | None:
    """Return what the other node accepted. It signed by all its keys, and each that is known must verify."""
    keys = {
        note.VerifyKey(name=f"{card.node}/receipt", algorithm=Algorithm.ED25519, public=card.receipt_ed25519)
        for card in log.receipting
    }
    try:
        read = note.parse(raw)
        purpose, ending = parse_text(read.text)
        is_signed = bool(note.verified(read, tuple(keys), suite))
    except BreachError:
        return None
    return ending if is_signed and purpose is Purpose.ACCEPT else None


def _fits(accepted: Ending, before: "tuple[str, int, bytes | None]", *, origin: str, base: int) -> bool:
    said = (accepted.origin, accepted.size, accepted.next_origin)
    return said == (before[0], base - before[1], origin)


def _found(damage: Damage, log: Log, place: str) -> Finding:
    return Finding(damage=damage, link=log.link, place=place)
