"""Rule H3: nothing is refused because of a time, and no clock stops a link."""

import pytest

from tests.two_nodes.forger import Forger
from tests.two_nodes.pair import LINK, MONDAY, A, B, Pair

YEAR = 365 * 24 * 3600


@pytest.mark.parametrize("off", [360, 1, -1, -360, 20 * YEAR, -20 * YEAR])
def test_a_clock_that_is_off_stops_nothing(pair: Pair, off: int) -> None:
    pair.clocks[B].time += off

    for node in (A, B, A):
        pair.sends(node=node)
        pair.settle()

    assert pair.is_settled()
    assert all(row.verdict.is_valid for row in pair.rows(A))


def test_a_head_from_the_future_is_taken_receipted_and_flagged(pair: Pair) -> None:
    pair.clocks[B].time += 360
    pair.sends(node=B)

    pair.settle()

    assert pair.alarms(A)["ahead_of_clock"] > 0
    assert pair.standing(B).receipted == pair.standing(B).mine.size


def test_a_second_of_skew_is_not_worth_a_word(pair: Pair) -> None:
    pair.clocks[B].time += 1
    pair.sends(node=B)

    pair.settle()

    assert pair.alarms(A) == pair.alarms(B) == {}


def test_a_receipt_older_than_its_head_counts(pair: Pair) -> None:
    mine = pair.sends(node=A)
    forger = Forger(pair, B, A)

    forger.send(receipts=[forger.receipt(size=mine.index + 1, late=-120)])

    assert pair.standing(A).receipted == mine.index + 1
    assert pair.alarms(A) == {}


def test_a_clock_that_goes_back_does_not_take_our_times_back(pair: Pair) -> None:
    pair.clocks[A].time += YEAR
    pair.sends(node=A)
    pair.settle()
    pair.clocks[A].time = MONDAY

    pair.restart(A)
    pair.sends(node=A)
    pair.settle()

    mine = [row.effective for row in pair.rows(A) if row.writer == A]
    assert mine == sorted(mine)
    assert pair.standing(A).head_at == MONDAY + YEAR
    assert pair.is_settled()


def test_receipts_do_not_go_back_in_time_across_a_restart(pair: Pair) -> None:
    pair.clocks[A].time += YEAR
    pair.sends(node=B)
    pair.settle()
    pair.clocks[A].time = MONDAY

    # Heard once more by the right clock: the time of the last receipt is kept all the same.
    pair.carry(B, A, prompt=True)
    pair.restart(A)
    pair.carry(B, A, prompt=True)

    assert pair.standing(A).receipt_at == MONDAY + YEAR
    with pair.reader(B) as reader:
        status = reader.status(LINK)
        assert status is not None
        assert status.my_receipted_at == MONDAY + YEAR


def test_an_old_receipt_that_comes_late_does_not_take_the_place_of_a_newer_one(pair: Pair) -> None:
    mine = pair.sends(node=A)
    forger = Forger(pair, B, A)

    forger.send(receipts=[forger.receipt(size=mine.index + 1, late=60)])
    forger.send(receipts=[forger.receipt(size=mine.index + 1, late=0)])

    assert pair.standing(A).receipted_at == MONDAY + 60
    assert pair.restart(A)._slot(LINK).standing.receipted_at == MONDAY + 60  # noqa: SLF001 - read back


@pytest.mark.parametrize("time", [0, -1, -(2**63), 2**40, 2**70])
def test_a_clock_that_shows_no_possible_time_still_writes(pair: Pair, time: int) -> None:
    pair.clocks[A].time = time

    for node in (A, B):
        pair.sends(node=node)
    pair.settle()

    assert pair.is_settled()
