"""What is signed where keys of ours were stolen or lost, one note for each line, and how core hears of it.

    {"ask": "revoke", "link", "notes": ["<card>", …, "<revocation>"]}   → {}

Which sizes stay is written down beside the card (`revoking`) before anything else happens, so that what
is cut goes on with the same. Source: Spec §7.2.8 to §7.2.10.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from parley.ledger.append import core_or_alone
from parley.ledger.drafts import UnknownLinkError
from parley.ledger.keys import read_keys
from parley.ledger.ledger import Ledger, StorageError
from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.standing import LinkFacts
from parley.ledger.writer import StoppedError
from parley.protocol import card as cards
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.note import Algorithm, SignKey, new_sign_key
from parley.protocol.revocation import Revocation, sign_revocation
from parley.protocol.strictjson import JsonObject, JsonSource, read, write
from parley.protocol.suite import Suite
from parley.work.home import Home
from parley.work.sock import CoreError

WISH: Final = "revoking"

History = Callable[[int], bytes | None]


class RevokedTooMuchError(Exception):
    """The partner signed for more of `link` than is to stay: `signed` entries. Nothing was changed."""

    def __init__(self, link: str, signed: int) -> None:
        super().__init__(f"{link}: {signed}")
        self.link, self.signed = link, signed


def wish(home: Home, sizes: Mapping[str, int]) -> bytes:
    """Return what is to be written down: for each lane how much of our line stays.

    Raises:
        RevokedTooMuchError: less than the partner has signed for. UnknownLinkError: there is no such lane.
    """
    found: dict[str, JsonSource] = {}
    if home.record.exists():
        reader = Reader(home)
        try:
            for row in reader.lanes():
                status = reader.status(row.name)
                signed = 0 if status is None else status.my_receipted
                size = sizes.get(row.name, signed)
                if size < signed:
                    raise RevokedTooMuchError(row.name, signed)
                if row.verified_at is not None:
                    found[row.name] = size
        finally:
            reader.close()
    strange = set(sizes) - set(found)
    if strange:
        raise UnknownLinkError(min(strange))
    return write(found)


def wanted(
    home: Home, card: Card, *, history: History, suite: Suite
) -> Iterator[tuple[str, Sequence[bytes]]]:
    """Yield the notes by which each lane hears that the keys before `card` are revoked, if they are."""
    path = home.root / WISH
    if not path.exists() or not home.record.exists():
        return
    sizes = read(path.read_bytes())
    reader = Reader(home)
    try:
        facts = {each.name: each for each in read_facts(reader.connection, reader.node)}
        heard = {name: _heard(reader, each) for name, each in facts.items()}
    finally:
        reader.close()
    roots = _root_keys(home, card, suite)
    for name, size in sizes.items():
        if name in facts and isinstance(size, int):
            notes = [history(serial) for serial in range(heard[name] + 1, card.serial + 1)]
            revocation = sign_revocation(_revocation(facts[name], card, size), roots, suite)
            yield name, [*(note for note in notes if note is not None), revocation]


def _revocation(facts: LinkFacts, card: Card, size: int) -> Revocation:
    current = facts.line(facts.me).current
    assert card.prev is not None, "a card that replaces another"
    return Revocation(origin=current.origin, size=max(0, size - current.base), card=card.prev)


def _heard(reader: Reader, facts: LinkFacts) -> int:
    status = reader.status(facts.name)
    size = 0 if status is None else status.my_size
    paired = facts.sides.of(facts.me).card.serial
    return reader.link_state(facts.name).serial(facts.me, size, paired=paired)


def _root_keys(home: Home, card: Card, suite: Suite) -> list[SignKey]:
    names = {key.public: key.name for key in cards.root_keys(card)}
    seeds = [seed for _, seed in read_keys(home.keys, card.node).roots]
    publics = {seed: suite.ed25519_public(seed) for seed in seeds}
    return [
        new_sign_key(names[public], Algorithm.ED25519, seed, suite=suite)
        for seed, public in publics.items()
        if public in names
    ]


def answer(request: Mapping[str, JsonSource], *, ledger: Ledger) -> JsonObject:
    """Have core keep what revokes keys of ours on a link.

    Raises:
        CoreError: it is no such request, or it cannot be done.
    """
    match request:
        case {"ask": "revoke", "link": str(link), "notes": list(notes)}:
            return _kept(ledger, link, [str(note).encode() for note in notes])
        case _:
            raise CoreError("request", "core does not know this request")


def _kept(ledger: Ledger, link: str, notes: Sequence[bytes]) -> JsonObject:
    try:
        ledger.revoke(link, notes)
    except UnknownLinkError as error:
        raise CoreError("unknown_link", str(error)) from error
    except BreachError as error:
        raise CoreError("breach", str(error)) from error
    except StorageError as error:
        raise CoreError("storage", str(error)) from error
    except StoppedError as error:
        raise CoreError("stopped", "core is stopping; ask again") from error
    return {}


def revoke(home: Home, link: str, notes: Sequence[bytes]) -> None:
    """Have core keep what revokes keys of ours on a link, or keep it where no core runs.

    Raises:
        CoreError: it cannot be done. StorageError, NobodyWritesError: it may not have been; ask again.
    """
    request: dict[str, JsonSource] = {
        "ask": "revoke",
        "link": link,
        "notes": [each.decode() for each in notes],
    }
    core_or_alone(home, request, lambda ledger: answer(request, ledger=ledger))
