"""What an order to erase would destroy, before anybody signs it; and what must stay. Source: Spec §7.8."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.agencies.queries import HoldRow, holds
from parley.ledger.reading import EntryRow, Reader
from parley.protocol.act import id_text, read_id
from parley.protocol.content import further_parts
from parley.protocol.strictjson import JsonValue
from parley.work.home import Home

# The bodies of these hold what the record is checked with: names of sides, cards.
KEPT: Final = frozenset({"link", "officer", "record"})


class HeldError(Exception):
    """A statement is under legal hold: nothing of it may be destroyed here."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place} is held: {reason}")
        self.place = place
        self.reason = reason


class KeptError(Exception):
    """A statement is about the link itself, and its words are needed to check the record."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is needed")
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """A statement whose content would go: what it is, how many files it has, what stands against it."""

    place: str
    statement: bytes
    kind: str
    is_ours: bool
    effective: int
    files: int
    has_words: bool
    hold: HoldRow | None
    is_kept: bool

    @property
    def is_free(self) -> bool:
        """Return whether nothing stands against destroying it here."""
        return self.hold is None and not self.is_kept

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing of it to destroy, or nothing left."""
        return not self.files and not self.has_words


def statements_in(d: Mapping[str, JsonValue]) -> tuple[bytes, ...]:
    """Return the statements that the `d` of an order names."""
    named = d.get("parts")
    return tuple(
        read_id(statement)
        for each in (named if isinstance(named, list) else [])
        if isinstance(each, dict) and isinstance(statement := each.get("statement"), str)
    )


def doomed(reader: Reader, link: str, statements: Iterable[bytes]) -> tuple[Doomed, ...]:
    """Return what destroying the content of `statements` would destroy; one that is not here is left out."""
    row = reader.link(link)
    assert row is not None, "there is a link"
    held = {hold.statement: hold for hold in holds() if hold.link == link}
    found = [reader.row(link, each) for each in statements]
    return tuple(
        _doomed(reader, each, letter=row.my_letter, link=link, held=held)
        for each in found
        if each is not None
    )


def _doomed(reader: Reader, row: EntryRow, *, letter: str, link: str, held: Mapping[str, HoldRow]) -> Doomed:
    ids = [id_text(row.statement), *([id_text(row.thread)] if row.thread else [])]
    return Doomed(
        place=row.place,
        statement=row.statement,
        kind=row.kind or "",
        is_ours=row.letter == letter,
        effective=row.effective,
        files=len(further_parts(reader.raw(link, row.statement) or b"")),
        has_words=reader.body(link, row.statement) is not None,
        hold=next((held[each] for each in ids if each in held), None),
        is_kept=(row.kind or "").split(".")[0] in KEPT,
    )


def check_free(home: Home, link: str, statements: Sequence[bytes]) -> None:
    """Check that nothing holds these statements, and that the record does not need their words.

    Raises:
        HeldError, KeptError: one of them must stay.
    """
    reader = Reader(home)
    try:
        found = doomed(reader, link, statements)
    finally:
        reader.close()
    for each in found:
        if each.hold is not None:
            raise HeldError(each.place, each.hold.reason)
        if each.is_kept:
            raise KeptError(each.place)
