"""The desk itself: sets of four keys, an anchor, and the rules by which they sign.

    refused                         because
    a size below the anchor         it would be a second, smaller tree as of a later time
    a root other than computed      it would be a second history
    another node, another world     this node never wrote it
    another text                    only heads, receipts, seals and the texts of `attest` are signed

Nothing is refused because of a time. Notes are made first and kept in the anchor, the anchor is
made durable, then the notes leave: after a crash between the two, core finds them in `anchor`.
Source: Spec §4.5, §4.6, §4.8; rules H1, H3, E9.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from parley.protocol import note as notes
from parley.protocol import recovery
from parley.protocol.breach import BreachError
from parley.protocol.dialogue.release import read_seal
from parley.protocol.head import Head, digits, parse_text
from parley.protocol.names import Origin, parse_origin
from parley.protocol.notation import MAX_NUMBER, MAX_TIME, write_base64
from parley.protocol.suite import Suite
from parley.protocol.tree import HASH_SIZE, Frontier
from parley.signer.anchor import NAMELESS, Anchor, AnchorFile
from parley.signer.desk import (
    MAX_ASKED,
    MAX_HEADS,
    MAX_LEAVES,
    MAX_RECEIPT,
    MAX_SETS,
    Anchored,
    Asked,
    HeadsToSign,
    NoSignerError,
    Noted,
    ReceiptToSign,
    RefusedToSignError,
)
from parley.signer.keyring import Keyring
from parley.signer.keys import KeysError, KeySets, OneSet, PublicKeys, SignerKeys

MAX_TEXT: Final = 1024


class _Plan(Struct, frozen=True, kw_only=True):
    """What is about to be signed of one log: the frontiers that its leaves lead to, at `time`."""

    at: Anchored
    is_head: bool
    reached: tuple[Frontier, ...]
    time: int
    keys: tuple[int, ...]


class KeyedDesk:
    """Signs for one node in one world. It holds the keys, and the anchor is its alone."""

    def __init__(self, keys: SignerKeys | KeySets, file: AnchorFile, *, world: str, suite: Suite) -> None:
        self._ring = Keyring(OneSet(keys) if isinstance(keys, SignerKeys) else keys, suite)
        self._node, self._world, self._suite = self._ring.node, world, suite
        self._file = file
        self._anchor: Anchor | None = None
        self._receipts: dict[str, bytes] = {}
        self._turn = threading.Lock()
        with self._anchored():
            pass

    @contextmanager
    def _anchored(self) -> Iterator[Anchor]:
        """Give the anchor to one caller at a time; after a fault of the disk it is read again first."""
        with self._turn:
            try:
                self._anchor = self._anchor or Anchor(self._file)
                yield self._anchor
            except OSError as error:
                # What is durable now is anybody's guess, so what stands in memory is forgotten.
                self._anchor = None
                raise NoSignerError(f"the anchor cannot be written or read: {error}") from error

    # ---- What is anchored

    def anchor(self, origin: str) -> Anchored | None:
        with self._anchored() as anchor:
            return self._found(anchor, origin)

    def _found(self, anchor: Anchor, origin: str) -> Anchored | None:
        found = anchor.get(origin)
        return found and replace(found, receipt=self._receipts.get(origin, found.receipt))

    def lost(self) -> tuple[str, ...]:
        with self._anchored() as anchor:
            return anchor.lost

    def origins(self) -> tuple[str, ...]:
        with self._anchored() as anchor:
            return anchor.origins

    def anchored(self) -> tuple[Anchored, ...]:
        with self._anchored() as anchor:
            found = [self._found(anchor, origin) for origin in anchor.origins]
            return tuple(each for each in found if each is not None)

    def _known(self, anchor: Anchor, origin: str) -> Anchored:
        found = self._found(anchor, origin)
        if origin in anchor.lost:
            raise RefusedToSignError("lost-log", f"the anchor of {origin} is damaged")
        if found is None:
            raise RefusedToSignError("unknown-log", f"nothing is anchored of {origin}")
        if found.retired:
            raise RefusedToSignError("retired-log", f"{origin} is continued by another log")
        return found

    def _place(self, origin: str, *, mine: bool | None = None) -> Origin:
        """Return the parts of a log of this world; with `mine`, one that this node writes, or does not."""
        try:
            parts = parse_origin(origin)
        except BreachError as error:
            raise RefusedToSignError("bad-request", str(error)) from error
        if parts.channel.world != self._world:
            raise RefusedToSignError("foreign-log", f"expected a log of world {self._world}, found {origin}")
        if mine is not None and (parts.node == self._node) is not mine:
            raise RefusedToSignError("foreign-log", f"this is {self._node}, and {origin} was asked for")
        return parts

    # ---- Heads and receipts

    def sign(self, asked: Sequence[Asked]) -> tuple[tuple[Noted, ...], ...]:
        names = {each.origin for each in asked}
        if len(asked) > MAX_ASKED or len(names) != len(asked):
            raise RefusedToSignError("bad-request", f"at most {MAX_ASKED} logs, each once")
        with self._anchored() as anchor:
            # All of it is checked before the first signature is made.
            plans = [self._planned(self._known(anchor, each.origin), each) for each in asked]
            fresh = [self._carried_out(plan) for plan in plans]
            changed = [now for now, plan in zip(fresh, plans, strict=True) if now is not plan.at]
            if changed:
                anchor.put(changed)
        return tuple(each.notes[-len(plan.reached) :] for each, plan in zip(fresh, plans, strict=True))

    def _planned(self, at: Anchored, asked: Asked) -> "_Plan":
        self._place(at.origin, mine=isinstance(asked, HeadsToSign))
        if not 1 <= asked.time <= MAX_TIME:
            raise RefusedToSignError("bad-request", f"{asked.time} is no time that a line can state")
        sizes, roots = _wanted(asked)
        reached = tuple(_reached(at.frontier, asked, sizes))
        for frontier, root in zip(reached, roots, strict=True):
            if frontier.root() != root:
                raise RefusedToSignError(
                    "other-root", f"{at.origin} at {frontier.size}: another root than recorded"
                )
        is_head, keys = isinstance(asked, HeadsToSign), self._sets(asked)
        time = max(asked.time, at.signed_at)
        if at.notes and (sizes[-1], time) == (at.notes[-1].size, at.notes[-1].time):
            # Once more, but by another card: then at a newer time, as every second note of a size.
            time += int(not self._ring.signed(at.notes[-1].note, keys, origin=at.origin, is_head=is_head))
        return _Plan(at=at, is_head=is_head, reached=reached, time=min(time, MAX_TIME), keys=keys)

    def _sets(self, asked: Asked) -> tuple[int, ...]:
        sizes = len(asked.sizes) if isinstance(asked, HeadsToSign) else 1
        if len(asked.keys) > MAX_SETS or sizes > max(1, MAX_HEADS // max(1, len(asked.keys))):
            raise RefusedToSignError("bad-request", f"at most {MAX_SETS} sets of keys, and fewer sizes")
        found = tuple(self._ring.number(public) for public in asked.keys) or (0,)
        missing = [each for each in found if each is None]
        if missing:
            raise RefusedToSignError("unknown-keys", f"{asked.origin}: no such set of keys is here")
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def _carried_out(self, plan: "_Plan") -> Anchored:
        """Return what is to be anchored with the notes; what is anchored, if nothing is new."""
        at, last = plan.at, plan.reached[-1]
        if at.notes and (last.size, plan.time) == (at.notes[-1].size, at.notes[-1].time):
            return at
        noted = tuple(self._noted(at.origin, frontier, plan) for frontier in plan.reached)
        return replace(at, frontier=last, signed_at=plan.time, notes=noted)

    def _noted(self, origin: str, frontier: Frontier, plan: "_Plan") -> Noted:
        head = Head(origin=origin, size=frontier.size, root=frontier.root())
        note = self._ring.sign(head, plan.keys, is_head=plan.is_head, time=plan.time)
        return Noted(size=head.size, time=plan.time, note=note)

    # ---- Logs that begin, end, and are set right

    def begin(self, origin: str, *, retires: str | None = None) -> None:
        parts = self._place(origin)
        if retires is not None:
            old = self._place(retires)
            if retires == origin or (old.node, old.channel) != (parts.node, parts.channel):
                raise RefusedToSignError("bad-request", f"{origin} does not continue {retires}")
        with self._anchored() as anchor:
            found = anchor.get(origin)
            if not {origin, NAMELESS}.isdisjoint(anchor.lost):
                raise RefusedToSignError("lost-log", f"the anchor of {origin} is damaged, or may be")
            if found is not None and (found.size or found.retired):
                raise RefusedToSignError("begun-log", f"{origin} is signed up to {found.size}")
            before = anchor.get(retires) if retires else None
            if before is not None and not before.retired:
                anchor.put([replace(before, retired=True)])
            if found is None:
                anchor.add(origin)

    def keep_receipt(self, origin: str, note: bytes) -> None:
        self._place(origin, mine=True)
        try:
            head = parse_text(notes.parse(note).text)
        except BreachError as error:
            raise RefusedToSignError("bad-request", f"this is no receipt: {error}") from error
        with self._anchored() as anchor:
            at = self._known(anchor, origin)
            if head.origin != origin or head.size > at.size:
                raise RefusedToSignError("bad-request", f"a receipt for {head.origin} at {head.size}")
            if head.size == at.size and head.root != at.frontier.root():
                raise RefusedToSignError("other-root", f"a receipt for another {origin} at {head.size}")
            if len(note) <= MAX_RECEIPT and head.size >= _size_of(at.receipt):
                self._receipts[origin] = note

    def replace(self, origin: str, frontier: Frontier, *, confirmed: str, time: int) -> None:
        self._place(origin)
        frontier = _checked(frontier)
        root = frontier.root()
        if re.sub(r"\s", "", confirmed) != "".join(
            digits(Head(origin=origin, size=frontier.size, root=root))
        ):
            raise RefusedToSignError("bad-digits", f"these are not the digits of {origin} at {frontier.size}")
        if not 1 <= time <= MAX_TIME:
            raise RefusedToSignError("bad-request", f"{time} is no time that a line can state")
        with self._anchored() as anchor:
            at = None if origin in anchor.lost else self._found(anchor, origin)
            if at is not None:
                self._check_replaces(at, frontier)
            was = "lost" if at is None else str(at.size)
            anchor.note(f"{time} replaced {origin} {was} {frontier.size} {write_base64(root)}")
            # Nobody knows whether more was signed in it, so it is anchored as one that ended.
            signed_at = max(time, at.signed_at if at else 0)
            if at is None and origin not in anchor.lost:
                anchor.add(origin, frontier=frontier, signed_at=signed_at, retired=True)
                return
            receipt = at.receipt if at else None
            anchor.put(
                [
                    Anchored(
                        origin=origin, frontier=frontier, signed_at=signed_at, receipt=receipt, retired=True
                    )
                ]
            )

    @staticmethod
    def _check_replaces(at: Anchored, frontier: Frontier) -> None:
        if at.retired:
            raise RefusedToSignError("retired-log", f"{at.origin} is continued by another log")
        if frontier.size < at.size:
            raise RefusedToSignError("below-anchor", f"{at.origin} is signed up to {at.size}")
        if frontier.size == at.size and frontier.root() != at.frontier.root():
            raise RefusedToSignError("other-root", f"{at.origin} has another root at {at.size}")

    # ---- The keys themselves

    def key_sets(self) -> tuple[PublicKeys, ...]:
        with self._turn:
            return self._ring.public()

    def make_keys(self, number: int) -> PublicKeys:
        with self._turn:
            try:
                return self._ring.make(number)
            except KeysError as error:
                raise RefusedToSignError("bad-request", str(error)) from error
            except OSError as error:
                raise NoSignerError(f"the keys cannot be written: {error}") from error

    # ---- The other texts

    def attest(self, text: bytes) -> bytes:
        if len(text) > MAX_TEXT:
            raise RefusedToSignError("bad-text", f"at most {MAX_TEXT} bytes")
        try:
            purpose, ending = recovery.parse_text(text)
        except BreachError as error:
            raise RefusedToSignError("bad-text", str(error)) from error
        is_mine = not purpose.is_answer
        self._place(ending.origin, mine=is_mine)
        return self._ring.attest(text, ending.origin if is_mine else None)

    def seal(self, text: bytes, *, keys: bytes, time: int) -> bytes:
        try:
            seal = read_seal(text)
        except BreachError as error:
            raise RefusedToSignError("bad-text", str(error)) from error
        if seal.link.partition("/")[0] != self._world:
            raise RefusedToSignError("foreign-log", f"expected a seal of world {self._world}")
        if not 1 <= time <= MAX_TIME:
            raise RefusedToSignError("bad-request", f"{time} is no time that a line can state")
        if time < seal.release:
            raise RefusedToSignError("too-early", f"{seal.release} is not reached: it is {time}")
        at = self._ring.number(keys)
        if at is None:
            raise RefusedToSignError("unknown-keys", "no such set of keys is here")
        return self._ring.seal(seal, at, time=time)

    def close(self) -> None:
        """Make the receipts durable that came after the last signature."""
        with self._anchored() as anchor:
            late = [self._found(anchor, origin) for origin in self._receipts if anchor.get(origin)]
            fresh = [each for each in late if each is not None and each != anchor.get(each.origin)]
            if fresh:
                anchor.put(fresh)


def _wanted(asked: Asked) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
    """Return sizes and roots of what is asked for, once they are plausible."""
    if len(asked.leaves) > MAX_LEAVES or any(len(leaf) != HASH_SIZE for leaf in asked.leaves):
        raise RefusedToSignError("bad-request", f"at most {MAX_LEAVES} leaves of {HASH_SIZE} bytes")
    last = asked.start + len(asked.leaves)
    if asked.start < 0 or not 1 <= last <= MAX_NUMBER:
        raise RefusedToSignError("bad-request", f"{asked.start} and so many leaves are no size")
    if isinstance(asked, ReceiptToSign):
        return (last,), (asked.root,)
    rises = all(one < other for one, other in zip(asked.sizes, asked.sizes[1:], strict=False))
    if not 1 <= len(asked.sizes) <= MAX_HEADS or not rises or len(asked.roots) != len(asked.sizes):
        raise RefusedToSignError("bad-request", f"1 to {MAX_HEADS} rising sizes, and a root for each")
    if asked.sizes[-1] != last:
        raise RefusedToSignError("bad-request", f"expected {last} as the last size, found {asked.sizes[-1]}")
    return asked.sizes, asked.roots


def _reached(at: Frontier, asked: Asked, sizes: Iterable[int]) -> Iterator[Frontier]:
    """Yield the frontier at each of `sizes`, from the anchored one and the leaves alone."""
    if asked.start > at.size:
        raise RefusedToSignError(
            "beyond-anchor", f"{asked.origin} is signed up to {at.size}, not {asked.start}"
        )
    if asked.start < at.size:
        raise RefusedToSignError(
            "below-anchor", f"{asked.origin} is signed up to {at.size}, not {asked.start}"
        )
    frontier = at
    for size in sizes:
        if size < at.size or (size == at.size and asked.leaves):
            raise RefusedToSignError(
                "below-anchor", f"{asked.origin} is signed up to {at.size}, above {size}"
            )
        frontier = frontier.extend(asked.leaves[frontier.size - at.size : size - at.size])
        yield frontier


def _size_of(note: bytes | None) -> int:
    return 0 if note is None else parse_text(notes.parse(note).text).size


def _checked(frontier: Frontier) -> Frontier:
    """Return a frontier that somebody brought, if it is one of at least one leaf."""
    if not 1 <= frontier.size <= MAX_NUMBER:
        raise RefusedToSignError("bad-request", f"{frontier.size} is no size of a head")
    try:
        return Frontier.decode(frontier.encode())
    except BreachError as error:
        raise RefusedToSignError("bad-request", f"this is no frontier: {error}") from error
