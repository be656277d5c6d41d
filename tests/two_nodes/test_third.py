"""A third node: no byte of one link is ever seen on another, and links fail each for itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parley.ledger.ledger import BadParcelError
from parley.protocol.act import id_text, short_id
from parley.protocol.entry import parse
from parley.protocol.notation import write_base64
from parley.protocol.parcel import Parcel
from parley.protocol.strictjson import JsonValue
from parley.protocol.tree import leaf_hash
from tests.two_nodes.forger import Forger
from tests.two_nodes.pair import INQUIRY, A, B, C, Nodes, Sent
from tests.two_nodes.tables import tables

AB, AC = "a-b", "a-c"


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    """Return A, linked with B and with C, who do not know each other."""
    three = Nodes(tmp_path, names=(A, B, C))
    for other in (B, C):
        three.link(A, other)
        three.open(A, other)
    yield three
    three.stop()


def talk(nodes: Nodes, other: str, link: str, *, times: int) -> None:
    for number in range(times):
        for node in (A, other):
            body: dict[str, JsonValue] = {"title": f"between {link}, {number}"}
            said = nodes.say(node, "inquiry.sent", INQUIRY, body=body, link=link)
            nodes.settle()
            answering = other if node == A else A
            nodes.say(answering, "inquiry.acknowledged", {}, re=said.statement, link=link)
            nodes.settle()


@dataclass(frozen=True)
class Marks:
    """What would give a link away: names, leaves, roots, parts, and words."""

    found: frozenset[bytes]

    def within(self, raw: bytes) -> list[bytes]:
        return [mark for mark in self.found if mark in raw]


def marks_of(nodes: Nodes, other: str, link: str) -> Marks:
    """Return the marks of the link of A with `other`."""
    held = tables(nodes.homes[other])
    epoch = Forger(nodes, other, A, link=link).origin.rsplit("/", 1)[1]
    texts = [other, f"/{link}/", f"between {link}", epoch]
    marks = {text.encode() for text in texts}
    for _log, _index, leaf, raw, _total in held["entry"]:
        entry = parse(raw).entry
        digests = (leaf, entry.act.hash, *(part.hash for part in entry.parts))
        for digest in digests:
            marks |= {digest, id_text(digest).encode(), write_base64(digest).encode()}
        marks.add(short_id(leaf).encode())
    marks |= {root for _log, _size, root in held["head"]}
    return Marks(frozenset(marks))


def frames(nodes: Nodes, other: str, link: str) -> list[Parcel]:
    """Return all that went over a link, in clear."""
    channel = Forger(nodes, A, other, link=link).channel
    return [nodes.opened(sent, channel) for sent in nodes.sent if other in {sent.sender, sent.receiver}]


def test_nothing_of_one_link_is_found_in_what_is_sent_on_another(nodes: Nodes) -> None:
    talk(nodes, B, AB, times=3)
    talk(nodes, C, AC, times=1)

    for other, link, foreign in ((B, AB, marks_of(nodes, C, AC)), (C, AC, marks_of(nodes, B, AB))):
        for parcel in frames(nodes, other, link):
            assert foreign.within(repr(parcel).encode() + b"".join(bytes_of(parcel))) == []


def bytes_of(parcel: Parcel) -> Iterable[bytes]:
    yield from parcel.cards
    yield from parcel.receipts
    for piece in parcel.pieces:
        yield piece.note
        yield from piece.entries
        yield from piece.blobs
        for digest, key in piece.keys:
            yield digest + key


def test_what_b_holds_says_nothing_of_c(nodes: Nodes) -> None:
    talk(nodes, B, AB, times=2)
    talk(nodes, C, AC, times=2)

    for other, foreign in ((B, marks_of(nodes, C, AC)), (C, marks_of(nodes, B, AB))):
        home = nodes.homes[other]
        held = repr(tables(home)).encode()
        held += b"".join(path.read_bytes() for path in home.root.rglob("record.db*"))
        assert foreign.within(held) == []


def test_what_was_opened_on_one_link_says_nothing_of_the_other(nodes: Nodes) -> None:
    talk(nodes, B, AB, times=1)
    foreign = marks_of(nodes, B, AB)

    with nodes.reader(C) as reader:
        for row in nodes.rows(C, AC):
            said = f"{row.act} {reader.body(AC, row.statement)}".encode()
            assert foreign.within(said) == []


def test_sizes_and_times_of_one_link_do_not_move_with_the_other(nodes: Nodes) -> None:
    before = nodes.standing(A, AC)
    nodes.clocks[A].time += 7_777
    talk(nodes, B, AB, times=3)

    assert nodes.standing(A, AC) == before
    assert nodes.ledgers[A].compose(AC) is None


def test_a_partner_who_sends_garbage_is_alone_with_it(nodes: Nodes) -> None:
    forger = Forger(nodes, C, A, link=AC)
    forger.send(forger.piece(note=forger.head(root=bytes(32))), haves={forger.peer_origin: 10**9})

    talk(nodes, B, AB, times=1)

    assert nodes.digest(A, AB) == nodes.digest(B, AB)
    assert nodes.alarms(A, AB) == {}
    assert set(nodes.alarms(A, AC)) == {"fork", "invented_have"}


def test_a_parcel_of_one_partner_is_no_answer_on_the_link_of_another(nodes: Nodes) -> None:
    nodes.say(C, "inquiry.sent", INQUIRY, link=AC)
    raw = nodes.ledgers[C].compose(AC)
    assert raw is not None
    before = tables(nodes.homes[A])

    with pytest.raises(BadParcelError):
        nodes.ledgers[A].take_answer(AB, raw)

    assert tables(nodes.homes[A]) == before


def test_one_draft_may_go_to_two_partners_under_one_name(nodes: Nodes) -> None:
    drafts = [nodes.draft("inquiry.sent", INQUIRY, link=link) for link in (AB, AC)]
    same = [type(draft)(id="one", link=draft.link, kind=draft.kind, d=draft.d) for draft in drafts]

    first = nodes.ledgers[A].append(same)
    again = nodes.ledgers[A].append(same)

    assert first == again
    assert [getattr(each, "link", None) for each in first] == [AB, AC]


def test_a_partner_cannot_put_a_wrong_key_to_what_another_wrote(nodes: Nodes) -> None:
    said = nodes.say(B, "inquiry.sent", INQUIRY, body={"title": "x"}, link=AB)
    raw = nodes.ledgers[B].compose(AB)
    assert raw is not None
    # B and C work together: C sends what B wrote, before B does, under a key that opens nothing.
    forger = Forger(nodes, C, A, link=AC)
    (piece,) = nodes.opened(Sent(sender=B, receiver=A, raw=raw), Forger(nodes, B, A, link=AB).channel).pieces
    forger.entries.append(piece.entries[-1])
    stolen = type(piece)(
        note=forger.head(),
        start=forger.held,
        entries=piece.entries[-1:],
        keys=tuple((digest, bytes(range(32))) for digest, _ in piece.keys),
        blobs=piece.blobs,
    )
    forger.send(stolen)

    nodes.bring(B, A, raw)

    with nodes.reader(A) as reader:
        assert reader.body(AB, said.statement) == {"title": "x"}
    assert leaf_hash(piece.entries[-1]) == said.statement
