"""parley call open-principal: a call to the office of a principal takes two persons, and rings there."""

from collections.abc import Iterator

import pytest

from parley.work import clock
from tests.cli.side import SECRET, Answer, Sides, make_sides
from tests.cli.test_call import FIELDS, MEANT, say
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.slow

SECOND = "second"
PRINCIPAL = ("call", "open-principal", *MEANT, *FIELDS, "--to", "vice_minister")


@pytest.fixture(name="desk", scope="module")
def fixture_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Two linked nodes; A has a head and a principal whose keys count, and an officer of the desk."""
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    for name in (SECOND, "third"):
        added = sides.a.ask("officer", "add", name, "--secret-file", str(sides.a.secret))
        assert added.exit == 0, added.json
    for number, role in ((1, "head"), (2, "principal"), (3, "desk")):
        enrol(sides.a.home, number, secret=SECRET, now=clock.now(), roles=(role,))
    sides.carry()
    yield sides
    sides.stop()


def sign(sides: Sides, draft: int, name: str, *more: str) -> Answer:
    who = ("--as", name, "--secret-file", str(sides.a.secret))
    return sides.a.ask("link", "sign", str(draft), *who, *more)


def test_a_vice_minister_is_called_by_two_persons_and_by_the_office_that_answers(desk: Sides) -> None:
    prepared = desk.a.act(*PRINCIPAL)
    before = [side.ask("call", "list").result["total"] for side in (desk.a, desk.b)]
    said = sign(desk, prepared.result["draft"], SECOND)
    desk.carry()

    assert (prepared.exit, prepared.result["saved"], before) == (5, False, [0, 0])
    assert said.exit == 0, said.json
    assert said.result["place"].startswith("A hot ")
    call = said.result["place"].replace(" ", "-")
    rings = {row["rung"]: row for row in desk.b.ask("call", "show", call).result["ladders"]["us"]}
    assert (rings["vice_minister"]["stand"], rings["vice_minister"]["cause"]) == ("ringing", "own_rung")

    say(desk.b, "take", call)
    say(desk.b, "take", call, "--rung", "vice_minister")
    desk.carry()
    shown, typed = desk.a.ask("call", "show", call).result, desk.b.type("call", "show", call).out
    assert [each["signers"] for each in shown["timeline"]] == [[1, 2], [], []]
    assert typed.count("signed by officers 1, 2") == 1
    assert (shown["call"]["level"], shown["call"]["reached"]) == ("vice_minister", "vice_minister")


def test_one_person_twice_or_one_whose_role_does_not_count_calls_no_principal(desk: Sides) -> None:
    before = desk.a.ask("call", "list").result["total"]
    draft = desk.a.act(*PRINCIPAL).result["draft"]

    again = sign(desk, draft, desk.a.officer)
    of_the_desk = sign(desk, draft, "third")
    put_away = sign(desk, draft, SECOND, "--put-away")

    assert again.fault["code"] == "signed_already"
    assert of_the_desk.fault["code"] == "no_officer_key"
    assert put_away.result["put_away"]
    assert desk.a.ask("call", "list").result["total"] == before


def test_a_trial_of_a_call_to_a_principal_prepares_nothing(desk: Sides) -> None:
    tried = desk.a.act(*PRINCIPAL, "--dry-run")

    assert '"to":"vice_minister"' in tried.result["would_say"]
    assert desk.a.ask("link", "sign").result["waiting"] == []


def test_the_desk_is_no_office_of_a_principal(desk: Sides) -> None:
    fault = desk.a.act(*PRINCIPAL, "--to", "desk").fault

    assert (fault["code"], fault["safe"]) == ("schema", "Nothing was done.")
