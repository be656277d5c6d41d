"""The links as fsck sees them: read from the tables without believing that they agree.

A column that was changed must not stop the check, so nothing here is parsed before it is
compared with what else says the same.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.lanes import lane_of, named
from parley.ledger.offers import read_offer
from parley.protocol import card as cards
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.names import check_channel
from parley.protocol.places import mark
from parley.protocol.revocation import read_revocation
from parley.protocol.suite import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One writer's line in one lane of a link: `epochs` are (origin, how many come before it), in order."""

    id: int
    link: str
    node: str
    letter: str
    epochs: tuple[tuple[str, int], ...]
    is_mine: bool
    cards: tuple[Card, ...]
    receipting: tuple[Card, ...]
    """The cards of whoever receipts it: the other node."""

    def origin_at(self, size: int) -> tuple[str, int]:
        """Return the log in which the first `size` entries end, and how many come before that log."""
        return next((each for each in reversed(self.epochs) if each[1] < size), self.epochs[0])

    def place(self, index: int) -> str:
        """Return what people call the entry `index`."""
        return f"{self.letter} {index}"


def read_lines(db: sqlite3.Connection, me: str) -> tuple[Log, ...]:
    """Return both logs of every link of the node `me`, as far as the tables name them."""
    links = db.execute("SELECT id, name, peer FROM link ORDER BY name").fetchall()
    return tuple(log for number, name, peer in links for log in _logs(db, number, name, nodes=(me, peer)))


def _logs(db: sqlite3.Connection, number: int, link: str, *, nodes: tuple[str, str]) -> Iterator[Log]:
    letters = dict(zip(sorted(nodes), "AB", strict=True))
    known = {node: _cards(db, node) for node in nodes}
    for log, node, origin in db.execute("SELECT id, node, origin FROM log WHERE link = ?", (number,)):
        if node not in letters:
            continue
        (other,) = set(nodes) - {node}
        yield Log(
            id=log,
            link=link,
            node=node,
            letter=mark(letters[node], lane_of(link)),
            epochs=_epochs(db, log, origin),
            is_mine=node == nodes[0],
            cards=known[node],
            receipting=known[other],
        )


def _epochs(db: sqlite3.Connection, log: int, origin: str) -> tuple[tuple[str, int], ...]:
    found = db.execute("SELECT origin, base FROM epoch WHERE log = ? ORDER BY base", (log,)).fetchall()
    return tuple(found) or ((origin, 0),)


def _cards(db: sqlite3.Connection, node: str) -> tuple[Card, ...]:
    found: list[Card] = []
    for (note,) in db.execute("SELECT note FROM card WHERE node = ? ORDER BY serial DESC", (node,)):
        with suppress(BreachError):
            found.append(cards.parse(bytes(note)).card)
    return tuple(found)


def check_lines(db: sqlite3.Connection, me: str, suite: Suite) -> Iterator[Finding]:
    """Yield what does not agree among links, logs and cards."""
    for digest, node, serial, note in db.execute("SELECT hash, node, serial, note FROM card"):
        said = _card_fault(bytes(note), digest=bytes(digest), node=node, serial=serial, suite=suite)
        if said:
            yield Finding(damage=Damage.CARD, link="", place=f"{node} {serial}", said=said)
    numbers = {number for (number,) in db.execute("SELECT id FROM link")}
    for row in db.execute(
        "SELECT id, name, channel, peer, my_origin, peer_origin, my_card, peer_card, offer, peer_now"
        " FROM link"
    ).fetchall():
        for said in _link_faults(db, me, row, suite=suite):
            yield Finding(damage=Damage.LINK, link=row[1], place=row[2], said=said)
    for number, origin in db.execute("SELECT link, origin FROM log"):
        if number not in numbers:
            yield Finding(damage=Damage.LINK, link="", place=origin, said="a log of no link")


def check_revocations(db: sqlite3.Connection, logs: tuple[Log, ...], suite: Suite) -> Iterator[Finding]:
    """Yield every revocation that its note does not bear out."""
    for log in logs:
        for digest, size, note in db.execute(
            "SELECT next, size, note FROM revocation WHERE log = ? ORDER BY size", (log.id,)
        ):
            said = _revocation_fault(log, bytes(note), digest=bytes(digest), size=size, suite=suite)
            if said:
                yield Finding(damage=Damage.CARD, link=log.link, place=log.place(size), said=said)


def _revocation_fault(log: Log, note: bytes, *, digest: bytes, size: int, suite: Suite) -> str:
    card = next((each for each in log.cards if cards.card_hash(each) == digest), None)
    if card is None:
        return "a revocation of no card that is here"
    try:
        revoked = read_revocation(note, card, countersigned=0, suite=suite)
    except BreachError as error:
        return str(error)
    base = dict(log.epochs).get(revoked.origin)
    if base is None or (base + revoked.size, revoked.card) != (size, card.prev):
        return "the revocation is not the one that its row names"
    return ""


def _card_fault(note: bytes, *, digest: bytes, node: str, serial: int, suite: Suite) -> str:
    try:
        signed = cards.parse(note)
        cards.check_first(signed, suite=suite)
    except BreachError as error:
        return str(error)
    card = signed.card
    if (cards.card_hash(card), card.node, card.serial) != (digest, node, serial):
        return "the card is not the one that its row names"
    return ""


def _link_faults(
    db: sqlite3.Connection,
    me: str,
    row: "tuple[int, str, str, str, str, str, bytes, bytes, bytes, bytes | None]",
    *,
    suite: Suite,
) -> Iterator[str]:
    number, name, channel, peer, my_origin, peer_origin, my_card, peer_card, offer, peer_now = row
    try:
        check_channel(channel)
        theirs = read_offer(bytes(offer), suite=suite)
    except BreachError as error:
        yield str(error)
        return
    _world, label, lane = channel.split("/")
    if named(label, lane) != name:
        yield "name and channel differ"
    if (theirs.hash, theirs.node) != (peer_card, peer) or not peer_origin.endswith(f"/{theirs.epoch}"):
        yield "the link is not the one of the offer that was loaded"
    logs = set(db.execute("SELECT node, origin FROM log WHERE link = ?", (number,)))
    if logs != {(me, my_origin), (peer, peer_origin)}:
        yield "the link does not name its two logs"
    if not (my_origin.startswith(f"{me}/{channel}/") and peer_origin.startswith(f"{peer}/{channel}/")):
        yield "a log of another channel"
    held = dict(db.execute("SELECT hash, node FROM card"))
    if (held.get(my_card), held.get(peer_card)) != (me, peer):
        yield "a card of the pairing is not here"
    if peer_now is not None and held.get(peer_now) != peer:
        yield "the partner's present card is not here"
