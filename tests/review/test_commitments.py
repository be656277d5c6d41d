"""What was promised stands beside the figures of a review, and is no part of what both sign."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.dialogue.actions import commitments, saying
from parley.dialogue.actions.saying import Page
from parley.ledger.drafts import Appended
from parley.protocol.dialogue.bodies import Standing
from parley.protocol.strictjson import JsonValue
from tests.dialogue.table import DAY, Table
from tests.links.office import Office, words
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


@pytest.fixture(name="table")
def fixture_table(tmp_path: Path) -> Iterator[Table]:
    table = Table(tmp_path)
    yield table
    table.stop()


@pytest.fixture(name="chen")
def fixture_chen(table: Table, settings: Settings) -> Client:
    return Office(table.pair, settings).person("Chen")


def review(table: Table, *, days: int = 60) -> Appended:
    """Have A look at the days until now, at the first statement of each log."""
    cut: list[JsonValue] = [{"lane": "main", "sizes": [1, 1]}]
    d: dict[str, JsonValue] = {"since": table.now - days * DAY, "until": table.now, "cut": cut}
    return table.pair.say(A, "review.cut_proposed", d)


def shown(table: Table, chen: Client, said: Appended) -> str:
    table.project(A)
    page = f"/l/{LINK}/reviews/{said.place.replace(' ', '-')}/"
    (section,) = re.findall(
        r'<section class="panel" aria-labelledby="commit.*?</section>', chen.get(page).text, re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", section).split())


def done(table: Table) -> Appended:
    promise = table.promises()
    report = table.says(B, commitments.report, promise, Standing.FULFILLED)
    table.says(A, commitments.confirm, report)
    return promise


def test_a_review_counts_the_commitments_of_its_period_and_opens_each_number(
    table: Table, chen: Client
) -> None:
    table.pass_to(table.now - 2 * DAY)
    late, fulfilled, carried = table.promises(due=table.now + DAY), done(table), table.promises()
    offer = table.says(B, commitments.carry, carried, to=None, due=table.now + 90 * DAY)
    table.says(A, saying.agree, offer, Page.COMMITMENT)
    given_up = table.promises()
    offer = table.says(A, commitments.drop, given_up)
    table.says(B, saying.agree, offer, Page.COMMITMENT)
    table.pass_to(table.now + 2 * DAY)
    said = review(table)
    after = table.promises()

    told = shown(table, chen, said)

    for count in (
        f"in force: 2 {late.place} ",
        f"overdue: 1 {late.place} ",
        f"carried over: 1 {carried.place} ",
        f"done in the period: 1 {fulfilled.place} ",
        f"dropped by both in the period: 1 {given_up.place} ",
    ):
        assert count in told, told
    assert f"{after.place} " not in told
    assert "They are not part of the digest that both sides sign." in told


def test_what_was_done_before_the_period_is_not_counted_in_it(table: Table, chen: Client) -> None:
    promise = done(table)
    table.pass_to(table.now + 61 * DAY)

    told = shown(table, chen, review(table, days=60))

    assert "done in the period: 0" in told
    assert f"{promise.place} " not in told


def test_a_period_without_an_end_costs_no_more_than_another(table: Table, chen: Client) -> None:
    """An adversary looks at all time: whoever counted through it would never be done."""
    table.promises()
    cut: list[JsonValue] = [{"lane": "main", "sizes": [1, 1]}]
    said = table.pair.say(B, "review.cut_proposed", {"since": 0, "until": 2**53 - 1, "cut": cut})
    table.pair.settle()

    assert "in force: 1" in shown(table, chen, said)


def test_where_nothing_was_promised_a_review_says_nothing_of_it(table: Table, chen: Client) -> None:
    said = review(table)

    assert "Commitments beside" not in words(chen.get(f"/l/{LINK}/reviews/{said.place.replace(' ', '-')}/"))
