"""Evidence for a judge as one file, of a whole link or of one inquiry. It is handed over, and not kept."""

import tempfile

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest
from parley.ledger.chosen import Choice
from parley.ledger.export import NothingReceiptedError
from parley.ledger.zipping import TooLargeError
from parley.links import queries
from parley.links.actions import By, export_evidence
from parley.links.views.links import chosen
from parley.signer.desk import NoSignerError
from parley.work.lock import LockedError


@require_POST
def evidence(request: PersonRequest, link: str) -> FileResponse | HttpResponse:
    found = chosen(link)
    place = request.POST.get("inquiry", "")
    try:
        thread = queries.thread_at(settings.HOME, found, place) if place else None
    except queries.UnknownStatementError as error:
        raise Http404 from error
    choice = Choice(thread=thread, with_content="without_content" not in request.POST)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it, when it is sent
    by = By(officer=request.officer, key="", now=request.now)
    try:
        export_evidence(settings.HOME, found.row.name, file, choice=choice, subject=place, by=by)
    except (NothingReceiptedError, TooLargeError, NoSignerError, LockedError) as error:
        file.close()
        reason = {NothingReceiptedError: "early", TooLargeError: "large"}
        page = {"row": found.row, "reason": reason.get(type(error), "signer")}
        return render(request, "links/no_evidence.html", page, status=409)
    file.seek(0)
    name = f"{link}-{place}.zip" if place else f"{link}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
