"""`export.txt`: which channel, cards and logs an export is about, and so which members it has.

    parley-export/1
    channel live/a-b/main
    digits 15520 80606 83821 …                      twelve groups
    card a.example 1                                by node, serials rising by one
    log a.example/live/a-b/main/5e0c9a71 20         by node, in the order of its line
    fork a.example/live/a-b/main/5e0c9a71
    orphans a.example/live/a-b/main/77aa0c14 3      what was signed beside the lines
    file <64 hexadecimal digits> <size>

Whether any of it is true is left to `steps.py`. Source: Spec §11.3.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from parley.protocol.breach import BreachError
from parley.protocol.line import Epoch, Line
from parley.protocol.names import (
    CHANNEL,
    NODE,
    ORIGIN_CHARACTERS,
    check_channel,
    check_node,
    parse_channel,
    parse_origin,
)
from parley.protocol.notation import NUMBER, POSITIVE, read_number
from parley.protocol.places import mark

MAX_LIST: Final = 1024 * 1024
MAX_CARDS: Final = 64
MAX_LOGS: Final = 64
MAX_FORKS: Final = 128
MAX_REVOCATIONS: Final = 128
MAX_ORPHANED: Final = 128
MAX_FILES: Final = 2_048
GROUPS: Final = 12

_BOTH: Final = 2 * MAX_CARDS
_TEXT: Final = re.compile(
    rf"parley-export/1\nchannel ({CHANNEL})\ndigits ([0-9]{{5}}(?: [0-9]{{5}}){{{GROUPS - 1}}})\n"
    rf"((?:card {NODE} {POSITIVE}\n){{2,{_BOTH}}})((?:log {ORIGIN_CHARACTERS} {NUMBER}\n){{2,{_BOTH}}})"
    rf"((?:fork {ORIGIN_CHARACTERS}\n){{0,{MAX_FORKS}}})"
    rf"((?:revocation {ORIGIN_CHARACTERS}\n){{0,{MAX_REVOCATIONS}}})"
    rf"((?:orphans {ORIGIN_CHARACTERS} {POSITIVE}\n){{0,{MAX_ORPHANED}}})"
    rf"((?:file [0-9a-f]{{64}} {POSITIVE}\n){{0,{MAX_FILES}}})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One log: `base` is how many entries of the line stand before it, `size` how many it has here.

    Of orphans, `base` is how many entries of their log stand before them, and their `folder` another.
    """

    origin: str
    node: str
    epoch: str
    base: int
    size: int
    folder: str = "logs"

    def member(self, name: str) -> str:
        """Return what its member `name` is called."""
        return f"{self.folder}/{self.node}/{self.epoch}/{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What `export.txt` says. `cards` are serials and `lines` logs, by node, the nodes in byte order.

    `orphans` are what is signed beside the lines, by origin.
    """

    channel: str
    digits: tuple[str, ...]
    cards: Mapping[str, tuple[int, ...]]
    lines: Mapping[str, tuple[Log, ...]]
    forks: tuple[str, ...] = ()
    revocations: tuple[str, ...] = ()
    orphans: tuple[Log, ...] = ()
    files: Mapping[bytes, int]

    @property
    def nodes(self) -> tuple[str, str]:
        """Return both nodes, A first."""
        one, two = self.lines
        return one, two

    @property
    def logs(self) -> tuple[Log, ...]:
        """Return all logs, in the order of the list."""
        return tuple(log for line in self.lines.values() for log in line)

    def other(self, node: str) -> str:
        """Return the node that is not `node`."""
        one, two = self.nodes
        return two if node == one else one

    def line(self, node: str) -> Line:
        """Return the line of `node`."""
        return Line(epochs=tuple(Epoch(origin=log.origin, base=log.base) for log in self.lines[node]))

    def size(self, node: str) -> int:
        """Return how many entries the line of `node` has here."""
        last = self.lines[node][-1]
        return last.base + last.size

    def place(self, node: str, index: int) -> str:
        """Return how people call the entry `index` of the line of `node`."""
        return f"{mark('AB'[self.nodes.index(node)], parse_channel(self.channel).lane)} {index}"

    def text(self) -> bytes:
        """Return the bytes of `export.txt`."""
        lines = [
            "parley-export/1",
            f"channel {self.channel}",
            f"digits {' '.join(self.digits)}",
            *(f"card {node} {serial}" for node, serials in self.cards.items() for serial in serials),
            *(f"log {log.origin} {log.size}" for log in self.logs),
            *(f"fork {origin}" for origin in self.forks),
            *(f"revocation {origin}" for origin in self.revocations),
            *(f"orphans {log.origin} {log.size}" for log in self.orphans),
            *(f"file {name.hex()} {size}" for name, size in self.files.items()),
        ]
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def names(self) -> Iterator[str]:
        """Yield the names of all members, in their order."""
        yield from ("README.txt", "export.txt")
        yield from (f"cards/{node}/{serial}" for node, serials in self.cards.items() for serial in serials)
        for line in self.lines.values():
            for number, log in enumerate(line):
                parts = ("entries", "heads", "receipts", "content")
                yield from (log.member(name) for name in (("acceptance", *parts) if number else parts))
        yield from (fork_name(origin) for origin in self.forks)
        yield from (revocation_name(origin) for origin in self.revocations)
        yield from (log.member(name) for log in self.orphans for name in ("head", "entries", "content"))
        yield from (file_name(name) for name in self.files)


def fork_name(origin: str) -> str:
    """Return the name of the member with the proof of two histories of the log `origin`."""
    log = parse_origin(origin)
    return f"forks/{log.node}/{log.epoch}"


def revocation_name(origin: str) -> str:
    """Return the name of the member with the revocations of keys for the log `origin`."""
    log = parse_origin(origin)
    return f"revocations/{log.node}/{log.epoch}"


def file_name(digest: bytes) -> str:
    """Return the name of the member with the ciphertext of this SHA-256."""
    return f"files/{digest.hex()}"


def read_listing(raw: bytes) -> Listing:
    """Return what `raw` lists.

    Raises:
        BreachError: §11.3.
    """
    match = _TEXT.fullmatch(raw.decode("latin-1")) if len(raw) <= MAX_LIST else None
    if match is None:
        raise BreachError("11.3", "the lines are not those of export.txt")
    channel, digits, cards, logs, forks, revocations, orphans, files = match.groups()
    check_channel(channel)
    lines = _read_lines(_rows(logs), channel)
    listing = Listing(
        channel=channel,
        digits=tuple(digits.split(" ")),
        cards=_read_cards(_rows(cards)),
        lines=lines,
        forks=tuple(origin for (origin,) in _rows(forks)),
        revocations=tuple(origin for (origin,) in _rows(revocations)),
        orphans=tuple(_read_orphans(_rows(orphans), lines)),
        files={bytes.fromhex(name): read_number(size, "11.3") for name, size in _rows(files)},
    )
    _check(listing, raw)
    return listing


def _rows(lines: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(" ")[1:]) for line in lines.split("\n")[:-1]]


def _read_cards(rows: Sequence[tuple[str, ...]]) -> Mapping[str, tuple[int, ...]]:
    cards = {
        node: tuple(read_number(serial, "11.3") for _, serial in found)
        for node, found in groupby(rows, key=lambda row: row[0])
    }
    for node, serials in cards.items():
        check_node(node)
        if len(serials) > MAX_CARDS or any(two != one + 1 for one, two in pairwise(serials)):
            raise BreachError("11.3", "the cards of a node are at most 64, one serial after the other")
    return cards


def _read_lines(rows: Sequence[tuple[str, ...]], channel: str) -> Mapping[str, tuple[Log, ...]]:
    lines: dict[str, list[Log]] = {}
    for origin, size in rows:
        name = parse_origin(origin)
        if name.channel.text != channel:
            raise BreachError("11.3", "a log is of another channel")
        line = lines.setdefault(name.node, [])
        base = line[-1].base + line[-1].size if line else 0
        line.append(
            Log(origin=origin, node=name.node, epoch=name.epoch, base=base, size=read_number(size, "11.3"))
        )
    return {node: tuple(line) for node, line in lines.items()}


def _read_orphans(rows: Sequence[tuple[str, ...]], lines: Mapping[str, Sequence[Log]]) -> Iterator[Log]:
    known = {log.origin: log.size for line in lines.values() for log in line}
    for origin, size in rows:
        name = parse_origin(origin)
        yield Log(
            origin=origin,
            node=name.node,
            epoch=name.epoch,
            base=known.get(origin, 0),
            size=read_number(size, "11.3"),
            folder="orphans",
        )


def _check(listing: Listing, raw: bytes) -> None:
    origins = [log.origin for log in listing.logs]
    nodes = list(listing.lines)
    if len(nodes) != len("AB") or nodes != sorted(nodes) or nodes != list(listing.cards):
        raise BreachError("11.3", "cards and logs are of two nodes, in byte order")
    if any(len(line) > MAX_LOGS for line in listing.lines.values()) or len(set(origins)) != len(origins):
        raise BreachError("11.3", "a line has at most 64 logs, none of them twice")
    for named in (listing.forks, listing.revocations):
        if [origin for origin in origins if origin in named] != list(named):
            raise BreachError("11.3", "forks and revocations are of logs in the list, in their order")
    beside = [log.origin for log in listing.orphans]
    if beside != sorted(set(beside)) or not all(_is_beside(log, listing) for log in listing.orphans):
        raise BreachError("11.3", "orphans are sorted, of this channel, and of no log that is the last one")
    if list(listing.files) != sorted(listing.files):
        raise BreachError("11.3", "files are sorted by hash")
    # Whatever was doubled or out of order was lost above, and does not come back.
    if listing.text() != raw:
        raise BreachError("11.3", "a line stands twice or where it should not")


def _is_beside(log: Log, listing: Listing) -> bool:
    line = listing.lines.get(log.node, ())
    is_here = parse_origin(log.origin).channel.text == listing.channel and bool(line)
    return is_here and log.origin != line[-1].origin
