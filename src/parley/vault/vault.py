"""The vault: sealed files of any size, added, opened, served, checked, repaired and destroyed.

Sealing and opening take a chunk at a time, so that two gigabytes cost as much memory as two
kilobytes. Who may have a file, and which ones are wanted, is the ledger's to know. Spec §4.3, §5.8.
"""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol, Self

from parley.protocol.part import (
    CHUNK_SIZE,
    HEADER_SIZE,
    SALT_SIZE,
    Chunks,
    PartError,
    chunk_count,
    chunk_start,
    overhead,
)
from parley.protocol.suite import CONTENT_KEY_SIZE
from parley.vault.coming import Coming, Wanted
from parley.vault.places import Fresh, NoRoomError, Places, Room, make_folder, sync_folder, told
from parley.vault.plain import Plain

__all__ = ["Damaged", "Missing", "NoRoomError", "Room", "Sealed", "Source", "Vault", "Whole"]

_BLOCK: Final = 1024 * 1024
_ROOM_BYTES: Final = 16 * _BLOCK


class Source(Protocol):
    """Where plaintext is read from: an open file, an upload."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A file as it lies in the vault: hash and size of its ciphertext, and what it was before.

    `plain_size` is in bytes, `plain_sha256` the hash that `sha256sum` prints for it.
    """

    hash: bytes
    size: int
    key: bytes
    plain_size: int
    plain_sha256: bytes

    def __repr__(self) -> str:
        """Return the hash alone: no log may tell a key."""
        return f"Sealed({self.hash.hex()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The file is here, and has its hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The file is not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """The file is here, and has another hash.

    `chunks` are the numbers of those that do not open, −1 for the header; empty where no key was given.
    """

    chunks: tuple[int, ...] = ()


class Vault:
    """The vault in the folder `root`. Threads and processes may use it at once."""

    def __init__(self, root: Path, *, room: Room | None = None) -> None:
        self.places = Places(root, room=room)

    # ---- In

    def add(self, source: Source, *, scope: str, dice: Callable[[int], bytes]) -> Sealed:
        """Seal what `source` holds, under a fresh key; when this returns, it is durable.

        Raises:
            NoRoomError: the disk is low, or the file is too large; nothing was kept.
        """
        with self.adding(scope=scope, dice=dice) as adding:
            while block := source.read(_BLOCK):
                adding.write(block)
            return adding.keep()

    def adding(self, *, scope: str, dice: Callable[[int], bytes]) -> "Adding":
        """Return what seals a file that comes piece by piece, under a fresh key.

        Raises:
            NoRoomError: the disk is full.
        """
        key = dice(CONTENT_KEY_SIZE)
        return Adding(self.places, key=key, scope=scope, salt=dice(SALT_SIZE))

    def coming(self, wanted: Wanted) -> Coming:
        """Return where a file that comes from the other side is taken in, chunk by chunk.

        Raises:
            PartError: no part has that size. NoRoomError: it does not fit. BusyError: it is being taken in.
        """
        return Coming(self.places, wanted)

    # ---- Out

    def size(self, digest: bytes) -> int | None:
        """Return how many bytes of ciphertext lie here under this hash; None if there are none."""
        try:
            return self.places.whole(digest).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, digest: bytes, *, key: bytes, scope: str) -> Plain:
        """Return the plaintext, to be read from any byte on.

        Raises:
            FileNotFoundError: the file is not here.
            PartError: it is not sealed under this key and scope.
        """
        path = self.places.whole(digest)
        file = path.open("rb")
        try:
            return Plain(file, length=path.stat().st_size, key=key, scope=scope)
        except BaseException:
            file.close()
            raise

    def stretch(self, digest: bytes, offset: int, *, size: int) -> bytes:
        """Return at most `size` bytes of the ciphertext from `offset` on, none behind its end.

        Raises:
            FileNotFoundError: the file is not here.
        """
        with self.places.whole(digest).open("rb") as file:
            file.seek(offset)
            return file.read(size)

    # ---- Keeping

    def check(
        self, digest: bytes, *, size: int, key: bytes | None = None, scope: str = ""
    ) -> Whole | Damaged | Missing:
        """Return whether a file of `size` bytes is what its hash says; with `key`, which chunks are not."""
        path = self.places.whole(digest)
        try:
            with path.open("rb") as file:
                is_whole = _hash(file) == digest
        except FileNotFoundError:
            return Missing()
        if is_whole:
            return Whole()
        return Damaged(chunks=() if key is None else self._damaged(path, size=size, key=key, scope=scope))

    def _damaged(self, path: Path, *, size: int, key: bytes, scope: str) -> tuple[int, ...]:
        with path.open("rb") as file:
            try:
                plain = Plain(file, length=size, key=key, scope=scope)
            except PartError:
                return (-1,)
            return tuple(plain.damaged())

    def repair(
        self, wanted: Wanted, source: Callable[[int, int], bytes], *, damaged: Damaged
    ) -> Whole | Damaged | Missing:
        """Put back the chunks that are damaged from another copy, and return how the file is now.

        `source` is asked for (offset, size) of the ciphertext. Every chunk that it gives is opened
        before it counts, and the file takes the place of the damaged one only if its hash is right.

        Raises:
            NoRoomError: there is no room for a second copy of the file.
        """
        part = wanted.part
        self.places.check_room(part.size, whole=part.size)
        # Without a sound header nothing else can be opened, so nothing else is known to be whole.
        is_all = not damaged.chunks or -1 in damaged.chunks
        try:
            with self.places.writing() as fresh:
                for index in range(-1, chunk_count(part.size)):
                    is_bad = is_all or index in damaged.chunks
                    self._mend(fresh, wanted, index, source=source if is_bad else None)
                if _hash(fresh.file) == part.hash:
                    fresh.keep(part.hash)
        except (FileNotFoundError, PartError):
            pass
        return self.check(part.hash, size=part.size, key=wanted.key, scope=wanted.scope)

    def _mend(
        self, fresh: Fresh, wanted: Wanted, index: int, *, source: Callable[[int, int], bytes] | None
    ) -> None:
        start = 0 if index < 0 else chunk_start(index)
        size = HEADER_SIZE if index < 0 else min(wanted.part.size, chunk_start(index + 1)) - start
        if source is None:
            fresh.file.write(self.stretch(wanted.part.hash, start, size=size))
            return
        content = source(start, size)
        if index >= 0:
            fresh.file.seek(0)
            Chunks(wanted.key, scope=wanted.scope, header=fresh.file.read(HEADER_SIZE)).open(index, content)
            fresh.file.seek(start)
        fresh.file.write(content)

    def retake(self, wanted: Wanted) -> None:
        """Let a damaged file come in again: what opens of it up to the damage need not be fetched.

        Raises:
            FileNotFoundError: there is nothing of it here.
        """
        place = self.places.coming(wanted.name)
        make_folder(place.parent)
        self.places.whole(wanted.part.hash).replace(place)

    def destroy(self, digest: bytes) -> bool:
        """Remove the file for ever; return whether it was here. Its key is destroyed by whoever holds it."""
        path = self.places.whole(digest)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True


class Adding:
    """A file that is being sealed, piece by piece. Unless it is kept, nothing of it stays."""

    def __init__(self, places: Places, *, key: bytes, scope: str, salt: bytes) -> None:
        self._stack = ExitStack()
        self._places = places
        self._key = key
        self._chunks = Chunks.fresh(key, scope=scope, salt=salt)
        self._sealed, self._plain = hashlib.sha256(), hashlib.sha256()
        self._size = 0
        self._index = 0
        self._rest = b""
        self._room = 0
        self._fresh = self._stack.enter_context(places.writing())
        self._put(self._chunks.header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End; what was not kept is gone."""
        self._stack.close()

    def write(self, content: bytes) -> None:
        """Seal what follows.

        Raises:
            NoRoomError: the disk is low, or the file is too large.
        """
        self._plain.update(content)
        self._size += len(content)
        if self._size > self._room:
            self._places.check_room(_ROOM_BYTES, whole=self._size)
            self._room = self._size + _ROOM_BYTES
        content = self._rest + content if self._rest else content
        at = 0
        while len(content) - at >= CHUNK_SIZE:
            self._put(self._chunks.seal(self._index, content[at : at + CHUNK_SIZE]))
            self._index += 1
            at += CHUNK_SIZE
        self._rest = content[at:]

    def keep(self) -> Sealed:
        """Return the file as it lies in the vault now, durable."""
        # The last chunk is short, and there always is one (Spec §4.3.2).
        self._put(self._chunks.seal(self._index, self._rest))
        with told(self._places):
            self._fresh.keep(self._sealed.digest())
        self.close()
        return Sealed(
            hash=self._sealed.digest(),
            size=self._size + overhead(self._size),
            key=self._key,
            plain_size=self._size,
            plain_sha256=self._plain.digest(),
        )

    def _put(self, sealed: bytes) -> None:
        self._sealed.update(sealed)
        with told(self._places):
            self._fresh.file.write(sealed)


def _hash(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.digest()
