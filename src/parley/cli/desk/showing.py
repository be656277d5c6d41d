"""parley desk status, report: whether anybody watches, what rings, and what a watch was like."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.desk.noun import asking, desk
from parley.cli.desk.telling import alarm_line, beat_json, fallback_line, muted_lines
from parley.cli.exits import Exit
from parley.cli.output import result
from parley.cli.persons import require_home
from parley.ui import times
from parley.watch import queries
from parley.watch.beats import look
from parley.watch.forms import watch_word
from parley.watch.policy import BUDGET, Figures, WatchState
from parley.work import clock


@desk.command(help=_("Show who has the watch, what rings, and who is rung if every screen fails."))
def status() -> int:
    home = require_home()
    with asking():
        found = look(home)
    held = queries.watch_now()
    code = Exit.DONE if found.watch is WatchState.WATCHED and not found.alarms else Exit.ATTENTION
    result(
        beat_json(found),
        watch_word(found.watch),
        *(
            []
            if held is None
            else [_("%(name)s has it since %(time)s.") % {"name": held.name, "time": times.zulu(held.begins)}]
        ),
        *muted_lines(found),
        fallback_line(found.fallback),
        *(alarm_line(each, now=found.now) for each in found.alarms),
        *([_("and %(count)d more") % {"count": found.more}] if found.more else []),
        *([] if found.alarms else [_("Nothing rings.")]),
        exit_code=code,
    )
    return code


@desk.command(help=_("Show how much rang, against what a person can act on, and how long nobody saw it."))
def report(
    *, hours: Annotated[int, typer.Option(min=1, max=24 * 31, help=_("How far to look back."))] = 8
) -> int:
    require_home()
    now = clock.now()
    found = queries.watch_figures(begins=now - hours * 3600, ends=now)
    is_bad = found.is_over_budget or found.missed > 0 or found.unseen > 0
    code = Exit.ATTENTION if is_bad else Exit.DONE
    result(
        {
            "begins": found.begins,
            "ends": found.ends,
            "alarms": found.alarms,
            "budget": BUDGET * hours,
            "worst_ten_minutes": found.worst,
            "missed": found.missed,
            "unseen_seconds": found.unseen,
            "mutes": found.mutes,
            "muted_seconds": found.muted,
        },
        *_lines(found, hours),
        exit_code=code,
    )
    return code


def _lines(found: Figures, hours: int) -> list[str]:
    said = ngettext(
        "%(count)d alarm in %(hours)d h; a person can act on %(budget)d.",
        "%(count)d alarms in %(hours)d h; a person can act on %(budget)d.",
        found.alarms,
    )
    return [
        said % {"count": found.alarms, "hours": hours, "budget": BUDGET * hours},
        _("Worst ten minutes: %(count)d.") % {"count": found.worst},
        _("Nobody spoke before a phone rang: %(count)d.") % {"count": found.missed},
        _("No screen was seen for %(seconds)d s of a watch.") % {"seconds": found.unseen},
        _("The desk was muted for %(seconds)d s.") % {"seconds": found.muted},
    ]
