"""What is said once more after a log of ours ended: what was in the record and nobody else ever held.

Entries that were written and acknowledged, and that no kept head of ours covers, cannot be proved in
the log that ended: there the next signature could be a second history. Their officers did say them.
So each is written again in the log that follows, under its draft, with the same act, body and files;
what answers one of them answers the new one. What persons signed themselves names the old log, and
stays an orphan that people look at. Source: Spec §4.8.8, §5.7.9.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from parley.ledger.drafts import Draft, Enclosed
from parley.ledger.epochs import write_seen_before
from parley.ledger.exchange import ROOT_SIGNED
from parley.ledger.keys import Keys
from parley.ledger.tags import kept_part, tagged
from parley.protocol import entry as entries
from parley.protocol.act import Act, read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.entry import PartRef
from parley.protocol.form import read_statement
from parley.protocol.kinds import KINDS
from parley.protocol.line import Line
from parley.protocol.part import PartError, open_part
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonValue, read
from parley.protocol.suite import Suite

_CLOCKED: Final = tuple(name for name, kind in KINDS.items() if kind.clocked)
# Those with a line that begins with `seen`.
_CITING: Final = "SELECT raw FROM entry WHERE log = ? AND instr(raw, x'0a7365656e20') > 0"
_ENCLOSED: Final = "SELECT hash, size, wrapped FROM file WHERE log = ? AND hash = ?"


class Gone(Struct, frozen=True, kw_only=True):
    """One entry of ours that gave way: the draft that it was of, its leaf, its log, its bytes."""

    draft: str
    leaf: bytes
    origin: str
    raw: bytes


def note_gone(db: sqlite3.Connection, log: int, size: int) -> None:
    """Note which drafts are to be written again, since all entries from `size` on are about to give way."""
    db.execute(
        "INSERT OR REPLACE INTO again SELECT drafted.log, idx, draft, leaf FROM drafted"
        " JOIN entry USING (log, idx) WHERE drafted.log = ? AND idx >= ?",
        (log, size),
    )


def note_unsaid(db: sqlite3.Connection, mine: int, theirs: int, *, size: int) -> None:
    """Note which of their entries ours said not to be opened, from our entry `size` on; those give way."""
    found = db.execute(
        "SELECT act FROM row WHERE log = ? AND idx >= ? AND kind = 'unopened' AND outcome = 'valid'",
        (mine, size),
    )
    for (act,) in found.fetchall():
        said = read_act(read_json(bytes(act)))
        db.execute(
            "INSERT OR REPLACE INTO unsaid SELECT log, idx, ? FROM row"
            " WHERE +log = ? AND leaf_tag = ? AND leaf = ?",
            (said.d["reason"], theirs, *tagged(said.re or b"")),
        )


def note_unanswered(db: sqlite3.Connection, theirs: int, *, cut: int) -> bool:
    """Note which of their entries from `cut` on are to be answered by `received`; return if any is.

    Whether one is valid may not be known now: what it had seen of our line may have given way, and come back.
    """
    marks = ", ".join("?" * len(_CLOCKED))
    db.execute(
        f"INSERT OR IGNORE INTO unsaid SELECT log, idx, '' FROM row WHERE log = ? AND idx >= ?"  # noqa: S608 - question marks
        f" AND kind IN ({marks})",
        (theirs, cut, *_CLOCKED),
    )
    return db.execute("SELECT 1 FROM unsaid WHERE log = ?", (theirs,)).fetchone() is not None


def recount_seen(db: sqlite3.Connection, mine: int, peer: int, *, theirs: Line) -> int:
    """Note anew how much of the line `theirs` our entries say to have seen, and return it.

    An end of their log that is agreed takes away what lies beyond it; one that is declined, or a later one,
    brings it back, and what our own entries had seen there is then judged by what is not here yet. What is
    cut off our own line has seen nothing any more.
    """
    return write_seen_before(db, peer, still_seen(db, mine, theirs))


def still_seen(db: sqlite3.Connection, mine: int, theirs: Line) -> int:
    """Return how much of the line `theirs`, as it is now, the entries of our line `mine` say to have seen."""
    # Not the newest tells: one that persons signed, or that was said before all was back, had seen less.
    most = 0
    for (raw,) in db.execute(_CITING, (mine,)):
        found = read_statement(bytes(raw)).parsed
        seen = () if found is None else found.entry.seen
        most = max(most, *(theirs.size_of(each.origin, each.size) or 0 for each in seen), 0)
    return most


def read_gone(db: sqlite3.Connection, log: int) -> tuple[Gone, ...]:
    """Return what is to be written again, in order, and forget it; what came back is its draft's again."""
    db.execute(
        "INSERT OR IGNORE INTO drafted SELECT again.log, draft, entry.idx FROM again"
        " JOIN entry ON entry.log = again.log AND entry.leaf = again.leaf WHERE again.log = ?",
        (log,),
    )
    found = db.execute(
        "SELECT draft, again.leaf, origin, raw FROM again JOIN orphan USING (log, leaf, idx)"
        " WHERE again.log = ?"
        " AND draft NOT IN (SELECT draft FROM drafted WHERE drafted.log = again.log) ORDER BY again.idx",
        (log,),
    ).fetchall()
    db.execute("DELETE FROM again WHERE log = ?", (log,))
    return tuple(
        Gone(draft=draft, leaf=bytes(leaf), origin=origin, raw=bytes(raw))
        for draft, leaf, origin, raw in found
    )


class Again:
    """Makes drafts of what gave way. `link` is the name of the link, `log` the number of our line."""

    def __init__(self, db: sqlite3.Connection, link: str, log: int, *, keys: Keys, suite: Suite) -> None:
        self._db, self._link, self._log = db, link, log
        self._keys, self._suite = keys, suite
        # The statements that were written again, old and new.
        self._anew: dict[bytes, bytes] = {}

    def draft(self, gone: Gone) -> Draft | None:
        """Return the draft by which an entry is written again; None if it cannot be."""
        try:
            parsed = entries.parse(gone.raw)
            entry = parsed.entry
            act = read_act(read_json(self._open(entry.act, gone.origin)))
            body = self._body(entry.parts[0], gone.origin) if entry.parts else None
        except (BreachError, PartError):
            return None
        if parsed.lines and act.k not in ROOT_SIGNED:
            return None
        return self._drafted(gone, act, body=body, files=tuple(self._files(entry.parts[1:])))

    def is_now(self, gone: Gone, statement: bytes) -> None:
        """Note as what an entry was written again."""
        self._anew[gone.leaf] = statement

    def _drafted(
        self, gone: Gone, act: Act, *, body: "Mapping[str, JsonValue] | None", files: tuple[Enclosed, ...]
    ) -> Draft:
        return Draft(
            id=gone.draft,
            link=self._link,
            kind=act.k,
            d=act.d,
            re=None if act.re is None else self._anew.get(act.re, act.re),
            role=act.by.role,
            officer=act.by.n,
            ref=act.ref,
            body=body,
            version=act.v,
            files=files,
        )

    def _body(self, part: PartRef, scope: str) -> "Mapping[str, JsonValue]":
        return read(self._open(part, scope), max_values=MAX_BODY_VALUES)

    def _open(self, part: PartRef, scope: str) -> bytes:
        """Return what a part of an entry says.

        Raises:
            PartError, BreachError: it is not here any more.
        """
        found = kept_part(self._db, part.hash)
        if found is None:
            raise BreachError("4.3", "it is not here")
        key = self._keys.unwrap(found[0])
        return open_part(found[1], key=key, scope=scope, suite=self._suite)

    def _files(self, parts: "tuple[PartRef, ...]") -> Iterator[Enclosed]:
        for part in parts:
            found = self._db.execute(_ENCLOSED, (self._log, part.hash)).fetchone()
            if found is not None:
                yield Enclosed(hash=bytes(found[0]), size=int(found[1]), wrapped=bytes(found[2]))
