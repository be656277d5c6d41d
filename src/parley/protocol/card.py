"""A node's public keys on one card; its rotation; the sixty digits that two people compare.

    parley-card/v1
    node a.example
    serial 2
    prev <hash>               of the text of card 1; absent on card 1
    write ed25519 <key>       signs heads; key name = origin, 0x01
    write ml-dsa-44 <key>     likewise, 0x06
    receipt ed25519 <key>     signs receipts; key name <node>/receipt, 0x04
    receipt ml-dsa-44 <key>   likewise, 0x06
    seal x-wing <key>         parcels are sealed to it
    link ed25519 <key>        signs parcels; key name <node>/link, 0x01
    tls sha256 <hash>         of the SubjectPublicKeyInfo of its TLS key; may be absent
    url <where to reach it>   http or https; absent if nobody can dial this node
    next <hash>               of the six key lines of the next card; absent if nothing is promised
    root 2                    the threshold, and then the roots: line n is person n
    root ed25519 <key>        signs cards; key name <node>/root/<n>, 0x01

Every line once and in this order, `root ed25519` up to 16 times. All Ed25519 keys of a card
differ: an 0x04 line does not bind its signer's name. The hash of a card is that of its text,
since a line that anyone may add to a note must not change it. When a card takes effect in a
log is left to the fold. Spec §3.2 to §3.4.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.names import Channel, Origin, check_node, parse_origin
from parley.protocol.notation import HASH, POSITIVE, read_base64, read_hash, read_number, write_base64
from parley.protocol.note import Algorithm, Note, VerifyKey
from parley.protocol.suite import ML_DSA_PUBLIC_SIZE, X_WING_PUBLIC_SIZE, Suite, is_strict_point

MAX_ROOTS: Final = 16
# A card that replaces all roots carries two thresholds of lines, and a note has 16 lines.
MAX_THRESHOLD: Final = 8
MAX_URL: Final = 255

_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
_TEXT = re.compile(
    rf"parley-card/v1\nnode ([a-z0-9.-]+)\nserial ({POSITIVE})\n(?:prev ({HASH})\n)?"
    rf"write ed25519 ({HASH})\nwrite ml-dsa-44 ({_BASE64})\n"
    rf"receipt ed25519 ({HASH})\nreceipt ml-dsa-44 ({_BASE64})\n"
    rf"seal x-wing ({_BASE64})\nlink ed25519 ({HASH})\n"
    rf"(?:tls sha256 ({HASH})\n)?(?:url (https?://[!-~]+)\n)?(?:next ({HASH})\n)?"
    rf"root ([1-9])\n((?:root ed25519 {HASH}\n){{1,{MAX_ROOTS}}})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The public keys of `node`, raw; at least `threshold` of `roots` sign for them."""

    node: str
    serial: int
    prev: bytes | None
    write_ed25519: bytes
    write_ml_dsa: bytes
    receipt_ed25519: bytes
    receipt_ml_dsa: bytes
    seal_x_wing: bytes
    link_ed25519: bytes
    tls_sha256: bytes | None = None
    url: str | None = None
    next_keys: bytes | None = None
    threshold: int
    roots: tuple[bytes, ...]

    def text(self) -> bytes:
        """Return the lines that are signed and hashed."""
        lines = (
            ("parley-card/v1", ""),
            ("node ", self.node),
            ("serial ", str(self.serial)),
            ("prev ", self.prev),
            ("write ed25519 ", self.write_ed25519),
            ("write ml-dsa-44 ", self.write_ml_dsa),
            ("receipt ed25519 ", self.receipt_ed25519),
            ("receipt ml-dsa-44 ", self.receipt_ml_dsa),
            ("seal x-wing ", self.seal_x_wing),
            ("link ed25519 ", self.link_ed25519),
            ("tls sha256 ", self.tls_sha256),
            ("url ", self.url),
            ("next ", self.next_keys),
            ("root ", str(self.threshold)),
            *(("root ed25519 ", root) for root in self.roots),
        )
        return "".join(_line(start, value) for start, value in lines if value is not None).encode(
            "ascii", "replace"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCard:
    """A card and the note it came in; which roots signed is for `check_first` and `check_next`."""

    card: Card
    note: Note


def parse(raw: bytes) -> SignedCard:
    """Return the card in a note. Its signatures are not yet checked.

    Raises:
        BreachError: the note or the card breaks the grammar, or a key cannot be one.

    """
    signed = note.parse(raw)
    return SignedCard(card=parse_text(signed.text), note=signed)


def parse_text(text: bytes) -> Card:
    """Return the card in a text. Spec §3.2."""
    match = _TEXT.fullmatch(text.decode("latin-1"))
    if match is None:
        raise BreachError("3.2", "the lines are not those of a card")
    node, serial, prev, *keys, tls, url, promised, threshold, roots = match.groups()
    write, write_pq, receipt, receipt_pq, seal, link = (read_base64(key, "3.2") for key in keys)
    card = Card(
        node=node,
        serial=read_number(serial, "3.2"),
        prev=read_hash(prev) if prev else None,
        write_ed25519=write,
        write_ml_dsa=write_pq,
        receipt_ed25519=receipt,
        receipt_ml_dsa=receipt_pq,
        seal_x_wing=seal,
        link_ed25519=link,
        tls_sha256=read_hash(tls) if tls else None,
        url=url,
        next_keys=read_hash(promised) if promised else None,
        threshold=int(threshold),
        roots=tuple(read_hash(line.removeprefix("root ed25519 ")) for line in roots.split("\n")[:-1]),
    )
    check(card)
    return card


def check(card: Card) -> None:
    """Check what the lines alone do not say: names, sizes, thresholds, keys. Spec §3.2."""
    check_node(card.node)
    if (card.serial == 1) != (card.prev is None):
        raise BreachError("3.2", "every card but the first names the hash of the one before")
    if card.url is not None and len(card.url) > MAX_URL:
        raise BreachError("3.2", f"a url is at most {MAX_URL} bytes")
    if not 1 <= card.threshold <= min(MAX_THRESHOLD, len(card.roots)):
        raise BreachError("3.2", f"the threshold is 1 to {MAX_THRESHOLD} and at most the number of roots")
    if card.next_keys is not None and len(card.roots) > MAX_THRESHOLD:
        # All of them sign where the promise is broken, beside a threshold of the next card's.
        raise BreachError("3.2", f"a card that promises the next keys has at most {MAX_THRESHOLD} roots")
    lattice = (card.write_ml_dsa, card.receipt_ml_dsa)
    if {len(key) for key in lattice} != {ML_DSA_PUBLIC_SIZE} or len(card.seal_x_wing) != X_WING_PUBLIC_SIZE:
        raise BreachError("3.2", "a key on the card has the wrong size")
    curve = (card.write_ed25519, card.receipt_ed25519, card.link_ed25519, *card.roots)
    if len({*lattice, *curve}) != len(lattice) + len(curve):
        raise BreachError("3.2", "the signing keys of a card all differ")
    if not all(is_strict_point(key) for key in curve):
        raise BreachError("2.3", "an Ed25519 key on the card is of low order or not canonical")


def card_hash(card: Card) -> bytes:
    """Return SHA-256 of the card's text: what `prev`, `link.opened` and the digits use."""
    return hashlib.sha256(card.text()).digest()


def keys_hash(card: Card) -> bytes:
    """Return SHA-256 of the six key lines of a card, by which the card before can promise them."""
    lines = card.text().split(b"\n")
    keys = [line for line in lines if line.split(b" ")[0] in {b"write", b"receipt", b"seal", b"link"}]
    return hashlib.sha256(b"".join(line + b"\n" for line in keys)).digest()


def keeps_promise(old: Card, new: Card) -> bool:
    """Return whether `new` has the keys that `old` promised, or those of `old` and the same promise.

    Nothing is promised by a card without `next`, and so nothing is broken. Spec §3.4.
    """
    if old.next_keys is None or keys_hash(new) == old.next_keys:
        return True
    return keys_hash(new) == keys_hash(old) and new.next_keys == old.next_keys


def old_threshold(old: Card, new: Card) -> int:
    """Return how many roots of `old` must sign for `new`: all, if it breaks the promise. Spec §3.4."""
    return old.threshold if keeps_promise(old, new) else len(old.roots)


def sign_card(card: Card, seeds: Iterable[bytes], *, suite: Suite, previous: Card | None = None) -> bytes:
    """Return the note of a card signed with root `seeds` of this card and of the `previous`.

    A key that is a root of both signs under both of its names, if these differ.

    Raises:
        BreachError: the card breaks the grammar, or a seed is of no root.

    """
    text = card.text()
    if parse_text(text) != card:
        raise BreachError("3.2", "the card has no form in which it could be read")
    places = {key.name + key.text: key for one in (previous, card) if one for key in root_keys(one)}
    lines: list[note.Line] = []
    for seed in seeds:
        public = suite.ed25519_public(seed)
        mine = [key for key in places.values() if key.public == public]
        if not mine:
            raise BreachError("3.4", "a seed is of no root of this card or the one before")
        lines += (note.sign(text, _signing(key, seed), suite) for key in mine)
    if len(lines) > note.MAX_LINES:
        raise BreachError("2.5", f"a note has at most {note.MAX_LINES} signature lines")
    return note.encode(Note(text=text, lines=tuple(lines)))


def check_first(signed: SignedCard, *, suite: Suite) -> None:
    """Check a card that nothing vouches for yet but its own roots and the sixty digits.

    Its serial may be any: a node may have rotated its keys before it met this partner.
    Spec §3.4.
    """
    check(signed.card)
    _check_threshold(signed, signed.card, suite, least=signed.card.threshold)


def check_next(old: Card, new: SignedCard, *, suite: Suite) -> None:
    """Check that `new` replaces `old`: thresholds of the old and of the new roots. Spec §3.4."""
    check(new.card)
    if new.card.node != old.node or new.card.serial != old.serial + 1 or new.card.prev != card_hash(old):
        raise BreachError("3.4", "this is not the next card of the same node")
    _check_threshold(new, old, suite, least=old_threshold(old, new.card))
    _check_threshold(new, new.card, suite, least=new.card.threshold)


def digits(one: bytes, other: bytes) -> tuple[str, ...]:
    """Return the twelve groups of five digits over two card hashes, in either order. Spec §3.3."""
    low, high = sorted((one, other))
    digest = hashlib.sha512(b"parley/pair/v1\n" + low + high).digest()
    groups = (int.from_bytes(digest[at : at + 5], "big") % 100_000 for at in range(0, 60, 5))
    return tuple(f"{group:05}" for group in groups)


def write_keys(card: Card, origin: str) -> tuple[VerifyKey, VerifyKey]:
    """Return the 0x01 and 0x06 keys that sign heads of `origin`, a log of the card's node."""
    if parse_origin(origin).node != card.node:
        raise BreachError("3.1", "the log is not one of the card's node")
    return (
        VerifyKey(name=origin, algorithm=Algorithm.ED25519, public=card.write_ed25519),
        VerifyKey(name=origin, algorithm=Algorithm.ML_DSA, public=card.write_ml_dsa),
    )


def receipt_keys(card: Card) -> tuple[VerifyKey, VerifyKey]:
    """Return the 0x04 and 0x06 keys that sign the node's receipts."""
    name = f"{card.node}/receipt"
    return (
        VerifyKey(name=name, algorithm=Algorithm.COSIGNATURE, public=card.receipt_ed25519),
        VerifyKey(name=name, algorithm=Algorithm.ML_DSA, public=card.receipt_ml_dsa),
    )


def link_key(card: Card) -> VerifyKey:
    """Return the 0x01 key that signs the node's parcels."""
    return VerifyKey(name=f"{card.node}/link", algorithm=Algorithm.ED25519, public=card.link_ed25519)


def root_keys(card: Card) -> tuple[VerifyKey, ...]:
    """Return the 0x01 keys of persons 1, 2, 3 …, who sign cards and the opening of links."""
    return tuple(
        VerifyKey(name=f"{card.node}/root/{person}", algorithm=Algorithm.ED25519, public=root)
        for person, root in enumerate(card.roots, start=1)
    )


def _check_threshold(signed: SignedCard, by: Card, suite: Suite, *, least: int) -> None:
    signers = note.verified(signed.note, root_keys(by), suite)
    # The roots of one card have different names and keys, so each line is another person.
    if len(signers) < least:
        raise BreachError("3.4", f"{len(signers)} of {least} roots of card {by.serial} signed")


def _signing(key: VerifyKey, seed: bytes) -> note.SignKey:
    return note.SignKey(name=key.name, algorithm=key.algorithm, seed=seed, public=key.public)


def _line(start: str, value: str | bytes) -> str:
    return f"{start}{value if isinstance(value, str) else write_base64(value)}\n"


__all__ = [
    "MAX_ROOTS",
    "MAX_THRESHOLD",
    "MAX_URL",
    "Card",
    "Channel",
    "Origin",
    "SignedCard",
    "card_hash",
    "check",
    "check_first",
    "check_next",
    "check_node",
    "digits",
    "keeps_promise",
    "keys_hash",
    "link_key",
    "old_threshold",
    "parse",
    "parse_origin",
    "parse_text",
    "receipt_keys",
    "root_keys",
    "sign_card",
    "write_keys",
]
