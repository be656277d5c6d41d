"""Lists across cases, commitments and inquiries, as other tools and officers at a terminal read them."""

from collections.abc import Iterator

import pytest

from tests.cli.officers import enrol_officers
from tests.cli.side import Side, Sides, make_sides

BOTH = ("--en", "One hand.", "--zh", "同一人所为。")
CASE = ("--item", "fraud_phishing", "--title-en", "Kits", "--title-zh", "工具")
WORK = ("--en", "B answers in time.", "--zh", "乙方按时答复。", "--owner", "B")
MEASURE = ("--measure-en", "Nine of ten.", "--measure-zh", "十分之九。")


@pytest.fixture(name="sides", scope="module")
def fixture_sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    enrol_officers(sides)
    yield sides
    sides.stop()


def say(sides: Sides, side: Side, *words: str) -> str:
    said = side.act(*words)
    assert said.exit == 0, said.json
    sides.carry()
    return str(said.result["place"]).replace(" ", "-")


def test_findings_of_all_cases_are_in_one_list_by_their_current_versions(sides: Sides) -> None:
    cases = [say(sides, sides.a, "case", "propose", *CASE) for _time in range(2)]
    for case in cases:
        say(sides, sides.b, "case", "join", case)
        say(sides, sides.a, "finding", "give", case, *BOTH, "--likelihood", "likely", "--confidence", "low")

    first = sides.b.ask("finding", "list", "--limit", "1").result
    second = sides.b.ask("finding", "list", "--limit", "1", "--after", first["after"]).result
    wrong = sides.b.ask("finding", "list", "--after", "nonsense")

    (new,), (old,) = first["findings"], second["findings"]
    assert {new["case_place"], old["case_place"]} == {case.replace("-", " ") for case in cases}
    assert (new["is_ours"], new["statement"]["en"], second["after"]) == (False, "One hand.", None)
    assert (wrong.exit, wrong.fault["code"]) == (2, "no_such_place")
    assert "同一人所为。" in sides.b.type("finding", "list", "--lang", "zh").out


def test_concerns_are_in_one_list_and_leave_the_open_ones_when_they_are_settled(sides: Sides) -> None:
    commitment = say(sides, sides.a, "commitment", "propose", *WORK, *MEASURE)
    say(sides, sides.b, "commitment", "agree", commitment)
    concern = say(sides, sides.a, "concern", "raise", commitment, "--text", "Nothing has come.")
    (raised,) = sides.b.ask("concern", "list", "--open").result["concerns"]
    say(sides, sides.a, "concern", "settle", concern)

    (settled,) = sides.b.ask("concern", "list").result["concerns"]

    assert (raised["place"].replace(" ", "-"), raised["state"], raised["is_ours"]) == (
        concern,
        "raised",
        False,
    )
    assert raised["commitment_place"].replace(" ", "-") == commitment
    assert (settled["state"], settled["is_open"]) == ("settled", False)
    assert sides.b.ask("concern", "list", "--open").result["concerns"] == []


def test_a_batch_is_listed_and_counted_out(sides: Sides) -> None:
    sides.import_sites(["http://one.example/a", "http://two.example/b"], "--batch", "A-17")

    (listed,) = sides.a.ask("inquiry", "batches").result["batches"]
    one = sides.a.ask("inquiry", "batches", "A-17").result
    none = sides.a.ask("inquiry", "batches", "A-18")

    assert (listed["number"], listed["items"]["total"], listed["items"]["open"]) == ("A-17", 2, 2)
    assert [(each["name"], each["total"]) for each in one["brands"]] == [("First Bank", 2)]
    assert (none.exit, none.fault["code"]) == (4, "unknown_batch")
