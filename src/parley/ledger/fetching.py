"""Files between two nodes, as core handles them: who may have which, what is missing, what came.

    asked    GET with a proof → `held`             W in a parcel → `heard`, then `stretches`
    wanted   `wanted` → GET …, or `wants` → W      what came, either way → `take`

A file whose chunks do not open is asked for again, three times in all; then the other side is told.
How bytes travel is left to the gate, how they lie on the disk to the vault. Source: Spec §5.8.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Final, Protocol

from parley.ledger import files
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.files import FileRow
from parley.ledger.keys import Keys
from parley.protocol.entry import PartRef
from parley.protocol.files import proof
from parley.protocol.parcel import MAX_STRETCH, Parcel, Stretch, Want
from parley.protocol.part import LOST_KEY, PartError
from parley.vault.coming import BadChunkError, BusyError, Coming, Wanted
from parley.vault.vault import NoRoomError, Vault

TRIES: Final = 3
MAX_WEIGHT: Final = 8 * 1024 * 1024
ASKED_AT_ONCE: Final = 4
MAX_ASKED: Final = 64
"""So many wants of one partner are remembered; it repeats them."""


class Say(Protocol):
    """What `Files` may do to the record."""

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]: ...
    def settle_file(self, row: FileRow) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file that somebody may have, since he proved to hold its key. `size` is that of the ciphertext."""

    link: str
    hash: bytes
    size: int


class Files:
    """The files of one node. Threads may call it at once."""

    def __init__(
        self, vault: Vault, *, keys: Keys, reader: Callable[[], sqlite3.Connection], say: Say
    ) -> None:
        self.vault = vault
        self._keys = keys
        self._reader = reader
        self._say = say
        self._lock = threading.Lock()
        self._hands: dict[tuple[int, bytes], threading.RLock] = {}
        self._coming: dict[tuple[int, bytes], Coming] = {}
        self._bad: Counter[tuple[int, bytes]] = Counter()
        self._asked: dict[str, dict[bytes, int]] = {}
        self._dialled: set[str] = set()

    def close(self) -> None:
        """Let go of what is on its way in; it goes on from there after the next start."""
        for coming in list(self._coming.values()):
            coming.close()
        self._coming = {}

    # ---- What the other side may have

    def held(self, digest: bytes, shown: bytes) -> Held | None:
        """Return the file with this hash if `shown` proves its key and it is here; None tells nothing more.

        The vault is not touched before the proof holds.
        """
        for row in files.file_rows(self._reader(), digest):
            key = self._keys.unwrap(row.wrapped)
            expected = proof(key, channel=row.channel, digest=digest)
            if key != LOST_KEY and compare_digest(expected, shown):
                is_here = self.vault.size(digest) == row.size
                return Held(link=row.link, hash=digest, size=row.size) if is_here else None
        return None

    def heard(self, link: str, parcel: Parcel) -> bool:
        """Take what a parcel brings and asks of files; return whether that was anything new."""
        fresh = False
        for want in parcel.wants:
            fresh |= self._is_asked(link, want)
        for stretch in parcel.stretches:
            fresh |= self._take_stretch(link, stretch)
        return fresh

    def _is_asked(self, link: str, want: Want) -> bool:
        sizes = [row.size for row in files.file_rows(self._reader(), want.hash) if row.link == link]
        if not any(want.offset < size == self.vault.size(want.hash) for size in sizes):
            return False
        with self._lock:
            asked = self._asked.setdefault(link, {})
            if len(asked) >= MAX_ASKED and want.hash not in asked:
                return False
            asked[want.hash] = want.offset
        return True

    def is_asked(self, link: str) -> bool:
        """Return whether the partner waits for a stretch of a file."""
        return bool(self._asked.get(link))

    def added(self, parcel: Parcel, link: str) -> Parcel:
        """Return `parcel` with what is asked for here, and if it is no brief answer, what was asked there."""
        weight = sum(len(raw) for piece in parcel.pieces for raw in (*piece.entries, *piece.blobs))
        # Statements go first; a file takes the room that they leave.
        carries = bool(parcel.pieces) and weight <= MAX_WEIGHT
        stretches = self.stretches(link) if carries else ()
        return replace(parcel, wants=self.wants(link), stretches=stretches)

    def stretches(self, link: str) -> tuple[Stretch, ...]:
        """Return what the next parcel carries of the files that were asked for, at most 4 MiB in all."""
        with self._lock:
            asked = self._asked.pop(link, {})
        found: list[Stretch] = []
        room = MAX_STRETCH
        for digest, offset in asked.items():
            content = self._read(digest, offset, size=room)
            if content:
                found.append(Stretch(hash=digest, offset=offset, content=content))
            room -= len(content)
            if not room:
                break
        return tuple(found)

    def _read(self, digest: bytes, offset: int, *, size: int) -> bytes:
        try:
            return self.vault.stretch(digest, offset, size=size)
        except FileNotFoundError:
            return b""

    # ---- What is missing here

    def wanted(self, link: str) -> tuple[FileRow, ...]:
        """Return what is to be fetched, in this order; not what would go beyond the link's room."""
        rows = files.wanted_rows(self._reader(), link)
        over = {log for log in {row.log for row in rows} if self._is_over(log)}
        return tuple(row for row in rows if row.log not in over)

    def _is_over(self, log: int) -> bool:
        return files.taken_bytes(self._reader(), log) > self.vault.places.room.per_link

    def proof(self, row: FileRow) -> bytes:
        """Return what shows the other side that this node holds the key of a file."""
        return proof(self._keys.unwrap(row.wrapped), channel=row.channel, digest=row.hash)

    def dial(self, link: str, *, works: bool) -> None:
        """Note whether files of a link are fetched over a line of our own; if not, parcels ask for them."""
        with self._lock:
            (self._dialled.add if works else self._dialled.discard)(link)

    def wants(self, link: str) -> tuple[Want, ...]:
        """Return what a parcel asks for: nothing while the files are fetched over a line of our own."""
        if link in self._dialled:
            return ()
        found: list[Want] = []
        for row in self.wanted(link)[:ASKED_AT_ONCE]:
            offset = self.begin(row)
            if offset is not None:
                found.append(Want(hash=row.hash, offset=offset))
        return tuple(found)

    def begin(self, row: FileRow) -> int | None:
        """Return from which byte on a file is to come; None if it is not to, or cannot at this moment."""
        with self._hand(row):
            try:
                return self._next(row)
            except PartError:
                self._end(row, is_whole=False)
                return None
            except (NoRoomError, BusyError):
                return None

    def _next(self, row: FileRow) -> int | None:
        coming = self._open(row)
        if coming is None:
            return None
        try:
            return self._take(row, coming, b"")
        except BadChunkError:
            # All of it was here, and the disk had spoiled some: it goes on where that begins.
            return coming.next

    def _hand(self, row: FileRow) -> AbstractContextManager[object]:
        # One for each file: whoever hashes a large one at its end holds up nobody else.
        with self._lock:
            return self._hands.setdefault((row.log, row.hash), threading.RLock())

    def _open(self, row: FileRow) -> Coming | None:
        """Return where a file is taken in; None if it is wanted no more, or is here, which is said now."""
        name = (row.log, row.hash)
        if name not in self._coming:
            if not files.is_wanted(self._reader(), row):
                return None
            if self._is_here(row):
                self._end(row, is_whole=True)
                return None
            key = self._keys.unwrap(row.wrapped)
            part = PartRef(hash=row.hash, size=row.size)
            self._coming[name] = self.vault.coming(Wanted(part=part, key=key, scope=row.scope))
        return self._coming[name]

    def _is_here(self, row: FileRow) -> bool:
        # Where a crash came between the last byte and the word. Another link's file opens with another key.
        if self.vault.size(row.hash) != row.size:
            return False
        try:
            self.vault.open(row.hash, key=self._keys.unwrap(row.wrapped), scope=row.scope).close()
        except PartError:
            return False
        return True

    def take(self, row: FileRow, offset: int, content: bytes) -> int | None:
        """Take bytes of a file from `offset` on; return which byte is to come next, None if there is none.

        Bytes that were not to come next are passed over.

        Raises:
            BadChunkError: ask again, from what `begin` says. NoRoomError: the disk is full.
        """
        with self._hand(row):
            coming = self._open(row)
            if coming is None:
                return None
            return self._take(row, coming, content) if coming.next == offset else coming.next

    def _take(self, row: FileRow, coming: Coming, content: bytes) -> int | None:
        try:
            coming.take(content)
            if not coming.is_complete:
                return coming.next
            coming.finish()
        except BadChunkError:
            self._bad[row.log, row.hash] += 1
            if self._bad[row.log, row.hash] < TRIES:
                raise
            coming.discard()
            self._end(row, is_whole=False)
            return None
        self._end(row, is_whole=True)
        return None

    def forget(self, row: FileRow) -> None:
        """Let go of a file whose row is gone, as far as it has come; whole, it is destroyed."""
        with self._hand(row):
            coming = self._coming.pop((row.log, row.hash), None)
            if coming is not None:
                coming.discard()
                coming.close()
            if not files.file_rows(self._reader(), row.hash):
                self.vault.destroy(row.hash)

    def _take_stretch(self, link: str, stretch: Stretch) -> bool:
        rows = [row for row in files.file_rows(self._reader(), stretch.hash) if row.link == link]
        for row in rows:
            if not row.is_wanted:
                continue
            try:
                self.take(row, stretch.offset, stretch.content)
            except (BadChunkError, BusyError, NoRoomError, PartError):
                continue
            return True
        return False

    def _end(self, row: FileRow, *, is_whole: bool) -> None:
        """Say what became of a file of theirs, then fetch it no more; after a crash in between, once more."""
        coming = self._coming.pop((row.log, row.hash), None)
        if coming is not None:
            coming.close()
        del self._bad[row.log, row.hash]
        if row.writer != self._keys.node:
            # Where the terms do not know the word, the other side sees no more than a receipt.
            self._say.append([files.got_draft(row, is_whole=is_whole)])
        self._say.settle_file(row)
        with self._lock:
            self._hands.pop((row.log, row.hash), None)
