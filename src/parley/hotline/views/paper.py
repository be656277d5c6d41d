"""A call as a PDF file: to be read, filed and carried into a room without a screen."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.hotline.queries import UnknownCallError, call_page
from parley.hotline.views.showing.paper import paper_of
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def paper(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the paper of the call at `place`, in the language of whoever asks.

    A file is printed, so nothing of it is shown in the browser's own page; and it is kept nowhere, since
    what is said in a call is for these desks only.
    """
    try:
        dossier = call_page(settings.HOME, link, place, now=request.now)
    except UnknownCallError as error:
        raise Http404 from error
    return HttpResponse(
        printed(paper_of(dossier)),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="call-{link}-{place}.pdf"',
            "Cache-Control": "no-store",
        },
    )
