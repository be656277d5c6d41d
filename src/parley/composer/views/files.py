"""A file for a draft of inquiries, sealed while it comes (`inquiries/views/uploading.py`)."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest, streamed
from parley.composer.actions.filing import add_file
from parley.composer.queries.filed import hashes_in
from parley.composer.views.doors import on_draft
from parley.composer.views.draft import after_press
from parley.composer.views.pressing import PART, Pressing, press
from parley.drafts.queries import DraftRow, values_of
from parley.drafts.views import hand
from parley.inquiries.views.uploading import FIELD, SealedUpload, Sealing
from parley.ledger import enclosing
from parley.ledger.readers import OpenLink
from parley.protocol.files import MAX_FILES


@csrf_exempt  # The token is checked by `_add`, after the file has a place to go to.
@streamed
@require_POST
def take_file(request: PersonRequest, *, link: str, number: int) -> HttpResponse:
    sealing = Sealing(request, link=link)
    request.upload_handlers = [sealing]
    try:
        return _add(request, link, number=number, sealing=sealing)
    except BaseException:
        sealing.upload_interrupted()
        raise


@csrf_protect
def _add(request: PersonRequest, link: str, *, number: int, sealing: Sealing) -> HttpResponse:
    """Save the form with the file that came, and show it again."""

    @on_draft
    def add(request: PersonRequest, found: OpenLink, row: DraftRow) -> HttpResponse:
        upload = request.FILES.get(FIELD)
        pressed = press(request, found, row)
        problem = _problem(row, sealing, upload)
        if pressed.errors or pressed.is_unsaved:
            return after_press(request, found, row, pressed=pressed)
        if problem or not isinstance(upload, SealedUpload):
            fault = Pressing(part=PART.ASK, errors=((FIELD, problem),), status=422)
            return after_press(request, found, row, pressed=fault)
        kept = enclosing.keep_sealed(settings.HOME, link, upload.claim(), name=upload.name or "")
        add_file(row.number, kept, by=hand(request))
        return after_press(request, found, row, pressed=Pressing(part=PART.ASK, anchor="files-title"))

    return add(request, link=link, number=number)


def _problem(row: DraftRow, sealing: Sealing, upload: object) -> str:
    if sealing.has_no_room:
        return _("There is no room for this file on the disk of this node. Nothing of it was kept.")
    if not isinstance(upload, SealedUpload):
        return _("No file is chosen. Choose one, then add it.")
    if len(hashes_in(values_of(row.number, ["files"]))) >= MAX_FILES:
        return _("A statement takes at most 255 files along. This one was not kept.")
    return ""
