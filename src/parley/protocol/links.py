"""How a link comes to hold: both sides sign the same opening, with the same terms in it.

1. `link.opened` names the channel, both first logs, both cards and the terms. It is signed
   by at least as many persons as the writer's card asks of its roots.
2. The link is active in a past in which both sides' newest valid openings agree in all of
   this. Until then nothing but `link.opened` and `unopened` has effect.
3. An opening may be repeated; so a mistake in one is mended by the next.
4. `link.carded` announces the writer's next card, one serial at a time, signed likewise.

`LinkState` keeps these, and all else that is said of the link and lasts: who may sign, what is
suspended, which guideline both signed. It tells what is in force in a past. Source: Spec §7, §16.5; rules
E15, H17, H21.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import read_id
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, card_hash, parse_text
from parley.protocol.guidelines import bodies as guidelines
from parley.protocol.guidelines.force import agreed, in_force
from parley.protocol.names import check_origin, parse_channel, parse_origin
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.officers import Ended, Enrolled, Roster, Term
from parley.protocol.review import bodies as review
from parley.protocol.strictjson import JsonValue
from parley.protocol.suspension import Resumed, Scope, Suspended
from parley.protocol.terms import MAX_TERMS, Terms, read_terms

PROTOCOL: Final = "parley/v1"
MAX_CARD_TEXT: Final = 16 * 1024

_Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
_Origin = Annotated[str, Meta(max_length=120)]


class After(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the log `origin` of an earlier pairing ended: the final receipt that the other side gave."""

    origin: _Origin
    size: Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
    root: _Id

    def __post_init__(self) -> None:
        """Check the names and the form of the root."""
        check_origin(self.origin)
        read_id(self.root)


class Opened(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `link.opened` says. `origins` are in byte order, and `cards` in the order of their nodes."""

    channel: Annotated[str, Meta(max_length=120)]
    origins: Annotated[tuple[_Origin, ...], Meta(min_length=2, max_length=2)]
    cards: Annotated[tuple[_Id, ...], Meta(min_length=2, max_length=2)]
    protocol: Literal["parley/v1"]
    terms: Annotated[str, Meta(max_length=MAX_TERMS)]
    after: Annotated[tuple[After, ...], Meta(min_length=1, max_length=2)] | None = None

    def __post_init__(self) -> None:
        """Check that channel, logs, cards and terms speak of the same two nodes."""
        channel = parse_channel(self.channel)
        first, second = (parse_origin(origin) for origin in self.origins)
        terms = read_terms(self.terms)
        for card in self.cards:
            read_id(card)
        if terms.nodes != (first.node, second.node) or terms.world != channel.world:
            raise ValueError("the terms are for other nodes or another world")
        if {first.channel.text, second.channel.text} != {self.channel}:
            raise ValueError("the logs are of another channel")
        self._check_after({first.node, second.node})

    def _check_after(self, nodes: Collection[str]) -> None:
        ended = [parse_origin(each.origin).node for each in self.after or ()]
        if len(set(ended)) != len(ended) or not set(ended) <= set(nodes):
            raise ValueError("an opening comes after at most one log of each of the two nodes")

    def card_of(self, node: str) -> bytes:
        """Return the hash of the card by which this opening knows `node`, one of its two."""
        return read_id(self.cards[self.nodes.index(node)])

    def origin_of(self, node: str) -> str:
        """Return the first log of `node`, one of the two."""
        return self.origins[self.nodes.index(node)]

    @property
    def nodes(self) -> tuple[str, str]:
        """Return the two nodes, in the order of the logs."""
        return read_terms(self.terms).nodes


class Carded(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `link.carded` says: the writer's next card, whose note is in the body.

    Where keys change, the card's `text` is here too, since no fold reads a body.
    """

    card: _Id
    serial: Annotated[int, Meta(ge=2, le=1_000_000)]
    text: Annotated[str, Meta(max_length=MAX_CARD_TEXT)] | None = None

    def __post_init__(self) -> None:
        """Check that the card's hash is written in its one form, and that the text is that of this card."""
        digest = read_id(self.card)
        if self.text is not None:
            card = card_in(self.text)
            if card.serial != self.serial or card_hash(card) != digest:
                raise ValueError("the text is that of another card")

    def announces(self, card_hash: bytes) -> bool:
        """Return whether this is the card with `card_hash`."""
        return read_id(self.card) == card_hash


class SealKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `link.sealkey` says: the hash of a fresh key to which parcels may be sealed; it is in the body."""

    key: _Id

    def __post_init__(self) -> None:
        """Check that the hash is written in its one form."""
        read_id(self.key)


@lru_cache(maxsize=64)
def card_in(text: str) -> Card:
    """Return the card in a text, kept: it is asked for at every signed entry after it."""
    return parse_text(text.encode())


# What is said of the link itself and holds until something else is said.
_OWN: Final = (Opened, Carded, SealKey, Enrolled, Ended, Suspended, Resumed)
_Own = Opened | Carded | SealKey | Enrolled | Ended | Suspended | Resumed
Lasting = _Own | guidelines.Said | review.Said
LASTING: Final = (*_OWN, *guidelines.SAID, *review.SAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement about the link that is valid, and where it stands in its writer's log."""

    writer: str
    index: int
    statement: bytes
    said: Lasting
    re: bytes | None = None


# By writer and kind, each in the order of the log: who adds one copies one row, and no more.
_Rows = Mapping[tuple[str, type], tuple[Said, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """The statements that decide for a whole channel what is in force, and who may sign."""

    rows: _Rows = field(default_factory=dict)
    # Whether anything was ever suspended here; if not, nobody need look.
    is_ever_stopped: bool = False
    # Whether a guideline was ever signed here; likewise.
    is_guided: bool = False
    # No opening of either writer stands beyond this place, so all that comes later has the same terms.
    last_opening: int = field(default=-1, compare=False)
    # The scopes that one side had stopped, by how often it had stopped and resumed until then.
    _stopped: dict[tuple[str, int, int], frozenset[Scope]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    # The guidelines that both had signed, by how often each side had signed and opened until then.
    _texts: dict[tuple[tuple[str, int, int], ...], tuple[guidelines.Drafted, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    # The terms beyond `last_opening`, once they were asked for: every entry does, and their texts are long.
    _late: "list[Terms | None]" = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def said(self) -> tuple[Said, ...]:
        """Return all of them, in the order of the logs."""
        every = (each for rows in self.rows.values() for each in rows)
        return tuple(sorted(every, key=lambda each: (each.index, each.writer)))

    def of(self, kind: type, writer: str, size: int) -> Sequence[Said]:
        """Return what `writer` said of this kind in its first `size` entries, in their order."""
        rows = self.rows.get((writer, kind), ())
        return rows if not rows or rows[-1].index < size else rows[: bisect_left(rows, size, key=_index)]

    def opening(self, past: Mapping[str, int]) -> Opened | None:
        """Return the opening on which both sides agree in `past`, or None.

        `past` gives for each of the two writers how many entries of its log count.
        """
        newest = [self._newest(writer, size) for writer, size in past.items()]
        if len(newest) != 2 or newest[0] is None or newest[0] != newest[1]:
            return None
        return newest[0]

    def _newest(self, writer: str, size: int) -> Opened | None:
        for each in reversed(self.rows.get((writer, Opened), ())):
            if each.index < size and isinstance(each.said, Opened):
                return each.said
        return None

    def terms(self, past: Mapping[str, int], *, at: int = 0) -> Terms | None:
        """Return the terms in force in `past` at the instant `at`; None while the link is not active there.

        They are those of the guideline that both signed, once its day has come, else those of the opening.
        """
        if self.is_guided and self.opening(past) is not None:
            guideline = in_force(self.agreed_texts(past), at=at)
            if guideline is not None:
                return read_terms(guideline.terms)
        if len(past) != 2 or min(past.values()) <= self.last_opening:
            return self._terms(past)
        if not self._late:
            self._late.append(self._terms(past))
        return self._late[0]

    def _terms(self, past: Mapping[str, int]) -> Terms | None:
        opening = self.opening(past)
        return None if opening is None else read_terms(opening.terms)

    def agreed_texts(self, past: Mapping[str, int]) -> tuple[guidelines.Drafted, ...]:
        """Return the texts that both signed in `past`, each after its newest opening, as they take effect."""
        places = tuple(
            (writer, len(self.of(guidelines.Signed, writer, size)), len(self.of(Opened, writer, size)))
            for writer, size in past.items()
        )
        if places not in self._texts:
            self._texts[places] = agreed(*(self._signed(writer, *counts) for writer, *counts in places))
        return self._texts[places]

    def _signed(self, writer: str, signed: int, opened: int) -> Iterator[guidelines.Drafted]:
        tables = (rows for (_writer, kind), rows in self.rows.items() if kind is guidelines.Drafted)
        drafts = {each.statement: each.said for rows in tables for each in rows}
        since = self.rows[writer, Opened][opened - 1].index if opened else -1
        for each in self.rows.get((writer, guidelines.Signed), ())[:signed]:
            draft = drafts.get(each.re or b"")
            if each.index > since and isinstance(draft, guidelines.Drafted):
                yield draft

    def serial(self, writer: str, size: int, *, paired: int) -> int:
        """Return the serial of the newest card that `writer` announced in its first `size` entries.

        Before the first announcement that is the card of the pairing, whose serial is `paired`.
        """
        cards = (each.said for each in self.of(Carded, writer, size))
        return max((said.serial for said in cards if isinstance(said, Carded)), default=paired)

    def roster(self, writer: str, size: int, *, paired: Card, among: Collection[int] = ()) -> Roster:
        """Return who may sign for `writer` after its first `size` entries: roots, and some officers."""
        ended = [each for each in self.of(Ended, writer, size) if _person(each) in among]
        terms = [
            Term(said=each.said, until=min(_ends(each, ended), default=None))
            for each in self.of(Enrolled, writer, size)
            if isinstance(each.said, Enrolled) and each.said.n in among
        ]
        return Roster(card=self.card(writer, size, paired=paired), terms=terms)

    def card(self, writer: str, size: int, *, paired: Card) -> Card:
        """Return the card whose keys are in force after the first `size` entries of `writer`."""
        return next(self._cards(writer, size), paired)

    def cards(self, writer: str, *, since: int, until: int, paired: Card) -> tuple[Card, ...]:
        """Return every card that is in force somewhere between `since` and `until` entries, in order.

        With all of them a node signs, while the other side may still stand at `since` (Spec §7.2).
        """
        first = self.card(writer, since, paired=paired)
        later = [card for card in self._cards(writer, until) if card.serial > first.serial]
        return (first, *reversed(later))

    def _cards(self, writer: str, size: int) -> Iterator[Card]:
        for each in reversed(self.of(Carded, writer, size)):
            if isinstance(each.said, Carded) and each.said.text is not None:
                yield card_in(each.said.text)

    def card_hash(self, writer: str, size: int, *, paired: bytes) -> bytes:
        """Return the hash of the newest card of `writer` in its first `size` entries."""
        newest = self.of(Carded, writer, size)
        return read_id(newest[-1].said.card) if newest and isinstance(newest[-1].said, Carded) else paired

    def seal_key(self, writer: str, size: int) -> bytes | None:
        """Return the hash of the newest seal key of `writer`, None if it is the one of its card."""
        newest = self.of(SealKey, writer, size)
        return read_id(newest[-1].said.key) if newest and isinstance(newest[-1].said, SealKey) else None

    def stopped(self, past: Mapping[str, int]) -> frozenset[Scope]:
        """Return the scopes that one side or the other has suspended and not resumed in `past`."""
        if not self.is_ever_stopped:
            return frozenset()
        return frozenset[Scope]().union(*(self._stopped_by(writer, size) for writer, size in past.items()))

    def _stopped_by(self, writer: str, size: int) -> frozenset[Scope]:
        suspended, resumed = self.of(Suspended, writer, size), self.of(Resumed, writer, size)
        place = (writer, len(suspended), len(resumed))
        if place not in self._stopped:
            lifted = {each.re for each in resumed}
            self._stopped[place] = frozenset(
                each.said.scope
                for each in suspended
                if isinstance(each.said, Suspended) and each.statement not in lifted
            )
        return self._stopped[place]

    def suspensions(self, scopes: Collection[Scope]) -> Iterator[tuple[Said, Said | None]]:
        """Yield every suspension of one of the `scopes`, with what lifted it, if anything did."""
        for (writer, kind), rows in self.rows.items():
            if kind is Suspended:
                lifted = {each.re: each for each in reversed(self.rows.get((writer, Resumed), ()))}
                for each in rows:
                    if isinstance(each.said, Suspended) and each.said.scope in scopes:
                        yield each, lifted.get(each.statement)

    def paces(self, writer: str, since: int, until: int) -> bool:
        """Return whether one of these entries of `writer` stops clocks, or lets them go on."""
        return any(
            len(self.of(kind, writer, since)) != len(self.of(kind, writer, until))
            for kind in (Suspended, Resumed)
        )

    def with_said(self, said: Said) -> "LinkState":
        """Return the state with one more statement."""
        key = (said.writer, type(said.said))
        rows = self.rows.get(key, ())
        place = bisect_left(rows, said.index, key=_index)
        return LinkState(
            rows={**self.rows, key: (*rows[:place], said, *rows[place:])},
            is_ever_stopped=self.is_ever_stopped or isinstance(said.said, Suspended),
            is_guided=self.is_guided or isinstance(said.said, guidelines.Signed),
            last_opening=max(self.last_opening, said.index)
            if isinstance(said.said, Opened)
            else self.last_opening,
        )

    def without(self, writer: str, index: int) -> "LinkState":
        """Return the state without a statement that the other side could not open.

        It goes by its place: the other side can copy its bytes, and so its id, into its own log.
        """
        for key, rows in self.rows.items():
            place = bisect_left(rows, index, key=_index)
            if key[0] == writer and place < len(rows) and rows[place].index == index:
                fewer = {**self.rows, key: (*rows[:place], *rows[place + 1 :])}
                return replace(self, rows=fewer)
        return self


def _index(said: Said) -> int:
    return said.index


def _person(said: Said) -> int:
    return said.said.n if isinstance(said.said, Enrolled | Ended) else 0


def _ends(enrolled: Said, ended: Sequence[Said]) -> Iterator[int]:
    """Yield when an enrolled key ends, by its own word and by every later one about the person."""
    if isinstance(enrolled.said, Enrolled) and enrolled.said.until is not None:
        yield enrolled.said.until
    for each in ended:
        if (
            isinstance(each.said, Ended)
            and each.index > enrolled.index
            and _person(each) == _person(enrolled)
        ):
            yield each.said.at


_KINDS: Final[Mapping[str, tuple[type[Opened | Carded | SealKey], str]]] = {
    "link.opened": (Opened, "7.1"),
    "link.carded": (Carded, "7.2"),
    "link.sealkey": (SealKey, "7.2"),
}


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Opened | Carded | SealKey:
    """Return what the `d` of ``link.opened``, ``link.carded`` or ``link.sealkey`` says.

    Raises:
        BreachError: §7.1 or §7.2, which makes the act void as ``schema``.
    """
    shape, section = _KINDS[kind]
    try:
        return msgspec.convert(dict(d), type=shape, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError(section, f"{kind}: {error}") from error
