"""parley finding list: what either side holds to be true, in whichever case."""

from dataclasses import asdict

from django.utils.translation import gettext as _

from parley.cases.queries.findings import PlacedFinding, list_findings
from parley.cases.queries.listing import PAGE
from parley.cli.exits import Exit
from parley.cli.listing import After, Limit, advise_more, bring_rows_up_to_date, placed
from parley.cli.looking import Link
from parley.cli.output import JsonValue, Rows, result
from parley.ui import words
from parley.ui.casewords import CONFIDENCES, LIKELIHOODS


def list_all(
    *,
    link: Link = None,
    after: After = None,
    limit: Limit = PAGE,
) -> int:
    bring_rows_up_to_date(link)
    with placed(after):
        page = list_findings(link=link, after=after, limit=limit)
    titles = (_("Case"), _("Side"), _("Versions"), _("Likelihood"), _("Confidence"), _("Finding"))
    result(
        {"findings": [_as_json(each) for each in page.rows], "after": page.after},
        Rows(titles=titles, rows=tuple(_as_text(each) for each in page.rows)),
    )
    advise_more(page.after)
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
