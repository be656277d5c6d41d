"""The cards of a node as its line announces them, from the one of the pairing on.

For people and programs at home, by what is in force (`cards_of`); for an export only what its reader can
follow: an announcement that roots signed, with the card's note, which follows the one before. Source:
Spec §7.2, §11.4.8.
"""

import sqlite3

from parley.ledger.keys import Keys
from parley.ledger.standing import LinkFacts
from parley.ledger.tags import kept_part
from parley.protocol import card as cards
from parley.protocol import entry as entries
from parley.protocol.act import read_act, read_id, read_json
from parley.protocol.breach import BreachError
from parley.protocol.card import SignedCard
from parley.protocol.links import Carded, LinkState, read_said
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.part import PartError, open_part
from parley.protocol.strictjson import MAX_BODY_VALUES, read
from parley.protocol.succession import Succession, succession
from parley.protocol.suite import Suite
from parley.protocol.verify.contents import persons
from parley.protocol.verify.listed import MAX_CARDS


def cards_of(state: LinkState, facts: LinkFacts, node: str) -> Succession:
    """Return the cards of `node` that are in force somewhere on its line, as far as it is held."""
    return succession(state, facts.sides.of(node), size=MAX_NUMBER)


def announced_cards(
    db: sqlite3.Connection, facts: LinkFacts, node: str, *, size: int, keys: Keys, suite: Suite
) -> tuple[SignedCard, ...]:
    """Return the card of the pairing, and those that the first `size` entries of the line announce."""
    side = facts.sides.of(node)
    (note,) = db.execute("SELECT note FROM card WHERE hash = ?", (side.card_hash,)).fetchone()
    known = [cards.parse(bytes(note))]
    found = db.execute(
        "SELECT entry.idx, raw, act FROM row JOIN entry USING (log, idx)"
        " WHERE log = ? AND idx < ? AND kind = 'link.carded' AND outcome = 'valid' ORDER BY idx",
        (facts.logs[node], size),
    )
    for index, raw, act in found:
        scope = facts.line(node).at(index).origin
        new = _announced(db, bytes(raw), bytes(act), scope=scope, keys=keys, suite=suite)
        if new is None or len(known) == MAX_CARDS or not _follows(known[-1], new, bytes(raw), suite=suite):
            break
        known.append(new)
    return tuple(known)


def _announced(
    db: sqlite3.Connection, raw: bytes, act: bytes, *, scope: str, keys: Keys, suite: Suite
) -> SignedCard | None:
    said = read_said("link.carded", read_act(read_json(act)).d)
    kept = db.execute("SELECT note FROM card WHERE hash = ?", (_hash_of(said),)).fetchone()
    if kept is not None:
        # The body may be erased; the card is no content.
        return cards.parse(bytes(kept[0]))
    try:
        body = entries.parse(raw).entry.parts[0]
        part = kept_part(db, body.hash)
        if part is None:
            return None
        wrapped, ciphertext = part
        text = open_part(ciphertext, key=keys.unwrap(wrapped), scope=scope, suite=suite)
        signed = cards.parse(str(read(text, max_values=MAX_BODY_VALUES)["card"]).encode())
    except (BreachError, PartError, IndexError, KeyError, TypeError):
        return None
    is_it = isinstance(said, Carded) and said.announces(cards.card_hash(signed.card))
    return signed if is_it else None


def _hash_of(said: object) -> bytes:
    return read_id(said.card) if isinstance(said, Carded) else b""


def _follows(old: SignedCard, new: SignedCard, raw: bytes, *, suite: Suite) -> bool:
    try:
        cards.check_next(old.card, new, suite=suite)
    except BreachError:
        return False
    return persons(entries.parse(raw), old.card, suite) >= old.card.threshold
