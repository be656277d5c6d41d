"""A partner who signs with a valid key and keeps to nothing: whatever can be said at all.

What it says is in the record of both nodes, void where it breaks a rule, with the reason; what our node shows
is what the record proves; and whatever else is said on the link goes on.
"""

import base64
from collections.abc import Mapping
from typing import Final

import pytest
from django.test import Client
from pytest_django import Settings

from parley.ledger.casebook import cases, shares
from parley.ledger.dialogues import commitments, rounds
from parley.node.projector import projectors
from parley.protocol.cases import account as case_account
from parley.protocol.dialogue import account as dialogue_account
from parley.protocol.sharing import account as share_account
from parley.protocol.strictjson import JsonValue
from tests.links.office import Office
from tests.protocol.rounds import WORDS
from tests.two_nodes.pair import LINK, MONDAY, A, B, Pair
from tests.two_nodes.round_foe import body
from tests.two_nodes.round_stage import Stage, stage_of

DAY: Final = 86_400
RELEASE: Final = MONDAY + 10 * DAY
PROMISE: Final[Mapping[str, JsonValue]] = {"text": WORDS, "owners": ["B"], "due": None, "round": None}
PLAN: Final[Mapping[str, JsonValue]] = {"host": "A", "begins": MONDAY, "ends": MONDAY + DAY, "text": WORDS}
TASK: Final[Mapping[str, JsonValue]] = {"owner": "both", "start": None, "due": None}
# Twenty in English, two hundred in Chinese.
UNEQUAL: Final = base64.b64encode("B answers within 20 days.\n乙方在200天内答复。\n".encode()).decode()


@pytest.fixture(name="stage")
def fixture_stage(pair: Pair) -> Stage:
    return stage_of(pair)


def printed(stage: Stage, node: str) -> list[str]:
    """Return what a node makes of all threads of the round."""
    with stage.pair.reader(node) as reader:
        found = (
            *(share_account.account(each) for each in shares(reader, LINK)),
            *(case_account.account(each) for each in cases(reader, LINK)),
            *(dialogue_account.account(each) for each in commitments(reader, LINK)),
            *(dialogue_account.account(each) for each in rounds(reader, LINK)),
        )
    return sorted(map(str, found))


ROOMS: Final[Mapping[str, str]] = {
    "sharing.offered": "/shared/{}/{}/",
    "case.proposed": "/cases/{}/{}/",
    "commitment.proposed": "/commitments/{}/{}/",
    "round.proposed": "/rounds/{}/{}/",
    "guideline.proposed": "/l/{}/guidelines/{}/",
    "guideline.amended": "/l/{}/guidelines/{}/",
    "review.cut_proposed": "/l/{}/reviews/{}/",
}
LISTS: Final = (
    *("/", "/shared/", "/cases/", f"/cases/{LINK}/report/", "/commitments/", "/rounds/"),
    *(f"/l/{LINK}/guidelines/", f"/l/{LINK}/reviews/", f"/l/{LINK}/record/", "/search/?q=pwned"),
)


def pages_of(stage: Stage) -> list[str]:
    """Return every list, every page of a thread that counts, and some of the record."""
    rows = [row for row in stage.pair.rows(A) if row.verdict.is_valid]
    places = [(row.kind or "", row.place.replace(" ", "-")) for row in rows]
    threads = [ROOMS[kind].format(LINK, place) for kind, place in places if kind in ROOMS]
    return [*LISTS, *threads, *(f"/l/{LINK}/record/{place}/" for _kind, place in places[::20])]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "view"])
def test_whatever_both_sides_sign_every_page_of_ours_opens_and_both_nodes_come_to_the_same(
    stage: Stage, settings: Settings
) -> None:
    dice = stage.a.dice
    for _ in range(150):
        pen = dice.choice((stage.a, stage.b))
        kind, d, re = pen.random_statement()
        pen.say(kind, d, re=re, body=body(dice))
        if dice.random() < 0.3:
            stage.pair.settle()
    stage.pair.settle()
    assert printed(stage, A) == printed(stage, B)

    office = Office(stage.pair, settings)
    with stage.pair.reader(A) as reader:
        for projector in projectors(reader):
            projector.empty()
            projector.catch_up()
    chen: Client = office.person()

    for path in pages_of(stage):
        answer = chen.get(path)
        assert answer.status_code == 200, path
        assert "<svg/onload" not in answer.text, path
        assert "<script>pwned" not in answer.text, path
    assert {row.kind for row in stage.pair.rows(A)} >= set(ROOMS)
    assert stage.goes_on()
