"""Lengths of time as the terms state them: a limit, and what is left of one."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.protocol.breach import BreachError
from parley.protocol.officetime import Unit, read_limit
from parley.ui import times


def amount_text(left: int, limit: str, *, is_left: bool) -> str:
    """Return a length of time in words: the limit itself, or what is `left` of it."""
    try:
        read = read_limit(limit)
    except BreachError:
        return limit
    count = left if is_left else read.amount
    match read.unit:
        case Unit.DAYS:
            return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
        case Unit.WORKING_DAYS:
            return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}
        case Unit.HOURS | Unit.MINUTES if is_left:
            return times.span(count)
        case Unit.HOURS:
            return _("%(count)d h") % {"count": count}
        case Unit.MINUTES:
            return _("%(count)d min") % {"count": count}
