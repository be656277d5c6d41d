"""The ZIP file of an export, of which there is only one for the same members.

    local header · name · bytes      for each member
    central header · name            for each member, in the same order
    end

Every member is stored, and every field that says nothing has one value. A reader writes each header
anew from name, size and sum, and compares: what is not the same bytes is no export, so that nothing
hides between, behind or under two names, and nothing grows when it is read. Source: Spec §11.2.
"""

import binascii
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

MAX_FILE: Final = 2**32 - 1
MIN_MEMBERS: Final = 4
MAX_MEMBERS: Final = 4_096
MAX_NAME: Final = 120
END_SIZE: Final = 22
LOCAL_SIZE: Final = 30
CENTRAL_SIZE: Final = 46

# 1 January 1980, the first day that the format knows.
_DATE: Final = 0x0021
_VERSION: Final = 20
_NAME: Final = re.compile(r"[a-zA-Z0-9.-]+(?:/[a-zA-Z0-9.-]+){0,3}")
AT_ONCE: Final = 256 * 1024


class UnreadableError(Exception):
    """The bytes are no export: damaged, cut off, or something else. Nothing was checked."""


class Seekable(Protocol):
    """What is read: a file, or bytes that behave like one."""

    def seek(self, offset: int, /) -> int:
        """Go to the byte `offset`."""

    def read(self, count: int, /) -> bytes:
        """Return `count` bytes, fewer at the end only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member: its bytes are those at `start`, `size` of them; `crc` is their sum."""

    name: str
    start: int
    size: int
    crc: int


class ShortError(Exception):
    """A member ends before, or after, what it should hold."""


class Stretch:
    """The bytes of one member, taken from the front. Several of one file may be taken from in turn."""

    def __init__(self, file: Seekable, *, start: int, size: int) -> None:
        """Begin at the byte `start`; there are `size`."""
        self._file = file
        self._next = start
        self._end = start + size
        self._held = b""
        self._at = 0

    @property
    def left(self) -> int:
        """Return how many bytes are still to come."""
        return self._end - self._next + len(self._held) - self._at

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes.

        Raises:
            ShortError: there are fewer.
        """
        end = self._at + count
        if end > len(self._held):
            self._fill(count)
            end = count
        taken = self._held[self._at : end]
        self._at = end
        return taken

    def peek(self, count: int) -> bytes:
        """Return the next `count` bytes, or as many as there are, and leave them there."""
        if self._at + count > len(self._held):
            count = min(count, self.left)
            # Taken first: what is held, and where, is another afterwards.
            count = len(self.take(count))
            self._at -= count
        return self._held[self._at : self._at + count]

    def skip(self, count: int) -> None:
        """Go on behind `count` bytes that were looked at."""
        self._at += count

    def _fill(self, count: int) -> None:
        if count > self.left:
            raise ShortError(f"{count} bytes are expected where {self.left} are left")
        rest = self._held[self._at :]
        self._file.seek(self._next)
        fresh = self._file.read(min(max(AT_ONCE, count - len(rest)), self._end - self._next))
        self._next += len(fresh)
        self._held, self._at = rest + fresh, 0
        if count > len(self._held):
            raise ShortError("the file became shorter while it was read")

    def pieces(self) -> Iterator[bytes]:
        """Yield all that is left, in pieces of bounded size."""
        while self.left:
            yield self.take(min(self.left, AT_ONCE))

    def close(self) -> None:
        """Check that nothing is left.

        Raises:
            ShortError: something is.
        """
        if self.left:
            raise ShortError(f"{self.left} bytes are left over")


class Archive:
    """The members of a file that was read whole once, and is as §11.2 says."""

    def __init__(self, file: Seekable, members: Iterable[Member]) -> None:
        """Find `members` in `file`."""
        self._file = file
        self.members: Mapping[str, Member] = {member.name: member for member in members}

    def open(self, name: str) -> Stretch:
        """Return the bytes of the member `name`, from its beginning."""
        member = self.members[name]
        return Stretch(self._file, start=member.start, size=member.size)

    def whole(self, name: str, *, limit: int) -> bytes:
        """Return all bytes of a member that may have up to `limit`.

        Raises:
            ShortError: it has more.
        """
        if self.members[name].size > limit:
            raise ShortError(f"{name} is larger than {limit} bytes")
        return self.open(name).take(self.members[name].size)


def local_header(name: str, *, crc: int, size: int) -> bytes:
    """Return what stands before the bytes of a member, its name included."""
    fields = (_VERSION, 0, 0, 0, _DATE, crc, size, size, len(name), 0)
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name.encode("ascii")


def central_header(member: Member) -> bytes:
    """Return what the list at the end says of a member, its name included."""
    offset = member.start - LOCAL_SIZE - len(member.name)
    sizes = (member.crc, member.size, member.size, len(member.name))
    fields = (_VERSION, _VERSION, 0, 0, 0, _DATE, *sizes, 0, 0, 0, 0, 0, offset)
    return struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *fields) + member.name.encode("ascii")


def end_record(members: int, *, size: int, start: int) -> bytes:
    """Return the end of the file: the list of `members` begins at `start` and has `size` bytes."""
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, size, start, 0)


def is_name(name: str) -> bool:
    """Return whether a member may be called that."""
    plain = len(name) <= MAX_NAME and _NAME.fullmatch(name) is not None
    return plain and not {".", ".."} & set(name.split("/"))


def read(file: Seekable, *, size: int) -> Archive:
    """Return the members of `file`, which has `size` bytes. Every byte is looked at. Spec §11.2.4.

    Raises:
        UnreadableError: a byte is not the one that it must be.
    """
    if not END_SIZE <= size <= MAX_FILE:
        raise UnreadableError("no export has this size")
    members = tuple(_list(file, size))
    at = 0
    for member in members:
        header = local_header(member.name, crc=member.crc, size=member.size)
        if _part(file, at, len(header)) != header or member.start != at + len(header):
            raise UnreadableError(f"the header of {member.name} is not the one it must have")
        if _crc(Stretch(file, start=member.start, size=member.size)) != member.crc:
            raise UnreadableError(f"{member.name} is damaged")
        at = member.start + member.size
    if at != size - END_SIZE - sum(CENTRAL_SIZE + len(member.name) for member in members):
        raise UnreadableError("the members do not fill the file")
    return Archive(file, members)


def _list(file: Seekable, size: int) -> Iterator[Member]:
    end = _part(file, size - END_SIZE, END_SIZE)
    count, length, start = struct.unpack("<H2I", end[10:20])
    if not MIN_MEMBERS <= count <= MAX_MEMBERS or length > count * (CENTRAL_SIZE + MAX_NAME):
        raise UnreadableError("no export has so many members")
    if end != end_record(count, size=length, start=start) or start + length + END_SIZE != size:
        raise UnreadableError("the end is not the one of a stored ZIP file")
    raw = _part(file, start, length)
    at, names = 0, set[str]()
    for _ in range(count):
        member = _member(raw, at, limit=start)
        if member.name in names:
            raise UnreadableError("a member stands twice")
        names.add(member.name)
        at += CENTRAL_SIZE + len(member.name)
        yield member
    if at != length:
        raise UnreadableError("something follows the list of members")


def _member(raw: bytes, at: int, *, limit: int) -> Member:
    fixed = raw[at : at + CENTRAL_SIZE]
    if len(fixed) < CENTRAL_SIZE:
        raise UnreadableError("the list of members is cut off")
    crc, size, _, length = struct.unpack("<3IH", fixed[16:30])
    (offset,) = struct.unpack("<I", fixed[42:])
    name = raw[at + CENTRAL_SIZE : at + CENTRAL_SIZE + length].decode("latin-1")
    if not is_name(name) or offset + size > limit:
        raise UnreadableError("a member has a name or a size that none has")
    member = Member(name=name, start=offset + LOCAL_SIZE + length, size=size, crc=crc)
    if central_header(member) != raw[at : at + CENTRAL_SIZE + length]:
        raise UnreadableError(f"the list says of {name} what no export says")
    return member


def _part(file: Seekable, at: int, count: int) -> bytes:
    file.seek(at)
    found = file.read(count)
    if len(found) != count:
        raise UnreadableError("the file ends too early")
    return found


def _crc(stretch: Stretch) -> int:
    total = 0
    try:
        for piece in stretch.pieces():
            total = binascii.crc32(piece, total)
    except ShortError as error:
        raise UnreadableError("the file ends too early") from error
    return total
