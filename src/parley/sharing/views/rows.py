"""Rows that are pasted into a form: they never lie at home in clear, not even in a draft.

    typed       the rows, as they stand in the field
    draft       the hash of the file in which they lie sealed, 64 hex digits; anew whenever they changed
    offered     the file goes aside with the offer, as one that was uploaded (`ledger/sealed.py`)

A draft keeps every version for ever; what the other side declined must be gone for good. So the draft has
the hash alone, and what no version in force names any more is destroyed with the save that replaced it.
"""

import hashlib
import io
import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.drafts.queries import DraftRow, history_of, show_draft
from parley.ledger import enclosing
from parley.ledger.enclosing import Kept
from parley.ledger.sealed import open_sealed
from parley.protocol.part import PartError
from parley.vault.plain import DamagedError

FIELD: Final = "rows"
NAME: Final = "rows.csv"
MAX_SIZE: Final = 1024 * 1024
"""In bytes; more is uploaded as a file."""
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class LongRowsError(Exception):
    """The rows have `found` bytes, more than `MAX_SIZE`."""

    def __init__(self, found: int) -> None:
        super().__init__(f"expected at most {MAX_SIZE} bytes of rows, found {found}")
        self.found = found


def said_of_long(error: LongRowsError) -> str:
    """Return what happened, what is safe, and what to do."""
    told = _(
        "The rows have %(found)d KB, of at most %(most)d. Nothing of this page was saved; it is still here. "
        "Add them as a file instead."
    )
    return told % {"found": error.found // 1024, "most": MAX_SIZE // 1024}


def sealed(request: PersonRequest, link: str, draft: DraftRow | None) -> dict[str, str]:
    """Seal the rows that a form brings, and return the field of the draft that stands for them.

    Nothing, where the form brings none; rows that are the same as before are not sealed again.

    Raises:
        LongRowsError: they are too long. NoRoomError: the disk is low. Nothing was sealed.
    """
    if FIELD not in request.POST:
        return {}
    content = request.POST[FIELD].replace("\r\n", "\n").encode("utf-8", "surrogatepass")
    if len(content) > MAX_SIZE:
        raise LongRowsError(len(content))
    if not content.strip():
        return {FIELD: ""}
    current = "" if draft is None else show_draft(draft.number).values.get(FIELD, "")
    lying = found(current, link=link)
    if lying is not None and lying.plain_sha256 == hashlib.sha256(content).digest():
        return {FIELD: current}
    kept = enclosing.keep(settings.HOME, link, io.BytesIO(content), name=NAME)
    return {FIELD: kept.hash.hex()}


def found(digest: str, *, link: str) -> Kept | None:
    """Return the file in which rows lie sealed for `link`; None if they do not."""
    return (
        enclosing.find_kept(settings.HOME, link, bytes.fromhex(digest)) if _HASH.fullmatch(digest) else None
    )


def opened(digest: str, *, link: str) -> str:
    """Return the rows as they were typed; "" if they are not here any more."""
    lying = found(digest, link=link)
    if lying is None:
        return ""
    try:
        with open_sealed(settings.HOME, lying) as plain:
            return plain.read_at(0, MAX_SIZE).decode("utf-8", "surrogatepass")
    except (FileNotFoundError, PartError, DamagedError):
        return ""


def named(draft: DraftRow | None) -> frozenset[str]:
    """Return the hashes that any version of the draft names."""
    return frozenset() if draft is None else frozenset(each.value for each in history_of(draft.number, FIELD))


def destroy_unnamed(digests: Iterable[str], *, number: int | None) -> None:
    """Destroy those of the files that draft `number` names no more, in force or aside."""
    held = set()
    if number is not None:
        shown = show_draft(number)
        aside = (text for each in shown.conflicts if each.field == FIELD for text in (each.mine, each.theirs))
        held = {shown.values.get(FIELD, ""), *aside}
    for digest in set(digests) - held:
        if _HASH.fullmatch(digest):
            enclosing.drop(settings.HOME, bytes.fromhex(digest))
