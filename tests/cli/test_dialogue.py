"""parley commitment, concern, round, outcome, typed word for word on both sides."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.work import clock
from tests.cli.side import SECRET, Answer, Side, Sides, make_sides
from tests.two_nodes.persons import enrol

WORK = ("--en", "B answers within 20 working days.", "--zh", "乙方在二十个工作日内答复。")
OTHER = ("--en", "Experts meet in December 2026.", "--zh", "专家于2026年12月会晤。")
MEASURE = ("--measure-en", "Nine of ten come in time.", "--measure-zh", "十份答复中有九份按时。")
PROMISE = (*WORK, *MEASURE, "--owner", "B")
GUEST = ("--en", "In the guest house.", "--zh", "在宾馆。")
WHEN = ("--host", "A", "--begins", "2027-03-01T09:00+08:00", "--ends", "2027-03-02T17:00+08:00")


@pytest.fixture(name="table", scope="module")
def fixture_table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Two linked nodes; each has two persons who sign for it."""
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    for side in (sides.a, sides.b):
        added = side.ask("officer", "add", "second", "--secret-file", str(side.secret))
        assert added.exit == 0, added.json
        for number, role in ((1, "head"), (2, "principal")):
            enrol(side.home, number, secret=SECRET, now=clock.now(), roles=(role,))
    sides.carry()
    yield sides
    sides.stop()


def said(sides: Sides, side: Side, *words: str) -> str:
    """Say what must be taken, carry it, and return its place."""
    answer = side.act(*words)
    assert answer.exit == 0, answer.json
    sides.carry()
    return str(answer.result["place"]).replace(" ", "-")


def shown(side: Side, noun: str, place: str) -> Any:  # noqa: ANN401 - a test looks into it as it likes
    return side.ask(noun, "show", place).result


def second(side: Side, draft: int) -> Answer:
    return side.ask("link", "sign", str(draft), "--as", "second", "--secret-file", str(side.secret))


def test_a_commitment_is_made_by_both_reported_on_and_fulfilled_by_the_word_of_both(table: Sides) -> None:
    a, b = table.a, table.b
    place = said(table, a, "commitment", "propose", *PROMISE, "--due", "+30d", "--ref", "2026-9")
    proposed = shown(b, "commitment", place)
    said(table, b, "commitment", "agree", place)
    report = said(table, b, "commitment", "report", place, "--standing", "fulfilled", "--evidence", place)
    alone = b.act("commitment", "confirm", report)
    said(table, a, "commitment", "confirm", report)

    ours, theirs = shown(a, "commitment", "2026-9"), shown(b, "commitment", place)

    assert (proposed["row"]["is_my_move"], proposed["row"]["owed"]["us"]) == (True, {"answer": 1})
    assert proposed["row"]["text_zh"] == WORK[3]
    assert alone.fault["code"] == "not_writer"
    assert ours["row"]["state"] == theirs["row"]["state"] == "fulfilled"
    assert ours["digest"] == theirs["digest"]
    assert ours["statements"][2]["said"]["evidence"] == [ours["row"]["statement"]]
    assert f"shown by {place.replace('-', ' ')}" in a.type("commitment", "show", place).out


def test_a_concern_is_raised_answered_and_settled_under_its_commitment(table: Sides) -> None:
    a, b = table.a, table.b
    place = said(table, a, "commitment", "propose", *PROMISE)
    said(table, b, "commitment", "agree", place)
    concern = said(table, a, "concern", "raise", place, "--text", "Nothing has come.")
    said(table, b, "concern", "answer", concern, "--text", "It comes on Monday.")
    nobody = a.act("concern", "escalate", concern, "--call", place)
    said(table, a, "concern", "settle", concern)

    told = shown(b, "commitment", place)

    assert told["row"]["concerns"] == {"settled": 1}
    assert [each["words"] for each in told["statements"][2:4]] == ["Nothing has come.", "It comes on Monday."]
    assert nobody.fault["code"] == "no_call"


def test_what_is_late_is_listed_and_a_commitment_is_carried_to_the_next_round(table: Sides) -> None:
    a, b = table.a, table.b
    place = said(table, a, "commitment", "propose", *PROMISE, "--due", "2026-01-01T00:00Z")
    said(table, b, "commitment", "agree", place)
    late = [row["place"] for row in a.ask("commitment", "list", "--overdue").result["commitments"]]
    meeting = said(table, a, "round", "propose", *GUEST, *WHEN, "--number", "3")
    carried = said(table, b, "commitment", "carry", place, "--round", meeting, "--due", "+90d")
    said(table, a, "commitment", "agree", carried)

    row = shown(b, "commitment", place)["row"]
    stands = f"promised under no round; now under round 3 ({meeting.replace('-', ' ')})"

    assert late == [place.replace("-", " ")]
    assert (row["is_carried"], row["is_overdue"]) == (True, False)
    assert row["round"] == shown(a, "round", meeting)["row"]["statement"]
    assert a.ask("commitment", "list", "--overdue").result["commitments"] == []
    assert stands in b.type("commitment", "show", place).out
    assert stands in a.type("commitment", "list").out


def test_a_round_has_a_plan_an_agenda_delegations_and_a_next_one(table: Sides) -> None:
    a, b = table.a, table.b
    meeting = said(table, a, "round", "propose", *GUEST, *WHEN, "--number", "4")
    said(table, b, "round", "agree", meeting)
    item = said(table, b, "round", "item", meeting, *OTHER, "--source", "commitment")
    said(table, a, "round", "agree", item)
    said(table, a, "round", "delegate", meeting, "--chair", "vice_minister", "--member", "vice_minister=1")
    said(table, b, "round", "state", item, "--text", "A view.")
    group = said(table, b, "round", "group", meeting, *OTHER, "--group", "experts")
    said(table, a, "round", "agree", group)
    decided = said(table, a, "round", "decide", meeting, *OTHER)
    said(table, b, "round", "decline", decided, "--text", "Later.")
    later = ("--host", "B", "--begins", "2027-09-01T09:00Z", "--ends", "2027-09-02T09:00Z")
    following = said(table, b, "round", "next", meeting, *GUEST, *later)
    said(table, a, "round", "agree", following)
    for side in (a, b):
        said(table, side, "round", "close", meeting)

    told = shown(b, "round", meeting)

    state = told["state"]
    assert (told["row"]["state"], told["row"]["items"], told["row"]["next_host"]) == ("closed", 1, "us")
    assert [each["status"] for each in state["decisions"]] == ["declined"]
    assert state["delegations"]["a.example"]["members"] == [["vice_minister", 1]]
    assert told["digest"] == shown(a, "round", meeting)["digest"]
    assert "4" in a.type("round", "list").out


def test_a_round_is_told_in_words_with_its_agenda_who_comes_and_what_is_next(table: Sides) -> None:
    (meeting,) = [each for each in table.a.ask("round", "list").result["rounds"] if each["number"] == 4]
    typed = table.b.type("round", "show", str(meeting["place"]).replace(" ", "-")).out

    lines = [re.sub(r"^[AB] \d+; ", "", line.strip()) for line in typed.splitlines()]

    texts = [*OTHER[1::2]]
    assert lines[lines.index("Agenda:") + 1 :][:3] == ["commitment", *texts]
    assert lines[lines.index("Reports of working groups:") + 1 :][:3] == ["experts", *texts]
    assert "Delegation, theirs: co-chair: vice-minister; vice-minister × 1" in lines
    assert lines[lines.index("The next round:") + 1 :][:2] == ["2027-09-01 09:00Z", GUEST[1]]


def test_a_list_is_negotiated_clause_by_clause_and_frozen_by_two_persons_of_each_side(table: Sides) -> None:
    a, b = table.a, table.b
    meeting = said(table, a, "round", "propose", *GUEST, *WHEN, "--number", "5")
    said(table, b, "round", "agree", meeting)
    empty = a.act("outcome", "freeze", meeting, "--release", "+1d")
    unequal = a.act("outcome", "clause", meeting, "--place", "1", *WORK[:3], "乙方在三十个工作日内答复。")
    first = said(table, a, "outcome", "clause", meeting, "--place", "1", *WORK)
    amended = said(table, b, "outcome", "amend", first, "--place", "2", *OTHER)
    said(table, a, "outcome", "agree", amended)
    release = "2030-01-01T00:00Z"
    for side in (a, b):
        prepared = side.act("outcome", "freeze", meeting, "--release", release)
        assert prepared.exit == 5, prepared.json
        signed = second(side, prepared.result["draft"])
        assert signed.exit == 0, signed.json
        table.carry()

    early = a.act("outcome", "release", meeting)
    hidden = a.ask("outcome", "write", meeting, str(a.folder / "public"))
    ordered, back, nothing = (a.act("outcome", each, meeting) for each in ("schedule", *2 * ("unschedule",)))
    ours, theirs = (side.ask("outcome", "show", meeting).result for side in (a, b))

    assert empty.fault["code"] == "empty_list"
    assert unequal.fault["code"] == "unequal_languages"
    assert unequal.fault["what"].endswith(": only in English: 20; only in Chinese: 30.")
    assert ours == theirs | {"may": ours["may"]}
    assert (ours["outcome"], ours["clauses"][0]["en"]) == ("frozen", OTHER[1])
    assert "outcome.released" not in ours["may"]
    assert (early.fault["code"], hidden.fault["code"]) == ("not_yet", "not_released")
    assert (ordered.exit, ordered.result["release"]) == (0, 1_893_456_000)
    assert (back.exit, nothing.fault["code"]) == (0, "not_scheduled")


def test_a_list_is_shown_with_every_wording_and_what_each_side_froze(table: Sides) -> None:
    (meeting,) = [each for each in table.b.ask("round", "list").result["rounds"] if each["number"] == 5]
    place = str(meeting["place"]).replace(" ", "-")

    found = table.b.ask("outcome", "show", place).result
    lines = [line.strip() for line in table.b.type("outcome", "show", place).out.splitlines()]

    first, amended = (each["statement_place"] for each in found["offers"])
    assert f"1; {first}; theirs; another wording stands for it" in lines
    instead = lines.index(f"2; {amended}; ours; instead of {first}; agreed by both")
    assert lines[instead + 1 :][:2] == [*OTHER[1::2]]
    frozen = f"frozen, to be made public at 2030-01-01T00:00:00Z; digest {found['digest']}"
    assert {f"ours: {frozen}", f"theirs: {frozen}"} <= set(lines)
    assert found["clauses"][0]["id"] == found["offers"][0]["statement"]


def test_a_list_is_printed_the_same_on_both_nodes_once_both_have_frozen_it(
    table: Sides, tmp_path: Path
) -> None:
    meeting = str(table.a.ask("round", "list").result["rounds"][0]["place"]).replace(" ", "-")
    copies = {
        (side.letter, *words): (
            side.ask("outcome", "print", meeting, str(tmp_path / name), *words),
            tmp_path / name,
        )
        for side in (table.a, table.b)
        for words in (("--first", "A"), ("--first", "B"), ("--press", "zh"))
        for name in ("".join((side.letter, *words)) + ".pdf",)
    }
    unknown = table.a.ask("outcome", "print", meeting, str(tmp_path / "x.pdf"), "--first", "C")
    bytes_of = {key: path.read_bytes() for key, (said, path) in copies.items() if said.exit == 0}

    assert len(bytes_of) == 6
    assert all(bytes_of["A", how, copy] == bytes_of["B", how, copy] for _side, how, copy in bytes_of)
    assert len(set(bytes_of.values())) == 3
    assert (unknown.exit, unknown.fault["code"]) == (2, "unknown_copy")


def test_how_it_stands_is_said_in_seven_lines_and_five(table: Sides) -> None:
    said = table.a.ask("round", "summary").result
    shown = table.a.type("round", "summary", "--lang", "zh").out

    assert (len(said["seven"]), len(said["five"])) == (7, 5)
    assert "round 5" in said["seven"][3]["text"]
    assert "本轮对话" in shown


def test_a_text_in_one_language_is_none_and_what_is_no_commitment_is_said_so(table: Sides) -> None:
    one = table.a.act("commitment", "propose", *PROMISE[:3], "in English", *MEASURE, "--owner", "B")
    none = table.a.act("commitment", "agree", "A-0")

    assert one.fault["code"] == "bad_text"
    assert none.fault["code"] == "no_dialogue"
