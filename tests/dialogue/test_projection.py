"""The record to rows: the same in whatever steps they are told, whatever an adversary puts into a body."""

from collections.abc import Mapping

import pytest
from django.db import connections

from parley.dialogue import projection
from parley.dialogue.actions import commitments, saying
from parley.dialogue.actions.saying import Page
from parley.dialogue.queries import UnknownThreadError, find_commitment
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import Standing
from parley.protocol.strictjson import JsonValue
from tests.dialogue.table import WORK, Table
from tests.two_nodes.erasing import obeys, orders
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def dump() -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    with connections["view"].cursor() as cursor:
        for name in ("dialogue_commitment", "dialogue_round"):
            found += cursor.execute(f"SELECT * FROM {name} ORDER BY key").fetchall()  # noqa: S608 - ours
    return found


def talk(table: Table) -> None:
    promise = table.proposes()
    table.project(A)
    table.says(B, saying.agree, promise, Page.COMMITMENT)
    table.project(A)
    meeting = table.meets()
    table.clause(meeting)
    table.project(A)
    table.freezes(A, meeting, release=table.now + 1_000)
    table.says(B, commitments.report, promise, Standing.HINDERED)


def test_the_rows_are_the_same_told_at_every_step_or_at_once(table: Table) -> None:
    talk(table)
    table.project(A)
    stepwise = dump()
    table.project(A)
    again = dump()
    projection.empty()
    emptied = dump()
    table.project(A)

    assert stepwise == again == dump()
    assert len(stepwise) == 2
    assert emptied == []


def test_nothing_is_written_where_nothing_changed(table: Table) -> None:
    talk(table)
    table.project(A)
    with connections["view"].cursor() as cursor:
        cursor.execute("UPDATE dialogue_commitment SET rowid = 77")

    table.project(A)

    with connections["view"].cursor() as cursor:
        assert cursor.execute("SELECT rowid FROM dialogue_commitment").fetchall() == [(77,)]


def test_a_round_is_no_commitment(table: Table) -> None:
    meeting = table.meets()
    table.project(A)

    with pytest.raises(UnknownThreadError):
        find_commitment("a-b", id_text(meeting.statement))


@pytest.mark.parametrize(
    ("body", "is_true"),
    [
        ({}, None),
        ({"salt": 7, "texts": "x", "text": []}, None),
        ({"salt": "AAAA", "texts": [{"en": "x", "zh": "y"}]}, None),
        ({"salt": "AAAA", "texts": [{"en": WORK.en, "zh": WORK.zh}]}, False),
        ({"texts": [{"en": "B pays 7 days.", "zh": WORK.zh}] * 2}, False),
    ],
)
def test_whatever_a_body_holds_the_row_is_told_and_words_of_another_id_are_shown_as_such(
    table: Table, body: Mapping[str, JsonValue], is_true: object
) -> None:
    d: dict[str, JsonValue] = {"text": "A" * 43, "owners": ["B"], "due": None, "round": None}
    promise = table.pair.say(A, "commitment.proposed", d, body=body)
    table.pair.settle()

    row = table.commitment(B, promise).row

    assert (row.state, row.is_true) == ("proposed", is_true)


def test_after_its_words_were_destroyed_a_commitment_still_stands_and_nothing_of_them_is_left(
    table: Table,
) -> None:
    promise = table.promises()
    order = orders(table.pair, promise.statement)
    table.pair.settle()
    obeys(table.pair, order)
    table.pair.settle()

    for node in (A, B):
        row = table.commitment(node, promise).row
        assert (row.text_en, row.text_zh, row.is_true, row.state) == ("", "", None, "in_force")
        assert WORK.en not in str(dump())
    assert table.is_same(promise)
