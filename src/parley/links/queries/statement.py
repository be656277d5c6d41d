"""One statement: what it says, what it answers, who said it when, and what proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from parley.ledger.evidence import Evidence, evidence_of
from parley.ledger.lanes import named
from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import EntryRow, Reader
from parley.links.queries.checking import damage_at
from parley.links.queries.erasing import ErasureLine, erasures_of
from parley.links.queries.saying import Line, lines_of
from parley.protocol.act import id_text, short_id, write_act
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.places import read_place
from parley.work.home import Home

# Where the specification says so (§6.5.1).
_PARAGRAPHS: Final[Mapping[str, str]] = {
    "grammar": "4.2",
    "oversize": "4.3.6, §6.5.4",
    "duplicate-act": "6.5.3",
    "wrong-log": "4.2.6, §7.1.5",
    "bad-json": "6.1",
    "schema": "6.2, §8.2",
    "not-active": "7.1.6",
    "not-writer": "8.3",
    "no-target": "8.3",
    "wrong-state": "8.3, §7.2",
    "suspended": "1.7",
    "threshold": "7.1.5",
    "unopened": "6.7",
    "unknown": "6.8",
}


class UnknownStatementError(Exception):
    """There is no entry at this place of the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """One statement with everything that its page shows. Instants in unix seconds."""

    place: str
    is_ours: bool
    kind: str
    statement: str
    short: str
    outcome: str
    reason: str
    remark: str
    paragraph: str
    effective: int
    received_at: int | None
    role: str
    officer: int
    ref: str
    version: int | None
    answers: str
    """The place of the statement that it answers, such as ``B 87``; empty where it answers none."""
    opens: str
    """The place of the inquiry it belongs to; empty for that one, and for what belongs to none."""
    call: str
    """The place of the call it belongs to, its own if it opened it; empty for what belongs to none."""
    is_about_link: bool
    said: tuple[Line, ...]
    act_json: str
    has_body: bool
    body: tuple[Line, ...]
    evidence: Evidence
    lines: tuple[tuple[str, str], ...]
    """The lines of the entry: the word they begin with, and the rest."""
    signers: tuple[str, ...]
    path: tuple[str, ...]
    size: int
    erasures: tuple[ErasureLine, ...]
    """The orders to destroy words or files of it."""
    damage_found_at: int | None
    """When the last look at the record found this statement damaged here; None if it did not."""

    @property
    def entry_text(self) -> str:
        """Return the bytes of the entry as text; what is no text is shown as its number."""
        return self.evidence.raw.decode("utf-8", "backslashreplace")


def statement_page(home: Home, link: OpenLink, place: str) -> StatementPage:
    """Return the statement at `place` (``A-112``) of the record of `link`.

    Raises:
        UnknownStatementError: there is none.
    """
    reader = reader_of(home)
    row = None if reader is None else _row_at(reader, link, place)
    if reader is None or row is None:
        raise UnknownStatementError(f"expected an entry at {place!r}, found none")
    lane = named(link.row.link, row.lane)
    evidence = evidence_of(reader, lane, node=row.writer, index=row.index)
    if evidence is None:
        raise UnknownStatementError(f"expected an entry at {place!r}, found none")
    return _page(reader, link, row, evidence=evidence, damage_found_at=damage_at(home, link, row.place))


def raw_entry(home: Home, link: OpenLink, place: str) -> bytes:
    """Return the bytes of the entry at `place`, as they were signed.

    Raises:
        UnknownStatementError: there is none.
    """
    reader = reader_of(home)
    row = None if reader is None else _row_at(reader, link, place)
    raw = None if reader is None or row is None else reader.raw(link.row.name, row.statement)
    if raw is None:
        raise UnknownStatementError(f"expected an entry at {place!r}, found none")
    return raw


def thread_at(home: Home, link: OpenLink, place: str) -> bytes:
    """Return the inquiry to which the statement at `place` belongs.

    Raises:
        UnknownStatementError: there is none, or it belongs to no inquiry.
    """
    reader = reader_of(home)
    row = None if reader is None else _row_at(reader, link, place)
    if row is None or row.thread is None:
        raise UnknownStatementError(f"expected a statement of an inquiry at {place!r}, found none")
    return row.thread


def _row_at(reader: Reader, link: OpenLink, place: str) -> EntryRow | None:
    found = read_place(place.replace("-", " "))
    statement = None if found is None else reader.find(link.row.link, found.text)
    return None if statement is None else reader.row(link.row.link, statement)


def _page(
    reader: Reader, link: OpenLink, row: EntryRow, *, evidence: Evidence, damage_found_at: int | None
) -> StatementPage:
    act, entry = row.act, evidence.entry
    outcome = row.verdict.outcome.value
    reason = row.verdict.reason.value if row.verdict.reason else ""
    body = reader.body(link.row.name, row.statement)
    head = evidence.head
    return StatementPage(
        place=row.place,
        is_ours=row.letter == link.row.my_letter,
        kind=row.kind or "",
        statement=id_text(row.statement),
        short=short_id(row.statement),
        outcome=outcome,
        reason=reason,
        remark=row.verdict.remark,
        paragraph=_PARAGRAPHS.get(reason or outcome, ""),
        effective=row.effective,
        received_at=row.received_at,
        role=act.by.role if act else "",
        officer=act.by.n if act else 0,
        ref=(act.ref if act else None) or "",
        version=act.v if act else None,
        answers=_place_of(reader, link, act.re if act else None),
        opens=_inquiry_of(reader, link, row),
        call=_call_of(reader, link, row),
        is_about_link=(row.kind or "").startswith("link."),
        said=lines_of(act.d) if act else (),
        act_json="" if act is None else msgspec.json.format(write_act(act), indent=2).decode(),
        has_body=entry is not None and len(entry.entry.parts) > 0,
        body=lines_of(body) if body else (),
        evidence=evidence,
        lines=_lines(entry.text if entry else b""),
        signers=tuple(line.name for line in entry.lines) if entry else (),
        path=tuple(step.hex() for step in evidence.path or ()),
        size=head.size if head else 0,
        erasures=erasures_of(reader, link, row.statement),
        damage_found_at=damage_found_at,
    )


def _place_of(reader: Reader, link: OpenLink, statement: bytes | None) -> str:
    found = None if statement is None else reader.row(link.row.name, statement)
    return "" if found is None else found.place


def _inquiry_of(reader: Reader, link: OpenLink, row: EntryRow) -> str:
    opening = None if row.thread in {None, row.statement} else row.thread
    found = None if opening is None else reader.row(link.row.name, opening)
    return found.place if found is not None and found.kind == "inquiry.sent" else ""


def _call_of(reader: Reader, link: OpenLink, row: EntryRow) -> str:
    found = None if row.thread is None else reader.row(link.row.name, row.thread)
    return found.place if found is not None and found.kind in OPENINGS else ""


def _lines(text: bytes) -> tuple[tuple[str, str], ...]:
    split = (line.partition(" ") for line in text.decode("ascii", "backslashreplace").splitlines())
    return tuple((first, rest) for first, _blank, rest in split)
