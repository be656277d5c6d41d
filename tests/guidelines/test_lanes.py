"""A text goes into every lane by one action of the same people, and holds in each (Spec §7.9.4, §16.3.6)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.ledger.lanes import named
from parley.protocol.guidelines.prose import first_text
from parley.protocol.names import HOT, MAIN
from parley.protocol.strictjson import JsonValue, read
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed

DAY = 86_400


@pytest.fixture(name="lanes")
def fixture_lanes(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path, lanes=(MAIN, HOT))
    yield pair
    pair.stop()


def limit(pair: Pair, node: str, lane: str) -> str:
    """Return the limit of the clock `acknowledge` in a lane, two days from now."""
    with pair.reader(node) as reader:
        status = reader.status(named(LINK, lane))
        assert status is not None
        past = dict(zip((node, pair.other(node)), (status.my_size, status.their_size), strict=True))
        terms = reader.link_state(named(LINK, lane)).terms(past, at=pair.clocks[A].time + 2 * DAY)
    assert terms is not None
    return terms.clocks["acknowledge"]["U0"].text


def test_what_both_sign_in_main_holds_in_every_lane(lanes: Pair) -> None:
    lanes.settle()
    with lanes.reader(A) as reader:
        terms = reader.terms(LINK)
    assert terms is not None
    quick = terms.text.replace('"U0":"30m"', '"U0":"20m"', 1)
    text = first_text(quick, since=lanes.clocks[A].time + DAY)
    d: dict[str, JsonValue] = {"text": text.digest, "terms": text.terms.text, "since": text.since}
    # The same twice: the second in one lane is the second in the other.
    lanes.say(A, "guideline.proposed", d, body={"text": read(text.raw), "note": None})
    proposed = lanes.say(A, "guideline.proposed", d, body={"text": read(text.raw), "note": None})
    lanes.settle()

    for node in (A, B):
        said = prepared_draft(lanes, node, "guideline.signed", {"text": text.digest}, re=proposed.statement)
        bring(lanes, node, signed(lanes, node, said))
        lanes.settle()

    assert {limit(lanes, node, lane) for node in (A, B) for lane in (MAIN, HOT)} == {"20m"}
