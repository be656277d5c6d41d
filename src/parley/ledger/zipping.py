"""Writing the ZIP file of an export: in one go, whatever its size, and the same bytes every time.

A member's header stands before its bytes and holds their sum; so it is written twice, the second
time when the sum is known. Source: Spec §11.2.
"""

import binascii
from collections.abc import Iterable
from typing import Protocol

from parley.protocol.verify.zipped import MAX_FILE, Member, central_header, end_record, is_name, local_header


class TooLargeError(Exception):
    """The export would be larger than 4 GiB, which no export is; what was written is worth nothing."""


class Writable(Protocol):
    """A file that can be written to anywhere."""

    def seek(self, offset: int, /) -> int:
        """Go to the byte `offset`."""

    def write(self, content: bytes, /) -> int:
        """Write `content` there."""


class Zip:
    """A ZIP file that is being written. `close` makes it one."""

    def __init__(self, file: Writable) -> None:
        """Write to `file`, which is empty."""
        self._file = file
        self._at = 0
        self._members: list[Member] = []

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Write one member, its bytes as they come.

        Raises:
            TooLargeError: the file would be larger than any export.
        """
        if not is_name(name):
            raise ValueError(name)
        begin = self._at
        self._write(local_header(name, crc=0, size=0))
        start, crc = self._at, 0
        for piece in content:
            crc = binascii.crc32(piece, crc)
            self._write(piece)
        size = self._at - start
        self._file.seek(begin)
        self._file.write(local_header(name, crc=crc, size=size))
        self._file.seek(self._at)
        self._members.append(Member(name=name, start=start, size=size, crc=crc))

    def _write(self, piece: bytes) -> None:
        self._at += len(piece)
        if self._at > MAX_FILE:
            raise TooLargeError
        self._file.write(piece)

    def close(self) -> int:
        """Write the list of members and the end, and return how many bytes the file has."""
        start = self._at
        for member in self._members:
            self._write(central_header(member))
        self._write(end_record(len(self._members), size=self._at - start, start=start))
        return self._at
