"""What may go wrong when something is said in the dialogue, in sentences: what happened, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.cli.saying import refused_fault, understood
from parley.ledger.drafts import RefusedError
from parley.protocol.dialogue.clause import MAX_EN, MAX_ZH, UnequalError, UnfitError


@contextmanager
def heard() -> Iterator[None]:
    """Turn what may go wrong in the dialogue into sentences, and all else as every command does.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood():
        try:
            yield
        except UnequalError as error:
            raise FaultError(
                "unequal_languages",
                Exit.NEEDS_A_PERSON,
                what=_("The two languages name different figures: %(why)s.") % {"why": error},
                do=_("Name the same numbers, shares and dates in both, and say it again."),
            ) from error
        except UnfitError as error:
            raise FaultError(
                "bad_text",
                Exit.NEEDS_A_PERSON,
                what=_("This cannot be a text of the dialogue: %(why)s.") % {"why": error},
                do=_("Write one line of English of at most %(en)d characters and one of Chinese of %(zh)d.")
                % {"en": MAX_EN, "zh": MAX_ZH},
            ) from error
        except RefusedError as error:
            raise _refused(error) from error


def _refused(error: RefusedError) -> FaultError:
    advice = {
        "not-writer": _(
            "Only the other side can say this: whoever made an offer withdraws it, the other answers."
        ),
        "wrong-state": _("See how far it is: parley commitment show, or parley round show."),
        "no-target": _("Name the very statement that is meant: an offer, a report or a concern."),
        "threshold": _("Two persons freeze a list: parley outcome freeze, then parley link sign."),
        "unknown": _("The terms of this link do not list the dialogue: parley link status."),
        "suspended": _("The dialogue is suspended: parley link status."),
    }.get(error.code)
    fault = refused_fault(error)
    if advice is None:
        return fault
    return FaultError(fault.code, fault.exit_code, what=fault.what, safe=fault.safe, do=advice)
