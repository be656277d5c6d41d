"""Why something was not said in a call: what happened, what is safe, what to do. Screens §14."""

from dataclasses import replace

from django.utils.translation import gettext as _

from parley.inquiries.views.showing import faults
from parley.inquiries.views.showing.faults import Fault
from parley.ledger.drafts import RefusedError


def fault_of(error: Exception, *, side: str) -> Fault:
    """Return what an officer is told about `error`, one of `faults.ERRORS`."""
    found = faults.fault_of(error, side=side)
    if not isinstance(error, RefusedError):
        return found
    advice = {
        "wrong-state": _(
            "Go back to the call and see how far it is: the other side may have spoken meanwhile."
        ),
        "no-target": _("Go back to the call and choose which statement is meant."),
        "threshold": _(
            "No one person rings a principal: open a call to that office, which two persons sign."
        ),
        "suspended": _(
            "Keep it as a draft. Use the telephone; the call goes on when the suspension is lifted."
        ),
    }
    return replace(found, do=advice.get(error.code, found.do))


def changed_fault(by: str) -> Fault:
    """Return the fault that a colleague changed the form meanwhile."""
    return Fault(
        code="changed_meanwhile",
        what=_("%(by)s changed this draft while you were typing.") % {"by": by},
        safe=_("Nothing was sent. Both texts are kept."),
        do=_("Look at the form again, choose, then send it."),
        status=409,
    )


def too_much_fault(problem: str) -> Fault:
    """Return the fault that what was typed could not be kept."""
    return Fault(code="limit", what=problem, safe=_("Nothing was sent."), do="", status=413)
