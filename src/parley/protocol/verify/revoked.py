"""Keys that the roots of a side revoked, from a size of one of its logs on.

    revocations/<node>/<epoch>      uint32 length ‖ note of parley-revoke/v1, in the order of the cards

A judge learns from it that heads of these keys beyond that size prove nothing, wherever they are
shown, and that all below it stays as it was. Source: Spec §7.2.8, §11.4.10, §11.5.13.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, card_hash
from parley.protocol.revocation import parse_text
from parley.protocol.suite import Suite
from parley.protocol.verify.keys import persons_of
from parley.protocol.verify.listed import Listing, revocation_name
from parley.protocol.verify.members import read_notes
from parley.protocol.verify.steps import Step, step
from parley.protocol.verify.zipped import Archive, ShortError


class Revoked(Struct, frozen=True, kw_only=True):
    """Heads of the log `origin` by the keys of the card `serial` count up to `size` entries of it."""

    origin: str
    node: str
    size: int
    serial: int


def read_revocations(
    archive: Archive, listing: Listing, *, known: Mapping[str, Sequence[Card]], suite: Suite
) -> tuple[Revoked, ...]:
    """Return all of them. Step 12, without the heads.

    Raises:
        StepError: one does not hold.
    """
    found: list[Revoked] = []
    with step(Step.REVOCATIONS):
        for origin in listing.revocations:
            of_log = list(_read(archive, origin, cards=known[_node(listing, origin)], suite=suite))
            if not of_log:
                raise BreachError("11.4", "a member has no revocation")
            found += of_log
    return tuple(found)


def foreseen(
    archive: Archive, listing: Listing, *, known: Mapping[str, Sequence[Card]], suite: Suite
) -> Mapping[tuple[str, int], int]:
    """Return the sizes by log and card, for step 6. What step 12 would refuse is passed over."""
    sizes: dict[tuple[str, int], int] = {}
    for origin in listing.revocations:
        try:
            for each in _read(archive, origin, cards=known[_node(listing, origin)], suite=suite):
                sizes[origin, each.serial] = each.size
        except (BreachError, ShortError):
            continue
    return sizes


def _node(listing: Listing, origin: str) -> str:
    return next(log.node for log in listing.logs if log.origin == origin)


def _read(archive: Archive, origin: str, *, cards: Sequence[Card], suite: Suite) -> Iterator[Revoked]:
    # Each note is of a later card than the one before, so there are at most as many as cards.
    at = -1
    for raw in read_notes(archive, revocation_name(origin)):
        signed = note.parse(raw)
        said = parse_text(signed.text)
        before, at = at, next((n for n, card in enumerate(cards) if card_hash(card) == said.card), -1)
        if said.origin != origin or at <= before:
            raise BreachError("11.4", "a revocation is of another log, of no card here, or out of order")
        if not any(persons_of(signed, card, suite) >= card.threshold for card in cards[at:]):
            raise BreachError("11.4", "too few roots signed a revocation")
        yield Revoked(origin=origin, node=cards[at].node, size=said.size, serial=cards[at].serial)
