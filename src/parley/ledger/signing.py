"""Asking the signer for what was committed: every head text that has no note yet, and the receipt owed.

Roots are read from the table of head texts, whose rows never change, and the signer computes them once
more from the leaves alone; so whatever stands in memory, no size is ever signed with two roots, nor one
that is not durable. Sizes only grow, and so do the times (Spec §4.5, §4.6).

A signer that is away loses nothing: what is committed stays unsigned until it is back. What it signed
before it went, and nobody heard, is found in its anchor.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from msgspec.structs import replace

from parley.ledger.standing import LinkFacts, SqlHeads, Standing
from parley.signer.desk import (
    MAX_HEADS,
    MAX_LEAVES,
    Anchored,
    Asked,
    HeadsToSign,
    NoSignerError,
    Noted,
    ReceiptToSign,
    RefusedToSignError,
    SigningDesk,
)

# A clock so far behind what was stated before is a person's matter (rule H3).
BEHIND_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadNote:
    """A head of ours just signed. `total` is how many bytes its entries take in parcels."""

    size: int
    total: int
    signed_at: int
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The notes to keep, and where the link stands once they are kept.

    With a `fault`, not all that is committed was signed. `is_clock_behind`: a time was stated that
    lies more than a day ahead of the clock.
    """

    standing: Standing
    notes: tuple[HeadNote, ...]
    fault: NoSignerError | RefusedToSignError | None = None
    is_clock_behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A head text that has no note yet: its size along the line, its root, its bytes in parcels."""

    size: int
    root: bytes
    total: int


@dataclass(slots=True, kw_only=True)
class _Progress:
    """What was signed until now."""

    at: Standing
    stated: int = 0
    notes: list[HeadNote] = field(default_factory=list)

    def keep(self, text: _Text, noted: Noted) -> None:
        fresh = HeadNote(size=text.size, total=text.total, signed_at=noted.time, note=noted.note)
        self.notes.append(fresh)
        self.stated = max(self.stated, noted.time)
        self.at = replace(
            self.at, head_size=text.size, head_total=text.total, head_at=noted.time, head_note=noted.note
        )


# Which of our sets of keys sign over so many entries of our line (the second number), for a partner who
# holds so many of them (the first).
Sets: TypeAlias = Callable[[int, int], tuple[bytes, ...]]


class Signer:
    """Has one link signed for at a desk."""

    def __init__(self, db: sqlite3.Connection, facts: LinkFacts, *, desk: SigningDesk, sets: "Sets") -> None:
        """Ask for heads of the log of `facts.me` and receipts for that of `facts.peer`."""
        self._db = db
        self._sets = sets
        self._desk = desk
        self._log, self._peer_log = facts.logs[facts.me], facts.logs[facts.peer]
        self._mine, self._theirs = facts.line(facts.me), facts.line(facts.peer)
        self._heads = SqlHeads(db, facts)
        # How far each log is signed, as the desk said last; and the newest receipt that it was shown.
        self._sizes: dict[str, int] = {}
        self._shown = 0

    def sign(self, at: Standing, *, now: int) -> Signed:
        """Return what is signed for a link that stands at `at`, all of it committed."""
        progress = _Progress(at=at)
        fault: NoSignerError | RefusedToSignError | None = None
        try:
            try:
                self._advance(progress, now)
            except RefusedToSignError as error:
                if error.code != "below-anchor":
                    raise
                # An answer was lost on its way: what it said is in the anchor.
                self._sizes.clear()
                self._advance(progress, now)
        except (NoSignerError, RefusedToSignError) as error:
            self._sizes.clear()
            fault = error
        is_behind = progress.stated > now + BEHIND_SECONDS
        return Signed(
            standing=progress.at, notes=tuple(progress.notes), fault=fault, is_clock_behind=is_behind
        )

    def _advance(self, progress: _Progress, now: int) -> None:
        if self._mine.current.origin not in self._sizes:
            self._recall(progress)
        self._show_receipt(progress.at)
        texts = self._texts(progress.at)
        heads = self._heads_to_sign(texts, progress.at, now=now)
        receipts = self._receipts_to_sign(progress.at, now)
        for call in _calls(heads, receipts):
            self._ask(call, progress, texts)

    def _ask(self, call: "list[Asked]", progress: _Progress, texts: "list[_Text]") -> None:
        try:
            made = self._desk.sign(call)
        except RefusedToSignError:
            if len(call) == 1:
                raise
            # What is wrong with their log shall not keep ours from being signed.
            for each in call:
                self._ask([each], progress, texts)
            return
        for asked, notes in zip(call, made, strict=True):
            self._sizes[asked.origin] = notes[-1].size
            if isinstance(asked, HeadsToSign):
                self._keep_heads(progress, notes, texts)
            else:
                self._keep_receipt(progress, notes[-1])

    # ---- What the anchor knows

    def _recall(self, progress: _Progress) -> None:
        """Learn how far our log is signed, and take over the notes that were made and not heard of.

        Raises:
            RefusedToSignError: the record does not hold what is anchored.
        """
        epoch = self._mine.current
        anchored = self._desk.anchor(epoch.origin)
        if anchored is None and progress.at.head_size <= epoch.base:
            before = [each.origin for each in self._mine.epochs[:-1]]
            self._desk.begin(epoch.origin, retires=before[-1] if before else None)
            self._sizes[epoch.origin] = 0
            return
        if anchored is None:
            raise RefusedToSignError("lost-log", f"nothing is anchored of {epoch.origin}")
        self._check_holds(anchored)
        texts = {text.size: text for text in self._texts(progress.at)}
        for noted in anchored.notes:
            text = texts.get(epoch.base + noted.size)
            if text is not None:
                progress.keep(text, noted)
        self._sizes[epoch.origin] = anchored.size

    def _check_holds(self, anchored: Anchored) -> None:
        # Whatever was signed had its text in the record before; and both are kept for ever.
        recorded = self._heads.root_at(anchored.origin, anchored.size)
        if anchored.size and recorded != anchored.frontier.root():
            code = "beyond-record" if recorded is None else "other-root"
            raise RefusedToSignError(
                code, f"{anchored.origin} is signed up to {anchored.size}, which the record does not hold"
            )

    def _size_of_theirs(self, origin: str) -> int:
        if origin not in self._sizes:
            anchored = self._desk.anchor(origin)
            if anchored is None:
                self._desk.begin(origin)
            self._sizes[origin] = anchored.size if anchored else 0
        return self._sizes[origin]

    def _show_receipt(self, at: Standing) -> None:
        origin, size = self._mine.in_log(at.receipted)
        if at.receipted == self._shown or not 0 < size <= self._sizes.get(origin, 0):
            return
        (note,) = self._db.execute(
            "SELECT note FROM receipt WHERE log = ? AND size = ?", (self._log, at.receipted)
        ).fetchone()
        self._desk.keep_receipt(origin, bytes(note))
        self._shown = at.receipted

    # ---- Heads

    def _texts(self, at: Standing) -> list[_Text]:
        rows = self._db.execute(
            "SELECT size, root, total FROM head JOIN entry ON entry.log = head.log AND idx = size - 1"
            " WHERE head.log = ? AND size > ? ORDER BY size",
            (self._log, max(at.head_size, self._mine.current.base)),
        )
        return [_Text(size=size, root=bytes(root), total=total) for size, root, total in rows]

    def _heads_to_sign(self, texts: Iterable[_Text], at: Standing, *, now: int) -> Iterator[HeadsToSign]:
        epoch = self._mine.current
        start = epoch.base + self._sizes[epoch.origin]
        some: list[_Text] = []
        keys: tuple[bytes, ...] = ()
        for text in texts:
            if text.size <= start:
                # Signed before, and its note is lost: a later one stands for it.
                continue
            others = self._sets(at.have, text.size)
            is_full = len(some) == MAX_HEADS // len(others) or text.size - start > MAX_LEAVES
            if some and (is_full or others != keys):
                yield self._asked(start, some, now=now, keys=keys)
                start, some = some[-1].size, []
            some.append(text)
            keys = others
        if some:
            yield self._asked(start, some, now=now, keys=keys)

    def _asked(self, start: int, texts: "list[_Text]", *, now: int, keys: tuple[bytes, ...]) -> HeadsToSign:
        epoch = self._mine.current
        return HeadsToSign(
            origin=epoch.origin,
            start=start - epoch.base,
            leaves=self._leaves(self._log, range(start, texts[-1].size)),
            sizes=tuple(text.size - epoch.base for text in texts),
            roots=tuple(text.root for text in texts),
            time=now,
            keys=keys,
        )

    def _leaves(self, log: int, places: range) -> tuple[bytes, ...]:
        rows = self._db.execute(
            "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (log, places.start, places.stop),
        )
        return tuple([leaf for (leaf,) in rows])

    def _keep_heads(self, progress: _Progress, notes: Iterable[Noted], texts: Iterable[_Text]) -> None:
        by_size = {text.size: text for text in texts}
        for noted in notes:
            progress.keep(by_size[self._mine.current.base + noted.size], noted)

    # ---- The receipt

    def _receipts_to_sign(self, at: Standing, now: int) -> Iterator[ReceiptToSign]:
        """Yield what leads to the receipt that is owed: one, unless very much came since the last."""
        if not (at.owes_receipt and at.theirs.size):
            return
        origin, size = self._theirs.in_log(at.theirs.size)
        start, base = self._size_of_theirs(origin), at.theirs.size - size
        while start <= size:
            # Entries are only taken up to a head, and never more than this at once.
            end = size if start == size else self._end_of_theirs(base, range(start, start + MAX_LEAVES))
            root = self._heads.root_at(origin, end)
            if root is None or (end <= start and end != size):  # pragma: no cover - as just said
                return
            leaves = self._leaves(self._peer_log, range(base + start, base + end))
            keys = self._sets(at.have, at.mine.size)
            yield ReceiptToSign(origin=origin, start=start, leaves=leaves, root=root, time=now, keys=keys)
            if end == size:
                return
            start = end

    def _end_of_theirs(self, base: int, places: range) -> int:
        (end,) = self._db.execute(
            "SELECT COALESCE(MAX(size), 0) FROM head WHERE log = ? AND size > ? AND size <= ?",
            (self._peer_log, base + places.start, base + places.stop),
        ).fetchone()
        return int(end) - base

    def _keep_receipt(self, progress: _Progress, noted: Noted) -> None:
        at = progress.at
        size = at.theirs.size - self._theirs.in_log(at.theirs.size)[1] + noted.size
        progress.stated = max(progress.stated, noted.time)
        progress.at = replace(
            at,
            receipt_note=noted.note,
            receipt_size=size,
            receipt_at=noted.time,
            owes_receipt=size < at.theirs.size,
        )


def _calls(heads: Iterable[HeadsToSign], receipts: Iterable[ReceiptToSign]) -> Iterator[list[Asked]]:
    """Yield what is asked for at once: each alone, but the last of both together, for one flush.

    If no receipt can even be asked for, the heads are yielded, and then that is raised.
    """
    last: list[Asked] = []
    fault: RefusedToSignError | None = None
    for many in (heads, receipts):
        before: Asked | None = None
        try:
            for asked in many:
                if before is not None:
                    yield [before]
                before = asked
        except RefusedToSignError as error:
            fault = error
        if before is not None:
            last.append(before)
    if last:
        yield last
    if fault is not None:
        raise fault
