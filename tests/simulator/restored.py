"""A world in which disks go back, again and again, with their anchors or without, and the line lies.

What the partner's node says may be changed on its way by somebody who holds its keys: ends that it never
accepted, answers to questions that it never gave, sizes that it does not hold, pieces that are left out.
Whatever happens, no key signs two histories; once the line is good again and officers compare digits, both
sides come to an end and hold the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from parley.ledger.ledger import Ledger
from parley.ledger.regaining import NotLostError, OtherDigitsError, TooEarlyError
from parley.ledger.slot import Slot
from parley.ledger.writer import Job
from parley.protocol import channel, head, note
from parley.protocol.parcel import Have, Parcel, seal_parcel
from parley.protocol.recovery import Ending, Purpose, is_answer
from parley.protocol.strictjson import JsonValue
from parley.protocol.tree import EMPTY_ROOT
from parley.signer.keys import SignerKeys
from tests.simulator.node import signer_keys
from tests.simulator.world import DAY, REFUSALS, Sent, World
from tests.two_nodes.forger import act_of
from tests.two_nodes.pair import LINK, A, B

STOP: Final[dict[str, JsonValue]] = {"scope": {"link": True}, "reason": "policy", "until": None}
# What was true before a node was put back, and is under way or comes again, is a claim to it now.
CLAIMS: Final = frozenset({"invented_receipt", "invented_have", "unknown_log", "unproven_seen"})
LOSSES: Final = frozenset({"key_used_elsewhere", "receipted_lost", "returned_less"})
LIES: Final = frozenset({"bad_recovery", "returned_less", "bad_head", "ahead_of_clock"})


@dataclass
class RestoredWorld(World):
    """A and B are honest; what they hold is lost in every way, and B's word may be bent on its way."""

    refusals: frozenset[str] = REFUSALS | {"suspended"}
    # Copies of a life of A that was given up: with its anchor, they would be a second history.
    given_up: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        if "suspend" in self.schedule.faults:
            # What crosses a suspension is void on both sides.
            self.outcomes |= {"void"}

    # ---- What is lost

    def restore(self, name: str, number: int) -> None:
        """Put an old record back; where A's anchor may go back, the partner's disk must not (rule H15)."""
        if name == A or "rewind" not in self.schedule.faults:
            super().restore(name, number)

    def restore_lost(self, name: str, number: int) -> None:
        """Put an old record back, and lose the anchor."""
        if "rewind" in self.schedule.faults or not self.backups[name]:
            return
        self.put_back(name, self.backups[name][number % len(self.backups[name])][0])
        self._forget(name, b"")

    def restore_both(self, number: int) -> None:
        """Put record and anchor of A back to what they were together."""
        usable = [at for at in range(len(self.backups[A])) if at not in self.given_up]
        if not usable:
            return
        place = usable[number % len(usable)]
        image, anchor = self.backups[A][place]
        self.given_up |= set(range(place + 1, len(self.backups[A])))
        self.put_back(A, image)
        self._forget(A, anchor)
        self.nodes[A].asks_first = True
        # An answer comes to the process that asked, and to no later one. What never arrived nobody knows of,
        # and what is signed instead would be a second history (§9.15.3).
        self.under_way = [sent for sent in self.under_way if sent.is_answer is (sent.sender == A)]
        self.under_way = [*filter(self._is_known, self.under_way)]
        self.history = [*filter(self._is_known, self.history)]
        heads = self.auditor.heads.items()
        self.auditor.heads = {(log, size): root for (log, size), root in heads if size <= self._held(log)}

    def _held(self, origin: str) -> int:
        """Return how much of a log of A's the other side holds; of its own logs nothing went back."""
        return len(self.auditor.copies[B, origin].leaves)

    def _is_known(self, sent: Sent) -> bool:
        """Return whether what was sent shows no more of A's line than arrived."""
        heads = [head.parse_text(note.parse(piece.note).text) for piece in sent.parcel.pieces]
        return all(each.size <= self._held(each.origin) for each in heads)

    def _forget(self, name: str, anchor: bytes) -> None:
        held = self.nodes[name].disk.anchor
        held.durable, held.pieces = anchor, []
        self.auditor.forgetful.add(name)

    # ---- What people decide

    def confirm(self) -> bool:
        """Have officers of both sides compare the digits that are shown, and confirm them."""
        done = [self._confirmed(name) for name in self.pair]
        return any(done)

    def _confirmed(self, name: str) -> bool:
        slot = self._slot(name)
        lost = slot.lost
        raw = slot.offered if lost is None else lost.proof
        if raw is None and lost is not None and lost.cause == "lost" and lost.seal is None:
            raw = slot.standing.head_note
        if raw is None:
            return False
        digits = "".join(head.digits(head.parse_text(note.parse(raw).text)))
        if lost is not None and lost.confirmed == digits:
            return False

        def run(ledger: Ledger) -> None:
            try:
                ledger.regaining.confirm(LINK, digits)
            except (NotLostError, OtherDigitsError):
                self.note(f"{name} has nothing to confirm")

        self.attempt(name, run)
        return True

    def alone(self, name: str) -> None:
        """Have officers let the log of `name` end without the other side, if they may."""

        def run(ledger: Ledger) -> None:
            try:
                ledger.regaining.end_alone(LINK)
            except (NotLostError, TooEarlyError):
                self.note(f"{name} may not end its log")

        self.attempt(name, run)

    def days(self, number: int) -> None:
        """Let a day or two go by."""
        for node in self.nodes.values():
            node.clock.time += (1 + number % 2) * DAY

    def _slot(self, name: str) -> Slot:
        with self.nodes[name].disk.calm():
            return self.nodes[name].up()._slot(LINK)  # noqa: SLF001 - a test may look behind a door

    def excused(self, name: str) -> frozenset[str]:
        faults, restored = self.schedule.faults, self.auditor.restored
        excused = LOSSES if restored else frozenset[str]()
        if self.auditor.forgetful or "thief" in faults:
            excused |= CLAIMS
        return excused | LIES if "thief" in faults and name == A else excused

    # ---- What is suspended

    def suspend(self, name: str) -> None:
        """Have persons of `name` suspend the link."""
        self._persons_say(name, act_of("link.suspended", STOP))

    def resume(self, name: str) -> None:
        """Have persons of `name` lift what they suspended last."""
        sql = (
            "SELECT leaf FROM row JOIN log ON log.id = log"
            " WHERE kind = 'link.suspended' AND node = ? ORDER BY idx DESC LIMIT 1"
        )
        for (leaf,) in self.nodes[name].query(sql, name):
            self._persons_say(name, act_of("link.resumed", {}, re=leaf))

    def _persons_say(self, name: str, act: bytes) -> None:
        now = max(self.nodes[name].clock.time, 1)

        def run(slot: Slot) -> None:
            if slot.is_unsure:
                return
            said = channel.Draft(act=act, roots=self.keys(name).roots)
            slot._write(said, now=now)  # noqa: SLF001 - what persons signed is brought by another way
            slot.settle()

        job = Job(link=LINK, run=run)
        self.attempt(name, lambda ledger: ledger._writer.submit(job).result())  # noqa: SLF001 - likewise

    # ---- Who bends the partner's word

    def steal(self, number: int) -> None:
        """Change something that is under way from B, with all the keys of B."""
        mine = [at for at, sent in enumerate(self.under_way) if sent.sender == B]
        # A node that lost its anchor too has nothing but the partner's word (§9.15.3).
        if not mine or self.nodes[A].is_awaiting:
            return
        place = mine[number % len(mine)]
        sent = self.under_way[place]
        with self.nodes[A].disk.calm():
            parcel = self._bent(sent.parcel, number)
        public = self.suite.x_wing_public(self.keys(A).seal)
        raw = seal_parcel(parcel, link_seed=self.keys(B).link_seed, seal_public=public, suite=self.suite)
        self.under_way[place] = replace_sent(sent, raw, parcel)

    def _bent(self, parcel: Parcel, number: int) -> Parcel:
        match number % 6:
            case 0:
                return replace(parcel, pieces=())
            case 1:
                haves = tuple(Have(origin=have.origin, size=number % 30) for have in parcel.haves)
                return replace(parcel, haves=haves)
            case 2:
                return replace(
                    parcel, receipts=tuple(filter(lambda raw: not is_answer(raw), parcel.receipts))
                )
            case 3:
                return replace(parcel, receipts=(*parcel.receipts, self._lie(Purpose.ACCEPT, number // 6)))
            case 4:
                return replace(parcel, receipts=(*parcel.receipts, self._lie(Purpose.HELD, number // 6)))
            case _:
                return replace(parcel, recover=None)

    def _lie(self, purpose: Purpose, number: int) -> bytes:
        """Return what B never said of A's line, often to the very question that A asks."""
        slot = self._slot(A)
        size = number % (slot.standing.mine.size + 3)
        held = min(size, slot.standing.mine.size)
        origin, count = slot.mine.in_log(held)
        root = slot.shelf.root(A, held) if count else EMPTY_ROOT
        asked = slot.lost.next if slot.lost is not None and number % 5 else f"{number % 2**32:08x}"
        if purpose is Purpose.ACCEPT and slot.lost is not None and slot.lost.seal is not None and number % 3:
            count = slot.lost.seal - next(each.base for each in slot.mine.epochs if each.origin == origin)
            root = slot.shelf.root(A, slot.lost.seal)
        ending = Ending(origin=origin, size=max(count, 1), root=root, epoch=asked)
        return attested(signer_keys(self.template.homes[B]), ending, purpose, self)


def replace_sent(sent: Sent, raw: bytes, parcel: Parcel) -> Sent:
    return Sent(sender=sent.sender, receiver=sent.receiver, raw=raw, is_answer=sent.is_answer, parcel=parcel)


def attested(keys: SignerKeys, ending: Ending, purpose: Purpose, world: World) -> bytes:
    """Return the note that the receipt key of a stolen set signs."""
    text = ending.text(purpose)
    line = note.sign(text, keys.acceptance_key(world.suite), world.suite)
    return note.encode(note.Note(text=text, lines=(line,)))


RESTORES: Final[dict[str, Callable[[RestoredWorld, str, int], None]]] = {
    "restore_lost": RestoredWorld.restore_lost,
    "restore_both": lambda world, _, number: world.restore_both(number),
    "alone": lambda world, name, _: world.alone(name),
    "days": lambda world, _, number: world.days(number),
    "suspend": lambda world, name, _: world.suspend(name),
    "resume": lambda world, name, _: world.resume(name),
    "steal": lambda world, _, number: world.steal(number),
}
