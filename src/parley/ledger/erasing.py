"""The one path on which content is destroyed: ciphertext, wrapped key and file; entries stay for ever.

    order      say `record.erasure_ordered`, destroy, say `record.erased`     one transaction
    carry_out  destroy what the other side ordered, say `record.erased`       one transaction
    again      destroy once more what this node said to have erased           at every start, and after a loss

The files go before the transaction ends, so a crash at any moment leaves either nothing said, or all of it
gone but for what SQLite still holds in its write-ahead log; that is emptied afterwards, and at every start.
Freed pages are overwritten with zeros (`secure_delete`). Nothing here decides that content is to go: that is
for people. Not every part that is named is taken for what it seems: the hash of an act, or of a part that
is sealed for another log, could be named by an entry to have that destroyed, and is left alone. Spec §7.8.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parley.ledger import files
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.fetching import Files
from parley.ledger.files import FileRow
from parley.ledger.keys import Keys
from parley.ledger.slot import Slot
from parley.ledger.tags import kept_part, tagged
from parley.ledger.waiting import Job
from parley.ledger.writer import Writer
from parley.protocol import entry as entries
from parley.protocol import erasing
from parley.protocol.act import id_text, read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.content import further_parts, inline_parts
from parley.protocol.entry import PartRef
from parley.protocol.erasure import Erasure, Named
from parley.protocol.part import PartError, open_part
from parley.protocol.shelf import Row
from parley.protocol.suite import Suite
from parley.vault.coming import Wanted
from parley.work import clock

ERASED: Final = "record.erased"
TRIES: Final = 20
PAUSE_SECONDS: Final = 0.05


class NoOrderError(Exception):
    """No order to erase that is in effect has this id; nothing was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """What was said: the order if it is ours and new, and that we erased, if that was not said before.

    `is_clean`: the write-ahead log of the record is empty, so nothing of it is there either.
    """

    order: Appended | None
    erased: Appended | None
    is_clean: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    said: Appended | None
    files: Sequence[FileRow]


class Eraser:
    """Erases in one record."""

    def __init__(
        self, writer: Writer, db: sqlite3.Connection, *, keys: Keys, files: Files, suite: Suite
    ) -> None:
        """Erase in the record behind `db`, which the writer thread uses, and in the vault of `files`."""
        self._writer = writer
        self._db = db
        self._keys = keys
        self._files = files
        self._suite = suite
        (_, _, self._path), *_ = db.execute("PRAGMA database_list").fetchall()

    # ---- What people decided

    def order(self, draft: Draft, *, now: int) -> Destroyed:
        """Say the order, destroy what it names here, and say so. A draft that comes twice is one order.

        Raises:
            RefusedError: it would be void; nothing was destroyed. UnknownLinkError, StorageError.
        """

        def run(slot: Slot) -> tuple[Appended, _Done]:
            said = slot.append(draft, now=now)
            return said, self._carry_out(slot, said.statement, by=draft, now=now)

        order, done = self._writer.submit(Job(link=draft.link, run=run)).result()
        return Destroyed(order=order, erased=done.said, is_clean=self._finish(done.files))

    def carry_out(self, link: str, order: bytes, *, officer: int, now: int) -> Destroyed:
        """Destroy here what `order`, of either side, names, and say so, once.

        Raises:
            NoOrderError: nothing was destroyed. RefusedError, UnknownLinkError, StorageError.
        """
        by = Draft(id="", link=link, kind=ERASED, d={}, role="officer", officer=officer)
        job = Job(link=link, run=lambda slot: self._carry_out(slot, order, by=by, now=now))
        done = self._writer.submit(job).result()
        return Destroyed(order=None, erased=done.said, is_clean=self._finish(done.files))

    def _carry_out(self, slot: Slot, order: bytes, *, by: Draft, now: int) -> "_Done":
        slot.shelf.write()
        row = slot.shelf.row(order)
        found = slot.record.erasure(order) if row is not None and row.kind == erasing.ORDERED else None
        if found is None:
            raise NoOrderError(id_text(order))
        if slot.is_recovering:
            raise RefusedError("recovering", "the log is being asked back from the other side")
        gone = self._destroy(slot, found)
        if slot.facts.me in found.erased_by:
            return _Done(said=None, files=gone)
        name = f"erased-{id_text(order)}"
        said = Draft(id=name, link=by.link, kind=ERASED, d={}, re=order, role=by.role, officer=by.officer)
        return _Done(said=slot.append(said, now=now), files=gone)

    def _finish(self, gone: Sequence[FileRow]) -> bool:
        # Not on the writer thread: whoever takes in a file at this moment may be waiting for that.
        for row in gone:
            self._files.forget(row)
        return self.clean()

    # ---- What a crash or a backup left

    def resume(self) -> None:
        """Destroy once more what was said to be erased, before the writer begins."""
        self._db.execute("BEGIN IMMEDIATE")
        found = [self._again(slot) for slot in self._writer.slots.values()]
        self._db.execute("COMMIT")
        if any(gone is not None for gone in found):
            self._finish([row for gone in found for row in gone or ()])

    def again(self, link: str) -> None:
        """The same for one link, whose line just came back from the other side."""
        gone = self._writer.submit(Job(link=link, run=self._again)).result()
        if gone is not None:
            self._finish(gone)

    def _again(self, slot: Slot) -> list[FileRow] | None:
        """Return the files that were still here; None if this node never erased anything on this link."""
        slot.shelf.write()
        said = self._db.execute(
            "SELECT act FROM row WHERE log = ? AND kind = 'record.erased' AND outcome = 'valid'",
            (slot.my_log,),
        ).fetchall()
        gone: list[FileRow] = []
        for (act,) in said:
            order = read_act(read_json(bytes(act))).re
            found = None if order is None else slot.record.erasure(order)
            gone += [] if found is None else self._destroy(slot, found)
        return gone if said else None

    def clean(self) -> bool:
        """Empty the write-ahead log of the record; False if somebody read in it for too long.

        What the log still holds is emptied at the next start, or when something is erased again.
        """
        db = sqlite3.connect(self._path, timeout=PAUSE_SECONDS, isolation_level=None)
        try:
            for _try in range(TRIES):
                busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return True
                clock.sleep(PAUSE_SECONDS)
            return False
        finally:
            db.close()

    # ---- Destroying

    def _destroy(self, slot: Slot, found: Erasure) -> list[FileRow]:
        """Destroy what is here of the parts that an order names; return the rows of the files among them."""
        gone: list[FileRow] = []
        for named in found.order.said.parts:
            row = slot.shelf.row(named.id)
            if row is None:
                continue
            slot.touched += [row.thread] if row.thread is not None else []
            bodies, enclosed = self._parts(slot, row, named)
            destroyed = [tagged(each.hash) for each in bodies]
            self._db.executemany("DELETE FROM part WHERE tag = ? AND hash = ?", destroyed)
            gone += self._destroy_files(slot, row, enclosed)
        return gone

    def _parts(self, slot: Slot, row: Row, named: Named) -> tuple[Sequence[PartRef], Sequence[PartRef]]:
        """Return what is meant of a statement: the body if it is here, and the files."""
        (raw,) = self._db.execute(
            "SELECT raw FROM entry WHERE log = ? AND idx = ?", (slot.facts.logs[row.writer], row.index)
        ).fetchone()
        try:
            meant = frozenset(each.hash for each in named.of(entries.parse(bytes(raw)).entry))
        except BreachError:
            return (), ()
        origin = slot.facts.line(row.writer).at(row.index).origin
        bodies = [part for part in inline_parts(bytes(raw))[1:] if part.hash in meant]
        enclosed = [part for part in further_parts(bytes(raw)) if part.hash in meant]
        return [part for part in bodies if self._is_of(slot, part, origin)], enclosed

    def _is_of(self, slot: Slot, part: PartRef, origin: str) -> bool:
        """Return whether a body was sealed for this log, and is no act: others are not this statement's."""
        if any(slot.shelf.has_act(node, part.hash) for node in slot.facts.logs):
            return False
        found = kept_part(self._db, part.hash)
        if found is None:
            return False
        try:
            open_part(found[1], key=self._keys.unwrap(found[0]), scope=origin, suite=self._suite)
        except PartError:
            return False
        return True

    def _destroy_files(self, slot: Slot, row: Row, enclosed: Sequence[PartRef]) -> list[FileRow]:
        log = slot.facts.logs[row.writer]
        gone: list[FileRow] = []
        for part in enclosed:
            rows = files.file_rows(self._db, part.hash)
            for each in [each for each in rows if each.log == log]:
                self._destroy_coming(each)
                gone.append(each)
            self._db.execute("DELETE FROM file WHERE log = ? AND hash = ?", (log, part.hash))
            # The note by which it waited holds its key.
            for folder in ("kept", "offered"):
                (self._files.vault.places.root / folder / part.hash.hex()).unlink(missing_ok=True)
            # The same bytes may be another line's as well, and are then still theirs to have.
            if all(each.log == log for each in rows):
                self._files.vault.destroy(part.hash)
        return gone

    def _destroy_coming(self, row: FileRow) -> None:
        part = PartRef(hash=row.hash, size=row.size)
        wanted = Wanted(part=part, key=self._keys.unwrap(row.wrapped), scope=row.scope)
        self._files.vault.places.coming(wanted.name).unlink(missing_ok=True)
