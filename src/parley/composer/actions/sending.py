"""Sending a draft: kept exactly as it will be said, then said, then noted what became of it.

A crash between these steps loses nothing and says nothing twice: the same words go out under
the same key, and the same key is the same statement.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction

from parley.agencies.queries import OfficerRow
from parley.composer.actions.beginning import free_batch
from parley.composer.forms.dispatches import Begun, Part, begun_of, parts_of, write_begun, write_outcomes
from parley.composer.queries.composing import composition_of
from parley.composer.queries.filed import kept_in
from parley.composer.queries.work import Work, work_on
from parley.drafts import actions as drafts
from parley.drafts.actions import Hand as Typing
from parley.gates.table.translate import Result
from parley.inquiries import actions
from parley.inquiries.policy import usual_lane
from parley.ledger import enclosing
from parley.ledger.readers import OpenLink, open_lanes
from parley.links.actions.speaking import Door, Hand, Record, Tried

SENT: Final = "sent"


class NotReadyError(Exception):
    """A check fails, or a sending is unfinished; nothing was sent."""


class LookAgainError(Exception):
    """What would be said is not what was seen on the page; nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Who pressed the button, on which words: `digest` as the page showed them, salted with `salt`."""

    officer: OfficerRow
    session: str
    now: int
    digest: str = ""
    salt: str = ""
    door: Door | None = None

    @property
    def typing(self) -> Typing:
        return Typing(officer=self.officer.number, session=self.session, now=self.now)

    def hand(self, key: str) -> Hand:
        """Return whose act it is, and under which key."""
        door = self.door or Record(home=settings.HOME, keeps_notes=True)
        return Hand(officer=self.officer, key=key, now=self.now, door=door)


def send(link: OpenLink, number: int, *, by: Pressed) -> None:
    """Send what the draft says, if it is what was seen.

    Raises:
        NotReadyError, LookAgainError: nothing was sent.
        NobodyWritesError, CoreError, StorageError: it is kept, and may be finished later.
    """
    with transaction.atomic():
        work = work_on(link, number, now=by.now)
        composition = composition_of(work)
        if not composition.is_ready:
            raise NotReadyError(f"draft {number} is not ready")
        if composition.digest(salt=by.salt) != by.digest:
            raise LookAgainError(f"draft {number} is not as it was seen")
        begun = _next(work, len(composition.parts))
        # What was dropped as the same as a row that goes out is not asked again once that is gone.
        dropped = [row.number for row in work.rows.values() if row.result is Result.DROPPED]
        left_out = {f"row.{row}.out": "1" for row in dropped}
        drafts.put(number, {**write_begun(begun, composition.parts), **left_out}, by=by.typing)
    _say(work, begun, composition.parts, by=by)


def finish(link: OpenLink, number: int, *, by: Pressed) -> None:
    """Say again what was begun and of which nobody knows whether it was said: it becomes one statement.

    Raises:
        NobodyWritesError, CoreError, StorageError: it is kept, and may be finished later.
        NotReadyError: one of its files waits no more; nothing was said.
    """
    work = work_on(link, number, now=by.now)
    if work.begun is None or work.begun.is_done:
        return
    try:
        parts = parts_of(work.values, work.begun, files=kept_in(work.files))
    except KeyError as error:
        raise NotReadyError(f"a file of draft {number} is gone") from error
    _say(work, work.begun, parts, by=by)


def _next(work: Work, count: int) -> Begun:
    before = begun_of(work.values)
    # Draft and revision make it readable, the random part holds where a house was restored from a backup.
    key = f"d{work.draft.number}r{work.draft.revision}-{uuid.uuid4().hex}"
    return Begun(number=before.number + 1 if before else 1, key=key, count=count, is_done=False)


def _say(work: Work, begun: Begun, parts: Sequence[Part], *, by: Pressed) -> None:
    link, number = work.link, work.draft.number
    sendings = [part.sending for part in parts]
    lane = usual_lane(
        len(sendings),
        open_lanes=open_lanes(settings.HOME, link.row.name),
        has_files=any(sending.files for sending in sendings),
    )
    outcomes = actions.send(link.row.name, sendings, by=by.hand(begun.key), lane=lane)
    said = [each for each in outcomes if not isinstance(each, Tried)]
    assert len(said) == len(parts)
    with transaction.atomic():
        drafts.put(number, write_outcomes(begun, said), by=by.typing)
        after = work_on(link, number, now=by.now)
        if after.rows:
            # What is left is another batch: the number of this one stands on those that went out. Their
            # rows are told a moment later, so the numbers are looked up here as well.
            used = frozenset(each.ref.partition("/")[0] for each in after.dispatches if each.place)
            drafts.put(number, {"batch": free_batch(link, number, now=by.now, used=used)}, by=by.typing)
            return
        drafts.close(number, outcome=SENT, by=by.typing)
    # What became of it is written down, so nothing has to be said again with them.
    for each in work.files:
        enclosing.drop(settings.HOME, each.hash)
