"""A joint case as a PDF file: to be read, filed and carried into a room without a screen."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.cases.views.finding import case_called
from parley.cases.views.showing.casepaper import paper_of
from parley.ledger.readers import reader_of
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def paper(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the paper of the case at `place`, in the language of whoever asks."""
    reader = reader_of(settings.HOME)
    if reader is None:
        raise Http404
    made = paper_of(reader, case_called(link, place, now=request.now))
    return HttpResponse(
        printed(made),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="case-{link}-{place}.pdf"',
            "Cache-Control": "no-store",
        },
    )
