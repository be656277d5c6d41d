"""The parts that this node said to have destroyed: that they are gone is right, that one is here is not.

Nothing of them is ever put back from another copy. Source: Spec §7.8.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress

from parley.ledger.fsck.lines import Log
from parley.ledger.tags import tagged
from parley.protocol import entry as entries
from parley.protocol import erasure
from parley.protocol.act import read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.erasure import ErasureOrdered


def erased_parts(db: sqlite3.Connection, logs: tuple[Log, ...]) -> frozenset[bytes]:
    """Return the hashes of all parts of which this node said `record.erased`, by what the rows say."""
    mine = [log.id for log in logs if log.is_mine]
    return frozenset(
        digest
        for log in mine
        for (act,) in db.execute(
            "SELECT act FROM row WHERE log = ? AND kind = 'record.erased' AND outcome = 'valid'", (log,)
        )
        for digest in _ordered(db, act)
    )


def _ordered(db: sqlite3.Connection, act: bytes) -> Iterator[bytes]:
    order = _order(db, act)
    for each in order.parts if order is not None else ():
        sql = "SELECT raw FROM entry JOIN row USING (log, idx) WHERE leaf_tag = ? AND row.leaf = ?"
        found = db.execute(sql, tagged(each.id))
        for (raw,) in found.fetchall():
            # What is damaged is told of elsewhere.
            with suppress(BreachError):
                yield from (part.hash for part in each.of(entries.parse(bytes(raw)).entry))


def _order(db: sqlite3.Connection, act: bytes) -> ErasureOrdered | None:
    with suppress(BreachError):
        found = db.execute(
            "SELECT act FROM row WHERE leaf_tag = ? AND leaf = ?"
            " AND kind = 'record.erasure_ordered' AND outcome = 'valid'",
            tagged(read_act(read_json(act)).re or b""),
        ).fetchone()
        said = None if found is None else read_act(read_json(found[0]))
        order = None if said is None else erasure.read_said(said.k, said.d)
        return order if isinstance(order, ErasureOrdered) else None
    return None
