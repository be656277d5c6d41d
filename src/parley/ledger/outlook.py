"""How the keys of a node stand: since when they are used, and whether the next ones lie ready as promised.

Read for people, before they change them and in between. Source: Spec §3.4.4, §7.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from parley.ledger.cards import heard_of
from parley.ledger.home import own_card
from parley.ledger.keys import read_keys
from parley.ledger.reading import LinkRow, Reader
from parley.protocol import card as cards
from parley.protocol.card import Card
from parley.protocol.links import Carded, card_in
from parley.protocol.suite import Suite
from parley.signer.desk import SigningDesk
from parley.work.home import Home


class Promise(Enum):
    """What stands behind the `next` of a card."""

    NONE = "none"
    READY = "ready"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Our present card; the keys are used since `since` (Unix seconds).

    By lane: `signed`, how many entries of our line the partner has signed for; `unheard`, where our newest
    card is not announced yet.
    """

    card: Card
    since: int
    promise: Promise
    signed: Mapping[str, int]
    unheard: tuple[str, ...]


def outlook(home: Home, desk: SigningDesk, *, suite: Suite) -> Outlook:
    """Return how our keys stand.

    Raises:
        HomeError, KeysError: there is no card, or no keys. NoSignerError: the signer does not answer.
    """
    card = cards.parse(own_card(home)).card
    promise = promise_of(home, card, desk, suite=suite)
    since = int((home.root / "card").stat().st_mtime)
    if not home.record.exists():
        return Outlook(card=card, since=since, promise=promise, signed={}, unheard=())
    reader = Reader(home, suite=suite)
    try:
        lanes = [row for row in reader.lanes() if row.verified_at is not None]
        statuses = {row.name: reader.status(row.name) for row in lanes}
        unheard = tuple(row.name for row in lanes if row.is_active and heard_of(reader, row) < card.serial)
        since = min((_since(reader, row, card) or since for row in lanes), default=since)
    finally:
        reader.close()
    signed = {name: status.my_receipted for name, status in statuses.items() if status is not None}
    return Outlook(card=card, since=since, promise=promise, signed=signed, unheard=unheard)


def promise_of(home: Home, card: Card, desk: SigningDesk, *, suite: Suite) -> Promise:
    """Return whether the keys that `card` promised are here."""
    if card.next_keys is None:
        return Promise.NONE
    own = {each.number: each for each in read_keys(home.keys, card.node).sets}
    for signing in desk.key_sets():
        mine = own.get(signing.number)
        if mine is None:
            continue
        other = replace(
            card,
            write_ed25519=signing.write_ed25519,
            write_ml_dsa=signing.write_ml_dsa,
            receipt_ed25519=signing.receipt_ed25519,
            receipt_ml_dsa=signing.receipt_ml_dsa,
            seal_x_wing=suite.x_wing_public(mine.seal),
            link_ed25519=suite.ed25519_public(mine.link),
        )
        if cards.keys_hash(other) == card.next_keys:
            return Promise.READY
    return Promise.LOST


def _since(reader: Reader, row: LinkRow, card: Card) -> int | None:
    """Return when the present keys were announced in a lane; of a card that was paired, when that was."""
    keys = cards.keys_hash(card)
    for each in reader.link_state(row.name).said:
        text = each.said.text if each.writer == row.me and isinstance(each.said, Carded) else None
        if text is None or cards.keys_hash(card_in(text)) != keys:
            continue
        found = reader.connection.execute(
            "SELECT effective FROM row JOIN log ON log.id = row.log"
            " WHERE log.link = ? AND log.node = ? AND idx = ?",
            (row.id, row.me, each.index),
        ).fetchone()
        return None if found is None else int(found[0])
    return row.added_at
