"""What was delivered: saved under a name that tells how it may be handled, or looked at, made safe.

    saved      attachment, never shown by the browser: `TLP-AMBER PAP-GREEN A-170 bots.csv`
    looked at  the first lines of a text, on a page of ours: no address in it can be taken for a link

Source: security I2, I7; screens U-30.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.views.files import download
from parley.inquiries.views.showing.enclosed import FileLine, line_of, name_of
from parley.ledger.attached import Attached, Attachments, PartError, Presence
from parley.ledger.readers import reader_of
from parley.ledger.reading import Reader
from parley.sharing.queries import Dossier
from parley.sharing.views.finding import share_called
from parley.ui import words
from parley.ui.defang import defang
from parley.ui.filenames import safe_name
from parley.vault.plain import DamagedError

LOOKED_BYTES: Final = 64 * 1024
LOOKED_LINES: Final = 500
# What a program could take for an address: something with a dot between two signs, or a scheme.
_ADDRESS: Final = re.compile(r"[^\s\"'<>,;|()]*[^\s\"'<>,;|().][.:][^\s\"'<>,;|()]+")


def files_delivered(dossier: Dossier) -> tuple[FileLine, ...]:
    """Return the files that were delivered, in their order; none before that."""
    return tuple(line_of(each, place=_place(dossier)) for each in _attached(dossier))


def _attached(dossier: Dossier) -> tuple[Attached, ...]:
    reader = reader_of(settings.HOME)
    if dossier.delivery is None or reader is None:
        return ()
    return Attachments(settings.HOME, reader).of(dossier.link.name, dossier.delivery)


def _place(dossier: Dossier) -> str:
    told = None if dossier.delivery is None else dossier.timeline.at(dossier.delivery)
    return "" if told is None else told.place


def handling(dossier: Dossier) -> str:
    """Return how what is shared may be handled: its two marks, and the conditions that hold."""
    row = dossier.row
    marks = f"TLP:{row.tlp} · PAP:{row.pap}"
    return f"{marks} · {words.labelled(row.conditions, words.CODES)}" if row.conditions else marks


@require_safe
def save_file(request: PersonRequest, *, link: str, place: str, part: int) -> HttpResponseBase:
    dossier, file = _found(request, link, place, part=part)
    answer: HttpResponseBase = download(
        request, link=link, place=_place(dossier).replace(" ", "-"), part=part
    )
    if answer.status_code == 200:
        row = dossier.row
        marked = f"TLP-{row.tlp} PAP-{row.pap} {row.place_path} {name_of(file)}"
        name = safe_name(marked, otherwise=row.place_path)
        answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


@require_safe
def look(request: PersonRequest, *, link: str, place: str, part: int) -> HttpResponse:
    dossier, file = _found(request, link, place, part=part)
    if file.presence is not Presence.HERE:
        raise Http404
    reader = reader_of(settings.HOME)
    assert reader is not None, "it was found in the record"
    try:
        begin, is_more = _begin(reader, file)
    except (FileNotFoundError, PartError, DamagedError) as error:
        raise Http404 from error
    lines = list(_lines(begin))
    page = {
        "row": dossier.row,
        "name": name_of(file),
        "part": part,
        "handling": handling(dossier),
        "is_text": b"\0" not in begin,
        "lines": lines[:LOOKED_LINES],
        "is_more": is_more or len(lines) > LOOKED_LINES,
    }
    return render(request, "sharing/look.html", page)


def _found(request: PersonRequest, link: str, place: str, *, part: int) -> tuple[Dossier, Attached]:
    dossier = share_called(link, place, now=request.now)
    file = next((each for each in _attached(dossier) if each.part == part), None)
    if file is None:
        raise Http404
    return dossier, file


def _begin(reader: Reader, file: Attached) -> tuple[bytes, bool]:
    with Attachments(settings.HOME, reader).open(file) as plain:
        return plain.read_at(0, LOOKED_BYTES), plain.size > LOOKED_BYTES


def _lines(begin: bytes) -> Iterator[str]:
    for line in begin.decode("utf-8-sig", "replace").splitlines():
        yield _ADDRESS.sub(lambda found: defang(found[0]), line)
