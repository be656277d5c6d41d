"""The values that a table or a pasted text becomes: a sheet, its rows, and why a row is not ready.

A row is never wrong in silence and never spoils another: it is OK, it NEEDS a person, or it
is DROPPED, and every remark names the cell, quotes it and says which option mends it.
Source: screens §6.2, §8, §14; domain §3.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.gates.table.translate.codes import (
    Field,
    Notice,
    Question,
    Reason,
    Result,
    SiteState,
    Skipped,
    SubjectKind,
    result_of,
)
from parley.protocol.inquiries.codes import Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the officer has said about the input; each mends a kind of remark.

    `zone` is for times that state none; `zone_hint` is only proposed. `observed_at`,
    `target_brand` and `questions` are for rows that state none. `masked` and `kept` are
    numbers of rows: mask the address, take the row as it stands. `own_sites` are hosts that
    nobody poses as. Nothing lies in the future of `now`, unix seconds.
    """

    item_type: Type = Type.PHISHING_SITE
    zone: str | None = None
    zone_hint: str = "+08:00"
    observed_at: str | None = None
    target_brand: str | None = None
    questions: tuple[Question, ...] = ()
    masked: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    own_sites: frozenset[str] = frozenset()
    now: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A heading as it stands in the file, what it means, and the zone that it states, in minutes."""

    text: str
    field: Field | None
    zone: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell that is not blank, under the heading of its column (empty where there is none)."""

    column: str
    field: Field | None
    text: str
    zone: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to say about a row: the cell's text made safe to show, and the options that mend it."""

    reason: Reason
    column: str = ""
    text: str = ""
    fixes: tuple[str, ...] = ()
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A cell that is sent on as text, under the heading it had."""

    column: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A row that is ready as an item T2. `observed_at` is unix seconds UTC; `key` only finds duplicates.

    `url` has the bytes of the input, but for what `masked` says. It may lack a scheme.
    """

    url: str
    host: str
    key: str
    masked: bool
    observed_at: int
    target_brand: str
    legitimate_url: str | None = None
    state: SiteState | None = None
    note: str | None = None
    ip: str | None = None
    hosting_provider: str | None = None
    registrar: str | None = None
    victims: int | None = None
    screenshot: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A row that is ready as an item T1. `observed_at` is unix seconds UTC, and stated for every ip."""

    kind: SubjectKind
    value: str
    key: str
    questions: tuple[Question, ...]
    observed_at: int | None = None
    note: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row as it was found, before anybody judged it."""

    number: int
    line: int
    last_line: int
    cells: tuple[Cell, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a draft says when read alone: its item if nothing needed is missing, its key if it has one."""

    key: str | None = None
    item: Site | Subject | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A judged row. `number` counts rows from 1; `line` and `last_line` are those of the input.

    `item` is there exactly if the result is OK. `group` is the inquiry that the sheet wants
    the row in, `serial` the sender's own number of it.
    """

    number: int
    line: int
    last_line: int
    cells: tuple[Cell, ...]
    result: Result
    remarks: tuple[Remark, ...]
    item: Site | Subject | None
    group: str | None
    serial: str | None

    @property
    def remark(self) -> Remark | None:
        """Return the remark that decided, or None for a row that is fine."""
        return next((each for each in self.remarks if result_of(each.reason) is self.result), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A line, or an e-mail address in a line, that is no row, and why."""

    line: int
    last_line: int
    skipped: Skipped
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRemark:
    """One thing to say about the sheet as a whole."""

    notice: Notice
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that was found: every line of the input is in one row, in the header, or ignored by name.

    `encoding` is None for pasted text; `delimiter` is None, and `header` empty, where no header was found.
    """

    encoding: str | None
    delimiter: str | None
    header: tuple[Column, ...]
    header_line: int | None
    header_last_line: int | None
    rows: tuple[Row, ...]
    ignored: tuple[Ignored, ...]
    remarks: tuple[SheetRemark, ...]

    def having(self, result: Result) -> tuple[Row, ...]:
        """Return the rows with `result`, in order."""
        return tuple(row for row in self.rows if row.result is result)

    @property
    def sites(self) -> tuple[Site, ...]:
        """Return the sites that are ready, in order."""
        return tuple(row.item for row in self.rows if isinstance(row.item, Site))

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Return the subjects that are ready, in order."""
        return tuple(row.item for row in self.rows if isinstance(row.item, Subject))

    @property
    def hosts(self) -> frozenset[str]:
        """Return the hosts of the sites that are ready: "20 web addresses, 19 sites"."""
        return frozenset(site.host for site in self.sites)


def by_field(cells: tuple[Cell, ...]) -> Mapping[Field, Cell]:
    """Return the cells whose meaning is known; a heading that stands twice has lost its second meaning."""
    return {cell.field: cell for cell in cells if cell.field is not None}


def notes_of(cells: tuple[Cell, ...], *, used: frozenset[Field]) -> tuple[Note, ...]:
    """Return the cells that mean nothing to the item as notes: nothing that was written is lost."""
    return tuple(Note(column=cell.column, text=cell.text) for cell in cells if cell.field not in used)
