"""How a writer gets back what it lost of its own line, and how a log ends where it cannot.

    parley-<text>/v1
    <origin>
    <size>       entries, may be 0
    <root>       of these entries
    <epoch>      eight hex digits: in recover and held the question's, else the log's that is to follow

    recover   the asker: this is what I hold of my log; what more do you hold?      write key, 0x01
    held      the other side: this is how far I hold your line. It answers the question or the seal
              of the same epoch, and no other                        receipt key, 0x01, <node>/receipt
    seal      the asker: there is no more; the log ends here, and `epoch` follows   write key, 0x01
    accept    the other side: so be it                                              receipt key, 0x01
    decline   the asker: the log goes on; what was to follow is not used            write key, 0x01

Whoever asks has lost something, by accident or by a lie; so the one asked believes nothing but
its own record. It returns only what it was sent, and lets a log end nowhere below what it
holds. What it holds never gives way to a note; a log of which it holds nothing gives way to
whatever the writer says last, so a note that comes late burns nothing: the writer says it again.
What is kept, and when it is signed, is left to the ledger. Spec §4.8, §5.7; rules H10 to H13.
"""

import re
from collections.abc import Callable, Collection
from enum import Enum
from typing import Final

from msgspec import Struct

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.line import Epoch, Line, Reach
from parley.protocol.names import EPOCH, ORIGIN_CHARACTERS, check_origin
from parley.protocol.notation import HASH, NUMBER, read_hash, read_number, write_base64
from parley.protocol.note import Algorithm, VerifyKey
from parley.protocol.suite import Suite
from parley.protocol.tree import EMPTY_ROOT

# An asker draws a name for each recovery, so this many are never reached by accident.
MAX_NAMES: Final = 64

_TEXT: Final = re.compile(
    rf"parley-(recover|seal|accept|decline|held)/v1\n({ORIGIN_CHARACTERS})\n({NUMBER})\n({HASH})\n({EPOCH})\n"
)


class Purpose(Enum):
    """What the text of such a note says."""

    RECOVER = "recover"
    SEAL = "seal"
    ACCEPT = "accept"
    DECLINE = "decline"
    HELD = "held"

    @property
    def is_answer(self) -> bool:
        """Return whether this is said of another node's line."""
        return self in {Purpose.ACCEPT, Purpose.HELD}


class Ending(Struct, frozen=True, kw_only=True):
    """The first `size` entries of the log `origin` have the root `root`.

    `epoch` is that of the log which may follow, or of the question.
    """

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
    """Return what one of the five texts says.

    Raises:
        BreachError: it is none of them, or names no log, or a log that would continue itself.
    """
    match = _TEXT.fullmatch(text.decode("latin-1"))
    if match is None:
        raise BreachError("4.8", "this is no text of a recovery")
    purpose, origin, size, root, epoch = match.groups()
    check_origin(origin)
    ending = Ending(origin=origin, size=read_number(size, "4.8"), root=read_hash(root), epoch=epoch)
    # The epoch of an answer is that of a question, and may be of the very log that is held.
    if ending.next_origin == origin and purpose != Purpose.HELD.value:
        raise BreachError("4.8", "a log that continues itself")
    if not ending.size and ending.root != EMPTY_ROOT:
        raise BreachError("4.8", "no entries have the root of none")
    return Purpose(purpose), ending


def parse_note(raw: bytes) -> tuple[Purpose, Ending]:
    """Return what a note says that was read before; who signed it is not looked at.

    Raises:
        BreachError: it is none of the five.
    """
    return parse_text(note.parse(raw).text)


def read_asked(raw: bytes, card: Card, suite: Suite) -> tuple[Purpose, Ending]:
    """Return what the writer with this card asks for: to recover, to seal, or to go on.

    Raises:
        BreachError: it is no such note, or not signed by the write key of that log.
    """
    read = note.parse(raw)
    purpose, ending = parse_text(read.text)
    if purpose.is_answer or ending.origin.split("/", 1)[0] != card.node:
        raise BreachError("4.8", "only a writer asks back its own log")
    key = VerifyKey(name=ending.origin, algorithm=Algorithm.ED25519, public=card.write_ed25519)
    if not note.verified(read, (key,), suite):
        raise BreachError("4.8", "the writer did not sign")
    return purpose, ending


def read_answer(raw: bytes, card: Card, suite: Suite) -> tuple[Purpose, Ending]:
    """Return what the node with this card said of another's line: what it accepted, or holds.

    Raises:
        BreachError: it is no such note, or not signed by that node's receipt key.
    """
    read = note.parse(raw)
    purpose, ending = parse_text(read.text)
    if not purpose.is_answer or ending.origin.split("/", 1)[0] == card.node:
        raise BreachError("4.8", "this is no answer about another's log")
    name = f"{card.node}/receipt"
    key = VerifyKey(name=name, algorithm=Algorithm.ED25519, public=card.receipt_ed25519)
    if not note.verified(read, (key,), suite):
        raise BreachError("4.8", "the other side did not sign")
    return purpose, ending


def read_accepted(raw: bytes, card: Card, suite: Suite) -> Ending:
    """Return what the node with this card accepted of another's line.

    Raises:
        BreachError: it is no acceptance, or not signed by that node's receipt key.
    """
    purpose, ending = read_answer(raw, card, suite)
    if purpose is not Purpose.ACCEPT:
        raise BreachError("4.8", "this is no acceptance of another's log")
    return ending


def is_answer(raw: bytes) -> bool:
    """Return whether a note in an `R` frame is an answer about a line, and no receipt. It proves nothing."""
    return raw.startswith((b"parley-accept/v1\n", b"parley-held/v1\n"))


class Answer(Enum):
    """What the one asked does: nothing but say what it holds, accept, or accept once more."""

    HELD = "held"
    ACCEPTED = "accepted"
    REPEATED = "repeated"


# The root of the first so many entries of the asker's line, which are held.
RootAt = Callable[[int], bytes]


def judge_recover(asked: Ending, line: Line, held: Reach, *, root_at: RootAt) -> int | None:
    """Return from which size of `line` on it is given back: from where the roots agree, else from its begin.

    `held` is what is held of the line. None, if no more is held than the asker holds itself, or if it names a
    log that is not known here: it hears what is held, and asks from a log that both know.
    """
    epoch = line.find(asked.origin)
    if epoch is None:
        return None
    reached = min(epoch.base + asked.size, line.end_of(asked.origin, held.size), held.size)
    is_all = reached == epoch.base + asked.size
    agrees = not is_all or not asked.size or root_at(reached) == asked.root
    start = reached if agrees else epoch.base
    return start if start < held.size else None


def judge_seal(asked: Ending, line: Line, held: Reach, *, root_at: RootAt, names: Collection[str]) -> Answer:
    """Return whether the log may end where the asker says, and be followed by what it names.

    `names` are all epochs that were ever recorded for this line. It may end neither below what is held
    of it (H12), nor elsewhere; and what follows it here gives way only if nothing of that is held (H13).
    """
    if line.before(asked.next_origin) is not None:
        is_same = asked.next_origin == line.current.origin and is_ended(asked, line)
        return Answer.REPEATED if is_same else Answer.HELD
    epoch = line.find(asked.origin)
    if epoch is None or held.size > line.end_of(asked.origin, held.size):
        return Answer.HELD
    is_fresh = asked.epoch not in names and len(names) < MAX_NAMES
    reached = epoch.base + asked.size
    if not is_fresh or reached < held.size:
        return Answer.HELD
    if reached == held.size and asked.size and root_at(reached) != asked.root:
        return Answer.HELD
    return Answer.ACCEPTED


def judge_decline(asked: Ending, line: Line, held: Reach) -> tuple[Epoch, ...]:
    """Return the logs of `line` that are dropped, since the one before them goes on after all (Spec §5.7.14).

    None, if that end was not accepted, or if anything of what followed is held.
    """
    if not is_ended(asked, line) or held.size > line.end_of(asked.origin, 0):
        return ()
    return line.after(asked.origin)


def is_ended(ending: Ending, line: Line) -> bool:
    """Return whether a log of `line` ended so, and is followed by what the ending names."""
    before, following = line.before(ending.next_origin), line.find(ending.next_origin)
    if before is None or following is None:
        return False
    return before.origin == ending.origin and before.base + ending.size == following.base
