"""The page of one draft: four numbered parts, one form, and every button saves first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.composer.actions.editing import unsaved
from parley.composer.forms.fields import posted
from parley.composer.queries.choosing import choices_in
from parley.composer.queries.clocks import clocks_of
from parley.composer.queries.composing import Check, Composition, composition_of, send_text
from parley.composer.queries.found import arrived, found_in
from parley.composer.queries.grid import grid_of
from parley.composer.queries.names import label_of, written_in
from parley.composer.queries.preview import Preview, preview_of
from parley.composer.queries.results import results_of
from parley.composer.queries.work import Work, with_typed, work_on
from parley.composer.views.doors import on_draft
from parley.composer.views.pressing import PART, Pressing, press, salt_of
from parley.drafts.forms import shown_time, two_texts
from parley.drafts.queries import DraftRow
from parley.drafts.views import LANGUAGE, new_page, see, switched
from parley.inquiries.views.showing.enclosed import limits
from parley.ledger.readers import OpenLink

PARTS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the last part shows: the inquiries, what was checked, and what the button counts for."""

    composition: Composition
    preview: Preview
    digest: str
    send_text: str

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.composition.checks

    @property
    def done(self) -> int:
        return sum(check.is_ok for check in self.checks) + self.is_tried

    @property
    def total(self) -> int:
        """Return how many lines the list has. What the record says is one, or one for each reason."""
        faults = bool(self.preview.obstacle) + len(self.preview.refused)
        return len(self.checks) + faults + self.is_tried

    @property
    def is_tried(self) -> bool:
        return self.preview.is_ok and bool(self.preview.shown)

    @property
    def may_send(self) -> bool:
        return self.composition.is_ready and self.preview.is_ok


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def draft(request: PersonRequest, link: OpenLink, row: DraftRow) -> HttpResponse:
    if request.method != "POST":
        return _page(request, work_on(link, row.number, now=request.now))
    return after_press(request, link, row, pressed=press(request, link, row))


def after_press(request: PersonRequest, link: OpenLink, row: DraftRow, *, pressed: Pressing) -> HttpResponse:
    """Return the page to which a button leads, or the same page with what stands in the way."""
    if pressed.errors or pressed.is_unsaved:
        return _again(request, link, row, pressed=pressed)
    address = reverse("composer:draft", kwargs={"link": link.row.name, "number": row.number})
    there = f"{address}?part={pressed.part}#{pressed.anchor}"
    return switched(request, to=there) if LANGUAGE in request.POST else see(there)


def _again(request: PersonRequest, link: OpenLink, row: DraftRow, *, pressed: Pressing) -> HttpResponse:
    work = work_on(link, row.number, now=request.now)
    if pressed.is_unsaved:
        work = with_typed(work, posted(request.POST.lists()))
    return _page(request, work, pressed=pressed)


def _page(request: PersonRequest, work: Work, *, pressed: Pressing | None = None) -> HttpResponse:
    part = pressed.part if pressed else _part(request, work)
    is_closed = work.draft.closed_at is not None
    page = {
        "work": work,
        "draft": work.draft,
        "values": work.values,
        "is_closed": is_closed,
        "part": part,
        "page": new_page(),
        "written": written_in(work.values),
        "for_all": {name: work.values.get(f"all.{name}", "") for name in ("time", "brand")},
        "shown_time": shown_time(work.draft.saved_at),
        "errors": pressed.errors if pressed else (),
        "typed": _typed(request, work) if pressed and pressed.is_unsaved and is_closed else {},
        "conflicts": two_texts(work.conflicts, label=label_of),
        "found": found_in(work, work.values.get("paste", "")),
        "arrived": arrived(work.values),
        "grid": grid_of(work),
        "choices": choices_in(work),
        "clocks": clocks_of(work),
        "results": results_of(work),
        "files": work.files,
        "limits": limits(),
        "seen": _seen(request, work) if part == PART.PREVIEW and not is_closed else None,
    }
    return render(request, "composer/draft.html", page, status=pressed.status if pressed else 200)


def _seen(request: PersonRequest, work: Work) -> Seen:
    composition = composition_of(work)
    return Seen(
        composition=composition,
        preview=preview_of(work, composition, officer=request.officer),
        digest=composition.digest(salt=salt_of(request)),
        send_text=send_text(work, composition),
    )


def _typed(request: PersonRequest, work: Work) -> Mapping[str, str]:
    """Return what was typed into a draft that somebody closed meanwhile, by the name of the field."""
    typed = unsaved(work.draft.number, posted(request.POST.lists()))
    return {label_of(name): value for name, value in typed.items() if value}


def _part(request: PersonRequest, work: Work) -> int:
    said = request.GET.get("part", "")
    if said.isdecimal() and int(said) in PARTS:
        return int(said)
    return PART.ROWS if work.lines else PART.PASTE
