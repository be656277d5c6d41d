"""A key was stolen: the roots say from which size on its heads are worth nothing.

    parley-revoke/v1
    a.example/live/a-b/main/5e0c9a71        one log: who is shown it learns of no other link (rule H22)
    1290                                    the first entries that stay
    <hash of the card whose write keys are revoked>

A note with lines of roots, at least the threshold of the card by which it is read. What lies below
the size stays valid, since the other side countersigned it before; so no size counts that is below
what the reader has countersigned. Heads of the revoked keys beyond it prove nothing, to nobody.
Which card follows is told by `links.py`. Source: Spec §7.2.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, root_keys
from parley.protocol.names import ORIGIN_CHARACTERS, check_origin, parse_origin
from parley.protocol.notation import HASH, NUMBER, read_hash, read_number, write_base64
from parley.protocol.note import Note, SignKey
from parley.protocol.suite import Suite

VERSION: Final = "parley-revoke/v1"
_TEXT: Final = re.compile(rf"parley-revoke/v1\n({ORIGIN_CHARACTERS})\n({NUMBER})\n({HASH})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """Heads of `origin` by the write keys of the card with this hash count up to `size` entries."""

    origin: str
    size: int
    card: bytes

    def text(self) -> bytes:
        """Return the lines that are signed."""
        return f"{VERSION}\n{self.origin}\n{self.size}\n{write_base64(self.card)}\n".encode()


def sign_revocation(revocation: Revocation, keys: Iterable[SignKey], suite: Suite) -> bytes:
    """Return the note, with a line of each of the roots' `keys`."""
    text = revocation.text()
    parse_text(text)
    return note.encode(Note(text=text, lines=tuple(note.sign(text, key, suite) for key in keys)))


def parse_text(text: bytes) -> Revocation:
    """Return the revocation in a text.

    Raises:
        BreachError: §7.2, or §3.1 for a name that is none.
    """
    match = _TEXT.fullmatch(text.decode("latin-1"))
    if match is None:
        raise BreachError("7.2", "the lines are not those of a revocation")
    check_origin(match[1])
    return Revocation(origin=match[1], size=read_number(match[2], "7.2"), card=read_hash(match[3]))


def read_revocation(raw: bytes, newest: Card, *, countersigned: int, suite: Suite) -> Revocation:
    """Return the revocation in a note, for a reader that has countersigned so many entries of its log.

    `newest` is the newest card of the writer that the reader knows, by whose roots it is signed.

    Raises:
        BreachError: it is not in its form, of another node, signed by too few, or takes back what
            was countersigned.
    """
    signed = note.parse(raw)
    revocation = parse_text(signed.text)
    if parse_origin(revocation.origin).node != newest.node:
        raise BreachError("7.2", "a node revokes its own keys alone")
    if len(note.verified(signed, root_keys(newest), suite)) < newest.threshold:
        raise BreachError("7.2", f"{newest.threshold} roots sign a revocation")
    if revocation.size < countersigned:
        raise BreachError("7.2", f"{countersigned} entries were countersigned, and stay")
    return revocation


def is_worthless(origin: str, size: int, *, by: bytes, revoked: Collection[Revocation]) -> bool:
    """Return whether a head of this log and size by the keys of the card `by` counts for nothing."""
    return any(each.origin == origin and each.card == by and size > each.size for each in revoked)
