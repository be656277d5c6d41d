"""Pasted text without a header: what in a mail, a list or a few cells is an address, and what is prose.

Every line gives rows or is ignored by name, none disappears. Addresses are found by their
scheme, whole or defanged, and bare hosts by their form; nothing is looked up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from parley.gates.table.translate.address import (
    Address,
    ends_unsure,
    read_address,
)
from parley.gates.table.translate.cells import DELIMITERS, check_rows
from parley.gates.table.translate.codes import MAX_ROWS, Field, Reason, Skipped
from parley.gates.table.translate.moment import read_moment, states_day
from parley.gates.table.translate.sheet import Cell, Draft, Ignored, Remark
from parley.protocol.inquiries.codes import Type
from parley.ui.defang import COLON, DOT, SCHEME, defang, refang
from parley.ui.letters import shown

_PRINTABLE: Final = r"[!#-;=?-{}~]"  # ASCII without blank, quote, < > and |
_STOP: Final = r"\s<>\"|、。，；：！？（）【】《》「」『』“”‘’"
_HOST_DOT: Final = rf"(?:\.|{DOT}|[。．｡])"
_BEGIN: Final = rf"{SCHEME}{COLON}"

# An address goes on to the first blank, quote or Chinese sign, or to a comma before the next one.
# Where a Chinese letter follows at once it ends, too, and is marked: its end may be another.
_FOUND: Final = re.compile(
    rf"(?P<url>{_BEGIN}(?:(?:(?![,;]{_BEGIN}){_PRINTABLE})+|[^{_STOP}]+))"
    r"|(?<![\w.+%@-])(?P<email>[A-Za-z0-9._+-]{1,64}(?:@|[\[(](?:@|at)[\])])"
    r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})"
    rf"|(?<![A-Za-z0-9_.@/-])(?P<bare>(?:(?:[A-Za-z0-9_-]{{1,63}}{_HOST_DOT}){{1,10}}[A-Za-z]{{2,24}}"
    rf"|[0-9]{{1,3}}(?:{_HOST_DOT}[0-9]{{1,3}}){{3}})(?![A-Za-z0-9_@-])"
    rf"(?::[0-9]{{1,5}})?(?:[/?#]{_PRINTABLE}*)?)",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(rf"[^\x00-\x7f{_STOP}]")
_LIST_MARK: Final = re.compile(r"[>\s]*(?:[-*•·]\s+|\(?[0-9]{1,4}(?:[.)．]\s+|[、）]\s*))?")
_BEHIND: Final = ".,;:!?*_~'`"
_CLOSERS: Final = {")": "(", "]": "[", "}": "{"}

# Names of files look like bare hosts. Some of these are top-level domains, but then a path tells.
_FILE_END: Final = re.compile(
    r"pdf|docx?|xlsx?|pptx?|csv|txt|rtf|log|eml|msg|zip|rar|gz|jpe?g|png|gif|bmp|mov|"
    r"html?|php|aspx?|jsp|js|css|xml|json|exe|dll|apk",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    text: str
    is_email: bool = False
    is_cut: bool = False


def read_prose(lines: tuple[str, ...], *, item_type: Type) -> tuple[tuple[Draft, ...], tuple[Ignored, ...]]:
    """Return the rows found in `lines`, and what in them is none.

    Raises:
        SheetError: there are more than `MAX_ROWS` rows.
    """
    drafts: list[Draft] = []
    ignored: list[Ignored] = []
    for number, line in enumerate(lines, start=1):
        rows, others = _read_line(line, number, item_type)
        check_rows(len(drafts) + len(rows))
        drafts.extend([_numbered(row, len(drafts) + index) for index, row in enumerate(rows, start=1)])
        ignored.extend(others)
    return tuple(drafts), tuple(ignored)


def has_several(text: str) -> bool:
    """Return whether two web addresses with a scheme stand side by side in `text`."""
    return len(tuple(islice(_addresses(text), 2))) == 2


def _addresses(text: str) -> Iterator[str]:
    return (found[0] for found in _FOUND.finditer(text) if found["url"] is not None)


def _read_line(line: str, number: int, item_type: Type) -> tuple[tuple[Draft, ...], tuple[Ignored, ...]]:
    """Return the rows of a line, not yet numbered, and what in it is none."""
    field = Field.URL if item_type is Type.PHISHING_SITE else Field.SUBJECT
    cells = _loose_cells(line, field)
    if cells:
        return (Draft(number=0, line=number, last_line=number, cells=cells),), ()
    found = tuple(islice(_find(line), MAX_ROWS + 1))
    check_rows(len(found))
    if not found:
        return (), (_ignored(number, Skipped.PROSE if line.strip() else Skipped.BLANK, line),)
    rows = tuple(
        Draft(
            number=0,
            line=number,
            last_line=number,
            cells=(Cell(column="", field=field, text=each.text),),
            remarks=_remarks(each),
        )
        for each in found
        if field is Field.SUBJECT or not each.is_email
    )
    emails = () if field is Field.SUBJECT else tuple(each for each in found if each.is_email)
    return rows, tuple(_ignored(number, Skipped.EMAIL_ADDRESS, each.text) for each in emails)


def _numbered(row: Draft, number: int) -> Draft:
    remarks = tuple(replace(remark, fixes=(f"--keep {number}",)) for remark in row.remarks)
    return replace(row, number=number, remarks=remarks)


def _ignored(line: int, skipped: Skipped, text: str) -> Ignored:
    return Ignored(line=line, last_line=line, skipped=skipped, text=shown(text.strip()))


def _remarks(found: _Found) -> tuple[Remark, ...]:
    text = shown(defang(refang(found.text)))
    return (Remark(reason=Reason.ADDRESS_END_UNSURE, text=text),) if found.is_cut else ()


def _find(line: str) -> Iterator[_Found]:
    """Yield the addresses of `line` in order, and its e-mail addresses among them."""
    mark = _LIST_MARK.match(line)
    alone = line[mark.end() if mark is not None else 0 :].strip().rstrip(",;")
    # One address and nothing else: it may hold any sign that an address can hold.
    if _is_alone(alone):
        yield _Found(text=alone)
        return
    for found in _FOUND.finditer(line):
        text = _without_end(found[0])
        goes_on = text == found[0] and _GOES_ON.match(line, found.end()) is not None
        if found["email"] is not None:
            yield _Found(text=text, is_email=True)
        elif found["url"] is not None:
            yield _Found(text=text, is_cut=goes_on)
        elif not _is_file_name(text):
            has_tail = re.search(r"[/?#]", text) is not None
            yield _Found(text=text, is_cut=goes_on and has_tail)


def _is_alone(text: str) -> bool:
    address = read_address(text)
    if isinstance(address, Reason) or ends_unsure(address) or has_several(text):
        return False
    # Without a scheme, Chinese before a host cannot be told from a host in Chinese.
    return address.beginning != "" or (text.isascii() and not _is_file_name(text))


def _without_end(text: str) -> str:
    """Return `text` without the signs of prose behind it; a bracket stays if it was opened inside."""
    end = len(text)
    surplus = {closer: text.count(closer) - text.count(opener) for closer, opener in _CLOSERS.items()}
    while end and (text[end - 1] in _BEHIND or surplus.get(text[end - 1], 0) > 0):
        surplus[text[end - 1]] = surplus.get(text[end - 1], 0) - 1
        end -= 1
    return text[:end]


def _is_file_name(text: str) -> bool:
    # report.pdf, and a missing blank between sentences: "done.Next".
    end = re.fullmatch(r"[^/?#:\[\](){}]*\.(\w+)", text)
    if end is None:
        return False
    return _FILE_END.fullmatch(end[1]) is not None or end[1] not in {end[1].lower(), end[1].upper()}


def _loose_cells(line: str, field: Field) -> tuple[Cell, ...]:
    """Return the cells of a line that is clearly a row without a header; none if it may be prose.

    One cell is an address and no other holds one. A tab is clear; a comma or semicolon may be a
    part of the address, so that another cell has to be a whole time.
    """
    for delimiter in (each for each in DELIMITERS if each in line):
        texts = [part.strip() for part in line.split(delimiter, maxsplit=64)]
        addresses = [text for text in texts if isinstance(read_address(text), Address)]
        times = [text for text in texts if states_day(text) and text not in addresses]
        is_row = len(addresses) == 1 and not has_several("\n".join(texts))
        if is_row and (delimiter == "\t" or any(map(_is_clear_time, times))):
            fields = {addresses[0]: field} | ({times[0]: Field.OBSERVED_AT} if len(times) == 1 else {})
            return tuple(Cell(column="", field=fields.get(text), text=text) for text in texts if text)
    return ()


def _is_clear_time(text: str) -> bool:
    # Nothing in an address looks like this: a blank, and a colon or its Chinese words.
    return re.search(r"\s\S*[:：时点]", text) is not None and read_moment(text, zone=0).at is not None
