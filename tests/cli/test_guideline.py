"""parley guideline, typed word for word: a text on the table, signed by two persons of each side."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.protocol.strictjson import write
from parley.work import clock
from tests.cli.side import LINK, SECRET, Answer, Side, Sides, make_sides
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.slow

SECOND = "second"


@pytest.fixture(name="desks", scope="module")
def fixture_desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Two linked nodes, each with two heads whose keys count."""
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    for side in (sides.a, sides.b):
        added = side.ask("officer", "add", SECOND, "--secret-file", str(side.secret))
        assert added.exit == 0, added.json
        for number in (1, 2):
            enrol(side.home, number, secret=SECRET, now=clock.now(), roles=("head",))
    sides.carry()
    yield sides
    sides.stop()


def written(side: Side, name: str, *, limit: str) -> Path:
    """Write a text with another limit for what cannot wait, in force from 2090 on."""
    first = side.folder / f"first-{name}"
    said = side.ask("guideline", "write", LINK, str(first), "--since", "2090-01-01T00:00Z")
    assert said.exit == 0, said.json
    value = json.loads(first.read_text(encoding="utf-8"))
    value["terms"] = value["terms"].replace('"U0":"30m"', f'"U0":"{limit}"', 1)
    file = side.folder / name
    file.write_bytes(write(value))
    return file


def sign(side: Side, place: str) -> Answer:
    """Have both persons of a side sign the text at `place`."""
    prepared = side.act("guideline", "sign", place)
    assert (prepared.exit, prepared.result["saved"]) == (5, False), prepared.json
    who = ("--as", SECOND, "--secret-file", str(side.secret))
    return side.ask("link", "sign", str(prepared.result["draft"]), *who)


def stands(side: Side) -> list[tuple[str, str]]:
    texts = side.ask("guideline", "list").result["texts"]
    return [(each["stand"], each["move"]) for each in texts]


def test_a_text_is_proposed_signed_by_both_and_agreed(desks: Sides) -> None:
    file = written(desks.a, "quick.json", limit="20m")

    said = desks.a.act("guideline", "propose", str(file), "--note", "As agreed in May.")
    assert said.exit == 0, said.json
    place = said.result["place"].replace(" ", "-")
    desks.carry()
    shown = desks.b.ask("guideline", "show", place).result

    assert shown["fields"][-1] == ["clocks/acknowledge/U0", "30 minutes", "20 minutes"]
    assert stands(desks.b) == [("proposed", "both")]
    assert sign(desks.a, place).exit == 0
    desks.carry()
    assert (stands(desks.a), stands(desks.b)) == ([("signed_by_us", "them")], [("signed_by_them", "us")])
    assert sign(desks.b, place).exit == 0
    desks.carry()
    assert stands(desks.a) == stands(desks.b) == [("agreed", "nobody")]
    assert "agreed" in desks.a.type("guideline", "list").out
    assert "双方均无待办" in desks.b.type("guideline", "list", "--lang", "zh").out


def test_both_sides_print_the_same_two_copies_and_there_is_no_third(desks: Sides) -> None:
    said = desks.a.act("guideline", "propose", str(written(desks.a, "printed.json", limit="25m")))
    place = said.result["place"].replace(" ", "-")
    desks.carry()

    for first in "AB":
        files = [side.folder / f"text-{first}.pdf" for side in (desks.a, desks.b)]
        for side, file, lang in zip((desks.a, desks.b), files, ("en", "zh"), strict=True):
            printed = side.ask("guideline", "print", place, str(file), "--first", first, "--lang", lang)
            assert printed.exit == 0, printed.json
        assert files[0].read_bytes() == files[1].read_bytes()
    third = desks.a.ask("guideline", "print", place, str(desks.a.folder / "third.pdf"), "--first", "C")
    assert third.fault["code"] == "unknown_copy"


def test_a_text_is_replaced_and_withdrawn_by_its_own_side_alone(desks: Sides) -> None:
    file = written(desks.b, "slow.json", limit="40m")
    said = desks.b.act("guideline", "propose", str(file))
    place = said.result["place"].replace(" ", "-")
    other = written(desks.b, "slower.json", limit="50m")
    amended = desks.b.act("guideline", "propose", str(other), "--instead-of", place)
    desks.carry()

    refused = desks.a.act("guideline", "withdraw", place)
    withdrawn = desks.b.act("guideline", "withdraw", place)

    assert amended.exit == 0, amended.json
    assert refused.fault["code"] == "not_writer"
    assert withdrawn.exit == 0, withdrawn.json
    assert ("withdrawn", "nobody") in stands(desks.b)


def test_what_is_not_there_is_told(desks: Sides) -> None:
    for words in (("show", "A-999"), ("sign", "A-999", "--as", desks.a.officer)):
        fault = desks.a.ask(
            "guideline", *words, *(("--secret-file", str(desks.a.secret)) if "--as" in words else ())
        ).fault
        assert fault["code"] == "unknown_text"
