"""The doors of the round lead to what they name: of this link, in this thread, and to nothing of another."""

from typing import Final

import pytest
from pytest_django import Settings

from parley.node.projector import projectors
from parley.protocol.strictjson import JsonSource
from tests.links.office import Office
from tests.protocol.rounds import CLAUSE, WORDS
from tests.protocol.sharers import offered
from tests.two_nodes.pair import LINK, MONDAY, A, B, C, Clock, Pair, make_home
from tests.two_nodes.round_stage import Stage, stage_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

OTHER: Final = "a-c"


def opened_with_c(pair: Pair) -> None:
    """Give A one more partner, with whom nothing was said yet."""
    pair.homes[C] = make_home(pair.folder / "c", C)
    pair.clocks[C] = Clock()
    pair.start(C)
    pair.link(A, C)
    pair.open(A, C)


def told(stage: Stage) -> dict[str, str]:
    """Have B begin a thread of each kind; return their places, and that of a clause, as in addresses."""
    promise: dict[str, JsonSource] = {"text": WORDS, "owners": ["B"], "due": None, "round": None}
    plan: dict[str, JsonSource] = {
        "host": "A",
        "begins": MONDAY,
        "ends": MONDAY,
        "text": WORDS,
        "number": 1,
        "after": None,
    }
    meeting = stage.say(B, "round.proposed", None, plan)
    stage.say(A, "round.agreed", meeting)
    said = {
        "meeting": meeting,
        "clause": stage.say(B, "outcome.clause_proposed", meeting, {"place": 1, "clause": CLAUSE}),
        "promise": stage.say(B, "commitment.proposed", None, promise),
        "case": stage.say(B, "case.proposed", None, {"items": ["trade_secrets"], "origins": []}),
        "offer": stage.say(B, "sharing.offered", None, offered()),
    }
    places = {row.statement: row.place.replace(" ", "-") for row in stage.pair.rows(A)}
    return {name: places[statement] for name, statement in said.items()}


def doors(link: str, at: dict[str, str]) -> dict[str, str]:
    """Return the doors of these threads on a link, and what each is about."""
    return {
        "a case": f"/cases/{link}/{at['case']}/",
        "to join it": f"/cases/{link}/{at['case']}/say/join/",
        "an offer": f"/shared/{link}/{at['offer']}/",
        "to decline it": f"/shared/{link}/{at['offer']}/say/decline/",
        "a promise": f"/commitments/{link}/{at['promise']}/",
        "to agree to it": f"/dialogue/{link}/{at['promise']}/{at['promise']}/commitment-agreed/",
        "a round": f"/rounds/{link}/{at['meeting']}/",
        "to agree to a clause": f"/dialogue/{link}/{at['meeting']}/{at['clause']}/outcome-agreed/",
    }


def test_a_statement_has_doors_on_its_own_link_and_in_its_own_thread_alone(
    pair: Pair, settings: Settings
) -> None:
    opened_with_c(pair)
    stage = stage_of(pair)
    at = told(stage)
    mixed = {
        "a case as an offer": f"/shared/{LINK}/{at['case']}/",
        "an offer as a case": f"/cases/{LINK}/{at['offer']}/say/join/",
        "a round as a promise": f"/commitments/{LINK}/{at['meeting']}/",
        "a promise in a round": f"/dialogue/{LINK}/{at['meeting']}/{at['promise']}/commitment-agreed/",
        "a clause of another thread": f"/dialogue/{LINK}/{at['promise']}/{at['clause']}/outcome-agreed/",
    }
    office = Office(pair, settings)
    with pair.reader(A) as reader:
        for projector in projectors(reader):
            projector.empty()
            projector.catch_up()
    chen = office.person()
    before = len(pair.rows(A)), len(pair.rows(A, OTHER))

    found = {
        about: (chen.get(path).status_code, chen.post(path, {"key": "k"}).status_code in {404, 405})
        for about, path in {**doors(OTHER, at), **mixed}.items()
    }

    assert {chen.get(path).status_code for path in doors(LINK, at).values()} == {200}
    assert found == dict.fromkeys(found, (404, True))
    assert (len(pair.rows(A)), len(pair.rows(A, OTHER))) == before
