"""parley share, typed word for word: from the offer to what became of it, and what is destroyed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.officers import enrol_officers
from tests.cli.side import Side, Sides, make_sides


@pytest.fixture(name="desks", scope="module")
def fixture_desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    enrol_officers(sides)
    (sides.a.folder / "bots.csv").write_text("203.0.113.7\n", encoding="ascii")
    yield sides
    sides.stop()


def say(sides: Sides, side: Side, *words: str) -> str:
    """Say something that must be taken, carry it, and return the place of the statement."""
    said = side.act("share", *words)
    assert said.exit == 0, said.json
    sides.carry()
    return str(said.result["place"]).replace(" ", "-")


def offering(sides: Sides, *more: str) -> tuple[str, ...]:
    """Return how A offers the addresses of a botnet."""
    file = str(sides.a.folder / "bots.csv")
    return ("offer", "--what", "indicators", "--count", "ip=1", "--title", "Bots", "--enclose", file, *more)


def sealed(side: Side) -> list[Path]:
    return sorted(path for path in side.home.vault.glob("[0-9a-f][0-9a-f]/*") if path.is_file())


def test_an_offer_is_undertaken_delivered_evaluated_and_asked_to_be_passed_on(desks: Sides) -> None:
    offer = say(desks, desks.a, *offering(desks, "--condition", "confidential", "--grade", "B2"))
    before = len(sealed(desks.b))
    asked = desks.b.ask("share", "show", offer).result
    say(desks, desks.b, "undertake", offer)
    say(desks, desks.a, "deliver", offer, "--text", "As agreed.")
    desks.carry()
    say(desks, desks.b, "evaluate", offer, "--grade", "A1")
    say(desks, desks.b, "result", offer, "--result", "measures_taken")
    question = say(desks, desks.b, "ask-release", offer, "--to", "courts")
    say(desks, desks.a, "permit-release", question)

    ours, theirs = (side.ask("share", "show", offer).result for side in (desks.a, desks.b))
    assert [(each["whose"], each["what"]) for each in asked["offer"]["owed"]] == [("us", "answer")]
    assert ours["digest"] == theirs["digest"]
    assert (ours["offer"]["state"], ours["offer"]["evaluation"]) == ("delivered", "A1")
    assert theirs["passing"]["courts"] == "permitted"
    assert theirs["passing"]["public"] == "ask"
    assert ours["sealed_here"] == 0
    assert len(sealed(desks.b)) >= before
    typed = desks.b.type("share", "show", offer, "--lang", "zh").out
    assert "已送达" in typed
    assert "B2" in typed


def test_show_tells_who_signed_the_undertaking_and_print_writes_the_same_file_on_both_sides(
    desks: Sides, tmp_path: Path
) -> None:
    offer = say(desks, desks.a, *offering(desks, "--condition", "confidential"))
    say(desks, desks.b, "undertake", offer)
    files = [str(tmp_path / f"{side.letter}.pdf") for side in (desks.a, desks.b)]

    shown = desks.a.ask("share", "show", offer).result["timeline"]
    typed = desks.a.type("share", "show", offer).out
    printed = [
        side.ask("share", "print", offer, file) for side, file in zip((desks.a, desks.b), files, strict=True)
    ]

    assert [(each["officer"], each["signers"]) for each in shown] == [(1, []), (1, [1])]
    assert "theirs, officer 1; signed by officer 1" in typed
    one, two = (Path(file).read_bytes() for file in files)
    assert one == two
    assert [each.result for each in printed] == [{"file": file, "bytes": len(one)} for file in files]
    nothing = desks.a.ask("share", "print", "A-0", str(tmp_path / "none.pdf"))
    assert nothing.fault["code"] == "no_offer"


def test_other_conditions_are_confirmed_before_anything_is_delivered(desks: Sides) -> None:
    offer = say(desks, desks.a, *offering(desks, "--condition", "confidential"))
    other = say(desks, desks.b, "undertake", offer, "--condition", "no_third_party")
    early = desks.a.act("share", "deliver", offer)
    say(desks, desks.a, "confirm", other)
    say(desks, desks.a, "deliver", offer)

    assert early.fault["code"] == "nothing_agreed"
    assert desks.b.ask("share", "show", offer).result["offer"]["conditions"] == ["no_third_party"]


def test_what_lies_sealed_for_an_offer_is_no_file_that_waits(desks: Sides) -> None:
    waiting = desks.a.ask("file", "list").result["waiting"]
    aside = desks.a.home.vault / "offered"
    before = {path.name for path in aside.glob("*")}
    offer = say(desks, desks.a, *offering(desks))
    (hash_hex,) = {path.name for path in aside.glob("*")} - before

    removed = desks.a.act("file", "remove", hash_hex)

    assert desks.a.ask("share", "show", offer).result["sealed_here"] == 1
    assert desks.a.ask("file", "list").result["waiting"] == waiting
    assert removed.fault["code"] == "no_such_file"
    say(desks, desks.a, "withdraw", offer, "--reason", "outdated")
    assert hash_hex not in [path.name for path in sealed(desks.a)]


def test_a_trial_of_an_offer_seals_nothing_and_one_that_is_refused_leaves_nothing(desks: Sides) -> None:
    before = sealed(desks.a)
    tried = desks.a.act("share", *offering(desks), "--dry-run")
    refused = desks.a.act("share", *offering(desks, "--about", "A-99999"))

    assert '"k":"sharing.offered"' in tried.result["would_say"]
    assert refused.fault["code"] == "unknown_statement"
    assert sealed(desks.a) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--grade", "Z9"), "not_read"),
        (("--count", "ip=many"), "not_read"),
        (("--title", " "), "no_title"),
        (("--title", "x" * 201), "text_too_long"),
        (("--tlp", "PURPLE"), "not_read"),
    ],
)
def test_what_cannot_be_offered_is_told(desks: Sides, words: tuple[str, ...], code: str) -> None:
    before = desks.a.ask("share", "list").result["total"]

    assert desks.a.act("share", *offering(desks, *words)).fault["code"] == code

    assert desks.a.ask("share", "list").result["total"] == before


def test_each_side_says_only_what_is_its_part(desks: Sides) -> None:
    offer = say(desks, desks.a, *offering(desks, "--condition", "confidential"))

    assert desks.a.act("share", "accept", offer).fault["code"] == "not_writer"
    assert desks.b.act("share", "accept", offer).fault["code"] == "no_target"
    assert desks.b.act("share", "deliver", offer).fault["code"] == "not_our_offer"
    assert desks.b.act("share", "evaluate", offer, "--grade", "B2").fault["code"] == "no_target"
    assert desks.a.ask("share", "show", "A-0").fault["code"] == "no_offer"
