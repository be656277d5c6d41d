"""Who signed what persons sign together: by which numbers, of which side, and when. Names stay at home."""

from collections.abc import Iterable
from dataclasses import dataclass

from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.protocol.form import read_statement
from parley.protocol.officers import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A statement that persons of one side signed: its place, when by that side, and their numbers."""

    place: str
    is_ours: bool
    at: int
    persons: tuple[int, ...]

    @property
    def slug(self) -> str:
        """Return its place as addresses have it."""
        return self.place.replace(" ", "-")


def signatures_in(reader: Reader, link: LinkRow, statements: Iterable[bytes]) -> tuple[Signature, ...]:
    """Return the signatures that these statements of `link` are, in the order of their times."""
    found = (_signature(reader, link, each) for each in statements)
    return tuple(sorted(found, key=lambda each: (each.at, each.place)))


def _signature(reader: Reader, link: LinkRow, statement: bytes) -> Signature:
    row, raw = reader.row(link.name, statement), reader.raw(link.name, statement)
    assert row is not None, "what the link has it has from a statement"
    assert raw is not None, "its bytes are never destroyed"
    return Signature(
        place=row.place,
        is_ours=row.writer == link.me,
        at=row.effective,
        persons=persons_in(raw, row.writer),
    )


def signers_of(reader: Reader, link: LinkRow, row: EntryRow) -> tuple[int, ...]:
    """Return the numbers of the officers who signed `row` with keys of their own; none where it is void."""
    # Nobody counted the signatures of what is void: it proves nothing of anybody.
    raw = reader.raw(link.name, row.statement) if row.verdict.is_valid else None
    return () if raw is None else persons_in(raw, row.writer)


def persons_in(raw: bytes, writer: str) -> tuple[int, ...]:
    """Return the numbers of the officers of `writer` who signed a statement; a root signs without one."""
    parsed = read_statement(raw).parsed
    return () if parsed is None else tuple(sorted(named(parsed, writer)))
