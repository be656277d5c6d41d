"""Taking up a partner's next card: only if its roots signed it, and it keeps the keys that we know.

Where a partner is reached is a house matter; what its statements are worth is not decided
here. A card that fails is left alone and raises an alarm. Source: Spec §3.4, §7.2.
"""

import sqlite3
from dataclasses import replace

from parley.protocol import card as cards
from parley.protocol.act import read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.kinds import KINDS
from parley.protocol.links import Carded
from parley.protocol.strictjson import read
from parley.protocol.suite import Suite
from parley.work.loopback import is_loopback_url

DEMO = "demo"


def take_up(
    db: sqlite3.Connection, link: int, *, act: bytes, body: bytes, pairing: Card, suite: Suite
) -> None:
    """Take up the card that a valid `link.carded` brought.

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
    cards.check_next(old, signed, suite=suite)
    digest = cards.card_hash(signed.card)
    if not said.announces(digest) or not _may_follow(old, signed.card):
        raise BreachError("7.2", "a card that was not announced, or with other keys")
    (channel,) = db.execute("SELECT channel FROM link WHERE id = ?", (link,)).fetchone()
    url = signed.card.url
    if channel.startswith(f"{DEMO}/") and url is not None and not is_loopback_url(url):
        raise BreachError("7.2", "an address outside this computer, in world demo")
    card = signed.card
    db.execute(
        "INSERT OR IGNORE INTO card VALUES (?, ?, ?, ?)", (digest, card.node, card.serial, note.encode())
    )
    db.execute("UPDATE link SET peer_now = ? WHERE id = ?", (digest, link))


def _may_follow(old: Card, new: Card) -> bool:
    moved = replace(old, serial=new.serial, prev=new.prev, url=new.url, tls_sha256=new.tls_sha256)
    return moved == new


def current_card(db: sqlite3.Connection, link: int, pairing: Card) -> Card:
    """Return the newest card of the partner that was taken up on a link; at first, that of the pairing."""
    found = db.execute(
        "SELECT note FROM card JOIN link ON link.peer_now = card.hash WHERE link.id = ?", (link,)
    ).fetchone()
    return pairing if found is None else cards.parse(bytes(found[0])).card
