"""A world in which disks go back, again and again, with their anchors or without, and the line lies.

What the partner's node says may be changed on its way by somebody who holds its keys: ends that it never
accepted, answers to questions that it never gave, sizes that it does not hold, pieces that are left out.
Whatever happens, no key signs two histories; once the line is good again and officers compare digits, both
sides come to an end and hold the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from parley.ledger.drafts import Draft
from parley.ledger.lanes import named
from parley.ledger.ledger import Ledger
from parley.ledger.regaining import NotLostError, TooEarlyError
from parley.ledger.slot import Slot
from parley.ledger.writer import Job
from parley.protocol import channel, head, note
from parley.protocol.names import HOT
from parley.protocol.parcel import Have, Parcel, seal_parcel
from parley.protocol.recovery import Ending, Purpose, is_answer
from parley.protocol.strictjson import JsonValue
from parley.protocol.tree import EMPTY_ROOT
from parley.protocol.voids import Void
from parley.signer.keys import SignerKeys
from tests.simulator.auditor import must
from tests.simulator.node import signer_keys
from tests.simulator.world import DAY, LOSSES, REFUSALS, Sent, World
from tests.two_nodes.forger import act_of
from tests.two_nodes.pair import INQUIRY, A, B

STOP: Final[dict[str, JsonValue]] = {"scope": {"link": True}, "reason": "policy", "until": None}
# What was true before a node was put back, and is under way or comes again, is a claim to it now.
CLAIMS: Final = frozenset({"invented_receipt", "invented_have", "unknown_log", "unproven_seen"})
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
        if name != A and "rewind" in self.schedule.faults:
            return
        # A life that was given up signed what the anchor does not know: put back, it is a second history.
        kept = [at for at in range(len(self.backups[name])) if name != A or at not in self.given_up]
        if kept:
            self.put_back(name, self.backups[name][kept[number % len(kept)]][0])

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

    def put_back(self, name: str, image: bytes) -> None:
        super().put_back(name, image)
        # What was heard since the anchor went back too is gone with the record, so it asks again (rule H15).
        self.nodes[name].asks_first |= "rewind" in self.schedule.faults and name in self.auditor.forgetful

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

    def alone(self, name: str, number: int) -> None:
        """Have officers let the log of `name` in a lane end without the other side, if they may."""
        link = named(self.link_of(name), self.lane(number))

        def run(ledger: Ledger) -> None:
            try:
                ledger.regaining.end_alone(link)
            except (NotLostError, TooEarlyError):
                self.note(f"{name} may not end its log")

        self.attempt(name, run)

    def days(self, number: int) -> None:
        """Let a day or two go by."""
        for node in self.nodes.values():
            node.clock.time += (1 + number % 2) * DAY

    def excused(self, name: str) -> frozenset[str]:
        faults = self.schedule.faults
        excused = LOSSES if self.auditor.restored else frozenset[str]()
        if self.auditor.forgetful or "thief" in faults:
            excused |= CLAIMS
        return excused | LIES if "thief" in faults and name == A else excused

    # ---- What is suspended

    def suspend(self, name: str) -> None:
        """Have persons of `name` suspend the link: in every lane, and it holds in all but the hotline."""
        act = act_of("link.suspended", STOP)
        said = [self._persons_say(name, link, act) for link in self.lanes_of(name)]
        if all(said):
            for lane in self.schedule.lanes:
                self._holds(name, lane)

    def _holds(self, name: str, lane: str) -> None:
        draft = Draft(id="stopped", link=self.link_of(name), lane=lane, kind="inquiry.sent", d=INQUIRY)
        verdict = self.attempt(name, lambda ledger: ledger.check(draft))
        stops = verdict is None or verdict.reason is Void.SUSPENDED
        must(
            stops is (lane != HOT) or verdict is None,
            "a suspension holds in every lane but hot",
            f"{name} {lane}",
        )

    def resume(self, name: str) -> None:
        """Have persons of `name` lift, in every lane, what they suspended there last."""
        sql = (
            "SELECT leaf FROM row JOIN log ON log.id = log JOIN link ON link.id = link"
            " WHERE kind = 'link.suspended' AND node = ? AND name = ? ORDER BY idx DESC LIMIT 1"
        )
        for link in self.lanes_of(name):
            for (leaf,) in self.nodes[name].query(sql, name, link):
                self._persons_say(name, link, act_of("link.resumed", {}, re=leaf))

    def _persons_say(self, name: str, link: str, act: bytes) -> bool:
        """Write what persons signed into a lane; return whether that was done."""
        now = max(self.nodes[name].clock.time, 1)

        def run(slot: Slot) -> bool:
            if slot.is_unsure or slot._waits(now):  # noqa: SLF001 - a test may look behind a door
                return False
            said = channel.Draft(act=act, roots=self.keys(name).roots)
            slot._write(said, now=now)  # noqa: SLF001 - what persons signed is brought by another way
            slot.settle()
            return True

        job = Job(link=link, run=run)
        return bool(self.attempt(name, lambda ledger: ledger._writer.submit(job).result()))  # noqa: SLF001 - likewise

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
            parcel = self._bent(sent, number)
        public = self.suite.x_wing_public(self.keys(A).seal)
        raw = seal_parcel(parcel, link_seed=self.keys(B).link_seed, seal_public=public, suite=self.suite)
        self.under_way[place] = replace_sent(sent, raw, parcel)

    def _bent(self, sent: Sent, number: int) -> Parcel:
        parcel = sent.parcel
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
                return replace(
                    parcel, receipts=(*parcel.receipts, self._lie(sent.link, Purpose.ACCEPT, number // 6))
                )
            case 4:
                return replace(
                    parcel, receipts=(*parcel.receipts, self._lie(sent.link, Purpose.HELD, number // 6))
                )
            case _:
                return replace(parcel, recover=None)

    def _lie(self, link: str, purpose: Purpose, number: int) -> bytes:
        """Return what B never said of A's line, often to the very question that A asks."""
        slot = self.slot(A, link)
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
    return replace(sent, raw=raw, parcel=parcel)


def attested(keys: SignerKeys, ending: Ending, purpose: Purpose, world: World) -> bytes:
    """Return the note that the receipt key of a stolen set signs."""
    text = ending.text(purpose)
    line = note.sign(text, keys.acceptance_key(world.suite), world.suite)
    return note.encode(note.Note(text=text, lines=(line,)))


RESTORES: Final[dict[str, Callable[[RestoredWorld, str, int], None]]] = {
    "restore_lost": RestoredWorld.restore_lost,
    "restore_both": lambda world, _, number: world.restore_both(number),
    "alone": RestoredWorld.alone,
    "days": lambda world, _, number: world.days(number),
    "suspend": lambda world, name, _: world.suspend(name),
    "resume": lambda world, name, _: world.resume(name),
    "steal": lambda world, _, number: world.steal(number),
}
