"""What is asked of the signer, and what it answers: the one way to a signature of this node.

    sign      leaves since the anchor ─▶ notes of heads and receipts; the anchor is durable before they leave
    anchor    what was signed last in a log: the frontier, the newest notes, when
    begin     a log nothing was signed in yet, ours or a partner's; may retire the one that it continues
    replace   after a loss of disk and anchor: what officers confirmed by its digits is anchored as the end
    attest    the few other texts that node keys sign: what is asked and answered about the end of a log
    seal      a list of outcomes that the node makes public, never before the agreed instant
    make_keys the next set of keys, for a card to come; `key_sets` are all

The signer computes every root itself, from its own frontier and the leaves it is given, and
compares: it can neither sign two histories nor be told a root. It knows no record; what stands
before a leaf is core's to answer for. Two hold this contract: `keyed.py` in this process, and
`client.py` where the signer is a process of its own. Spec §4.5, §4.6, §4.8; rules H1, H3, H10,
H11, E9.
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from msgspec import Struct

from parley.protocol.tree import Frontier
from parley.signer.keys import PublicKeys

# What one call may ask: so that it fits a frame, and its notes fit the slot of a log.
MAX_ASKED: Final = 64
MAX_LEAVES: Final = 65_536
MAX_HEADS: Final = 5
# While the other side may not know a new card yet, a note bears the lines of two (Spec §7.2.7).
MAX_SETS: Final = 2
# A longer receipt of a partner's is not kept.
MAX_RECEIPT: Final = 8 * 1024


class Noted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signed note over the first `size` leaves; `time` is what its lines state, in Unix seconds."""

    size: int
    time: int
    note: bytes


class Anchored(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the signer knows of one log, durable: how far it signed, and with which root.

    `notes`, rising, are what the last signature in it made: heads of a log of ours (a crash may have
    kept them from core), the newest receipt of ours for a partner's. `receipt` is the newest receipt of
    the partner for a log of ours that was shown. A `retired` log is not signed in again.
    """

    origin: str
    frontier: Frontier
    signed_at: int
    notes: tuple[Noted, ...] = ()
    receipt: bytes | None = None
    retired: bool = False

    @property
    def size(self) -> int:
        """Return how many entries are signed."""
        return self.frontier.size

    @property
    def note(self) -> bytes | None:
        """Return the newest note, or None before the first and after `replace`."""
        return self.notes[-1].note if self.notes else None


class HeadsToSign(Struct, frozen=True, kw_only=True, tag="heads", forbid_unknown_fields=True):
    """Heads of a log of ours, `start` being the size that is anchored.

    `leaves` are those after `start`, in order; `sizes`, rising, at most `MAX_HEADS`, where heads are
    wanted, the last one `start + len(leaves)`; `roots` what the record has there. The same size once
    more, without leaves, is signed again at a newer `time`, in Unix seconds. `keys` name the sets that
    sign, by their public `write ed25519`; none: the first one. Of two sets, `MAX_HEADS // 2` sizes.
    """

    origin: str
    start: int
    leaves: tuple[bytes, ...]
    sizes: tuple[int, ...]
    roots: tuple[bytes, ...]
    time: int
    keys: tuple[bytes, ...] = ()


class ReceiptToSign(Struct, frozen=True, kw_only=True, tag="receipt", forbid_unknown_fields=True):
    """One receipt for a partner's log: `start` is anchored, `leaves` follow, `root` is as recorded.

    `keys` as in `HeadsToSign`: by `write ed25519` too, since a set is of one card.
    """

    origin: str
    start: int
    leaves: tuple[bytes, ...]
    root: bytes
    time: int
    keys: tuple[bytes, ...] = ()


Asked: TypeAlias = HeadsToSign | ReceiptToSign


class RefusedToSignError(Exception):
    """The signer understood and does not sign. `code` is for programs, the text for people.

    unknown-log     it has not begun this log             → `begin`, if nothing was ever written in it
    lost-log        its anchor is damaged                 → `replace`, by two officers
    retired-log     another log continues this one
    begun-log       `begin` of a log that is anchored
    foreign-log     another node's head, our own receipt, or another world
    below-anchor    `start` or a size lies below the anchor
    beyond-anchor   `start` lies above it: leaves are missing
    other-root      the leaves lead to another root than the record has: two histories
    bad-digits      the digits are not those of this head
    bad-text        not a text that node keys sign
    too-early       a list is not sealed before its release
    unknown-keys    no such set of keys is here       → restore keys/, or announce a new card
    bad-request     the rest: too many, or not what it should be
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class NoSignerError(Exception):
    """No signer answers. Nothing is lost: what is written stays, and is signed when it is back."""


class SigningDesk(Protocol):
    """Whoever signs for this node. Threads may ask at once.

    Every method raises `RefusedToSignError`, and then nothing was signed or changed, or
    `NoSignerError`, and then a signature may have been made that is found in `anchor`.
    """

    def sign(self, asked: Sequence[Asked]) -> tuple[tuple[Noted, ...], ...]:
        """Return the notes of each, one for each of its sizes; all of them or none.

        No log twice. A time stated is the larger of the one asked and the last (Spec §4.5.4, §4.6.5).
        """

    def anchor(self, origin: str) -> Anchored | None:
        """Return what is anchored of a log; None if it was never begun, or is lost (`lost` tells which)."""

    def lost(self) -> tuple[str, ...]:
        """Return the logs whose anchor is damaged; "?" for one whose name is damaged too."""

    def origins(self) -> tuple[str, ...]:
        """Return the logs that are anchored."""

    def anchored(self) -> tuple[Anchored, ...]:
        """Return all that is anchored."""

    def begin(self, origin: str, *, retires: str | None = None) -> None:
        """Anchor an empty log, and never sign in `retires` again. One that is begun and empty stays."""

    def keep_receipt(self, origin: str, note: bytes) -> None:
        """Keep a partner's receipt for a log of ours if it is newer; it is durable with the next signature.

        The caller has verified its lines: the signer knows no partner's keys. It compares the text with
        what it signed, as far as it still knows that.
        """

    def replace(self, origin: str, frontier: Frontier, *, confirmed: str, time: int) -> None:
        """Put `frontier`, of at least one leaf, in the place of what is anchored, or lost.

        The log is not signed in again: nobody knows whether this was the last.

        Two officers have `confirmed` the sixty digits (`protocol/head.py`) of the head that the frontier
        has; blanks do not count. It is written into the signer's journal.
        """

    def key_sets(self) -> tuple[PublicKeys, ...]:
        """Return the public halves of every set of keys, by their numbers."""

    def make_keys(self, number: int) -> PublicKeys:
        """Return the public halves of the set `number`, made now if it is later than all that are here.

        It is durable. The seeds stay here. Which sets sign is said by the cards that are in force.
        """

    def attest(self, text: bytes) -> bytes:
        """Return the note of a text about the end of a log, with one line of type 0x01 of each set.

        Whoever lost a card does not know by which the other side reads; so the newest sets all sign.

        The five texts have one shape, and none of them can be read as a head, a receipt, a card or a parcel:

            parley-recover/v1      or -seal, or -decline: write key, key name = origin, a log of this node
            parley-accept/v1       or -held: receipt key, key name <node>/receipt, a log of another node
            <origin>
            <size>                 may be 0
            <root>                 base64; of no entries the hash of nothing
            <epoch>                eight hex digits: the log that is to continue this one, or the question
        """

    def seal(self, text: bytes, *, keys: bytes, time: int) -> bytes:
        """Return the seal on a list of outcomes: both receipt lines of one set, at `time` (Spec §17.10).

        `keys` names the set as in `HeadsToSign`. The text has three lines that can be read as nothing else:

            parley-release/v1 <world>/<link>
            <release>              in Unix seconds, not after `time`
            <digest>               base64
        """

    def close(self) -> None:
        """Let go of the keys, and of the lock."""
