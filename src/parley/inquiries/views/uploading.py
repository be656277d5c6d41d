"""Files for a form that is being filled in: sealed while they come, kept at home until they are said.

    POST …/say/<verb>/files/    the form as it stands, and one file behind it; then the form again

A file of any size takes no more memory than a small one, and lies nowhere in clear: what comes is
sealed piece by piece into the vault (`vault.Adding`). Nothing of the body is read before it is known
who asks, and nothing is kept before the token of the form was checked. Source: screens §6; security I2.
"""

from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from parley.agencies.actions import note_act
from parley.agencies.middleware import PersonRequest, streamed
from parley.drafts import actions as drafts
from parley.drafts.queries import values_of
from parley.drafts.views import hand, see
from parley.inquiries.forms.saying.desk import Problem
from parley.inquiries.forms.saying.keeping import FILES
from parley.inquiries.views.keeping import Keeping, address_of, kept
from parley.inquiries.views.saying import sheet_of, show_form
from parley.inquiries.views.sheet import Sheet
from parley.ledger import enclosing
from parley.ledger.drafts import UnknownLinkError
from parley.ledger.lanes import named
from parley.protocol.files import MAX_FILES
from parley.protocol.names import MAIN
from parley.protocol.places import addressed_place
from parley.vault.vault import Adding, NoRoomError, Sealed

FIELD: Final = "evidence"


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # what it is generic in exists in the stubs alone
    """A file that came whole, and is gone at the end of the request unless somebody claims it."""

    def __init__(self, adding: Adding, *, name: str) -> None:
        super().__init__(name=name)
        self._adding = adding

    def claim(self) -> Sealed:
        """Return the file as it lies in the vault from now on."""
        return self._adding.keep()

    def close(self) -> None:
        """Let go of the file; what nobody claimed is gone."""
        self._adding.close()


class Sealing(FileUploadHandler):
    """Seals the one file of the form; `has_no_room` says that the disk would not take it."""

    chunk_size = 1024 * 1024

    def __init__(self, request: PersonRequest, *, link: str) -> None:
        super().__init__(request)
        self.has_no_room = False
        self._link = link
        self._adding: Adding | None = None

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin to seal."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        if self.field_name != FIELD or self._adding is not None:
            raise SkipFile
        try:
            self._adding = enclosing.begin(settings.HOME, self._link)
        except UnknownLinkError as error:
            raise SkipFile from error
        except NoRoomError as error:
            raise self._full() from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's name
        """Seal what came."""
        assert self._adding is not None
        try:
            self._adding.write(raw_data)
        except NoRoomError as error:
            raise self._full() from error

    def _full(self) -> StopUpload:
        self.has_no_room = True
        self.upload_interrupted()
        # The rest is read and thrown away: a browser that is cut off shows no answer.
        return StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> SealedUpload:  # noqa: ARG002 - Django's name
        """Return the file, sealed."""
        assert self._adding is not None
        return SealedUpload(self._adding, name=self.file_name or "")

    def upload_interrupted(self) -> None:
        """Leave nothing of a file that broke off."""
        if self._adding is not None:
            self._adding.close()


@csrf_exempt  # The token is checked by `_add`, after the file has a place to go to.
@streamed
@require_POST
def add_file(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    where = addressed_place(place)
    # A file is sealed for the channel of the statement that it goes with (Spec §5.8.1).
    sealing = Sealing(request, link=named(link, where.lane if where else MAIN))
    request.upload_handlers = [sealing]
    try:
        return _add(request, sealing=sealing, at=(link, place, verb))
    except BaseException:
        sealing.upload_interrupted()
        raise


@csrf_protect
def _add(request: PersonRequest, *, sealing: Sealing, at: tuple[str, str, str]) -> HttpResponse:
    """Save the form with the file that came, and show it again."""
    link, place, verb = at
    sheet = sheet_of(request, link, place, verb=verb)
    if isinstance(sheet, HttpResponse):
        return sheet
    upload = request.FILES.get(FIELD)
    problem = _problem(request, sealing, upload)
    if problem or not isinstance(upload, SealedUpload):
        problems = (Problem(anchor=FIELD, text=problem),)
        return show_form(request, sheet, kept(request, sheet), problems=problems, status=422)
    file = enclosing.keep_sealed(settings.HOME, sheet.found.lane, upload.claim(), name=upload.name or "")
    with_it = request.POST.copy()
    with_it.appendlist(FILES, file.hash.hex())
    found = _kept_as(request, sheet, with_it)
    if found.problem:
        enclosing.drop(settings.HOME, file.hash)
        return show_form(
            request, sheet, found, problems=(Problem(anchor="", text=found.problem),), status=413
        )
    if found.draft is not None:
        _ensure(found.draft.number, file.hash.hex(), request=request)
    note_act(
        "file.kept",
        officer=request.officer.number,
        subject=f"{link} {place} {file.hash.hex()[:16]}",
        now=request.now,
    )
    return see(f"{address_of(sheet, found.draft)}#files-title")


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
    if len(request.POST.getlist(FILES)) >= MAX_FILES:
        return _("A statement takes at most 255 files along. This one was not kept.")
    return ""


def _kept_as(request: PersonRequest, sheet: Sheet, posted: object) -> Keeping:
    request.POST = posted  # type: ignore[assignment]  # Django lets a form be put in place of what came
    return kept(request, sheet)
