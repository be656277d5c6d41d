"""parley review and parley guideline, typed word for word on both sides."""

import itertools
import json
from pathlib import Path
from typing import Any

from parley.protocol.strictjson import write
from tests.cli.side import LINK, Side, Sides

SINCE = ("--since", "2020-01-01T00:00Z")
UNTIL = ("--until", "2100-01-01T00:00Z")


NUMBERS = itertools.count()


def sent(sides: Sides) -> str:
    """Have A send what a table lists, and B acknowledge it; return the place."""
    table = sides.a.folder / "sites.csv"
    site = f"http://login.example/{next(NUMBERS)}"
    table.write_text(f"url,observed_at,target_brand\n{site},2026-11-02T09:10+08:00,Bank\n", encoding="utf-8")
    said = sides.a.act(
        *("inquiry", "import", str(table), "--item", "fraud_phishing", "--urgency", "U1"),
        *("--want", "mitigate", "--purpose", "Take it down.", "--legal-basis", "Article 1", "--link", LINK),
        *("--urgency-reason", "Money moves."),
    )
    assert said.exit in {0, 5}, said.json
    sides.carry()
    place = "A-" + str(sides.a.ask("inquiry", "list").result["inquiries"][0]["place"]).split()[-1]
    acknowledged = sides.b.act("inquiry", "acknowledge", place)
    assert acknowledged.exit in {0, 5}, acknowledged.json
    sides.carry()
    return place


def shown(side: Side, *more: str) -> dict[str, Any]:
    """Return what a side prints of all that was said."""
    said = side.ask("review", "show", LINK, *SINCE, *UNTIL, *more)
    assert said.exit == 0, said.json
    return dict(said.result)


def written(side: Side, name: str) -> Path:
    """Return a file with the first text for the terms of the link."""
    file = side.folder / name
    said = side.ask("guideline", "write", LINK, str(file), "--since", "2027-01-01T00:00Z")
    assert said.exit == 0, said.json
    return file


def test_both_sides_print_the_same_figures_and_every_number_knows_its_inquiries(sides: Sides) -> None:
    sent(sides)

    one, two = shown(sides.a), shown(sides.b)

    assert one["digest"] == two["digest"]
    assert one["review"] == two["review"]
    part = one["review"]["inquiries"][0]
    assert part["asked"] == "b.example"
    assert part["clocks"]["acknowledge"]["met"] == part["inquiries"]


def test_a_cut_that_was_agreed_is_typed_and_prints_the_same_later(sides: Sides) -> None:
    place = sent(sides)
    before = shown(sides.a)
    cut = before["review"]["cut"]
    typed = [
        word for each in cut for word in ("--cut", f"{each['lane']}:{each['sizes'][0]}/{each['sizes'][1]}")
    ]
    sides.b.act("inquiry", "admit", place, "--items", "all")
    sides.carry()

    after = shown(sides.b, *typed)

    assert after["digest"] == before["digest"]
    assert shown(sides.b)["digest"] != before["digest"]


def test_a_cut_that_cannot_be_reviewed_is_told_as_such(sides: Sides) -> None:
    faults = {
        words: sides.a.ask("review", "show", LINK, *SINCE, *words).fault["code"]
        for words in (
            ("--cut", "main:9999/2"),
            ("--cut", "main:1/999"),
            ("--cut", "side:1/1"),
            ("--until", "2019-01-01T00:00Z"),
        )
    }

    assert [*faults.values()] == ["cut_not_held", "cut_not_held", "bad_cut", "bad_cut"]


def test_what_is_shown_is_in_the_language_of_who_looks(sides: Sides) -> None:
    sent(sides)

    english, chinese = (
        sides.a.type("review", "show", LINK, *SINCE, *UNTIL, "--lang", language).out
        for language in ("en", "zh")
    )

    assert "acknowledge" in english
    assert "确认收到时限" in chinese


def test_a_text_is_written_read_changed_and_compared(sides: Sides) -> None:
    first = written(sides.a, "first.json")
    second = sides.a.folder / "two.json"
    value = json.loads(first.read_text(encoding="utf-8"))
    value["terms"] = value["terms"].replace('"U0":"30m"', '"U0":"20m"', 1)
    value["articles"][0]["clauses"][1]["en"] += " So be it."
    second.write_bytes(write(value))

    read = sides.b.ask("guideline", "read", str(second))
    found = sides.b.ask("guideline", "compare", str(first), str(second)).result

    assert "20 minutes" in read.result["clauses"]["4.1"]["en"]
    assert "20 分钟" in read.result["clauses"]["4.1"]["zh"]
    assert [each["path"] for each in found["fields"]] == ["clocks/acknowledge/U0"]
    assert found["clauses"] == [["1.2", "1.2"]]


def test_a_text_whose_languages_say_different_things_is_refused(sides: Sides) -> None:
    file = written(sides.a, "unequal.json")
    file.write_text(file.read_text(encoding="utf-8").replace("{lapse}", "{items}", 1), encoding="utf-8")

    fault = sides.a.ask("guideline", "read", str(file)).fault

    assert fault["code"] == "bad_guideline"
    assert "§16.2" in fault["what"]


def test_who_would_have_been_late_is_told_before_anybody_signs(sides: Sides) -> None:
    sent(sides)
    file = written(sides.a, "tried.json")
    value = json.loads(file.read_text(encoding="utf-8"))
    # For what is urgent no limit at all: then nobody is measured by it.
    value["terms"] = value["terms"].replace('"U0":"30m","U1":"2h",', '"U0":"30m",', 1)
    other = sides.a.folder / "other.json"
    other.write_bytes(write(value))

    same, changed = (
        sides.a.ask("guideline", "try", LINK, str(each), *SINCE, *UNTIL).result["effects"]
        for each in (file, other)
    )

    assert [each["late"] for each in same] == [each["would_be_late"] for each in same]
    assert {each["clock"] for each in changed} >= {"acknowledge", "mitigate"}


def test_a_file_that_is_there_is_not_written_over(sides: Sides) -> None:
    file = written(sides.a, "there.json")

    fault = sides.a.ask("guideline", "write", LINK, str(file), "--since", "2027-01-01T00:00Z").fault

    assert fault["code"] == "unwritable_file"
