"""What may go wrong when something is said in the dialogue, in sentences: what happened, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.cli.saying import understood
from parley.protocol.dialogue.clause import MAX_EN, MAX_ZH, UnequalError, UnfitError


@contextmanager
def heard() -> Iterator[None]:
    """Turn what may go wrong in the dialogue into sentences, and all else as every command does.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood(_advice()):
        try:
            yield
        except UnequalError as error:
            raise unequal_fault(str(error)) from error
        except UnfitError as error:
            raise FaultError(
                "bad_text",
                Exit.NEEDS_A_PERSON,
                what=_("This cannot be a text of the dialogue."),
                do=_("Write one line of English of at most %(en)d characters and one of Chinese of %(zh)d.")
                % {"en": MAX_EN, "zh": MAX_ZH},
            ) from error


def unequal_fault(figures: str) -> FaultError:
    """Return the fault that a clause names `figures` in one language and not in the other."""
    return FaultError(
        "unequal_languages",
        Exit.NEEDS_A_PERSON,
        what=_("The two languages name different figures: %(why)s.") % {"why": figures},
        do=_("Name the same numbers, shares and dates in both, and say it again."),
    )


def _advice() -> dict[str, str]:
    return {
        "not-writer": _(
            "Only the other side can say this: whoever made an offer withdraws it, the other answers."
        ),
        "wrong-state": _(
            "See how far it is: parley commitment show, parley round show, or parley outcome show."
        ),
        "no-target": _("Name the very statement that is meant: an offer, a report or a concern."),
        "threshold": _("Two persons freeze a list: parley outcome freeze, then parley link sign."),
        "unknown": _("The terms of this link do not list the dialogue: parley link status."),
        "suspended": _("The dialogue is suspended: parley link status."),
    }
