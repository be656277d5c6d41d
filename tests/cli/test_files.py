"""Files by the command line: taken along, listed, written out, never said to be where that is not proved."""

from pathlib import Path

import pytest

from tests.cli.side import Side, Sides
from tests.two_nodes.filing import some_bytes

pytestmark = pytest.mark.slow


def evidence(side: Side, content: bytes, *, name: str = "mail.eml") -> Path:
    path = side.folder / name
    path.write_bytes(content)
    return path


def vault_files(side: Side) -> list[Path]:
    return [path for path in side.home.vault.rglob("*") if path.is_file()]


def test_a_file_goes_with_an_answer_and_is_written_out_at_the_other_side(sides: Sides) -> None:
    content = some_bytes(50_000)
    inquiry = sides.import_sites(["https://one.example/a"])

    said = sides.b.say("acknowledge", inquiry, "--enclose", str(evidence(sides.b, content)))
    (before,) = sides.b.ask("file", "list", inquiry).result["files"]
    sides.carry()

    (ours,) = sides.b.ask("file", "list", inquiry).result["files"]
    (theirs,) = sides.a.ask("file", "list", inquiry).result["files"]
    assert (before["presence"], before["told"]) == ("here", None)
    assert (ours["presence"], ours["told"], theirs["presence"]) == ("here", True, "here")
    assert theirs["name"] == "mail.eml"
    target = sides.a.folder / "out"
    assert sides.a.ask("file", "get", said, "--to", str(target)).result["bytes"] == len(content)
    assert target.read_bytes() == content


def test_nothing_is_written_over_what_is_there(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://two.example/a"])
    said = sides.b.say("acknowledge", inquiry, "--enclose", str(evidence(sides.b, b"new")))
    target = evidence(sides.b, b"old", name="old")

    refused = sides.b.ask("file", "get", said, "--to", str(target))

    assert (refused.exit, refused.fault["code"], target.read_bytes()) == (1, "unwritable_file", b"old")


def test_a_dry_run_keeps_nothing_of_the_file(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://three.example/a"])
    before = vault_files(sides.b)

    tried = sides.b.act(
        *("inquiry", "acknowledge", inquiry, "--dry-run", "--enclose", str(evidence(sides.b, b"draft")))
    )

    assert (tried.exit, tried.result["saved"]) == (0, False)
    assert '"name":"mail.eml"' in tried.result["words"]
    assert vault_files(sides.b) == before


def test_what_is_refused_keeps_nothing_of_the_file(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://four.example/a"])
    before = vault_files(sides.a)

    refused = sides.a.act("inquiry", "acknowledge", inquiry, "--enclose", str(evidence(sides.a, b"x")))

    assert (refused.exit, refused.fault["code"]) == (3, "not_writer")
    assert vault_files(sides.a) == before


def test_a_file_that_waits_is_taken_along_by_its_hash_and_then_waits_no_more(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://five.example/a"])
    waits = sides.b.act("file", "add", str(evidence(sides.b, b"waits"))).result

    said = sides.b.say("acknowledge", inquiry, "--enclose", waits["hash"])

    (found,) = sides.b.ask("file", "list", inquiry).result["files"]
    assert (found["hash"], found["place"].replace(" ", "-")) == (waits["hash"], said)
    assert waits["hash"] not in [each["hash"] for each in sides.b.ask("file", "list").result["waiting"]]


def test_a_file_that_is_removed_is_destroyed(sides: Sides) -> None:
    before = vault_files(sides.b)
    waits = sides.b.act("file", "add", str(evidence(sides.b, b"not this one"))).result

    removed = sides.b.act("file", "remove", waits["hash"])

    assert removed.result["destroyed"]
    assert vault_files(sides.b) == before
    assert sides.b.act("file", "remove", waits["hash"]).fault["code"] == "no_such_file"


def test_a_file_that_is_still_to_come_is_said_to_be(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://six.example/a"])
    said = sides.b.say("acknowledge", inquiry, "--enclose", str(evidence(sides.b, b"gone")))
    (found,) = sides.b.ask("file", "list", inquiry).result["files"]
    (sides.b.home.vault / found["hash"][:2] / found["hash"]).unlink()
    sides.carry()

    here, there = sides.b.ask("file", "get", said), sides.a.ask("file", "get", said)

    assert (here.exit, here.fault["code"]) == (4, "file_not_here")
    assert (there.exit, there.fault["code"]) == (5, "file_not_here")
    assert sides.a.ask("file", "pull").exit == 5
    assert sides.b.ask("file", "pull").exit == 0


def test_a_damaged_file_is_not_given_out(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://seven.example/a"])
    said = sides.b.say("acknowledge", inquiry, "--enclose", str(evidence(sides.b, some_bytes(40_000))))
    (found,) = sides.b.ask("file", "list", inquiry).result["files"]
    path = sides.b.home.vault / found["hash"][:2] / found["hash"]
    raw = bytearray(path.read_bytes())
    raw[20_000] ^= 1
    path.write_bytes(raw)
    target = sides.b.folder / "damaged"

    refused = sides.b.ask("file", "get", said, "--to", str(target))

    assert (refused.exit, refused.fault["code"], target.exists()) == (7, "file_damaged", False)


def test_a_name_that_lies_is_written_as_a_harmless_one(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://eight.example/a"])
    named = evidence(sides.b, b"x", name="invoice\u202efdp.exe")
    said = sides.b.say("acknowledge", inquiry, "--enclose", str(named))

    shown = sides.b.type("file", "list", inquiry).out

    assert "\u202e" not in shown
    assert "invoice_fdp.exe" in shown
    assert sides.b.type("file", "get", said, "--part", "2").exit == 4
