"""A review over a hundred thousand inquiries that were answered, and fifty rounds of which each had its own.

Both nodes are real and whole: A asks, B refuses, all is carried. Measured are the figures of all of it, and
of one round, with what is kept in `view.db`; and the figures of all of it counted anew, as where there are no
rows. The telling of the rows is that of the projector, of this room alone.
"""

import json
from pathlib import Path
from typing import Final

from parley.ledger.drafts import Appended, Draft
from parley.ledger.reviewing import newest_cut
from parley.protocol.review.bodies import CutProposed
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tools.measures.large import inside
from tools.measures.spans import Row

COUNT: Final = 100_000
ROUNDS: Final = 50
EVERY: Final = 7 * 86_400
MOST_SECONDS: Final = 10


def measure(folder: Path) -> Row:
    """Return how long a review takes, from what is kept and anew."""
    pair = Pair(folder)
    for _round in range(ROUNDS):
        _play(pair, COUNT // ROUNDS)
    pair.stop()
    found = json.loads(inside(pair.homes[A], str(Path(__file__).with_name("reviewed.py"))))
    figures = {name: round(value, 2) for name, value in found.items()}
    gate = f"at most {MOST_SECONDS} s from what is kept"
    is_within = found["kept_seconds"] <= MOST_SECONDS
    return Row(name="review_of_100000", figures=figures, gate=gate, is_within=is_within)


def _play(pair: Pair, count: int) -> None:
    """Ask and refuse `count` times, and agree to a cut of that week."""
    begun = pair.clocks[A].time
    asked = _all(pair, A, [pair.draft("inquiry.sent", INQUIRY) for _ in range(count)])
    _pass(pair, 3_600)
    refused: dict[str, JsonValue] = {"items": "all", "grounds": ["G01"]}
    _all(pair, B, [pair.draft("inquiry.refused", refused, re=each.statement) for each in asked])
    with pair.reader(A) as reader:
        cut = newest_cut(reader, LINK, since=begun, until=begun + EVERY)
    said = pair.say(A, "review.cut_proposed", _d(cut))
    pair.settle()
    pair.say(B, "review.cut_agreed", {}, re=said.statement)
    _pass(pair, EVERY)


def _all(pair: Pair, node: str, drafts: list[Draft]) -> list[Appended]:
    said = pair.ledgers[node].append(drafts)
    pair.settle(at_most=1_000)
    return [each for each in said if isinstance(each, Appended)]


def _pass(pair: Pair, seconds: int) -> None:
    pair.settle(at_most=1_000)
    for clock in pair.clocks.values():
        clock.time += seconds


def _d(cut: CutProposed) -> dict[str, JsonValue]:
    sizes: list[JsonValue] = [{"lane": each.lane, "sizes": [*each.sizes]} for each in cut.cut]
    return {"since": cut.since, "until": cut.until, "cut": sizes}
