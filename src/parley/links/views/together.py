"""What several officers do together on pages: each gives the secret anew, and what may stand in the way."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from parley.agencies.actions import WaitError, WrongSecretError, recognise_officer
from parley.agencies.middleware import PersonRequest
from parley.drafts.queries import UnknownDraftError
from parley.ledger.append import InTransactionError, NobodyWritesError
from parley.ledger.drafts import RefusedError
from parley.ledger.erasing import NoOrderError
from parley.ledger.keys import KeysError
from parley.ledger.ledger import StorageError
from parley.ledger.persons import NoKeyError, WrongKeySecretError
from parley.ledger.regaining import NotLostError, OtherDigitsError, TooEarlyError
from parley.links import actions
from parley.links.policy import NotAllowedError
from parley.links.queries.doomed import HeldError, KeptError
from parley.ui import times, words
from parley.work.sock import BrokenCoreError, CoreError

T = TypeVar("T")
Errors = list[tuple[str, str]]


def by_of(request: PersonRequest) -> actions.By:
    """Return whose act it is."""
    return actions.By(officer=request.officer, key=f"page-{request.officer.number}", now=request.now)


def together(
    request: PersonRequest, run: Callable[[actions.By, str], T], *, by_passkey: bool = False
) -> T | Errors:
    """Return what came of doing it as this person, who gives the secret anew; or what stood in the way.

    `by_passkey`: what the authenticator gave proves the person, and `run` checks it.
    """
    secret = request.POST.get("secret", "")

    def recognised(by: actions.By) -> T:
        if not by_passkey:
            recognise_officer(request.officer.name, secret=secret, now=request.now)
        return run(by, secret)

    return attempted(request, recognised)


def attempted(request: PersonRequest, run: Callable[[actions.By], T]) -> T | Errors:
    """Return what came of doing it as this person, who is asked no secret; or what stood in the way."""
    try:
        return run(by_of(request))
    except (NobodyWritesError, BrokenCoreError, CoreError, StorageError, InTransactionError):
        return [("", _("Core did not answer. Press the same button once more: it is then written once."))]
    except (WaitError, RefusedError, HeldError, KeptError, TooEarlyError) as error:
        return [_told(error)]
    except tuple(_hindrances()) as error:
        return [_hindrances()[type(error)]]


def _told(error: Any) -> tuple[str, str]:  # noqa: ANN401 - one of those above
    match error:
        case WaitError(seconds=seconds):
            return "secret", _("Wait %(seconds)d seconds, then try again.") % {"seconds": seconds}
        case RefusedError(code=code):
            return "", _("It would be void: %(reason)s.") % {"reason": words.label(code, words.VOIDS)}
        case HeldError(place=place, reason=reason):
            held = _("%(place)s is under legal hold: %(reason)s")
            return "", held % {"place": place, "reason": reason}
        case KeptError(place=place):
            needed = _("%(place)s is about the link itself; its words are needed to check the record.")
            return "", needed % {"place": place}
        case _:
            assert isinstance(error, TooEarlyError)
            left = _("The partner still has %(span)s to answer. Nothing was changed.")
            return "", left % {"span": times.span(error.seconds)}


def _hindrances() -> Mapping[type[Exception], tuple[str, str]]:
    """Return what to say, and at which field, where a person may not sign, or not so."""
    not_yours = ("secret", _("This secret does not open your key."))
    no_key = ("", _("You have no key that counts on this link. The administrator has it enrolled."))
    return {
        WrongSecretError: not_yours,
        WrongKeySecretError: not_yours,
        actions.NotEnrolledError: no_key,
        NoKeyError: no_key,
        KeysError: no_key,
        actions.SignedAlreadyError: ("", _("You have signed this already. It takes another officer.")),
        NotAllowedError: ("", _("A viewer may look, not act.")),
        UnknownDraftError: ("", _("It was said or put away meanwhile.")),
        NoOrderError: ("", _("No request to destroy content that is in effect is called so.")),
        NotLostError: ("", _("Nothing of our log is lost any more.")),
        OtherDigitsError: ("", _("No head of ours that waits has these digits.")),
    }
