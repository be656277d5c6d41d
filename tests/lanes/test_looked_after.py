"""What looks after the record looks after every lane: the check, the backup's heads, the carrier's file."""

import io

import pytest

from parley.ledger import carrying
from parley.ledger.database import open_for_writing
from parley.ledger.fsck.check import Looking, check_record
from parley.ledger.lanes import named
from parley.protocol.carried import read_parcels
from parley.protocol.names import BULK, HOT, LANES
from parley.protocol.parcel import tag_of
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import resumes, suspends


def all_said(pair: Pair) -> None:
    for lane in LANES:
        pair.sends(lane=lane)
    pair.settle()
    resumes(pair, A, suspends(pair, A))
    pair.settle()


def found(pair: Pair, node: str) -> list[tuple[str, str]]:
    report = check_record(pair.homes[node], Looking(now=pair.clocks[node]))
    return [(each.link, each.place) for each in report.findings]


@pytest.mark.parametrize("node", [A, B])
def test_a_record_with_three_lanes_is_whole(pair: Pair, node: str) -> None:
    all_said(pair)

    assert found(pair, node) == []


def test_damage_in_a_lane_is_found_and_called_by_its_place(pair: Pair) -> None:
    all_said(pair)
    pair.ledgers[A].stop()
    db = open_for_writing(pair.homes[A].record)
    db.execute("DROP TRIGGER entry_stays")
    db.execute(
        "UPDATE entry SET raw = CAST(raw || x'0a' AS BLOB) WHERE idx = 1 AND log ="
        " (SELECT log.id FROM log JOIN link ON link.id = log.link WHERE name = ? AND node = ?)",
        (named(LINK, HOT), A),
    )
    db.close()

    assert (named(LINK, HOT), "A hot 1") in found(pair, A)
    pair.start(A)


def test_one_file_carries_every_lane_hot_first_and_bulk_last(pair: Pair) -> None:
    for lane in LANES:
        pair.sends(lane=lane)
    pair.ledgers[A].stop()
    file = io.BytesIO()
    out = carrying.carry_out(pair.homes[A], LINK, file)
    pair.start(A)
    file.seek(0)
    tags = [tag_of(raw) for raw in read_parcels(file.read)]
    file.seek(0)
    pair.ledgers[B].stop()
    taken = carrying.carry_in(pair.homes[B], file)
    pair.start(B)

    assert (out.parcels, out.more, taken.link) == (3, False, LINK)
    names = [pair.ledgers[B].link_of(raw) for raw in _parcels(file)]
    assert names == [named(LINK, HOT), LINK, named(LINK, BULK)]
    assert len(set(tags)) == 3
    assert pair.digest(B).inquiries == 3


def _parcels(file: io.BytesIO) -> list[bytes]:
    file.seek(0)
    return list(read_parcels(file.read))
