"""parley inquiry batches: what was sent together, and how its items stand."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.inquiry.noun import inquiry
from parley.cli.looking import Link, bring_up_to_date, chosen_link, links_of, reading
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.inquiries.queries.batches import (
    BatchRow,
    Tally,
    UnknownBatchError,
    latest_batches,
    show_batch,
)
from parley.work import clock

MOST = 200


@inquiry.command(help=_("Show the newest batches of a link, or one of them by brand and kind of item."))
def batches(
    number: Annotated[str | None, typer.Argument(metavar="BATCH", help=_("Its number."))] = None,
    *,
    link: Link = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST, help=_("So many at most."))] = 50,
) -> int:
    with reading() as reader:
        names = [row.name for row in links_of(reader, link)]
        chosen = "" if number is None else chosen_link(reader, link).name
        bring_up_to_date(reader)
    if number is not None:
        return _show(chosen, number)
    found = [row for name in names for row in latest_batches(name, limit=limit)][:limit]
    result({"batches": [_as_json(row) for row in found]}, _rows(found))
    return Exit.DONE


def _show(link: str, number: str) -> int:
    try:
        found = show_batch(link, number, is_ours=None, now=clock.now())
    except UnknownBatchError as error:
        raise FaultError(
            "unknown_batch",
            Exit.NOT_FOUND,
            what=_("No batch here has the number “%(number)s”.") % {"number": number},
            do=_("Look at: parley inquiry batches."),
        ) from error
    result(
        {
            **_as_json(found.batch),
            "brands": [_counts(each) for each in found.brands],
            "kinds": [_counts(each) for each in found.kinds],
            "more_brands": found.more_brands,
            "has_other": found.has_other,
        },
        _rows([found.batch]),
    )
    return Exit.DONE


def _as_json(row: BatchRow) -> dict[str, JsonValue]:
    return {
        "link": row.link,
        "number": row.ref,
        "is_ours": row.is_ours,
        "announced": row.announced,
        "inquiries": row.inquiries,
        "missing": row.missing,
        "items": _counts(row.items),
    }


def _counts(tally: Tally) -> dict[str, JsonValue]:
    return {**asdict(tally), "open": tally.open}


def _rows(found: Iterable[BatchRow]) -> Rows:
    titles = (_("Batch"), _("Link"), _("Inquiries"), _("Items"), _("Answered"), _("Refused"), _("Open"))
    return Rows(
        titles=titles,
        rows=tuple(
            (
                row.ref,
                row.link,
                f"{row.inquiries}/{row.announced}",
                str(row.items.total),
                str(row.items.answered),
                str(row.items.refused),
                str(row.items.open),
            )
            for row in found
        ),
    )
