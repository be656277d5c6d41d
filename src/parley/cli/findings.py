"""parley finding list: what either side holds to be true, in whichever case."""

from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cases.queries.findings import PlacedFinding, list_findings
from parley.cases.queries.listing import PAGE, CursorError
from parley.cli.exits import Exit
from parley.cli.looking import Link, bring_up_to_date, chosen_link, reading
from parley.cli.output import FaultError, JsonValue, Rows, advise, result
from parley.ui import words
from parley.ui.casewords import CONFIDENCES, LIKELIHOODS

MAX_ROWS = 1_000


def list_all(
    *,
    link: Link = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="PLACE", help=_("Go on behind this place."))
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MAX_ROWS, help=_("So many at most."))] = PAGE,
) -> int:
    with reading() as reader:
        if link is not None:
            chosen_link(reader, link)
        bring_up_to_date(reader)
    try:
        page = list_findings(link=link, after=after, limit=limit)
    except CursorError as error:
        raise FaultError(
            "no_such_place",
            Exit.NEEDS_A_PERSON,
            what=_("“%(place)s” is not a place in the list.") % {"place": after},
            do=_("Take the one that the list before ended with."),
        ) from error
    titles = (_("Case"), _("Side"), _("Versions"), _("Likelihood"), _("Confidence"), _("Finding"))
    result(
        {"findings": [_as_json(each) for each in page.rows], "after": page.after},
        Rows(titles=titles, rows=tuple(_as_text(each) for each in page.rows)),
    )
    if page.after is not None:
        advise(_("There are more: --after %(place)s") % {"place": page.after})
    return Exit.DONE


def _as_json(found: PlacedFinding) -> dict[str, JsonValue]:
    row: dict[str, JsonValue] = asdict(found.row)
    return {"link": found.link, "case": found.case, "case_place": found.place, **row}


def _as_text(found: PlacedFinding) -> tuple[str, ...]:
    row = found.row
    return (
        found.place,
        _("ours") if row.is_ours else _("theirs"),
        str(row.versions),
        words.label(row.likelihood, LIKELIHOODS),
        words.label(row.confidence, CONFIDENCES),
        row.statement.zh if words.is_chinese() else row.statement.en,
    )
