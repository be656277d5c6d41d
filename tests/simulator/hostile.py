"""A world with a hostile partner: A has a link with B, a liar who holds B's real keys, and one with honest C.

Our copy never changes by a lie, nothing is signed that is not held, exactly the alarms of the specification
are raised, every equivocation that can be proved is, and the link with C goes on as if B were not there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from parley.ledger.drafts import Appended, Draft
from parley.ledger.lanes import named
from parley.ledger.ledger import Answer, BadParcelError, Ledger
from parley.ledger.offers import link_name
from parley.protocol import card as cards
from parley.protocol.breach import BreachError
from parley.protocol.head import read_head
from parley.protocol.names import MAIN
from parley.protocol.parcel import Have, Parcel, Piece, open_parcel, seal_parcel
from parley.signer.anchor import Anchor
from tests.simulator.anchorage import Anchorage
from tests.simulator.auditor import must
from tests.simulator.disk import rows_of
from tests.simulator.foe import FAR, ROOT, Foe, Said, said
from tests.simulator.homes import Template, template
from tests.simulator.lies import TWISTS, Liar
from tests.simulator.node import signer_keys
from tests.simulator.oracle import Oracle, ReadBy, Receipted, Shown, Told
from tests.simulator.world import REFUSALS, World
from tests.two_nodes.pair import INQUIRY, WORLD, A, B, C

LINK: Final = link_name(A, B)
REASONS: Final = ("grammar", "oversize", "duplicate-act", "wrong-log")
_OF: Final = "JOIN log ON log.id = log WHERE origin = ?"
_COUNTS: Final = (
    f"SELECT (SELECT COUNT(*) FROM entry {_OF}), (SELECT COUNT(*) FROM fork {_OF}),"  # noqa: S608 - ours
    f" (SELECT COALESCE(MAX(size), 0) FROM receipt {_OF}),"
    f" (SELECT COUNT(*) FROM row {_OF} AND kind = 'unopened')"
)


@dataclass
class HostileWorld(World):
    """A and C are honest; B is not there, but its keys are."""

    pair: tuple[str, str] = (A, C)
    # The link of the foe, in the lane in which it lies.
    link: str = LINK
    foe_lane: str = MAIN
    refusals: frozenset[str] = REFUSALS | {"not-active"}
    # How often A was started, and how often its disk failed, when it last heard what the foe holds.
    lived: tuple[int, int] = (0, 0)
    # What would stand if a commit that failed had its effect.
    doubted: Oracle | None = None
    sent: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.foe_lane = self.dice.choice(self.schedule.lanes) if len(self.schedule.lanes) > 1 else MAIN
        self.link = named(LINK, self.foe_lane)
        self.nodes.pop(B).disk.close()
        image = self.template.images[B]
        self.foe = self._foe(image)
        size = len(self.foe.entries)
        self.oracle = Oracle(
            held=[*self.foe.entries],
            heads={},
            noted=0,
            cut=0,
            sealed=self.foe.sealed,
            serial=self.foe.serial,
        )
        self._learn(size)

    def make_template(self) -> Template:
        lanes = self.schedule.lanes
        return template(is_real=self.schedule.is_real, is_lean=False, is_trio=True, lanes=lanes)

    def _foe(self, image: bytes) -> Foe:
        sql = "SELECT node, origin FROM log JOIN link ON link.id = link WHERE name = ?"
        origins = dict(rows_of(image, sql, self.link))
        sql = "SELECT raw FROM entry JOIN log ON log.id = log WHERE origin = ? ORDER BY idx"
        raws = [raw for (raw,) in rows_of(image, sql, origins[B])]
        return Foe(
            origin=origins[B],
            peer_origin=origins[A],
            keys=signer_keys(self.template.homes[B]),
            roots=self.keys(B).roots,
            serial=self.card(B).serial,
            suite=self.suite,
            dice=self.dice,
            auditor=self.auditor,
            entries=[said(raw) for raw in raws],
        )

    def _learn(self, size: int) -> None:
        """Take over what A holds when the run begins."""
        heads = self.nodes[A].query(
            "SELECT size, root FROM head JOIN log ON log.id = log WHERE origin = ?", self.foe.origin
        )
        self.oracle.heads = dict(heads)
        self.oracle.noted = max(self.oracle.heads)
        (cut,) = self.nodes[A].query(
            "SELECT cut FROM tip JOIN log ON log.id = log WHERE origin = ?", self.foe.origin
        )
        self.oracle.cut = cut[0]
        sql = "SELECT MAX(size) FROM receipt JOIN log ON log.id = log WHERE origin = ?"
        self.oracle.receipted = self.nodes[A].query(sql, self.foe.peer_origin)[0][0] or 0
        must(self.oracle.noted == size, "the run begins with everything held")

    # ---- What the foe sends

    def foe_write(self, number: int) -> None:
        for _ in range(1 + number % 3):
            self.foe.write()

    def foe_rewind(self) -> None:
        """Go on from an earlier entry, or back to what A holds."""
        if self.foe.dice.random() < 0.5:
            self.foe.entries = [*self.oracle.held]
        else:
            self.foe.rewind()

    def foe_tell(self, number: int) -> None:
        """Send something in good form: pieces, receipts and claims, some of them true."""
        dice = self.foe.dice
        shown = [self._shown() for _ in range(dice.choice((0, 1, 1, 1, 1, 2)))]
        receipts = [self._receipt() for _ in range(dice.choice((0, 0, 1, 2)))]
        haves = list(
            {have.origin: have for have in [self._have() for _ in range(dice.choice((0, 1, 1, 2)))]}.values()
        )
        parcel = Parcel(
            sender=B,
            receiver=A,
            channel=f"{WORLD}/{LINK}/{self.foe_lane}",
            pieces=tuple(each.piece for each in shown),
            receipts=tuple(each.note for each in receipts),
            haves=tuple(haves),
        )
        told = Told(raw=self._seal(parcel), shown=tuple(shown), receipts=tuple(receipts), haves=tuple(haves))
        self.sent.append(told)
        self._take(told, number)

    def foe_replay(self, number: int) -> None:
        """Send again what was sent before."""
        if self.sent:
            self._take(self.sent[number % len(self.sent)], number)

    def _seal(self, parcel: Parcel, *, link_seed: bytes | None = None) -> bytes:
        public = self.suite.x_wing_public(self.keys(A).seal)
        seed = link_seed or self.keys(B).link_seed
        return seal_parcel(parcel, link_seed=seed, seal_public=public, suite=self.suite)

    def _shown(self) -> Shown:
        dice, foe = self.foe.dice, self.foe
        held, size = len(self.oracle.held), len(foe.entries)
        # Mostly all that is new; or up to some size, from some start, or an old head alone.
        end = dice.choice((size, size, size, dice.randint(1, size)))
        start = dice.choice((held, held, held, 0, dice.randint(0, size), held + 1))
        start = min(start, end)
        entries = foe.entries[start:end]
        root = foe.root(end)
        note, time = foe.head(end, root)
        piece = self._piece(entries, note=note, start=start)
        shown = Shown(piece=piece, entries=tuple(entries), is_genuine=True, size=end, root=root, time=time)
        twist = dice.choice(TWISTS)
        liar = Liar(foe=foe, others=signer_keys(self.template.homes[A]), heads=tuple(self.oracle.heads))
        return shown if twist is None else twist(liar, shown)

    def _piece(self, entries: list[Said], *, note: bytes, start: int) -> Piece:
        parts = [
            self.foe.sealed[part.hash]
            for each in entries
            for part in each.parts
            if part.hash in self.foe.sealed
        ]
        keys = {part.hash: part.key for part in parts}
        blobs = {part.hash: part.ciphertext for part in parts}
        return Piece(
            note=note,
            start=start,
            entries=tuple(each.raw for each in entries),
            keys=tuple(keys.items()),
            blobs=tuple(blobs.values()),
        )

    def _receipt(self) -> Receipted:
        foe, dice = self.foe, self.foe.dice
        size = dice.choice((len(foe.theirs), dice.randint(1, len(foe.theirs)), FAR))
        root = foe.their_root(size) if size <= len(foe.theirs) and dice.random() < 0.7 else ROOT
        origin = dice.choice((foe.peer_origin, foe.peer_origin, foe.peer_origin, foe.origin))
        note = foe.receipt(size, root, origin=origin)
        is_genuine = dice.random() < 0.8
        if not is_genuine:
            note = dice.choice(
                (b"junk\n", note[:-12] + b"AAAAAAAAAAA\n", note.replace(b"\n\n", b"\nmore\n\n"))
            )
        return Receipted(note=note, is_genuine=is_genuine, origin=origin, size=size, root=root)

    def _have(self) -> Have:
        foe, dice = self.foe, self.foe.dice
        origin = dice.choice(
            (foe.peer_origin, foe.peer_origin, foe.peer_origin, foe.origin, f"{foe.origin[:-8]}00000000")
        )
        return Have(
            origin=origin, size=dice.choice((0, len(foe.theirs), len(foe.theirs) + 1, FAR, 2**53 - 1))
        )

    # ---- What A makes of it

    def _take(self, told: Told, number: int) -> None:
        """Bring a parcel to A, and check that exactly what the oracle foretells came of it, or nothing."""
        sql = "SELECT size, root FROM head JOIN log ON log.id = log WHERE origin = ?"
        heads = dict(self.nodes[A].query(sql, self.foe.peer_origin))
        self._look()
        before, after = self.oracle, self.oracle.copy()
        now = max(self.nodes[A].clock.time, 1)
        sql = "SELECT MAX(size) FROM head_note JOIN log ON log.id = log WHERE origin = ?"
        signed = self.nodes[A].query(sql, self.foe.peer_origin)[0][0]
        copy = self.auditor.copies[A, self.foe.peer_origin]
        reader = ReadBy(
            origin=self.foe.peer_origin,
            leaves=tuple(copy.leaves),
            roots=tuple(copy.roots),
            heads=heads,
            signed=signed,
            anchored=self._anchored(),
            now=now,
        )
        after.read(told, reader)

        def run(ledger: Ledger) -> Answer | bool:
            if number % 4 == 0:
                return ledger.take_answer(self.link, told.raw)
            return ledger.accept(told.raw, poll=number % 4 == 1)

        taken = self.attempt(A, run)
        if taken is None and self.doubted is not None and self._is(self.doubted):
            # It died of the second, and the first was there all the same.
            before = self.doubted
        self.oracle = after if taken is not None or self._is(after) else before
        self.doubted = after if self.oracle is before else None
        must(self._is(self.oracle), "exactly what the specification says came of it", self._differs())
        self._look()
        if isinstance(taken, Answer):
            self.auditor.sent(A, self._answer(taken.parcel))

    def _anchored(self) -> int:
        node = self.nodes[A]
        node.up()
        # Looked at in a copy: whoever asks the desk may be the one whom a fault of the disk strikes.
        copy = Anchorage(strike=lambda flush: flush(), durable=node.disk.anchor.read())
        anchored = Anchor(copy).get(self.foe.peer_origin)
        return 0 if anchored is None else anchored.size

    def _look(self) -> None:
        """Look at A before something is done: a commit that failed may be there after a crash all the same.

        And what A knew of what the foe holds is a hint, which may go with the process.
        """
        if self.doubted is not None and self._is(self.doubted):
            self.oracle, self.doubted = self.doubted, None
        lived = (self.nodes[A].starts, self.nodes[A].disk.struck)
        if lived != self.lived:
            self.lived, self.oracle.have = lived, None

    def _answer(self, raw: bytes) -> Parcel:
        """Return what A answered; check that it says what it holds, and signs for nothing else."""
        parcel = open_parcel(
            raw,
            sender=A,
            receiver=B,
            channel=f"{WORLD}/{LINK}/{self.foe_lane}",
            link_public=self.card(A).link_ed25519,
            seal_private=self.keys(B).seal,
            suite=self.suite,
        )
        haves = {have.origin: have.size for have in parcel.haves}
        must(haves.get(self.foe.origin) == len(self.oracle.held), "the answer says what is held", f"{haves}")
        return parcel

    def _stands(self) -> Mapping[str, object]:
        """Return what A made of all the parcels of the foe."""
        node, theirs, mine = self.nodes[A], self.foe.origin, self.foe.peer_origin
        by_reason = f"SELECT reason, COUNT(*) FROM row {_OF} AND reason IN {REASONS} GROUP BY reason"  # noqa: S608 - ours
        undone = node.query(f"SELECT idx FROM row {_OF} AND outcome = 'unopened' ORDER BY idx", mine)  # noqa: S608 - ours
        (row,) = node.query(_COUNTS, theirs, theirs, mine, mine)
        return {
            "alarms": dict(
                node.query(
                    "SELECT code, times FROM alarm JOIN link ON link.id = link"
                    " WHERE name = ? AND code <> 'clock_behind'",
                    self.link,
                )
            ),
            "counts": row,
            "receipted": self.slot(A, self.link).shown.receipted,
            "voids": dict(node.query(by_reason, theirs)),
            "undone": [index for (index,) in undone],
        }

    def _foretold(self, oracle: Oracle) -> Mapping[str, object]:
        return {
            "alarms": {code: times for code, times in oracle.alarms.items() if times},
            "counts": (len(oracle.held), int(oracle.is_forked), oracle.receipted, oracle.unopened),
            "receipted": oracle.receipted,
            "voids": dict(oracle.voids),
            "undone": sorted(oracle.undone),
        }

    def _is(self, oracle: Oracle) -> bool:
        return self._stands() == self._foretold(oracle)

    def _differs(self) -> str:
        return f"{self._stands()}, foretold {self._foretold(self.oracle)}"

    # ---- What is no parcel

    def foe_raw(self, number: int) -> None:
        """Send bytes that are no parcel of this link: they are refused and change nothing."""
        self._look()
        dice = self.foe.dice
        raw = dice.choice(self.sent).raw if self.sent else self._seal(self._empty())
        at = dice.randrange(len(raw))
        bad = (
            raw[:at] + bytes([raw[at] ^ (1 << number % 8)]) + raw[at + 1 :],
            raw[:at],
            raw + b"\0",
            dice.randbytes(number % 5000),
            self._seal(self._empty(), link_seed=bytes(32)),
            self._seal(self._empty(), link_seed=self.keys(A).link_seed),
            self._seal(replace(self._empty(), channel=f"{WORLD}/{link_name(A, C)}/main")),
            self._seal(replace(self._empty(), channel=f"live/{LINK}/main")),
            self._seal(replace(self._empty(), sender=C)),
        )[number % 9]

        def run(ledger: Ledger) -> bool:
            try:
                ledger.accept(bad)
            except BadParcelError:
                return True
            return False

        refused = self.attempt(A, run)
        must(refused is not False, "I12 what is no parcel of the link is refused", str(number % 9))
        must(self._is(self.oracle), "what is refused changes nothing", self._differs())

    def _empty(self) -> Parcel:
        return Parcel(sender=B, receiver=A, channel=f"{WORLD}/{LINK}/{self.foe_lane}")

    # ---- What A says on the link, and the end

    def say_foe(self, number: int) -> None:
        """Have A's officers say something on the link, and A compose what it has to send."""
        self._look()
        self.pair = (A, B)
        try:
            self.say(A, number)
            raw = self.attempt(A, lambda ledger: ledger.compose(self.link, prompt=True))
        finally:
            self.pair = (A, C)
        if raw is None:
            return
        parcel = self._answer(raw)
        self.auditor.sent(A, parcel)
        self._look()
        mine = [piece for piece in parcel.pieces if piece.note.startswith(A.encode())]
        starts = {piece.start for piece in mine if piece.entries}
        must(
            self.oracle.have is None or starts <= {self.oracle.have},
            "§5.4.2 sending goes on from `have`",
            f"{starts}",
        )

    def finish(self) -> None:
        """Check that A still says what it wants, that B's lies stand as foretold, and who is convicted."""
        self.say_foe(0)
        must(self._is(self.oracle), "what the foe did stands as foretold", self._differs())
        self.convicted()
        for lane in {*self.schedule.lanes} - {self.foe_lane}:
            self._goes_on(lane)

    def _goes_on(self, lane: str) -> None:
        """Check that what the foe did in one lane raised nothing in another, and stops nobody there."""
        sql = "SELECT code FROM alarm JOIN link ON link.id = link WHERE name = ?"
        raised = {code for (code,) in self.nodes[A].query(sql, named(LINK, lane))}
        must(raised <= {"clock_behind"}, "a lie in one lane raises no alarm in another", f"{lane} {raised}")
        draft = Draft(id="goes on", link=LINK, lane=lane, kind="inquiry.sent", d=INQUIRY)
        said = self.attempt(A, lambda ledger: ledger.append([draft])[0])
        must(said is None or isinstance(said, Appended), "a lie in one lane stops no other", f"{lane} {said}")

    def convicted(self) -> None:
        """Check that a fork that was found is proved by two genuine heads, and nothing else is called so."""
        rows = self.nodes[A].query("SELECT origin, one, two FROM fork JOIN log ON log.id = log")
        for origin, one, two in rows:
            must(origin == self.foe.origin, "no honest side is convicted", origin)
            ed25519, ml_dsa = cards.write_keys(self.card(B), origin)
            try:
                first, second = (
                    read_head(note, ed25519=ed25519, ml_dsa=ml_dsa, suite=self.suite).head
                    for note in (one, two)
                )
            except BreachError as error:
                must(False, "I9 a proof verifies", str(error))  # noqa: FBT003 - it never holds
                return
            must(first.size == second.size and first.root != second.root, "I9 a proof is a proof")


STEPS: Final[dict[str, Callable[[HostileWorld, int], None]]] = {
    "foe_write": HostileWorld.foe_write,
    "foe_tell": HostileWorld.foe_tell,
    "foe_replay": HostileWorld.foe_replay,
    "foe_raw": HostileWorld.foe_raw,
    "foe_rewind": lambda world, _: world.foe_rewind(),
    "say_foe": HostileWorld.say_foe,
}
