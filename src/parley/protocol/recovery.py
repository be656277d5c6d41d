"""How a writer gets back what it lost of its own line, and how a log ends where it cannot.

    parley-recover/v1     parley-seal/v1        parley-accept/v1
    <origin>              <origin>              <origin>
    <size>                <size>                <size>           entries, may be 0
    <root>                <root>                <root>           of these entries
    <epoch>               <epoch>               <epoch>          what is to follow, eight hex digits

    recover   the asker: this is all that I hold of my log; give me the rest      write key, 0x01
    seal      the asker: there is no more; the log ends here, and `epoch` follows   write key, 0x01
    accept    the other side: so be it                               receipt key, 0x01, <node>/receipt

Whoever asks has lost something, by accident or by a lie; so the one asked believes nothing but
its own record. It returns only what it was sent, and lets a log end nowhere below what it
holds. A name of an epoch is recorded once, and never again: a note that comes late burns
nothing. What is kept, and when it is signed, is left to the ledger. Spec §4.8, §5.7; rules
H10 to H13.
"""

import re
from collections.abc import Callable, Collection
from enum import Enum
from typing import Final

from msgspec import Struct

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.line import Line, Reach
from parley.protocol.names import EPOCH, ORIGIN_CHARACTERS, check_origin
from parley.protocol.notation import HASH, NUMBER, read_hash, read_number, write_base64
from parley.protocol.note import Algorithm, VerifyKey
from parley.protocol.suite import Suite
from parley.protocol.tree import EMPTY_ROOT

# An asker draws a name for each recovery, so this many are never reached by accident.
MAX_NAMES: Final = 64

_TEXT: Final = re.compile(
    rf"parley-(recover|seal|accept)/v1\n({ORIGIN_CHARACTERS})\n({NUMBER})\n({HASH})\n({EPOCH})\n"
)


class Purpose(Enum):
    """What the text of such a note says."""

    RECOVER = "recover"
    SEAL = "seal"
    ACCEPT = "accept"


class Ending(Struct, frozen=True, kw_only=True):
    """The first `size` entries of the log `origin` have the root `root`, and `epoch` is what may follow."""

    origin: str
    size: int
    root: bytes
    epoch: str

    @property
    def next_origin(self) -> str:
        """Return the log that is to continue this one."""
        return f"{self.origin.rsplit('/', 1)[0]}/{self.epoch}"

    def text(self, purpose: Purpose) -> bytes:
        """Return the five lines that are signed."""
        root = write_base64(self.root)
        return f"parley-{purpose.value}/v1\n{self.origin}\n{self.size}\n{root}\n{self.epoch}\n".encode(
            "ascii"
        )


def parse_text(text: bytes) -> tuple[Purpose, Ending]:
    """Return what one of the three texts says.

    Raises:
        BreachError: it is none of them, or names no log, or a log that would continue itself.
    """
    match = _TEXT.fullmatch(text.decode("latin-1"))
    if match is None:
        raise BreachError("4.8", "this is no text of a recovery")
    purpose, origin, size, root, epoch = match.groups()
    check_origin(origin)
    ending = Ending(origin=origin, size=read_number(size, "4.8"), root=read_hash(root), epoch=epoch)
    if ending.next_origin == origin:
        raise BreachError("4.8", "a log that continues itself")
    if not ending.size and ending.root != EMPTY_ROOT:
        raise BreachError("4.8", "no entries have the root of none")
    return Purpose(purpose), ending


def read_asked(raw: bytes, card: Card, suite: Suite) -> tuple[Purpose, Ending]:
    """Return what the writer with this card asks for: to recover, or to seal.

    Raises:
        BreachError: it is no such note, or not signed by the write key of that log.
    """
    read = note.parse(raw)
    purpose, ending = parse_text(read.text)
    if purpose is Purpose.ACCEPT or ending.origin.split("/", 1)[0] != card.node:
        raise BreachError("4.8", "only a writer asks back its own log")
    key = VerifyKey(name=ending.origin, algorithm=Algorithm.ED25519, public=card.write_ed25519)
    if not note.verified(read, (key,), suite):
        raise BreachError("4.8", "the writer did not sign")
    return purpose, ending


def read_accepted(raw: bytes, card: Card, suite: Suite) -> Ending:
    """Return what the node with this card accepted of another's line.

    Raises:
        BreachError: it is no acceptance, or not signed by that node's receipt key.
    """
    read = note.parse(raw)
    purpose, ending = parse_text(read.text)
    if purpose is not Purpose.ACCEPT or ending.origin.split("/", 1)[0] == card.node:
        raise BreachError("4.8", "this is no acceptance of another's log")
    name = f"{card.node}/receipt"
    key = VerifyKey(name=name, algorithm=Algorithm.ED25519, public=card.receipt_ed25519)
    if not note.verified(read, (key,), suite):
        raise BreachError("4.8", "the other side did not sign")
    return ending


def is_acceptance(raw: bytes) -> bool:
    """Return whether a note in an `R` frame is an acceptance, and not a receipt. It proves nothing."""
    return raw.startswith(b"parley-accept/v1\n")


class Answer(Enum):
    """What the one asked does."""

    NOTHING = "nothing"
    RETURNED = "returned"
    PROVED = "proved"
    ACCEPTED = "accepted"


class Judged(Struct, frozen=True, kw_only=True):
    """The answer to what was asked.

    RETURNED: entries from the size `start` of the line on. PROVED: more is held than the asker
    wants to seal, and a head of its own says so. ACCEPTED: the line goes on with `epoch` at the
    size `start`; `repeats` if that was accepted before.
    """

    answer: Answer
    start: int = 0
    repeats: bool = False


_NOTHING: Final = Judged(answer=Answer.NOTHING)

# The root of the first so many entries of the asker's line, which are held.
RootAt = Callable[[int], bytes]


def judge_recover(asked: Ending, line: Line, held: Reach, *, root_at: RootAt) -> Judged:
    """Return what is given back of `line`, of which `held` is held: from where the roots agree, else of all.

    Nothing, if no more is held than the asker holds itself, or the log is not of this line.
    """
    reached = line.size_of(asked.origin, asked.size)
    if reached is None:
        return _NOTHING
    base = next(epoch.base for epoch in line.epochs if epoch.origin == asked.origin)
    agrees = reached <= held.size and (not asked.size or root_at(reached) == asked.root)
    start = reached if agrees else base
    return Judged(answer=Answer.RETURNED, start=start) if start < held.size else _NOTHING


def judge_seal(asked: Ending, line: Line, held: Reach, *, root_at: RootAt, names: Collection[str]) -> Judged:
    """Return whether the log may end where the asker says, and be followed by what it names.

    `names` are all epochs that were ever recorded for this line. It may not end below what is
    held (H12), nor elsewhere; and only the log that is written now may end, or the one before
    as long as nothing of its successor is held (H13).
    """
    before = line.before(asked.next_origin)
    if before is not None:
        # It was accepted already, and the acceptance did not arrive.
        is_same = before.origin == asked.origin and before.base + asked.size == line.current.base
        is_next = asked.next_origin == line.current.origin
        repeated = Judged(answer=Answer.ACCEPTED, start=line.current.base, repeats=True)
        return repeated if is_same and is_next else _NOTHING
    base = _base_of_ending(asked.origin, line, held)
    if base is None or asked.epoch in names or len(names) >= MAX_NAMES:
        return _NOTHING
    reached = base + asked.size
    if reached < held.size:
        return Judged(answer=Answer.PROVED)
    if reached == held.size and asked.size and root_at(reached) != asked.root:
        return _NOTHING
    return Judged(answer=Answer.ACCEPTED, start=reached)


def _base_of_ending(origin: str, line: Line, held: Reach) -> int | None:
    """Return where the log `origin` begins, if it may end: it is current, or the current is empty here."""
    if origin == line.current.origin:
        return line.current.base
    before = line.before(line.current.origin)
    if before is None or before.origin != origin or held.size > line.current.base:
        return None
    return before.base
