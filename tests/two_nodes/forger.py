"""A partner with valid keys and no manners: writes anything into its log, signs anything, sends anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from parley.ledger.ledger import Answer
from parley.ledger.slot import Slot
from parley.ledger.writer import Job
from parley.protocol import channel, tree
from parley.protocol.act import Act, By, write_act
from parley.protocol.content import inline_parts
from parley.protocol.entry import Seen
from parley.protocol.head import Head, sign_head, sign_receipt
from parley.protocol.parcel import Have, Parcel, Piece, seal_parcel
from parley.protocol.part import SealedPart
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import LINK, Nodes, Sent


def act_of(
    kind: str, d: Mapping[str, JsonValue], *, re: bytes | None = None, ref: str | None = None
) -> bytes:
    return write_act(Act(k=kind, v=1, re=re, by=By(role="node", n=0), ref=ref, d=d))


class Forger:
    """Speaks as `node` to `other`, in a log that begins with all that `node` really wrote."""

    def __init__(self, nodes: Nodes, node: str, other: str, *, link: str = LINK) -> None:
        self.nodes, self.node, self.other, self.link = nodes, node, other, link
        self.keys = nodes.keys(node)
        self.signer_keys = nodes.signer_keys(node)
        self.parts: dict[bytes, SealedPart] = {}
        with nodes.reader(node) as reader:
            row = reader.link(link)
            assert row is not None
            self.channel, self.origin, self.peer_origin = row.channel, row.my_origin, row.peer_origin
            self.entries = list(reader.entries(link)[node])
        with nodes.reader(other) as reader:
            # It knows the other log to the end, whatever its own node holds of it.
            self.theirs = list(reader.entries(link)[other])
        self.held = len(self.entries)

    # ---- Its log

    def write(
        self,
        act: bytes,
        *,
        body: bytes | None = None,
        seen: Seen | None = None,
        time: int | None = None,
        is_signed: bool = False,
    ) -> bytes:
        """Write an entry, and return its id."""
        roots = self.keys.roots if is_signed else ()
        written = channel.write(
            channel.Draft(act=act, body=body, roots=roots),
            origin=self.origin,
            time=self.nodes.clocks[self.node].time if time is None else time,
            seen=seen,
            suite=self.nodes.suite,
        )
        self.parts |= {part.hash: part for part in written.parts}
        self.entries.append(written.said.raw)
        return written.said.leaf

    def seen(self, size: int, *, root: bytes | None = None) -> Seen:
        """Return a `seen` of the other log, true unless `root` says otherwise."""
        true = tree.root_of(tree.leaf_hash(raw) for raw in self.theirs[:size])
        return Seen(origin=self.peer_origin, size=size, root=root or true)

    def head(
        self, *, size: int | None = None, root: bytes | None = None, origin: str | None = None, late: int = 0
    ) -> bytes:
        """Return a head of this log, true unless something is given; `late` seconds off the clock."""
        size = len(self.entries) if size is None else size
        true = tree.root_of(tree.leaf_hash(raw) for raw in self.entries[:size])
        head = Head(origin=origin or self.origin, size=size, root=root or true)
        keys = self.signer_keys.write_keys(head.origin, self.nodes.suite)
        time = self.nodes.clocks[self.node].time + late
        return sign_head(head, keys, time=time, suite=self.nodes.suite)

    def receipt(
        self, *, size: int, root: bytes | None = None, late: int = 0, origin: str | None = None
    ) -> bytes:
        """Return a receipt for the other log, true unless something is given."""
        true = tree.root_of(tree.leaf_hash(raw) for raw in self.theirs[:size])
        head = Head(origin=origin or self.peer_origin, size=size, root=root or true)
        keys = self.signer_keys.receipt_keys(self.nodes.suite)
        time = self.nodes.clocks[self.node].time + late
        return sign_receipt(head, keys, time=time, suite=self.nodes.suite)

    # ---- Its parcels

    def piece(
        self,
        *,
        start: int | None = None,
        entries: Sequence[bytes] | None = None,
        note: bytes | None = None,
        keys: Mapping[bytes, bytes] | None = None,
    ) -> Piece:
        """Return all that was written since the other side heard last; `keys` replace the right ones."""
        start = self.held if start is None else start
        fresh = self.entries[start:] if entries is None else entries
        hashes = dict.fromkeys(part.hash for raw in fresh for part in inline_parts(raw))
        parts = [self.parts[each] for each in hashes if each in self.parts]
        wrong = keys or {}
        return Piece(
            note=note or self.head(),
            start=start,
            entries=tuple(fresh),
            keys=tuple((part.hash, wrong.get(part.hash, part.key)) for part in parts),
            blobs=tuple(part.ciphertext for part in parts),
        )

    def parcel(
        self, *pieces: Piece, receipts: Iterable[bytes] = (), haves: Mapping[str, int] | None = None
    ) -> Parcel:
        held = {self.peer_origin: len(self.theirs)} if haves is None else haves
        return Parcel(
            sender=self.node,
            receiver=self.other,
            channel=self.channel,
            pieces=pieces,
            receipts=tuple(receipts),
            haves=tuple(Have(origin=origin, size=size) for origin, size in held.items()),
        )

    def seal(self, parcel: Parcel, *, link_seed: bytes | None = None) -> bytes:
        return seal_parcel(
            parcel,
            link_seed=link_seed or self.keys.link_seed,
            seal_public=self.nodes.suite.x_wing_public(self.nodes.keys(self.other).seal),
            suite=self.nodes.suite,
        )

    def send(
        self, *pieces: Piece, receipts: Iterable[bytes] = (), haves: Mapping[str, int] | None = None
    ) -> Answer:
        """Send a parcel, and return the answer."""
        raw = self.seal(self.parcel(*pieces, receipts=receipts, haves=haves))
        return self.nodes.bring(self.node, self.other, raw)

    def tell(self) -> Answer:
        """Send all that is new, as an honest node would."""
        answer = self.send(self.piece())
        self.held = len(self.entries)
        return answer

    def has(self, answer: Answer) -> int | None:
        """Return what the other side says in its answer to hold of this log."""
        sent = Sent(sender=self.other, receiver=self.node, raw=answer.parcel)
        haves = self.nodes.opened(sent, self.channel).haves
        return next((have.size for have in haves if have.origin == self.origin), None)


def changed(
    nodes: Nodes, raw: bytes, change: Callable[[Parcel], Parcel], *, sender: str, receiver: str
) -> bytes:
    """Return the parcel `raw` as its own sender would have sealed it after `change`."""
    forger = Forger(nodes, sender, receiver)
    parcel = nodes.opened(Sent(sender=sender, receiver=receiver, raw=raw), forger.channel)
    return forger.seal(change(parcel))


def with_keys(parcel: Parcel, change: Callable[[bytes, bytes], bytes | None]) -> Parcel:
    """Return `parcel` with every (part hash, key) changed, or left out where `change` returns None."""
    pieces = tuple(
        replace(
            piece,
            keys=tuple(
                (digest, other) for digest, key in piece.keys if (other := change(digest, key)) is not None
            ),
        )
        for piece in parcel.pieces
    )
    return replace(parcel, pieces=pieces)


def force(nodes: Nodes, node: str, act: bytes, *, body: bytes | None = None, link: str = LINK) -> bytes:
    """Have the ledger of `node` write what it would refuse, and return its id."""
    now = nodes.clocks[node].time

    # There is no honest way in, so this is the one place that goes through the wall.
    def run(slot: Slot) -> bytes:
        written, _ = slot._write(channel.Draft(act=act, body=body), now=now)  # noqa: SLF001 - as no honest node would
        slot.settle()
        return written.said.leaf

    return nodes.ledgers[node]._writer.submit(Job(link=link, run=run)).result()  # noqa: SLF001 - likewise
