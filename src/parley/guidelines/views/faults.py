"""What the page says of what cannot stand in a field: where, what is wrong, and how it is written."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from parley.guidelines.forms.faults import Fault, Wrong
from parley.guidelines.views.blanks import called
from parley.links.views.together import Errors
from parley.ui.words import said_of


def errors_of(wrong: tuple[Wrong, ...]) -> Errors:
    """Return for each fault the field at which it stands, and the words."""
    return [(each.field, said_of(_where(each), _told(each))) for each in wrong]


def _where(wrong: Wrong) -> str:
    name = called(wrong.field)
    if wrong.line:
        name = _("%(field)s, line %(line)d") % {"field": name, "line": wrong.line}
    return _("%(field)s, “%(text)s”") % {"field": name, "text": wrong.text} if wrong.text else name


def _told(wrong: Wrong) -> str:
    return _WORDS[wrong.fault]() % {"low": wrong.low, "high": wrong.high}


# Called late, so that each is said in the language of the reader.
_WORDS: Final[Mapping[Fault, Callable[[], str]]] = {
    Fault.SINCE: lambda: _("A time is written as 2026-11-02T09:10Z, with its zone."),
    Fault.LIMIT: lambda: _("That is no limit (Spec §7.3). Write 30m, 2h, 3d or 5wd."),
    Fault.HOTLINE_LIMIT: lambda: _("A limit of the hotline is in minutes or hours: write 30m or 2h."),
    Fault.NO_LIMIT: lambda: _("Leave a limit for one urgency at least."),
    Fault.COUNT: lambda: _("Write a whole number from %(low)d to %(high)d."),
    Fault.NOTHING_TICKED: lambda: _("Tick one at least."),
    Fault.DATE: lambda: _("That is no date. Write 2027-10-01, or several days as 2027-10-01..2027-10-07."),
    Fault.NO_SUCH_DATE: lambda: _("No calendar has this day. Look up which one is meant."),
    Fault.RANGE: lambda: _("That ends before it begins. Write the earlier day first."),
    Fault.TOO_MANY: lambda: _("That is too much: %(high)d at most."),
    Fault.CLOSED_AND_MADE_UP: lambda: _(
        "This day stands among the holidays, too. Take it out of one of the two lists."
    ),
    Fault.OFFSET: lambda: _("Write an offset from UTC as +08:00 or -05:00, 18 hours at most."),
    Fault.CHANGE: lambda: _("Write when the clock changes, and to which offset: 2027-03-28T01:00Z +02:00."),
    Fault.CHANGES_CLOSE: lambda: _("A change of the clock comes more than two days after the one before it."),
    Fault.HOURS: lambda: _("Write hours as 09:00-17:00, or as 09:00-12:00, 13:00-17:00."),
    Fault.HOURS_ORDER: lambda: _("Hours of a day follow each other, until 24:00, eight times at most."),
    Fault.ALWAYS_RESTING: lambda: _("Leave one working day a week."),
    Fault.WEEK_TWICE: lambda: _("Another row has hours from this day on. Keep one of the two."),
    Fault.NO_WEEK: lambda: _("Leave one row of hours."),
    Fault.KIND: lambda: _("Choose a statement from the list."),
}
