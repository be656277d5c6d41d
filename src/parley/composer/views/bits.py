"""Parts of the composer that a page asks for by itself, and the table that people take away."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parley.agencies.middleware import PersonRequest
from parley.composer.actions.editing import bring
from parley.composer.forms.fields import is_field, posted
from parley.composer.forms.tables import table_of
from parley.composer.queries.clocks import clocks_of
from parley.composer.queries.found import found_in
from parley.composer.queries.names import label_of
from parley.composer.queries.work import with_typed, work_on
from parley.composer.views.doors import base_of, hand, on_draft
from parley.composer.views.limits import said_of_limit
from parley.drafts.actions import ClosedError, LimitError, Outcome
from parley.drafts.queries import DraftRow, find_draft, history_of
from parley.ledger.readers import OpenLink


@require_POST
@on_draft
def save(request: PersonRequest, _link: OpenLink, draft: DraftRow) -> HttpResponse:
    """Save what a page brings by itself; the answer tells what else changed meanwhile."""
    fields = posted(request.POST.lists())
    try:
        outcome = bring(draft.number, fields, base=base_of(request), by=hand(request))
    except LimitError as error:
        return JsonResponse({"reason": said_of_limit(error)}, status=413)
    except ClosedError:
        reason = _("Draft %(number)d is closed. Nothing of this was saved.") % {"number": draft.number}
        return JsonResponse({"reason": reason}, status=422)
    saved_at = find_draft(draft.number).saved_at
    return JsonResponse(
        {
            "revision": outcome.revision,
            "saved_at": saved_at,
            "shown": shown_time(saved_at),
            "number": draft.number,
            "conflicts": _told(outcome),
        }
    )


def shown_time(seconds: int) -> str:
    """Return the time of the day in UTC, such as ``09:14:07Z``."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%H:%M:%SZ")


def _told(outcome: Outcome) -> list[dict[str, object]]:
    conflicts = [(each.field, each.theirs, each.by, each.at) for each in outcome.conflicts]
    changed = [(each.field, each.value, each.by, each.at) for each in outcome.changed]
    return [
        {"field": field, "theirs": theirs, "by": by, "at": shown_time(at)}
        for field, theirs, by, at in (*conflicts, *changed)
        if is_field(field)
    ]


@require_POST
@on_draft
def found(request: PersonRequest, link: OpenLink, draft: DraftRow) -> HttpResponse:
    work = work_on(link, draft.number, now=request.now)
    text = posted(request.POST.lists()).get("paste", "")
    return render(request, "composer/_found.html", {"found": found_in(work, text)})


@require_POST
@on_draft
def clocks(request: PersonRequest, link: OpenLink, draft: DraftRow) -> HttpResponse:
    work = with_typed(work_on(link, draft.number, now=request.now), posted(request.POST.lists()))
    return render(request, "composer/_clocks.html", {"clocks": clocks_of(work)})


@require_safe
@on_draft
def table(request: PersonRequest, link: OpenLink, draft: DraftRow) -> HttpResponse:
    work = work_on(link, draft.number, now=request.now)
    raw = table_of(work.lines, work.choices.item_type)
    name = f"draft-{draft.number}.csv"
    return HttpResponse(
        raw,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@on_draft
def history(request: PersonRequest, _link: OpenLink, draft: DraftRow, field: str) -> HttpResponse:
    versions = history_of(draft.number, field) if is_field(field) else ()
    if not versions:
        raise Http404
    page = {"draft": draft, "label": label_of(field), "versions": versions}
    return render(request, "composer/history.html", page)
