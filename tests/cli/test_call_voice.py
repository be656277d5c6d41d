"""parley call voice: what a principal decided by voice is put down by two officers who heard it."""

from collections.abc import Iterator
from typing import Any

import pytest

from parley.work import clock
from tests.cli.side import SECRET, Answer, Sides, make_sides
from tests.cli.test_call import FIELDS, MEANT, say
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.slow

SECOND = "second"
PRINCIPAL = ("call", "open-principal", *MEANT, *FIELDS, "--to", "vice_minister")
SAID = "Isolate the host at once."


@pytest.fixture(name="desk", scope="module")
def fixture_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Two linked nodes; A's head and principal can call a principal, and B has two officers and a viewer."""
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    for side, name, role in (
        (sides.a, SECOND, "officer"),
        (sides.b, SECOND, "officer"),
        (sides.b, "wu", "viewer"),
    ):
        added = side.ask("officer", "add", name, "--role", role, "--secret-file", str(side.secret))
        assert added.exit == 0, added.json
    for number, role in ((1, "head"), (2, "principal")):
        enrol(sides.a.home, number, secret=SECRET, now=clock.now(), roles=(role,))
    sides.carry()
    yield sides
    sides.stop()


def called(sides: Sides) -> str:
    """Have A call the vice-minister's office of B, where it rings at once, and return the place."""
    draft = sides.a.act(*PRINCIPAL).result["draft"]
    said = sides.a.ask("link", "sign", str(draft), "--as", SECOND, "--secret-file", str(sides.a.secret))
    assert said.exit == 0, said.json
    sides.carry()
    return str(said.result["place"]).replace(" ", "-")


def decide(sides: Sides, call: str, *more: str) -> Answer:
    usual = ("--rung", "vice_minister", "--decided", "take", "--text", SAID)
    second = ("--second", SECOND, "--second-secret-file", str(sides.b.secret))
    return sides.b.act("call", "voice", call, *usual, *second, *more)


def statements(sides: Sides, call: str) -> list[Any]:
    sides.carry()
    found: list[Any] = sides.a.ask("call", "show", call).result["timeline"]
    return found


def test_the_office_takes_the_call_and_the_other_side_reads_who_heard_it(desk: Sides) -> None:
    call = called(desk)

    first = decide(desk, call, "--key", "one-press")
    again = decide(desk, call, "--key", "one-press")

    assert first.exit == 0, first.json
    assert again.result["statement"] == first.result["statement"]
    (taking,) = (each for each in statements(desk, call) if each["kind"] == "call.taken")
    heard = "Decided by voice; officers 1 and 2 heard it. 口头决定，由办理人员1、2当场听取。"
    assert taking["text"]["text"] == f"{heard}\n{SAID}"


def test_the_office_declines_in_the_same_way_and_a_trial_says_nothing(desk: Sides) -> None:
    call = called(desk)

    tried = decide(desk, call, "--decided", "decline", "--dry-run")
    before = [each["kind"] for each in statements(desk, call)]
    declined = decide(desk, call, "--decided", "decline")

    assert "officers 1 and 2 heard it" in tried.result["words"]
    assert before == ["call.principal_opened"]
    assert declined.exit == 0, declined.json
    assert [each["kind"] for each in statements(desk, call)] == ["call.principal_opened", "call.closed"]


def test_nothing_is_said_before_two_officers_showed_who_they_are_and_the_office_is_rung(desk: Sides) -> None:
    call = called(desk)
    say(desk.b, "take", call)
    guessed = desk.b.folder / "guessed"
    guessed.write_text("incorrect-horse-battery\n", encoding="ascii")

    refused = {
        decide(desk, call, *words).fault["code"]: words
        for words in (
            ("--second", desk.b.officer),
            ("--second", "wu"),
            ("--second-secret-file", str(guessed)),
            ("--rung", "minister"),
            ("--rung", "duty_desk", "--key", "said-before"),
            ("--text", ""),
            ("--text", "word " * 200),
        )
    }

    assert list(refused) == [
        *("one_person", "viewer", "wrong_secret", "office_not_rung", "missing_option", "too_long")
    ]
    assert [each["kind"] for each in statements(desk, call)] == ["call.principal_opened", "call.taken"]


def test_who_called_decides_nothing_by_voice_about_it(desk: Sides) -> None:
    call = called(desk)
    second = ("--second", SECOND, "--second-secret-file", str(desk.a.secret))

    fault = desk.a.act(
        *("call", "voice", call, "--rung", "vice_minister", "--decided", "take", "--text", SAID), *second
    ).fault

    assert (fault["code"], fault["safe"]) == ("office_not_rung", "Nothing was written, and nothing was sent.")
