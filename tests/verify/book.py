"""A record written by hand, and exports of it: two lines with real keys, changed as a test likes.

book = Book()                          both have opened the link
inquiry = book.write(A, "inquiry.sent", SENT, body={"title": …})
book.pack(book.members())              the bytes of an honest export
"""

import io
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from parley.ledger.zipping import Zip
from parley.protocol import note, tree
from parley.protocol.act import id_text
from parley.protocol.card import Card, card_hash, digits, sign_card
from parley.protocol.entry import Entry, PartRef, Seen, encode_signed, encode_text
from parley.protocol.head import Head, sign_head, sign_receipt
from parley.protocol.kinds import VERSIONS
from parley.protocol.notation import write_base64
from parley.protocol.note import Algorithm, Note, new_sign_key
from parley.protocol.officetime import default_calendar
from parley.protocol.part import SealedPart, seal_part
from parley.protocol.revocation import Revocation, sign_revocation
from parley.protocol.strictjson import JsonSource, write
from parley.protocol.suite import Suite
from parley.protocol.terms import default_terms
from parley.protocol.tree import leaf_hash
from parley.protocol.verify.findings import Findings
from parley.protocol.verify.judge import Asked, verify
from parley.protocol.verify.listed import Listing, Log, file_name, revocation_name
from parley.protocol.verify.members import Found
from parley.protocol.verify.readme import README
from tests.protocol.samples import SUITE, Keys

A: Final = "a.example"
B: Final = "b.example"
CHANNEL: Final = "live/a-b/main"
NOON: Final = 1_795_000_000
KEYS: Final = {A: Keys(node=A), B: Keys(node=B)}
EPOCHS: Final = {A: ("5e0c9a71", "9b1f03d2"), B: ("c3d21f08", "77aa0c14")}
SENT: Final[Mapping[str, JsonSource]] = {
    "batch": None,
    "item": "fraud_phishing",
    "urgency": "U1",
    "groups": [{"count": 1, "type": "phishing_site", "wants": ["mitigate"]}],
}


@dataclass(frozen=True)
class NextKeys(Keys):
    """The keys of the next card: the roots stay, all others are new."""

    def seed(self, use: str) -> bytes:
        return super().seed(use if use.startswith("root") else f"next {use}")


@dataclass(kw_only=True)
class Said:
    """A whole entry: its bytes, and its sealed act, body and files."""

    raw: bytes
    parts: tuple[SealedPart, ...]

    @property
    def id(self) -> bytes:
        return leaf_hash(self.raw)


@dataclass(kw_only=True)
class Page:
    """One log."""

    node: str
    epoch: str
    said: list[Said] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    acceptance: bytes | None = None

    @property
    def origin(self) -> str:
        return f"{self.node}/{CHANNEL}/{self.epoch}"

    def root(self, size: int | None = None) -> bytes:
        return tree.root_of([each.id for each in self.said[:size]])


def other(node: str) -> str:
    return B if node == A else A


class Book:
    """Both lines, and what was signed over them."""

    def __init__(self, *, suite: Suite = SUITE) -> None:
        self.suite = suite
        self.keys: dict[str, Keys] = dict(KEYS)
        self.cards = {node: [KEYS[node].card(suite)] for node in (A, B)}
        self.card_notes = {
            node: [sign_card(found[0], KEYS[node].roots[:2], suite=suite)]
            for node, found in self.cards.items()
        }
        self.lines = {node: [Page(node=node, epoch=EPOCHS[node][0])] for node in (A, B)}
        self.forks: dict[str, tuple[bytes, bytes]] = {}
        self.revocations: dict[str, list[bytes]] = {}
        self.orphans: dict[str, Page] = {}
        self.time = NOON
        for node in (A, B):
            self.open(node)

    # ---- Writing

    def open(self, node: str, **more: JsonSource) -> Said:
        calendars = {each: default_calendar() for each in (A, B)}
        said: dict[str, JsonSource] = {
            "channel": CHANNEL,
            "origins": [f"{each}/{CHANNEL}/{EPOCHS[each][0]}" for each in (A, B)],
            "cards": [id_text(card_hash(self.cards[each][0])) for each in (A, B)],
            "protocol": "parley/v1",
            "terms": default_terms(calendars, world="live", kinds=VERSIONS),
        }
        name: JsonSource = {"en": "Country A", "zh": "甲国"}
        return self.write(node, "link.opened", said | more, body={"name": name}, roots=(1, 2))

    def write(
        self,
        node: str,
        kind: str,
        d: Mapping[str, JsonSource],
        *,
        re: bytes | None = None,
        body: Mapping[str, JsonSource] | None = None,
        files: Sequence[bytes] = (),
        roots: Sequence[int] = (),
        seen: Sequence[Seen] | None = None,
    ) -> Said:
        page = self.lines[node][-1]
        self.time += 1
        act: Mapping[str, JsonSource] = {
            "k": kind,
            "v": 1,
            "re": None if re is None else id_text(re),
            "by": {"role": "node", "n": 0},
            "ref": None,
            "d": d,
        }
        parts = [seal_part(write(act), scope=page.origin, suite=self.suite)]
        if body is not None:
            parts.append(seal_part(write(body), scope=page.origin, suite=self.suite))
        parts += [seal_part(each, scope=f"{node}/{CHANNEL}", suite=self.suite) for each in files]
        refs = [PartRef(hash=part.hash, size=part.size) for part in parts]
        entry = Entry(
            time=self.time,
            log=page.origin if roots else None,
            seen=tuple(self._seen(node) if seen is None else seen),
            act=refs[0],
            parts=tuple(refs[1:]),
        )
        text = encode_text(entry)
        lines = tuple(self._line(node, text, n) for n in roots)
        said = Said(raw=encode_signed(text, lines), parts=tuple(parts))
        page.said.append(said)
        return said

    def _line(self, node: str, text: bytes, n: int) -> note.Line:
        seed = KEYS[node].roots[n - 1]
        key = new_sign_key(f"{node}/root/{n}", Algorithm.ED25519, seed, suite=self.suite)
        return note.sign(text, key, self.suite)

    def _seen(self, node: str) -> list[Seen]:
        page = self.lines[other(node)][-1]
        return [Seen(origin=page.origin, size=len(page.said), root=page.root())] if page.said else []

    def sign(self, node: str, *, size: int | None = None) -> None:
        """Have the writer sign its log, and the other side receipt it."""
        page = self.lines[node][-1]
        head = Head(origin=page.origin, size=size or len(page.said), root=page.root(size))
        keys = self.keys[node].write(page.origin, self.suite)
        page.heads.append(sign_head(head, keys, time=self.time, suite=self.suite))
        receipt_keys = self.keys[other(node)].receipt(self.suite)
        page.receipts.append(sign_receipt(head, receipt_keys, time=self.time, suite=self.suite))

    def sign_both(self) -> None:
        for node in (A, B):
            self.sign(node)

    def seal(self, node: str) -> Page:
        """End the log of `node`, have that accepted, and begin the next one."""
        old = self.lines[node][-1]
        new = Page(node=node, epoch=EPOCHS[node][1])
        root = write_base64(old.root())
        text = f"parley-accept/v1\n{old.origin}\n{len(old.said)}\n{root}\n{new.epoch}\n".encode()
        seed = self.keys[other(node)].seed("receipt ed25519")
        key = new_sign_key(f"{other(node)}/receipt", Algorithm.ED25519, seed, suite=self.suite)
        new.acceptance = note.encode(Note(text=text, lines=(note.sign(text, key, self.suite),)))
        self.lines[node].append(new)
        seen = Seen(origin=old.origin, size=len(old.said), root=old.root())
        d: Mapping[str, JsonSource] = {
            "origin": old.origin,
            "size": len(old.said),
            "root": root,
            "accepted": True,
        }
        self.write(node, "link.continued", d, seen=[seen])
        return new

    def renew(self, node: str) -> Card:
        """Have `node` announce a card with new keys, with which it signs from here on."""
        old, keys = self.cards[node][-1], NextKeys(node=node)
        new = replace(keys.card(self.suite), serial=old.serial + 1, prev=card_hash(old))
        self.cards[node].append(new)
        self.card_notes[node].append(sign_card(new, keys.roots[:2], suite=self.suite, previous=old))
        d: Mapping[str, JsonSource] = {
            "card": id_text(card_hash(new)),
            "serial": new.serial,
            "text": new.text().decode(),
        }
        self.write(node, "link.carded", d, body={"card": self.card_notes[node][-1].decode()}, roots=(1, 2))
        self.keys[node] = keys
        return new

    def revoke(self, node: str, size: int, *, roots: Sequence[int] = (1, 2), serial: int = 1) -> None:
        """Have roots of `node` revoke the keys of a card of it beyond `size` entries of its first log."""
        origin = self.lines[node][0].origin
        said = Revocation(origin=origin, size=size, card=card_hash(self.cards[node][serial - 1]))
        keys = (
            new_sign_key(f"{node}/root/{n}", Algorithm.ED25519, KEYS[node].roots[n - 1], suite=self.suite)
            for n in roots
        )
        self.revocations.setdefault(origin, []).append(sign_revocation(said, keys, self.suite))

    def strand(self, page: Page) -> Page:
        """Have the writer of `page`, which ended or is none of its line, say two things more in it."""
        beside = Page(node=page.node, epoch=page.epoch)
        self.lines[page.node].append(beside)
        for title in ("late", "later"):
            body: Mapping[str, JsonSource] = {"title": {"lang": "en", "text": title}}
            self.write(page.node, "inquiry.sent", SENT, body=body)
        self.lines[page.node].remove(beside)
        leaves = [each.id for each in (*page.said, *beside.said)]
        head = Head(origin=page.origin, size=len(leaves), root=tree.root_of(leaves))
        keys = self.keys[page.node].write(page.origin, self.suite)
        beside.heads.append(sign_head(head, keys, time=self.time, suite=self.suite))
        self.orphans[page.origin] = beside
        return beside

    # ---- Exporting

    @property
    def digits(self) -> tuple[str, ...]:
        return digits(card_hash(self.cards[A][0]), card_hash(self.cards[B][0]))

    def listing(self, files: Mapping[bytes, int] | None = None) -> Listing:
        lines: dict[str, tuple[Log, ...]] = {}
        for node, pages in self.lines.items():
            base = 0
            logs: list[Log] = []
            for page in pages:
                size = len(page.said)
                logs.append(Log(origin=page.origin, node=node, epoch=page.epoch, base=base, size=size))
                base += size
            lines[node] = tuple(logs)
        return Listing(
            channel=CHANNEL,
            digits=self.digits,
            cards={node: tuple(card.serial for card in found) for node, found in self.cards.items()},
            lines=lines,
            forks=tuple(self.forks),
            revocations=tuple(self.revocations),
            orphans=tuple(self._beside(lines)),
            files=dict(sorted((files or {}).items())),
        )

    def _beside(self, lines: Mapping[str, Sequence[Log]]) -> Iterable[Log]:
        known = {log.origin: log.size for line in lines.values() for log in line}
        for origin, page in sorted(self.orphans.items()):
            base, size = known.get(origin, 0), len(page.said)
            yield Log(origin=origin, node=page.node, epoch=page.epoch, base=base, size=size, folder="orphans")

    def members(
        self,
        *,
        is_whole: Callable[[Said], bool] = lambda _: True,
        is_told: Callable[[Said], bool] = lambda _: True,
    ) -> dict[str, bytes]:
        """Return the members of an honest export by their names, in order."""
        files = {
            part.hash: part
            for pages in self.lines.values()
            for page in pages
            for said in page.said
            if is_whole(said) and is_told(said)
            for part in said.parts[2:]
        }
        listing = self.listing({name: part.size for name, part in files.items()})
        found = {"README.txt": README, "export.txt": listing.text()}
        for node, notes in self.card_notes.items():
            found |= {f"cards/{node}/{n}": raw for n, raw in zip(listing.cards[node], notes, strict=True)}
        for node, pages in self.lines.items():
            for log, page in zip(listing.lines[node], pages, strict=True):
                if page.acceptance is not None:
                    found[log.member("acceptance")] = page.acceptance
                found[log.member("entries")] = b"".join(
                    entry_bytes(each, is_whole(each)) for each in page.said
                )
                found[log.member("heads")] = prefixed(page.heads)
                found[log.member("receipts")] = prefixed(page.receipts)
                found[log.member("content")] = b"".join(
                    content_bytes(each, is_told(each)) for each in page.said if is_whole(each)
                )
        for origin, proof in self.forks.items():
            found[f"forks/{origin.partition('/')[0]}/{origin.rpartition('/')[2]}"] = prefixed(proof)
        found |= {revocation_name(origin): prefixed(notes) for origin, notes in self.revocations.items()}
        for log in listing.orphans:
            page = self.orphans[log.origin]
            found[log.member("head")] = page.heads[-1]
            found[log.member("entries")] = b"".join(entry_bytes(each, is_whole(each)) for each in page.said)
            found[log.member("content")] = b"".join(
                content_bytes(each, is_told(each)) for each in page.said if is_whole(each)
            )
        return found | {file_name(name): files[name].ciphertext for name in sorted(files)}

    def judged(self, members: Mapping[str, bytes]) -> Findings:
        return judge(pack(members), self.digits)


def entry_bytes(said: Said, whole: bool) -> bytes:  # noqa: FBT001 - a builder for tests
    return struct.pack(">H", len(said.raw)) + said.raw if whole else bytes(2) + said.id


def content_bytes(said: Said, told: bool) -> bytes:  # noqa: FBT001 - likewise
    if not told:
        return bytes([Found.WITHHELD.value]) * len(said.parts)
    inline = b"".join(
        bytes([Found.DISCLOSED.value]) + part.key + struct.pack(">I", part.size) + part.ciphertext
        for part in said.parts[:2]
    )
    return inline + b"".join(bytes([Found.FILE.value]) + part.key for part in said.parts[2:])


def prefixed(notes: Iterable[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(raw)) + raw for raw in notes)


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the one ZIP file of these members."""
    out = io.BytesIO()
    file = Zip(out)
    for name, content in members.items():
        file.add(name, (content,))
    file.close()
    return out.getvalue()


def judge(raw: bytes, digits: tuple[str, ...] | None, *, channel: str | None = None) -> Findings:
    return verify(io.BytesIO(raw), size=len(raw), asked=Asked(digits=digits, channel=channel), suite=SUITE)


def usual(*, suite: Suite = SUITE) -> Book:
    """Return a book with a bit of everything: stubs, a sealed log, a file, an unknown line."""
    book = Book(suite=suite)
    sent = book.write(
        A, "inquiry.sent", SENT, body={"title": {"lang": "en", "text": "one"}}, files=[b"x" * 40_000]
    )
    book.sign_both()
    book.write(B, "received", {})
    book.write(B, "inquiry.acknowledged", {}, re=sent.id)
    book.sign(B)
    book.seal(B)
    book.write(B, "inquiry.admitted", {"items": "all"}, re=sent.id)
    book.sign(B)
    book.write(A, "inquiry.sent", SENT, body={"title": {"lang": "en", "text": "two"}})
    book.sign(A)
    return book


def rich(*, suite: Suite = SUITE) -> Book:
    """Return a book with everything: keys that change and are revoked, a fork, an order to erase, orphans."""
    book = usual(suite=suite)
    page = book.lines[A][0]
    roots = (page.root(2), bytes(32))
    keys = book.keys[A].write(page.origin, suite)
    one, two = (
        sign_head(Head(origin=page.origin, size=2, root=root), keys, time=NOON, suite=suite) for root in roots
    )
    book.forks = {page.origin: (one, two)}
    book.revoke(A, len(page.said))
    book.renew(A)
    book.sign(A)
    parts: JsonSource = [{"statement": id_text(page.said[1].id), "parts": "all"}]
    order = book.write(A, "record.erasure_ordered", {"parts": parts, "ground": "retention"}, roots=(1, 2))
    book.write(B, "record.erasure_refused", {"ground": "legal_hold"}, re=order.id)
    book.sign_both()
    book.strand(book.lines[B][0])
    book.strand(Page(node=B, epoch="0a0b0c0d"))
    return book
