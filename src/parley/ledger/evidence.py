"""What proves one entry: the signed head that covers it, the path to that head's root, and their receipt.

    entry ──leaf──▶ path of hashes ──▶ root in the head   signed by whoever wrote the log
                                       root in the receipt  signed by the other node

Everything is verified anew when somebody looks, from the bytes and the keys on both cards. A
receipt for what the other side wrote is ours and is not kept: it goes out with each parcel.
Source: Spec §4.1, §4.5, §4.6.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.ledger.announced import cards_of
from parley.ledger.lanes import link_of
from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.standing import LinkFacts
from parley.ledger.tags import tag_of
from parley.protocol import entry as entries
from parley.protocol.breach import BreachError
from parley.protocol.card import card_hash, receipt_keys, write_keys
from parley.protocol.entry import ParsedEntry
from parley.protocol.head import Head, read_head
from parley.protocol.line import Line
from parley.protocol.places import mark
from parley.protocol.suite import Standard, Suite
from parley.protocol.tree import inclusion_proof, leaf_hash, verify_inclusion
from parley.protocol.verify.keys import read_countersigned

_AT_ONCE: Final = 500
MAX_LEAVES: Final = 200_000
"""Above this the path is not computed while somebody waits for a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A head that somebody signed: how many entries it covers, when, and whether both lines hold."""

    size: int
    root: bytes
    at: int
    note: bytes
    is_genuine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves an entry. `path` is None where none was computed; `entry` where it breaks the grammar."""

    raw: bytes
    entry: ParsedEntry | None
    head: Signed | None
    receipt: Signed | None
    path: tuple[bytes, ...] | None
    is_proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCard:
    """A side's card that is in force on a link: which keys, under which hash.

    `since` is when it was announced, None for the card of the pairing.
    """

    node: str
    serial: int
    hash: bytes
    threshold: int
    roots: int
    keys: tuple[tuple[str, str], ...]
    """Name and id (8 hexadecimal digits) of each signing key."""
    since: int | None = None
    is_next_promised: bool = False


def evidence_of(
    reader: Reader, link: str, *, node: str, index: int, suite: Suite | None = None
) -> Evidence | None:
    """Return what proves the entry `index` of the log of `node`; None if there is no such entry."""
    facts = _facts(reader, link)
    found = reader.connection.execute(
        "SELECT raw FROM entry WHERE log = ? AND idx = ?", (facts.logs[node], index)
    ).fetchone()
    if found is None:
        return None
    raw = bytes(found[0])
    used = suite or Standard()
    head = _head(reader, facts, node, index=index, suite=used)
    base = facts.line(node).at(index).base
    path = (
        None if head is None else _path(reader, facts.logs[node], places=range(base, head.size), index=index)
    )
    return Evidence(
        raw=raw,
        entry=_parsed(raw),
        head=head,
        receipt=_receipt(reader, facts, index=index, suite=used) if node == facts.me else None,
        path=path,
        is_proved=head is not None
        and path is not None
        and head.is_genuine
        and verify_inclusion(
            leaf_hash(raw), index=index - base, size=head.size - base, proof=path, root=head.root
        ),
    )


def newest_receipts(reader: Reader, link: str, *, limit: int) -> tuple[tuple[int, int], ...]:
    """Return (size, their time) of their newest receipts for our log, the largest first."""
    facts = _facts(reader, link)
    found = reader.connection.execute(
        "SELECT size, received_at FROM receipt WHERE log = ? ORDER BY size DESC LIMIT ?",
        (facts.logs[facts.me], limit),
    )
    return tuple((int(size), int(at)) for size, at in found)


def seconds_to_receipt(reader: Reader, link: str) -> int | None:
    """Return by how many seconds their newest receipt is dated after our signature of that head, if at all.

    Two clocks have a part in it, and the way between: so theirs is ahead of ours by so much at
    most, and behind it for certain where the number is negative.
    """
    facts = _facts(reader, link)
    found = reader.connection.execute(
        "SELECT receipt.received_at - head_note.signed_at FROM receipt JOIN head_note USING (log, size)"
        " WHERE log = ? ORDER BY size DESC LIMIT 1",
        (facts.logs[facts.me],),
    ).fetchone()
    return None if found is None else int(found[0])


def key_cards(reader: Reader, link: str) -> tuple[KeyCard, KeyCard]:
    """Return our card and theirs, those that are in force by all that is held here."""
    facts = _facts(reader, link)
    return _key_card(reader, facts, facts.me), _key_card(reader, facts, facts.peer)


def fork_found_at(reader: Reader, link: str) -> int | None:
    """Return when two histories under one signature were found; None if never."""
    facts = _facts(reader, link)
    found = reader.connection.execute(
        "SELECT found_at FROM fork WHERE log = ?", (facts.logs[facts.peer],)
    ).fetchone()
    return None if found is None else int(found[0])


def _facts(reader: Reader, link: str) -> LinkFacts:
    found = read_facts(reader.connection, reader.node, link=link_of(link))
    return next(facts for facts in found if facts.name == link)


def _parsed(raw: bytes) -> ParsedEntry | None:
    try:
        return entries.parse(raw)
    except BreachError:
        return None


def _head(reader: Reader, facts: LinkFacts, node: str, *, index: int, suite: Suite) -> Signed | None:
    found = reader.connection.execute(
        "SELECT size, signed_at, note FROM head_note WHERE log = ? AND size > ? ORDER BY size LIMIT 1",
        (facts.logs[node], index),
    ).fetchone()
    if found is None:
        return None
    size, at, note = found
    side = facts.sides.of(node)
    card = cards_of(reader.link_state(facts.name), facts, node).at(size)
    ed25519, ml_dsa = write_keys(card, side.line.at(index).origin)
    try:
        head = read_head(bytes(note), ed25519=ed25519, ml_dsa=ml_dsa, suite=suite).head
    except BreachError:
        head = None
    return _signed(head, line=side.line, size=size, at=at, note=bytes(note))


def _receipt(reader: Reader, facts: LinkFacts, *, index: int, suite: Suite) -> Signed | None:
    found = reader.connection.execute(
        "SELECT size, received_at, note FROM receipt WHERE log = ? AND size > ? ORDER BY size LIMIT 1",
        (facts.logs[facts.me], index),
    ).fetchone()
    if found is None:
        return None
    size, at, note = found
    known = cards_of(reader.link_state(facts.name), facts, facts.peer).cards
    try:
        head = read_countersigned(bytes(note), known, suite).head
    except BreachError:
        head = None
    return _signed(head, line=facts.line(facts.me), size=size, at=at, note=bytes(note))


def _signed(head: Head | None, *, line: Line, size: int, at: int, note: bytes) -> Signed:
    is_genuine = head is not None and line.size_of(head.origin, head.size) == size
    return Signed(size=size, root=head.root if head else b"", at=at, note=note, is_genuine=is_genuine)


def _path(reader: Reader, log: int, *, places: range, index: int) -> tuple[bytes, ...] | None:
    if len(places) > MAX_LEAVES:
        return None
    found = reader.connection.execute(
        "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
        (log, places.start, places.stop),
    )
    leaves = [bytes(leaf) for (leaf,) in found]
    return inclusion_proof(leaves, index - places.start) if len(leaves) == len(places) else None


def _key_card(reader: Reader, facts: LinkFacts, node: str) -> KeyCard:
    known = cards_of(reader.link_state(facts.name), facts, node)
    card = known.newest
    keys = [*write_keys(card, facts.line(node).current.origin), *receipt_keys(card)]
    found = reader.connection.execute(
        "SELECT effective FROM row WHERE log = ? AND idx = ?", (facts.logs[node], known.above[-1])
    ).fetchone()
    return KeyCard(
        node=card.node,
        serial=card.serial,
        hash=card_hash(card),
        threshold=card.threshold,
        roots=len(card.roots),
        keys=tuple((f"{key.name} {key.algorithm.name.lower()}", key.key_id.hex()) for key in keys),
        since=int(found[0]) if found and len(known.cards) > 1 else None,
        is_next_promised=card.next_keys is not None,
    )


def strange_verdicts(reader: Reader, link: str, *, newest: int) -> Mapping[str, int]:
    """Return how many of their `newest` statements are void, unopened or of a kind outside the terms."""
    facts = _facts(reader, link)
    log = facts.logs[facts.peer]
    found = reader.connection.execute(
        "SELECT outcome, COUNT(*) FROM row WHERE log = ? AND outcome <> 'valid'"
        " AND idx >= (SELECT COALESCE(MAX(size), 0) FROM tip WHERE log = ?) - ? GROUP BY outcome",
        (log, log, newest),
    )
    return {str(outcome): int(times) for outcome, times in found}


def places_of(
    reader: Reader, link: str, statements: Iterable[bytes]
) -> Mapping[bytes, tuple[str, str | None]]:
    """Return place (``A 112``) and kind of those of `statements` that are here; of a copy, the first."""
    facts = _facts(reader, link)
    called = {log: mark(facts.letters[node], facts.lane) for node, log in facts.logs.items()}
    wanted = sorted(set(statements))
    places: dict[bytes, tuple[str, str | None]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        found = reader.connection.execute(
            f"SELECT leaf, log, idx, kind FROM row WHERE leaf_tag IN ({marks}) AND +log IN (?, ?)"  # noqa: S608 - marks alone
            " ORDER BY idx",
            (*[tag_of(each) for each in some], *facts.logs.values()),
        )
        for leaf, log, index, kind in found:
            places.setdefault(bytes(leaf), (f"{called[log]} {index}", kind))
    return places
