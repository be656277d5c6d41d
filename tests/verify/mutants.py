"""Exports that were tampered with: damaged as they lie there, or changed and packed anew by somebody who can.

A mutant is a function of its number. None of them is an honest export of less: an older one, or one
with entries turned into stubs, would rightly be proved.
"""

import random
import struct
from collections.abc import Callable, Mapping
from typing import Final

from parley.protocol.verify.readme import README
from tests.verify.book import A, B, Book, pack, rich, usual

Members = dict[str, bytes]
COUNTED: Final = {"logs": "log", "orphans": "orphans"}


def mutant(number: int, *, book: Book, honest: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Return how the export was tampered with, and its bytes, which are not those of the honest one."""
    dice = random.Random(number)  # noqa: S311 - a mutant is a function of its number
    raw = pack(honest)
    for _ in range(100):
        if dice.random() < 0.5:
            way, found = _damaged(dice, raw)
        else:
            way, changed = _changed(dice, book, dict(honest))
            found = pack(changed)
        if found != raw:
            return f"{number}: {way}", found
    raise AssertionError(number)


# ---- As it lies there


def _damaged(dice: random.Random, raw: bytes) -> tuple[str, bytes]:
    at = dice.randrange(len(raw))
    to = min(len(raw), at + dice.choice((1, 2, 30, 46, 1_000)))
    match dice.randrange(6):
        case 0 | 1:
            return f"bit at {at}", _flipped(dice, raw, at)
        case 2:
            return f"cut at {at}", raw[:at]
        case 3:
            return f"without {at} to {to}", raw[:at] + raw[to:]
        case 4:
            return f"{at} to {to} twice", raw[:to] + raw[at:]
        case _:
            return f"bytes at {at}", raw[:at] + dice.randbytes(to - at) + raw[at:]


def _flipped(dice: random.Random, raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ (1 << dice.randrange(8))]) + raw[at + 1 :]


# ---- Changed, and packed anew


def _changed(dice: random.Random, book: Book, members: Members) -> tuple[str, Members]:
    change = dice.choice(CHANGES)
    return f"{change.__name__} {change(dice, book, members)}", members


def _flip(dice: random.Random, _book: Book, members: Members) -> str:
    name = dice.choice([each for each, content in members.items() if content])
    at = dice.randrange(len(members[name]))
    members[name] = _flipped(dice, members[name], at)
    return f"{name} at {at}"


def _cut(dice: random.Random, _book: Book, members: Members) -> str:
    name = dice.choice([each for each, content in members.items() if content])
    members[name] = members[name][: dice.randrange(len(members[name]))]
    return name


def _grow(dice: random.Random, _book: Book, members: Members) -> str:
    name = dice.choice(list(members))
    at = dice.randrange(len(members[name]) + 1)
    members[name] = members[name][:at] + dice.randbytes(dice.randrange(1, 40)) + members[name][at:]
    return f"{name} at {at}"


def _swap(dice: random.Random, _book: Book, members: Members) -> str:
    one, two = dice.sample([name for name, content in members.items() if content], 2)
    members[one], members[two] = members[two], members[one]
    return f"{one} {two}"


def _drop(dice: random.Random, _book: Book, members: Members) -> str:
    name = dice.choice(list(members))
    del members[name]
    return name


def _reorder_members(dice: random.Random, _book: Book, members: Members) -> str:
    names = list(members)
    one, two = sorted(dice.sample(range(len(names)), 2))
    names[one], names[two] = names[two], names[one]
    found = {name: members[name] for name in names}
    members.clear()
    members.update(found)
    return f"{names[one]} {names[two]}"


def _records(content: bytes) -> list[bytes]:
    """Return the records of a member `entries`."""
    found, at = [], 0
    while at < len(content):
        (size,) = struct.unpack_from(">H", content, at)
        end = at + 2 + (size or 32)
        found.append(content[at:end])
        at = end
    return found


def _notes(content: bytes) -> list[bytes]:
    """Return the notes of a member `heads` or `receipts`, each with its length."""
    found, at = [], 0
    while at < len(content):
        (size,) = struct.unpack_from(">I", content, at)
        found.append(content[at : at + 4 + size])
        at += 4 + size
    return found


def _reorder(dice: random.Random, _book: Book, members: Members) -> str:
    name = dice.choice([each for each in members if each.endswith("/entries")])
    records = _records(members[name])
    one, two = dice.sample(range(len(records)), 2)
    records[one], records[two] = records[two], records[one]
    members[name] = b"".join(records)
    return f"{name} {one} {two}"


def _double(dice: random.Random, _book: Book, members: Members) -> str:
    name = dice.choice([each for each in members if each.endswith(("/entries", "/heads", "/receipts"))])
    records = (_records if name.endswith("/entries") else _notes)(members[name])
    at = dice.randrange(len(records))
    members[name] = b"".join([*records[: at + 1], *records[at:]])
    if name.endswith("/entries") and dice.random() < 0.5:
        _count(members, name, by=1)
    return f"{name} {at}"


def _lose(dice: random.Random, _book: Book, members: Members) -> str:
    """Leave an entry out, and say that there is one less."""
    name = dice.choice([each for each in members if each.endswith("/entries")])
    records = _records(members[name])
    del records[dice.randrange(len(records))]
    members[name] = b"".join(records)
    _count(members, name, by=-1)
    return name


def _count(members: Members, name: str, *, by: int) -> None:
    folder, node, epoch, _ = name.split("/")
    lines = members["export.txt"].decode().split("\n")
    for number, line in enumerate(lines):
        if line.startswith(f"{COUNTED[folder]} {node}/") and f"/{epoch} " in line:
            start, _, size = line.rpartition(" ")
            lines[number] = f"{start} {int(size) + by}"
    members["export.txt"] = "\n".join(lines).encode()


def _other_receipts(dice: random.Random, _book: Book, members: Members) -> str:
    """Show the receipts of one log for another, or a head for a receipt."""
    names = [each for each in members if each.endswith(("/receipts", "/heads"))]
    one, two = dice.sample(names, 2)
    members[one] = members[two]
    return f"{one} from {two}"


def _last_note_less(dice: random.Random, _book: Book, members: Members) -> str:
    name = dice.choice(
        [each for each in members if each.endswith(("/receipts", "/heads")) and "c3d21f08" not in each]
    )
    members[name] = b"".join(_notes(members[name])[:-1])
    return name


def _line_twice(dice: random.Random, _book: Book, members: Members) -> str:
    """Let a note bear a signature line twice."""
    name = dice.choice([each for each in members if each.startswith("cards/") or each.endswith("/heads")])
    notes = _notes(members[name]) if name.endswith("/heads") else [members[name]]
    raw = notes[-1][4:] if name.endswith("/heads") else notes[-1]
    lines = raw.splitlines(keepends=True)
    raw = b"".join([*lines, lines[-1]])
    notes[-1] = struct.pack(">I", len(raw)) + raw if name.endswith("/heads") else raw
    members[name] = b"".join(notes)
    return name


def _other_card(dice: random.Random, _book: Book, members: Members) -> str:
    """Show the card of the one side for the other's, or with one key of it."""
    one, two = dice.sample([f"cards/{A}/1", f"cards/{B}/1"], 2)
    lines, others = members[one].split(b"\n"), members[two].split(b"\n")
    at = dice.randrange(len(lines))
    lines[at] = others[min(at, len(others) - 1)]
    members[one] = b"\n".join(lines)
    return f"line {at} of {one}"


def _other_readme(dice: random.Random, _book: Book, members: Members) -> str:
    at = dice.randrange(len(README))
    members["README.txt"] = README[:at] + b"!" + README[at:]
    return str(at)


def _keys_exchanged(dice: random.Random, book: Book, members: Members) -> str:
    """Open one part with the key of another."""
    parts = [
        part for pages in book.lines.values() for page in pages for said in page.said for part in said.parts
    ]
    one, two = dice.sample(parts, 2)
    for name in [each for each in members if each.endswith("/content")]:
        members[name] = members[name].replace(one.key, two.key)
    return one.hash.hex()[:8]


def _other_ciphertext(dice: random.Random, book: Book, members: Members) -> str:
    """Show another part of the same size, if there is one, for a part."""
    parts = [
        part for pages in book.lines.values() for page in pages for said in page.said for part in said.parts
    ]
    one, two = dice.sample(parts, 2)
    for name in [each for each in members if each.endswith("/content")]:
        size = struct.pack(">I", one.size) if one.size == two.size else struct.pack(">I", two.size)
        members[name] = members[name].replace(
            struct.pack(">I", one.size) + one.ciphertext, size + two.ciphertext
        )
    return one.hash.hex()[:8]


CHANGES: Final[tuple[Callable[[random.Random, Book, Members], str], ...]] = (
    _flip, _flip, _flip, _flip, _cut, _grow, _swap, _drop, _reorder_members, _reorder, _double, _lose,
    _other_receipts, _last_note_less, _line_twice, _other_card, _other_readme, _keys_exchanged,
    _other_ciphertext,
)  # fmt: skip

__all__ = ["mutant", "rich", "usual"]
