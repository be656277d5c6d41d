"""Where another copy comes from: a file of parcels that the partner wrote with `link carry out --all`."""

from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from parley.ledger.database import open_for_reading
from parley.ledger.fsck.copies import Copy
from parley.ledger.home import read_config
from parley.ledger.keys import Keys, read_keys
from parley.ledger.ledger import BadParcelError
from parley.ledger.links import read_facts
from parley.ledger.standing import LinkFacts
from parley.protocol.breach import BreachError
from parley.protocol.carried import read_parcels
from parley.protocol.parcel import Parcel, open_parcel
from parley.protocol.suite import Standard, Suite
from parley.work.home import Home


def from_parcels(home: Home, file: BinaryIO, *, suite: Suite | None = None) -> Copy:
    """Return what the parcels of `file` bring.

    Raises:
        BadParcelError: one of them is from no partner of ours. BreachError: it is no such file.
    """
    node = read_config(home).node
    keys = read_keys(home.keys, node)
    db = open_for_reading(home.record)
    try:
        links = read_facts(db, node)
    finally:
        db.close()
    copy = Copy()
    for raw in read_parcels(file.read):
        copy.add_parcel(_opened(raw, links, keys=keys, suite=suite or Standard()))
    return copy


def _opened(raw: bytes, links: tuple[LinkFacts, ...], *, keys: Keys, suite: Suite) -> Parcel:
    parcel = next(_tries(raw, links, keys=keys, suite=suite), None)
    if parcel is None:
        raise BadParcelError("a parcel from no partner of ours")
    return parcel


def _tries(raw: bytes, links: tuple[LinkFacts, ...], *, keys: Keys, suite: Suite) -> Iterator[Parcel]:
    for facts in links:
        with suppress(BreachError):
            yield open_parcel(
                raw,
                sender=facts.peer,
                receiver=facts.me,
                channel=facts.channel,
                link_public=facts.sides.of(facts.peer).card.link_ed25519,
                seal_private=keys.seal,
                suite=suite,
            )
