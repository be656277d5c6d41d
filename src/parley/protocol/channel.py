"""The exchange, without sockets or disk: what a parcel means for the logs, and what to send next.

Writing     encrypt the act, hash it, make the entry. The caller commits, and only then asks
            for the signature on the head: persist, sign, send.
Receiving   `read` says what a parcel proves: entries that extend what is held here to a head
            that the writer signed, receipts for heads that were signed here, hints. The
            caller commits what it says, and only then asks for the receipt.
Sending     there is no queue: what is to be sent is a function of what the peer says it has.

An unproven claim changes nothing and accuses nobody; it is an alarm (rules H1, H2). Nothing
is refused because of a time (H3). Source: Spec §4.4–§4.7, §5.3–§5.5.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from msgspec import Struct

from parley.protocol import entry as entries
from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, receipt_keys, write_keys
from parley.protocol.content import Content, Incoming, further, inline
from parley.protocol.entry import Entry, ParsedEntry, PartRef, Seen
from parley.protocol.form import Statement, read_statement
from parley.protocol.head import Head, Receipt, SignedHead, parse_text, read_head, read_receipt
from parley.protocol.line import Epoch, Line, Reach
from parley.protocol.parcel import Have, Parcel, Piece
from parley.protocol.part import SealedPart, seal_part
from parley.protocol.recovery import Ending, Purpose, is_acceptance, read_accepted, read_asked
from parley.protocol.recovery import parse_text as read_ending
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Suite
from parley.protocol.tree import leaf_hash

# A head further ahead of this clock is taken and receipted all the same, and flagged (rule H3).
SKEW_SECONDS: Final = 300
# A writer closes a batch so that what lies between two of its heads always fits one parcel.
MAX_INLINE: Final = 8 * 1024 * 1024
MAX_BATCH: Final = 256


class Alarm(Enum):
    """What is worth a person's look. None of them is an accusation but FORK, which is a proof."""

    FORK = "fork"
    NOT_EXTENDED = "not_extended"
    BAD_HEAD = "bad_head"
    BAD_RECEIPT = "bad_receipt"
    INVENTED_RECEIPT = "invented_receipt"
    INVENTED_HAVE = "invented_have"
    UNKNOWN_LOG = "unknown_log"
    INCOMPLETE = "incomplete"
    AHEAD_OF_CLOCK = "ahead_of_clock"
    CLOCK_BEHIND = "clock_behind"
    FALSE_SEEN = "false_seen"
    UNPROVEN_SEEN = "unproven_seen"
    BAD_CARD = "bad_card"
    BAD_RECOVERY = "bad_recovery"
    KEY_USED_ELSEWHERE = "key_used_elsewhere"
    RETURNED_LESS = "returned_less"
    RECEIPTED_LOST = "receipted_lost"


class Draft(Struct, frozen=True, kw_only=True):
    """An act to be written, with its body if it has one, and the roots who sign it if it needs them.

    `value` is the object in the act, if whoever wrote the act knows it; `roots` are (person, seed).
    `files` are sealed already, and need a body that says what they are (Spec §5.8). `ended` is the
    log of the writer's own that this entry continues, if it is the first of a later one (Spec §4.8).
    """

    act: bytes
    value: Mapping[str, JsonValue] | None = None
    body: bytes | None = None
    files: tuple[PartRef, ...] = ()
    roots: tuple[tuple[int, bytes], ...] = ()
    ended: Seen | None = None


class Written(Struct, frozen=True, kw_only=True):
    """A new entry of one's own and what it commits to. `inline` is its weight in a parcel."""

    said: Statement
    parts: tuple[SealedPart, ...]

    @property
    def inline(self) -> int:
        """Return about how many bytes the entry takes in a parcel."""
        files = 0 if self.said.parsed is None else len(further(self.said.parsed))
        return len(self.said.raw) + sum([part.size + 80 for part in self.parts]) + 80 * files


def write(draft: Draft, *, origin: str, time: int, seen: Seen | None, suite: Suite) -> Written:
    """Return the entry for `draft` in the log `origin`. `seen` is given when it changed. Spec §4.2."""
    act = seal_part(draft.act, scope=origin, suite=suite)
    body = None if draft.body is None else seal_part(draft.body, scope=origin, suite=suite)
    parts = (act,) if body is None else (act, body)
    entry = Entry(
        time=time,
        log=origin if draft.roots else None,
        seen=_sorted(seen, draft.ended) if draft.ended else () if seen is None else (seen,),
        act=PartRef(hash=act.hash, size=act.size),
        parts=(*(PartRef(hash=part.hash, size=part.size) for part in parts[1:]), *draft.files),
    )
    text = entries.encode_text(entry)
    if draft.roots:
        node = origin.split("/", 1)[0]
        lines = [_root_line(text, f"{node}/root/{who}", seed=seed, suite=suite) for who, seed in draft.roots]
        said = read_statement(entries.encode_signed(text, tuple(lines)))
    else:
        # The text was made of `entry`, and `encode_text` has read it back.
        parsed = ParsedEntry(entry=entry, text=text, lines=())
        said = Statement(raw=text, leaf=leaf_hash(text), parsed=parsed)
    return Written(said=said.opened(draft.act, draft.value), parts=parts)


def _sorted(*seen: Seen | None) -> tuple[Seen, ...]:
    return tuple(sorted((each for each in seen if each is not None), key=lambda each: each.origin))


def _root_line(text: bytes, name: str, *, seed: bytes, suite: Suite) -> note.Line:
    return note.sign(text, note.new_sign_key(name, note.Algorithm.ED25519, seed, suite=suite), suite)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other node on one channel: the card of the pairing, and the line it writes."""

    line: Line
    card: Card


class Heads(Protocol):
    """The head texts that are kept for ever, by log and size."""

    def root_at(self, origin: str, size: int) -> bytes | None:
        """Return the root of the head of this size that was signed, or None if there was none."""

    def note_at(self, origin: str, size: int) -> bytes | None:
        """Return the note of that head, if it is still kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held here of both lines, and whether there is a proof that the peer forked its own.

    `my_size` is how much of our line is signed. While we are `recovering` we know that it was more.
    """

    theirs: Reach
    mine: Line
    my_card: Card
    my_size: int
    is_forked: bool = False
    is_recovering: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Entries that extend the peer's line from `start` on, proved by the head that the peer signed."""

    start: int
    incoming: tuple[Incoming, ...]
    reach: Reach
    signed: SignedHead
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A piece of our own line, under a head that our own key signed: `start` and `size` are along the line.

    Whether it goes on from what is held here, nobody has looked yet. Spec §5.7.
    """

    start: int
    size: int
    signed: SignedHead
    piece: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Two heads of one log and size with different roots: this key signed two histories."""

    one: bytes
    two: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a parcel means here. Nothing has effect before the caller has committed it.

    `have` counts (Spec §5.5.3), `claimed` is the same unproven; `shown` is the largest size of their
    line whose head was shown. `asked` is what they want done about their own line, `accepted` what
    either side once agreed to, as note.
    """

    taken: tuple[Taken, ...] = ()
    returned: tuple[Returned, ...] = ()
    receipts: tuple[tuple[Receipt, bytes], ...] = ()
    accepted: tuple[tuple[Ending, bytes], ...] = ()
    asked: tuple[Purpose, Ending] | None = None
    have: int | None = None
    claimed: int | None = None
    shows_head: bool = False
    shown: int | None = None
    alarms: tuple[tuple[Alarm, str], ...] = ()
    forks: tuple[Fork, ...] = ()


class Reading:
    """Reads one parcel of one peer against what is held here."""

    def __init__(self, peer: Peer, held: Held, heads: Heads, *, now: int, suite: Suite) -> None:
        """Read for a node that holds `held`, whose clock shows `now`."""
        self._peer = peer
        self._held = held
        self._heads = heads
        self._now = now
        self._suite = suite
        self._reach = held.theirs
        self._have: int | None = None
        self._claimed: int | None = None
        self._shown: int | None = None
        self._shows_head = False
        self._returned: list[Returned] = []
        self._accepted: list[tuple[Ending, bytes]] = []
        self._taken: list[Taken] = []
        self._receipts: list[tuple[Receipt, bytes]] = []
        self._alarms: list[tuple[Alarm, str]] = []
        self._forks: list[Fork] = []

    def read(self, parcel: Parcel) -> Intake:
        """Return what `parcel` means. Its last frame has been verified; nothing else has."""
        for raw in filter(is_acceptance, parcel.receipts):
            self._read_accepted(raw)
        asked = None if parcel.recover is None else self._read_asked(parcel.recover)
        # A log that this parcel itself announces is read from the next one on: it comes again.
        announced = {ending.next_origin for ending, _ in self._accepted}
        announced |= {asked[1].next_origin} if asked else set()
        for piece in parcel.pieces:
            self._read_piece(piece, announced)
        for raw in parcel.receipts:
            if not is_acceptance(raw):
                self._read_receipt(raw)
        for have in parcel.haves:
            self._read_have(have)
        return Intake(
            taken=tuple(self._taken),
            returned=tuple(self._returned),
            receipts=tuple(self._receipts),
            accepted=tuple(self._accepted),
            asked=asked,
            have=self._have,
            claimed=self._claimed,
            shows_head=self._shows_head,
            shown=self._shown,
            forks=tuple(self._forks),
            # Last, since all of the above may raise one.
            alarms=tuple(self._alarms),
        )

    def _alarm(self, alarm: Alarm, remark: str) -> None:
        self._alarms.append((alarm, remark))

    def _read_piece(self, piece: Piece, announced: Collection[str]) -> None:
        try:
            origin = parse_text(note.parse(piece.note).text).origin
            is_mine = self._held.mine.has(origin)
            if origin in announced and not (is_mine or self._peer.line.has(origin)):
                return
            epoch, signed = self._head_of(piece.note, origin, is_mine=is_mine)
        except BreachError as error:
            self._alarm(Alarm.BAD_HEAD, str(error))
            return
        if is_mine:
            start, size = epoch.base + piece.start, epoch.base + signed.head.size
            self._returned.append(Returned(start=start, size=size, signed=signed, piece=piece))
            return
        if signed.signed_at > self._now + SKEW_SECONDS:
            self._alarm(Alarm.AHEAD_OF_CLOCK, f"{signed.signed_at - self._now} s")
        self._shows_head = True
        self._shown = max(epoch.base + signed.head.size, self._shown or 0)
        if self._is_fork(signed.head, piece.note) or self._held.is_forked or self._forks:
            # Which of the two histories goes on is for people to say (Spec §4.7).
            return
        self._extend(piece, signed, epoch=epoch)

    def _head_of(self, raw: bytes, origin: str, *, is_mine: bool) -> tuple[Epoch, SignedHead]:
        """Return the head in a note, and the log `origin` of either line that it is of.

        Raises:
            BreachError: it is of another log, or not signed by its writer.
        """
        line = self._held.mine if is_mine else self._peer.line
        epoch = next((epoch for epoch in line.epochs if epoch.origin == origin), None)
        if epoch is None:
            raise BreachError("4.5", f"{origin} is no log of this link")
        ed25519, ml_dsa = write_keys(self._held.my_card if is_mine else self._peer.card, origin)
        return epoch, read_head(raw, ed25519=ed25519, ml_dsa=ml_dsa, suite=self._suite)

    def _is_fork(self, head: Head, raw: bytes) -> bool:
        """Return whether another root of this size is known, if only by this parcel; keep both notes (H1)."""
        here = {(each.signed.head.origin, each.signed.head.size): each for each in self._taken}
        taken = here.get((head.origin, head.size))
        known = taken.signed.head.root if taken else self._heads.root_at(head.origin, head.size)
        if known is None or known == head.root:
            return False
        one = taken.note if taken else self._heads.note_at(head.origin, head.size)
        if one is not None:
            self._forks.append(Fork(one=one, two=raw))
            self._alarm(Alarm.FORK, f"{head.origin} at {head.size}")
        else:
            # Without the other note it is a claim of ours and not a proof, so nobody is accused.
            self._alarm(Alarm.NOT_EXTENDED, f"another root at {head.size}")
        return True

    def _extend(self, piece: Piece, signed: SignedHead, *, epoch: Epoch) -> None:
        reached = self._peer.line.size_of(epoch.origin, signed.head.size)
        size, start = self._reach.size, epoch.base + piece.start
        if reached is None or reached <= size or start > size:
            # An old head, a gap, or beyond a seal: the answer repeats `have`, and the peer goes on there.
            return
        fresh = piece.entries[size - start :]
        leaves = [leaf_hash(raw) for raw in fresh]
        reach = self._reach.begun(epoch).extend(leaves)
        if reach.size != reached or reach.root() != signed.head.root:
            self._alarm(Alarm.NOT_EXTENDED, f"{size} and these do not make the head {signed.head.size}")
            return
        incoming = self._open_all(piece, list(map(read_statement, fresh, leaves)), origin=epoch.origin)
        if incoming is None:
            return
        self._reach = reach
        self._taken.append(Taken(start=size, incoming=incoming, reach=reach, signed=signed, note=piece.note))

    def _open_all(
        self, piece: Piece, fresh: Sequence[Statement], *, origin: str
    ) -> tuple[Incoming, ...] | None:
        """Return the entries opened, or None if a key or ciphertext did not come: then nothing is taken."""
        content = Content(piece, scope=origin, suite=self._suite)
        wanted = [inline(said.parsed) for said in fresh]
        missing = [part.hash for parts in wanted for part in parts if not content.has(part)]
        if missing:
            self._alarm(Alarm.INCOMPLETE, f"{len(missing)} parts did not come")
            return None
        return tuple(content.open(said, parts) for said, parts in zip(fresh, wanted, strict=True))

    def _read_asked(self, raw: bytes) -> tuple[Purpose, Ending] | None:
        try:
            return read_asked(raw, self._peer.card, self._suite)
        except BreachError as error:
            self._alarm(Alarm.BAD_RECOVERY, str(error))
            return None

    def _read_accepted(self, raw: bytes) -> None:
        """Read what they accepted of our line, or what we accepted of theirs and may have lost since."""
        try:
            _, ending = read_ending(note.parse(raw).text)
            is_mine = ending.origin.split("/", 1)[0] == self._held.my_card.node
            card = self._peer.card if is_mine else self._held.my_card
            self._accepted.append((read_accepted(raw, card, self._suite), raw))
        except BreachError as error:
            self._alarm(Alarm.BAD_RECOVERY, str(error))

    def _read_receipt(self, raw: bytes) -> None:
        ed25519, ml_dsa = receipt_keys(self._peer.card)
        try:
            receipt = read_receipt(raw, ed25519=ed25519, ml_dsa=ml_dsa, suite=self._suite)
        except BreachError as error:
            self._alarm(Alarm.BAD_RECEIPT, str(error))
            return
        head = receipt.head
        # A receipt counts only for a head text that was signed here: a look-up, so that an
        # invented one neither costs anything nor stops anything (rule H2).
        if self._held.mine.has(head.origin) and self._heads.root_at(head.origin, head.size) == head.root:
            self._receipts.append((receipt, raw))
        elif not self._is_shown(self._held.mine.size_of(head.origin, head.size)):
            self._alarm(Alarm.INVENTED_RECEIPT, f"{head.origin} at {head.size}")

    def _is_shown(self, size: int | None) -> bool:
        """Return whether a claim about our line may be true: we know of a loss, or our own head is shown."""
        shown = max((each.size for each in self._returned), default=0)
        return self._held.is_recovering or (size is not None and size <= shown)

    def _read_have(self, have: Have) -> None:
        size = self._held.mine.size_of(have.origin, have.size)
        if size is not None:
            self._claimed = max(size, self._claimed or 0)
        if not self._held.mine.has(have.origin):
            if not self._held.is_recovering:
                self._alarm(Alarm.UNKNOWN_LOG, have.origin)
        elif size is None or size > self._held.my_size:
            if not self._is_shown(size):
                self._alarm(Alarm.INVENTED_HAVE, f"{have.size} of {self._held.my_size}")
        else:
            self._have = max(size, self._have or 0)
