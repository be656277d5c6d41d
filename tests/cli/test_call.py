"""parley call, typed word for word: a call from an inquiry to the word with which both sides end it."""

from pathlib import Path

import pytest

from tests.cli.side import Side, Sides

FIELDS = (
    *("--what", "service_attack", "--object", "ip:203.0.113.7", "--where", "B"),
    *("--since", "2026-11-02T08:00Z", "--by", "2026-11-02T10:00Z", "--ask", "stop_activity,confirm_or_deny"),
)
MEANT = ("--urgency", "U0", "--scope", "attack_in_progress")


def say(side: Side, *words: str) -> str:
    """Say something in a call that must be taken, and return the place of the statement."""
    said = side.act("call", *words)
    assert said.exit == 0, said.json
    return str(said.result["place"]).replace(" ", "-")


def called(sides: Sides) -> str:
    """Have A call B about an attack, and return the place of the call."""
    place = say(sides.a, "open", *MEANT, *FIELDS, "--text", "Your network attacks our clearing house.")
    sides.carry()
    return place


def test_a_call_is_opened_taken_read_back_talked_out_and_closed_by_both(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://phish.example/1"])
    call = say(sides.a, "open", "--urgency", "U0", "--inquiry", inquiry, *FIELDS)
    assert call.startswith("A-hot-")
    sides.carry()
    say(sides.b, "take", call, "--text", "Here is the desk of B.")

    wrong = ("--object", "ip:203.0.113.70", "--by", "2026-11-02T18:00Z")
    missed = sides.b.act("call", "read-back", call, *FIELDS, *wrong)
    sides.carry()
    asked = say(sides.a, "say", call, "--sort", "clarification", "--object", "ip:203.0.113.9")
    sides.carry()
    say(sides.b, "read-back", call, *FIELDS, "--object", "ip:203.0.113.9")
    say(sides.b, "say", asked, "--sort", "restraint", "--text", "Do not publish yet.", "--next-word", "+30m")
    say(sides.b, "close", call, "--ending", "answered")
    sides.carry()
    say(sides.a, "close", call, "--ending", "answered")
    sides.carry()

    assert "one character differs" in missed.err
    assert "another zone" in missed.err
    shown = [side.ask("call", "show", call).result for side in (sides.a, sides.b)]
    assert [each["call"]["state"] for each in shown] == ["closed", "closed"]
    assert shown[0]["account"] == shown[1]["account"]
    readings = [each["reading"] for each in shown[0]["timeline"] if each["reading"]]
    assert [each["misses"] for each in readings] == [["object", "when"], []]
    assert readings[0]["near"] == {"object": "one_off", "by": "zone"}
    assert shown[1]["call"]["inquiry_place"].replace(" ", "-") == inquiry
    cited = shown[1]["inquiry"]
    assert (cited["place"].replace(" ", "-"), cited["states"]) == (inquiry, {"sent": 1})
    assert [each["kind"] for each in cited["last"]] == ["inquiry.sent"]
    assert f"{cited['place']} · {cited['title']} · 1 sent" in sides.b.type("call", "show", call).out


def test_what_is_shown_stands_in_both_languages_whichever_is_asked_for(sides: Sides) -> None:
    call = called(sides)

    english, chinese = (sides.b.type("call", "show", call, "--lang", each).out for each in ("en", "zh"))

    for out in (english, chinese):
        assert "attack on a service\t攻击网络服务" in out
        assert "IP address 203[.]0[.]113[.]7\tIP 地址 203[.]0[.]113[.]7" in out
    assert "ladder" in english.casefold()
    assert "duty phone" in english
    assert "值班电话" in chinese
    assert "owed by us since" in english


def test_a_trial_says_what_would_be_said_and_nothing_is_written(sides: Sides) -> None:
    before = sides.a.ask("call", "list").result["total"]

    tried = sides.a.act("call", "open", *MEANT, *FIELDS, "--dry-run")

    assert tried.exit == 0
    assert '"k":"call.opened"' in tried.result["would_say"]
    assert "203.0.113.7" not in tried.result["would_say"]
    assert sides.a.ask("call", "list").result["total"] == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--object", "ip:203.0.113.400"), "object_not_read"),
        (("--object", "castle:7"), "not_read"),
        (("--by", "2026-11-02T10:00"), "time_without_zone"),
        (("--text", "word " * 201), "too_long"),
        (("--text", "字" * 401), "too_long"),
        (("--inquiry", "A-999"), "unknown_statement"),
        (("--scope", "curiosity"), "schema"),
        (("--urgency", "U9"), "not_read"),
        (("--what", "line_test"), "grounds"),
    ],
)
def test_what_cannot_be_called_about_is_told_and_nothing_is_said(
    sides: Sides, words: tuple[str, ...], code: str
) -> None:
    before = sides.a.ask("call", "list").result["total"]

    assert sides.a.act("call", "open", *MEANT, *FIELDS, *words).fault["code"] == code

    assert sides.a.ask("call", "list").result["total"] == before


def test_all_five_fields_are_said_or_those_that_lack_are_named(sides: Sides) -> None:
    fault = sides.a.act("call", "open", *MEANT, *FIELDS[:4]).fault

    assert fault["code"] == "missing_option"
    assert "where, ask" in fault["what"]


def test_only_the_called_side_reads_back_and_only_after_it_took_the_call(sides: Sides) -> None:
    call = called(sides)

    assert sides.a.act("call", "read-back", call, *FIELDS).fault["code"] == "not_writer"
    early = sides.b.act("call", "read-back", call, *FIELDS).fault

    assert early["code"] == "wrong_state"
    assert "parley call" in early["do"]


def test_a_minute_is_read_back_line_by_line(sides: Sides) -> None:
    call = called(sides)
    say(sides.b, "take", call)
    sides.carry()
    times = ("--since", "2026-11-02T09:10Z", "--until", "2026-11-02T09:20Z")
    minute = say(sides.a, "minute", call, *times, "--line", "B isolates the host.", "--line", "A waits.")
    sides.carry()

    wrong = sides.b.act("call", "read-back", minute, "--line", "B isolates a host.", "--line", "A waits.")
    say(sides.b, "read-back", minute, "--line", "B isolates the host.", "--line", "A waits.")
    say(sides.a, "read-back", call, "--line", "b  isolates the host.", "--line", "A waits.")
    sides.carry()

    assert "line 1" in wrong.err
    assert "line 2" not in wrong.err
    held = [each["holds"] for each in sides.b.ask("call", "show", call).result["timeline"]]
    assert True in held


def test_a_minute_has_no_more_than_five_lines_and_fields_are_no_minute(sides: Sides) -> None:
    call = called(sides)
    say(sides.b, "take", call)
    sides.carry()
    times = ("--since", "2026-11-02T09:10Z", "--until", "2026-11-02T09:20Z")
    lines = [word for n in range(6) for word in ("--line", f"Line {n}")]

    assert sides.a.act("call", "minute", call, *times, *lines).fault["code"] == "minute_lines"
    assert sides.a.act("call", "read-back", call, "--line", "Nothing").fault["code"] == "no_minute"


def test_the_list_says_who_owes_the_next_word(sides: Sides) -> None:
    call = called(sides).replace("-", " ")

    rows = {
        side.letter: {row["place"]: row for row in side.ask("call", "list", "--open").result["calls"]}[call]
        for side in (sides.a, sides.b)
    }

    assert (rows["A"]["owing"], rows["B"]["owing"]) == (["them"], ["us"])
    assert (rows["A"]["is_my_move"], rows["B"]["is_my_move"]) == (False, True)
    assert sides.a.ask("call", "list", "--after", "nowhere").fault["code"] == "no_such_place"


def test_a_call_is_found_by_its_registry_number_and_its_times_are_whole_minutes(sides: Sides) -> None:
    seconds = ("--since", "2026-11-02T08:00:31Z")
    say(sides.a, "open", *MEANT, *FIELDS, *seconds, "--ref", "HOT-2026-7")

    shown = sides.a.ask("call", "show", "HOT-2026-7").result

    assert shown["call"]["ref"] == "HOT-2026-7"
    assert shown["fields"]["since"] % 60 == 0


def test_an_inquiry_is_no_call(sides: Sides) -> None:
    inquiry = sides.import_sites(["https://phish.example/2"])

    assert sides.a.ask("call", "show", inquiry).fault["code"] == "no_call"


def test_a_call_is_handed_out_as_evidence_and_as_a_paper_to_read(sides: Sides, tmp_path: Path) -> None:
    call = called(sides)
    evidence, paper, chinese = (tmp_path / name for name in ("call.zip", "call.pdf", "zh.pdf"))

    written = sides.b.ask("call", "export", call, str(evidence))
    printed = sides.b.ask("call", "export", call, str(paper), "--pdf")
    sides.b.type("call", "export", call, str(chinese), "--pdf", "--lang", "zh")
    again = sides.b.ask("call", "export", call, str(paper), "--pdf")

    assert (written.result["bytes"], evidence.read_bytes()[:4]) == (evidence.stat().st_size, b"PK\x03\x04")
    assert (printed.result["bytes"], paper.read_bytes()[:5]) == (paper.stat().st_size, b"%PDF-")
    assert chinese.read_bytes() != paper.read_bytes()
    assert again.fault["code"] == "unwritable_file"
