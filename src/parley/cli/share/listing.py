"""parley share list: what was offered by whom, how far each offer is, and what waits for whom."""

from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.listing import After, Limit, advise_more, bring_rows_up_to_date, placed
from parley.cli.looking import Link
from parley.cli.output import JsonValue, Rows, result
from parley.cli.share.noun import share
from parley.inquiries.forms.telling import side_word
from parley.links.policy import Whose
from parley.protocol.act import read_id, short_id
from parley.sharing.queries import PAGE, ShareRow, count_shares, list_shares
from parley.sharing.views.showing.telling import owed_lines, state_text
from parley.ui import sharewords, words
from parley.work import clock


@share.command("list", help=_("Show offers of both sides, newest first."))
def list_all(
    *,
    link: Link = None,
    only_open: Annotated[bool, typer.Option("--open", help=_("Those that wait for somebody."))] = False,
    after: After = None,
    limit: Limit = PAGE,
) -> int:
    bring_rows_up_to_date(link)
    is_open = True if only_open else None
    with placed(after):
        page = list_shares(link=link, is_open=is_open, after=after, limit=limit)
    total = count_shares(link=link, is_open=is_open)
    now = clock.now()
    result(
        {"offers": [share_json(row, now=now) for row in page.rows], "total": total, "after": page.after},
        Rows(titles=_titles(), rows=tuple(_as_text(row, now=now) for row in page.rows)),
        ngettext("%(count)d offer.", "%(count)d offers.", total) % {"count": total},
    )
    advise_more(page.after)
    return Exit.DONE


def _titles() -> tuple[str, ...]:
    return (
        _("Place"),
        _("Id"),
        _("Number"),
        _("By"),
        _("What"),
        _("Title"),
        _("Marking"),
        _("State"),
        _("Next move"),
        _("Offered"),
    )


def _as_text(row: ShareRow, *, now: int) -> tuple[str, ...]:
    return (
        row.place,
        short_id(read_id(row.share)),
        row.ref,
        side_word(Whose.US if row.is_ours else Whose.THEM),
        words.label(row.what, sharewords.CLASSES),
        row.title,
        f"TLP:{row.tlp}",
        state_text(row, now=now),
        words.clauses(owed_lines(row)),
        words.instant(row.offered_at),
    )


def share_json(row: ShareRow, *, now: int) -> dict[str, JsonValue]:
    """Return an offer for `--json`: its columns, and the views at `now`."""
    return {
        **asdict(row),
        "statement": row.share,
        "short_id": short_id(read_id(row.share)),
        "owing": list(row.owing),
        "is_my_move": row.is_my_move,
        "is_expired": row.is_expired(now),
    }
