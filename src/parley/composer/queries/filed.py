"""The files that go along with the inquiries of a draft, and whether they still wait here."""

import re
from collections.abc import Mapping
from typing import Final

from django.conf import settings

from parley.inquiries.views.showing.enclosed import FormFile
from parley.ledger.enclosing import Kept, find_kept
from parley.protocol.files import MAX_FILES

FILES: Final = "files"
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def hashes_in(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the hashes in the field of a draft, each once, in order."""
    found = (each for each in values.get(FILES, "").split() if _HASH.fullmatch(each))
    return tuple(dict.fromkeys(found))[:MAX_FILES]


def filed_in(values: Mapping[str, str], *, link: str) -> tuple[FormFile, ...]:
    """Return the files of a draft on `link`."""
    return tuple(
        FormFile(digest=each, kept=find_kept(settings.HOME, link, bytes.fromhex(each)))
        for each in hashes_in(values)
    )


def kept_in(files: tuple[FormFile, ...]) -> Mapping[str, Kept]:
    """Return those that still wait here, by hash."""
    return {each.digest: each.kept for each in files if each.kept is not None}
