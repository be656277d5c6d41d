"""parley case and parley finding, typed word for word: from the proposal to the finding that is revised."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.officers import enrol_officers
from tests.cli.side import Side, Sides, make_sides

TITLE = ("--title-en", "Theft of personnel records", "--title-zh", "人事档案失窃案")
HELD = (
    *("--en", "State-sponsored.", "--zh", "国家支持的网络攻击。", "--responsibility", "state_executed"),
    *("--likelihood", "likely", "--confidence", "low"),
)


@pytest.fixture(name="desks", scope="module")
def fixture_desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    enrol_officers(sides)
    yield sides
    sides.stop()


def say(sides: Sides, side: Side, *words: str) -> str:
    """Say something that must be taken, carry it, and return the place of the statement."""
    said = side.act(*words)
    assert said.exit == 0, said.json
    sides.carry()
    return str(said.result["place"]).replace(" ", "-")


def opened(sides: Sides, *more: str) -> str:
    """Have A propose a case and B join it."""
    case = say(sides, sides.a, "case", "propose", "--item", "trade_secrets", *TITLE, *more)
    say(sides, sides.b, "case", "join", case, "--text", "We are in.")
    return case


def test_a_case_goes_from_an_inquiry_to_a_joint_start_and_is_closed_by_both(desks: Sides) -> None:
    inquiry = desks.import_sites(["https://phish.example/1"])
    case = opened(desks, "--from", inquiry, "--ref", "2026-J3")
    asked = ("--owner", "both", "--title-en", "Seize", "--title-zh", "扣押", "--start", "2026-12-01T04:00Z")
    task = say(desks, desks.a, "case", "task", case, *asked)
    waits = desks.b.ask("case", "show", "2026-J3").result["case"]
    say(desks, desks.b, "case", "agree-task", task)
    for side in (desks.a, desks.b):
        say(desks, side, "case", "finish-task", task, "--result", "done")
        say(desks, side, "case", "close", case, "--ending", "solved")

    shown = [side.ask("case", "show", case).result for side in (desks.a, desks.b)]
    assert [(each["whose"], each["what"]) for each in waits["owed"]] == [("us", "agree")]
    assert shown[0]["digest"] == shown[1]["digest"]
    assert [each["case"]["state"] for each in shown] == ["closed", "closed"]
    assert shown[0]["account"]["tasks"][0]["joint_start"] == 1_796_097_600
    assert case.replace("-", " ") in desks.b.type("case", "list", "--lang", "zh").out


def test_a_finding_is_revised_in_the_open_and_a_position_stays_with_its_version(
    desks: Sides, tmp_path: Path
) -> None:
    case = opened(desks)
    (tmp_path / "payments.csv").write_text("1,2\n", encoding="ascii")
    note = say(
        desks, desks.b, "case", "note", case, "--text", "x", "--enclose", str(tmp_path / "payments.csv")
    )
    say(desks, desks.b, "case", "link", case, "--to", "evidence", "--place", f"{note}/1")
    first = say(desks, desks.a, "finding", "give", case, *HELD)
    say(desks, desks.b, "finding", "answer", first, "--position", "does_not_concur", "--text", "No.")
    changed = ("--reason", "new_evidence", "--changed-en", "A payment trail.", "--changed-zh", "资金流向。")
    criminal = (
        *("--en", "Criminal.", "--zh", "刑事犯罪。", "--responsibility", "no_state"),
        *("--likelihood", "very_likely", "--confidence", "moderate", "--public"),
        *("--evidence", f"{note}/1", "--alternative", "state_executed=unlikely:Tools alone."),
    )
    second = say(desks, desks.a, "finding", "revise", first, *criminal, *changed)
    say(desks, desks.b, "finding", "answer", second, "--position", "concurs", "--public")

    ours, theirs = (side.ask("case", "show", case).result for side in (desks.a, desks.b))
    assert ours["digest"] == theirs["digest"]
    (finding,) = theirs["findings"]
    assert [each["standing"] for each in finding["versions"]] == ["contested", "joint"]
    assert (finding["label"], finding["speech"], finding["author"]) == ("A F1", "jointly", "them")
    assert [(each["label"], each["file"]) for each in ours["links"]] == [("B E1", "payments.csv")]
    out = desks.b.type("case", "show", case, "--lang", "zh").out
    assert "刑事犯罪" in out
    assert "资金流向" in out
    assert "A F1 v1 · 不同意 · No." in out
    # On that it rests, and that is new in it.
    assert out.count(f"B E1 {note.replace('-', ' ')}/1 payments.csv") == 2
    assert "国家所属人员实施 · 不太可能，20–45 % · Tools alone." in out
    assert "A F1 v2 · 同意" in out


def test_both_write_the_same_bytes_of_the_status_report(desks: Sides, tmp_path: Path) -> None:
    opened(desks)
    ours = desks.a.ask("case", "report", "--out", str(tmp_path / "a.json")).result
    theirs = desks.b.ask("case", "report", "--cut", ours["cut"], "--out", str(tmp_path / "b.json")).result
    beyond = desks.a.ask("case", "report", "--cut", "99999/1")

    assert ours["digest"] == theirs["digest"]
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert "Theft of personnel records" in desks.a.type("case", "report").out
    assert beyond.fault["code"] == "no_such_cut"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            ("case", "propose", "--item", "trade_secrets", "--title-en", "x", "--title-zh", ""),
            "words_missing",
        ),
        (("case", "propose", "--item", "curiosity", *TITLE), "schema"),
        (("case", "join", "A-0"), "no_case"),
        (
            ("case", "propose", "--item", "trade_secrets", "--title-en", "x" * 201, *TITLE[2:]),
            "words_too_long",
        ),
    ],
)
def test_what_cannot_be_said_of_a_case_is_told_and_nothing_is_said(
    desks: Sides, words: tuple[str, ...], code: str
) -> None:
    before = desks.a.ask("case", "list").result["total"]

    assert desks.a.act(*words).fault["code"] == code

    assert desks.a.ask("case", "list").result["total"] == before


def test_who_proposed_cannot_join_and_a_stranger_to_the_case_cannot_speak_in_it(desks: Sides) -> None:
    case = say(desks, desks.a, "case", "propose", "--item", "trade_secrets", *TITLE)

    assert desks.a.act("case", "join", case).fault["code"] == "not_writer"
    assert desks.b.act("case", "note", case, "--text", "x").fault["code"] == "wrong_state"


def test_a_trial_of_a_finding_signs_and_writes_nothing(desks: Sides) -> None:
    case = opened(desks)

    tried = desks.a.act("finding", "give", case, *HELD, "--dry-run")

    assert '"likelihood":"likely"' in tried.result["would_say"]
    assert desks.a.ask("case", "show", case).result["findings"] == []
    assert desks.a.ask("link", "sign").result["waiting"] == []
