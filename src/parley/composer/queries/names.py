"""What people call the fields of a draft."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from parley.composer.forms.fields import COVER, row_of
from parley.composer.forms.fixes import for_all_names
from parley.composer.queries.grid import heading
from parley.ui import words


def label_of(field: str) -> str:
    """Return the name of one field, with the row where it is a cell."""
    place = row_of(field)
    if place is not None:
        number, column = place
        return words.said_of(_("Row %(row)d") % {"row": number}, _cell(column))
    if field.startswith("want."):
        return words.said_of(_("What is wanted"), words.label(field.removeprefix("want."), words.WANTS))
    return _names().get(field, field)


def written_in(values: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return the fields that hold words of a person: name, label and text."""
    names = ("paste", "all.brand", "all.time", *COVER)
    return tuple((name, label_of(name), _said(name, values[name])) for name in names if values.get(name))


def _said(name: str, value: str) -> str:
    match name:
        case "item":
            return words.label(value, words.COOPERATION)
        case "urgency":
            return words.urgency(value)
        case "tlp":
            return f"TLP:{value}"
        case _:
            return value


def _cell(column: str) -> str:
    marks = {
        "out": _("Leave it out"),
        "mask": _("Mask it"),
        "keep": _("Take it as it is"),
        "again": _("Ask again"),
    }
    return marks.get(column) or heading(column)


def _names() -> Mapping[str, str]:
    return {
        "paste": _("The pasted text"),
        "type": _("What the lines are"),
        **for_all_names(),
        "item": _("Agreed item of cooperation"),
        "urgency": _("Urgency"),
        "urgency_reason": _("Reason for the urgency"),
        "purpose": _("Purpose"),
        "legal_basis": _("Legal basis"),
        "facts": _("Facts"),
        "title": _("Title"),
        "authority": _("Who asks"),
        "case": _("Number of the case here"),
        "tlp": _("Marking"),
        "batch": _("Number of the batch"),
        "grouping": _("Which rows become one inquiry"),
    }
