"""What is public of a round: the list, who released it and when, and the files by which anybody checks it.

These pages ask for no person. Nothing is shown here before this node itself has released the list; and what
is shown is what the page `outcome.html` finds out by itself, without this node (Spec §17.10.4, §17.10.5).
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import public
from parley.dialogue.queries import PublicList, files_of, public_list
from parley.ledger.readers import reader_of


@public
@require_safe
def outcome(request: HttpRequest, digest: str) -> HttpResponse:
    found = _found(digest)
    page = {
        "page": found,
        "clauses": found.found.outcomes.clauses,
        "released": found.sealed_at.items(),
        "files": sorted(files_of(found.found)),
    }
    return render(request, "dialogue/public.html", page)


@public
@require_safe
def file(_request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """Answer with one of the files, to be kept."""
    content = files_of(_found(digest).found).get(name)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _found(digest: str) -> PublicList:
    reader = reader_of(settings.HOME)
    found = None if reader is None else public_list(reader, digest)
    if found is None:
        raise Http404
    return found
