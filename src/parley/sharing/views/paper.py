"""An offer as a PDF file: what both sides hold of it, and none of its content."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import reader_of
from parley.sharing.views.finding import share_called
from parley.sharing.views.showing.paper import paper_of
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def paper(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the paper of the offer at `place`, in the language of whoever asks."""
    reader = reader_of(settings.HOME)
    if reader is None:
        raise Http404
    made = paper_of(reader, share_called(link, place, now=request.now))
    return HttpResponse(
        printed(made),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="offer-{link}-{place}.pdf"',
            "Cache-Control": "no-store",
        },
    )
