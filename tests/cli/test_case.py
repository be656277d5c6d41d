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


def test_show_tells_on_both_sides_who_said_and_signed_a_finding_and_its_answer(desks: Sides) -> None:
    case = opened(desks)
    first = say(desks, desks.a, "finding", "give", case, *HELD)
    say(desks, desks.b, "finding", "answer", first, "--position", "concurs")

    shown = [side.ask("case", "show", case).result for side in (desks.a, desks.b)]
    typed, in_chinese = (desks.b.type("case", "show", case, "--lang", lang).out for lang in ("en", "zh"))

    for one in shown:
        signed = {each["kind"]: (each["role"], each["officer"], each["signers"]) for each in one["timeline"]}
        assert signed["finding.given"] == signed["finding.answered"] == ("officer", 1, [1])
        assert signed["case.joined"] == ("officer", 1, [])
        (version,) = one["findings"][0]["versions"]
        assert (version["officer"], version["signers"], version["answer_signers"]) == (1, [1], [1])
    assert f"{first.replace('-', ' ')}, said by: officer 1 · signed by officer 1" in typed
    assert "answered by: officer 1 · signed by officer 1" in typed
    assert "theirs, officer 1; signed by officer 1" in typed
    assert "1号人员签署" in in_chinese


def test_a_case_is_printed_into_a_new_file_the_same_on_both_sides(desks: Sides, tmp_path: Path) -> None:
    case = opened(desks)
    say(desks, desks.a, "finding", "give", case, *HELD)
    files = [tmp_path / f"{lang}-{side.letter}.pdf" for lang in ("en", "zh") for side in (desks.a, desks.b)]

    for file, side in zip(files, (desks.a, desks.b) * 2, strict=True):
        typed = side.type("case", "print", case, str(file), "--lang", file.name[:2])
        assert typed.exit == 0, typed.err
    again = desks.a.ask("case", "print", case, str(files[0]))
    nothing = desks.a.ask("case", "print", "A-0", str(tmp_path / "none.pdf"))

    one, two, three, four = (file.read_bytes() for file in files)
    assert one.startswith(b"%PDF")
    assert (one == two, three == four, one == three) == (True, True, False)
    assert again.exit != 0
    assert files[0].read_bytes() == one
    assert nothing.fault["code"] == "no_case"
    assert not (tmp_path / "none.pdf").exists()


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
