"""A file for a position paper that is being written: sealed while it comes, kept at home until it is said.

    POST …/files/    the form as it stands, and one file; then the form again, with the file in its list

Nothing of the body is read before it is known who asks, and nothing is kept before the token of the form was
checked; what comes lies nowhere in clear (`inquiries/views/uploading.py`, whose sealing this is).
"""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from parley.agencies.actions import note_act
from parley.agencies.middleware import PersonRequest, streamed
from parley.agencies.policy import may_act
from parley.dialogue.views.finding import SoonError
from parley.dialogue.views.keeping import kept
from parley.dialogue.views.papers import PAPERS, UPLOAD
from parley.dialogue.views.sheet import Asked, form_page, going_on, saying
from parley.drafts.views import see
from parley.hotline.views.keeping import Keeping
from parley.inquiries.views.uploading import SealedUpload, Sealing
from parley.ledger import enclosing
from parley.ledger.lanes import named
from parley.protocol.files import MAX_FILES
from parley.protocol.names import MAIN
from parley.protocol.places import addressed_place


@csrf_exempt  # The token is checked by `_add`, after the file has a place to go to.
@streamed
@require_POST
def add_paper(request: PersonRequest, *, link: str, place: str, kind: str, on: str) -> HttpResponse:
    where = addressed_place(place)
    # A file is sealed for the channel of the statement that it goes with (Spec §5.8.1).
    sealing = Sealing(request, link=named(link, where.lane if where else MAIN))
    request.upload_handlers = [sealing]
    try:
        return _add(request, sealing=sealing, at=(link, place, kind, on))
    except BaseException:
        sealing.upload_interrupted()
        raise


@csrf_protect
def _add(request: PersonRequest, *, sealing: Sealing, at: tuple[str, str, str, str]) -> HttpResponse:
    """Save the form with the file that came, and show it again."""
    link, place, kind, on = at
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    try:
        asked = saying(link, place, kind=kind, on=on, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    if not asked.takes_files:
        raise Http404
    upload = request.FILES.get(UPLOAD)
    problem = _problem(request, sealing, upload)
    if problem or not isinstance(upload, SealedUpload):
        return form_page(request, asked, kept(request, asked.form), errors=[(UPLOAD, problem)], status=422)
    file = enclosing.keep_sealed(settings.HOME, asked.lane, upload.claim(), name=upload.name or "")
    found = _kept_with(request, asked, [*_hashes(request), file.hash.hex()])
    if found.problem:
        enclosing.drop(settings.HOME, file.hash)
        return form_page(request, asked, found, errors=[("", found.problem)], status=413)
    subject = f"{link} {on} {file.hash.hex()[:16]}"
    note_act("file.kept", officer=request.officer.number, subject=subject, now=request.now)
    return see(f"{going_on(asked, found)}#{UPLOAD}")


def without_paper(request: PersonRequest, asked: Asked, digest: str) -> Keeping:
    """Save the form without the file with this hash, which is destroyed if nothing names it yet.

    Raises:
        Http404: the form has no such file.
    """
    hashes = _hashes(request)
    if digest not in hashes:
        raise Http404
    found = _kept_with(request, asked, [each for each in hashes if each != digest])
    file = bytes.fromhex(digest)
    if enclosing.find_kept(settings.HOME, asked.lane, file) is not None:
        enclosing.drop(settings.HOME, file)
        subject = f"{asked.lane} {digest[:16]}"
        note_act("file.dropped", officer=request.officer.number, subject=subject, now=request.now)
    return found


def _hashes(request: PersonRequest) -> list[str]:
    return request.POST.get(PAPERS, "").split()


def _kept_with(request: PersonRequest, asked: Asked, hashes: list[str]) -> Keeping:
    changed = request.POST.copy()
    changed[PAPERS] = " ".join(hashes)
    changed.pop(UPLOAD, None)
    request.POST = changed  # type: ignore[assignment]  # Django lets a form be put in place of what came
    return kept(request, asked.form)


def _problem(request: PersonRequest, sealing: Sealing, upload: object) -> str:
    if sealing.has_no_room:
        return _("There is no room for this file on the disk of this node. Nothing of it was kept.")
    if not isinstance(upload, SealedUpload):
        return _("No file is chosen. Choose one, then add it.")
    if len(_hashes(request)) >= MAX_FILES:
        return _("A statement takes at most 255 files along. This one was not kept.")
    return ""
