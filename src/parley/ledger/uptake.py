"""Taking up a partner's next card: only if its roots signed it, as one card after the other.

Where a partner is reached is a house matter; what its statements are worth, and by which keys, is
decided by the fold. A card that moves keys has its text in the act; without it the keys stay. One that
fails is left alone and raises an alarm; if it would move keys, nothing of the piece that brought it is
taken, since no judge could follow it. Source: Spec §3.4, §7.2.
"""

import sqlite3
from dataclasses import replace
from functools import lru_cache

from parley.protocol import card as cards
from parley.protocol.act import read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.kinds import KINDS
from parley.protocol.links import Carded
from parley.protocol.strictjson import read
from parley.protocol.suite import SealError, Suite
from parley.work.loopback import is_loopback_url

DEMO = "demo"


def take_up(
    db: sqlite3.Connection, link: int, *, act: bytes, body: bytes, pairing: Card, suite: Suite
) -> tuple[Card, Card]:
    """Take up the card that a valid `link.carded` brought; return the one before it, and it.

    Raises:
        BreachError: it is not the announced one, not the next one, or changes more than it may.
    """
    envelope = read_act(read_json(act))
    said = KINDS[envelope.k].read(envelope.d)
    note = read(body).get("card")
    if not isinstance(said, Carded) or not isinstance(note, str):
        raise BreachError("7.2", "the body of link.carded holds a card")
    signed = cards.parse(note.encode())
    old = current_card(db, link, pairing)
    if signed.card.serial <= old.serial and _is_kept(db, signed.card, said):
        # It came in a frame, ahead of its entry, since keys were revoked.
        return old, old
    cards.check_next(old, signed, suite=suite)
    digest = cards.card_hash(signed.card)
    if not said.announces(digest) or not (said.text is not None or _may_follow(old, signed.card)):
        raise BreachError("7.2", "a card that was not announced, or with other keys")
    check_reach(db, link, signed.card, suite=suite)
    keep(db, note.encode())
    note_current(db, link, signed.card)
    return old, signed.card


def check_reach(db: sqlite3.Connection, link: int, card: Card, *, suite: Suite) -> None:
    """Check that a partner with this card can be written to, and nowhere that it must not be.

    Raises:
        BreachError: nothing can be sealed to it, or world `demo` would leave this computer.
    """
    (channel,) = db.execute("SELECT channel FROM link WHERE id = ?", (link,)).fetchone()
    if channel.startswith(f"{DEMO}/") and card.url is not None and not is_loopback_url(card.url):
        raise BreachError("7.2", "an address outside this computer, in world demo")
    try:
        suite.seal(card.seal_x_wing, info=b"", plaintext=b"")
    except SealError as error:
        raise BreachError("3.2", "nothing can be sealed to the key on the card") from error


def _is_kept(db: sqlite3.Connection, card: Card, said: Carded) -> bool:
    digest = cards.card_hash(card)
    known = db.execute("SELECT 1 FROM card WHERE hash = ? AND node = ?", (digest, card.node)).fetchone()
    return known is not None and said.announces(digest)


def note_current(db: sqlite3.Connection, link: int, card: Card) -> None:
    """Note which card of the partner's is the newest that was taken up; its note is kept already."""
    db.execute("UPDATE link SET peer_now = ? WHERE id = ?", (cards.card_hash(card), link))


def keep(db: sqlite3.Connection, note: bytes) -> None:
    """Keep the note of a card, of whichever side, once."""
    card = cards.parse(note).card
    db.execute(
        "INSERT OR IGNORE INTO card VALUES (?, ?, ?, ?)",
        (cards.card_hash(card), card.node, card.serial, note),
    )


def _may_follow(old: Card, new: Card) -> bool:
    moved = replace(old, serial=new.serial, prev=new.prev, url=new.url, tls_sha256=new.tls_sha256)
    return moved == new


def current_card(db: sqlite3.Connection, link: int, pairing: Card) -> Card:
    """Return the newest card of the partner that was taken up on a link; at first, that of the pairing."""
    found = db.execute(
        "SELECT note FROM card JOIN link ON link.peer_now = card.hash WHERE link.id = ?", (link,)
    ).fetchone()
    return pairing if found is None else _card(bytes(found[0]))


@lru_cache(maxsize=64)
def _card(note: bytes) -> Card:
    # It is asked for after every commit, and never changes.
    return cards.parse(note).card
