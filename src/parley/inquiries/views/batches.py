"""The page of a batch: how many of its inquiries are here, how its items stand, per bank and per kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.queries.batches import BatchFigures, Tally, UnknownBatchError, show_batch
from parley.inquiries.queries.paging import Sort
from parley.inquiries.views.asked import OURS, THEIRS, Asked, spot_in
from parley.inquiries.views.lines import answered_text, batch_address, direction_of, here_text, lines_of
from parley.inquiries.views.listing import moves_of, opened_link, page_at
from parley.ui import pieces, words

DIRECTIONS: Final = {OURS: True, THEIRS: False}


class RefConverter:
    """A batch's number in an address: letters, figures, dot, hyphen, underscore; the rest as ``~2F``.

    A number may hold any printable ASCII. What browsers, proxies and file systems take for
    something of their own (slash, per cent, question mark, two dots) never stands there.
    """

    regex = r"(?:[A-Za-z0-9_-]|\.|~[0-9A-F]{2})+"

    def to_python(self, value: str) -> str:
        """Return the number that `value` writes."""
        return re.sub(r"~([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), value)

    def to_url(self, value: str) -> str:
        """Return `value` as it stands in an address."""
        written = re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"~{ord(found[0]):02X}", value)
        return written.replace(".", "~2E") if set(written) <= {"."} else written


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The items of one bank, or of one kind."""

    name: str
    meter: SafeString
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A table of groups; `more` says what is not in it."""

    title: str
    head: str
    groups: tuple[Group, ...]
    more: str = ""


@require_safe
def batch(request: PersonRequest, link: str, ref: str) -> HttpResponse:
    opened_link(link)
    figures = find_batch(request, link, ref)
    row = figures.batch
    asked = asked_for(figures, request)
    page = page_at(asked, link=link, now=request.now)
    return render(
        request,
        "inquiries/batch.html",
        {
            "batch": row,
            "direction": direction_of(is_ours=row.is_ours),
            "glance": _glance(figures),
            "meter": pieces.meter(row.items.answered, row.items.total),
            "rest": _rest(figures),
            "inquiries": here_text(row),
            "panels": _panels(figures),
            "lines": lines_of(page.rows, link=link, now=request.now),
            "moves": moves_of(asked, page),
            "side": OURS if row.is_ours else THEIRS,
            "other": batch_address(link, ref, is_ours=not row.is_ours) if figures.has_other else "",
        },
    )


def _glance(figures: BatchFigures) -> str:
    """Return the sentence that answers what most people come for: inquiries, items, how many answered."""
    items = figures.batch.items
    inquiries = figures.batch.inquiries
    return words.clauses(
        [
            words.listed(
                [
                    ngettext("%(count)d inquiry", "%(count)d inquiries", inquiries) % {"count": inquiries},
                    ngettext("%(count)d item", "%(count)d items", items.total) % {"count": items.total},
                ]
            ),
            answered_text(items),
        ]
    )


def _rest(figures: BatchFigures) -> str:
    items = figures.batch.items
    counts = (
        (_("%(count)d open"), items.open),
        (_("%(count)d overdue"), figures.overdue),
        (_("%(count)d refused"), items.refused),
        (_("%(count)d withdrawn"), items.withdrawn),
    )
    return words.listed(text % {"count": count} for text, count in counts if count)


def _panels(figures: BatchFigures) -> tuple[Panel, ...]:
    more = (
        ngettext("and %(count)d more bank: see the table", "and %(count)d more banks: see the table", count)
        % {"count": count}
        if (count := figures.more_brands)
        else ""
    )
    kinds = {"phishing_site": _("phishing sites"), "information": _("information")}
    brands = ((pieces.visible(tally.name) or _("no bank named"), tally) for tally in figures.brands)
    return (
        Panel(title=_("Per bank"), head=_("Bank"), groups=_groups(brands), more=more),
        Panel(
            title=_("Per kind of item"),
            head=_("Kind"),
            groups=_groups((kinds.get(tally.name, tally.name), tally) for tally in figures.kinds),
        ),
    )


def _groups(tallies: Iterable[tuple[str, Tally]]) -> tuple[Group, ...]:
    return tuple(
        Group(name=name, meter=pieces.meter(tally.answered, tally.total), tally=tally)
        for name, tally in tallies
    )


def find_batch(request: PersonRequest, link: str, ref: str) -> BatchFigures:
    """Return the batch that an address names; of theirs if it says ``?from=theirs``, or there is no other.

    Raises:
        Http404: nothing of it is here.
    """
    side = DIRECTIONS.get(request.GET.get("from", ""))
    try:
        return show_batch(link, ref, is_ours=side, now=request.now)
    except UnknownBatchError as error:
        raise Http404 from error


def asked_for(figures: BatchFigures, request: PersonRequest) -> Asked:
    """Return the list of the batch's inquiries, and the place in it that the address names."""
    row = figures.batch
    side = OURS if row.is_ours else THEIRS
    given = {"direction": side, "batch": row.ref, "sort": Sort.OLDEST.value}
    return Asked(given=given, spot=spot_in(request.GET), kept={"from": side})
