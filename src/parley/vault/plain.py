"""Reading a sealed file: the plaintext from any byte on, in constant memory, each chunk opened by itself."""

from collections.abc import Iterator
from typing import BinaryIO, Self

from parley.protocol.part import (
    CHUNK_SIZE,
    HEADER_SIZE,
    SEALED_CHUNK_SIZE,
    Chunks,
    PartError,
    chunk_count,
    chunk_start,
    plain_size,
)

_CHUNKS_AT_ONCE = 16


class DamagedError(Exception):
    """A chunk of a file does not open: the disk changed it. `chunk` is its number; nothing of it is given."""

    def __init__(self, chunk: int) -> None:
        super().__init__(f"chunk {chunk} is damaged")
        self.chunk = chunk


class Plain:
    """The plaintext of one sealed file, `size` bytes. To be used as ``with``, by one thread at a time."""

    def __init__(self, file: BinaryIO, *, length: int, key: bytes, scope: str) -> None:
        """Read `file`, a ciphertext of `length` bytes.

        Raises:
            PartError: it is not sealed under this key and scope, or its length is wrong.
        """
        self.size = plain_size(length)
        self._count = chunk_count(length)
        self._length = length
        self._file = file
        file.seek(0)
        self._chunks = Chunks(key, scope=scope, header=file.read(HEADER_SIZE))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        return self.blocks(0)

    def blocks(self, start: int) -> Iterator[bytes]:
        """Yield the plaintext from the byte `start` on, in pieces of at most 256 KiB.

        Raises:
            DamagedError: a chunk does not open; all before it was whole.
        """
        index, skipped = divmod(start, CHUNK_SIZE)
        while index < self._count:
            pieces = self._some(index)
            content = b"".join(pieces)[skipped:]
            if content:
                yield content
            index, skipped = index + len(pieces), 0

    def read_at(self, start: int, size: int) -> bytes:
        """Return `size` bytes from `start` on, fewer at the end.

        Raises:
            DamagedError: a chunk does not open.
        """
        found = b""
        for block in self.blocks(start):
            found += block
            if len(found) >= size:
                break
        return found[:size]

    def damaged(self) -> Iterator[int]:
        """Yield the number of every chunk that does not open."""
        for index in range(self._count):
            try:
                self._chunks.open(index, self._sealed(index, 1))
            except PartError:
                yield index

    def _some(self, index: int) -> list[bytes]:
        count = min(_CHUNKS_AT_ONCE, self._count - index)
        sealed = memoryview(self._sealed(index, count))
        pieces: list[bytes] = []
        for place in range(count):
            piece = sealed[place * SEALED_CHUNK_SIZE : (place + 1) * SEALED_CHUNK_SIZE]
            try:
                pieces.append(self._chunks.open(index + place, bytes(piece)))
            except PartError as error:
                if pieces:
                    return pieces
                raise DamagedError(index) from error
        return pieces

    def _sealed(self, index: int, count: int) -> bytes:
        start = chunk_start(index)
        self._file.seek(start)
        return self._file.read(min(self._length, start + count * SEALED_CHUNK_SIZE) - start)
