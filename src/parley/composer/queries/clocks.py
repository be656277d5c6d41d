"""The clocks that an inquiry would start, in words: on whose calendar, and what the other would say."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from parley.composer.queries.work import Work, calendar_of
from parley.inquiries.forms.forecast import Due, forecast
from parley.ledger.readers import side_name
from parley.protocol.officetime import Limit, Unit
from parley.ui import times


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One clock: its limit in words, when it would be due for those who owe, and what we would count."""

    clock: str
    limit: str
    due_at: int
    theirs: str
    ours: str
    apart: int
    """In days; 0 where both calendars say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """All clocks that would start, and the two sides by name."""

    lines: tuple[ClockLine, ...]
    side: str
    own_name: str


def clocks_of(work: Work) -> Clocks:
    """Return the clocks that would run if their node had the inquiries now: a forecast."""
    terms = work.link.terms
    ask = work.ask
    peer = work.link.row.peer
    dues = () if terms is None else forecast(terms, ask.wants, urgency=ask.urgency, debtor=peer, now=work.now)
    return Clocks(
        lines=tuple(_line(work, due) for due in dues), side=side_name(work.link.row), own_name=work.own_name
    )


def limit_text(limit: Limit) -> str:
    """Return a limit in words, such as "5 working days"."""
    count = limit.amount
    texts = {
        Unit.MINUTES: ngettext("%(count)d minute", "%(count)d minutes", count),
        Unit.HOURS: ngettext("%(count)d hour", "%(count)d hours", count),
        Unit.DAYS: ngettext("%(count)d day", "%(count)d days", count),
        Unit.WORKING_DAYS: ngettext("%(count)d working day", "%(count)d working days", count),
    }
    return texts[limit.unit] % {"count": count}


def _line(work: Work, due: Due) -> ClockLine:
    row = work.link.row
    is_same = due.due_at == due.not_used
    return ClockLine(
        clock=due.clock.value,
        limit=limit_text(due.limit),
        due_at=due.due_at,
        theirs=_local(work, due.due_at, node=row.peer),
        ours="" if is_same else _local(work, due.not_used, node=row.me),
        apart=due.apart,
    )


def _local(work: Work, seconds: int, *, node: str) -> str:
    return times.local(seconds, offset=calendar_of(work.link, node).offset(seconds))
