"""Parts of the composer that a page asks for by itself, and the table that people take away."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from parley.agencies.middleware import PersonRequest
from parley.composer.actions.editing import bring
from parley.composer.forms.fields import is_field, posted
from parley.composer.forms.tables import table_of
from parley.composer.queries.clocks import clocks_of
from parley.composer.queries.found import found_in
from parley.composer.queries.names import label_of
from parley.composer.queries.work import with_typed, work_on
from parley.composer.views.doors import on_draft
from parley.drafts.actions import ClosedError, Kept, LimitError
from parley.drafts.queries import DraftRow, history_of
from parley.drafts.views import answer_of, base_of, hand, refusal_of
from parley.ledger.readers import OpenLink


@require_POST
@on_draft
def save(request: PersonRequest, _link: OpenLink, draft: DraftRow) -> HttpResponse:
    """Save what a page brings by itself; the answer tells what else changed meanwhile."""
    fields = posted(request.POST.lists())
    try:
        outcome = bring(draft.number, fields, base=base_of(request), by=hand(request))
    except (LimitError, ClosedError) as error:
        return refusal_of(error, label=label_of)
    return answer_of(Kept(number=draft.number, outcome=outcome), is_field=is_field)


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
