"""Each lane of a link is exported by itself, and its places say which it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.ledger.chosen import Choice
from parley.ledger.lanes import named
from parley.protocol.names import HOT, LANES
from parley.protocol.verify.findings import Result
from parley.protocol.verify.reading import shown
from parley.protocol.verify.report import report
from tests.protocol.samples import SUITE
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.verify.book import judge
from tests.verify.second import findings, plain, statements, told
from tests.verify.test_two_nodes import exported


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path, lanes=LANES)
    pair.sends(title="in main")
    pair.say(A, "inquiry.sent", INQUIRY, link=named(LINK, HOT))
    pair.settle()
    yield pair
    pair.stop()


def test_what_is_said_on_hot_is_proved_and_placed_there(pair: Pair) -> None:
    made, raw = exported(pair, B, Choice(), link=named(LINK, HOT))

    found = judge(raw, made.listing.digits)

    assert found.result is Result.PROVED, (found.step, found.reason)
    assert found.told is not None
    places = {each.place for each in shown(found.told, SUITE, worths=None)}
    assert {"A hot 0", "A hot 1", "B hot 0"} <= places
    assert any("up to place A hot" in line for line in report(found, "en", suite=SUITE, limit=9))


def test_the_export_of_one_lane_holds_nothing_of_another(pair: Pair) -> None:
    main, _ = exported(pair, A, Choice())
    hot, _ = exported(pair, A, Choice(), link=named(LINK, HOT))

    assert (main.listing.channel[-5:], hot.listing.channel[-4:]) == ("/main", "/hot")
    assert not {log.origin for log in main.listing.logs} & {log.origin for log in hot.listing.logs}


@pytest.mark.slow
def test_both_verifiers_place_it_alike(pair: Pair) -> None:
    made, raw = exported(pair, A, Choice(), link=named(LINK, HOT))
    first = judge(raw, made.listing.digits)
    assert first.told is not None

    (second,) = told([(raw, " ".join(made.listing.digits))])

    assert second["findings"] == findings(first)
    assert plain(second["statements"]) == statements(first)
