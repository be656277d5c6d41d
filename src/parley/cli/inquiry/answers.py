"""A table of answers, one row an item or several: what officers fill in beside the list of items.

item,finding,measure,at,until,of,note
0,mitigated,content_removed,2026-11-02T09:10Z,,,asked the host
1-2,not_visible_from_here,,,,,
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.gates.table.translate import SheetError, restore
from parley.gates.table.translate.cells import DELIMITERS, Record, read_records, split_lines
from parley.gates.table.translate.charset import decode
from parley.inquiries.forms import typed
from parley.inquiries.forms.letter import Text, text_of
from parley.inquiries.forms.typed import TypedError
from parley.protocol.strictjson import JsonValue

# What a column holds, by the headings that people write.
_HEADINGS: Final[Mapping[str, str]] = {
    heading: column
    for column, headings in {
        "items": "item|items|n|事项|事项号|序号",
        "finding": "finding|code|answer|结论|答复|核查结果",
        "measure": "measure|措施|处置措施",
        "at": "at|when|time|时间|处置时间",
        "until": "until|preserved until|截止|保全至",
        "of": "of|duplicate of|重复事项|重复的事项",
        "note": "note|remark|comment|备注|说明",
    }.items()
    for heading in headings.split("|")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Findings as an answer holds them, and what is said about single items."""

    findings: tuple[JsonValue, ...]
    notes: tuple[tuple[int, Text], ...]


def read_answers(file: Path, *, now: int) -> Answers:
    """Return what the table `file` says.

    Raises:
        FaultError: it cannot be read, or a row of it; the row is named.
    """
    try:
        text, _encoding = decode(file.read_bytes())
        lines = split_lines(text)
    except (OSError, SheetError) as error:
        raise _fault(_("%(file)s cannot be read: %(why)s.") % {"file": file, "why": error}) from error
    delimiter, header = _header(lines)
    findings: list[JsonValue] = []
    notes: list[tuple[int, Text]] = []
    for record in read_records(lines, delimiter, first=header.last_line):
        if record.is_blank:
            continue
        columns = [_HEADINGS.get(_plain(cell), "") for cell in header.cells]
        cells = dict(zip(columns, map(restore, record.cells), strict=False))
        try:
            finding = typed.read_finding(_as_typed(cells), now=now)
        except TypedError as error:
            raise _row_fault(record, error) from error
        findings.append(finding)
        items = finding["items"]
        if cells.get("note") and isinstance(items, list):
            notes += [(n, text_of(cells["note"])) for n in items if isinstance(n, int)]
    return Answers(findings=tuple(findings), notes=tuple(notes))


def _header(lines: tuple[str, ...]) -> tuple[str, Record]:
    for delimiter in DELIMITERS:
        record = next(read_records(lines, delimiter), None)
        known = {_HEADINGS.get(_plain(cell)) for cell in record.cells} if record else set()
        if record is not None and {"items", "finding"} <= known:
            return delimiter, record
    raise _fault(_("The first line must name the columns: item, finding, measure, at, until, of, note."))


def _plain(heading: str) -> str:
    return unicodedata.normalize("NFKC", heading).strip().casefold().replace("_", " ")


def _as_typed(cells: Mapping[str, str]) -> str:
    detail = cells.get("measure") or cells.get("until") or cells.get("of") or ""
    detail = f":{detail}" if detail else ""
    at = f"@{cells['at']}" if cells.get("at") else ""
    return f"{cells['items']}={cells.get('finding', '')}{detail}{at}"


def _fault(what: str) -> FaultError:
    return FaultError("not_read", Exit.NEEDS_A_PERSON, what=what, do=_("Mend the table, then try again."))


def _row_fault(record: Record, error: TypedError) -> FaultError:
    choices = ", ".join(error.choices)
    what = _("Line %(line)d of the table: “%(text)s” cannot be read there.") % {
        "line": record.line,
        "text": error.text,
    }
    do = _("There are: %(codes)s.") % {"codes": choices} if choices else _("Mend the table, then try again.")
    code = "time_without_zone" if error.wanted == "zone" else "not_read"
    return FaultError(code, Exit.NEEDS_A_PERSON, what=what, do=do)
