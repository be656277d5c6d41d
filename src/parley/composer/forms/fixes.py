"""What mends a row, as buttons of the page: each with the words on it, and what it does to the draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.composer.forms.dispatches import Dispatch
from parley.composer.forms.remarks import said_of_row
from parley.gates.table.translate import Reason, Remark, Result, Row, result_of
from parley.inquiries.queries import EarlierItem
from parley.ui import words

# The cell of the grid that a reason is about.
_CELLS: Final = {
    "url": "address_ scheme_ several_ own_site duplicate",
    "brand": "brand_",
    "time": "time_",
    "zone": "zone_",
    "subject": "subject_missing subject_not",
    "kind": "subject_kind",
    "questions": "question_",
}
# The field of the page for what the command line takes as an option.
_FIELDS: Final = {
    "--zone": "all.zone",
    "--brand": "all.brand",
    "--observed-at": "all.time",
    "--question": "all.questions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A button: `do` is what the form brings when it is pressed."""

    do: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that is said of a row, with the buttons that mend it. `kind` is a chip of the page."""

    text: str
    kind: str
    fixes: tuple[Fix, ...] = ()

    @property
    def word(self) -> str:
        """Return the word on the chip."""
        return {
            "check": _("needs you"),
            "stays": _("left out"),
            "failed": _("not sent"),
            "proved": _("as you chose"),
        }.get(self.kind, _("to know"))


def told_of(row: Row) -> tuple[Told, ...]:
    """Return what is to be said of `row`."""
    return tuple(_told(row.number, remark) for remark in row.remarks)


def told_of_earlier(number: int, earlier: EarlierItem) -> Told:
    """Return that what row `number` names was asked before."""
    said = _("Row %(row)d was asked before: %(place)s, item %(item)d (%(state)s). Nothing was sent.")
    state = words.label(earlier.state, words.STATES)
    text = said % {"row": number, "place": earlier.place, "item": earlier.n, "state": state}
    return Told(text=text, kind="check", fixes=(_set(number, "again", _("Ask again")), _leave_out(number)))


def told_of_refused(number: int, dispatch: Dispatch) -> Told:
    """Return why row `number` was not sent with the others."""
    said = _("Row %(row)d was not sent: it would be void (%(reason)s). The row is kept.")
    reason = words.clauses(filter(None, [words.label(dispatch.refused, words.VOIDS), dispatch.remark]))
    return Told(text=said % {"row": number, "reason": reason}, kind="failed")


def cells_with_problems(row: Row, columns: Iterable[str]) -> frozenset[str]:
    """Return the cells of the grid that something has to be done about."""
    reasons = [each.reason.value for each in row.remarks if result_of(each.reason) is Result.NEEDS]
    return frozenset(
        name
        for name in columns
        for reason in reasons
        if any(reason.startswith(beginning) for beginning in _CELLS.get(name, "").split())
    )


def _told(number: int, remark: Remark) -> Told:
    if remark.reason is Reason.TAKEN_AS_IT_STANDS:
        text = _("Row %(row)d is taken as it stands, as you chose.") % {"row": number}
        return Told(text=text, kind="proved", fixes=(_undo(number, "keep"),))
    fixes = _fixes(number, remark)
    named = _listed([fix.text for fix in fixes] or [_for_all(fix) for fix in remark.fixes])
    kind = {Result.OK: "plain", Result.NEEDS: "check", Result.DROPPED: "stays"}[result_of(remark.reason)]
    return Told(text=said_of_row(number, remark, fix=named), kind=kind, fixes=fixes)


def _fixes(number: int, remark: Remark) -> tuple[Fix, ...]:
    if remark.reason is Reason.ADDRESS_MASKED:
        return (_undo(number, "mask"),)
    found = []
    for option in (fix.split(" ")[0] for fix in remark.fixes):
        if option == "--mask":
            found.append(_set(number, "mask", _("Mask it")))
        if option == "--keep":
            found.append(_set(number, "keep", _("Take it as it is")))
    return tuple(found)


def for_all_names() -> Mapping[str, str]:
    """Return what the fields are called that count for rows which say nothing themselves."""
    return {
        "all.zone": _("Zone of times that state none"),
        "all.brand": _("Impersonated institution, for rows that do not say"),
        "all.time": _("When it was seen, for rows that do not say"),
        "all.questions": _("Question, for rows that ask nothing"),
    }


def _for_all(fix: str) -> str:
    field = _FIELDS.get(fix.split(" ", maxsplit=1)[0], "")
    return for_all_names().get(field, fix)


def _listed(texts: Iterable[str]) -> str:
    return " / ".join(f"“{text}”" for text in texts)


def _set(number: int, mark: str, text: str) -> Fix:
    return Fix(do=f"set:row.{number}.{mark}:1", text=text)


def _undo(number: int, mark: str) -> Fix:
    return Fix(do=f"set:row.{number}.{mark}:", text=_("Undo"))


def _leave_out(number: int) -> Fix:
    return Fix(do=f"set:row.{number}.out:1", text=_("Leave it out"))
