"""How a link comes to hold: both sides sign the same opening, with the same terms in it.

1. `link.opened` names the channel, both first logs, both cards and the terms. It is signed
   by at least as many persons as the writer's card asks of its roots.
2. The link is active in a past in which both sides' newest valid openings agree in all of
   this. Until then nothing but `link.opened` and `unopened` has effect.
3. An opening may be repeated; so a mistake in one is mended by the next.
4. `link.carded` announces the writer's next card, one serial at a time, signed likewise.

Source: Spec §7.1, §7.2; rules E15, H21.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import read_id
from parley.protocol.breach import BreachError
from parley.protocol.names import parse_channel, parse_origin
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import MAX_TERMS, Terms, read_terms

PROTOCOL: Final = "parley/v1"

_Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
_Origin = Annotated[str, Meta(max_length=120)]


class Opened(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `link.opened` says. `origins` are in byte order, and `cards` in the order of their nodes."""

    channel: Annotated[str, Meta(max_length=120)]
    origins: Annotated[tuple[_Origin, ...], Meta(min_length=2, max_length=2)]
    cards: Annotated[tuple[_Id, ...], Meta(min_length=2, max_length=2)]
    protocol: Literal["parley/v1"]
    terms: Annotated[str, Meta(max_length=MAX_TERMS)]

    def __post_init__(self) -> None:
        """Check that channel, logs, cards and terms speak of the same two nodes."""
        channel = parse_channel(self.channel)
        first, second = (parse_origin(origin) for origin in self.origins)
        terms = terms_of(self.terms)
        for card in self.cards:
            read_id(card)
        if terms.nodes != (first.node, second.node) or terms.world != channel.world:
            raise ValueError("the terms are for other nodes or another world")
        if {first.channel.text, second.channel.text} != {self.channel}:
            raise ValueError("the logs are of another channel")

    def card_of(self, node: str) -> bytes:
        """Return the hash of the card by which this opening knows `node`, one of its two."""
        return read_id(self.cards[self.nodes.index(node)])

    def origin_of(self, node: str) -> str:
        """Return the first log of `node`, one of the two."""
        return self.origins[self.nodes.index(node)]

    @property
    def nodes(self) -> tuple[str, str]:
        """Return the two nodes, in the order of the logs."""
        return terms_of(self.terms).nodes


class Carded(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `link.carded` says: the writer's next card, whose text is in the body."""

    card: _Id
    serial: Annotated[int, Meta(ge=2, le=1_000_000)]

    def __post_init__(self) -> None:
        """Check that the card's hash is written in its one form."""
        read_id(self.card)

    def announces(self, card_hash: bytes) -> bool:
        """Return whether this is the card with `card_hash`."""
        return read_id(self.card) == card_hash


@lru_cache(maxsize=64)
def terms_of(text: str) -> Terms:
    """Return `read_terms(text)`, kept: the same text is read at every entry of a link."""
    return read_terms(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An opening or card that is valid, and where it stands in its writer's log."""

    writer: str
    index: int
    statement: bytes
    said: Opened | Carded


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """The few statements that decide for a whole channel what is in force."""

    said: tuple[Said, ...] = field(default=())

    def opening(self, past: Mapping[str, int]) -> Opened | None:
        """Return the opening on which both sides agree in `past`, or None.

        `past` gives for each of the two writers how many entries of its log count.
        """
        newest = [self._newest(writer, size) for writer, size in past.items()]
        if len(newest) != 2 or newest[0] is None or newest[0] != newest[1]:
            return None
        return newest[0]

    def _newest(self, writer: str, size: int) -> Opened | None:
        for each in reversed(self.said):
            if each.writer == writer and each.index < size and isinstance(each.said, Opened):
                return each.said
        return None

    def terms(self, past: Mapping[str, int]) -> Terms | None:
        """Return the terms in force in `past`, or None while the link is not active there."""
        opening = self.opening(past)
        return None if opening is None else terms_of(opening.terms)

    def serial(self, writer: str, size: int, *, paired: int) -> int:
        """Return the serial of the newest card that `writer` announced in its first `size` entries.

        Before the first announcement that is the card of the pairing, whose serial is `paired`.
        """
        serials = (
            each.said.serial
            for each in self.said
            if each.writer == writer and each.index < size and isinstance(each.said, Carded)
        )
        return max(serials, default=paired)

    def with_said(self, said: Said) -> "LinkState":
        """Return the state with one more statement, kept in the order of the logs."""
        rows = sorted([*self.said, said], key=lambda each: (each.index, each.writer))
        return LinkState(said=tuple(rows))

    def without(self, writer: str, index: int) -> "LinkState":
        """Return the state without a statement that the other side could not open.

        It goes by its place: the other side can copy its bytes, and so its id, into its own log.
        """
        return LinkState(
            said=tuple(each for each in self.said if (each.writer, each.index) != (writer, index))
        )


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Opened | Carded:
    """Return what the `d` of ``link.opened`` or ``link.carded`` says.

    Raises:
        BreachError: §7.1 or §7.2, which makes the act void as ``schema``.
    """
    opens = kind == "link.opened"
    try:
        if opens:
            return msgspec.convert(dict(d), type=Opened, strict=True)
        return msgspec.convert(dict(d), type=Carded, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("7.1" if opens else "7.2", f"{kind}: {error}") from error
