"""The Status Report: as a page, as the bytes that both nodes write, and on paper."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.cases.queries import CutError, StatusReport, status_report
from parley.cases.views.showing.paper import paper_of
from parley.cases.views.showing.telling import in_language
from parley.ledger.casebook import Cut
from parley.ledger.readers import reader_of
from parley.ledger.reading import LinkRow
from parley.protocol.act import id_text
from parley.ui import casewords, words
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def report(request: PersonRequest, link: str) -> HttpResponse:
    found = report_of(request, link)
    lines = [
        (
            found.places[id_text(case.id)],
            in_language(found.titles[id_text(case.id)]),
            words.label(case.state.value, casewords.STATES),
            words.clauses(
                words.label(each.current.standing.value, casewords.STANDINGS) for each in case.findings
            ),
            words.clauses(words.label(each.state.value, casewords.TASKS) for each in case.tasks),
        )
        for case in found.cases
    ]
    cut = "/".join(str(found.cut[node]) for node in sorted(found.cut))
    return render(request, "cases/report.html", {"page": found, "lines": lines, "cut": cut, "link": link})


@require_safe
def report_bytes(request: PersonRequest, link: str) -> HttpResponse:
    found = report_of(request, link)
    return _file(found.bytes, f"status-report-{link}.json", media_type="application/json")


@require_safe
def report_paper(request: PersonRequest, link: str) -> HttpResponse:
    """Answer with the paper of the report, in the language of whoever asks."""
    found = report_of(request, link)
    return _file(printed(paper_of(found)), f"status-report-{link}.pdf", media_type=MEDIA_TYPE)


def _file(content: bytes, name: str, *, media_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def report_of(request: PersonRequest, link: str) -> StatusReport:
    """Return the report on `link` at the cut of the address (``?cut=112/97``), else the newest.

    Raises:
        Http404: there is no such link, or so much is not here.
    """
    reader = reader_of(settings.HOME)
    row = None if reader is None else reader.link(link)
    if reader is None or row is None:
        raise Http404
    try:
        return status_report(reader, row, cut=_cut(row, request.GET.get("cut", "")))
    except CutError as error:
        raise Http404 from error


def _cut(link: LinkRow, text: str) -> Cut | None:
    if not text:
        return None
    one, _slash, two = text.partition("/")
    if not (one.isascii() and two.isascii() and one.isdecimal() and two.isdecimal()):
        raise Http404
    if max(len(one), len(two)) > len(str(2**53)):
        raise Http404
    first, second = sorted((link.me, link.peer))
    return {first: int(one), second: int(two)}
