"""Files for a form of this room, or of one above: sealed while they come, kept at home until they are said.

    POST …/files/    the form as it stands, and one file behind it; then the form again

As for an inquiry (`inquiries/views/uploading.py`): a file of any size takes no more memory than a small one,
and lies nowhere in clear. Nothing of the body is read before it is known who asks, and nothing is kept before
the token of the form was checked.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect

from parley.agencies.actions import note_act
from parley.agencies.middleware import PersonRequest
from parley.drafts import actions as drafts
from parley.drafts.queries import values_of
from parley.drafts.views import hand, see
from parley.inquiries.views.uploading import FIELD, SealedUpload, Sealing
from parley.ledger import enclosing
from parley.protocol.sharing.bodies import MAX_CONTENT
from parley.sharing.views.form import FILES
from parley.sharing.views.keeping import Keeping, Sheet, kept
from parley.sharing.views.talking import cannot, show


def uploaded(request: PersonRequest, link: str, *, find: Callable[[], Sheet | HttpResponse]) -> HttpResponse:
    """Take the file that comes with a form on `link`; `find` looks up the form once the token is checked."""
    sealing = Sealing(request, link=link)
    request.upload_handlers = [sealing]
    try:
        return _add(request, sealing, find)
    except BaseException:
        sealing.upload_interrupted()
        raise


@csrf_protect
def _add(request: PersonRequest, sealing: Sealing, find: Callable[[], Sheet | HttpResponse]) -> HttpResponse:
    """Save the form with the file that came, and show it again."""
    sheet = find()
    if isinstance(sheet, HttpResponse):
        return sheet
    upload = request.FILES.get(FIELD)
    problem = _problem(request, sealing, upload)
    if not sheet.is_offered:
        kept(request, sheet)
        return cannot(request, sheet)
    if problem or not isinstance(upload, SealedUpload):
        return show(request, sheet, kept(request, sheet), errors=[(FIELD, problem)], status=422)
    file = enclosing.keep_sealed(settings.HOME, sheet.link, upload.claim(), name=upload.name or "")
    digest = file.hash.hex()
    found = _kept_with(request, sheet, digest)
    if found.problem:
        enclosing.drop(settings.HOME, file.hash)
        return show(request, sheet, found, errors=[("", found.problem)], status=413)
    if found.draft is not None:
        _ensure(found.draft.number, digest, request=request)
    subject = f"{sheet.link} {digest[:16]}"
    note_act("file.kept", officer=request.officer.number, subject=subject, now=request.now)
    return see(f"{sheet.going_on(found.draft)}#files-title")


def _kept_with(request: PersonRequest, sheet: Sheet, digest: str) -> Keeping:
    with_it = request.POST.copy()
    with_it.appendlist(FILES, digest)
    request.POST = with_it  # type: ignore[assignment]  # Django lets a form be put in place of what came
    return kept(request, sheet)


def _ensure(number: int, digest: str, *, request: PersonRequest) -> None:
    """Let the draft hold the file: what was typed while it came was saved before, and made the form old."""
    held = values_of(number, [FILES]).get(FILES, "").split()
    if digest not in held:
        drafts.put(number, {FILES: "\n".join([*held, digest])}, by=hand(request))


def _problem(request: PersonRequest, sealing: Sealing, upload: object) -> str:
    if sealing.has_no_room:
        return _("There is no room for this file on the disk of this node. Nothing of it was kept.")
    if not isinstance(upload, SealedUpload):
        return _("No file is chosen. Choose one, then add it.")
    if len(request.POST.getlist(FILES)) >= MAX_CONTENT - 1:
        most = ngettext(
            "At most %(n)d file goes along. This one was not kept.",
            "At most %(n)d files go along. This one was not kept.",
            MAX_CONTENT - 1,
        )
        return most % {"n": MAX_CONTENT - 1}
    return ""
