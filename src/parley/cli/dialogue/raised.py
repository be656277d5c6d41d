"""parley concern list: what worries either side, under whichever commitment."""

from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.dialogue.nouns import concern
from parley.cli.exits import Exit
from parley.cli.looking import Link, bring_up_to_date, chosen_link, reading
from parley.cli.output import Rows, result
from parley.dialogue.queries.concerns import ConcernRow, list_concerns
from parley.ui import words
from parley.ui.dialoguewords import CONCERN_STATES


@concern.command("list", help=_("Show concerns, newest first, and how each stands."))
def list_all(
    *,
    link: Link = None,
    only_open: Annotated[bool, typer.Option("--open", help=_("Those that are not settled."))] = False,
) -> int:
    with reading() as reader:
        if link is not None:
            chosen_link(reader, link)
        bring_up_to_date(reader)
        found = [row for row in list_concerns(reader, link=link) if row.is_open or not only_open]
    titles = (_("Place"), _("Side"), _("State"), _("Commitment"), _("Raised"))
    result(
        {"concerns": [{**asdict(row), "is_open": row.is_open} for row in found]},
        Rows(titles=titles, rows=tuple(_as_text(row) for row in found)),
    )
    return Exit.DONE


def _as_text(row: ConcernRow) -> tuple[str, ...]:
    return (
        row.place,
        _("ours") if row.is_ours else _("theirs"),
        words.label(row.state, CONCERN_STATES),
        row.commitment_place,
        words.instant(row.raised_at),
    )
