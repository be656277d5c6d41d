"""Next cards in a world of two pens: made, promised and announced with their text."""

from dataclasses import replace

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.card import Card, card_hash
from parley.protocol.strictjson import JsonSource
from parley.protocol.suite import Suite
from tests.protocol.toy import TOY
from tests.protocol.world import Pen, Statement, Wording, seed_of


def fresh(old: Card, use: str, *, roots: int = 0, suite: Suite = TOY, **changes: object) -> Card:
    """Return the card after `old` with other node keys, made for `use`, and so many other roots."""

    def seed(key: str) -> bytes:
        return seed_of(old.node, f"{use} {key}")

    publics = [suite.ed25519_public(seed(f"root {n}")) for n in range(1, roots + 1)]
    new = replace(
        old,
        serial=old.serial + 1,
        prev=card_hash(old),
        write_ed25519=suite.ed25519_public(seed("write")),
        write_ml_dsa=suite.ml_dsa_public(seed("write")),
        receipt_ed25519=suite.ed25519_public(seed("receipt")),
        receipt_ml_dsa=suite.ml_dsa_public(seed("receipt")),
        link_ed25519=suite.ed25519_public(seed("link")),
        roots=tuple(publics) or old.roots,
        next_keys=None,
    )
    return replace(new, **changes)  # type: ignore[arg-type] # any field


def root_line(pen: Pen, use: str, person: int) -> "Signer":
    """Return what signs as a root that was made for `use`."""
    return Signer(pen.node, seed_of(pen.node, f"{use} root {person}"), person, suite=pen.world.suite)


class Signer:
    """A root's key that is not of the card of the pairing."""

    def __init__(self, node: str, seed: bytes, person: int, *, suite: Suite) -> None:
        self._key = note.new_sign_key(f"{node}/root/{person}", note.Algorithm.ED25519, seed, suite=suite)
        self._suite = suite

    def __call__(self, text: bytes) -> note.Line:
        return note.sign(text, self._key, self._suite)


def announce(
    pen: Pen, card: Card, *, roots: tuple[int, ...] = (1, 2), more: tuple[Signer, ...] = ()
) -> Statement:
    """Write the side's next card, with its text; `roots` are those of the pairing."""
    said: dict[str, JsonSource] = {
        "card": id_text(card_hash(card)),
        "serial": card.serial,
        "text": card.text().decode(),
    }
    wording = Wording(kind="link.carded", log=pen.side.origin, roots=roots, more=more)
    return pen.words(wording, said)
