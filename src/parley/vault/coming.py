"""A file on its way in. What is here of it is a whole number of chunks, each opened before it was written.

    here      header · chunk 0 · chunk 1 · … · chunk k−1          `offset` is where to go on
    bad       a chunk that does not open is thrown away alone, and asked for again
    end       all chunks are here: the hash over the file on the disk decides (`following.py`)

A cut, a restart or a kill costs at most the chunk that was under way. After a power cut the last
chunks on the disk may be nothing but zeros, so the tail is opened once more before anything is added.
Source: Spec §5.8.
"""

import fcntl
import hashlib
import os
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from parley.protocol.entry import PartRef
from parley.protocol.part import (
    HEADER_SIZE,
    SEALED_CHUNK_SIZE,
    Chunks,
    PartError,
    chunk_count,
    chunk_start,
)
from parley.vault.following import Follower
from parley.vault.places import Places, make_folder, told

FLUSH_BYTES: Final = 64 * 1024 * 1024
"""So much may be lost by a power cut, and is fetched again."""
TAIL_CHUNKS: Final = 2 * FLUSH_BYTES // SEALED_CHUNK_SIZE


class BadChunkError(Exception):
    """What came is not the chunk of that number; −1 is the header, None the file as a whole.

    What came before it is kept; `Coming.offset` says where to go on.
    """

    def __init__(self, chunk: int | None) -> None:
        super().__init__(f"chunk {chunk} does not open")
        self.chunk = chunk


class BusyError(Exception):
    """Somebody else is taking in this file at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file that is to come in: what the entry says of it, and what opens it."""

    part: PartRef
    key: bytes
    scope: str

    @property
    def name(self) -> bytes:
        """Return what the unfinished file is called: two links may name one hash with two keys."""
        return hashlib.sha256(self.scope.encode() + b"\n" + self.part.hash + self.key).digest()


class Coming:
    """One file while it comes in. To be used as ``with``; by one thread at a time."""

    def __init__(self, places: Places, wanted: Wanted, *, flush_bytes: int = FLUSH_BYTES) -> None:
        """Go on with what is here of `wanted`; what comes is made durable every `flush_bytes`.

        Raises:
            PartError: no part has that size, so that none will ever come.
            NoRoomError: what is missing does not fit. BusyError: somebody else takes it in.
        """
        self._count = chunk_count(wanted.part.size)
        self._places = places
        self._wanted = wanted
        self._path = places.coming(wanted.name)
        self._chunks: Chunks | None = None
        self._index = 0
        self._rest = b""
        self._flush_bytes = flush_bytes
        self._unflushed = 0
        self._file = self._opened()
        self._follower = Follower(self._file)
        try:
            self._go_on()
            places.check_room(wanted.part.size - self.offset, whole=wanted.part.size)
        except BaseException:
            self._file.close()
            raise

    def _opened(self) -> BinaryIO:
        make_folder(self._path.parent)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        file = os.fdopen(handle, "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise BusyError from error
        return file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what is here of it stays."""
        self._follower.close()
        self._file.close()

    @property
    def next(self) -> int:
        """Return the byte that `take` expects next: behind `offset`, if a part of a chunk came already."""
        return self.offset + len(self._rest)

    @property
    def offset(self) -> int:
        """Return the first byte of the ciphertext that is not here."""
        if self._chunks is None:
            return 0
        return min(chunk_start(self._index), self._wanted.part.size)

    @property
    def is_complete(self) -> bool:
        """Return whether every chunk is here, so that `finish` may be called."""
        return self._chunks is not None and self._index == self._count

    def _go_on(self) -> None:
        length = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        header = self._file.read(HEADER_SIZE)
        if len(header) == HEADER_SIZE:
            try:
                self._chunks = Chunks(self._wanted.key, scope=self._wanted.scope, header=header)
            except PartError:
                length = 0
        self._index = self._whole_chunks(length)
        if self._chunks is not None:
            self._index = self._sound(self._index)
        self._file.seek(self.offset)
        self._file.truncate()

    def _whole_chunks(self, length: int) -> int:
        if length >= self._wanted.part.size:
            return self._count
        return max(0, (length - HEADER_SIZE) // SEALED_CHUNK_SIZE)

    def _sound(self, count: int) -> int:
        """Return how many of the first `count` chunks are before the first of the tail that does not open."""
        for index in range(max(0, count - TAIL_CHUNKS), count):
            if not self._opens(index, self._at(index)):
                return index
        return count

    def _at(self, index: int) -> bytes:
        self._file.seek(chunk_start(index))
        return self._file.read(self._size_of(index))

    def _size_of(self, index: int) -> int:
        return min(self._wanted.part.size, chunk_start(index + 1)) - chunk_start(index)

    def _opens(self, index: int, sealed: bytes) -> bool:
        assert self._chunks is not None
        try:
            self._chunks.open(index, sealed)
        except PartError:
            return False
        return True

    def take(self, content: bytes) -> None:
        """Take the bytes from `next` on.

        Raises:
            BadChunkError: a chunk does not open, or there is more than the entry says; go on at `offset`.
            NoRoomError: the disk is full; what is here stays.
        """
        content = self._rest + content if self._rest else content
        at = 0
        if self._chunks is None:
            if len(content) < HEADER_SIZE:
                self._rest = content
                return
            self._begin(content[:HEADER_SIZE])
            at = HEADER_SIZE
        self._rest = b""
        at = self._keep(content, at)
        if self._index < self._count:
            self._rest = content[at:]
        elif at < len(content):
            raise BadChunkError(self._count)

    def _begin(self, header: bytes) -> None:
        try:
            self._chunks = Chunks(self._wanted.key, scope=self._wanted.scope, header=header)
        except PartError as error:
            self._rest = b""
            raise BadChunkError(-1) from error
        self._write(header, at=0)

    def _keep(self, content: bytes, begin: int) -> int:
        """Keep the whole chunks of `content` from `begin` on, all that open in one go; return their end."""
        end, index, opens = begin, self._index, True
        while opens and index < self._count and len(content) - end >= (size := self._size_of(index)):
            opens = self._opens(index, content[end : end + size])
            if opens:
                end, index = end + size, index + 1
        if end > begin:
            self._write(content[begin:end], at=chunk_start(self._index))
            self._index = index
        if not opens:
            raise BadChunkError(index)
        return end

    def _write(self, content: bytes, *, at: int) -> None:
        if self._unflushed == 0:
            self._places.check_room(self._wanted.part.size - at, whole=self._wanted.part.size)
        with told(self._places):
            self._file.seek(at)
            self._file.write(content)
            self._unflushed += len(content)
            if self._unflushed >= self._flush_bytes:
                self.flush()
                self._follower.follow(at + len(content))

    def flush(self) -> None:
        """Make durable what came so far."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unflushed = 0

    def finish(self) -> None:
        """Give the file its place under its hash, if it has that hash.

        Raises:
            BadChunkError: it has another one. What the disk spoiled is to be fetched again; if every chunk
                opens, other bytes were sealed than were named, and nothing is kept.
        """
        with told(self._places):
            self._file.flush()
        if self._follower.digest(self._wanted.part.size) == self._wanted.part.hash:
            self._places.keep(self._file, self._path, digest=self._wanted.part.hash)
            return
        spoiled = next((i for i in range(self._count) if not self._opens(i, self._at(i))), None)
        self._index = 0 if spoiled is None else spoiled
        if spoiled is None:
            self._chunks = None
        self._file.seek(self.offset)
        self._file.truncate()
        self._follower.close()
        self._follower = Follower(self._file)
        raise BadChunkError(spoiled)

    def discard(self) -> None:
        """Remove what came so far: the file is not wanted any more."""
        self._path.unlink(missing_ok=True)
