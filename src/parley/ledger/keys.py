"""This node's secrets, one file each in `keys/`, readable by their owner alone.

Those that sign heads and receipts lie there too, and are read by the signer alone (`signer/keys.py`).
`link-ed25519` and `seal-x-wing` come in sets like those: `link-ed25519-2` belongs to the second.
Content keys rest wrapped (AES key wrap, RFC 3394) under a key that lies beside the database
and not in it, so that the database alone, or a copy of it, opens nothing. The root keys
belong to persons; they lie here only until officers sign with their own.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from parley.protocol.card import Card
from parley.protocol.part import LOST_KEY
from parley.protocol.suite import SEED_SIZE, X_WING_PRIVATE_SIZE, Suite
from parley.signer.keys import (
    KeysError,
    PublicKeys,
    ensure_secret,
    numbered,
    read_secret,
    write_secret,
)

KEK_NAME: Final = "kek-1"
LINK_NAME: Final = "link-ed25519"
SEAL_NAME: Final = "seal-x-wing"
_SEEDS: Final = (LINK_NAME, KEK_NAME)

__all__ = ["KEK_NAME", "Keys", "KeysError", "make_card", "make_keys", "make_set", "read_keys", "with_set"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSet:
    """What of the set `number` belongs to the ledger: what signs parcels, and what opens them."""

    number: int
    link: bytes = field(repr=False)
    seal: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The secrets of one node but those of its signer. `roots` are (person, seed).

    `later` are the sets after the first, whose seed and key are `link_seed` and `seal`.
    """

    node: str
    seeds: "dict[str, bytes]" = field(repr=False)
    seal: bytes = field(repr=False)
    roots: tuple[tuple[int, bytes], ...] = field(repr=False)
    folder: Path | None = None
    later: "list[LinkSet]" = field(default_factory=list, repr=False)

    @property
    def link_seed(self) -> bytes:
        """Return the seed of the first set that signs parcels."""
        return self.seeds[LINK_NAME]

    @property
    def sets(self) -> tuple[LinkSet, ...]:
        """Return all sets, the first one first."""
        return (LinkSet(number=1, link=self.link_seed, seal=self.seal), *self.later)

    def refresh(self) -> None:
        """Read the later sets again: one may have been made since, by another process."""
        if self.folder is not None:
            self.later[:] = _later_sets(self.folder)

    def holds(self, card: Card, suite: Suite) -> bool:
        """Return whether what signs and opens parcels by this card is here."""
        return any(
            (suite.ed25519_public(each.link), suite.x_wing_public(each.seal))
            == (card.link_ed25519, card.seal_x_wing)
            for each in self.sets
        )

    def wrap(self, key: bytes) -> bytes:
        """Return a content key as it is kept."""
        return aes_key_wrap(self.seeds[KEK_NAME], key)

    def unwrap(self, wrapped: bytes | None) -> bytes:
        """Return a content key; the key of zeros, which says "lost", where it cannot be had."""
        if wrapped is None:
            return LOST_KEY
        try:
            return aes_key_unwrap(self.seeds[KEK_NAME], wrapped)
        except InvalidUnwrap:
            return LOST_KEY


def make_keys(folder: Path, node: str, *, persons: int, suite: Suite) -> Keys:
    """Write fresh keys into `folder`, which must be empty or absent, and return them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise KeysError(f"expected no keys in {folder}, found some; they were left alone")
    for name in _SEEDS:
        write_secret(folder / name, suite.dice(SEED_SIZE))
    write_secret(folder / SEAL_NAME, suite.x_wing_generate())
    for person in range(1, persons + 1):
        write_secret(folder / f"root-{person}", suite.dice(SEED_SIZE))
    return read_keys(folder, node)


def read_keys(folder: Path, node: str) -> Keys:
    """Return the keys in `folder`.

    Raises:
        KeysError: one is missing or cannot be read.
    """
    seeds = {name: read_secret(folder / name) for name in _SEEDS}
    roots = sorted(folder.glob("root-*"), key=lambda path: int(path.name.removeprefix("root-")))
    return Keys(
        node=node,
        seeds=seeds,
        seal=read_secret(folder / SEAL_NAME),
        roots=tuple((int(path.name.removeprefix("root-")), read_secret(path)) for path in roots),
        folder=folder,
        later=_later_sets(folder),
    )


def _later_sets(folder: Path) -> list[LinkSet]:
    names = [path.name.removeprefix(f"{LINK_NAME}-") for path in folder.glob(f"{LINK_NAME}-*")]
    found: list[LinkSet] = []
    for number in sorted(int(name) for name in names if name.isdigit()):
        try:
            link = read_secret(folder / numbered(LINK_NAME, number))
            seal = read_secret(folder / numbered(SEAL_NAME, number))
        except KeysError:
            continue
        # One that a crash has cut was never told to anybody.
        if (len(link), len(seal)) == (SEED_SIZE, X_WING_PRIVATE_SIZE):
            found.append(LinkSet(number=number, link=link, seal=seal))
    return found


def make_set(folder: Path, number: int, *, suite: Suite) -> LinkSet:
    """Return the ledger's half of the set `number`, made now if it is not here; durable when this returns."""
    if number > 1:
        ensure_secret(folder / numbered(LINK_NAME, number), size=SEED_SIZE, suite=suite)
        seal = folder / numbered(SEAL_NAME, number)
        ensure_secret(seal, size=X_WING_PRIVATE_SIZE, suite=suite, secret=suite.x_wing_generate())
    return LinkSet(
        number=number,
        link=read_secret(folder / numbered(LINK_NAME, number)),
        seal=read_secret(folder / numbered(SEAL_NAME, number)),
    )


def with_set(card: Card, signing: PublicKeys, own: LinkSet, *, suite: Suite) -> Card:
    """Return `card` with the six keys of one set: what the signer showed of it, and the ledger's half."""
    return replace(
        card,
        write_ed25519=signing.write_ed25519,
        write_ml_dsa=signing.write_ml_dsa,
        receipt_ed25519=signing.receipt_ed25519,
        receipt_ml_dsa=signing.receipt_ml_dsa,
        seal_x_wing=suite.x_wing_public(own.seal),
        link_ed25519=suite.ed25519_public(own.link),
    )


def make_card(
    keys: Keys, public: PublicKeys, *, url: str | None, tls_sha256: bytes | None, suite: Suite
) -> Card:
    """Return the node's first card, not yet signed. All of its roots must sign for it."""
    return Card(
        node=keys.node,
        serial=1,
        prev=None,
        write_ed25519=public.write_ed25519,
        write_ml_dsa=public.write_ml_dsa,
        receipt_ed25519=public.receipt_ed25519,
        receipt_ml_dsa=public.receipt_ml_dsa,
        seal_x_wing=suite.x_wing_public(keys.seal),
        link_ed25519=suite.ed25519_public(keys.link_seed),
        tls_sha256=tls_sha256,
        url=url,
        threshold=len(keys.roots),
        roots=tuple(suite.ed25519_public(seed) for _, seed in keys.roots),
    )
