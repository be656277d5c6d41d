"""Where another copy comes from: a file of parcels that the partner wrote with `link carry out --all`."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, TypeAlias

from parley.ledger.database import open_for_reading
from parley.ledger.fsck.copies import Copy
from parley.ledger.home import read_config
from parley.ledger.keys import Keys, read_keys
from parley.ledger.ledger import BadParcelError
from parley.ledger.links import read_facts
from parley.ledger.standing import LinkFacts
from parley.protocol import card as cards
from parley.protocol.breach import BreachError
from parley.protocol.carried import read_parcels
from parley.protocol.parcel import Parcel, open_parcel
from parley.protocol.suite import Standard, Suite
from parley.work.home import Home

Links: TypeAlias = tuple[tuple[LinkFacts, bytes], ...]
"""Each link with each link key that its partner ever had."""


def from_parcels(home: Home, file: BinaryIO, *, suite: Suite | None = None) -> Copy:
    """Return what the parcels of `file` bring.

    Raises:
        BadParcelError: one of them is from no partner of ours. BreachError: it is no such file.
    """
    node = read_config(home).node
    keys = read_keys(home.keys, node)
    db = open_for_reading(home.record)
    try:
        links = tuple((facts, each) for facts in read_facts(db, node) for each in _link_keys(db, facts.peer))
    finally:
        db.close()
    copy = Copy()
    for raw in read_parcels(file.read):
        copy.add_parcel(_opened(raw, links, keys=keys, suite=suite or Standard()))
    return copy


def _link_keys(db: sqlite3.Connection, node: str) -> list[bytes]:
    found = db.execute("SELECT note FROM card WHERE node = ? ORDER BY serial DESC", (node,))
    return list(dict.fromkeys(cards.parse(bytes(note)).card.link_ed25519 for (note,) in found))


def _opened(raw: bytes, links: Links, *, keys: Keys, suite: Suite) -> Parcel:
    parcel = next(_tries(raw, links, keys=keys, suite=suite), None)
    if parcel is None:
        raise BadParcelError("a parcel from no partner of ours")
    return parcel


def _tries(raw: bytes, links: Links, *, keys: Keys, suite: Suite) -> Iterator[Parcel]:
    # By whichever card it was sealed and signed: what it brings is taken for its hash alone.
    for facts, link in links:
        for each in keys.sets:
            with suppress(BreachError):
                yield open_parcel(
                    raw,
                    sender=facts.peer,
                    receiver=facts.me,
                    channel=facts.channel,
                    link_public=link,
                    seal_private=each.seal,
                    suite=suite,
                )
