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

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from msgspec import Struct

from parley.protocol import entry as entries
from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, receipt_keys, write_keys
from parley.protocol.entry import Entry, ParsedEntry, PartRef, Seen
from parley.protocol.form import Statement, is_oversize, read_statement
from parley.protocol.head import Head, Receipt, SignedHead, read_head, read_receipt
from parley.protocol.kinds import KINDS
from parley.protocol.parcel import Have, Parcel, Piece
from parley.protocol.part import LOST_KEY, PartError, SealedPart, open_part, seal_part
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonValue, check
from parley.protocol.suite import Suite
from parley.protocol.tree import Frontier, leaf_hash

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
    FALSE_SEEN = "false_seen"
    UNPROVEN_SEEN = "unproven_seen"
    BAD_CARD = "bad_card"


class Draft(Struct, frozen=True, kw_only=True):
    """An act to be written, with its body if it has one, and the roots who sign it if it needs them.

    `value` is the object in the act, if whoever wrote the act knows it; `roots` are (person, seed).
    """

    act: bytes
    value: Mapping[str, JsonValue] | None = None
    body: bytes | None = None
    roots: tuple[tuple[int, bytes], ...] = ()


class Written(Struct, frozen=True, kw_only=True):
    """A new entry of one's own and what it commits to. `inline` is its weight in a parcel."""

    said: Statement
    parts: tuple[SealedPart, ...]

    @property
    def inline(self) -> int:
        """Return about how many bytes the entry takes in a parcel."""
        return len(self.said.raw) + sum([part.size + 80 for part in self.parts])


def write(draft: Draft, *, origin: str, time: int, seen: Seen | None, suite: Suite) -> Written:
    """Return the entry for `draft` in the log `origin`. `seen` is given when it changed. Spec §4.2."""
    act = seal_part(draft.act, scope=origin, suite=suite)
    body = None if draft.body is None else seal_part(draft.body, scope=origin, suite=suite)
    parts = (act,) if body is None else (act, body)
    entry = Entry(
        time=time,
        log=origin if draft.roots else None,
        seen=() if seen is None else (seen,),
        act=PartRef(hash=act.hash, size=act.size),
        parts=tuple(PartRef(hash=part.hash, size=part.size) for part in parts[1:]),
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


def _root_line(text: bytes, name: str, *, seed: bytes, suite: Suite) -> note.Line:
    return note.sign(text, note.new_sign_key(name, note.Algorithm.ED25519, seed, suite=suite), suite)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other node on one channel: the card of the pairing, and the log it writes."""

    origin: str
    card: Card


class Heads(Protocol):
    """The head texts that are kept for ever, by log and size."""

    def root_at(self, origin: str, size: int) -> bytes | None:
        """Return the root of the head of this size that was signed, or None if there was none."""

    def note_at(self, origin: str, size: int) -> bytes | None:
        """Return the note of that head, if it is still kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held here of both logs, and whether there is a proof that the peer forked its own."""

    theirs: Frontier
    my_origin: str
    my_size: int
    is_forked: bool = False


class Incoming(Struct, frozen=True, kw_only=True):
    """One entry of the peer's, as far as it opened here.

    `act` are the bytes of the act and `body` those of the body, if it has one; both are None
    with the reason `unopened` for the act of that name. An entry that breaks the grammar or
    the caps has neither. `parts` are what came of its content: (hash, ciphertext, key).
    """

    said: Statement
    body: bytes | None
    unopened: str | None
    parts: tuple[tuple[bytes, bytes, bytes], ...]

    @property
    def is_clocked(self) -> bool:
        """Return whether `received` must follow, since a clock may start or go on by this entry."""
        kind = KINDS.get(self.said.kind or "")
        return kind is not None and kind.clocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Entries that extend the peer's log, proved by the head that the peer signed."""

    start: int
    incoming: tuple[Incoming, ...]
    frontier: Frontier
    signed: SignedHead
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Two heads of one log and size with different roots: this key signed two histories."""

    one: bytes
    two: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a parcel means here. Nothing has effect before the caller has committed it."""

    taken: tuple[Taken, ...] = ()
    receipts: tuple[tuple[Receipt, bytes], ...] = ()
    have: int | None = None
    shows_head: bool = False
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
        self._frontier = held.theirs
        self._have: int | None = None
        self._shows_head = False
        self._taken: list[Taken] = []
        self._receipts: list[tuple[Receipt, bytes]] = []
        self._alarms: list[tuple[Alarm, str]] = []
        self._forks: list[Fork] = []

    def read(self, parcel: Parcel) -> Intake:
        """Return what `parcel` means. Its last frame has been verified; nothing else has."""
        for piece in parcel.pieces:
            self._read_piece(piece)
        for raw in parcel.receipts:
            self._read_receipt(raw)
        for have in parcel.haves:
            self._read_have(have)
        return Intake(
            taken=tuple(self._taken),
            receipts=tuple(self._receipts),
            have=self._have,
            shows_head=self._shows_head,
            alarms=tuple(self._alarms),
            forks=tuple(self._forks),
        )

    def _alarm(self, alarm: Alarm, remark: str) -> None:
        self._alarms.append((alarm, remark))

    def _read_piece(self, piece: Piece) -> None:
        ed25519, ml_dsa = write_keys(self._peer.card, self._peer.origin)
        try:
            signed = read_head(piece.note, ed25519=ed25519, ml_dsa=ml_dsa, suite=self._suite)
        except BreachError as error:
            self._alarm(Alarm.BAD_HEAD, str(error))
            return
        if signed.signed_at > self._now + SKEW_SECONDS:
            self._alarm(Alarm.AHEAD_OF_CLOCK, f"{signed.signed_at - self._now} s")
        self._shows_head = True
        if self._is_fork(signed.head, piece.note) or self._held.is_forked or self._forks:
            # Which of the two histories goes on is for people to say (Spec §4.7).
            return
        self._extend(piece, signed)

    def _is_fork(self, head: Head, raw: bytes) -> bool:
        """Return whether another root of this size is known, and if so keep the two notes (rule H1)."""
        known = self._heads.root_at(head.origin, head.size)
        if known is None or known == head.root:
            return False
        one = self._heads.note_at(head.origin, head.size)
        if one is not None:
            self._forks.append(Fork(one=one, two=raw))
            self._alarm(Alarm.FORK, f"{head.origin} at {head.size}")
        else:
            # Without the other note it is a claim of ours and not a proof, so nobody is accused.
            self._alarm(Alarm.NOT_EXTENDED, f"another root at {head.size}")
        return True

    def _extend(self, piece: Piece, signed: SignedHead) -> None:
        size = self._frontier.size
        if signed.head.size <= size or piece.start > size:
            # An old head, or a gap: the answer repeats `have`, and the peer goes on from there.
            return
        fresh = piece.entries[size - piece.start :]
        leaves = [leaf_hash(raw) for raw in fresh]
        frontier = self._frontier.extend(leaves)
        if frontier.size != signed.head.size or frontier.root() != signed.head.root:
            self._alarm(
                Alarm.NOT_EXTENDED, f"{size} entries and these do not make the head {signed.head.size}"
            )
            return
        incoming = self._open_all(piece, list(map(read_statement, fresh, leaves)))
        if incoming is None:
            return
        self._frontier = frontier
        self._taken.append(
            Taken(start=size, incoming=incoming, frontier=frontier, signed=signed, note=piece.note)
        )

    def _open_all(self, piece: Piece, fresh: Sequence[Statement]) -> tuple[Incoming, ...] | None:
        """Return the entries opened, or None if a key or ciphertext did not come: then nothing is taken."""
        content = _Content(piece, scope=self._peer.origin, suite=self._suite)
        wanted = [_inline(said.parsed) for said in fresh]
        missing = [part.hash for parts in wanted for part in parts if not content.has(part)]
        if missing:
            self._alarm(Alarm.INCOMPLETE, f"{len(missing)} parts did not come")
            return None
        return tuple(content.open(said, parts) for said, parts in zip(fresh, wanted, strict=True))

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
        if head.origin == self._held.my_origin and self._heads.root_at(head.origin, head.size) == head.root:
            self._receipts.append((receipt, raw))
        else:
            self._alarm(Alarm.INVENTED_RECEIPT, f"{head.origin} at {head.size}")

    def _read_have(self, have: Have) -> None:
        if have.origin != self._held.my_origin:
            self._alarm(Alarm.UNKNOWN_LOG, have.origin)
        elif have.size > self._held.my_size:
            self._alarm(Alarm.INVENTED_HAVE, f"{have.size} of {self._held.my_size}")
        else:
            self._have = have.size


@dataclass(frozen=True, slots=True)
class _Shut:
    reason: str


class _Content:
    """Keys and ciphertexts of one piece. A part is opened once, however many entries name it."""

    def __init__(self, piece: Piece, *, scope: str, suite: Suite) -> None:
        self._keys = dict(piece.keys)
        self._blobs = {hashlib.sha256(blob).digest(): blob for blob in piece.blobs}
        self._scope = scope
        self._suite = suite
        self._texts: dict[tuple[bytes, int, bool], bytes | _Shut] = {}
        self._acts: set[bytes] = set()

    def has(self, part: PartRef) -> bool:
        # A key of zeros says that the sender lost it; then its ciphertext is of no use either.
        key = self._keys.get(part.hash)
        return key is not None and (part.hash in self._blobs or key == LOST_KEY)

    def open(self, said: Statement, wanted: Sequence[PartRef]) -> Incoming:
        # Void, whatever it says (Spec §6.5). Thousands of copies must not take room a thousand times.
        if not wanted or wanted[0].hash in self._acts:
            return Incoming(said=said, body=None, unopened=None, parts=())
        self._acts.add(wanted[0].hash)
        keys, blobs = self._keys, self._blobs
        parts = tuple(
            [(part.hash, blobs[part.hash], keys[part.hash]) for part in wanted if part.hash in blobs]
        )
        texts: list[bytes | None] = [None, None]
        for place, part in enumerate(wanted):
            text = self._text(part, is_body=place > 0)
            if isinstance(text, _Shut):
                return Incoming(said=said, body=None, unopened=text.reason, parts=parts)
            texts[place] = text
        act, body = texts
        said = said if act is None else said.opened(act)
        return Incoming(said=said, body=body, unopened=None, parts=parts)

    def _text(self, part: PartRef, *, is_body: bool) -> bytes | _Shut:
        which = (part.hash, part.size, is_body)
        text = self._texts.get(which)
        if text is None:
            text = self._open(part)
            if is_body and not isinstance(text, _Shut) and not _is_json(text):
                text = _Shut("json")
            self._texts[which] = text
        return text

    def _open(self, part: PartRef) -> bytes | _Shut:
        key, blob = self._keys[part.hash], self._blobs.get(part.hash)
        if key == LOST_KEY or blob is None:
            return _Shut("key")
        if len(blob) != part.size:
            return _Shut("size")
        try:
            return open_part(blob, key=key, scope=self._scope, suite=self._suite)
        except PartError:
            return _Shut("commitment")


def _is_json(raw: bytes) -> bool:
    try:
        check(raw, max_values=MAX_BODY_VALUES)
    except BreachError:
        return False
    return True


def inline_parts(raw: bytes) -> tuple[PartRef, ...]:
    """Return what must come with an entry: its act, and its first part, the body. Spec §4.3.

    Nothing comes with an entry that is void for its grammar or its size.
    """
    try:
        return _inline(entries.parse(raw))
    except BreachError:
        return ()


def _inline(parsed: ParsedEntry | None) -> tuple[PartRef, ...]:
    if parsed is None or is_oversize(parsed.entry):
        return ()
    return (parsed.entry.act, *parsed.entry.parts[:1])
