"""Whole nodes in one process: real ledgers in real homes, and a wire that a test holds in its hands."""

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Self

from parley.ledger.digest import Digest, digest
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.home import Config, create_home, own_calendar, own_card, own_epoch
from parley.ledger.keys import Keys, read_keys
from parley.ledger.lanes import named
from parley.ledger.ledger import Answer, Ledger
from parley.ledger.offers import Offer, link_name, read_offer, write_offer
from parley.ledger.reading import EntryRow, Reader
from parley.ledger.standing import Standing
from parley.protocol.names import MAIN
from parley.protocol.parcel import Parcel, open_parcel
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Standard, Suite
from parley.signer.keys import SignerKeys, read_signer_keys
from parley.work.home import Home

A: Final = "a.example"
B: Final = "b.example"
C: Final = "c.example"
LINK: Final = "a-b"
WORLD: Final = "demo"
SUITE: Final = Standard()
# Every commit waits for the disk; what these tests ask does not depend on one.
MEMORY: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no name in it is guessed
# Monday 2 November 2026, 09:00 UTC: inside the office hours of the default calendar.
MONDAY: Final = 1_793_610_000
INQUIRY: Final[Mapping[str, JsonValue]] = {
    "batch": None,
    "item": "fraud_phishing",
    "urgency": "U1",
    "groups": [{"count": 2, "type": "phishing_site", "wants": ["mitigate", "preserve"]}],
}


@dataclass
class Clock:
    """A clock that a test moves."""

    time: int = MONDAY

    def __call__(self) -> int:
        return self.time


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A parcel or an answer as it went over the wire."""

    sender: str
    receiver: str
    raw: bytes


def make_home(folder: Path, node: str, *, world: str = WORLD, suite: Suite = SUITE) -> Home:
    home = Home(root=folder)
    letter = node[0].upper()
    config = Config(
        node=node,
        world=world,
        name_en=f"Country {letter}",
        name_zh=f"{letter} 国",
        pages="127.0.0.1:0",
        partner="127.0.0.1:0",
        url="http://127.0.0.1:1/parley/v1",
    )
    create_home(home, config, suite=suite)
    return home


def offer_of(home: Home, *, suite: Suite = SUITE) -> Offer:
    names = {"en": home.root.name, "zh": home.root.name}
    raw = write_offer(note=own_card(home), epoch=own_epoch(home), names=names, calendar=own_calendar(home))
    return read_offer(raw, suite=suite)


@dataclass
class Nodes:
    """Nodes in `folder`. Whatever they send is kept in `sent`; `carry` is the whole network.

    Links have the `lanes` that a test is about; a link of the program has all of them.
    """

    folder: Path
    names: Sequence[str] = (A, B)
    lanes: Sequence[str] = (MAIN,)
    suite: Suite = SUITE
    homes: dict[str, Home] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    drafts: int = 0

    def __post_init__(self) -> None:
        for node in self.names:
            home = Home(root=self.folder / node[0])
            self.homes[node] = home if home.root.exists() else make_home(home.root, node, suite=self.suite)
            self.clocks[node] = Clock()
            self.start(node)

    # ---- Nodes and links

    def start(self, node: str, *, asks_first: bool = False) -> Ledger:
        ledger = Ledger(self.homes[node], suite=self.suite, now=self.clocks[node])
        ledger.start(asks_first=asks_first)
        self.ledgers[node] = ledger
        return ledger

    def restart(self, node: str) -> Ledger:
        self.ledgers[node].stop()
        return self.start(node)

    def stop(self) -> None:
        for ledger in self.ledgers.values():
            ledger.stop()

    def link(self, one: str, two: str, *, is_verified: bool = True) -> str:
        """Write down the link between two nodes at both; nothing is said on it."""
        self.links.append((one, two))
        for node, other in ((one, two), (two, one)):
            self.ledgers[node].add_link(self.offer(node), self.offer(other), world=WORLD, lanes=self.lanes)
            if is_verified:
                self.ledgers[node].verify_link(link_name(one, two))
        return link_name(one, two)

    def open(self, one: str, two: str) -> None:
        """Have both sides say that they open the link, and carry that."""
        for node, other in ((one, two), (two, one)):
            self.ledgers[node].sign_opening(
                link_name(one, two), self.offer(node), self.offer(other), draft="open"
            )
        self.settle()

    def offer(self, node: str) -> Offer:
        return offer_of(self.homes[node], suite=self.suite)

    def keys(self, node: str) -> Keys:
        return read_keys(self.homes[node].keys, node)

    def signer_keys(self, node: str) -> SignerKeys:
        return read_signer_keys(self.homes[node].keys, node)

    # ---- The wire

    def post(self, node: str, other: str, *, prompt: bool = False, lane: str = MAIN) -> Answer | None:
        """Bring a parcel of `node` to `other`, and return the answer, which is still to be brought back."""
        raw = self.ledgers[node].compose(named(link_name(node, other), lane), prompt=prompt)
        return None if raw is None else self.bring(node, other, raw)

    def bring(self, node: str, other: str, raw: bytes, *, poll: bool = False) -> Answer:
        """Bring these bytes to `other`, and write down what went over the wire."""
        self.sent.append(Sent(sender=node, receiver=other, raw=raw))
        answer = self.ledgers[other].accept(raw, poll=poll)
        self.sent.append(Sent(sender=other, receiver=node, raw=answer.parcel))
        return answer

    def carry(self, node: str, other: str, *, prompt: bool = False, lane: str = MAIN) -> bool:
        """Take one parcel to the other node, and the answer back; return whether there was one."""
        answer = self.post(node, other, prompt=prompt, lane=lane)
        if answer is not None:
            self.ledgers[node].take_answer(named(link_name(node, other), lane), answer.parcel)
        return answer is not None

    def settle(self, *, at_most: int = 100) -> None:
        """Carry until nobody has anything to say."""
        ways = [way for one, two in self.links for way in ((one, two), (two, one))]
        for _ in range(at_most):
            verified = [way for way in ways if self._is_verified(*way)]
            carried = [self.carry(*way, lane=lane) for way in verified for lane in self.lanes]
            if not any(carried):
                return
        raise AssertionError("they never come to an end")

    def _is_verified(self, node: str, other: str) -> bool:
        with self.reader(node) as reader:
            row = reader.link(link_name(node, other))
            return row is not None and row.verified_at is not None

    def opened(self, sent: Sent, channel: str) -> Parcel:
        """Return what a parcel says, read with the keys of its receiver."""
        return open_parcel(
            sent.raw,
            sender=sent.sender,
            receiver=sent.receiver,
            channel=channel,
            link_public=self.offer(sent.sender).card.card.link_ed25519,
            seal_private=self.keys(sent.receiver).seal,
            suite=self.suite,
        )

    # ---- What is said and held

    def draft(
        self,
        kind: str,
        d: Mapping[str, JsonValue],
        *,
        re: bytes | None = None,
        body: Mapping[str, JsonValue] | None = None,
        link: str = LINK,
        lane: str = MAIN,
    ) -> Draft:
        self.drafts += 1
        return Draft(id=f"t{self.drafts}", link=link, kind=kind, d=d, re=re, body=body, lane=lane)

    def say(
        self,
        node: str,
        kind: str,
        d: Mapping[str, JsonValue],
        *,
        re: bytes | None = None,
        body: Mapping[str, JsonValue] | None = None,
        link: str = LINK,
        lane: str = MAIN,
    ) -> Appended:
        """Append a statement of `node`, and return its place."""
        draft = self.draft(kind, d, re=re, body=body, link=link, lane=lane)
        (result,) = self.ledgers[node].append([draft])
        if isinstance(result, RefusedError):
            raise result
        return result

    def reader(self, node: str) -> "OpenReader":
        return OpenReader(self.homes[node], suite=self.suite)

    def standing(self, node: str, link: str = LINK) -> Standing:
        return self.ledgers[node]._slot(link).standing  # noqa: SLF001 - a test may look behind a door

    def rows(self, node: str, link: str = LINK) -> list[EntryRow]:
        """Return every statement of a link, each writer's in the order of its log."""
        with self.reader(node) as reader:
            return sorted(reader.rows(link, limit=10**9), key=lambda row: (row.writer, row.index))

    def alarms(self, node: str, link: str = LINK) -> dict[str, int]:
        with self.reader(node) as reader:
            status = reader.status(link)
            assert status is not None
            return {alarm.code: alarm.times for alarm in status.alarms}

    def digest(self, node: str, link: str = LINK) -> Digest:
        with self.reader(node) as reader:
            return digest(reader, link)


class OpenReader(Reader):
    """A reader that closes itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Pair(Nodes):
    """Nodes a.example and b.example, linked."""

    def __init__(
        self,
        folder: Path,
        *,
        is_open: bool = True,
        is_verified: bool = True,
        suite: Suite = SUITE,
        lanes: Sequence[str] = (MAIN,),
    ) -> None:
        is_usual = is_open and is_verified and suite is SUITE
        if is_usual:
            for name in ("a", "b"):
                shutil.copytree(open_pair(tuple(lanes)) / name, folder / name)
        super().__init__(folder, suite=suite, lanes=lanes)
        if is_usual:
            self.links.append((A, B))
            return
        self.link(A, B, is_verified=is_verified)
        if is_open:
            self.open(A, B)

    @staticmethod
    def other(node: str) -> str:
        return B if node == A else A

    def sends(self, *, title: str = "x", node: str = A, lane: str = MAIN) -> Appended:
        """Have `node` send an inquiry about two sites."""
        body: Mapping[str, JsonValue] = {"title": {"lang": "en", "text": title}}
        return self.say(node, "inquiry.sent", INQUIRY, body=body, lane=lane)

    def is_settled(self) -> bool:
        """Return whether both hold the same, and each has the other's receipt for all of it."""
        standings = {node: self.standing(node) for node in (A, B)}
        return self.digest(A) == self.digest(B) and all(
            at.receipted == at.mine.size == standings[self.other(node)].theirs.size
            for node, at in standings.items()
        )


@cache
def open_pair(lanes: tuple[str, ...] = (MAIN,)) -> Path:
    """Return the folder of two nodes that have opened their link: made once, copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="parley-pair-", dir=MEMORY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    nodes = Nodes(folder, lanes=lanes)
    nodes.link(A, B)
    nodes.open(A, B)
    nodes.stop()
    return folder
