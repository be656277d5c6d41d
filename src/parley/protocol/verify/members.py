"""The members of a log, read as they come: entries, notes, and what is disclosed of the content.

    entries             uint16 length ‖ entry          or 0000 ‖ leaf 32 for a stub
    heads, receipts     uint32 length ‖ note
    content             00 withheld   01 erased   02 unopenable
                        03 ‖ key 32 ‖ uint32 length ‖ ciphertext
                        04 ‖ key 32               the ciphertext is the member files/<hash>

Nothing is held but the piece that is looked at. What it proves is left to `steps.py`.
Source: Spec §11.4.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from msgspec import Struct

from parley.protocol.breach import BreachError
from parley.protocol.entry import MAX_ENTRY, MAX_PARTS, ParsedEntry, PartRef
from parley.protocol.entry import parse as parse_entry
from parley.protocol.notation import HASH, TIME
from parley.protocol.note import MAX_NOTE
from parley.protocol.part import MAX_ACT, MAX_BODY, overhead
from parley.protocol.suite import CONTENT_KEY_SIZE
from parley.protocol.tree import HASH_SIZE, leaf_hash
from parley.protocol.verify.listed import Log
from parley.protocol.verify.zipped import AT_ONCE, Archive, ShortError, Stretch

MAX_NOTES: Final = 65_536
LARGEST: Final = 2 + MAX_ENTRY

_PART: Final = rf"{HASH} [1-9][0-9]{{0,14}}\n"
_PLAIN: Final = re.compile(rf"parley/v1\ntime {TIME}\nact {_PART}(?:part {_PART}){{0,{MAX_PARTS}}}".encode())


class Found(Enum):
    """What became of a part in an export, by the byte that says it."""

    WITHHELD = 0
    ERASED = 1
    UNOPENABLE = 2
    DISCLOSED = 3
    FILE = 4


class Place(Struct, frozen=True, kw_only=True):
    """An entry of an export: all its bytes `raw`, or None and the `stub`, which is its leaf."""

    raw: bytes | None
    stub: bytes | None

    @property
    def leaf(self) -> bytes:
        """Return the leaf hash."""
        return self.stub if self.raw is None and self.stub is not None else leaf_hash(self.raw or b"")


class Opening(Struct, frozen=True, kw_only=True):
    """A part that an entry names, and what is disclosed of it. `ciphertext` is None for a file."""

    number: int
    ref: PartRef
    found: Found
    key: bytes = b""
    ciphertext: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole entry at `index` in its log; `parsed` is None where it breaks the grammar."""

    index: int
    raw: bytes
    parsed: ParsedEntry | None
    openings: tuple[Opening, ...]


def read_places(archive: Archive, log: Log) -> Iterator[Place]:
    """Yield the entries of a log, in order.

    Raises:
        ShortError: there are more or fewer than the list says.
    """
    stretch = archive.open(log.member("entries"))
    # Written out rather than taken bit by bit: this is gone through three times for every entry.
    held, at = b"", 0
    for _ in range(log.size):
        if at + LARGEST > len(held) and stretch.left:
            held, at = held[at:] + stretch.take(min(stretch.left, AT_ONCE)), 0
        start = at + 2
        size = int.from_bytes(held[at:start], "big")
        at = start + (size or HASH_SIZE)
        if at > len(held):
            raise ShortError("an entry is cut off")
        found = held[start:at]
        yield Place(raw=found, stub=None) if size else Place(raw=None, stub=found)
    if at < len(held) or stretch.left:
        raise ShortError("more entries than the list names")


def read_notes(archive: Archive, name: str) -> Iterator[bytes]:
    """Yield the notes in the member `name`, in order.

    Raises:
        ShortError: it is cut off. BreachError: there are too many, or one is too large.
    """
    stretch = archive.open(name)
    for _ in range(MAX_NOTES):
        if not stretch.left:
            return
        size = int.from_bytes(stretch.take(4), "big")
        if size > MAX_NOTE:
            raise BreachError("11.4", "a note is larger than any note")
        yield stretch.take(size)
    if stretch.left:
        raise BreachError("11.4", f"more than {MAX_NOTES} notes")


def read_wholes(archive: Archive, log: Log) -> Iterator[Whole]:
    """Yield the whole entries of a log with what is disclosed of their parts, which is not yet opened.

    An entry whose records break the form is yielded with those before the break, and is the last.

    Raises:
        ShortError: the content has more or less than the entries name. BreachError: it breaks §11.4.5.
    """
    stretch = archive.open(log.member("content"))
    for index, place in enumerate(read_places(archive, log)):
        if place.raw is None:
            continue
        parsed = parsed_or_none(place.raw)
        openings: list[Opening] = []
        try:
            openings.extend(() if parsed is None else _read_openings(stretch, parsed))
        except (ShortError, BreachError):
            yield Whole(index=index, raw=place.raw, parsed=parsed, openings=tuple(openings))
            raise
        yield Whole(index=index, raw=place.raw, parsed=parsed, openings=tuple(openings))
    stretch.close()


def is_plain(raw: bytes) -> bool:
    """Return whether an entry surely keeps the grammar, and has neither `seen` nor signature lines.

    Most entries of a busy log are such, and a million of them need not be taken apart to know it.
    """
    return _PLAIN.fullmatch(raw) is not None


def read_content(
    archive: Archive, log: Log, *, broken: Container[int], missing: list[int]
) -> Iterator[Whole]:
    """Yield each whole entry of which a part is disclosed, with what is disclosed of its parts.

    What is not disclosed of the others is counted in `missing`, by the bytes that say why. `broken`
    are the places in the log that break the grammar, and so name no part.

    Raises:
        ShortError, BreachError: see `read_wholes`.
    """
    stretch = archive.open(log.member("content"))
    for index, place in enumerate(read_places(archive, log)):
        raw = place.raw
        if raw is None or index in broken:
            continue
        # In an entry that keeps the grammar these bytes begin the line of a part, and nothing else.
        count = 1 + raw.count(b"\npart ")
        found = stretch.peek(count)
        if len(found) == count and max(found) <= Found.UNOPENABLE.value:
            for each in found:
                missing[each] += 1
            stretch.skip(len(found))
        else:
            parsed = parse_entry(raw)
            openings = tuple(_read_openings(stretch, parsed))
            yield Whole(index=index, raw=raw, parsed=parsed, openings=openings)
    stretch.close()


def parsed_or_none(raw: bytes) -> ParsedEntry | None:
    """Return what an entry says, None if it breaks the grammar."""
    try:
        return parse_entry(raw)
    except BreachError:
        return None


def _read_openings(stretch: Stretch, parsed: ParsedEntry) -> Iterator[Opening]:
    for number, ref in enumerate((parsed.entry.act, *parsed.entry.parts)):
        yield _read_opening(stretch, number, ref)


def _read_opening(stretch: Stretch, number: int, ref: PartRef) -> Opening:
    kind = stretch.take(1)[0]
    if kind > Found.FILE.value:
        raise BreachError("11.4", "a part is neither disclosed nor said to be missing")
    found = Found(kind)
    if found not in {Found.DISCLOSED, Found.FILE}:
        return Opening(number=number, ref=ref, found=found)
    # That it is the part which the entry names is no matter of the form: step 10 opens it.
    key = stretch.take(CONTENT_KEY_SIZE)
    if (found is Found.FILE) is (number < 2):
        raise BreachError("11.4", "acts and bodies stand here, and files are members")
    if found is Found.FILE:
        return Opening(number=number, ref=ref, found=found, key=key)
    size = int.from_bytes(stretch.take(4), "big")
    if size > inline_limit(number):
        raise BreachError("11.4", "a ciphertext is too large to stand here")
    return Opening(number=number, ref=ref, found=found, key=key, ciphertext=stretch.take(size))


def inline_limit(number: int) -> int:
    """Return the largest size of a ciphertext that comes inline: of the act (0), or of the body (1)."""
    return MAX_BODY + overhead(MAX_BODY) if number else MAX_ACT
