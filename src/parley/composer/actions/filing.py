"""Files that a draft takes along: they wait at home, sealed, and the draft names them by their hashes."""

from django.conf import settings
from django.db import transaction

from parley.agencies.actions import note_act
from parley.composer.queries.filed import FILES, hashes_in
from parley.drafts import actions as drafts
from parley.drafts.actions import Hand
from parley.drafts.queries import values_of
from parley.ledger import enclosing
from parley.ledger.enclosing import Kept


def add_file(number: int, kept: Kept, *, by: Hand) -> None:
    """Let the draft take along a file that waits.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        held = hashes_in(values_of(number, [FILES]))
        names = dict.fromkeys([*held, kept.hash.hex()])
        drafts.put(number, {FILES: "\n".join(names)}, by=by)
        _note("file.kept", kept.link, number, digest=kept.hash.hex(), by=by)


def drop_file(link: str, number: int, digest: str, *, by: Hand) -> bool:
    """Take a file out of the draft; return whether it was there. It is destroyed if no statement names it.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        held = hashes_in(values_of(number, [FILES]))
        if digest not in held:
            return False
        drafts.put(number, {FILES: "\n".join(each for each in held if each != digest)}, by=by)
        _note("file.dropped", link, number, digest=digest, by=by)
    file = bytes.fromhex(digest)
    if enclosing.find_kept(settings.HOME, link, file) is not None:
        enclosing.drop(settings.HOME, file)
    return True


def _note(act: str, link: str, number: int, *, digest: str, by: Hand) -> None:
    subject = f"{link} draft {number} {digest[:16]}"
    note_act(act, officer=by.officer, subject=subject, now=by.now)
