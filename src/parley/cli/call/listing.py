"""parley call list: which calls there are, how far each is, and who owes the next word."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.call.noun import call
from parley.cli.exits import Exit
from parley.cli.listing import After, Limit, advise_more, bring_rows_up_to_date, placed
from parley.cli.looking import Link
from parley.cli.output import JsonValue, Rows, result
from parley.hotline.queries import PAGE, CallRow, count_calls, list_calls
from parley.inquiries.forms.telling import side_word
from parley.links.policy import Whose
from parley.protocol.act import read_id, short_id
from parley.ui import callwords, words
from parley.work import clock


@call.command("list", help=_("Show calls, newest first."))
def list_all(
    *,
    link: Link = None,
    only_open: Annotated[bool, typer.Option("--open", help=_("Those that are not over."))] = False,
    after: After = None,
    limit: Limit = PAGE,
) -> int:
    now = clock.now()
    bring_rows_up_to_date(link)
    is_open = True if only_open else None
    with placed(after):
        page = list_calls(now=now, link=link, is_open=is_open, after=after, limit=limit)
    total = count_calls(now=now, link=link, is_open=is_open)
    result(
        {"calls": [call_json(row, now=now) for row in page.rows], "total": total, "after": page.after},
        Rows(titles=_titles(), rows=tuple(_as_text(row, now=now) for row in page.rows)),
        ngettext("%(count)d call.", "%(count)d calls.", total) % {"count": total},
    )
    advise_more(page.after)
    return Exit.DONE


def _titles() -> tuple[str, ...]:
    return (
        _("Place"),
        _("Id"),
        _("Number"),
        _("Nature"),
        _("Urgency"),
        _("What"),
        _("State"),
        _("Next word"),
        _("Opened"),
    )


def _as_text(row: CallRow, *, now: int) -> tuple[str, ...]:
    return (
        row.place,
        short_id(read_id(row.call)),
        row.ref,
        words.label(row.nature, callwords.NATURES),
        words.urgency(row.urgency),
        words.label(row.what, callwords.WHATS),
        standing_text(row, now=now),
        words.clauses(owed_lines(row)),
        words.instant(row.opened_at),
    )


def standing_text(row: CallRow, *, now: int) -> str:
    """Return how far a call is."""
    if row.verdict != "valid":
        return words.label(row.verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    if row.is_one_sided(now):
        return _("one-sided record")
    marks = [
        words.label(row.state, callwords.STATES),
        *(_side_said(each, row.endings[each].ending) for each in Whose if each in row.endings),
        *([_("to be read aloud")] if row.needs_voice else []),
    ]
    return words.clauses(marks)


def _side_said(side: Whose, ending: str) -> str:
    return words.said_of(side_word(side), words.label(ending, callwords.ENDINGS))


def owed_lines(row: CallRow) -> Iterator[str]:
    """Yield what each side owes, and since when it is missing by our clock."""
    for side, owed in row.owed.items():
        told = _("owed by us since %(since)s: %(cause)s")
        if side is Whose.THEM:
            told = _("owed by them since %(since)s: %(cause)s")
        cause = words.label(owed.cause, callwords.CALLED_FOR)
        yield told % {"since": words.instant(owed.since), "cause": cause}


def call_json(row: CallRow, *, now: int) -> dict[str, JsonValue]:
    """Return a call for `--json`: its columns, and the views at `now`."""
    return {
        **asdict(row),
        "statement": row.call,
        "short_id": short_id(read_id(row.call)),
        "owing": list(row.owing),
        "is_my_move": row.is_my_move,
        "is_one_sided": row.is_one_sided(now),
        "is_over": row.is_over(now),
    }
