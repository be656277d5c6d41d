"""The few lines of a statement that are logged; the content stays outside, in parts.

    parley/v1
    time 1795000000                             the writer's clock, Unix seconds
    log a.example/live/a-b/main/5e0c9a71        only, and always, with signature lines
    seen b.example/live/a-b/main/c3d21f08 3 Hp/qmjh9CJze4asGM5BgCADhXMSSJMH+/7l9XOtCUqU=
    act RI3tyXXYxyERBlC8nA4qQ3fp9yQmSL/uwsWVuOkOn5s= 312
    part lIKbk6FzohvjaKHZrm5NyNlsFQOtYGn2nyUB16zlLLk= 40104

Line for line: one; one; at most one; 0..16 `seen`, sorted by origin, none twice; one; 0..256
`part`. One space, LF, ASCII 0x20 to 0x7E. An entry is this text, or the text as a signed note
with officers' lines. Its leaf is the hash of all its bytes (`tree.leaf_hash`). An entry that
breaks the grammar is stored, counted, receipted and void. Whether a `seen` is true, and what
the act says, is left to the fold. Spec §4.2.
"""

import re
from itertools import pairwise
from typing import Final

from msgspec import Struct

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.names import ORIGIN_CHARACTERS, check_origin
from parley.protocol.notation import (
    HASH,
    MAX_NUMBER,
    MAX_TIME,
    POSITIVE,
    TIME,
    read_hash,
    read_number,
    write_base64,
)

MAX_ENTRY: Final = 65_535
MAX_SEEN: Final = 16
MAX_PARTS: Final = 256
HASH_SIZE: Final = 32

_LOG = rf"log ({ORIGIN_CHARACTERS})\n"
_SEEN = rf"seen {ORIGIN_CHARACTERS} {POSITIVE} {HASH}\n"
_PART = rf"part {HASH} {POSITIVE}\n"
_TEXT = re.compile(
    rf"parley/v1\ntime ({TIME})\n(?:{_LOG})?((?:{_SEEN}){{0,{MAX_SEEN}}})"
    rf"act ({HASH}) ({POSITIVE})\n((?:{_PART}){{0,{MAX_PARTS}}})"
)


class Seen(Struct, frozen=True, kw_only=True):
    """The newest head of another log that the writer held: what it knew when it wrote."""

    origin: str
    size: int
    root: bytes


class PartRef(Struct, frozen=True, kw_only=True, gc=False):
    """SHA-256 and size in bytes of a ciphertext."""

    hash: bytes
    size: int


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One statement's evidence; `time` in Unix seconds, `log` where officers sign."""

    time: int
    log: str | None = None
    seen: tuple[Seen, ...] = ()
    act: PartRef
    parts: tuple[PartRef, ...] = ()


class ParsedEntry(Struct, frozen=True, kw_only=True, gc=False):
    """An entry, the text that was hashed and signed, and the officers' lines, not judged."""

    entry: Entry
    text: bytes
    lines: tuple[note.Line, ...]


def encode_text(entry: Entry) -> bytes:
    """Return the text of the entry; `encode_signed` adds lines to it.

    Raises:
        BreachError: the entry would be void.

    """
    text = f"parley/v1\ntime {entry.time}\n"
    if entry.log:
        text += f"log {entry.log}\n"
    for each in entry.seen:
        text += f"seen {each.origin} {each.size} {write_base64(each.root)}\n"
    text += f"act {write_base64(entry.act.hash)} {entry.act.size}\n"
    for part in entry.parts:
        text += f"part {write_base64(part.hash)} {part.size}\n"
    raw = text.encode("ascii", "replace")
    if len(raw) > MAX_ENTRY or not _is_read_back(entry, raw):
        raise BreachError("4.2", "the entry has no form in which it could be logged")
    return raw


def _is_read_back(entry: Entry, raw: bytes) -> bool:
    if entry.log is not None or entry.seen:
        return _read_text(raw) == entry
    # Numbers and hashes have one form each: where they fit the grammar, they are read as written.
    for part in (entry.act, *entry.parts):
        if len(part.hash) != HASH_SIZE or type(part.size) is not int or not 0 < part.size <= MAX_NUMBER:
            return False
    return type(entry.time) is int and 0 < entry.time <= MAX_TIME and len(entry.parts) <= MAX_PARTS


def encode_signed(text: bytes, lines: tuple[note.Line, ...]) -> bytes:
    """Return the bytes of an entry: the `text` alone, or the text as a note with `lines`."""
    return note.encode(note.Note(text=text, lines=lines)) if lines else text


def parse(raw: bytes) -> ParsedEntry:
    """Return the entry in `raw`, at most `MAX_ENTRY` bytes.

    Raises:
        BreachError: `raw` breaks the grammar (Spec §4.2) or its lines do (Spec §2.2).

    """
    if len(raw) > MAX_ENTRY:
        raise BreachError("4.2", f"an entry is at most {MAX_ENTRY} bytes")
    if b"\n\n" not in raw:
        return ParsedEntry(entry=_read_text(raw), text=raw, lines=())
    signed = note.parse(raw)
    entry = _read_text(signed.text)
    # Without its log an officer's signature would fit every link and world.
    if entry.log is None:
        raise BreachError("4.2", "a signed entry names its log")
    return ParsedEntry(entry=entry, text=signed.text, lines=signed.lines)


def _read_text(raw: bytes) -> Entry:
    text = raw.decode("latin-1")
    match = _TEXT.fullmatch(text)
    if match is None:
        raise BreachError("4.2", _fault(text))
    time, log, seen, act, act_size, parts = match.groups()
    if log is not None:
        check_origin(log)
    return Entry(
        time=int(time),
        log=log,
        seen=_read_seen(seen) if seen else (),
        act=PartRef(hash=read_hash(act), size=read_number(act_size, "4.2")),
        parts=tuple([_read_part(line) for line in parts.split("\n")[:-1]]) if parts else (),
    )


def _read_seen(lines: str) -> tuple[Seen, ...]:
    seen = []
    for line in lines.split("\n")[:-1]:
        _, origin, size, root = line.split(" ")
        check_origin(origin)
        seen.append(Seen(origin=origin, size=read_number(size, "4.2"), root=read_hash(root)))
    if any(one.origin >= two.origin for one, two in pairwise(seen)):
        raise BreachError("4.2", "the seen lines are not sorted, or name a log twice")
    return tuple(seen)


def _read_part(line: str) -> PartRef:
    return PartRef(hash=read_hash(line[5:49]), size=read_number(line[50:], "4.2"))


def _fault(text: str) -> str:
    # For people who look for the mistake in their program; no decision rests on it.
    expected = re.compile(
        rf"(?:parley/v1\n(?:time {TIME}\n(?:{_LOG})?(?:{_SEEN}){{0,{MAX_SEEN}}}"
        rf"(?:act {HASH} {POSITIVE}\n(?:{_PART}){{0,{MAX_PARTS}}})?)?)?"
    ).match(text)
    line = text.count("\n", 0, expected.end() if expected else 0) + 1
    return f"line {line} is not what the grammar of an entry has there"
