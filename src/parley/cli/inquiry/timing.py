"""Why a clock stands as it does: the limit, from when, what paused it, what stopped it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from parley.inquiries.forms.amounts import amount_text
from parley.inquiries.queries import TimerRow
from parley.protocol.inquiries.clocks import Phase
from parley.ui import words


def why(timer: TimerRow, places: Mapping[str, str]) -> str:
    """Return the reason; `places` tells where the statements of the thread stand."""
    parts = [_first(timer)]
    parts += [_pause(since, until) for since, until in timer.pauses]
    if timer.is_extended:
        parts.append(_("extended"))
    if timer.phase is Phase.PAUSED:
        left = amount_text(timer.left, timer.limit, is_left=True)
        parts.append(_("%(left)s left when it goes on") % {"left": left})
    if timer.stopped_at is not None:
        place = places.get(timer.stopped_by, "")
        stopped = _("stopped by %(place)s at %(at)s")
        parts.append(stopped % {"place": place, "at": words.instant(timer.stopped_at)})
    if timer.phase is Phase.ENDED:
        parts.append(_("nothing is owed any more"))
    return words.clauses(parts)


def _first(timer: TimerRow) -> str:
    limit = amount_text(0, timer.limit, is_left=False)
    if timer.started_at is None:
        return _("%(limit)s, from when their node says that it received it") % {"limit": limit}
    return _("%(limit)s from %(at)s") % {"limit": limit, "at": words.instant(timer.started_at)}


def _pause(since: int, until: int | None) -> str:
    if until is None:
        return _("paused since %(since)s") % {"since": words.instant(since)}
    return _("paused %(since)s to %(until)s") % {
        "since": words.instant(since),
        "until": words.instant(until),
    }
