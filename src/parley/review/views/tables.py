"""The figures of a review as a table for other programs, and as a paper: the same bytes on both nodes."""

import csv
import io
from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import OpenLink
from parley.review.queries import Number, PartShown, ReviewRow, Shown
from parley.review.views.finding import Computed, code_text, computed, of_text, opened, reviewed
from parley.ui import times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Paper, Table
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def table(request: PersonRequest, link: str, place: str) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer with one line for each number: its name, how many, and the places that it counts."""
    _found, _row, figures = _chosen(link, place)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(["figure", "count", "places"])
    writer.writerow(["digest", "", figures.digest])
    for number in figures.shown.numbers():
        writer.writerow(
            [number.name, number.count, " ".join(each.replace(" ", "-") for each in number.places)]
        )
    answer = HttpResponse(lines.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="review-{link}-{place}.csv"'
    return answer


@require_safe
def paper(request: PersonRequest, link: str, place: str) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer with the paper of a review, in the language of whoever asks."""
    found, row, figures = _chosen(link, place)
    answer = HttpResponse(printed(paper_of(found, row, figures)), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="review-{link}-{place}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _chosen(link: str, place: str) -> tuple[OpenLink, ReviewRow, Computed]:
    found, reader = opened(link)
    row = reviewed(reader, found, place)
    figures = computed(reader, found.row, row.cut)
    if isinstance(figures, str):
        raise Http404
    return found, row, figures


def paper_of(link: OpenLink, row: ReviewRow, figures: Computed) -> Paper:
    """Return the paper: nothing on it is of one side alone."""
    letters = {link.row.me: link.row.my_letter, link.row.peer: link.row.their_letter}
    cut = ", ".join(f"{each.lane}:{each.sizes[0]}/{each.sizes[1]}" for each in row.cut.cut)
    return Paper(
        title=_("Review %(place)s: figures of a period") % {"place": row.place},
        lang="zh" if words.is_chinese() else "en",
        running=" · ".join(sorted(letters)),
        foot=figures.digest,
        at=row.said_at,
        blocks=(
            Facts(
                rows=(
                    (_("Period"), f"{times.zulu(row.cut.since)} – {times.zulu(row.cut.until)}"),
                    (_("Looked at"), cut),
                    (_("Digest, equal on both nodes"), figures.digest),
                )
            ),
            *_parts(figures.shown, letters),
        ),
    )


def _parts(found: Shown, letters: dict[str, str]) -> Iterator[Block]:
    for part in (*found.parts, *found.apart):
        asked = _("Asked of side %(letter)s") % {"letter": letters[part.asked]}
        yield Heading(text=f"{asked}: {of_text(part.by, part.of)}" if part.of else asked)
        yield _table(
            (part.inquiries, part.items, *part.marks, *part.states, *part.findings, *part.grounds),
        )
        if part.clocks:
            yield _clocks(part)
    for call in found.calls:
        if not call.urgency:
            yield Heading(text=_("Calls by side %(letter)s") % {"letter": letters[call.caller]})
            yield _table((call.calls, *call.marks, *call.endings))


def _table(numbers: tuple[Number, ...]) -> Table:
    return Table(
        head=(_("What"), _("Number")),
        rows=tuple((code_text(each.code), str(each.count)) for each in numbers),
        widths=(3, 1),
    )


def _clocks(part: PartShown) -> Table:
    return Table(
        head=(_("Clock"), _("counted"), _("in time"), _("late"), _("open, overdue"), _("Median")),
        rows=tuple(
            (
                words.label(row.clock, words.CLOCKS),
                *(str(each.count) for each in (row.whole, row.met, row.missed, row.overdue)),
                "–" if row.median is None else times.span(row.median),
            )
            for row in part.clocks
        ),
        widths=(3, 1, 1, 1, 1, 1),
    )
