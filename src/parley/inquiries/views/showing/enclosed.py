"""Files as pages show them: those of a form that is not said yet, and those of what was said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from parley.inquiries.forms.saying.keeping import FILES
from parley.inquiries.views.finding import Found
from parley.inquiries.views.showing.timeline import Proof
from parley.ledger.attached import Attached, Attachments, Presence
from parley.ledger.enclosing import Kept, find_kept
from parley.protocol.files import MAX_FILES
from parley.ui import words
from parley.ui.filenames import safe_name
from parley.vault.vault import Vault

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """A file that a form takes along; `kept` is None if it waits here no more."""

    digest: str
    kept: Kept | None

    @property
    def hash(self) -> bytes:
        """Return the hash of the ciphertext."""
        return bytes.fromhex(self.digest)

    @property
    def sha256(self) -> str:
        """Return the hash of what the file holds, in hex."""
        return "" if self.kept is None else self.kept.plain_sha256.hex()


def files_in(form: QueryDict, *, link: str) -> tuple[FormFile, ...]:
    """Return the files of a form, in its order, each once."""
    digests = dict.fromkeys(each for each in form.getlist(FILES) if _HASH.fullmatch(each))
    return tuple(
        FormFile(digest=each, kept=find_kept(settings.HOME, link, bytes.fromhex(each)))
        for each in list(digests)[:MAX_FILES]
    )


def gone_text() -> str:
    """Return the sentence that a file of the form is not here any more."""
    return _("A file of this form is not here any more. Nothing was sent. Take it out, or add it once more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a form can take along, told before anybody uploads: the largest file in bytes, and how many."""

    largest: int
    count: int


def limits() -> Limits:
    """Return how large a file may be now, by the rules of the vault and what is free on its disk."""
    places = Vault(settings.HOME.vault).places
    free = max(0, places.free() - places.room.keep_free)
    return Limits(largest=min(places.room.largest, free), count=MAX_FILES)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file of a statement. `percent` is how much is here of one that is on its way."""

    place: str
    part: int
    name: str
    size: int | None
    sha256: str
    standing: Proof
    percent: int | None
    is_here: bool


def file_lines(found: Found) -> tuple[FileLine, ...]:
    """Return every file of the inquiry's thread, in the order in which it was said."""
    return tuple(_lines(found))


def _lines(found: Found) -> Iterator[FileLine]:
    looking = Attachments(settings.HOME, found.reader)
    for row in found.entries:
        for file in looking.of(found.link.name, row.statement):
            yield line_of(file, place=row.place)


def line_of(file: Attached, *, place: str) -> FileLine:
    """Return a file of the statement at `place`, as pages show it."""
    named = file.named
    return FileLine(
        place=place,
        part=file.part,
        name=name_of(file),
        size=None if named is None else named.size,
        sha256="" if named is None else named.sha256.hex(),
        standing=_standing(file),
        percent=100 * file.come // file.size if file.presence is Presence.COMING else None,
        is_here=file.presence is Presence.HERE,
    )


def name_of(file: Attached) -> str:
    """Return what a file is called on this side, safe to show and to save under."""
    otherwise = f"file-{file.hash.hex()[:8]}"
    return otherwise if file.named is None else safe_name(file.named.name, otherwise=otherwise)


def _standing(file: Attached) -> Proof:
    """Return what is proved of a file: that it is here, and what their node says of it in its own log."""
    if file.presence is Presence.COMING:
        return Proof(chip="soon", text=words.label("coming", words.FILES))
    if file.presence is not Presence.HERE or (file.is_ours and file.told is False):
        text = _("it did not open at their node") if file.is_ours and file.told is False else ""
        return Proof(chip="failed", text=text or words.label(file.presence.value, words.FILES))
    if not file.is_ours:
        return Proof(chip="proved", text=words.label("here", words.FILES))
    if file.told:
        return Proof(chip="proved", text=_("their node says that it has it whole"))
    return Proof(chip="soon", text=_("here; not yet said to be at their node"))
