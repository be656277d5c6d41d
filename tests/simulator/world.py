"""The world of one schedule: nodes, what is under way between them, what was brought and sent so far.

An honest pair: whatever is lost, doubled, delayed, damaged or repeated, whoever dies, whatever the
clocks show. Each step is checked while it happens (`auditor.py`), and everything at the end (`ending.py`).
"""

import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeVar

from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.keys import Keys, read_keys
from parley.ledger.lanes import lane_of, named
from parley.ledger.lanes import link_of as link_part
from parley.ledger.ledger import Answer, BadParcelError, Ledger, StorageError
from parley.ledger.offers import link_name
from parley.ledger.regaining import NotLostError, OtherDigitsError
from parley.ledger.routing import EVERYWHERE
from parley.ledger.slot import Slot
from parley.ledger.writer import Job
from parley.protocol import card as cards
from parley.protocol import channel, head, note
from parley.protocol.channel import SKEW_SECONDS
from parley.protocol.inquiries.moves import MOVES, Writer
from parley.protocol.names import MAIN
from parley.protocol.parcel import Parcel, open_parcel
from parley.protocol.places import mark
from parley.protocol.suite import Standard, Suite
from parley.signer.desk import NoSignerError
from parley.work.home import Home
from tests.simulator.anchorage import anchored_sizes
from tests.simulator.auditor import Auditor, ViolationError, announced_in, must, time_of
from tests.simulator.disk import CrashError, Disk, Fault
from tests.simulator.homes import Template, template
from tests.simulator.node import Node
from tests.simulator.rooms import SAYERS, said
from tests.simulator.schedule import Schedule
from tests.two_nodes.forger import act_of
from tests.two_nodes.pair import WORLD, A, B
from tests.two_nodes.toy import Toy

T = TypeVar("T")

DAY: Final = 86_400
YEAR: Final = 365 * DAY
_NEWEST: Final = (
    "SELECT leaf, kind, node, name FROM row JOIN log ON log.id = log JOIN link ON link.id = link"
    " WHERE kind = ?1 AND (name = ?2 OR name LIKE ?2 || '/%') AND outcome = 'valid'"
    " ORDER BY effective DESC, idx DESC, log LIMIT 1"
)
# What a node may find whose disk went back, or whose partner's did.
LOSSES: Final = frozenset({"key_used_elsewhere", "receipted_lost", "returned_less"})
JUMPS: Final = (60, -60, 400, -400, 5 * DAY, -5 * DAY, YEAR, -YEAR, 10 * YEAR, -10 * YEAR)
# What an honest officer may be refused: another move came between, or the terms lack the kind.
REFUSALS: Final = frozenset({"not-writer", "no-target", "wrong-state", "unknown"})


@dataclass(kw_only=True, eq=False)
class Sent:
    """Something on its way on a link in its lane: a parcel or the answer to one; `parcel` is what it says."""

    link: str
    sender: str
    receiver: str
    raw: bytes
    is_answer: bool
    parcel: Parcel


@dataclass
class World:
    """Everything in one run."""

    schedule: Schedule
    nodes: dict[str, Node] = field(default_factory=dict)
    auditor: Auditor = field(default_factory=Auditor)
    under_way: list[Sent] = field(default_factory=list)
    history: list[Sent] = field(default_factory=list)
    # From whom to whom nothing goes on which link in its lane.
    cut: frozenset[tuple[str, str, str]] = frozenset()
    brought: dict[str, list[Draft]] = field(default_factory=dict)
    places: dict[str, Appended] = field(default_factory=dict)
    # Record and anchor as they were; the anchor stays with its node, but in `RestoredWorld`.
    backups: dict[str, list[tuple[bytes, bytes]]] = field(default_factory=dict)
    # How often an alarm must have been raised at a node on a link in its lane: at least, and at most.
    alarms: dict[tuple[str, str], tuple[Counter[str], Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: (Counter(), Counter()))
    )
    trace: list[str] = field(default_factory=list)
    outcomes: frozenset[str] = frozenset({"valid"})
    refusals: frozenset[str] = REFUSALS
    # Whose officers confirmed the digits of a head.
    confirmed: set[str] = field(default_factory=set)
    # The two who talk honestly.
    pair: tuple[str, str] = (A, B)
    drafts: int = 0
    # Whether somebody spoke who had waited long enough for what was seen before a loss (Spec §5.7.5).
    is_hasty: bool = False

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.schedule.seed} world")  # noqa: S311 - a schedule's dice
        # See `schedule.OFF`: without clocks that are set back, or without crashes, they must grow.
        faults = self.schedule.faults
        forgets = "clock" in faults and bool(faults & {"crash", "disk"})
        self.auditor.asks_times = "times" not in self.schedule.off or not forgets
        self.suite: Suite = Standard() if self.schedule.is_real else Toy(f"{self.schedule.seed}")
        self.template = self.make_template()
        for name, image in self.template.images.items():
            disk = Disk(durable=image, dice=self.dice, loses=bool(self.schedule.faults & {"crash", "disk"}))
            disk.anchor.durable = self.template.anchors[name]
            self.nodes[name] = Node(
                self.template.homes[name], disk=disk, suite=self.suite, auditor=self.auditor
            )
            self.brought[name], self.backups[name] = [], []

    def make_template(self) -> Template:
        is_lean = "versions" in self.schedule.faults
        lanes = self.schedule.lanes
        return template(is_real=self.schedule.is_real, is_lean=is_lean, is_trio=False, lanes=lanes)

    # ---- Nodes

    def note(self, text: str) -> None:
        """Write down what became of a step."""
        self.trace.append(text)

    def attempt(self, name: str, run: Callable[[Ledger], T]) -> T | None:
        """Return what `run` makes of the ledger of `name`; None if the disk failed or the process died."""
        node = self.nodes[name]
        struck = node.disk.struck
        try:
            return run(node.up())
        except CrashError:
            node.crash()
            self.note(f"{name} died")
        except (StorageError, NoSignerError, sqlite3.Error) as error:
            must(node.disk.struck > struck, "a disk error without a fault", repr(error))
            self.note(f"{name} failed")
            if node.ledger is None:
                node.crash()
        return None

    # ---- What is said

    def say(self, name: str, number: int, *, count: int = 1) -> None:
        """Have `name`, or whoever's word it is, bring `count` drafts together."""
        drafts = [self.draft(name, number + 7 * n) for n in range(count)]
        speakers = {speaker for speaker, _ in drafts}
        for speaker in sorted(speakers):
            self.bring(speaker, [draft for each, draft in drafts if each == speaker])

    def draft(self, name: str, number: int) -> tuple[str, Draft]:
        words = said(self.schedule, number, pair=self.pair)
        kind, d, target = next(word for word in words if word[2] is None or self._newest(name, word[2]))
        newest = self._newest(name, target)
        speaker = name
        if newest is not None:
            speaker = self._speaker(kind, newest[1], newest[2]) or name
        speaker = speaker if speaker in self.nodes else name
        self.drafts += 1
        draft = Draft(
            id=f"d{self.drafts}",
            link=self.link_of(name),
            lane=self.lane(number) if newest is None else lane_of(newest[3]),
            kind=kind,
            d=d,
            re=None if newest is None else newest[0],
            body={"n": self.drafts},
        )
        return speaker, draft

    def _newest(self, name: str, kind: str | None) -> tuple[bytes, str, str, str] | None:
        """Return id, kind, writer and lane of the newest statement of `kind` that `name` holds."""
        if kind is None:
            return None
        found = self.nodes[name].query(_NEWEST, kind, self.link_of(name))
        return (found[0][0], found[0][1], found[0][2], found[0][3]) if found else None

    def _speaker(self, kind: str, target: str, writer: str) -> str | None:
        who = SAYERS.get((kind, target))
        if who is not None:
            return {"own": writer, "other": self.other(writer)}.get(who)
        if MOVES[kind].writer is Writer.EITHER:
            return None
        is_askers = target == "inquiry.sent" or MOVES[target].writer is Writer.ASKER
        asker = writer if is_askers else self.other(writer)
        return asker if MOVES[kind].writer is Writer.ASKER else self.other(asker)

    def bring(self, name: str, drafts: list[Draft]) -> None:
        """Bring `drafts` to `name`, now or again: each becomes one entry at most."""
        if self.nodes[name].is_awaiting:
            # Whoever brings them waits at the door, and nobody's turn comes before (rule H15).
            return
        self.brought[name] += [draft for draft in drafts if draft not in self.brought[name]]
        results = self.attempt(name, lambda ledger: ledger.append(drafts))
        if results is None:
            return
        must(len(results) == len(drafts), "each draft has a result")
        for draft, result in zip(drafts, results, strict=True):
            self._result(name, draft, result)

    def _result(self, name: str, draft: Draft, result: Appended | RefusedError) -> None:
        known = self.places.get(draft.id)
        if isinstance(result, RefusedError) and result.code == "recovering":
            must(name in self.auditor.restored, "only what was restored is asked back", name)
            # What is said in every lane is said in those that can be written, and again when all can.
            is_everywhere = draft.kind in EVERYWHERE and draft.lane == MAIN
            lanes = self.schedule.lanes if is_everywhere else (draft.lane,)
            slots = [self.slot(name, named(draft.link, lane)) for lane in lanes]
            lost = [slot for slot in slots if slot.lost is not None or slot.is_behind]
            must(bool(lost), "a loss in one lane stops no other", f"{name} {draft.lane}")
            self.note(f"{draft.id} waits")
            return
        if isinstance(result, RefusedError):
            must(known is None, "what was acknowledged is not refused later", draft.id)
            must(result.code in self.refusals, "a sound draft is not refused", f"{draft.kind} {result.code}")
            self.brought[name].remove(draft)
            self.note(f"{draft.id} refused {result.code}")
            return
        must(known is None or known == result, "a draft is one entry", f"{known} {result}")
        self.places[draft.id] = result
        must(result.lane == draft.lane, "what is said stands in its lane", f"{draft} {result}")
        self.auditor.acknowledge(self.origin_of(name, named(draft.link, result.lane)), result)
        slot = self.slot(name, named(draft.link, result.lane))
        self.is_hasty |= slot.is_behind and slot._behind_at is not None  # noqa: SLF001 - a test may look behind a door
        self.note(f"{draft.id} is {mark(result.letter, result.lane)} {result.index}")

    def origin_of(self, name: str, link: str) -> str:
        """Return the first log that `name` writes on a link in its lane."""
        channel = f"{name}/{WORLD}/{link_part(link)}/{lane_of(link)}/"
        return next(origin for origin in self.auditor.logs[name] if origin.startswith(channel))

    # ---- What is carried

    def other(self, name: str) -> str:
        return self.pair[1] if name == self.pair[0] else self.pair[0]

    def link_of(self, name: str) -> str:
        return link_name(name, self.other(name))

    def lane(self, number: int) -> str:
        """Return the lane that a step is about."""
        return self.schedule.lanes[number // 1_000 % len(self.schedule.lanes)]

    def lanes_of(self, name: str) -> list[str]:
        """Return the link of `name` in each of its lanes."""
        return [named(self.link_of(name), lane) for lane in self.schedule.lanes]

    def slot(self, name: str, link: str) -> Slot:
        """Return how a link in its lane stands at `name`, whatever is to go wrong there."""
        with self.nodes[name].disk.calm():
            return self.nodes[name].up()._slot(link)  # noqa: SLF001 - a test may look behind a door

    def keys(self, name: str) -> Keys:
        return _keys(self.template.homes[name])

    def opened(self, sender: str, receiver: str, raw: bytes, *, lane: str) -> Parcel:
        """Return what a parcel says, read with the keys of its receiver."""
        return open_parcel(
            raw,
            sender=sender,
            receiver=receiver,
            channel=f"{WORLD}/{link_name(sender, receiver)}/{lane}",
            link_public=self.card(sender).link_ed25519,
            seal_private=self.keys(receiver).seal,
            suite=self.suite,
        )

    def card(self, name: str) -> cards.Card:
        return _card(self.template.homes[name])

    def leaves(self, way: tuple[str, str], raw: bytes, *, link: str, is_answer: bool) -> Sent:
        """Check what leaves a node, and keep it, since it may come again at any time."""
        sender, receiver = way
        parcel = self.opened(sender, receiver, raw, lane=lane_of(link))
        self.auditor.sent(sender, parcel)
        sent = Sent(link=link, sender=sender, receiver=receiver, raw=raw, is_answer=is_answer, parcel=parcel)
        self.history.append(sent)
        return sent

    def post(self, name: str, number: int) -> Sent | None:
        """Have `name` compose what it has to send, or a prompt; it is lost where the line is cut."""
        link = named(self.link_of(name), self.lane(number))
        raw = self.attempt(name, lambda ledger: ledger.compose(link, prompt=number % 3 == 0))
        if raw is None:
            return None
        sent = self.leaves((name, self.other(name)), raw, link=link, is_answer=False)
        return None if self._is_cut(sent) else sent

    def _is_cut(self, sent: Sent) -> bool:
        return (sent.sender, sent.receiver, sent.link) in self.cut

    def arrive(self, sent: Sent, *, poll: bool = False) -> Sent | None:
        """Let something arrive, and return the answer to it that is now under way."""
        if self._is_cut(sent):
            return None
        self._expect(sent, least=False)
        if sent.is_answer:
            taken = self.attempt(sent.receiver, lambda ledger: ledger.take_answer(sent.link, sent.raw))
            if taken is not None:
                self._expect(sent, least=True)
            return None
        answer = self.attempt(sent.receiver, lambda ledger: ledger.accept(sent.raw, poll=poll))
        if answer is None:
            return None
        self._expect(sent, least=True)
        return self._answered(sent, answer)

    def _answered(self, sent: Sent, answer: Answer) -> Sent | None:
        must(answer.link == sent.link, "an answer is of the link of its parcel, in its lane")
        back = self.leaves((sent.receiver, sent.sender), answer.parcel, link=sent.link, is_answer=True)
        self.note(f"{sent.receiver} took {answer.changed}")
        return None if self._is_cut(back) else back

    def _expect(self, sent: Sent, *, least: bool) -> None:
        """Note which alarms `sent` raises where it arrives: of honest sides, only that a clock is ahead."""
        now = max(self.nodes[sent.receiver].clock.time, 1)
        # A piece of the receiver's own log shows him what he lost, and is no news of the sender's clock.
        notes = [piece.note for piece in sent.parcel.pieces if piece.note.startswith(sent.sender.encode())]
        if least:
            # A log that this very parcel announces may be passed over until it comes again (Spec §5.7.11).
            announced = announced_in(sent.parcel)
            notes = [note for note in notes if note.split(b"\n", 1)[0] not in announced]
        ahead = sum(time_of(note) > now + SKEW_SECONDS for note in notes)
        self.alarms[sent.receiver, sent.link][0 if least else 1]["ahead_of_clock"] += ahead

    def corrupt(self, number: int) -> None:
        """Damage something under way: it is refused, and nothing changes."""
        if not self.under_way:
            return
        sent = self.under_way[number % len(self.under_way)]
        at = number * 31 % len(sent.raw)
        flipped = sent.raw[:at] + bytes([sent.raw[at] ^ (1 << number % 8)]) + sent.raw[at + 1 :]
        raw = (flipped, sent.raw[:at], sent.raw + b"\0")[number % 3]

        def run(ledger: Ledger) -> None:
            try:
                ledger.take_answer(sent.link, raw) if sent.is_answer else ledger.accept(raw)
            except BadParcelError:
                return
            raise ViolationError("I12 a damaged parcel is refused")

        self.attempt(sent.receiver, run)

    # ---- What befalls

    def arm(self, name: str, number: int, *, kinds: Mapping[str, tuple[str, ...]]) -> None:
        """Let something go wrong at `name` a little later."""
        choices = [(at, kind) for at, some in kinds.items() for kind in some]
        at, kind = choices[number % len(choices)]
        most = {"statement": 40, "commit": 5, "signature": 4, "flush": 4}[at]
        self.nodes[name].disk.arm(Fault(kind=kind, at=at, left=number // len(choices) % most))

    def restart(self, name: str) -> None:
        self.nodes[name].disk.fault = None
        self.nodes[name].stop()

    def partition(self, name: str, number: int) -> None:
        """Cut the line in one direction or both, in all lanes or in one, or mend it."""
        there, back = (name, self.other(name)), (self.other(name), name)
        ways = [{there}, {back}, {there, back}, set[tuple[str, str]]()][number % 4]
        all_lanes = self.lanes_of(name)
        lanes = all_lanes if number // 4 % 2 else [named(self.link_of(name), self.lane(number))]
        self.cut = frozenset((*way, link) for way in ways for link in lanes)

    def foresee(self, name: str, number: int) -> None:
        """Have `name` say what a newer version may say: a kind that nobody here knows."""
        now = self.nodes[name].clock.time
        act = act_of("inquiry.foreseen", {"n": number})

        def run(slot: Slot) -> None:
            if slot.is_unsure:
                return
            slot._write(channel.Draft(act=act), now=max(now, 1))  # noqa: SLF001 - as no node of this version would
            slot.settle()

        self.outcomes |= {"unknown"}
        job = Job(link=named(self.link_of(name), self.lane(number)), run=run)
        self.attempt(name, lambda ledger: ledger._writer.submit(job).result())  # noqa: SLF001 - likewise

    def back_up(self, name: str) -> None:
        """Keep a backup of what `name` holds now."""
        if self.nodes[name].disk.fault is None:
            disk = self.nodes[name].disk
            self.backups[name].append((disk.image(), disk.anchor.durable))

    def restore(self, name: str, number: int) -> None:
        """Put an old backup in the place of what `name` holds."""
        if self.backups[name]:
            self.put_back(name, self.backups[name][number % len(self.backups[name])][0])

    def put_back(self, name: str, image: bytes) -> None:
        """Put the record `image` in the place of what `name` holds."""
        node = self.nodes[name]
        node.disk.fault = None
        node.stop()
        self.auditor.put_back(name, anchored_sizes(node.disk.anchor.durable))
        node.disk.durable = image
        node.is_restored = True
        for link in self.lanes_of(name):
            self.alarms[name, link][0].clear()
        for told in [each for each in self.auditor.behind if each[0] == name]:
            del self.auditor.behind[told]
        # Which drafts became entries is restored with the rest, so those are not brought again.
        self.brought[name] = [draft for draft in self.brought[name] if draft.id not in self.places]
        self.places = {id_: place for id_, place in self.places.items() if place.letter != name[0].upper()}

    def excused(self, _name: str) -> frozenset[str]:
        """Return the alarms that a node of this world may raise without a reason that is known here."""
        return LOSSES if self.schedule.is_stormy and self.auditor.restored else frozenset()

    def confirm(self) -> bool:
        """Have officers of both sides compare the digits that are shown, and confirm them."""
        done = [self._confirmed(name, link) for name in self.pair for link in self.lanes_of(name)]
        return any(done)

    def _confirmed(self, name: str, link: str) -> bool:
        slot = self.slot(name, link)
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
                ledger.regaining.confirm(link, digits)
                self.confirmed.add(name)
            except (NotLostError, OtherDigitsError):
                self.note(f"{name} has nothing to confirm")

        self.attempt(name, run)
        return True

    def finish(self) -> None:
        """Check at the end what this world alone must show."""

    def tick(self) -> None:
        """Let a step's time go by."""
        for node, rate in zip(self.nodes.values(), self.schedule.rates, strict=False):
            node.clock.time += rate


@cache
def _keys(home: Home) -> Keys:
    return read_keys(home.keys, f"{home.root.name}.example")


@cache
def _card(home: Home) -> cards.Card:
    return cards.parse((home.root / "card").read_bytes()).card
