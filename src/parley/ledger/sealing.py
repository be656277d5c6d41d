"""A parcel on its way in and out: whose it is, which of our keys opens it, which of both sides' hold.

A partner seals to the seal key of our card that it holds, which may be an old one; so every set that is
here opens. It signs by the link key of its card in force here, and no older one counts. Ours bears the
lines of our newest link keys: a partner that lost our newest card must not become deaf to us.
Source: Spec §5.2, §7.2.7.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from parley.ledger import revoking
from parley.ledger.answers import BadParcelError, UnknownPeerError
from parley.ledger.keys import Keys
from parley.ledger.slot import Slot
from parley.protocol import note
from parley.protocol import parcel as parcels
from parley.protocol.breach import BreachError
from parley.protocol.parcel import Parcel
from parley.protocol.suite import Suite

Found: TypeAlias = tuple[Slot, bytes]
MAX_LINES: Final = note.MAX_LINES


class Sealing:
    """Opens and seals for all links of a node. Threads may use it at once."""

    def __init__(self, keys: Keys, suite: Suite) -> None:
        self._keys = keys
        self._suite = suite
        # By what opens it: what parcels are sealed to. It costs more to compute than to keep.
        self._publics: dict[bytes, bytes] = {}

    def expecting(self, raw: bytes, slots: Iterable[Slot]) -> Found:
        """Return the link that a parcel is for, and what opens it. Nothing more of it is looked at.

        Raises:
            UnknownPeerError: no link expects it. BadParcelError: it is no parcel.
        """
        try:
            tag = parcels.tag_of(raw)
        except BreachError as error:
            raise BadParcelError(str(error)) from error
        keys = [(private, self._public(private)) for private in self._seals()]
        for slot in slots:
            facts = slot.facts
            if not facts.is_verified:
                continue
            for private, public in keys:
                if parcels.tag(facts.peer, facts.me, facts.channel, seal_public=public) == tag:
                    return slot, private
        raise UnknownPeerError("no link expects this parcel")

    def _seals(self) -> tuple[bytes, ...]:
        # The newest first: most come to that.
        return tuple(each.seal for each in reversed(self._keys.sets))

    def _public(self, private: bytes) -> bytes:
        found = self._publics.get(private)
        if found is None:
            found = self._publics[private] = self._suite.x_wing_public(private)
        return found

    def _link_seeds(self, needed: bytes) -> list[bytes]:
        """Return the newest link seeds, and the one of the key `needed`, which the partner holds."""
        seeds = [each.link for each in reversed(self._keys.sets)]
        known = (seed for seed in seeds[MAX_LINES - 1 :] if self._suite.ed25519_public(seed) == needed)
        return [*seeds[: MAX_LINES - 1], *known]

    def open(self, found: Found, raw: bytes) -> Parcel:
        """Return what a parcel says to a link, once it is opened and its signature has verified.

        Raises:
            BadParcelError: it is not what the link expects.
        """
        slot, private = found
        facts = slot.facts
        try:
            return parcels.open_parcel(
                raw,
                sender=facts.peer,
                receiver=facts.me,
                channel=facts.channel,
                link_public=slot.cards.theirs.link_ed25519,
                seal_private=private,
                suite=self._suite,
                introduced=lambda frames: self._introduced(slot, frames),
            )
        except BreachError as error:
            raise BadParcelError(str(error)) from error

    def _introduced(self, slot: Slot, frames: Sequence[bytes]) -> bytes | None:
        """Return the link key of a card that roots put in the place of revoked keys."""
        found = revoking.introduced(frames, slot.cards.known, self._suite)
        return None if found is None else found.newest.link_ed25519

    def seal(self, slot: Slot, parcel: Parcel) -> bytes:
        """Return the parcel as it goes to the partner of a link."""
        newest, *others = self._link_seeds(slot.cards.at_have.link_ed25519)
        return parcels.seal_parcel(
            parcel,
            link_seed=newest,
            seal_public=slot.cards.theirs.seal_x_wing,
            suite=self._suite,
            others=others,
        )
