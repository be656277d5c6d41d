"""Why something was not said, as a page tells it: what happened, what is safe, what to do. Screens §14."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.drafts.queries import DraftRow
from parley.inquiries.policy import NotAllowedError
from parley.ledger.append import InTransactionError, NobodyWritesError
from parley.ledger.drafts import RefusedError, UnknownLinkError
from parley.ledger.ledger import StorageError
from parley.ledger.writer import UnsignedError
from parley.protocol.breach import BreachError
from parley.ui import words
from parley.work.sock import BrokenCoreError, CoreError

ERRORS: Final = (
    RefusedError,
    BreachError,
    NotAllowedError,
    NobodyWritesError,
    BrokenCoreError,
    CoreError,
    StorageError,
    InTransactionError,
    UnknownLinkError,
)
"""What an officer can put right, or somebody whom an officer can call; anything else is a bug."""
_UNPROCESSABLE: Final = frozenset({"schema", "oversize", "bad-json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Three sentences, and the status of the answer. `code` is for tests and for talk on the phone."""

    code: str
    what: str
    safe: str
    do: str
    status: int


def fault_of(error: Exception, *, side: str) -> Fault:
    """Return what an officer is told about `error`, one of `ERRORS`."""
    match error:
        case RefusedError():
            return _refused(error, side=side)
        case BreachError():
            return _breached(error)
        case NotAllowedError():
            return Fault(
                code="viewer",
                what=_("A viewer may look, not act."),
                safe=_("Nothing was written, and nothing was sent."),
                do=_("Ask an officer of this node to act."),
                status=403,
            )
        case NobodyWritesError() | BrokenCoreError():
            return Fault(
                code="not_known",
                what=_("Core did not answer."),
                safe=_("It is not known whether it was written. What you typed is still here."),
                do=_("Send it again: it is written once, however often you send it."),
                status=503,
            )
        case UnsignedError():
            return Fault(
                code="unsigned",
                what=_("It is written, and not signed yet: the signer of this node does not sign it."),
                safe=_("It is kept, and has not left this node."),
                do=_("Tell the administrator of this node. Sending it again writes it no second time."),
                status=503,
            )
        case _:
            return _storage(error)


def _breached(error: BreachError) -> Fault:
    told = _("This cannot be said so (Spec %(paragraph)s): %(reason)s.")
    return Fault(
        code="schema",
        what=told % {"paragraph": f"§{error.paragraph}", "reason": error.reason},
        safe=_("Nothing was written, and nothing was sent."),
        do=_("What you typed is still here. Change it, then send again."),
        status=422,
    )


def _storage(error: Exception) -> Fault:
    return Fault(
        code="storage",
        what=_("The record could not be written: %(why)s.") % {"why": error},
        safe=_("What you typed is still here."),
        do=_("Tell the administrator of this node, then send it again: it is written once."),
        status=503,
    )


def _refused(error: RefusedError, *, side: str) -> Fault:
    advice = {
        "not-writer": _("Only %(side)s can say this.") % {"side": side},
        "wrong-state": _("Go back to the inquiry and see how each item stands."),
        "no-target": _("Check which items and which statement are meant."),
        "not-active": _("Look at the page of the link: both sides must sign the same opening."),
        "suspended": _("Keep it as a draft; it can be sent once the suspension is lifted."),
    }
    remark = words.aside(error.remark) if error.remark else ""
    return Fault(
        code=error.code,
        what=_("It would be void: %(reason)s%(remark)s.")
        % {"reason": words.label(error.code, words.VOIDS), "remark": remark},
        safe=_("Nothing was written, and nothing was sent. What you typed is still here."),
        do=advice.get(error.code) or _("Change it, then send again."),
        status=422 if error.code in _UNPROCESSABLE else 409,
    )


def not_yours_fault(*, side: str) -> Fault:
    """Return the fault that the other side alone may say it (screens E-13)."""
    return Fault(
        code="not-writer",
        what=_("Only %(side)s can say this.") % {"side": side},
        safe=_("Nothing was written, and nothing was sent."),
        do=_("Go back to the inquiry: it shows what you can say now."),
        status=409,
    )


def not_now_fault() -> Fault:
    """Return the fault that the state of the inquiry does not allow it."""
    return Fault(
        code="wrong-state",
        what=_("It would be void now: the state of the inquiry does not allow it."),
        safe=_("Nothing was written, and nothing was sent."),
        do=_("Go back to the inquiry: it shows what you can say now."),
        status=409,
    )


def not_open_fault() -> Fault:
    """Return the fault that nothing can be said on the link, or about an inquiry without effect."""
    return Fault(
        code="not-active",
        what=_("Nothing can be said here: the link is not open, or the inquiry is without effect."),
        safe=_("Nothing was written, and nothing was sent."),
        do=_("Look at the page of the link: both sides must sign the same opening."),
        status=409,
    )


def other_words_fault(place: str) -> Fault:
    """Return the fault that the form was sent before and says something else now."""
    return Fault(
        code="sent_before",
        what=_("This form was sent before, as %(place)s, and says something else now.") % {"place": place},
        safe=_("%(place)s stands as it was sent. What you changed since was not sent.") % {"place": place},
        do=_("Look at the inquiry first. To say this as well, send it again: it is then a new statement."),
        status=409,
    )


def changed_fault(by: str) -> Fault:
    """Return the fault that somebody else changed the draft behind the page."""
    return Fault(
        code="changed",
        what=_("%(by)s changed this draft while you were typing.") % {"by": by},
        safe=_("Nothing was sent. Both texts are kept."),
        do=_("Look at it again, then send it."),
        status=409,
    )


def closed_fault(draft: DraftRow, *, is_said: bool, now_in: int) -> Fault:
    """Return the fault that the draft is closed; what was typed is now in the draft `now_in`."""
    what = (
        _("Draft %(number)d was said already, by %(by)s.")
        if is_said
        else _("Draft %(number)d was put away, by %(by)s.")
    )
    return Fault(
        code="closed",
        what=what % {"number": draft.number, "by": draft.saved_by},
        safe=_("Nothing more was sent. What you typed is kept as draft %(number)d.") % {"number": now_in},
        do=_("Look at the inquiry first. Then send it, or put it away."),
        status=409,
    )


def no_target_text() -> str:
    """Return that the statement which is answered is not named."""
    return _("No statement is chosen. Nothing was sent. Choose the one that is meant.")
