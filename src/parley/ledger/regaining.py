"""From a start to the first signature, and back to it after a loss: who waits for whom.

    begin      compare every line with the anchor; what lacks anything is asked back
    checked    the partner answered once, or did not within ten seconds: now it is signed (rule H15)
    go_on      write what is due once a line is whole, or goes on in a new log
    confirm    two officers read the digits of a head to each other (rule H11)
    end_alone  the partner does not answer: two officers let the log end without it (rule H12)

Source: Spec §4.8, §5.7.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from parley.ledger.drafts import UnknownLinkError
from parley.ledger.epochs import Lost
from parley.ledger.slot import Slot
from parley.ledger.writer import Job, StoppedError, StorageError, Writer
from parley.signer.desk import NoSignerError

ANSWER_SECONDS: Final = 10.0
# What the sides agreed to wait for an answer before a log may end without it; on the hotline it presses.
ALONE_SECONDS: Final = 24 * 3600
ALONE_HOT_SECONDS: Final = 600
HOT_LANE: Final = "hot"


class NotLostError(Exception):
    """Nothing of this line is lost, so there is nothing to confirm or to end; nothing was changed."""


class OtherDigitsError(Exception):
    """No head that waits to be confirmed has these digits; nothing was changed."""


class TooEarlyError(Exception):
    """The partner still has time to answer: `seconds`. Nothing was changed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


class Regaining:
    """Looks after the lines of a node for its ledger."""

    def __init__(self, writer: Writer, *, now: Callable[[], int]) -> None:
        self._writer = writer
        self._now = now
        self._patience: threading.Timer | None = None
        # Links on which nothing is written yet, each with what tells when it may be (rule H15).
        self._awaited: dict[str, threading.Event] = {}

    def begin(self, db: sqlite3.Connection, *, asks_first: bool) -> None:
        """Compare every line with the anchor, before the writer begins.

        Raises:
            NoSignerError: that cannot be done now; nothing was written.
        """
        db.execute("BEGIN IMMEDIATE")
        try:
            for slot in self._writer.slots.values():
                slot.examine(now=self._now())
                if asks_first and slot.facts.is_verified:
                    slot.wait_for_word()
        except NoSignerError:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")

    def wait(self, *, asks_first: bool) -> None:
        """Write what is due; and where nothing may be written yet, wait no longer than is agreed."""
        for link in tuple(self._writer.slots):
            self.go_on(link)
        if asks_first:
            self._awaited = {link: threading.Event() for link in self._writer.slots}
            self._patience = threading.Timer(ANSWER_SECONDS, self._wait_no_more)
            self._patience.daemon = True
            self._patience.start()

    def stop(self) -> None:
        """Wait for nobody any more."""
        if self._patience is not None:
            self._patience.cancel()
        for each in self._awaited.values():
            each.set()

    def ready(self, links: Iterable[str]) -> None:
        """Return once something may be written on `links`: at once, but right after a start.

        What was written before the partner's first word would have to give way if more had been signed
        than this record holds.
        """
        for link in links:
            slot = self._writer.slots.get(link)
            if slot is not None and slot.is_awaiting and link in self._awaited:
                self._awaited[link].wait(ANSWER_SECONDS)

    def _wait_no_more(self) -> None:
        with suppress(StorageError, StoppedError):
            for link in tuple(self._writer.slots):
                self.checked(link)

    def heard(self, link: str) -> None:
        """Write what is due after a parcel; from now on, if it answered what was asked at the start."""
        slot = self._writer.slots.get(link)
        if slot is not None and slot.is_answered:
            self.checked(link)
        self.go_on(link)

    def checked(self, link: str) -> None:
        """Write and sign from now on: the partner answered, or does not."""
        slot = self._writer.slots.get(link)
        if slot is None or not slot.is_awaiting:
            return

        def run(slot: Slot) -> None:
            slot.wait_no_more()

        self._writer.submit(Job(link=link, run=run)).result()
        if link in self._awaited:
            self._awaited[link].set()
        self.go_on(link)

    def go_on(self, link: str) -> None:
        """Write what is due on a link, if anything is."""
        slot = self._writer.slots.get(link)
        if slot is not None and slot.is_due():
            self._writer.submit(Job(link=link, run=lambda slot: slot.go_on(now=self._now()))).result()

    def look(self, link: str) -> tuple[int, int, Lost | None, bytes | None]:
        """Return how many logs our line has, how many orphans, what is lost, the head that people compare.

        Where nothing is lost that is one that the other side shows of a log of ours that ended, or None.

        Raises:
            UnknownLinkError: there is no such link.
        """
        if link not in self._writer.slots:
            raise UnknownLinkError(link)

        def run(slot: Slot) -> tuple[int, int, Lost | None, bytes | None]:
            proof = slot.offered if slot.lost is None else slot.lost.proof
            head = slot.standing.head_note if proof is None and slot.lost is not None else proof
            return len(slot.mine.epochs), slot.count_orphans(), slot.lost, head

        return self._writer.submit(Job(link=link, run=run, keeps=False)).result()

    def confirm(self, link: str, digits: str) -> None:
        """Take the head with these sixty digits for the newest of our log. Two officers compared them.

        Raises:
            NotLostError, OtherDigitsError: nothing was changed.
        """

        def run(slot: Slot) -> None:
            if slot.lost is None and slot.offered is None:
                raise NotLostError
            if not slot.confirm("".join(digits.split()), now=self._now()):
                raise OtherDigitsError

        self._writer.submit(Job(link=link, run=run)).result()
        self.go_on(link)

    def end_alone(self, link: str) -> None:
        """Let our log end where it stands, and go on in a new one, without the partner's consent.

        Raises:
            NotLostError, TooEarlyError: nothing was changed.
        """

        def run(slot: Slot) -> None:
            if slot.lost is None:
                raise NotLostError
            lane = slot.facts.channel.rsplit("/", 1)[1]
            wait = ALONE_HOT_SECONDS if lane == HOT_LANE else ALONE_SECONDS
            left = slot.lost.begun_at + wait - self._now()
            if left > 0:
                raise TooEarlyError(left)
            slot.end_alone(now=self._now())

        self._writer.submit(Job(link=link, run=run)).result()
        self.go_on(link)
