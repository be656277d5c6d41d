"""How much an entry takes in parcels: few numbers are possible, and the one that is kept is one of them.

What came with an entry of theirs depended on the parcel (a copy brings nothing a second time),
so the number cannot be computed, only checked. It steers how parcels are cut and proves nothing.
"""

import sqlite3
from itertools import combinations

from parley.ledger.tags import tagged
from parley.protocol import entry as entries
from parley.protocol.breach import BreachError
from parley.protocol.content import inline_parts

KEY_BYTES = 80
"""What a part takes beside its ciphertext."""


def may_weigh(db: sqlite3.Connection, raw: bytes, weight: int) -> bool:
    """Return whether the entry `raw` can take `weight` bytes in parcels."""
    sizes = [_size(db, part.hash, part.size) + KEY_BYTES for part in inline_parts(raw)]
    files = max(0, _named(raw) - 1)
    return any(
        weight - len(raw) - sum(some) == KEY_BYTES * named
        for count in range(len(sizes) + 1)
        for some in combinations(sizes, count)
        for named in (0, files)
    )


def _named(raw: bytes) -> int:
    try:
        return len(entries.parse(raw).entry.parts)
    except BreachError:
        return 0


def _size(db: sqlite3.Connection, digest: bytes, size: int) -> int:
    sql = "SELECT length(ciphertext) FROM part WHERE tag = ? AND hash = ?"
    found = db.execute(sql, tagged(digest)).fetchone()
    return size if found is None else int(found[0])
