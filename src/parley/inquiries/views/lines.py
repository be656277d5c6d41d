"""The rows of a list, ready to be printed: a template that decides fifty times costs more than the query."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.inquiries.queries.batches import BatchRow, Tally
from parley.inquiries.queries.rows import InquiryRow
from parley.ui import pieces, times, words

MAX_TITLE: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An inquiry as a row: texts, and pieces of HTML that hold nothing of anybody's words."""

    href: str
    place: str
    direction: SafeString
    title: str
    ref: str
    items: SafeString
    flags: SafeString
    move: SafeString
    due: SafeString
    urgency: str
    batch: str
    batch_href: str


def lines_of(rows: Iterable[InquiryRow], *, link: str, now: int) -> tuple[Line, ...]:
    """Return `rows` of `link` as they look at `now`."""
    page = reverse("inquiries:page", kwargs={"link": link, "place": "A-0"}).removesuffix("A-0/")
    # What takes few values in a list is made once for all its rows.
    directions = {is_ours: direction_of(is_ours=is_ours) for is_ours in (True, False)}
    urgencies = {code: words.urgency(code) for code in words.URGENCIES}
    items, due = cache(_items), cache(partial(_due, now=now))
    return tuple(
        Line(
            href=f"{page}{row.place.replace(' ', '-')}/",
            place=row.place,
            direction=directions[row.is_ours],
            title=pieces.visible(_short(row.title)),
            ref=row.ref,
            items=items(row.count, row.verdict, tuple(row.states.items())),
            flags=_flags(row, now=now),
            move=pieces.move(row),
            due=due(row.due_at),
            urgency=urgencies.get(row.urgency, row.urgency),
            batch=row.batch_ref,
            batch_href=batch_address(link, row.batch_ref, is_ours=row.is_ours) if row.batch_ref else "",
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch as a row: how many of its inquiries are here, how many of its items are answered."""

    href: str
    ref: str
    direction: SafeString
    inquiries: str
    meter: SafeString


def batch_line(row: BatchRow) -> BatchLine:
    """Return a batch as lists show it."""
    return BatchLine(
        href=batch_address(row.link, row.ref, is_ours=row.is_ours),
        ref=row.ref,
        direction=direction_of(is_ours=row.is_ours),
        inquiries=here_text(row),
        meter=_answered(row.items),
    )


def answered_text(items: Tally) -> str:
    """Return how many of the items are answered."""
    return ngettext(
        "%(done)d of %(total)d item answered", "%(done)d of %(total)d items answered", items.total
    ) % {"done": items.answered, "total": items.total}


def _answered(items: Tally) -> SafeString:
    text = answered_text(items)
    return format_html(
        '<span class="meter"><progress max="{}" value="{}" aria-label="{}"></progress> {}</span>',
        max(items.total, 1),
        items.answered,
        text,
        text,
    )


def direction_of(*, is_ours: bool) -> SafeString:
    """Return which side asks."""
    return pieces.chip("ours", _("we ask")) if is_ours else pieces.chip("theirs", _("they ask"))


def here_text(row: BatchRow) -> str:
    """Return how many of the inquiries that were announced are here."""
    if row.missing:
        return ngettext(
            "%(here)d of %(count)d inquiry is here", "%(here)d of %(count)d inquiries are here", row.announced
        ) % {"here": row.inquiries, "count": row.announced}
    return ngettext("%(count)d inquiry", "%(count)d inquiries", row.inquiries) % {"count": row.inquiries}


def batch_address(link: str, ref: str, *, is_ours: bool) -> str:
    """Return the address of a batch's page: of theirs only if it says so."""
    address = reverse("inquiries:batch", kwargs={"link": link, "ref": ref})
    return address if is_ours else f"{address}?from=theirs"


def _short(title: str) -> str:
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1]}…"


def _items(count: int, verdict: str, states: tuple[tuple[str, int], ...]) -> SafeString:
    """Return how many items there are, and how they stand; or why the inquiry is without effect."""
    counted = ngettext("%(count)d item", "%(count)d items", count) % {"count": count}
    if verdict == "valid":
        return format_html(words.said_of("{}", "{}"), counted, pieces.state_counts(dict(states)))
    why = words.label(verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    return format_html(words.said_of("{}", "{}"), counted, pieces.chip("failed", why))


def _flags(row: InquiryRow, *, now: int) -> SafeString:
    found = (
        ("check", _("crossed"), row.crossed),
        ("check", _("disputed"), row.disputed),
        ("plain", _("closed"), row.is_closed),
        ("plain", _("closed by lapse of time"), row.is_lapsed(now)),
    )
    chips = ((pieces.chip(kind, text),) for kind, text, is_so in found if is_so)
    return format_html_join(" ", "{}", chips)


def _due(seconds: int | None, *, now: int) -> SafeString:
    """Return how long from `now`; when that is, in UTC, stands behind it as its title."""
    moment = None if seconds is None else times.moment_of(seconds)
    if seconds is None or moment is None:
        return format_html('<span class="none">{}</span>', times.zulu(seconds))
    left = seconds - now
    span = times.span(left)
    kind = "act" if left < 0 else "soon" if left < pieces.SOON_SECONDS else "plain"
    said = (_("overdue by %(span)s") if left < 0 else _("in %(span)s")) % {"span": span}
    machine = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html(
        '<span class="due {}"><time datetime="{}" title="{}">{}</time></span>',
        kind,
        machine,
        times.planned(seconds),
        said,
    )
