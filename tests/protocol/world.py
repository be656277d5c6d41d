"""Two nodes in memory who write statements, so that a test of the fold reads like a record.

    world = World()                                  both have opened the link
    inquiry = world.a.sends(urgency="U1", wants=("mitigate",))
    world.at("2026-11-16 11:30")                     the clock of both, UTC
    answer = world.b.says("answered", re=inquiry, findings=[found("confirmed", 0)])
    world.verdict(answer), world.states(inquiry)     the fold of both whole logs

A statement has seen all that was written before it, unless `seen` says otherwise: a number
of entries, or None for no `seen` line. Keys are toys: the fold asks them for nothing but the
roots' signatures.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from parley.protocol import note, tree
from parley.protocol.act import id_text
from parley.protocol.card import Card, card_hash
from parley.protocol.entry import Entry, PartRef, Seen, encode_signed, encode_text, parse
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.apply import Folded, Inquiry, ItemState
from parley.protocol.inquiries.clocks import Timer
from parley.protocol.kinds import VERSIONS
from parley.protocol.names import parse_channel
from parley.protocol.officetime import default_calendar
from parley.protocol.pasts import Logs
from parley.protocol.record import Record, Side, Sides, merge
from parley.protocol.shelf import MemoryShelf, Row
from parley.protocol.strictjson import JsonSource, JsonValue, write
from parley.protocol.suite import Suite
from parley.protocol.terms import default_terms
from tests.protocol.toy import TOY

A: Final = "a.example"
B: Final = "b.example"
CHANNEL: Final = "live/a-b/main"
EPOCHS: Final = {A: "5e0c9a71", B: "c3d21f08"}
ROOTS: Final = 3
THRESHOLD: Final = 2
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
# All that was written so far.
ALL: Final = -1

_PHISHING: Final[JsonSource] = {"count": 1, "type": "phishing_site", "wants": ["mitigate", "operator"]}
# What a statement says if the test does not care.
USUAL: Final[Mapping[str, Mapping[str, JsonSource]]] = {
    "inquiry.sent": {"batch": None, "item": "fraud_phishing", "urgency": "U2", "groups": [_PHISHING]},
    "inquiry.admitted": {"items": "all"},
    "inquiry.returned": {"items": "all", "fields": [{"field": "url", "reason": "unclear"}]},
    "inquiry.progressed": {"items": "all", "code": "working"},
    "inquiry.referred": {"items": "all", "to": "other_authority"},
    "inquiry.conditioned": {"items": "all", "codes": ["confidential"], "due": 1_800_000_000},
    "inquiry.postponed": {"items": "all", "ground": "P01", "until": 1_800_000_000},
    "inquiry.extended": {"items": "all", "clock": "mitigate", "until": 1_800_000_000, "reason": "volume"},
    "inquiry.answered": {"findings": [{"items": [0], "code": "no_data"}]},
    "inquiry.refused": {"items": "all", "grounds": ["G13"]},
    "inquiry.corrected": {"items": "all", "findings": [], "grounds": []},
    "inquiry.withdrawn": {"items": "all", "reason": "solved"},
    "inquiry.rated": {"timely": 3, "complete": 2, "usable": 1, "understandable": 0},
    "inquiry.outcome_notified": {"outcome": "convicted"},
    "inquiry.disputed": {"ground": "facts"},
    "unopened": {"reason": "key"},
}


def moment(text: str) -> int:
    """Return the Unix seconds of ``2026-11-16 10:00``, UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def date_text(instant: int | None) -> str | None:
    """Return the reverse of `moment`, for messages that can be read."""
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M")


# A Monday, in office hours.
START: Final = moment("2026-11-16 10:00")


def seed_of(node: str, use: str) -> bytes:
    """Return the private key of a node for `use`; everybody can know it."""
    return hashlib.sha256(f"{node} {use}".encode()).digest()


@lru_cache(maxsize=8)
def side_of(node: str) -> Side:
    """Return a node with its card: three roots, of whom two must sign."""
    publics = {use: TOY.ed25519_public(seed_of(node, use)) for use in ("write", "receipt", "link")}
    card = Card(
        node=node,
        serial=1,
        prev=None,
        write_ed25519=publics["write"],
        write_ml_dsa=TOY.ml_dsa_public(seed_of(node, "write")),
        receipt_ed25519=publics["receipt"],
        receipt_ml_dsa=TOY.ml_dsa_public(seed_of(node, "receipt")),
        seal_x_wing=TOY.x_wing_public(seed_of(node, "seal") * 3),
        link_ed25519=publics["link"],
        threshold=THRESHOLD,
        roots=tuple(TOY.ed25519_public(seed_of(node, f"root {n}")) for n in range(1, ROOTS + 1)),
    )
    origin = f"{node}/{CHANNEL}/{EPOCHS[node]}"
    return Side(node=node, origin=origin, card=card, card_hash=card_hash(card))


SIDES: Final = Sides(one=side_of(A), two=side_of(B))


def usual_terms(**calendars: Mapping[str, JsonValue]) -> str:
    """Return the default terms; `a` and `b` may bring another calendar than the default one."""
    mine = {node: calendars.get(letter, default_calendar()) for letter, node in (("a", A), ("b", B))}
    return default_terms(mine, world=parse_channel(CHANNEL).world, kinds=VERSIONS)


def found(code: str, *items: int, **more: JsonSource) -> dict[str, JsonSource]:
    """Return a finding, with what its code cannot do without."""
    needed: dict[str, dict[str, JsonSource]] = {
        "mitigated": {"measure": "content_removed"},
        "preserved": {"until": 1_800_000_000},
    }
    return {"items": list(items), "code": code, **needed.get(code, {}), **more}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An entry and where it stands. `act` are the bytes of its act."""

    id: bytes
    writer: str
    index: int
    raw: bytes
    act: bytes

    @property
    def act_hash(self) -> bytes:
        """Return the hash of the act's ciphertext, as the entry has it."""
        return parse(self.raw).entry.act.hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How an entry differs from what an honest node would write."""

    kind: str
    version: int = 1
    re: bytes | None = None
    ref: str | None = None
    log: str | None = None
    roots: tuple[int, ...] = ()
    more: tuple[Callable[[bytes], note.Line], ...] = ()
    act_hash: bytes | None = None
    act_size: int | None = None
    body_size: int | None = None
    # Parts behind the body, as the entry names them.
    files: tuple[PartRef, ...] = ()


class Pen:
    """One side, and the log that it writes."""

    def __init__(self, world: "World", node: str) -> None:
        self.world = world
        self.side = world.sides.of(node)
        self.node = node
        self.log: list[Statement] = []
        self.cited = 0
        self._frontiers = [tree.EMPTY]
        # How far its clock is ahead, in seconds.
        self.skew = 0

    @property
    def other(self) -> "Pen":
        """Return the other side."""
        return self.world.b if self is self.world.a else self.world.a

    def sends(
        self,
        *,
        wants: Sequence[str] = ("mitigate", "operator"),
        count: int = 1,
        seen: int | Seen | None = ALL,
        **more: JsonSource,
    ) -> Statement:
        """Write an inquiry about `count` sites of which the same is wanted."""
        group: JsonSource = {"count": count, "type": "phishing_site", "wants": list(wants)}
        said = {**USUAL["inquiry.sent"], "groups": [group], **more}
        return self.words(Wording(kind="inquiry.sent"), said, seen=seen)

    def opens(
        self, *, roots: tuple[int, ...] = (1, 2), seen: int | Seen | None = ALL, **more: JsonSource
    ) -> Statement:
        """Write the opening of the link, on the world's terms."""
        sides = self.world.sides
        said: dict[str, JsonSource] = {
            "channel": CHANNEL,
            "origins": [sides.one.origin, sides.two.origin],
            "cards": [id_text(sides.one.card_hash), id_text(sides.two.card_hash)],
            "protocol": "parley/v1",
            "terms": self.world.terms,
        }
        wording = Wording(kind="link.opened", log=self.side.origin, roots=roots)
        return self.words(wording, {**said, **more}, seen=seen)

    def says(
        self,
        kind: str,
        *,
        re: Statement | bytes | None = None,
        ref: str | None = None,
        seen: int | Seen | None = ALL,
        **d: JsonSource,
    ) -> Statement:
        """Write a statement; a bare word such as ``admitted`` is one about an inquiry."""
        name = kind if "." in kind or f"inquiry.{kind}" not in bodies.CLASSES else f"inquiry.{kind}"
        target = re.id if isinstance(re, Statement) else re
        return self.words(Wording(kind=name, re=target, ref=ref), {**USUAL.get(name, {}), **d}, seen=seen)

    def words(
        self, wording: Wording, d: Mapping[str, JsonSource], *, seen: int | Seen | None = ALL
    ) -> Statement:
        """Write what an honest node would not."""
        target = None if wording.re is None else id_text(wording.re)
        by: dict[str, JsonSource] = {"role": "desk", "n": 1}
        act = write(
            {"k": wording.kind, "v": wording.version, "re": target, "by": by, "ref": wording.ref, "d": d}
        )
        return self.writes(act, wording, seen=seen)

    def writes(self, act: bytes, wording: Wording, *, seen: int | Seen | None = ALL) -> Statement:
        """Write an entry around the bytes of an act, whatever they are."""
        digest = hashlib.sha256(f"{self.side.origin} {len(self.log)} ".encode() + act).digest()
        body = () if wording.body_size is None else (PartRef(hash=digest, size=wording.body_size),)
        size = len(act) + 72 if wording.act_size is None else wording.act_size
        entry = Entry(
            time=self.world.now + self.skew,
            log=wording.log,
            seen=self._seen(seen),
            act=PartRef(hash=wording.act_hash or digest, size=size),
            parts=(*body, *wording.files),
        )
        text = encode_text(entry)
        lines = [*(self._line(text, n) for n in wording.roots), *(sign(text) for sign in wording.more)]
        return self.puts(encode_signed(text, tuple(lines)), act)

    def puts(self, raw: bytes, act: bytes = b"") -> Statement:
        """Append any bytes as an entry."""
        leaf = tree.leaf_hash(raw)
        statement = Statement(id=leaf, writer=self.node, index=len(self.log), raw=raw, act=act)
        self.log.append(statement)
        return statement

    def _seen(self, seen: int | Seen | None) -> tuple[Seen, ...]:
        if seen is None or isinstance(seen, Seen):
            return () if seen is None else (seen,)
        size = len(self.other.log) if seen == ALL else seen
        if seen == ALL and size == self.cited:
            return ()
        self.cited = max(self.cited, size)
        return (self.other.head(size),)

    def head(self, size: int) -> Seen:
        """Return what names the first `size` entries of this log truly, or cannot if there are fewer."""
        size_there = min(size, len(self.log))
        for statement in self.log[len(self._frontiers) - 1 : size_there]:
            self._frontiers.append(self._frontiers[-1].push(statement.id))
        return Seen(origin=self.side.origin, size=size, root=self._frontiers[size_there].root())

    def unsay(self) -> Statement:
        """Forget the last entry, which nobody had seen."""
        del self._frontiers[len(self.log) :]
        return self.log.pop()

    def _line(self, text: bytes, person: int) -> note.Line:
        name = f"{self.node}/root/{person}"
        seed, suite = seed_of(self.node, f"root {person}"), self.world.suite
        return note.sign(text, note.new_sign_key(name, note.Algorithm.ED25519, seed, suite=suite), suite)


class World:
    """Both sides, one clock, and the fold of what they wrote."""

    def __init__(
        self,
        *,
        terms: str | None = None,
        is_open: bool = True,
        sides: Sides = SIDES,
        suite: Suite = TOY,
    ) -> None:
        self.terms = usual_terms() if terms is None else terms
        self.sides, self.suite = sides, suite
        self.now = START
        self.a, self.b = Pen(self, A), Pen(self, B)
        self._folded: tuple[tuple[int, int], Record] | None = None
        if is_open:
            self.a.opens()
            self.b.opens()

    def fork(self) -> "World":
        """Return a copy, so that two tests can go on from one past."""
        twin = World(terms=self.terms, is_open=False, sides=self.sides, suite=self.suite)
        twin.now = self.now
        for pen, copy in ((self.a, twin.a), (self.b, twin.b)):
            copy.log, copy.cited, copy.skew = list(pen.log), pen.cited, pen.skew
        return twin

    def pen(self, node: str) -> Pen:
        """Return the side of `node`."""
        return self.a if node == A else self.b

    def at(self, text: str) -> None:
        """Set the clock of both sides, UTC."""
        self.now = moment(text)

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds

    def logs(self, *, without: Collection[bytes] = ()) -> dict[str, list[tuple[bytes, bytes | None]]]:
        """Return both logs; the acts of statements `without` which one does not have are None."""
        return {
            pen.node: [
                (each.raw, each.act if each.act and each.id not in without else None) for each in pen.log
            ]
            for pen in (self.a, self.b)
        }

    def record(self) -> Record:
        """Return the fold of both logs."""
        sizes = (len(self.a.log), len(self.b.log))
        if self._folded is None or self._folded[0] != sizes:
            self._folded = sizes, merge(self.logs(), self.sides, self.suite)
        return self._folded[1]

    def verdicts(self, pen: Pen) -> list[str]:
        """Return what became of every entry of one log."""
        return [row.verdict.text for row in rows_of(self.record()) if row.writer == pen.node]

    def row(self, statement: Statement) -> Row:
        """Return what the fold keeps of a statement."""
        row = self.record().shelf.row(statement.id, writer=statement.writer)
        assert row is not None
        return row

    def verdict(self, statement: Statement) -> str:
        """Return what became of a statement, such as ``void:no-target``."""
        return self.row(statement).verdict.text

    def folded(self, inquiry: Statement) -> Folded | None:
        """Return the fold of one thread."""
        return self.record().settle(inquiry.id)

    def inquiry(self, inquiry: Statement) -> Inquiry:
        """Return the state of one inquiry."""
        folded = self.folded(inquiry)
        assert folded is not None
        return folded.inquiry

    def item(self, inquiry: Statement, n: int = 0) -> ItemState:
        """Return the state of one item."""
        return self.inquiry(inquiry).items[n]

    def states(self, inquiry: Statement) -> tuple[str, ...]:
        """Return the state of every item, as a word."""
        return tuple(item.state.value for item in self.inquiry(inquiry).items)

    def timer(self, inquiry: Statement, clock: str, n: int = 0) -> Timer:
        """Return one clock: of the inquiry, or of its item `n`."""
        found = self.inquiry(inquiry)
        return {each.clock.value: each for each in (*found.timers, *found.items[n].timers)}[clock]

    def due(self, inquiry: Statement, clock: str, n: int = 0) -> str | None:
        """Return when a clock is due, as `moment` reads it."""
        return date_text(self.timer(inquiry, clock, n).due_at)


def fold_of(logs: Logs) -> Record:
    """Return the fold of two whole logs."""
    return merge(logs, SIDES, TOY)


def read_in_order(world: World, order: str) -> Record:
    """Return the fold of both logs, read in the order of the letters, as one node might have got them."""
    record, touched = Record(MemoryShelf(), SIDES, TOY), set[bytes]()
    logs = {"A": iter(world.a.log), "B": iter(world.b.log)}
    for letter in order:
        statement = next(logs[letter])
        touched |= record.absorb(statement.writer, statement.raw, statement.act).touched
    for thread in touched:
        record.settle(thread)
    return record


def rows_of(record: Record) -> Sequence[Row]:
    """Return every entry of a fold in memory, each writer's in the order of its log."""
    assert isinstance(record.shelf, MemoryShelf)
    return record.shelf.rows()
