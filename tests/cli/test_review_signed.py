"""parley review, typed word for word: a cut that both agree to, figures that both sign, words to a figure."""

from collections.abc import Iterator

import pytest

from parley.work import clock
from tests.cli.side import LINK, SECRET, Answer, Side, Sides, make_sides
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.slow

SECOND = "second"
TO_FIGURE = ("A week of holidays.", "--figure", "b.example/all/-/items")
PERIOD = ("--since", "2020-01-01T00:00Z", "--until", "2100-01-01T00:00Z")


@pytest.fixture(name="desks", scope="module")
def fixture_desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Two linked nodes, each with two heads whose keys count; A asked something."""
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    for side in (sides.a, sides.b):
        added = side.ask("officer", "add", SECOND, "--secret-file", str(side.secret))
        assert added.exit == 0, added.json
        for number in (1, 2):
            enrol(side.home, number, secret=SECRET, now=clock.now(), roles=("head",))
    sides.import_sites(["https://phish.example/1"])
    yield sides
    sides.stop()


def sign(side: Side, place: str) -> Answer:
    prepared = side.act("review", "sign", place)
    assert (prepared.exit, prepared.result["saved"]) == (5, False), prepared.json
    who = ("--as", SECOND, "--secret-file", str(side.secret))
    return side.ask("link", "sign", str(prepared.result["draft"]), *who)


def listed(side: Side) -> dict[str, object]:
    return dict(side.ask("review", "list").result["reviews"][0])


def test_both_sides_agree_to_a_cut_and_sign_one_digest(desks: Sides) -> None:
    said = desks.a.act("review", "propose", LINK, *PERIOD, "--note", "Half a year.")
    assert said.exit == 0, said.json
    place = said.result["place"].replace(" ", "-")
    early = desks.a.act("review", "agree", place)
    desks.carry()
    assert listed(desks.b)["stand"] == "proposed_by_them"

    agreed = desks.b.act("review", "agree", place)
    assert agreed.exit == 0, agreed.json
    desks.carry()
    for side in (desks.a, desks.b):
        assert sign(side, place).exit == 0
        desks.carry()

    assert early.fault["code"] == "not_writer"
    one, two = listed(desks.a), listed(desks.b)
    assert (one["stand"], two["stand"]) == ("joint", "joint")
    assert one["signed_by_us"] == two["signed_by_us"] == one["signed_by_them"]
    noted = desks.b.act(
        "review", "comment", place, "A week of holidays.", "--figure", "b.example/all/-/items"
    )
    assert noted.exit == 0, noted.json
    desks.carry()
    assert listed(desks.a)["comments"] == [
        [noted.result["place"], "b.example/all/-/items", "A week of holidays."]
    ]
    shown = [
        side.ask("review", "show", LINK, "--review", place).result["digest"] for side in (desks.a, desks.b)
    ]
    assert shown == [one["signed_by_us"]] * 2
    for name, *words in (("figures.pdf",), ("figures.csv", "--csv")):
        files = [side.folder / name for side in (desks.a, desks.b)]
        for side, file in zip((desks.a, desks.b), files, strict=True):
            printed = side.ask("review", "print", place, str(file), *words)
            assert printed.exit == 0, printed.json
        assert files[0].read_bytes() == files[1].read_bytes()
    assert "双方均无待办" in desks.b.type("review", "list", "--lang", "zh").out


def test_what_is_not_there_is_told(desks: Sides) -> None:
    assert desks.a.act("review", "agree", "A-999").fault["code"] == "unknown_review"
    assert desks.a.act("review", "comment", "A-999", "x").fault["code"] == "unknown_review"
