"""After any outage: a log larger than a parcel goes in several, each up to a head that was signed."""

import hashlib
import itertools
from dataclasses import replace

import pytest

from parley.ledger.keeping import KEEP_ENTRIES
from parley.ledger.outgoing import BUDGET
from parley.protocol.content import inline_parts
from parley.protocol.entry import Entry, PartRef, encode_text
from parley.protocol.parcel import MAX_PARCEL, Parcel
from parley.protocol.part import LOST_KEY
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.forger import Forger
from tests.two_nodes.pair import INQUIRY, LINK, MONDAY, A, B, Pair, Sent
from tests.two_nodes.tables import tables

MIB = 1024 * 1024


def large(pair: Pair, *, count: int, size: int, at_once: int = 1, node: str = A) -> None:
    body: dict[str, JsonValue] = {"text": "x" * size}
    for _ in range(count // at_once):
        pair.ledgers[node].append([pair.draft("inquiry.sent", INQUIRY, body=body) for _ in range(at_once)])


def parcels(pair: Pair, node: str = A) -> list[Parcel]:
    """Carry until the other side has all, and return the parcels that it took."""
    found = []
    while (raw := pair.ledgers[node].compose(LINK)) is not None:
        assert len(raw) <= MAX_PARCEL
        answer = pair.bring(node, pair.other(node), raw)
        assert pair.ledgers[node].take_answer(LINK, answer.parcel)
        sent = Sent(sender=node, receiver=pair.other(node), raw=raw)
        found.append(pair.opened(sent, Forger(pair, node, pair.other(node)).channel))
    return found


@pytest.mark.parametrize("at_once", [1, 8])
def test_a_log_larger_than_a_parcel_goes_in_several(pair: Pair, at_once: int) -> None:
    large(pair, count=24, size=MIB, at_once=at_once)
    signed = {row[1] for row in tables(pair.homes[A], only={"head"})["head"]}

    carried = parcels(pair)

    pair.settle()
    assert len(carried) > 1
    assert pair.is_settled()
    ends = [piece.start + len(piece.entries) for parcel in carried for piece in parcel.pieces]
    assert set(ends) <= signed
    weights = [sum(map(len, piece.blobs)) for parcel in carried for piece in parcel.pieces]
    assert max(weights) <= BUDGET


def test_every_answer_on_the_way_is_progress_so_nobody_holds_back(pair: Pair) -> None:
    large(pair, count=20, size=MIB)

    # `parcels` asserts it for each answer.
    assert len(parcels(pair)) > 1


def test_a_partner_that_lost_everything_gets_everything_again_in_the_same_way(pair: Pair) -> None:
    large(pair, count=20, size=MIB)
    parcels(pair)
    forger = Forger(pair, B, A)

    forger.send(haves={forger.peer_origin: 0})
    starts = []
    while (raw := pair.ledgers[A].compose(LINK)) is not None:
        (piece,) = pair.opened(Sent(sender=A, receiver=B, raw=raw), forger.channel).pieces
        starts.append(piece.start)
        forger.send(haves={forger.peer_origin: piece.start + len(piece.entries)})

    assert len(starts) > 1
    assert starts[0] == 0


def test_a_stop_in_the_middle_of_a_catch_up_loses_nothing(pair: Pair) -> None:
    large(pair, count=20, size=MIB)
    pair.post(A, B)
    pair.restart(A)
    pair.restart(B)

    parcels(pair)
    pair.settle()

    assert pair.is_settled()


@pytest.mark.parametrize(
    "count", [2_500, pytest.param(40_000, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_a_parcel_that_makes_us_write_more_than_a_parcel_holds_does_not_silence_us(
    pair: Pair, count: int
) -> None:
    forger = Forger(pair, B, A)
    forger.entries += [lost(number) for number in range(count)]
    hashes = [inline_parts(raw)[0].hash for raw in forger.entries[forger.held :]]
    piece = replace(forger.piece(), keys=tuple((digest, LOST_KEY) for digest in hashes))

    answer = forger.send(piece)

    assert forger.has(answer) == len(forger.entries)
    said = [row for row in pair.rows(A) if row.kind == "unopened"]
    assert len(said) == count
    sizes = sorted(row[1] for row in tables(pair.homes[A])["head"] if row[0] == log_of(pair, A))
    assert max(two - one for one, two in itertools.pairwise(sizes)) <= KEEP_ENTRIES
    starts = []
    while (raw := pair.ledgers[A].compose(LINK)) is not None:
        (sent,) = pair.opened(Sent(sender=A, receiver=B, raw=raw), forger.channel).pieces
        assert sent.entries
        starts.append(sent.start)
        size = sent.start + len(sent.entries)
        forger.theirs += sent.entries
        forger.send(receipts=[forger.receipt(size=size)], haves={forger.peer_origin: size})
    assert starts


def lost(number: int) -> bytes:
    """Return an entry whose writer has lost its content."""
    digest = hashlib.sha256(number.to_bytes(8, "big")).digest()
    return encode_text(Entry(time=MONDAY, act=PartRef(hash=digest, size=100)))


def log_of(pair: Pair, node: str) -> int:
    (number,) = (row[0] for row in tables(pair.homes[node])["log"] if row[2] == node)
    return int(number)
