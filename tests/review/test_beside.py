"""What stands beside the figures: the terms at the end of the period, and the joint review before it."""

import pytest

from parley.ledger.reading import LinkRow
from parley.ledger.reviewing import figures_of
from parley.protocol.review.account import digest
from parley.protocol.review.bodies import CutProposed
from parley.protocol.strictjson import JsonValue
from parley.review.queries import curves_before, period_before, terms_at
from tests.review.keeping import newest
from tests.two_nodes.pair import LINK, MONDAY, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed

pytestmark = pytest.mark.django_db(databases=["default", "view"])

DAY = 86_400
AFTER = MONDAY + DAY


def reviewed(pair: Pair, *, since: int, until: int, by: tuple[str, ...]) -> str:
    """Have both agree to a period, and some sign its figures; return the place."""
    cut = newest(pair, since=since, until=until)
    sizes: list[JsonValue] = [{"lane": each.lane, "sizes": [*each.sizes]} for each in cut.cut]
    said = pair.say(A, "review.cut_proposed", {"since": since, "until": until, "cut": sizes})
    pair.settle()
    pair.say(B, "review.cut_agreed", {}, re=said.statement)
    pair.settle()
    with pair.reader(A) as reader:
        figures = digest(figures_of(reader, LINK, cut))
    for node in by:
        draft = prepared_draft(pair, node, "review.signed", {"digest": figures}, re=said.statement)
        bring(pair, node, signed(pair, node, draft))
        pair.settle()
    return said.place


def before(pair: Pair, cut: CutProposed) -> str | None:
    with pair.reader(A) as reader:
        found = period_before(reader, link_of(pair), cut)
    return None if found is None else found.place


def link_of(pair: Pair) -> LinkRow:
    with pair.reader(A) as reader:
        (link,) = reader.links()
    return link


def test_only_a_period_that_was_over_and_that_both_signed_alike_is_compared(pair: Pair) -> None:
    pair.sends()
    pair.settle()
    reviewed(pair, since=MONDAY - 9 * DAY, until=MONDAY - DAY, by=(A, B))
    joint = reviewed(pair, since=MONDAY - DAY, until=AFTER, by=(A, B))
    reviewed(pair, since=MONDAY - DAY, until=AFTER - 1, by=(A,))

    assert before(pair, newest(pair, since=AFTER, until=AFTER + DAY)) == joint
    assert before(pair, newest(pair, since=MONDAY - 10 * DAY, until=AFTER)) is None


def test_its_curves_are_those_that_it_had(pair: Pair) -> None:
    asked = [pair.sends() for _number in range(10)]
    pair.settle()
    for each in asked:
        pair.say(B, "inquiry.refused", {"items": "all", "grounds": ["G01"]}, re=each.statement)
    pair.settle()
    reviewed(pair, since=MONDAY - DAY, until=AFTER, by=(A, B))
    with pair.reader(A) as reader:
        row = period_before(reader, link_of(pair), newest(pair, since=AFTER, until=AFTER + DAY))

        curves = curves_before(reader, link_of(pair), row)

    assert {name for name in curves if name.startswith(f"{B}/all")} == {
        f"{B}/all/-/clocks/{clock}" for clock in ("acknowledge", "admit", "mitigate", "preserve")
    }
    assert curves_before(reader, link_of(pair), None) == {}


def test_the_terms_are_those_at_the_end_of_the_period(pair: Pair) -> None:
    with pair.reader(A) as reader:
        terms = terms_at(reader, link_of(pair), newest(pair))

    assert terms is not None
    assert terms.clocks["acknowledge"]["U1"].text == "2h"
