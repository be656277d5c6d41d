"""The letter of an inquiry and the answer to it as PDF files: in both languages, the same on both nodes."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.views.finding import Found, find_inquiry
from parley.inquiries.views.showing.paper import NotToldError, request_paper
from parley.inquiries.views.showing.reply import NoAnswerError, reply_paper
from parley.ui.paper.blocks import Paper
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def letter(_request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the letter in which something is asked."""
    return _file(find_inquiry(link, place), request_paper, name=f"inquiry-{link}-{place}.pdf")


@require_safe
def reply(_request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the letter in which it is answered or refused; there is none before that."""
    return _file(find_inquiry(link, place), reply_paper, name=f"answer-{link}-{place}.pdf")


def file_of(found: Found, paper_of: Callable[[Found], Paper]) -> bytes:
    """Return a letter as a file, the same in whatever language it is asked for.

    Raises:
        NotToldError, NoAnswerError: as `paper_of`.
    """
    with override("en"):
        return printed(paper_of(found))


def _file(found: Found, paper_of: Callable[[Found], Paper], *, name: str) -> HttpResponse:
    try:
        content = file_of(found, paper_of)
    except (NotToldError, NoAnswerError) as error:
        raise Http404 from error
    return HttpResponse(
        content,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
