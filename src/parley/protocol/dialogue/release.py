"""What both sides make public together: the list as bytes, and the seal of each node on it.

    parley-outcomes/v1                              parley-release/v1 live/a-b
    parties a.example b.example                     1800000000
    round 3 <43 characters>                         <SHA-256 of the list, in base64>
    release 1800000000
    clauses 2                                       — a.example/receipt <0x04, 0x06>
    <clause 1 in English>                           — b.example/receipt <0x04, 0x06>
    <clause 1 in Chinese>
    …

The list is the same bytes on both nodes, and its digest is what the persons of both sides sign beforehand.
A *seal* is a note over three lines, by the receipt keys of a card, and states when it was made: never
before the release. The seals of both sides are lines of one note; with those of one alone the list is
that side's own publication, and everybody sees it. Whoever has the list, the note and the two cards needs
nothing else: no node, no link, no network. Source: Spec §17.9, §17.10.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parley.protocol import note
from parley.protocol.act import id_text, read_id
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, receipt_keys
from parley.protocol.dialogue.bodies import Released
from parley.protocol.dialogue.clause import Text, UnfitError, write_clause
from parley.protocol.names import check_node
from parley.protocol.notation import (
    HASH,
    MAX_NUMBER,
    MAX_TIME,
    NUMBER,
    POSITIVE,
    read_hash,
    read_number,
    write_base64,
)
from parley.protocol.note import Note, SignKey
from parley.protocol.suite import Suite

MAX_CLAUSES: Final = 256

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
_LIST: Final = re.compile(
    rf"parley-outcomes/v1\nparties ([a-z0-9.-]+) ([a-z0-9.-]+)\nround ({POSITIVE}) ([A-Za-z0-9_-]{{43}})\n"
    rf"release ({NUMBER})\nclauses ({POSITIVE})\n((?:[^\n]+\n)+)"
)
_SEAL: Final = re.compile(rf"parley-release/v1 ({_LABEL}/{_LABEL})\n({NUMBER})\n({HASH})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """A list of outcomes: `nodes` in byte order, the id and `number` of its round, its clauses in order."""

    nodes: tuple[str, str]
    round: bytes
    number: int
    release: int
    clauses: tuple[Text, ...]

    def text(self) -> bytes:
        """Return the bytes that are frozen, sealed and made public."""
        head = (
            f"parley-outcomes/v1\nparties {self.nodes[0]} {self.nodes[1]}\n"
            f"round {self.number} {id_text(self.round)}\n"
            f"release {self.release}\nclauses {len(self.clauses)}\n"
        )
        return head.encode() + b"".join(clause.lines for clause in self.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a seal says: on `link`, world and name, the list with this digest is public from `release` on."""

    link: str
    release: int
    digest: bytes

    def text(self) -> bytes:
        """Return the three lines that are signed: the same for both sides."""
        digest = write_base64(self.digest)
        return f"parley-release/v1 {self.link}\n{self.release}\n{digest}\n".encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a list and a note prove: what was made public, and by whom, each with when it sealed it."""

    outcomes: Outcomes
    seal: Seal
    sealed_at: tuple[tuple[str, int], ...]

    @property
    def is_joint(self) -> bool:
        """Return whether both sides made it public; otherwise it is one side's own word."""
        return {node for node, _at in self.sealed_at} == set(self.outcomes.nodes)


def digest_of(text: bytes) -> bytes:
    """Return by what a list is named."""
    return hashlib.sha256(text).digest()


def read_outcomes(text: bytes) -> Outcomes:
    """Return the list that `text` is.

    Raises:
        BreachError: §17.9: it is none, or a clause of it counts differently in its two languages.
    """
    try:
        match = _LIST.fullmatch(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BreachError("17.9", "the list is not UTF-8") from error
    if match is None:
        raise BreachError("17.9", "the lines are not those of a list of outcomes")
    one, two, number, about, release, count, rest = match.groups()
    lines = rest.split("\n")[:-1]
    if not one < two or len(lines) != 2 * int(count) or int(count) > MAX_CLAUSES:
        raise BreachError("17.9", "the parties stand in their order, and each clause has two lines")
    check_node(one)
    check_node(two)
    return Outcomes(
        nodes=(one, two),
        round=read_id(about),
        number=read_number(number, "17.9"),
        release=read_number(release, "17.9"),
        clauses=_read_clauses(lines),
    )


def _read_clauses(lines: Sequence[str]) -> tuple[Text, ...]:
    try:
        clauses = [Text(en=en, zh=zh) for en, zh in zip(lines[::2], lines[1::2], strict=True)]
        for clause in clauses:
            write_clause(clause)
    except UnfitError as error:
        raise BreachError("17.9", str(error)) from error
    return tuple(clauses)


def read_seal(text: bytes) -> Seal:
    """Return what the text of a seal says.

    Raises:
        BreachError: §17.10.
    """
    match = _SEAL.fullmatch(text.decode("latin-1"))
    if match is None:
        raise BreachError("17.10", "the lines are not those of a seal")
    return Seal(link=match[1], release=read_number(match[2], "17.10"), digest=read_hash(match[3]))


def sign_seal(seal: Seal, keys: Sequence[SignKey], *, time: int, suite: Suite) -> bytes:
    """Return the note of one side: lines of its two receipt `keys`, at `time`, never before the release.

    Raises:
        BreachError: §17.10, if it is too early.
    """
    _check_time(seal, time)
    text = seal.text()
    lines = tuple(note.cosign(text, key, time=time, suite=suite) for key in keys)
    return note.encode(Note(text=text, lines=lines))


def join(one: bytes, two: bytes) -> bytes:
    """Return the note with the lines of both sides; their texts are the same bytes.

    Raises:
        BreachError: they are not, or one is no note.
    """
    first, second = note.parse(one), note.parse(two)
    if first.text != second.text:
        raise BreachError("17.10", "the two seals are on different lists")
    return note.encode(Note(text=first.text, lines=(*first.lines, *second.lines)))


def sealed_at(raw: bytes, card: Card, suite: Suite) -> tuple[Seal, int]:
    """Return what the side of `card` sealed in the note `raw`, and when, by its own clock.

    Raises:
        BreachError: a line of its two receipt keys lacks or is false, they differ in time, or the time is
            before the release.
    """
    signed = note.parse(raw)
    seal = read_seal(signed.text)
    times = [each.time for each in note.verified(signed, receipt_keys(card), suite)]
    if len(times) != 2 or times[0] != times[1] or times[0] is None:
        raise BreachError("17.10", f"{card.node} has not sealed this with both its keys")
    _check_time(seal, times[0])
    return seal, times[0]


def check_released(said: Released, card: Card, *, link: str, suite: Suite) -> None:
    """Check that the note in a `said` release is the seal that it says, by the side of `card`, on `link`.

    Raises:
        BreachError: §17.10, or §2.5.
    """
    try:
        raw = base64.b64decode(said.note, validate=True)
    except binascii.Error as error:
        raise BreachError("17.10", "the seal is in base64") from error
    seal, _at = sealed_at(raw, card, suite)
    if seal != Seal(link=link, release=said.release, digest=read_id(said.digest)):
        raise BreachError("17.10", "the seal is on another list")


def verify(text: bytes, raw: bytes, cards: Sequence[Card], *, suite: Suite) -> Published:
    """Return what the list `text` and the note `raw` prove, by the two `cards` and nothing else.

    A card that sealed nothing makes it a lone publication; a line that is false makes it nothing at all.

    Raises:
        BreachError: §17.9, §17.10, or §2.5.
    """
    outcomes = read_outcomes(text)
    if tuple(sorted(card.node for card in cards)) != outcomes.nodes:
        raise BreachError("17.10", "the cards are not those of the parties")
    signed = note.parse(raw)
    seal = read_seal(signed.text)
    if seal.digest != digest_of(text) or seal.release != outcomes.release:
        raise BreachError("17.10", "the seal is on another list")
    found = [
        (card.node, sealed_at(raw, card, suite)[1])
        for card in sorted(cards, key=lambda card: card.node)
        if any(line.name == f"{card.node}/receipt" for line in signed.lines)
    ]
    if not found:
        raise BreachError("17.10", "neither side has sealed this")
    return Published(outcomes=outcomes, seal=seal, sealed_at=tuple(found))


def _check_time(seal: Seal, time: int) -> None:
    if not seal.release <= time <= MAX_TIME or not 0 < time <= MAX_NUMBER:
        raise BreachError("17.10", "a seal is made at the release or later")
