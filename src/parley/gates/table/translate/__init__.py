"""Tables and pasted text to rows of an inquiry: pure, and the only door is this page.

`read_file` takes bytes, `read_pasted` what an officer put into a field; both give a `Sheet`
in which every line is accounted for, or raise `SheetError`. Nothing is opened, resolved or
fetched; no clock is read. Source: screens §3.2, §6.2, §8.

    bytes ─ charset ─▶ text ─ cells, header, table ─▶ drafts ─ site | subject ─▶ rows
                          └── prose (no header) ────────┘
"""

from parley.gates.table.translate.address import Address, likeness, read_address
from parley.gates.table.translate.cells import split_lines
from parley.gates.table.translate.charset import decode
from parley.gates.table.translate.codes import (
    MAX_BYTES,
    Field,
    Notice,
    Obstacle,
    Question,
    Reason,
    Result,
    SheetError,
    SiteState,
    Skipped,
    SubjectKind,
    result_of,
)
from parley.gates.table.translate.header import header_remarks
from parley.gates.table.translate.moment import read_moment, read_zone
from parley.gates.table.translate.observed import chosen_zone
from parley.gates.table.translate.prose import read_prose
from parley.gates.table.translate.rows import choices_without_effect, judge
from parley.gates.table.translate.sheet import (
    Cell,
    Choices,
    Column,
    Ignored,
    Note,
    Remark,
    Row,
    Sheet,
    SheetRemark,
    Site,
    Subject,
)
from parley.gates.table.translate.table import read_table
from parley.ui.defang import defang, refang
from parley.ui.letters import neutralise, restore, shown

__all__ = [
    "MAX_BYTES",
    "Address",
    "Cell",
    "Choices",
    "Column",
    "Field",
    "Ignored",
    "Note",
    "Notice",
    "Obstacle",
    "Question",
    "Reason",
    "Remark",
    "Result",
    "Row",
    "Sheet",
    "SheetError",
    "SheetRemark",
    "Site",
    "SiteState",
    "Skipped",
    "Subject",
    "SubjectKind",
    "defang",
    "likeness",
    "neutralise",
    "read_address",
    "read_file",
    "read_moment",
    "read_pasted",
    "read_zone",
    "refang",
    "restore",
    "result_of",
    "shown",
]

_NOTHING_CHOSEN = Choices()


def read_file(raw: bytes, choices: Choices = _NOTHING_CHOSEN) -> Sheet:
    """Return the sheet that the bytes of a file are: a table if it has a header, else pasted text.

    Raises:
        SheetError: the file is too large, is no text, has too many lines, columns or rows,
            or an option in `choices` cannot be read.
    """
    text, encoding = decode(raw)
    return _read(text, encoding=encoding, choices=choices)


def read_pasted(text: str, choices: Choices = _NOTHING_CHOSEN) -> Sheet:
    """Return the sheet that `text` is: a table if it has a header, else what stands in the prose.

    Raises:
        SheetError: as for `read_file`.
    """
    # Half a surrogate pair is what is left of a character that was cut; it cannot be sent.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    size = len(whole.encode())
    if size > MAX_BYTES:
        raise SheetError(Obstacle.TOO_LARGE, expected=f"{MAX_BYTES} bytes", found=f"{size} bytes")
    return _read(whole, encoding=None, choices=choices)


def _read(text: str, *, encoding: str | None, choices: Choices) -> Sheet:
    _check(choices)
    lines = split_lines(text)
    if not any(line.strip() for line in lines):
        raise SheetError(Obstacle.EMPTY, expected="a table or addresses", found="nothing")
    table = read_table(lines)
    if table is None:
        drafts, ignored = read_prose(lines, item_type=choices.item_type)
    else:
        drafts, ignored = table.drafts, table.ignored
    rows = judge(drafts, choices)
    header = () if table is None else table.header
    return Sheet(
        encoding=encoding,
        delimiter=None if table is None else table.delimiter,
        header=header,
        header_line=None if table is None else table.header_line,
        header_last_line=None if table is None else table.header_last_line,
        rows=rows,
        ignored=ignored,
        remarks=(*header_remarks(header), *choices_without_effect(rows, choices)),
    )


def _check(choices: Choices) -> None:
    zone = chosen_zone(choices)
    if choices.zone is not None and zone is None:
        raise SheetError(Obstacle.CHOICE_NOT_READ, expected="--zone +08:00", found=shown(choices.zone))
    stated = choices.observed_at
    if stated is not None and read_moment(stated, zone=zone).at is None:
        expected = "--observed-at 2026-11-02T09:10+08:00"
        raise SheetError(Obstacle.CHOICE_NOT_READ, expected=expected, found=shown(stated))
