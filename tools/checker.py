"""Reads records as they lie on disk, and says what in them is not as it must be; whole ones give no line.

    ./run shell python tools/checker.py HOME_A HOME_B [ACKNOWLEDGED]

    of one record       every hash, root and signature is computed anew from the bytes; the fold too
    of two              equal digests
    of what was said    what a node acknowledged stands at its place in both records, and nothing stands twice

ACKNOWLEDGED is what the process that loaded the nodes kept: one JSON object a line, `node`, `draft`, `index`
and `statement` in hexadecimal digits. Each draft has its own name in its act as `ref`. The tables are read
by statements of this page alone, so that a mistake in the ledger's own reading cannot hide itself. Nobody may
write the records meanwhile.
"""

import hashlib
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from parley.ledger.digest import digest
from parley.ledger.keys import read_keys
from parley.ledger.reading import Reader
from parley.ledger.rebuild import rebuild
from parley.protocol import card as cards
from parley.protocol import entry as entries
from parley.protocol.breach import BreachError
from parley.protocol.head import read_head, read_receipt
from parley.protocol.note import VerifyKey
from parley.protocol.suite import Standard, Suite
from parley.protocol.tree import EMPTY, leaf_hash
from parley.work.home import Home, node_name


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that `node` acknowledged: it stands at `index` of its log, under the id `statement`."""

    node: str
    draft: str
    index: int
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One log of a writer's line: entries from `base` to `end`, heads counted from `base`."""

    log: int
    node: str
    origin: str
    base: int
    end: int


def read_said(path: Path) -> tuple[Said, ...]:
    """Return what the file at `path` holds, in its order."""
    return tuple(msgspec.json.decode(line, type=Said) for line in path.read_bytes().splitlines())


def faults(home: Home, *, suite: Suite | None = None) -> tuple[str, ...]:
    """Return what is wrong in the record of `home`, a sentence each."""
    try:
        with closing(sqlite3.connect(f"file:{home.record}?mode=ro", uri=True)) as db:
            found = tuple(Record(db, home, suite=suite or Standard()).faults())
        folded = () if found else rebuild(home, compare=True, suite=suite).differences
    except Exception as error:  # noqa: BLE001 - of a damaged file anything may be read, and that is a fault
        return (f"the record cannot be read: {type(error).__name__}: {error}",)
    return (*found, *(f"{each.table} {each.key} is not what is folded" for each in folded))


class Record:
    """One record.db, open for reading."""

    def __init__(self, db: sqlite3.Connection, home: Home, *, suite: Suite) -> None:
        self._db = db
        self._home = home
        self._suite = suite
        self.stretches = tuple(self._stretches())
        self._cards = {
            bytes(digest): cards.parse(bytes(note))
            for digest, note in db.execute("SELECT hash, note FROM card")
        }

    def faults(self) -> Iterator[str]:
        """Yield what is wrong."""
        for (line,) in self._db.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"the file: {line}"
        yield from self._bad_cards()
        yield from self._bad_parts()
        for stretch in self.stretches:
            yield from self._bad_entries(stretch)
            yield from self._bad_notes(stretch)
            yield from self._bad_receipts(stretch)

    def _stretches(self) -> Iterator[Stretch]:
        has_epochs = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'epoch'").fetchone()
        origins = "SELECT log, base, origin FROM epoch" if has_epochs else "SELECT id, 0, origin FROM log"
        nodes = dict(self._db.execute("SELECT id, node FROM log"))
        rows = sorted(self._db.execute(origins).fetchall())
        for at, (log, base, origin) in enumerate(rows):
            follows = at + 1 < len(rows) and rows[at + 1][0] == log
            end = rows[at + 1][1] if follows else self._size(log)
            yield Stretch(log=log, node=nodes[log], origin=origin, base=base, end=end)

    def _size(self, log: int) -> int:
        """Return how long the line is, by whatever says most of it."""
        sql = (
            "SELECT MAX(size) FROM (SELECT COUNT(*) AS size FROM entry WHERE log = :log"
            " UNION SELECT size FROM head WHERE log = :log UNION SELECT size FROM head_note WHERE log = :log"
            " UNION SELECT size FROM receipt WHERE log = :log)"
        )
        return int(self._db.execute(sql, {"log": log}).fetchone()[0])

    def _bad_cards(self) -> Iterator[str]:
        for kept, signed in self._cards.items():
            try:
                cards.check_first(signed, suite=self._suite)
            except BreachError as error:
                yield f"card {kept.hex()[:8]}: {error}"
            if cards.card_hash(signed.card) != kept:
                yield f"card {kept.hex()[:8]} has another hash"

    def _bad_parts(self) -> Iterator[str]:
        seeds = read_keys(self._home.keys, node_name(self._home)).seeds
        for kept, kek, wrapped, ciphertext in self._db.execute(
            "SELECT hash, kek, wrapped, ciphertext FROM part"
        ):
            if hashlib.sha256(ciphertext).digest() != kept:
                yield f"part {bytes(kept).hex()[:8]} has another hash"
            try:
                aes_key_unwrap(seeds[kek], wrapped)
            except (KeyError, InvalidUnwrap, ValueError):
                yield f"the key of part {bytes(kept).hex()[:8]} does not unwrap"

    def _bad_entries(self, stretch: Stretch) -> Iterator[str]:
        heads = dict(self._db.execute("SELECT size, root FROM head WHERE log = ?", (stretch.log,)))
        sql = "SELECT idx, leaf, raw FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx"
        rows = self._db.execute(sql, (stretch.log, stretch.base, stretch.end))
        frontier, index = EMPTY, stretch.base
        for found, leaf, raw in rows:
            if found != index or leaf_hash(raw) != leaf:
                yield f"{stretch.node} {index} is missing, or has another leaf"
            yield from self._missing_parts(f"{stretch.node} {index}", raw)
            frontier, index = frontier.push(leaf_hash(raw)), index + 1
            root = heads.pop(index, None)
            if root is not None and frontier.root() != root:
                yield f"the head of {stretch.node} at {index} has another root"
        if index != stretch.end:
            yield f"the log of {stretch.node} ends at {index} and not at {stretch.end}"

    def _missing_parts(self, place: str, raw: bytes) -> Iterator[str]:
        try:
            entry = entries.parse(raw).entry
        except BreachError:
            return  # it is kept, counted and void
        for part in (entry.act, *entry.parts[:1]):
            tag = int.from_bytes(part.hash[:8], "big", signed=True)
            sql = "SELECT 1 FROM part WHERE tag = ? AND hash = ?"
            if self._db.execute(sql, (tag, part.hash)).fetchone() is None:
                yield f"a part of {place} is missing"

    def _bad_notes(self, stretch: Stretch) -> Iterator[str]:
        sql = (
            "SELECT head_note.size, signed_at, note, root FROM head_note LEFT JOIN head USING (log, size)"
            " WHERE head_note.log = ? AND head_note.size > ? AND head_note.size <= ?"
        )
        for size, at, note, root in self._db.execute(sql, (stretch.log, stretch.base, stretch.end)):
            keys = [cards.write_keys(card, stretch.origin) for card in self._cards_of(stretch.node)]
            if not any(self._is_head(note, pair, (size - stretch.base, root, at)) for pair in keys):
                yield f"the note of {stretch.node} at {size} does not verify"

    def _is_head(self, note: bytes, keys: tuple[VerifyKey, VerifyKey], told: object) -> bool:
        try:
            signed = read_head(note, ed25519=keys[0], ml_dsa=keys[1], suite=self._suite)
        except BreachError:
            return False
        return told == (signed.head.size, signed.head.root, signed.signed_at)

    def _bad_receipts(self, stretch: Stretch) -> Iterator[str]:
        sql = (
            "SELECT receipt.size, received_at, note, root FROM receipt LEFT JOIN head USING (log, size)"
            " WHERE receipt.log = ? AND receipt.size > ? AND receipt.size <= ?"
        )
        others = [signed.card for signed in self._cards.values() if signed.card.node != stretch.node]
        for size, at, note, root in self._db.execute(sql, (stretch.log, stretch.base, stretch.end)):
            keys = [cards.receipt_keys(card) for card in others]
            if not any(self._is_receipt(note, pair, (size - stretch.base, root, at)) for pair in keys):
                yield f"the receipt for {stretch.node} at {size} does not verify"

    def _is_receipt(self, note: bytes, keys: tuple[VerifyKey, VerifyKey], told: object) -> bool:
        try:
            receipt = read_receipt(note, ed25519=keys[0], ml_dsa=keys[1], suite=self._suite)
        except BreachError:
            return False
        return told == (receipt.head.size, receipt.head.root, receipt.received_at)

    def _cards_of(self, node: str) -> list[cards.Card]:
        return [signed.card for signed in self._cards.values() if signed.card.node == node]


def lost(home: Home, said: Iterable[Said]) -> Iterator[str]:
    """Yield what of `said` does not stand at its place in the record of `home`, or stands in it twice."""
    with closing(sqlite3.connect(f"file:{home.record}?mode=ro", uri=True)) as db:
        # Each lane has such an index of its own.
        leaves: dict[tuple[str, int], set[str]] = {}
        for node, index, leaf in db.execute("SELECT node, idx, leaf FROM entry JOIN log ON log = log.id"):
            leaves.setdefault((node, index), set()).add(bytes(leaf).hex())
        acts = db.execute(
            "SELECT node, act FROM row JOIN log ON log = log.id WHERE act IS NOT NULL"
        ).fetchall()
    for each in said:
        if each.statement not in leaves.get((each.node, each.index), ()):
            yield f"{each.node} {each.index}, draft {each.draft}, was acknowledged and is not there"
    names = Counter((node, _ref(act)) for node, act in acts)
    yield from (
        f"draft {ref} of {node} stands {n} times" for (node, ref), n in names.items() if ref and n > 1
    )


def _ref(act: bytes) -> str | None:
    try:
        ref = msgspec.json.decode(act, type=dict).get("ref")
    except msgspec.DecodeError:
        return None  # kept and void
    return ref if isinstance(ref, str) else None


def doubled(said: Sequence[Said]) -> Iterator[str]:
    """Yield what was acknowledged at two places, and places that were given to two drafts."""
    places: dict[tuple[str, str], set[int]] = {}
    drafts: dict[tuple[str, int], set[str]] = {}
    for each in said:
        places.setdefault((each.node, each.draft), set()).add(each.index)
        drafts.setdefault((each.node, each.index), set()).add(each.draft)
    yield from (f"draft {key} was acknowledged at {at}" for key, at in places.items() if len(at) > 1)
    yield from (f"place {key} was given to {names}" for key, names in drafts.items() if len(names) > 1)


def unequal(one: Home, other: Home) -> Iterator[str]:
    """Yield each link of which the two hold different digests."""
    with closing(Reader(one)) as mine, closing(Reader(other)) as theirs:
        for row in mine.links():
            digests = [digest(reader, row.name) for reader in (mine, theirs)]
            if digests[0] != digests[1]:
                yield f"link {row.name}: {digests[0].text} and {digests[1].text}"


def check(one: Home, other: Home, said: Sequence[Said] = ()) -> tuple[str, ...]:
    """Return all that is wrong with the records of two nodes that have nothing left to tell each other."""
    homes = (one, other)
    found = [f"{home.root.name}: {each}" for home in homes for each in (*faults(home), *lost(home, said))]
    return (*found, *doubled(said), *unequal(one, other))


USAGE: Final = "usage: python tools/checker.py HOME_A HOME_B [ACKNOWLEDGED]\n"


def main(words: Sequence[str]) -> int:
    """Print what is wrong; 0 if nothing is."""
    if not 2 <= len(words) <= 3:
        sys.stderr.write(USAGE)
        return 2
    said = read_said(Path(words[2])) if len(words) == 3 else ()
    found = check(Home(root=Path(words[0])), Home(root=Path(words[1])), said)
    print("\n".join(found) or f"whole and equal; {len(said)} acknowledgements stand in both")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
