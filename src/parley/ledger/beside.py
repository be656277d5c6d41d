"""What an export shows beside the lines: orphans of the other side's, under a head that proves them.

    the log in the export   0 … 41 │ 42 43 44     the head of size 45 is over all of them

Only what a judge can check goes out: the head is by keys of a card in the export that nobody revoked,
and its root is that of the entries. Orphans that no head covers stay at home, since they are one side's
word. Source: Spec §4.8.9, §11.1.6, §11.4.11.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.ledger.disclosing import Source, inline_content
from parley.ledger.orphans import act_in
from parley.ledger.tags import tagged
from parley.protocol import note as notes
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, card_hash
from parley.protocol.head import parse_text
from parley.protocol.revocation import parse_text as parse_revocation
from parley.protocol.tree import EMPTY
from parley.protocol.verify.keys import Held
from parley.protocol.verify.listed import MAX_ORPHANED, Log
from parley.protocol.verify.members import parsed_or_none

_ENTRIES: Final = "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx"
_ORPHANS: Final = "SELECT idx, leaf, raw FROM orphan WHERE log = ? AND origin = ? AND idx >= ? ORDER BY idx"
_HEADS: Final = "SELECT note FROM orphan_head WHERE log = ? AND origin = ? ORDER BY size DESC"
_Row = tuple[int, bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The orphans of one log, the note over them, and each with its leaf and, if it is shown, its bytes."""

    log: Log
    head: bytes
    found: tuple[tuple[bytes, bytes | None], ...]

    def entries(self) -> Iterator[bytes]:
        """Yield the member `entries`."""
        for leaf, raw in self.found:
            yield bytes(2) + leaf if raw is None else struct.pack(">H", len(raw)) + raw

    def content(self, source: Source) -> Iterator[bytes]:
        """Yield the member `content`."""
        for _, raw in self.found:
            if raw is not None:
                yield from inline_content(source, raw, scope=self.log.origin)


def unrevoked(cards: Sequence[Card], revocations: Mapping[str, Sequence[bytes]]) -> Held:
    """Return the cards of a node in an export, with what its roots revoked of them in which log."""
    serials = {card_hash(card): card.serial for card in cards}
    said = [parse_revocation(notes.parse(raw).text) for found in revocations.values() for raw in found]
    return Held(
        cards=tuple(cards),
        above=(),
        revoked={(each.origin, serials[each.card]): each.size for each in said if each.card in serials},
    )


def beside(source: Source, line: Sequence[Log], *, number: int, held: Held) -> Iterator[Beside]:
    """Yield what is shown beside the logs of a `line`, which has this `number` in the tables.

    `held` are the cards of its node in the export.
    """
    sql = "SELECT DISTINCT origin FROM orphan_head WHERE log = ? ORDER BY origin"
    listed = {log.origin: log for log in line}
    for (origin,) in source.db.execute(sql, (number,)).fetchall()[: MAX_ORPHANED // 2]:
        if origin == line[-1].origin:
            continue
        rows = _rows(source, str(origin), listed.get(origin), number=number)
        proof = _proof(source, str(origin), listed.get(origin), rows=rows, number=number, held=held)
        if proof is not None:
            yield from _shown(source, str(origin), rows, proof=proof)


def _rows(source: Source, origin: str, before: Log | None, *, number: int) -> list[_Row]:
    """Return the orphans of a log that follow without a gap: after its entries, or from the first kept."""
    start = 0 if before is None else before.base + before.size
    rows: list[_Row] = source.db.execute(_ORPHANS, (number, origin, start)).fetchall()
    first = rows[0][0] if rows and before is None else start
    return [row for place, row in enumerate(rows) if row[0] == first + place]


def _proof(
    source: Source, origin: str, before: Log | None, *, rows: Sequence[_Row], number: int, held: Held
) -> tuple[bytes, int, int] | None:
    """Return the note of the largest head that holds, how many entries stand before, and how many follow."""
    frontier = EMPTY
    if before is not None:
        found = source.db.execute(_ENTRIES, (number, before.base, before.base + before.size))
        frontier = frontier.extend(bytes(leaf) for (leaf,) in found)
    for (note,) in source.db.execute(_HEADS, (number, origin)):
        head = parse_text(notes.parse(bytes(note)).text)
        count = head.size - frontier.size
        if not 0 < count <= len(rows):
            continue
        if frontier.extend(bytes(leaf) for _, leaf, _ in rows[:count]).root() != head.root:
            continue
        try:
            held.read_orphaned(bytes(note), origin=origin, suite=source.suite)
        except BreachError:
            continue
        return bytes(note), frontier.size, count
    return None


def _shown(
    source: Source, origin: str, rows: Sequence[_Row], *, proof: tuple[bytes, int, int]
) -> Iterator[Beside]:
    note, base, count = proof
    found = tuple(
        (bytes(leaf), bytes(raw) if _is_meant(source, bytes(raw), origin) else None)
        for _, leaf, raw in rows[:count]
    )
    if any(raw is not None for _, raw in found):
        node, epoch = origin.partition("/")[0], origin.rpartition("/")[2]
        log = Log(origin=origin, node=node, epoch=epoch, base=base, size=count, folder="orphans")
        yield Beside(log=log, head=note, found=found)


def _is_meant(source: Source, raw: bytes, origin: str) -> bool:
    """Return whether an orphan belongs to what was chosen: by what it answers, or by its own time."""
    choice = source.choice
    if choice.thread is None:
        parsed = parsed_or_none(raw)
        since, until = choice.since or 0, 2**62 if choice.until is None else choice.until
        is_all = choice.since is None and choice.until is None
        return is_all or (parsed is not None and since <= parsed.entry.time < until)
    act = act_in(source.db, raw, origin, keys=source.keys, suite=source.suite)
    if act is None or act.re is None:
        return False
    sql = "SELECT log, idx FROM row WHERE leaf_tag = ? AND leaf = ?"
    places = source.db.execute(sql, tagged(act.re)).fetchall()
    meant = source.chosen.meant or {}
    return any(index in meant.get(log, ()) for log, index in places)
