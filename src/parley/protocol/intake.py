"""What a parcel means here, as values: what it proved, what it claims, what is odd about it.

`channel.py` reads it; the ledger commits it, and only then is anything signed. Spec §5.3, §5.7.
"""

from dataclasses import dataclass

from parley.protocol.alarms import Alarm
from parley.protocol.card import Card
from parley.protocol.content import Incoming
from parley.protocol.head import Receipt, SignedHead
from parley.protocol.line import Reach
from parley.protocol.parcel import Piece
from parley.protocol.recovery import Ending, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Entries that extend the peer's line from `start` on, proved by the head that the peer signed.

    By `card` it was read; whoever folds the entries sees to it that this one is then in force.
    """

    start: int
    incoming: tuple[Incoming, ...]
    reach: Reach
    signed: SignedHead
    note: bytes
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Entries of the peer's that came after their log had ended before them, under a head that it signed.

    `start` is the place of the first along the line, `reach` how far that log is kept with them. They are no
    part of the line and have no effect. Spec §4.8.9.
    """

    start: int
    incoming: tuple[Incoming, ...]
    reach: Reach
    signed: SignedHead
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A piece of our own line, under a head that our own key signed.

    Whether its log is one of ours that is known here, and whether it goes on from what is held here,
    nobody has looked yet. Spec §5.7.
    """

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

    `have` counts (Spec §5.5.3); `shown` is the largest size of their line whose head was shown, 0 for one
    of a log that is not known here. `asked` is what they want done about their own line, `accepted` what
    either side once agreed to, as note; `answered` what they say to hold of ours, each to a question.
    """

    taken: tuple[Taken, ...] = ()
    late: tuple[Late, ...] = ()
    returned: tuple[Returned, ...] = ()
    receipts: tuple[tuple[Receipt, bytes], ...] = ()
    accepted: tuple[tuple[Ending, bytes], ...] = ()
    answered: tuple[Ending, ...] = ()
    asked: tuple[Purpose, Ending] | None = None
    have: int | None = None
    shows_head: bool = False
    shown: int | None = None
    alarms: tuple[tuple[Alarm, str], ...] = ()
    forks: tuple[Fork, ...] = ()
