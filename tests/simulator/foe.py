"""A partner with valid keys and no manners: the log it writes, and whatever it may say in it.

It knows all that is durable at the node it speaks to. What a reader must make of each entry is kept beside
it (`Said`), so that `oracle.py` can foretell what a parcel does.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from parley.protocol import channel, note
from parley.protocol.act import Act, id_text
from parley.protocol.breach import BreachError
from parley.protocol.content import inline_parts
from parley.protocol.entry import MAX_ENTRY, Entry, PartRef, Seen, encode_signed, encode_text, parse
from parley.protocol.head import Head, sign_head, sign_receipt
from parley.protocol.notation import MAX_TIME
from parley.protocol.part import SealedPart, seal_part
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Suite
from parley.protocol.tree import EMPTY, leaf_hash
from parley.signer.keys import SignerKeys
from tests.simulator.auditor import Auditor
from tests.simulator.words import WORDS
from tests.two_nodes.forger import act_of
from tests.two_nodes.pair import INQUIRY, A, Clock

ROOT: Final = bytes(range(32))
FAR: Final = 10**9
JUNK: Final = (
    b"\xff\xfe not JSON",
    b"{}",
    b"[" * 2000,
    b'{"k":"inquiry.sent","k":"inquiry.sent"}',
    b'{"by":{"n":0,"role":"node"},"d":{"n":1e400},"k":"x.y","re":null,"ref":null,"v":1}',
    b'{"by":{"n":0,"role":"node"},"d":{},"k":"inquiry.sent","re":null,"ref":null,"v":99}',
    act_of("inquiry.sent", {"item": "nothing agreed"}),
    act_of("inquiry.sent", {**INQUIRY, "item": "espionage"}),
    act_of("unheard.of", {"n": 1}),
    act_of("received", {}),
    act_of("received", {"more": True}),
    act_of("link.opened", {"channel": "live/a-b/main"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One entry, and what a reader must make of it.

    `act` is the hash of its act, None if it breaks the grammar; `seen` what it says of the other log; `opens`
    whether it does with the right keys; `serial` that of a card; `kind` and `re` what a readable act says.
    `void` is for what it is void in any case: grammar, oversize, wrong-log, or nothing.
    """

    raw: bytes
    leaf: bytes
    act: bytes | None
    seen: Seen | None = None
    opens: bool = True
    serial: int = 0
    kind: str | None = None
    re: bytes | None = None
    is_sound: bool = True
    void: str = ""

    @property
    def parts(self) -> tuple[PartRef, ...]:
        return inline_parts(self.raw)


def said(raw: bytes, *, void: str = "") -> Said:
    """Return the entry of these bytes, of which nothing is known but what everybody can see."""
    try:
        act = parse(raw).entry.act.hash
    except BreachError:
        act = None
    return Said(raw=raw, leaf=leaf_hash(raw), act=act, void="grammar" if act is None else void)


@dataclass
class Foe:
    """Writes the log `origin`; `peer_origin` is that of the node it speaks to."""

    origin: str
    peer_origin: str
    keys: SignerKeys
    roots: tuple[tuple[int, bytes], ...]
    serial: int
    suite: Suite
    dice: random.Random
    auditor: Auditor
    entries: list[Said]
    clock: Clock = field(default_factory=Clock)
    sealed: dict[bytes, SealedPart] = field(default_factory=dict)
    _roots: list[bytes] = field(default_factory=list)
    _leaves: list[bytes] = field(default_factory=list)

    # ---- What is true

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries as they stand now."""
        leaves = [each.leaf for each in self.entries]
        if self._leaves != leaves[: len(self._leaves)]:
            self._roots, self._leaves = [], []
        frontier = EMPTY.extend(self._leaves)
        for leaf in leaves[len(self._leaves) :]:
            frontier = frontier.push(leaf)
            self._roots.append(frontier.root())
        self._leaves = leaves
        return self._roots[size - 1]

    @property
    def theirs(self) -> Sequence[bytes]:
        """Return the leaves of the other log."""
        return self.auditor.copies[A, self.peer_origin].leaves

    def their_root(self, size: int) -> bytes:
        return self.auditor.copies[A, self.peer_origin].roots[size - 1]

    # ---- Notes

    def head(self, size: int, root: bytes, *, origin: str | None = None) -> tuple[bytes, int]:
        """Return a head note that the write keys really signed, and the time in it."""
        time = max(self.clock.time + self.dice.choice((0, 0, 0, 0, -(10**8), 299, 301, 10**8)), 1)
        head = Head(origin=origin or self.origin, size=size, root=root)
        return sign_head(
            head, self.keys.write_keys(head.origin, self.suite), time=time, suite=self.suite
        ), time

    def receipt(self, size: int, root: bytes, *, origin: str | None = None) -> bytes:
        head = Head(origin=origin or self.peer_origin, size=size, root=root)
        time = max(self.clock.time + self.dice.choice((0, 0, -(10**6), 10**6)), 1)
        return sign_receipt(head, self.keys.receipt_keys(self.suite), time=time, suite=self.suite)

    # ---- Entries

    def write(self) -> None:
        """Add one entry of some sort."""
        weighed = {
            self._honest: 6,
            self._move: 5,
            self._junk: 3,
            self._unopened: 2,
            self._same_act: 1,
            self._same_entry: 1,
            self._grammar: 1,
            self._oversize: 1,
            self._wrong_log: 1,
            self._wrong_scope: 1,
            self._opening: 1,
            self._card: 1,
            self._bad_body: 1,
        }
        (make,) = self.dice.choices([*weighed], [*weighed.values()])
        self.entries.append(make())

    def _seen(self) -> Seen | None:
        size = len(self.theirs)
        match self.dice.randrange(12):
            case 0:
                return Seen(origin=self.peer_origin, size=size + self.dice.choice((1, 5, FAR)), root=ROOT)
            case 1:
                return Seen(origin=self.peer_origin, size=self.dice.randint(1, size), root=ROOT)
            case 2:
                return Seen(origin=f"{self.peer_origin[:-8]}00000000", size=1, root=ROOT)
            case 3 | 4 | 5 | 6:
                true = self.dice.randint(1, size)
                return Seen(origin=self.peer_origin, size=true, root=self.their_root(true))
            case _:
                return None

    def _time(self) -> int:
        return self.dice.choice(
            (self.clock.time, self.clock.time, self.clock.time, 1, self.clock.time + 10**8, MAX_TIME // 2)
        )

    def _written(
        self, act: bytes, *, body: bytes | None = None, signed: bool = False, serial: int = 0
    ) -> Said:
        seen = self._seen()
        draft = channel.Draft(act=act, body=body, roots=self.roots if signed else ())
        written = channel.write(draft, origin=self.origin, time=self._time(), seen=seen, suite=self.suite)
        self.sealed |= {part.hash: part for part in written.parts}
        envelope = written.said.envelope
        return replace(
            said(written.said.raw),
            seen=seen if seen is not None and seen.origin == self.peer_origin else None,
            opens=body is None or body.startswith(b"{"),
            serial=serial,
            kind=envelope.k if isinstance(envelope, Act) else None,
            re=envelope.re if isinstance(envelope, Act) else None,
        )

    def _honest(self) -> Said:
        return self._written(act_of("inquiry.sent", INQUIRY), body=b'{"n":1}')

    def _move(self) -> Said:
        """A move about anything at all, of whoever's it would be."""
        kind, d, _ = self.dice.choice(WORDS)
        known = [*self.theirs, *(each.leaf for each in self.entries), ROOT]
        return self._written(act_of(kind, d, re=self.dice.choice(known)), body=b"{}")

    def _junk(self) -> Said:
        return self._written(self.dice.choice(JUNK))

    def _unopened(self) -> Said:
        """That something could not be opened, late or of nothing: it must not undo what was in effect."""
        reason: JsonValue = self.dice.choice(("key", "json", "commitment", "mood"))
        # Not of their opening: whoever says at once that he could not read it has closed the link.
        target = self.dice.choice([*self.theirs[1:], *self.theirs[1:][-2:], ROOT])
        return replace(
            self._written(act_of("unopened", {"reason": reason}, re=target)), is_sound=reason != "mood"
        )

    def _same_act(self) -> Said:
        """An act once more, at another time."""
        parsed = [each for each in self.entries if each.parts and each.parts[0].hash in self.sealed]
        if not parsed:
            return self._honest()
        found = self.dice.choice(parsed)
        first, *others = found.parts
        entry = Entry(time=self._time(), act=first, parts=tuple(others))
        return replace(said(encode_text(entry)), opens=found.opens)

    def _same_entry(self) -> Said:
        return self.dice.choice(self.entries)

    def _grammar(self) -> Said:
        honest = self._honest().raw
        raw = self.dice.choice(
            (b"garbage", b"\0", b"x" * MAX_ENTRY, honest + b"\n", honest[:-1], b"parley/v2\n")
        )
        return said(raw)

    def _oversize(self) -> Said:
        digest = self.dice.randbytes(32)
        large = PartRef(hash=digest, size=self.dice.choice((70_000, 2**50)))
        return said(encode_text(Entry(time=self.clock.time, act=large)), void="oversize")

    def _wrong_log(self) -> Said:
        """An entry that persons signed for another log, with content that opens in this one."""
        part = seal_part(
            act_of("link.opened", {"n": self.dice.randrange(99)}), scope=self.origin, suite=self.suite
        )
        self.sealed[part.hash] = part
        act = PartRef(hash=part.hash, size=part.size)
        text = encode_text(Entry(time=self._time(), log=f"{self.origin[:-8]}00000000", act=act))
        who, seed = self.roots[0]
        name = f"{self.keys.node}/root/{who}"
        key = note.new_sign_key(name, note.Algorithm.ED25519, seed, suite=self.suite)
        return said(encode_signed(text, (note.sign(text, key, self.suite),)), void="wrong-log")

    def _wrong_scope(self) -> Said:
        """Content that was sealed for another log, and opens in no other (Spec §4.3.4)."""
        origin, self.origin = self.origin, f"{self.origin[:-8]}00000000"
        try:
            return replace(self._written(act_of("inquiry.sent", INQUIRY)), opens=False)
        finally:
            self.origin = origin

    def _opening(self) -> Said:
        return self._written(act_of("link.opened", {"terms": "mine"}), signed=True)

    def _card(self) -> Said:
        """The next card, announced by the roots, and no card in the body: for people to look at."""
        self.serial += self.dice.choice((1, 1, 1, 2))
        act = act_of("link.carded", {"card": id_text(ROOT), "serial": self.serial})
        return self._written(act, body=b'{"card":"no card"}', signed=True, serial=self.serial)

    def _bad_body(self) -> Said:
        return self._written(act_of("inquiry.sent", INQUIRY), body=b"not JSON")

    def rewind(self) -> None:
        """Go on from an earlier entry as if the later ones had never been."""
        del self.entries[self.dice.randint(1, len(self.entries)) :]
        self.write()
