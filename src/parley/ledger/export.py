"""What a judge gets: one file with both lines, what signs them, and the content that was chosen.

An export ends where the other side's receipt ends, for each line: what nobody countersigned is
no evidence yet. The file is written as it is read, so that its size does not matter; and the same
choice of the same record gives the same bytes. Source: Spec §11.1, §11.4; rule E16.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, TypeAlias

from parley.ledger.announced import announced_cards
from parley.ledger.beside import Beside, beside, unrevoked
from parley.ledger.chosen import Choice, choose
from parley.ledger.counting import revoked_of
from parley.ledger.disclosing import Enclosed, Source, contents, enclosed_files, file_bytes
from parley.ledger.keys import Keys
from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.zipping import Writable, Zip
from parley.protocol import card as cards
from parley.protocol import note as notes
from parley.protocol.head import Head, parse_text
from parley.protocol.suite import Suite
from parley.protocol.verify.listed import (
    MAX_FILES,
    MAX_LOGS,
    Listing,
    Log,
    file_name,
    fork_name,
    revocation_name,
)
from parley.protocol.verify.members import MAX_NOTES
from parley.protocol.verify.readme import README
from parley.signer.desk import SigningDesk
from parley.vault.vault import Vault

Receipts: TypeAlias = Callable[[Head], bytes | None]
"""Gives this node's own receipt for a head of the partner's, if there is one for exactly that."""

# Beyond this many head notes below the newest no receipt of ours is looked for.
_LOOK_BACK: Final = 64
_HEAD_NOTES: Final = "SELECT size, signed_at, note FROM head_note WHERE log = ? AND size <= ? ORDER BY size"
_RECEIPTS: Final = "SELECT size, received_at, note FROM receipt WHERE log = ? AND size <= ? ORDER BY size"


class NothingReceiptedError(Exception):
    """Neither side's opening is countersigned yet: there is nothing that an export could prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: the size of the file in bytes, and what is in it."""

    size: int
    listing: Listing
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One writer's line up to where it is receipted, with the receipts that are not in the tables."""

    node: str
    number: int
    logs: tuple[Log, ...]
    size: int
    receipt: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What an export is made with: the record, what opens its parts, and this node's own receipts."""

    reader: Reader
    keys: Keys
    suite: Suite
    receipts: Receipts
    vault: Vault


def kept_receipts(desk: SigningDesk) -> Receipts:
    """Return how this node's own receipts are found: the signer keeps the newest of each log."""

    def find(head: Head) -> bytes | None:
        anchored = desk.anchor(head.origin)
        text = head.text()
        found = (each.note for each in reversed(anchored.notes if anchored else ()))
        return next((note for note in found if notes.parse(note).text == text), None)

    return find


def export(house: House, link: str, out: Writable, *, choice: Choice) -> Exported:
    """Write the export of `link` into `out`, and return what is in it.

    Raises:
        NothingReceiptedError: there is nothing to prove yet. TooLargeError: choose less.
    """
    house.reader.begin()
    try:
        return _Exporter(house, link, choice=choice).write(out)
    finally:
        house.reader.end()


class _Exporter:
    def __init__(self, house: House, link: str, *, choice: Choice) -> None:
        self._db = house.reader.connection
        self._house = house
        name = link if choice.thread is None else house.reader.lane_of(link, choice.thread)
        self._facts = next(each for each in read_facts(self._db, house.reader.node) if each.name == name)
        self._choice = choice
        self._lines = {node: self._line(node) for node in sorted(self._facts.logs)}
        if not all(line.size for line in self._lines.values()):
            raise NothingReceiptedError
        one, two = (line.number for line in self._lines.values())
        self._chosen = choose(self._db, (one, two), choice)
        self._cards = {
            node: announced_cards(
                self._db, self._facts, node, size=line.size, keys=house.keys, suite=house.suite
            )
            for node, line in self._lines.items()
        }
        self._revoked = {
            node: revoked_of(
                house.reader, self._facts, node, shown=[each.card for each in found], suite=house.suite
            )
            for node, found in self._cards.items()
        }

    def write(self, out: Writable) -> Exported:
        forks = dict(self._forks())
        files, orphans = self._files(), sorted(self._beside(), key=lambda each: each.log.origin)
        source = replace(self._source, files=files)
        listing = replace(self._listing(forks, files), orphans=tuple(each.log for each in orphans))
        file = Zip(out)
        file.add("README.txt", (README,))
        file.add("export.txt", (listing.text(),))
        for node, found in self._cards.items():
            for signed in found:
                file.add(f"cards/{node}/{signed.card.serial}", (notes.encode(signed.note),))
        for line in self._lines.values():
            self._add_line(file, line, source=source)
        for origin, proof in forks.items():
            file.add(fork_name(origin), _prefixed(proof))
        for origin in listing.revocations:
            file.add(revocation_name(origin), _prefixed(self._revocations[origin]))
        for each in orphans:
            file.add(each.log.member("head"), (each.head,))
            file.add(each.log.member("entries"), each.entries())
            file.add(each.log.member("content"), each.content(source))
        for digest, enclosed in files.items():
            file.add(file_name(digest), file_bytes(source.vault, digest, size=enclosed.size))
        whole = sum(len(self._shown(line)) for line in self._lines.values())
        return Exported(size=file.close(), listing=listing, whole=whole)

    @property
    def _source(self) -> Source:
        house = self._house
        return Source(
            db=self._db,
            keys=house.keys,
            suite=house.suite,
            chosen=self._chosen,
            choice=self._choice,
            vault=house.vault,
        )

    def _files(self) -> Mapping[bytes, Enclosed]:
        found = (
            enclosed_files(self._source, log, number=line.number)
            for line in self._lines.values()
            for log in line.logs
        )
        return dict(sorted(chain.from_iterable(found), key=lambda each: each[0])[:MAX_FILES])

    def _listing(self, forks: Mapping[str, tuple[bytes, bytes]], files: Mapping[bytes, Enclosed]) -> Listing:
        sides = self._facts.sides
        lines = {node: line.logs for node, line in self._lines.items()}
        return Listing(
            channel=self._facts.channel,
            digits=cards.digits(sides.one.card_hash, sides.two.card_hash),
            cards={node: tuple(each.card.serial for each in found) for node, found in self._cards.items()},
            lines=lines,
            forks=tuple(log.origin for line in lines.values() for log in line if log.origin in forks),
            revocations=tuple(
                log.origin for line in lines.values() for log in line if log.origin in self._revocations
            ),
            files={digest: each.size for digest, each in files.items()},
        )

    def _beside(self) -> Iterator[Beside]:
        for node, line in self._lines.items():
            cards = [each.card for each in self._cards[node]]
            held = unrevoked(cards, self._revoked[node].notes)
            yield from beside(self._source, line.logs, number=line.number, held=held)

    # ---- Lines

    def _line(self, node: str) -> _Line:
        number = self._facts.logs[node]
        size, receipt = self._my_size(number) if node == self._facts.me else self._their_size(number)
        epochs = [each for each in self._facts.line(node).epochs if each.base < size or not each.base]
        ends = [each.base for each in epochs[1:]] + [size]
        logs = tuple(
            Log(
                origin=each.origin,
                node=node,
                epoch=each.origin.rpartition("/")[2],
                base=each.base,
                size=end - each.base,
            )
            for each, end in zip(epochs, ends, strict=True)
        )
        return _Line(node=node, number=number, logs=logs[:MAX_LOGS], size=size, receipt=receipt)

    def _bound(self, number: int) -> int:
        """Return where a log begins that the other side did not accept; nothing is shown from there on."""
        (found,) = self._db.execute(
            "SELECT MIN(base) FROM epoch WHERE log = ? AND base > 0 AND acceptance IS NULL", (number,)
        ).fetchone()
        return 2**62 if found is None else int(found)

    def _my_size(self, number: int) -> tuple[int, None]:
        (size,) = self._db.execute(
            "SELECT COALESCE(MAX(size), 0) FROM receipt JOIN head_note USING (log, size)"
            " WHERE log = ? AND size <= ?",
            (number, self._bound(number)),
        ).fetchone()
        return int(size), None

    def _their_size(self, number: int) -> tuple[int, bytes | None]:
        found = self._db.execute(
            "SELECT size, note FROM head_note WHERE log = ? AND size <= ? ORDER BY size DESC LIMIT ?",
            (number, self._bound(number), _LOOK_BACK),
        )
        for size, note in found:
            receipt = self._house.receipts(parse_text(notes.parse(bytes(note)).text))
            if receipt is not None:
                return int(size), receipt
        return 0, None

    # ---- Members

    def _add_line(self, file: Zip, line: _Line, *, source: Source) -> None:
        found = self._db.execute(_HEAD_NOTES, (line.number, line.size))
        heads = _rising(self._revoked[line.node].heads(found))
        receipts = _rising(self._db.execute(_RECEIPTS, (line.number, line.size)))
        if line.receipt is not None:
            receipts = [(line.size, 0, line.receipt)]
        places = self._shown(line)
        for number, log in enumerate(line.logs):
            if number:
                file.add(log.member("acceptance"), (self._acceptance(log.origin),))
            file.add(log.member("entries"), self._entries(line, log))
            file.add(log.member("heads"), _prefixed(_covering(heads, log, places)))
            file.add(log.member("receipts"), _prefixed(_covering(receipts, log, places)))
            file.add(log.member("content"), contents(source, log, number=line.number))

    def _shown(self, line: _Line) -> Sequence[int]:
        if self._chosen.whole is None:
            return range(line.size)
        return sorted(index for index in self._chosen.whole[line.number] if index < line.size)

    def _acceptance(self, origin: str) -> bytes:
        (note,) = self._db.execute("SELECT acceptance FROM epoch WHERE origin = ?", (origin,)).fetchone()
        return bytes(note)

    def _entries(self, line: _Line, log: Log) -> Iterator[bytes]:
        found = self._db.execute(
            "SELECT idx, raw, leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (line.number, log.base, log.base + log.size),
        )
        for index, raw, leaf in found:
            if self._chosen.is_whole(line.number, index):
                yield struct.pack(">H", len(raw)) + bytes(raw)
            else:
                yield bytes(2) + bytes(leaf)

    def _forks(self) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
        known = {log.origin for line in self._lines.values() for log in line.logs}
        for line in self._lines.values():
            for one, two in self._db.execute("SELECT one, two FROM fork WHERE log = ?", (line.number,)):
                head = parse_text(notes.parse(bytes(one)).text)
                size = self._facts.line(line.node).size_of(head.origin, head.size)
                is_fork = size is None or self._revoked[line.node].is_fork(bytes(one), bytes(two), size=size)
                if head.origin in known and is_fork:
                    yield head.origin, (bytes(one), bytes(two))

    @property
    def _revocations(self) -> Mapping[str, tuple[bytes, ...]]:
        return {origin: found for each in self._revoked.values() for origin, found in each.notes.items()}


def _rising(found: Iterable[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    """Return notes by size, without those that were signed anew after a larger one."""
    kept: list[tuple[int, int, bytes]] = []
    for size, time, note in found:
        while kept and kept[-1][1] > time:
            kept.pop()
        kept.append((size, time, bytes(note)))
    return kept


def _covering(found: Sequence[tuple[int, int, bytes]], log: Log, places: Sequence[int]) -> Iterator[bytes]:
    """Yield the smallest note above each of `places` in this log, and the largest note in it."""
    mine = [(size, note) for size, _, note in found if log.base < size <= log.base + log.size]
    chosen: list[bytes] = []
    shown = iter(places)
    place = next(shown, None)
    for number, (size, note) in enumerate(mine):
        is_last = number == len(mine) - 1
        covers = False
        while place is not None and place < size:
            covers = covers or place >= log.base
            place = next(shown, None)
        if covers or is_last:
            chosen.append(note)
    yield from chosen[-MAX_NOTES:]


def _prefixed(found: Iterable[bytes]) -> Iterator[bytes]:
    for each in found:
        yield struct.pack(">I", len(each)) + each
