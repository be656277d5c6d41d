"""What each whole entry of a proved export says, when, who signed it, and what it is worth.

Nothing here changes the result. What a statement is worth is computed by the same fold as on both
nodes, and only if everything is there that it may depend on. Source: Spec §11.6.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from parley.protocol import note
from parley.protocol.act import Act
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, card_hash, root_keys
from parley.protocol.entry import ParsedEntry
from parley.protocol.form import read_envelope
from parley.protocol.line import Epoch
from parley.protocol.note import VerifyKey
from parley.protocol.officers import Enrolled
from parley.protocol.officers import read_said as read_officer
from parley.protocol.part import PartError
from parley.protocol.record import merge
from parley.protocol.shelf import MemoryShelf, Row
from parley.protocol.sides import Side, Sides
from parley.protocol.suite import Suite
from parley.protocol.tree import leaf_hash
from parley.protocol.verify.contents import opened, persons
from parley.protocol.verify.erasures import ordered
from parley.protocol.verify.findings import Told
from parley.protocol.verify.listed import Log
from parley.protocol.verify.members import Found, Whole, read_wholes
from parley.protocol.verify.steps import Signed
from parley.protocol.voids import Outcome

MAX_JUDGED: Final = 200_000
"""Above this many entries nothing is judged: the fold holds them all in memory."""

Persons = Mapping[tuple[str, bytes], VerifyKey]


class Shown(Struct, frozen=True, kw_only=True):
    """One whole entry, for people; `act` is None where it is not disclosed or cannot be read.

    At `written_by` its writer had signed it, at `held_by` the other side had it, in Unix seconds.
    `ordered` are the places at which it was ordered that content of it be erased.
    """

    node: str
    place: str
    statement: bytes
    time: int | None
    written_by: int | None
    held_by: int | None
    act: Act | None
    persons: tuple[str, ...]
    unknown_lines: int
    parts: tuple[Found, ...]
    ordered: tuple[str, ...]
    worth: str | None
    is_orphan: bool = False


def shown(told: Told, suite: Suite, *, worths: "Mapping[tuple[str, int], str] | None") -> Iterator[Shown]:
    """Yield every whole entry, in the order of the lines."""
    persons_of_node = {node: _persons(told, node, suite) for node in told.listing.nodes}
    orders = ordered(told.erasures)
    for logged in told.logs:
        log = logged.log
        for whole in read_wholes(told.archive, log):
            envelope = None if (act := _act(whole, log, suite)) is None else read_envelope(act)
            index = log.base + whole.index
            persons, strange = _who(whole.parsed, persons_of_node[log.node], suite)
            statement = leaf_hash(whole.raw)
            yield Shown(
                node=log.node,
                place=told.listing.place(log.node, index),
                statement=statement,
                time=None if whole.parsed is None else whole.parsed.entry.time,
                written_by=_first_above(logged.heads, whole.index),
                held_by=_first_above(logged.receipts, whole.index),
                act=envelope if isinstance(envelope, Act) else None,
                persons=persons,
                unknown_lines=strange,
                parts=tuple(each.found for each in whole.openings),
                ordered=orders.get(statement, ()),
                worth=None if worths is None else worths.get((log.node, index)),
            )
    yield from _beside(told, suite, persons_of_node)


def _beside(told: Told, suite: Suite, known: Mapping[str, Persons]) -> Iterator[Shown]:
    """Yield the whole orphans, each at the epoch of its log and its index in it."""
    for each in told.orphans:
        log = each.log
        for whole in read_wholes(told.archive, log):
            envelope = None if (act := _act(whole, log, suite)) is None else read_envelope(act)
            persons, strange = _who(whole.parsed, known[log.node], suite)
            yield Shown(
                node=log.node,
                place=f"{log.epoch} {log.base + whole.index}",
                statement=leaf_hash(whole.raw),
                time=None if whole.parsed is None else whole.parsed.entry.time,
                written_by=each.head.time,
                held_by=None,
                act=envelope if isinstance(envelope, Act) else None,
                persons=persons,
                unknown_lines=strange,
                parts=tuple(part.found for part in whole.openings),
                ordered=(),
                worth=None,
                is_orphan=True,
            )


def _first_above(signed: Sequence[Signed], index: int) -> int | None:
    at = bisect_right(signed, index, key=lambda each: each.size)
    return signed[at].time if at < len(signed) else None


def _act(whole: Whole, log: Log, suite: Suite) -> bytes | None:
    try:
        return opened(whole.openings[0], log, suite) if whole.openings else None
    except (BreachError, PartError):  # pragma: no cover - step 10 was passed
        return None


def _who(parsed: ParsedEntry | None, known: Persons, suite: Suite) -> tuple[tuple[str, ...], int]:
    """Return the names of those who signed an entry, and how many lines are of nobody that is known."""
    if parsed is None or not parsed.lines:
        return (), 0
    named = [known.get((line.name, line.key_id)) for line in parsed.lines]
    strange = sum(key is None for key in named)
    keys = [key for key in named if key is not None]
    try:
        signed = note.verified(note.Note(text=parsed.text, lines=parsed.lines), keys, suite)
    except BreachError:
        return (), strange
    return tuple(dict.fromkeys(each.key.name for each in signed)), strange


def _persons(told: Told, node: str, suite: Suite) -> Persons:
    """Return the keys by which lines of persons of `node` are found: its roots, and its officers."""
    roots = (key for card in told.cards[node] for key in root_keys(card))
    return {(key.name, key.key_id): key for key in (*roots, *_officers(told, node, suite))}


def _officers(told: Told, node: str, suite: Suite) -> Iterator[VerifyKey]:
    for log in told.listing.lines[node]:
        for whole in read_wholes(told.archive, log):
            said = _enrolled(whole, log, suite)
            # Whoever nobody but the node enrolled is no person.
            if said is not None and _is_by_roots(whole.parsed, told.cards[node], suite):
                yield said.verify_key(node)


def _enrolled(whole: Whole, log: Log, suite: Suite) -> Enrolled | None:
    parsed = whole.parsed
    if parsed is None or not parsed.lines or parsed.entry.log != log.origin:
        return None
    act = _act(whole, log, suite)
    envelope = None if act is None else read_envelope(act)
    if not isinstance(envelope, Act) or (envelope.k, envelope.v, envelope.re) != (
        "officer.enrolled",
        1,
        None,
    ):
        return None
    try:
        said = read_officer(envelope.k, envelope.d)
    except BreachError:
        return None
    return said if isinstance(said, Enrolled) else None


def _is_by_roots(parsed: ParsedEntry | None, cards: Sequence[Card], suite: Suite) -> bool:
    return parsed is not None and any(persons(parsed, card, suite) >= card.threshold for card in cards)


# ---- Worth


def worths(told: Told, suite: Suite) -> Mapping[tuple[str, int], str] | None:
    """Return what every entry is worth, by node and place; None if that cannot be told. Spec §11.6.4."""
    total = sum(logged.log.size for logged in told.logs)
    if told.stubs or total > MAX_JUDGED:
        return None
    logs = {node: list(_line(told, node, suite)) for node in told.listing.nodes}
    shelf = merge(logs, _sides(told), suite).shelf
    assert isinstance(shelf, MemoryShelf)
    rows = shelf.rows()
    if not _is_complete(rows):
        return None
    return {(row.writer, row.index): row.verdict.text for row in rows}


def _line(told: Told, node: str, suite: Suite) -> Iterator[tuple[bytes, bytes | None]]:
    for log in told.listing.lines[node]:
        for whole in read_wholes(told.archive, log):
            yield whole.raw, _act(whole, log, suite)


def _is_complete(rows: Sequence[Row]) -> bool:
    """Return whether every act that is not here was said to be unopened, or is void without it."""
    said = {
        envelope.re
        for row in rows
        if row.kind == "unopened" and row.verdict.is_valid and row.act is not None
        for envelope in [read_envelope(row.act)]
        if isinstance(envelope, Act)
    }
    missing = [row for row in rows if row.act is None and row.verdict.outcome is Outcome.UNOPENED]
    return all(row.id in said for row in missing)


def _sides(told: Told) -> Sides:
    one, two = (_side(told, node) for node in told.listing.nodes)
    return Sides(one=one, two=two)


def _side(told: Told, node: str) -> Side:
    first, *later = told.listing.lines[node]
    card = told.cards[node][0]
    return Side(
        node=node,
        origin=first.origin,
        card=card,
        card_hash=card_hash(card),
        later=tuple(Epoch(origin=log.origin, base=log.base) for log in later),
    )
