"""What a parcel must do at the node that reads it: §5.3.1 to §5.5 once more, in other words.

Written from the specification and not from the code under test. It knows of each note whether its keys
really signed it, so it verifies nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from parley.protocol.channel import SKEW_SECONDS
from parley.protocol.parcel import Have, Piece
from parley.protocol.part import LOST_KEY, SealedPart
from parley.protocol.tree import root_of
from tests.simulator.foe import Said

# What is void for these is so before anybody asks whether the act came before.
FIRST: Final = frozenset({"grammar", "oversize"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A piece, and what its head states; `is_genuine` if both write keys of the log signed it.

    `is_by_others` if other keys did, in the name of the log: they may be those of a card to come.
    """

    piece: Piece
    entries: tuple[Said, ...]
    is_genuine: bool
    size: int
    root: bytes
    time: int
    is_by_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipted:
    """A receipt note, and what it states."""

    note: bytes
    is_genuine: bool
    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A parcel in good form, and all that it claims."""

    raw: bytes
    shown: tuple[Shown, ...]
    receipts: tuple[Receipted, ...]
    haves: tuple[Have, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBy:
    """The reader's own log: origin, leaves, root of each size, heads it wrote down.

    `signed` is the largest head whose note it keeps, `anchored` the largest that it signed.
    """

    origin: str
    leaves: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    heads: Mapping[int, bytes]
    signed: int
    anchored: int
    now: int


@dataclass
class Oracle:
    """What the reader holds of the foe's log, and the alarms that were raised there so far."""

    held: list[Said]
    heads: dict[int, bytes]
    noted: int
    cut: int
    sealed: Mapping[bytes, SealedPart]
    serial: int
    is_forked: bool = False
    receipted: int = 0
    unopened: int = 0
    raised_from: int = 0
    is_quiet: bool = False
    voids: Counter[str] = field(default_factory=Counter)
    undone: set[int] = field(default_factory=set)
    # Where the reader said of an entry that it did not open, in which answer, and why it were void else.
    declared: list[tuple[int, int, str]] = field(default_factory=list)
    answers: int = 0
    have: int | None = None
    acts: set[bytes] = field(default_factory=set)
    alarms: Counter[str] = field(default_factory=Counter)

    def copy(self) -> "Oracle":
        """Return the same once more, to go on in one of two ways."""
        return replace(
            self,
            held=[*self.held],
            heads=dict(self.heads),
            voids=Counter(self.voids),
            undone=set(self.undone),
            declared=[*self.declared],
            acts=set(self.acts),
            alarms=Counter(self.alarms),
        )

    def read(self, told: Told, reader: ReadBy) -> None:
        """Go on to what stands after a parcel was taken."""
        # The notes that were kept before the parcel came are at hand until all of it is read.
        noted, is_behind = self.noted, False
        self.answers += 1
        for each in told.shown:
            is_behind |= self._is_behind(each)
            self._piece(each, reader, noted={noted, self.noted})
        for receipt in told.receipts:
            if not receipt.is_genuine:
                self.alarms["bad_receipt"] += not is_behind
            elif receipt.origin != reader.origin or reader.heads.get(receipt.size) != receipt.root:
                self.alarms["invented_receipt"] += 1
            else:
                self.receipted = max(self.receipted, receipt.size)
        for have in told.haves:
            if have.origin != reader.origin:
                self.alarms["unknown_log"] += 1
            elif have.size > max(reader.signed, reader.anchored):
                self.alarms["invented_have"] += 1
            else:
                self.have = min(have.size, reader.signed)

    def _is_behind(self, shown: Shown) -> bool:
        """Return whether a head may be by keys of a card that lies in what did not come yet (§7.2)."""
        return shown.is_by_others and shown.piece.start > len(self.held)

    def _piece(self, shown: Shown, reader: ReadBy, *, noted: set[int]) -> None:
        if not shown.is_genuine:
            self.alarms["bad_head"] += not self._is_behind(shown)
            return
        if shown.time > reader.now + SKEW_SECONDS:
            self.alarms["ahead_of_clock"] += 1
        known = self.heads.get(shown.size)
        if known is not None and known != shown.root:
            if shown.size in noted:
                self.alarms["fork"] += 1
                self.is_forked = True
            else:
                self.alarms["not_extended"] += 1
            return
        if not self.is_forked:
            self._extend(shown, reader)

    def _extend(self, shown: Shown, reader: ReadBy) -> None:
        size, start = len(self.held), shown.piece.start
        if shown.size <= size or start > size:
            return
        fresh = shown.entries[size - start :]
        root = root_of(each.leaf for each in (*self.held, *fresh))
        if size + len(fresh) != shown.size or root != shown.root:
            self.alarms["not_extended"] += 1
            return
        keys = dict(shown.piece.keys)
        blobs = {hashlib.sha256(blob).digest() for blob in shown.piece.blobs}
        wanted = [part.hash for each in fresh for part in each.parts]
        if any(digest not in keys or (digest not in blobs and keys[digest] != LOST_KEY) for digest in wanted):
            self.alarms["incomplete"] += 1
            return
        for each in fresh:
            declared = self.unopened
            is_open = self._opens(each, keys, blobs)
            is_declared = self.unopened > declared
            if is_declared:
                here_said = sum(answer == self.answers for _, answer, _ in self.declared)
                self.declared.append((len(reader.leaves) + here_said, self.answers, self._reason(each)))
            self._absorb(each, reader, is_open=is_open, is_declared=is_declared)
        self.heads[shown.size], self.noted = shown.root, shown.size

    def _opens(self, each: Said, keys: dict[bytes, bytes], blobs: set[bytes]) -> bool:
        # Of two entries with one act the second is void, and nobody says more of it.
        if not each.parts or each.parts[0].hash in self.acts:
            return False
        for part in each.parts:
            sealed = self.sealed.get(part.hash)
            if (
                sealed is None
                or part.hash not in blobs
                or keys[part.hash] != sealed.key
                or sealed.size != part.size
            ):
                self.unopened += 1
                return False
        if not each.opens:
            self.unopened += 1
        return each.opens

    def _absorb(self, each: Said, reader: ReadBy, *, is_open: bool, is_declared: bool) -> None:
        reason = self._reason(each)
        self.held.append(each)
        if each.act is not None:
            self.acts.add(each.act)
            self._see(each, reader)
        if reason and not is_declared:
            self.voids[reason] += 1
        is_read = is_open and not reason
        # The link is open in the foe's past as soon as it has seen the first entry of the other log.
        if each.serial == self.serial + 1 and is_read and self.cut > 0:
            self.serial += 1
            self.alarms["bad_card"] += 1
        if is_read and each.kind == "unopened" and each.is_sound:
            self._undo(each, reader)
        if not (is_read and each.kind in {"received", "unopened"}):
            self.is_quiet = False

    def _reason(self, each: Said) -> str:
        """Return what an entry that comes now is void for, whatever it says; nothing if it is not."""
        is_first = each.act is not None and each.act not in self.acts
        return each.void if each.void in FIRST or is_first else "duplicate-act"

    def _lapse(self, index: int) -> None:
        """What the reader said at `index` to be unopened is in effect again, and so is what it said after it.

        Every statement of an answer before a declaration must be in effect, or it is none (§6.7.3).
        """
        answers = [answer for at, answer, _ in self.declared if at == index]
        for found in [each for each in self.declared if each[0] >= index and each[1] in answers]:
            self.declared.remove(found)
            if found[2]:
                self.voids[found[2]] += 1

    def _undo(self, each: Said, reader: ReadBy) -> None:
        """It counts among the first entries that had seen the statement, and later never (§6.7)."""
        if each.re in reader.leaves:
            index = reader.leaves.index(each.re)
            if self.raised_from <= index < self.cut and self.is_quiet:
                self.undone.add(index)
                self._lapse(index)

    def _see(self, each: Said, reader: ReadBy) -> None:
        seen = each.seen
        if seen is None or seen.size <= self.cut:
            return
        if seen.size > len(reader.roots):
            self.alarms["unproven_seen"] += 1
        elif reader.roots[seen.size - 1] != seen.root:
            self.alarms["false_seen"] += 1
        else:
            self.raised_from, self.cut, self.is_quiet = self.cut, seen.size, True
