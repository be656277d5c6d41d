"""parley case list: which joint cases there are, how far each is, and what waits for whom."""

from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cases.queries import PAGE, CaseRow, count_cases, list_cases
from parley.cases.views.showing.telling import in_language, owed_lines, state_text
from parley.cli.case.noun import case
from parley.cli.exits import Exit
from parley.cli.listing import After, Limit, advise_more, bring_rows_up_to_date, placed
from parley.cli.looking import Link
from parley.cli.output import JsonValue, Rows, result
from parley.protocol.act import read_id, short_id
from parley.ui import words
from parley.work import clock


@case.command("list", help=_("Show joint cases, newest first."))
def list_all(
    *,
    link: Link = None,
    only_open: Annotated[bool, typer.Option("--open", help=_("Those that are not over."))] = False,
    after: After = None,
    limit: Limit = PAGE,
) -> int:
    bring_rows_up_to_date(link)
    is_open = True if only_open else None
    with placed(after):
        page = list_cases(link=link, is_open=is_open, after=after, limit=limit)
    total = count_cases(link=link, is_open=is_open)
    now = clock.now()
    result(
        {"cases": [case_json(row, now=now) for row in page.rows], "total": total, "after": page.after},
        Rows(titles=_titles(), rows=tuple(_as_text(row, now=now) for row in page.rows)),
        ngettext("%(count)d joint case.", "%(count)d joint cases.", total) % {"count": total},
    )
    advise_more(page.after)
    return Exit.DONE


def _titles() -> tuple[str, ...]:
    return (
        _("Place"),
        _("Id"),
        _("Number"),
        _("Title"),
        _("State"),
        _("Next move"),
        _("Findings"),
        _("Tasks"),
        _("Proposed"),
    )


def _as_text(row: CaseRow, *, now: int) -> tuple[str, ...]:
    return (
        row.place,
        short_id(read_id(row.case)),
        row.ref,
        in_language(row.title),
        state_text(row),
        words.clauses(owed_lines(row, now=now)),
        str(row.findings),
        f"{row.tasks_done}/{row.tasks}",
        words.instant(row.proposed_at),
    )


def case_json(row: CaseRow, *, now: int) -> dict[str, JsonValue]:
    """Return a case for `--json`: its columns, and the views at `now`."""
    return {
        **asdict(row),
        "statement": row.case,
        "short_id": short_id(read_id(row.case)),
        "owing": list(row.owing),
        "is_my_move": row.is_my_move,
        "is_late": any(wait.is_late(now) for wait in row.owed),
    }
