"""Every act of a link opened anew from its ciphertext: what a rebuild of the fold's rows starts from.

A row keeps the act in clear, so the row alone cannot show that somebody changed it, and a row
that is lost takes nothing with it that the evidence does not hold. Source: Spec §4.3, §6.7.
"""

import sqlite3
from collections.abc import Iterator

from parley.ledger.keys import Keys
from parley.ledger.standing import LinkFacts
from parley.ledger.tags import kept_part
from parley.protocol.act import read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.content import inline_parts
from parley.protocol.part import PartError, open_part
from parley.protocol.pasts import Logs
from parley.protocol.suite import Suite
from parley.protocol.tree import leaf_hash


def read_acts(db: sqlite3.Connection, facts: LinkFacts, *, keys: Keys, suite: Suite) -> Logs:
    """Return both logs as (entry, act) in order; an act whose content is gone, as its row has it.

    What this node said not to have opened stays unopened, though a key may have come since.
    """
    mine, theirs = (
        [
            (raw, kept, _open(db, raw, keys, scope=facts.line(node).at(index).origin, suite=suite))
            for index, (raw, kept) in enumerate(_rows(db, facts.logs[node]))
        ]
        for node in (facts.me, facts.peer)
    )
    ours = [(raw, opened or kept) for raw, kept, opened in mine]
    shut = {target for _, act in ours if (target := _unopened(act)) is not None}
    return {
        facts.me: ours,
        facts.peer: [
            (raw, None if kept is None and leaf_hash(raw) in shut else opened or kept)
            for raw, kept, opened in theirs
        ],
    }


def _rows(db: sqlite3.Connection, log: int) -> Iterator[tuple[bytes, bytes | None]]:
    sql = "SELECT raw, act FROM entry LEFT JOIN row USING (log, idx) WHERE log = ? ORDER BY idx"
    yield from db.execute(sql, (log,))


def _open(db: sqlite3.Connection, raw: bytes, keys: Keys, *, scope: str, suite: Suite) -> bytes | None:
    part = next(iter(inline_parts(raw)), None)
    if part is None:
        return None
    kept = kept_part(db, part.hash)
    if kept is None:
        return None
    try:
        return open_part(kept[1], key=keys.unwrap(kept[0]), scope=scope, suite=suite)
    except PartError:
        return None


def _unopened(act: bytes | None) -> bytes | None:
    try:
        read = None if act is None else read_act(read_json(act))
    except BreachError:
        return None
    return read.re if read is not None and read.k == "unopened" else None
