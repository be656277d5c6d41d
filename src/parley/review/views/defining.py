"""How each number of a review is made: its paragraph of the specification, and a sentence. Spec §18.4.

Figures are named `SIDE/PART/OF/…` (`queries/shown.py`); what follows the part says what is counted.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parley.review.queries import counts_calls

_CALLS: Final[Mapping[str, str | Promise]] = {
    "calls": _("Calls of this side in the period that are neither tests nor about the line."),
    "taken": _("Of these calls, those that a person of the called side took."),
    "principals": _("Of these calls, those that some office above the desk took."),
    "corrected": _("Of these calls, those in which some reading back had something wrong."),
    "closed": _("Of these calls, those that both sides closed."),
    "service_calls": _("Calls of this side in the period about the line itself."),
    "test_calls": _("Test calls of this side in the period."),
}
_WHOLE: Final[Mapping[str, str | Promise]] = {
    "inquiries": _("Inquiries that the asked side received in the period; or, not received, said in it."),
    "items": _("The items of these inquiries."),
    "closed": _("Of these inquiries, those that are closed."),
    "rated": _("Of these inquiries, those whose answers the asking side rated."),
    "outcome": _("Of these inquiries, those of whose outcome a notice was given."),
    "disputed": _("Of these inquiries, those in which some statement is contested."),
    "returned": _("Of these inquiries, those returned for supplement at least once."),
}
_GROUPS: Final[Mapping[str, str | Promise]] = {
    "states": _("Items that stand so at the cut."),
    "findings": _("Items of which this is a finding that stands at the cut."),
    "grounds": _("Items that are refused on this ground at the cut."),
    "scores": _("Inquiries whose answers the asking side rated so."),
    "endings": _("Calls that a side ended so."),
}
_CLOCKS: Final[Mapping[str, str | Promise]] = {
    "whole": _("All for which this clock ran: inquiries, questions about the status, or items."),
    "met": _("The clock stopped within its limit."),
    "missed": _("The clock stopped after its limit."),
    "overdue": _("The clock still runs, and was due before the asked side's own time at the cut."),
    "open": _("The clock runs or is paused, and was not due yet at the cut."),
}


def definition_of(name: str) -> str:
    """Return the paragraph of the specification that says how the number called `name` is made."""
    if "/clocks/" in name:
        return "§18.4.3"
    return "§18.4.5" if counts_calls(name) else "§18.4.2"


def sentence_of(name: str) -> str:
    """Return how the number called `name` is made, in the reader's language."""
    _side, *parts = name.split("/")
    above, last = parts[2:-1], parts[-1]
    if "clocks" in above:
        return str(_CLOCKS.get(last, ""))
    group = next((_GROUPS[each] for each in above if each in _GROUPS), None)
    return str(group or (_CALLS if counts_calls(name) else _WHOLE).get(last, ""))
