"""A person who was enrolled before a lane was open, or could be written, counts in it as soon as it is."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from parley.ledger.drafts import Appended, Draft
from parley.ledger.lanes import named
from parley.protocol.names import BULK, HOT, LANES, MAIN
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, SUITE, A, B, Nodes, Pair
from tests.two_nodes.persons import enrol
from tests.two_nodes.rotating import slot
from tests.two_nodes.test_recovery_hostile import digits_of

KEY = write_base64(SUITE.ed25519_public(bytes(range(32))))


@pytest.fixture(name="nodes")
def fixture_nodes(tmp_path: Path) -> Iterator[Nodes]:
    """Give two nodes that said in every lane to open it, and have heard of each other in main alone."""
    nodes = Nodes(tmp_path, lanes=LANES)
    nodes.link(A, B)
    for node, other in ((A, B), (B, A)):
        nodes.ledgers[node].sign_opening(LINK, nodes.offer(node), nodes.offer(other), draft="open")
    for node, other in ((A, B), (B, A), (A, B)):
        nodes.carry(node, other, lane=MAIN)
    yield nodes
    nodes.stop()


def said(nodes: Nodes, node: str, kind: str = "officer.enrolled") -> list[int]:
    """Return how often a statement of this kind stands in each lane."""
    with nodes.reader(node) as reader:
        return [[row.kind for row in reader.rows(named(LINK, lane))].count(kind) for lane in LANES]


def enrolled(nodes: Nodes, n: int) -> None:
    """Have the roots of A enrol officer `n`, while nobody serves the node."""
    nodes.ledgers[A].stop()
    enrol(nodes.homes[A], n, secret="a long secret", now=nodes.clocks[A].time)
    nodes.start(A)


def test_who_was_enrolled_before_a_lane_was_open_is_enrolled_there_when_it_is(nodes: Nodes) -> None:
    enrolled(nodes, 21)
    assert said(nodes, A) == [1, 0, 0]

    nodes.settle()

    assert said(nodes, A) == said(nodes, B) == [1, 1, 1]


def test_that_happens_once_and_in_the_same_order(nodes: Nodes) -> None:
    enrolled(nodes, 21)
    ended = Draft(id="end", link=LINK, kind="officer.ended", d={"n": 21, "at": nodes.clocks[A].time})
    (outcome,) = nodes.ledgers[A].append([ended])
    assert isinstance(outcome, Appended)
    nodes.settle()
    enrolled(nodes, 22)

    nodes.ledgers[A].stop()
    # Which draft became which entry does not come back with a line that was lost.
    with closing(sqlite3.connect(nodes.homes[A].record)) as db, db:
        db.execute("DELETE FROM drafted")
    nodes.start(A)
    nodes.carry(B, A, prompt=True, lane=HOT)
    nodes.settle()

    assert said(nodes, A) == said(nodes, B) == [2, 2, 2]
    with nodes.reader(B) as reader:
        persons = [
            row.kind for row in reader.rows(named(LINK, BULK)) if (row.kind or "").startswith("officer.")
        ]
    assert persons == ["officer.enrolled", "officer.ended", "officer.enrolled"]
    assert said(nodes, B, "officer.ended") == [1, 1, 1]


def roots_enrol(pair: Pair) -> None:
    d: Mapping[str, JsonValue] = {
        "n": 21,
        "alg": "ed25519",
        "key": KEY,
        "roles": ["desk"],
        "since": 1,
        "until": None,
    }
    pair.ledgers[A].append([Draft(id="enrol", link=LINK, kind="officer.enrolled", d=d)])


def test_a_lane_that_was_being_asked_back_hears_of_it_afterwards(pair: Pair, tmp_path: Path) -> None:
    copies = Copies(pair=pair, folder=tmp_path / "copies")
    old = copies.keep(A)
    pair.sends(node=A, lane=HOT)
    pair.carry(A, B, lane=HOT)
    copies.restore(A, old)

    roots_enrol(pair)
    assert said(pair, A) == [1, 0, 1]
    pair.settle()
    roots_enrol(pair)
    pair.settle()

    assert said(pair, A) == said(pair, B) == [1, 1, 1]
    assert pair.is_settled()


def test_so_does_one_that_was_heard_of_before_it_was_asked_back(pair: Pair, tmp_path: Path) -> None:
    copies, hot = Copies(pair=pair, folder=tmp_path / "copies"), named(LINK, HOT)
    early = pair.ledgers[B].compose(hot, prompt=True)
    assert early is not None
    old = copies.keep(A)
    pair.sends(node=A, lane=HOT)
    pair.carry(A, B, lane=HOT)
    copies.restore(A, old, anchor="old")
    pair.bring(B, A, early)
    pair.carry(A, B, prompt=True, lane=HOT)
    lost = slot(pair, A, hot).lost
    assert lost is not None

    roots_enrol(pair)
    pair.ledgers[A].regaining.confirm(hot, digits_of(lost.proof))
    pair.settle()

    assert said(pair, A) == said(pair, B) == [1, 1, 1]
