"""The vectors of exports: one that is proved, and what is to be refused at each step.

A refused export is the proved one with stretches of its bytes replaced, so that nobody needs to know how
a ZIP file is written to try a verifier.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from parley.protocol.verify.findings import as_json
from parley.protocol.verify.judge import Asked, verify
from tests.protocol.recorded import Recorded
from tests.protocol.vector_cases import Case, b64
from tests.verify.book import CHANNEL, A, B, Book, pack, rich

Members = dict[str, bytes]
Change = Callable[[Members], None]

_PIECE: Final = 48
_LAST: Final = b"orphans b.example/live/a-b/main/77aa0c14"
LOG: Final = f"logs/{A}/5e0c9a71"
NEXT: Final = f"logs/{B}/77aa0c14"
LATE: Final = f"orphans/{B}/c3d21f08"
ASIDE: Final = f"orphans/{B}/0a0b0c0d"


def exports(suite: Recorded) -> Case:
    book = rich(suite=suite)
    members = book.members()
    raw = pack(members)
    proved = verify(io.BytesIO(raw), size=len(raw), asked=Asked(digits=book.digits), suite=suite)
    refused = [
        {
            "about": about,
            "of": 0,
            "step": step,
            "replace": list(_difference(raw, pack(_changed(members, change)))),
        }
        for about, (step, change) in _changes(book).items()
    ]
    refused += [
        {"about": about, "of": 0, "step": 1, "replace": [list(each)]}
        for about, each in {
            "a byte behind the end": (len(raw), 0, b64(b"x")),
            "a byte before the beginning": (0, 0, b64(b"x")),
            "a comment": (len(raw) - 2, 2, b64(b"\1\0x")),
            "a method other than stored": (raw.rindex(b"PK\1\2") + 10, 1, b64(b"\x08")),
            "a size that the file does not have": (raw.rindex(b"PK\1\2") + 20, 8, b64(b"\xff" * 8)),
            "a sum that is another": (14, 1, b64(bytes([raw[14] ^ 1]))),
        }.items()
    ]
    return {
        "spec": "§11.2 to §11.6",
        "valid": [
            {
                "about": "all that there can be",
                "zip": b64(raw),
                "digits": book.digits,
                "findings": as_json(proved),
            }
        ],
        "refused": refused,
    }


def _changed(members: Mapping[str, bytes], change: Change) -> Members:
    found = dict(members)
    change(found)
    return found


def _difference(old: bytes, new: bytes) -> Iterator[list[object]]:
    """Yield offset, count and bytes of each stretch of `old` that is to be replaced to make `new`."""
    starts, others = _places(old), _places(new)
    one, two = ([raw[a:b] for a, b in pairwise(at)] for raw, at in ((old, starts), (new, others)))
    for tag, a, b, c, d in SequenceMatcher(a=one, b=two, autojunk=False).get_opcodes():
        if tag != "equal":
            yield [starts[a], starts[b] - starts[a], b64(b"".join(two[c:d]))]


def _places(raw: bytes) -> list[int]:
    """Return where the pieces of a file begin, at headers and every so many bytes; and its end."""
    found: list[int] = []
    at = 0
    while at < len(raw):
        found.append(at)
        header = raw.find(b"PK", at + 1, at + _PIECE)
        at = header if header >= 0 else at + _PIECE
    return [*found, len(raw)]


def _changes(book: Book) -> Mapping[str, tuple[int, Change]]:
    opening = book.lines[A][0].said[0]
    body, file = book.lines[A][0].said[1].parts[1:3]
    return {
        "another README.txt": (1, _replaces("README.txt", b"PARLEY", b"parley")),
        "a member that the list does not name": (2, lambda members: members.update({"more.txt": b"x"})),
        "a member less": (2, lambda members: _drops(members, f"{LOG}/receipts")),
        "a list of another version": (2, _replaces("export.txt", b"parley-export/1", b"parley-export/2")),
        "a number with a leading zero": (
            2,
            _replaces("export.txt", b"card a.example 1", b"card a.example 01"),
        ),
        "a card that one root signed": (3, _drops_line(f"cards/{A}/1", 1)),
        "a second card that does not follow": (3, _replaces(f"cards/{A}/2", b"serial 2", b"serial 2 ")),
        "digits that are not those of the cards": (
            4,
            _replaces("export.txt", b"digits " + book.digits[0].encode(), b"digits 00000"),
        ),
        "an entry cut off": (5, _cuts(f"{LOG}/entries", 1)),
        "an entry more than listed": (5, _appends(f"{LOG}/entries", bytes(34))),
        "an entry with another byte": (6, _flips(f"{LOG}/entries", 40)),
        "no head over all entries": (6, _empties(f"{LOG}/heads")),
        "a head of the other side's": (6, _copies(f"{NEXT}/heads", f"{LOG}/heads")),
        "a head for a receipt": (7, _copies(f"{LOG}/heads", f"{LOG}/receipts")),
        "no receipt for all entries": (7, _empties(f"{NEXT}/receipts")),
        "an acceptance for another size": (8, _replaces(f"{NEXT}/acceptance", b"\n3\n", b"\n2\n")),
        "an opening whose act is withheld": (9, _withholds(opening.parts[0].key, opening.parts[0].size)),
        "the key of another part": (10, _replaces(f"{LOG}/content", body.key, opening.parts[1].key)),
        "a body with another byte": (10, _flips_after(f"{LOG}/content", body.key, 40)),
        "a record less": (10, _cuts(f"{LOG}/content", 1)),
        "a record more": (10, _appends(f"{LOG}/content", b"\0")),
        "a file with another byte": (10, _flips(f"files/{file.hash.hex()}", 20_000)),
        "one history shown twice": (11, _doubles_fork(f"forks/{A}/5e0c9a71")),
        "a revocation that one root signed": (12, _drops_prefixed_line(f"revocations/{A}/5e0c9a71")),
        **_beside(book),
    }


def _beside(book: Book) -> Mapping[str, tuple[int, Change]]:
    late = book.orphans[book.lines[B][0].origin].said
    other = book.orphans[f"{B}/{CHANNEL}/0a0b0c0d"].said[0].parts[0]
    key = late[0].parts[0].key
    return {
        "orphans of the last log": (2, _of_last_log),
        "orphans in another order": (2, _in_another_order),
        "no orphans at all": (2, _replaces("export.txt", b"0a0b0c0d 2", b"0a0b0c0d 0")),
        "orphans of a log of another channel": (
            2,
            _replaces("export.txt", b"main/0a0b0c0d", b"hot/0a0b0c0d"),
        ),
        "a head of orphans without their log": (13, _copies(f"{ASIDE}/head", f"{LATE}/head")),
        "a head of orphans that one key signed": (13, _drops_line(f"{LATE}/head", 1)),
        "an orphan with another byte": (13, _flips(f"{LATE}/entries", 40)),
        "an orphan cut off": (13, _cuts(f"{ASIDE}/entries", 1)),
        "an orphan's act by another key": (13, _replaces(f"{LATE}/content", key, other.key)),
        "a record of orphans less": (13, _cuts(f"{LATE}/content", 1)),
        "a record of orphans more": (13, _appends(f"{ASIDE}/content", b"\0")),
    }


def _of_last_log(members: Members) -> None:
    _replaces("export.txt", b"orphans b.example/live/a-b/main/c3d21f08", _LAST)(members)


def _in_another_order(members: Members) -> None:
    lines = members["export.txt"].splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith(b"orphans "))
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    members["export.txt"] = b"".join(lines)


def _replaces(name: str, old: bytes, new: bytes) -> Change:
    def change(members: Members) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new, 1)

    return change


def _drops(members: Members, name: str) -> None:
    del members[name]


def _cuts(name: str, count: int) -> Change:
    return lambda members: members.update({name: members[name][:-count]})


def _appends(name: str, more: bytes) -> Change:
    return lambda members: members.update({name: members[name] + more})


def _empties(name: str) -> Change:
    return lambda members: members.update({name: b""})


def _copies(source: str, name: str) -> Change:
    return lambda members: members.update({name: members[source]})


def _flips(name: str, at: int) -> Change:
    def change(members: Members) -> None:
        content = members[name]
        members[name] = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]

    return change


def _flips_after(name: str, key: bytes, more: int) -> Change:
    return lambda members: _flips(name, members[name].index(key) + more + len(key))(members)


def _withholds(key: bytes, size: int) -> Change:
    def change(members: Members) -> None:
        name = f"{LOG}/content"
        at = members[name].index(b"\3" + key)
        members[name] = members[name][:at] + b"\0" + members[name][at + 1 + len(key) + 4 + size :]

    return change


def _drops_line(name: str, number: int) -> Change:
    def change(members: Members) -> None:
        lines = members[name].splitlines(keepends=True)
        members[name] = b"".join(lines[:-number])

    return change


def _drops_prefixed_line(name: str) -> Change:
    def change(members: Members) -> None:
        note = b"".join(members[name][4:].splitlines(keepends=True)[:-1])
        members[name] = len(note).to_bytes(4) + note

    return change


def _doubles_fork(name: str) -> Change:
    def change(members: Members) -> None:
        size = 4 + int.from_bytes(members[name][:4])
        members[name] = members[name][:size] * 2

    return change
