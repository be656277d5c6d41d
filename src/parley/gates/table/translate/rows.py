"""Drafts to rows: each draft is judged alone, then against the rows before it.

The first row with an address keeps it and later ones are dropped, whatever the first one
still lacks: an officer mends one row, not two. What an officer takes as it stands is told,
never hidden.
"""

from collections.abc import Iterable
from typing import Final

from parley.gates.table.translate.codes import (
    MAX_CELL,
    Field,
    Notice,
    Reason,
    Result,
    result_of,
)
from parley.gates.table.translate.sheet import (
    Cell,
    Choices,
    Draft,
    Remark,
    Row,
    SheetRemark,
    Verdict,
    by_field,
)
from parley.gates.table.translate.site import read_site
from parley.gates.table.translate.subject import read_subject
from parley.protocol.inquiries.codes import Type
from parley.ui.letters import has_control, has_hidden, shown

# What an officer may take as it stands: nothing is missing, it only needs somebody's word.
_KEEPABLE: Final = frozenset(
    {
        Reason.ADDRESS_END_UNSURE,
        Reason.SEVERAL_ADDRESSES,
        Reason.ADDRESS_HAS_USER_NAME,
        Reason.ADDRESS_HAS_EMAIL,
        Reason.DUPLICATE,
        Reason.OWN_SITE,
    }
)
_SHIFTED: Final = frozenset({Reason.QUOTE_OPEN, Reason.EXTRA_CELLS})
_WORST_FIRST: Final = (Result.DROPPED, Result.NEEDS)


def judge(drafts: Iterable[Draft], choices: Choices) -> tuple[Row, ...]:
    """Return one row for each draft, in order."""
    first: dict[str, int] = {}
    rows: list[Row] = []
    for draft in drafts:
        verdict = _read(draft, choices)
        of = None if verdict.key is None else first.setdefault(verdict.key, draft.number)
        rows.append(_row(draft, verdict, of=of, choices=choices))
    return tuple(rows)


def choices_without_effect(rows: tuple[Row, ...], choices: Choices) -> tuple[SheetRemark, ...]:
    """Return what the officer chose for single rows and nothing came of: done silently it would mislead."""
    told = {row.number: {remark.reason for remark in row.remarks} for row in rows}
    wanted = [("--mask", number, Reason.ADDRESS_MASKED) for number in sorted(choices.masked)]
    wanted += [("--keep", number, Reason.TAKEN_AS_IT_STANDS) for number in sorted(choices.kept)]
    return tuple(
        SheetRemark(notice=Notice.CHOICE_WITHOUT_EFFECT, text=f"{option} {number}")
        for option, number, reason in wanted
        if reason not in told.get(number, set())
    )


def _read(draft: Draft, choices: Choices) -> Verdict:
    # Cells of a broken row may stand under each other's headings: nothing in it is believed.
    if {remark.reason for remark in draft.remarks} & _SHIFTED:
        return Verdict()
    match choices.item_type:
        case Type.PHISHING_SITE:
            return read_site(draft, choices)
        case Type.INFORMATION:
            return read_subject(draft, choices)


def _row(draft: Draft, verdict: Verdict, *, of: int | None, choices: Choices) -> Row:
    duplicate = (
        (Remark(reason=Reason.DUPLICATE, of=of, fixes=(f"--keep {draft.number}",)),)
        if of not in {None, draft.number}
        else ()
    )
    flaws = _flaws(draft.cells)
    found = (*flaws, *draft.remarks, *duplicate, *_without_echo(verdict.remarks, flaws))
    remarks = _without_kept(found) if draft.number in choices.kept else found
    results = {result_of(remark.reason) for remark in remarks}
    result = next((each for each in _WORST_FIRST if each in results), Result.OK)
    cells = by_field(draft.cells)
    return Row(
        number=draft.number,
        line=draft.line,
        last_line=draft.last_line,
        cells=draft.cells,
        result=result,
        remarks=tuple(dict.fromkeys(remarks)),
        item=verdict.item if result is Result.OK else None,
        group=cells[Field.GROUP].text if Field.GROUP in cells else None,
        serial=cells[Field.SERIAL].text if Field.SERIAL in cells else None,
    )


def _without_echo(remarks: tuple[Remark, ...], flaws: tuple[Remark, ...]) -> tuple[Remark, ...]:
    # A hidden character makes an address unreadable, too: one remark about a cell says it.
    spoiled = {flaw.column for flaw in flaws}
    return tuple(
        remark
        for remark in remarks
        if remark.reason is not Reason.ADDRESS_NOT_READ or remark.column not in spoiled
    )


def _without_kept(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    # Where nothing can be read, keeping is not offered, and nothing is there to be kept.
    kept = [
        remark
        for remark in remarks
        if remark.reason in _KEEPABLE and any(fix.startswith("--keep") for fix in remark.fixes)
    ]
    if not kept:
        return remarks
    text = ", ".join(dict.fromkeys(remark.reason.value for remark in kept))
    told = Remark(reason=Reason.TAKEN_AS_IT_STANDS, text=text)
    return (*(remark for remark in remarks if remark not in kept), told)


def _flaws(cells: tuple[Cell, ...]) -> tuple[Remark, ...]:
    """Return what is wrong with cells whatever they mean. Notes are sent, so they count as well."""
    return tuple(
        Remark(reason=reason, column=cell.column, text=shown(cell.text))
        for cell in cells
        for reason in _flaws_of(cell.text)
    )


def _flaws_of(text: str) -> tuple[Reason, ...]:
    flaws = (
        (Reason.CELL_TOO_LONG, len(text.encode(errors="replace")) > MAX_CELL),
        (Reason.UNDECODABLE, "\ufffd" in text),
        (Reason.CONTROL_CHARACTER, has_control(text)),
        (Reason.HIDDEN_CHARACTER, has_hidden(text)),
    )
    return tuple(reason for reason, is_there in flaws if is_there)
