"""What must hold, checked when it matters: when something is signed, when it leaves, when it is read again.

The auditor keeps, beside each node, what is durable there of each log: the leaves, and the root of every
size. It is told of every commit, of every signature before it is made, of every parcel that leaves, of every
draft that was acknowledged, and of every start. The names of the rules are those of `protocol.md` §6.
"""

import base64
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from parley.ledger.drafts import Appended
from parley.protocol.parcel import Parcel
from parley.protocol.recovery import is_answer, parse_note
from parley.protocol.tree import EMPTY, Frontier, leaf_hash
from tests.simulator.suite import Signing

# A receipt says of every entry that it was opened, or that its reader said that it was not.
_NO_END: Final = 2**53
_LEAVES: Final = "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx"
_ENTRIES: Final = "SELECT idx, leaf, raw FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx"
_SHUT: Final = (
    "SELECT leaf FROM row WHERE log = ? AND idx >= ? AND idx < ? AND act IS NULL AND outcome = 'unopened'"
)


class ViolationError(BaseException):
    """What must hold did not: a fault of the core, which shall not catch it itself."""


def must(holds: object, rule: str, remark: str = "") -> None:
    """Raise unless `rule` holds."""
    if not holds:
        raise ViolationError(f"{rule}: {remark}")


@dataclass
class Copy:
    """What one node durably holds of one log: the leaves, and the root of each size from 1."""

    leaves: list[bytes] = field(default_factory=list)
    roots: list[bytes] = field(default_factory=list)
    frontier: Frontier = EMPTY

    def push(self, leaf: bytes) -> None:
        self.leaves.append(leaf)
        self.frontier = self.frontier.push(leaf)
        self.roots.append(self.frontier.root())

    def root(self, size: int) -> bytes | None:
        return self.roots[size - 1] if 0 < size <= len(self.roots) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One log in the tables: where in the line number `log` it begins, and where it ends, if it does."""

    log: int
    base: int
    end: int


def logs_of(connection: sqlite3.Connection) -> Mapping[str, Stretch]:
    """Return each log by its origin, those of one line in their order."""
    rows = connection.execute("SELECT origin, log, base FROM epoch ORDER BY log, base").fetchall()
    ends = [
        base if log == before else _NO_END
        for (_, before, _), (_, log, base) in pairwise([*rows, ("", -1, 0)])
    ]
    return {
        origin: Stretch(log=log, base=base, end=end)
        for (origin, log, base), end in zip(rows, ends, strict=True)
    }


@dataclass
class Auditor:
    """Watches all nodes of one schedule."""

    copies: dict[tuple[str, str], Copy] = field(default_factory=lambda: defaultdict(Copy))
    heads: dict[tuple[str, int], bytes] = field(default_factory=dict)
    # Every head that was ever signed, also by a life that was put back since: log, size and root.
    signed: set[tuple[str, int, bytes]] = field(default_factory=set)
    # What left a node of each log: the notes, each with its size and time.
    released: dict[tuple[str, str], dict[bytes, tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    receipts: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    # The largest receipt that left anybody for each log: its size and root.
    most: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    restored: set[str] = field(default_factory=set)
    # Nodes whose anchor was lost or put back: what they state of their own memory may be older than before.
    forgetful: set[str] = field(default_factory=set)
    acknowledged: dict[str, dict[int, bytes]] = field(default_factory=lambda: defaultdict(dict))
    logs: dict[str, Mapping[str, Stretch]] = field(default_factory=dict)
    asks_times: bool = True
    # How often a node stated on a link a time that lies more than a day ahead of its clock.
    behind: Counter[tuple[str, str]] = field(default_factory=Counter)
    signatures: Counter[str] = field(default_factory=Counter)

    # ---- A node commits, starts, stops

    def committed(self, node: str, connection: sqlite3.Connection) -> None:
        """Take over what `node` made durable just now."""
        before, logs = self.logs.get(node, {}), logs_of(connection)
        self.logs[node] = logs
        for origin in before.keys() - logs.keys():
            self._given_up(node, origin, before[origin])
        for origin, at in logs.items():
            copy = self.copies[node, origin]
            size = len(copy.leaves)
            if size > at.end - at.base:
                copy = self._cut_off(node, origin, at.end - at.base)
            rows = connection.execute(_LEAVES, (at.log, at.base + size, at.end))
            for (leaf,) in rows.fetchall():
                copy.push(leaf)
            if not origin.startswith(f"{node}/") and len(copy.leaves) > size:
                self._opened(node, connection, log=at.log, since=at.base + size)

    def _given_up(self, node: str, origin: str, at: Stretch) -> None:
        """Forget the places of a log that gave way: what was acknowledged there is said again by the node."""
        for first, first_at in self.logs[node].items():
            if first_at.log == at.log and not first_at.base and origin.startswith(f"{node}/"):
                said = self.acknowledged[first].items()
                self.acknowledged[first] = {index: leaf for index, leaf in said if index < at.base}

    def _cut_off(self, node: str, origin: str, size: int) -> Copy:
        """Let the own log of a restored node end below what it held: nobody else has the rest."""
        logs = self.logs[node]
        is_mine = origin.startswith(f"{node}/") and node in self.restored
        must(is_mine, "I4 a log only grows", f"{node} {origin}")
        # What was acknowledged there is said again by the node itself: `ending.py` asks for it by its draft.
        _, first = min((at.base, each) for each, at in logs.items() if at.log == logs[origin].log)
        base = logs[origin].base + size
        said = self.acknowledged[first]
        self.acknowledged[first] = {index: leaf for index, leaf in said.items() if index < base}
        before = self.copies[node, origin]
        copy = self.copies[node, origin] = Copy()
        for leaf in before.leaves[:size]:
            copy.push(leaf)
        return copy

    def _opened(self, node: str, connection: sqlite3.Connection, *, log: int, since: int) -> None:
        """Check that what did not open was declared in the same commit (I3)."""
        shut = {leaf for (leaf,) in connection.execute(_SHUT, (log, since, 2**40))}
        if not shut:
            return
        mine = {at.log for origin, at in self.logs[node].items() if origin.startswith(f"{node}/")}
        said = set()
        for number in mine:
            acts = connection.execute("SELECT act FROM row WHERE log = ? AND kind = 'unopened'", (number,))
            said |= {json.loads(act)["re"] for (act,) in acts}
        must(len(shut) <= len(said), "I3 unopened is declared with the entries", f"{len(shut)} by {node}")

    def started(self, node: str, connection: sqlite3.Connection, *, restored: bool = False) -> None:
        """Check what is there after a start: nothing less and nothing else than was durable (I2, I4)."""
        self.logs[node] = logs_of(connection)
        for origin, at in self.logs[node].items():
            rows = connection.execute(_ENTRIES, (at.log, at.base, at.end)).fetchall()
            leaves = [leaf for _, leaf, _ in rows]
            before = self.copies[node, origin].leaves
            numbers = [index for index, _, _ in rows]
            must(numbers == list(range(at.base, at.base + len(rows))), "I1 no gap", f"{node} {origin}")
            must(all(leaf_hash(raw) == leaf for _, leaf, raw in rows), "I1 leaves are of the bytes", node)
            if not restored:
                must(leaves[: len(before)] == before, "I4 what was durable is there", f"{node} {origin}")
            copy = self.copies[node, origin] = Copy()
            for leaf in leaves:
                copy.push(leaf)
        if restored:
            self._restored(node)
        self.keeps(node)

    def _restored(self, node: str) -> None:
        """Expect of a restored node what the backup held; what was receipted is asked for at the end."""
        self.restored.add(node)
        for origin, line in self.lines(node).items():
            said = self.acknowledged[origin].items()
            kept = {index: leaf for index, leaf in said if line[index : index + 1] == [leaf]}
            self.acknowledged[origin] = kept
        for (holder, origin), sizes in self.receipts.items():
            if holder == node:
                held = len(self.copies[node, origin].leaves)
                self.receipts[holder, origin] = {size for size in sizes if size <= held}

    def lines(self, node: str) -> Mapping[str, list[bytes]]:
        """Return the leaves that `node` holds of each line, by the first log of it."""
        found: dict[int, tuple[str, list[bytes]]] = {}
        for origin, at in self.logs[node].items():
            found.setdefault(at.log, (origin, []))[1].extend(self.copies[node, origin].leaves)
        return dict(found.values())

    def keeps(self, node: str) -> None:
        """Check that all that was acknowledged, and all that was receipted, is held by `node` (I4)."""
        for origin, leaves in self.lines(node).items():
            for index, leaf in self.acknowledged[origin].items():
                if origin.startswith(f"{node}/"):
                    held = leaves[index] if index < len(leaves) else None
                    must(held == leaf, "I4 what was acknowledged is there", f"{origin} {index}")
        for origin in self.logs[node]:
            most = max(self.receipts[node, origin], default=0)
            size = len(self.copies[node, origin].leaves)
            must(most <= size, "I4 what was receipted is there", f"{node} {origin} {most}")

    def promised(self, node: str, other: str) -> None:
        """Check that what one of two sides ever receipted is with both, unless both were restored (I4)."""
        if {node, other} <= self.restored:
            return
        for origin, (size, root) in self.most.items():
            if origin.startswith(f"{node}/") and origin in self.logs[other]:
                held = self.copies[node, origin].root(size)
                must(held == root, "I4 what was receipted survives", f"{origin} {size}")

    def acknowledge(self, origin: str, appended: Appended) -> None:
        """Note that `appended` was returned to whoever brought the draft: it is durable already (I2)."""
        node = origin.split("/", 1)[0]
        leaves = self.lines(node)[origin]
        index = appended.index
        is_there = index < len(leaves) and leaves[index] == appended.statement
        must(is_there, "I2 what is acknowledged is durable", f"{origin} {index}")
        self.acknowledged[origin][index] = appended.statement

    # ---- A node signs

    def hear(self, node: str, signing: Signing) -> None:
        """Check what `node` is about to sign against what is durable there."""
        copy = self.copies[node, signing.origin]
        what = f"{node} signs {signing.origin} at {signing.size}"
        self.signatures["heads" if signing.is_head else "receipts"] += 1
        must(signing.size <= len(copy.leaves), "I2 nothing is signed before it is durable", what)
        must(copy.root(signing.size) == signing.root, "I1 the root is that of the entries", what)
        must(signing.time > 0, "§4.5.2 a time is stated", what)
        if signing.is_head:
            must(signing.origin.startswith(f"{node}/"), "§4.5.2 a node signs heads of its own", what)
            self.signed.add((signing.origin, signing.size, signing.root))
            known = self.heads.setdefault((signing.origin, signing.size), signing.root)
            must(known == signing.root, "I1 a size has one root", what)

    def put_back(self, node: str, anchored: Mapping[str, int]) -> None:
        """Forget what `node` held, and heads that a crash kept from leaving before its anchor had them."""
        # What it held of a log that it does not know any more comes back entry by entry, or never.
        for each in [each for each in self.copies if each[0] == node]:
            del self.copies[each]
        self.heads = {
            (origin, size): root
            for (origin, size), root in self.heads.items()
            if not origin.startswith(f"{node}/")
            or size <= anchored.get(origin, 0)
            or size in {other for other, _ in self.released[node, origin].values()}
        }

    # ---- A parcel leaves a node

    def sent(self, node: str, parcel: Parcel) -> None:
        """Check that a parcel says nothing that is not durable at its sender (I2)."""
        for have in parcel.haves:
            held = len(self.copies[node, have.origin].leaves)
            must(have.size <= held, "I2 `have` is durable", f"{node} {have.origin} {have.size} of {held}")
        for piece in parcel.pieces:
            origin = piece.note.split(b"\n", 1)[0].decode()
            leaves = self.copies[node, origin].leaves
            entries = [leaf_hash(raw) for raw in piece.entries]
            same = entries == leaves[piece.start : piece.start + len(entries)]
            must(same, "I2 what is sent is durable", f"{node} {origin} {piece.start}")
            if origin.startswith(f"{node}/"):
                self._release(node, piece.note)
        for note in parcel.receipts:
            if not is_answer(note):
                self._release(node, note)

    def _release(self, node: str, note: bytes) -> None:
        """Check that what a note states agrees with all that left before: sizes and times grow together."""
        origin, size_text, rest = note.split(b"\n", 2)
        size, time = int(size_text), time_of(note)
        released = self.released[node, origin.decode()]
        if note in released:
            return
        for other, at in released.values():
            grows = at <= time if other <= size else at >= time
            must(
                grows or not self.asks_times or node in self.forgetful,
                "§4.5.4 times and sizes grow together",
                f"{node} {origin!r} {other}@{at}, then {size}@{time}",
            )
        released[note] = (size, time)
        if not origin.startswith(node.encode()):
            self.receipts[node, origin.decode()].add(size)
            root = base64.b64decode(rest.split(b"\n", 1)[0])
            self.most[origin.decode()] = max((size, root), self.most.get(origin.decode(), (0, b"")))


def announced_in(parcel: Parcel) -> frozenset[bytes]:
    """Return the logs that a parcel says are to follow others."""
    said = [raw for raw in (parcel.recover, *filter(is_answer, parcel.receipts)) if raw is not None]
    return frozenset(parse_note(raw)[1].next_origin.encode() for raw in said)


def time_of(note: bytes) -> int:
    """Return the time in the ML-DSA line of a head or receipt, which is its last."""
    line = note.rstrip(b"\n").rsplit(b" ", 1)[1]
    return int.from_bytes(base64.b64decode(line[:16])[4:12], "big")
