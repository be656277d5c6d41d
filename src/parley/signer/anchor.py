"""The anchor at rest: one file, in which every log has a name and two slots that take turns.

    page of 68 KiB    name 4 KiB ‖ slot 32 KiB ‖ slot 32 KiB          page i: the i-th log begun
    name, slot        magic 8 ‖ uint64 turn ‖ uint32 length ‖ SHA-256 of all else ‖ content
                      name: the origin · slot: `Anchored`, msgpack

A change is written over the older slot, and one flush makes the changes of all logs durable. So a
write that is cut anywhere leaves the newer slot as it was, and nothing was signed by the other.
A log both of whose slots are damaged is *lost*, which is said, not guessed. What stands in a page
is believed by its hash; that it is the newest is what the ledger and the partner are asked about
(rules H11, H15). Spec §4.8.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from parley.protocol.tree import EMPTY, Frontier
from parley.signer.desk import Anchored

NAME_BYTES: Final = 4 * 1024
SLOT_BYTES: Final = 32 * 1024
PAGE_BYTES: Final = NAME_BYTES + 2 * SLOT_BYTES
# The name of a lost log whose name is lost too.
NAMELESS: Final = "?"

_NAME: Final = b"PARLEYN1"
_SLOT: Final = b"PARLEYA1"
_HEADER: Final = struct.Struct(">8sQI32s")
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Anchored)


class AnchorFile(Protocol):
    """The bytes of an anchor on some disk. An `OSError` of any method leaves open what is durable."""

    def read(self) -> bytes:
        """Return all of it, empty if there is none yet."""

    def write(self, pieces: Mapping[int, bytes]) -> None:
        """Write each of `pieces` at its offset; the file grows as needed."""

    def sync(self) -> None:
        """Make durable what was written."""

    def note(self, line: str) -> None:
        """Add `line` to the journal beside it, durable when this returns."""


class DiskFile:
    """An anchor in a folder of its own, best on another disk than the record."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path, self._journal = folder / "anchor", folder / "journal"
        is_new = not self._path.exists()
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if is_new:
            _sync_folder(folder)
            _sync_folder(folder.parent)

    def read(self) -> bytes:
        return self._path.read_bytes()

    def write(self, pieces: Mapping[int, bytes]) -> None:
        for at, raw in pieces.items():
            done = os.pwrite(self._held(), raw, at)
            if done != len(raw):
                raise OSError(f"expected to write {len(raw)} bytes of the anchor, wrote {done}")

    def sync(self) -> None:
        os.fdatasync(self._held())

    def _held(self) -> int:
        if self._handle < 0:
            raise OSError("the anchor is closed")
        return self._handle

    def note(self, line: str) -> None:
        handle = os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "ab") as journal:
            journal.write(line.encode() + b"\n")
            journal.flush()
            os.fsync(journal.fileno())

    def close(self) -> None:
        """Let go of the file. Whoever asks it afterwards is told by an `OSError`."""
        handle, self._handle = self._handle, -1
        os.close(handle)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Where a log lies, and what stands there; `turn` is that of its newest slot, 0 without one."""

    number: int
    turn: int
    anchored: Anchored | None

    def at(self, turn: int) -> int:
        """Return the offset of the slot whose turn it is."""
        return self.number * PAGE_BYTES + NAME_BYTES + (turn % 2) * SLOT_BYTES


class Anchor:
    """All logs of one signer: read once, then written ahead of every signature."""

    def __init__(self, file: AnchorFile) -> None:
        """Read `file`, and write the newest slots once more in their places.

        A flush that failed before may have left them in memory alone, where they look like written
        ones; the same bytes over the same bytes harm nothing.
        """
        self._file = file
        raw = file.read()
        self._count = -(-len(raw) // PAGE_BYTES)
        self._pages = dict(_read_page(raw, number) for number in range(self._count))
        self._free = [page.number for name, page in self._pages.items() if not name]
        self._pages.pop("", None)
        newest = {page.at(page.turn): _packed(page) for page in self._pages.values() if page.anchored}
        if newest:
            self._file.write(newest)
            self._file.sync()

    def get(self, origin: str) -> Anchored | None:
        """Return what is anchored of `origin`."""
        page = self._pages.get(origin)
        return None if page is None else page.anchored

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the logs that are anchored."""
        return tuple(name for name, page in self._pages.items() if page.anchored is not None)

    @property
    def lost(self) -> tuple[str, ...]:
        """Return the logs whose anchor is damaged."""
        return tuple(name for name, page in self._pages.items() if page.anchored is None)

    def put(self, fresh: Iterable[Anchored]) -> None:
        """Write what stands for logs that are here already; all of it is durable when this returns."""
        pages = {each.origin: self._turned(each) for each in fresh}
        self._file.write({page.at(page.turn): _packed(page) for page in pages.values()})
        self._file.sync()
        self._pages |= pages

    def _turned(self, fresh: Anchored) -> _Page:
        page = self._pages[fresh.origin]
        return _Page(number=page.number, turn=page.turn + 1, anchored=fresh)

    def add(
        self, origin: str, *, frontier: Frontier = EMPTY, signed_at: int = 0, retired: bool = False
    ) -> None:
        """Write a log that is not here yet; its slot is durable before its name is, and both at the end."""
        number = self._free[-1] if self._free else self._count
        anchored = Anchored(origin=origin, frontier=frontier, signed_at=signed_at, retired=retired)
        page = _Page(number=number, turn=1, anchored=anchored)
        self._file.write({page.at(1): _packed(page)})
        self._file.sync()
        name = _framed(_NAME, turn=0, content=origin.encode()).ljust(NAME_BYTES, b"\0")
        self._file.write({number * PAGE_BYTES: name})
        self._file.sync()
        self._pages[origin] = page
        self._free = self._free[:-1]
        self._count = max(self._count, number + 1)

    def note(self, line: str) -> None:
        """Add `line` to the journal."""
        self._file.note(line)


def _packed(page: _Page) -> bytes:
    raw = _framed(_SLOT, turn=page.turn, content=_ENCODER.encode(page.anchored))
    if len(raw) > SLOT_BYTES:
        raise ValueError(f"a slot holds {SLOT_BYTES} bytes, not {len(raw)}")
    return raw


def _framed(magic: bytes, *, turn: int, content: bytes) -> bytes:
    digest = hashlib.sha256(struct.pack(">8sQI", magic, turn, len(content)) + content).digest()
    return _HEADER.pack(magic, turn, len(content), digest) + content


def _unframed(magic: bytes, raw: bytes) -> tuple[int, bytes] | None:
    """Return turn and content of what `_framed` wrote at the start of `raw`; None if it is anything else."""
    if len(raw) < _HEADER.size:
        return None
    _, turn, length, _ = _HEADER.unpack_from(raw)
    content = raw[_HEADER.size : _HEADER.size + length]
    whole = _framed(magic, turn=turn, content=content)
    return (turn, content) if raw.startswith(whole) and len(content) == length else None


def _read_page(raw: bytes, number: int) -> tuple[str, _Page]:
    """Return the page and its name: "" if it is free, for then nothing was ever signed by it."""
    begin = number * PAGE_BYTES
    name = raw[begin : begin + NAME_BYTES]
    slots = [raw[at : at + SLOT_BYTES] for at in (begin + NAME_BYTES, begin + NAME_BYTES + SLOT_BYTES)]
    found = [slot for slot in map(_read_slot, slots) if slot is not None]
    turn, anchored = max(found, key=lambda slot: slot[0], default=(0, None))
    known = _unframed(_NAME, name)
    page = _Page(number=number, turn=turn, anchored=anchored)
    if not any(name) and turn <= 1:
        # `add` was cut before it wrote the name; or nothing stands here at all.
        return "", page
    if known is not None:
        return known[1].decode(), page
    return (NAMELESS if anchored is None else anchored.origin), page


def _read_slot(raw: bytes) -> tuple[int, Anchored] | None:
    found = _unframed(_SLOT, raw)
    if found is None:
        return None
    try:
        return found[0], _DECODER.decode(found[1])
    except msgspec.DecodeError:
        return None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
