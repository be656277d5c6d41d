"""One statement as a stock C2SP proof, that a tool which has never heard of Parley can check.

    <place>.tlog-proof   index, path of hashes, checkpoint with the lines of head and receipt
    <place>.entry        the bytes whose leaf the path leads from
    <place>.policy       the keys that a tlog-policy names: the writer's, and the other side's receipt

Source: Spec §11.9; rule E11; C2SP tlog-proof, tlog-policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from parley.ledger.announced import cards_of
from parley.ledger.export import Receipts
from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.standing import LinkFacts
from parley.protocol import note
from parley.protocol.card import Card, receipt_keys, write_keys
from parley.protocol.head import parse_text
from parley.protocol.line import Epoch
from parley.protocol.notation import write_base64
from parley.protocol.note import MAX_LINES, Note
from parley.protocol.tree import inclusion_proof


class NotProvedError(Exception):
    """No head that the other side countersigned covers this statement yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is handed over for one statement."""

    index: int
    size: int
    proof: bytes
    entry: bytes
    policy: bytes


def prove(reader: Reader, link: str, *, node: str, index: int, receipts: Receipts) -> Proof:
    """Return the proof of the entry `index` of the line of `node`.

    Raises:
        NotProvedError: it is not receipted.
    """
    reader.begin()
    try:
        facts = next(each for each in read_facts(reader.connection, reader.node) if each.name == link)
        epoch = facts.line(node).at(index)
        size, checkpoint = _checkpoint(reader, facts, node, index=index, epoch=epoch, receipts=receipts)
        found = reader.connection.execute(
            "SELECT leaf, raw FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (facts.logs[node], epoch.base, epoch.base + size),
        ).fetchall()
    finally:
        reader.end()
    place = index - epoch.base
    path = inclusion_proof([bytes(leaf) for leaf, _ in found], place)
    lines = ["c2sp.org/tlog-proof@v1", f"index {place}", *(write_base64(step) for step in path), ""]
    return Proof(
        index=place,
        size=size,
        proof="".join(f"{line}\n" for line in lines).encode("ascii") + checkpoint,
        entry=bytes(found[place][1]),
        policy=_policy(
            *_signing_cards(reader, facts, node, size=epoch.base + size, raw=checkpoint), epoch.origin
        ),
    )


def joined(head: bytes, receipt: bytes) -> bytes:
    """Return one note with the lines of a head and of the receipt for the same text."""
    one, two = note.parse(head), note.parse(receipt)
    lines = (*one.lines, *(line for line in two.lines if line not in one.lines))
    return note.encode(Note(text=one.text, lines=lines[:MAX_LINES]))


def _checkpoint(
    reader: Reader, facts: LinkFacts, node: str, *, index: int, epoch: Epoch, receipts: Receipts
) -> tuple[int, bytes]:
    """Return the smallest size above the place for which both notes are kept, and both in one."""
    for size, head, receipt in _candidates(reader, facts, node, index=index):
        origin, in_log = facts.line(node).in_log(size)
        if origin != epoch.origin:
            break
        found = receipt or receipts(parse_text(note.parse(head).text))
        if found is not None:
            return in_log, joined(head, found)
    raise NotProvedError


def _candidates(
    reader: Reader, facts: LinkFacts, node: str, *, index: int
) -> Iterator[tuple[int, bytes, bytes | None]]:
    mine = node == facts.me
    sql = (
        "SELECT size, head_note.note, receipt.note FROM head_note JOIN receipt USING (log, size)"
        if mine
        else "SELECT size, note, NULL FROM head_note"
    )
    found = reader.connection.execute(
        f"{sql} WHERE log = ? AND size > ? ORDER BY size",
        (facts.logs[node], index),
    )
    for size, head, receipt in found:
        yield size, bytes(head), None if receipt is None else bytes(receipt)


def _signing_cards(
    reader: Reader, facts: LinkFacts, node: str, *, size: int, raw: bytes
) -> tuple[Card, Card]:
    """Return the card by which the head of a note is read, and the newest by which its receipt is."""
    state, lines = reader.link_state(facts.name), {line.key_id for line in note.parse(raw).lines}
    others = cards_of(state, facts, facts.sides.other(node).node).cards
    signed = (each for each in reversed(others) if {key.key_id for key in receipt_keys(each)} <= lines)
    return cards_of(state, facts, node).at(size), next(signed, others[0])


def _policy(writer: Card, other: Card, origin: str) -> bytes:
    ed25519, _ = write_keys(writer, origin)
    receipt_ed, receipt_ml = receipt_keys(other)
    lines = (
        f"log {ed25519.text}",
        f"witness ed {receipt_ed.text}",
        f"witness ml {receipt_ml.text}",
        "group both all ed ml",
        "quorum both",
    )
    return "".join(f"{line}\n" for line in lines).encode("ascii")
