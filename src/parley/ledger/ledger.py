"""The record of one node in the hands of its core process: append, accept, send.

`append` is the one door for what we say, `accept` the one for what the other side says; both
lead to the one writer. Everything that a parcel needs is read from what is committed, so
there is no outbox to lose. Source: Spec §5.3–§5.5.
"""

import dataclasses
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate

from msgspec.structs import replace

from parley.ledger import links as link_rows
from parley.ledger.answers import Answer, BadParcelError, Carried, UnknownPeerError
from parley.ledger.composing import Composer
from parley.ledger.database import FILES, Storage
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.enrolling import missing
from parley.ledger.erasing import Eraser
from parley.ledger.fetching import Files
from parley.ledger.files import FileRow
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.lanes import named
from parley.ledger.offers import Offer
from parley.ledger.openings import opened, opening
from parley.ledger.presence import Nobody, Presence
from parley.ledger.regaining import Regaining
from parley.ledger.releasing import RELEASED, sealed
from parley.ledger.routing import lanes_of, outcome_of, routes
from parley.ledger.sealing import Found, Sealing
from parley.ledger.slot import RECOVERING, Slot
from parley.ledger.standing import Reached, Standing
from parley.ledger.waiting import Bundle, Job, bundled
from parley.ledger.writer import StoppedError, StorageError, Writer
from parley.protocol.names import LANES
from parley.protocol.notation import MAX_TIME
from parley.protocol.parcel import Parcel
from parley.protocol.suite import Standard, Suite
from parley.protocol.voids import VALID, Outcome, Verdict, Void
from parley.signer.desk import SigningDesk
from parley.signer.opening import open_desk
from parley.vault.vault import Vault
from parley.work import clock
from parley.work.home import Home


def _possible(now: Callable[[], int]) -> int:
    # A clock can be broken in any way; an entry states only times that a log can hold (rule H3).
    return min(max(now(), 1), MAX_TIME)


class Ledger:
    """All links of one node, in all their lanes. Threads may call it at once.

    What is called `link` here is the name of one in a lane (`lanes.py`), but for drafts and openings.
    """

    def __init__(
        self,
        home: Home,
        *,
        suite: Suite | None = None,
        now: Callable[[], int] = clock.now,
        monotonic: Callable[[], float] = clock.monotonic,
        storage: Storage = FILES,
        writer: type[Writer] = Writer,
        desk: SigningDesk | None = None,
    ) -> None:
        """Open the record of `home`. One process at a time may do so: the caller holds the lock.

        Without a `desk`, the signer that runs there signs, or the keys in this process.

        Raises:
            LockedError: another process is the signer of this home, and does not answer.
        """
        self.home = home
        self.node = read_config(home).node
        self._suite = Standard() if suite is None else suite
        self._now = partial(_possible, now)
        self._keys = read_keys(home.keys, self.node)
        self._desk = open_desk(home, suite=self._suite) if desk is None else desk
        self._storage = storage
        self._db = storage.writing(home.record)
        self._writer = writer(self._db, self._load(), now=self._now, monotonic=monotonic, reload=self._load)
        self._reading = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self.regaining = Regaining(self._writer, now=self._now)
        # The lanes in which all our persons are enrolled who were when this process first heard there.
        self._enrolled: set[str] = set()
        self._sealing = Sealing(self._keys, self._suite)
        self.presence: Presence = Nobody()
        self._composer = Composer(keys=self._keys, desk=self._desk, reader=self._reader)
        self.files = Files(Vault(home.vault), keys=self._keys, reader=self._reader, say=self)
        self.eraser = Eraser(self._writer, self._db, keys=self._keys, files=self.files, suite=self._suite)

    def _load(self) -> dict[str, Slot]:
        return link_rows.load_slots(self._db, self._keys, desk=self._desk, suite=self._suite)

    def start(self, *, asks_first: bool = False) -> None:
        """Begin to write, unless the record lacks what was signed: such a line is asked back first.

        With `asks_first` nothing is signed before the partner answered, or for ten seconds (rule H15).

        Raises:
            NoSignerError: it cannot be compared with the anchor now; nothing was written.
        """
        self.regaining.begin(self._db, asks_first=asks_first)
        self.eraser.resume()
        self._writer.start()
        self.regaining.wait(asks_first=asks_first)

    def stop(self) -> None:
        """Finish what waits and close the record."""
        self.regaining.stop()
        self._writer.stop()
        self.files.close()
        for connection in (*self._readers, self._db):
            connection.close()
        self._desk.close()

    @property
    def unsigned(self) -> "dict[str, str]":
        """Return why something that is committed is not signed, for each link where that is so."""
        return self._writer.unsigned

    def sign_again(self) -> None:
        """Have signed what could not be signed before; what still cannot stays as it is."""
        with suppress(StorageError, StoppedError):
            for link in tuple(self.unsigned):
                self._writer.submit(Job(link=link, run=lambda _slot: None)).result()

    def subscribe(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the name of every link that a commit touched; it must not block."""
        self._writer.subscribe(listener)

    def names(self) -> tuple[str, ...]:
        """Return the names of all links, each in all its lanes."""
        return tuple(sorted(self._writer.slots))

    def _slot(self, link: str) -> Slot:
        slot = self._writer.slots.get(link)
        if slot is None:
            raise UnknownLinkError(link)
        return slot

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._reading, "connection", None)
        if connection is None:
            connection = self._reading.connection = self._storage.reading(self.home.record)
            self._readers.append(connection)
        return connection

    # ---- What we say

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
        """Write each draft into the record, in order; when this returns, it is durable and signed.

        A refused one leaves the others alone. The same draft twice becomes one entry. What is said of the
        link itself is said in every lane, and its place is that in the first (`routing.py`).

        Raises:
            UnknownLinkError, StoppedError: nothing was written.
            StorageError: some may not have been written; bring all of them again.
        """
        lanes = {link: lanes_of(self._writer.slots, link) for link in {draft.link for draft in drafts}}
        reader = self._reader()
        names = [draft.id for draft in drafts]
        routed = [routes(reader, lanes[draft.link], draft) for draft in drafts]
        every = [draft for some in routed for draft in some]

        def run(slot: Slot, draft: Draft) -> Appended:
            return self._append(slot, draft, among=names)

        bundle = Bundle(run, every)
        jobs = bundled(bundle, [named(draft.link, draft.lane) for draft in every])
        self.regaining.ready({job.link for job in jobs})
        self._writer.submit_all(jobs)
        told = bundle.results()
        if len(told) == len(drafts):
            return [each if isinstance(each, Appended) else outcome_of((each,)) for each in told]
        ends = accumulate(map(len, routed))
        return [outcome_of(told[end - len(some) : end]) for some, end in zip(routed, ends, strict=True)]

    def _append(self, slot: Slot, draft: Draft, *, among: Sequence[str] = ()) -> Appended:
        now = self._now()
        if draft.kind == RELEASED:
            draft = sealed(draft, slot, desk=self._desk, now=now)
        return slot.append(draft, now=now, among=among)

    def _appending(self, draft: Draft) -> Callable[[Slot], Appended]:
        return lambda slot: self._append(slot, draft)

    def check(self, draft: Draft) -> Verdict:
        """Return what would become of `draft`; nothing is kept."""
        first = routes(self._reader(), lanes_of(self._writer.slots, draft.link), draft)[0]
        job = Job(link=named(first.link, first.lane), run=self._appending(first), keeps=False)
        try:
            self._writer.submit(job).result()
        except RefusedError as error:
            reasons = {reason.value: reason for reason in Void}
            is_void = error.code in reasons or error.code == RECOVERING
            outcome = Outcome.VOID if is_void else Outcome(error.code)
            return Verdict(outcome=outcome, reason=reasons.get(error.code), remark=error.remark)
        return VALID

    # ---- What they say

    def accept(self, raw: bytes, *, poll: bool = False) -> Answer:
        """Take a parcel that a partner sent, and return the answer with our receipt.

        Raises:
            UnknownPeerError: no link expects it. BadParcelError: it is not what the link expects.
            StorageError: nothing was kept, and no receipt was signed.
        """
        found = self._expecting(raw)
        before, after, shown, _ = self._take(found, raw)
        link = found[0].facts.name
        slot = self._slot(link)
        changed = (before.theirs.size, before.receipted) != (after.theirs.size, after.receipted)
        if poll and not changed:
            return Answer(link=link, parcel=self.answer(link), changed=False)
        return Answer(
            link=link, parcel=self._tell(slot, self._composer.brief(slot, shown=shown)), changed=changed
        )

    def link_of(self, raw: bytes) -> str:
        """Return the link, in its lane, that a parcel is for; nothing more of it is looked at.

        Raises:
            UnknownPeerError, BadParcelError: as `accept`.
        """
        return self._expecting(raw)[0].facts.name

    def take_answer(self, link: str, raw: bytes) -> bool:
        """Take a partner's answer to a parcel of ours; return whether that was progress.

        It is if it brought entries, for which a receipt then goes with the next parcel, or a
        receipt of its own, or told that the partner holds more than it said before.

        Raises:
            BadParcelError: it is not what the link expects.
        """
        found = self._expecting(raw)
        if found[0].facts.name != link:
            raise BadParcelError("an answer of another link")
        before, after, _, brings_file = self._take(found, raw)
        return brings_file or after.reached.is_beyond(before.reached) or after.asks != before.asks

    def reached(self, link: str) -> Reached:
        """Return how far the link has come, whoever brought it."""
        return self._slot(link).shown.reached

    def _take(self, found: Found, raw: bytes) -> tuple[Standing, Standing, bool, bool]:
        """Keep what a parcel proves.

        Return the link before and after, whether the parcel showed a head, and whether it brought or
        asked for anything of a file.
        """
        slot, parcel = found[0], self._sealing.open(found, raw)

        def run(slot: Slot) -> tuple[Standing, Standing, bool]:
            before = slot.standing
            intake = slot.read(parcel, now=self._now())
            slot.accept(intake, now=self._now())
            if intake.shows_head:
                slot.owe_receipt()
            return before, slot.standing, intake.shows_head

        before, after, shown = self._writer.submit(Job(link=slot.facts.name, run=run)).result()
        self.regaining.heard(slot.facts.name)
        if parcel.presence is not None:
            self.presence.hear(slot.facts.name, parcel.presence)
        self._enrol(slot.facts.name)
        if before.asks is not None or before.theirs.size < slot.seen_before:
            self.eraser.again(slot.facts.name)
        return before, after, shown, self.files.heard(slot.facts.name, parcel)

    def _enrol(self, link: str) -> None:
        """Say in a lane, once it is open, who was enrolled in others before."""
        slot = self._slot(link)
        if slot.is_unsure or slot.is_behind:
            # What is said in all lanes meanwhile is refused in this one.
            self._enrolled.discard(link)
            return
        if link in self._enrolled or not slot.is_active():
            return
        self._enrolled.add(link)
        lanes = lanes_of(self._writer.slots, link)
        for draft in missing(self._reader(), lanes, slot.facts):
            # Where it is refused, people are told when they need that person there.
            with suppress(RefusedError):
                self._writer.submit(Job(link=link, run=self._appending(draft))).result()

    def settle_file(self, row: FileRow) -> None:
        """Fetch a file no more: it is here, or it is said that it does not open."""
        self._writer.submit(Job(link=row.link, run=lambda slot: slot.settle_file(row.log, row.hash))).result()

    def _expecting(self, raw: bytes) -> Found:
        return self._sealing.expecting(raw, self._writer.slots.values())

    # ---- What is to be sent

    def has_news(self, link: str) -> bool:
        """Return whether the partner lacks something: entries, a file, or our receipt, or we lack theirs."""
        slot = self._slot(link)
        return slot.facts.is_verified and (slot.has_news or self.files.is_asked(link))

    def compose(self, link: str, *, prompt: bool = False) -> bytes | None:
        """Return the parcel to send now, or None if nothing is to be sent.

        With `prompt` there is always one: it shows our newest head, so that the answer
        brings a fresh receipt, which proves that the line works.
        """
        slot = self._slot(link)
        if not slot.facts.is_verified or not (prompt or self.has_news(link)):
            return None
        return self.answer(link)

    def answer(self, link: str) -> bytes:
        """Return the answer to a poll: what a parcel would carry."""
        slot = self._slot(link)
        return self._tell(slot, self._composer.full(slot, slot.shown))

    def carry(self, link: str, *, beyond: int | None = None) -> Carried | None:
        """Return a parcel for a carrier who brings no answer before the next; None before digits were read.

        It begins at what the partner said to have, or at the size `beyond` of our log (Spec §5.2.7).
        """
        slot = self._slot(link)
        if not slot.facts.is_verified:
            return None
        at = slot.shown if beyond is None else replace(slot.shown, have=beyond)
        parcel = self._composer.full(slot, at, is_paced=False)
        begun = slot.mine.at(max(min(at.have, at.head_size - 1), 0)).base
        end = max((begun + piece.start + len(piece.entries) for piece in parcel.pieces[:1]), default=0)
        return Carried(parcel=self._seal(slot, parcel), end=end, more=end < at.head_size)

    def _tell(self, slot: Slot, parcel: Parcel) -> bytes:
        # Not on what is carried in a file: when that is read, nobody knows any more whether it is so.
        return self._seal(slot, dataclasses.replace(parcel, presence=self.presence.word(slot.facts.name)))

    def _seal(self, slot: Slot, parcel: Parcel) -> bytes:
        return self._sealing.seal(slot, self.files.added(parcel, slot.facts.name))

    # ---- Links

    def add_link(
        self,
        mine: Offer,
        theirs: Offer,
        *,
        world: str,
        name: str | None = None,
        lanes: Sequence[str] = LANES,
    ) -> str:
        """Write down a link with the side that made `theirs`; nothing is exchanged before `verify_link`.

        Raises:
            LinkExistsError: there is one with this name, channel or node already.
        """
        return self._writer.manage(
            lambda db: link_rows.add(db, mine, theirs, world=world, name=name, now=self._now(), lanes=lanes)
        ).result()

    def revoke(self, link: str, notes: Sequence[bytes]) -> None:
        """Revoke keys of ours on a link in its lane: our cards up to the next, and what its roots signed.

        Raises:
            BreachError: they do not follow our card, or do not speak of our line.
        """
        self._slot(link)
        self._writer.submit(Job(link=link, run=lambda slot: slot.cards.revoke(notes))).result()

    def verify_link(self, link: str) -> None:
        """Write down that two people compared the digits and found them equal."""
        self._slot(link)
        self._writer.manage(lambda db: link_rows.verify(db, link, now=self._now())).result()

    def sign_opening(self, link: str, mine: Offer, theirs: Offer, *, draft: str) -> Appended:
        """Say that we open the link on the default terms between the two offers, signed by our roots.

        It is said in every lane; what is returned is the place in the first.

        Raises:
            RefusedError: it would be void.
        """
        found = lanes_of(self._writer.slots, link)
        return opened(self.append([opening(facts, mine, theirs, name=draft) for facts in found]))


__all__ = ["Answer", "BadParcelError", "Carried", "Ledger", "StorageError", "UnknownPeerError"]
