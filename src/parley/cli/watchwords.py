"""Words for what came of a ring, and who is meant by a number or a name."""

from datetime import datetime
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.queries import OfficerRow, list_officers
from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.gates.pager.ring import Ceiling, Outcome
from parley.work import clock

Person = Annotated[str, typer.Argument(metavar="PERSON", help=_("Number or name of an officer."))]


def outcome_word(outcome: Outcome) -> str:
    """Return how a try went; none of the words says that a person was reached."""
    return {
        Outcome.WRITTEN: _("about to be sent"),
        Outcome.ACCEPTED: _("taken by the carrier"),
        Outcome.REFUSED: _("refused by the carrier"),
        Outcome.FAILED: _("not sent"),
        Outcome.UNKNOWN: _("not known whether it went out"),
    }[outcome]


def ceiling_word(ceiling: Ceiling) -> str:
    """Return how much a channel may say."""
    return {
        Ceiling.BARE: _("sign in"),
        Ceiling.LINK: _("sign in, and on which link"),
        Ceiling.URGENCY: _("sign in, link, class and urgency"),
    }[ceiling]


def officer_called(text: str) -> OfficerRow:
    """Return the officer with this number or name.

    Raises:
        FaultError: there is none.
    """
    for row in list_officers():
        if row.name == text or str(row.number) == text:
            return row
    raise FaultError(
        "unknown_officer",
        Exit.NOT_FOUND,
        what=_("Nobody here is called %(name)s.") % {"name": text},
        do=_("Look at: parley officer list."),
    )


def instant_typed(text: str) -> int:
    """Return the instant that somebody typed, in unix seconds.

    Raises:
        FaultError: it is no time, or has no offset.
    """
    try:
        moment = datetime.fromisoformat(text)
        at = int(moment.timestamp()) if moment.tzinfo is not None else -1
    except (ValueError, OverflowError):
        at = -1
    if at < 0:
        raise FaultError(
            "bad_time",
            Exit.NEEDS_A_PERSON,
            what=_("“%(text)s” is no time with an offset.") % {"text": text},
            do=_("Write it such as 2026-11-22T20:00+08:00."),
        )
    return at


def moment_key() -> str:
    """Return what makes the key of a ring that somebody typed different from every other."""
    return f"{clock.now()}-{clock.monotonic()}"
