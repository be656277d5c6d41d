"""parley inquiry on two real nodes: every kind of statement, and what is refused."""

from itertools import count
from pathlib import Path

import pytest

from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.protocol.act import read_id
from parley.protocol.inquiries.bodies import CLASSES
from parley.work import clock
from tests.cli.side import LINK, SECRET, Side, Sides
from tests.two_nodes.persons import enrol, signed_by

pytestmark = pytest.mark.slow

hosts = count(1)


def new_urls(number: int) -> list[str]:
    return [f"http://s{next(hosts)}.example/login" for _ in range(number)]


def new_inquiry(sides: Sides, *, items: int = 2, wants: str = "confirm,mitigate") -> str:
    return sides.import_sites(new_urls(items), wants=wants)


def kinds(side: Side) -> set[str]:
    (link,) = side.ask("record", "show").result["links"]
    return {entry["kind"] for entry in link["entries"] if entry["verdict"] == "valid"}


def digests(sides: Sides) -> set[str]:
    return {side.ask("record", "show").result["links"][0]["digest"] for side in (sides.a, sides.b)}


def _say_everything(sides: Sides, first: str, second: str, *, third: str) -> None:
    a, b = sides.a, sides.b
    b.say("acknowledge", first)
    b.say("admit", first)
    b.say("progress", first, "--code", "awaiting_provider")
    b.say("return", first, "--items", "1", "--field", "url=not_reproducible")
    b.say("extend", first, "--items", "0", "--clock", "evidence", "--until", "+90d", "--reason", "volume")
    b.say("refer", second, "--items", "1", "--to", "other_authority")
    condition = b.say("condition", second, "--items", "0", "--condition", "confidential", "--due", "+9d")
    sides.carry()
    a.say("supply", first, "--field", "1:url=http://elsewhere.example/")
    a.say("agree", first)
    a.say("ask-status", first)
    a.say("undertake", condition)
    sides.carry()
    b.say("answer", first, "--finding", "0,1=mitigated:blocked@2026-11-02T09:10Z", "--text", "blocked")
    b.say("condition", second, "--items", "0", "--condition", "this_case_only", "--due", "+9d")
    b.say("postpone", third, "--ground", "P01", "--until", "+20d")
    sides.carry()
    _say_the_rest(sides, first, second, third=third)


def _say_the_rest(sides: Sides, first: str, second: str, *, third: str) -> None:
    a, b = sides.a, sides.b
    a.say("decline", second)
    a.say("refuse-time", third)
    sides.carry()
    refusal = b.say("refuse", second, "--ground", "G21")
    b.say("correct", refusal, "--finding", "0,1=no_data")
    sides.carry()
    a.say("rate", first, "--timely", "3", "--complete", "3", "--usable", "2", "--understandable", "3")
    a.say("notify-outcome", first, "--outcome", "prosecuted")
    a.say("close", first)
    a.say("withdraw", third, "--reason", "solved")
    a.say("dispute", refusal, "--ground", "completeness")
    sides.carry()


def test_every_kind_is_said_and_both_hold_the_same_record(sides: Sides) -> None:
    a, b = sides.a, sides.b
    first, second, third = (new_inquiry(sides) for _ in range(3))
    _say_everything(sides, first, second, third=third)

    assert kinds(a) == kinds(b) == {*CLASSES, "link.opened", "received"}
    assert len(digests(sides)) == 1
    assert [b.states(inquiry) for inquiry in (first, second, third)] == [
        ["answered", "answered"],
        ["answered", "answered"],
        ["withdrawn", "withdrawn"],
    ]
    for side in (a, b):
        compared = side.ask("record", "rebuild", "--compare")
        assert (compared.exit, compared.result["differences"]) == (0, [])


ASKER = (
    ("ask-status",),
    ("withdraw", "--reason", "solved"),
    ("rate", "--timely", "1", "--complete", "1", "--usable", "1", "--understandable", "1"),
    ("notify-outcome", "--outcome", "closed"),
    ("close",),
)
ASKED = (
    ("acknowledge",),
    ("admit",),
    ("return", "--field", "url=unclear"),
    ("progress",),
    ("refer", "--to", "third_state"),
    ("condition", "--condition", "confidential", "--due", "+1d"),
    ("postpone", "--ground", "P02", "--until", "+1d"),
    ("extend", "--clock", "admit", "--until", "+1d", "--reason", "staff"),
    ("answer", "--finding", "0=confirmed"),
    ("refuse", "--ground", "G01"),
)


@pytest.fixture(name="one", scope="module")
def fixture_one(sides: Sides) -> str:
    """One inquiry that nobody answers."""
    return new_inquiry(sides)


@pytest.mark.parametrize("words", [*ASKER, *ASKED], ids=lambda words: words[0])
def test_the_other_side_cannot_say_it(sides: Sides, one: str, words: tuple[str, ...]) -> None:
    wrong = sides.b if words in ASKER else sides.a
    before = wrong.ask("link", "status").result["links"][0]["my_size"]

    said = wrong.act("inquiry", words[0], one, *words[1:])

    assert (said.exit, said.fault["code"]) == (3, "not_writer")
    assert wrong.ask("link", "status").result["links"][0]["my_size"] == before


@pytest.mark.parametrize("verb", ["supply", "undertake", "decline", "agree", "refuse-time", "correct"])
def test_a_reply_needs_something_to_reply_to(sides: Sides, one: str, verb: str) -> None:
    side = sides.b if verb == "correct" else sides.a

    said = side.act("inquiry", verb, one, *(["--text", "here"] if verb == "supply" else []))

    assert (said.exit, said.fault["code"]) == (3, "nothing_to_answer")


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        ("admit {one} --items 7", 4, "no_target"),
        ("admit {one} --items x", 2, "not_read"),
        ("admit A-9999", 4, "unknown_statement"),
        ("admit nothing", 4, "unknown_statement"),
        ("admit A-0", 4, "no_inquiry"),
        ("admit {one} --link a-c", 4, "unknown_link"),
        ("answer {one}", 2, "missing_option"),
        ("answer {one} --finding 0=gone", 2, "not_read"),
        ("answer {one} --finding 0=confirmed@2026-11-02T09:10", 2, "time_without_zone"),
        ("answer {one} --finding 0=duplicate_of:A-9999/0", 4, "unknown_statement"),
        ("answer {one} --file {one}.csv", 2, "not_read"),
        ("refuse {one} --ground G99", 2, "not_read"),
        ("refuse {one}", 2, "usage"),
        ("return {one}", 2, "missing_option"),
        ("return {one} --field url=wrong", 2, "not_read"),
        ("extend {one} --clock acknowledge --until +1d --reason staff", 2, "schema"),
        ("postpone {one} --ground P09 --until +1d", 2, "usage"),
        ("postpone {one} --ground P01 --until tomorrow", 2, "not_read"),
        ("admit {one} --itemz 0", 2, "usage"),
    ],
)
def test_what_cannot_be_said_has_a_code_and_is_not_said(
    sides: Sides, one: str, words: str, exit_code: int, code: str
) -> None:
    before = sides.b.ask("link", "status").result["links"][0]["my_size"]

    said = sides.b.act("inquiry", *words.format(one=one).split())

    assert (said.exit, said.fault["code"]) == (exit_code, code), said.json
    assert sides.b.ask("link", "status").result["links"][0]["my_size"] == before


def test_an_item_that_is_final_is_not_moved_again(sides: Sides) -> None:
    inquiry = new_inquiry(sides, items=1)
    sides.b.say("refuse", inquiry, "--ground", "G13")

    said = sides.b.act("inquiry", "answer", inquiry, "--finding", "0=confirmed")

    assert (said.exit, said.fault["code"]) == (3, "wrong_state")


def test_without_a_terminal_the_missing_option_is_named(sides: Sides, one: str) -> None:
    secret = sides.b.ask("inquiry", "acknowledge", one, "--as", sides.b.officer)
    who = sides.b.ask("inquiry", "acknowledge", one, "--secret-file", str(sides.b.secret))

    assert (secret.exit, secret.fault["code"]) == (2, "missing_option")
    assert "--secret-file" in secret.fault["do"]
    assert who.exit == 2
    assert "--as" in who.fault["what"]


def test_a_viewer_says_nothing(sides: Sides, one: str) -> None:
    secret = str(sides.b.secret)
    sides.b.ask("officer", "add", "onlooker", "--role", "viewer", "--secret-file", secret)

    said = sides.b.ask("inquiry", "acknowledge", one, "--as", "onlooker", "--secret-file", secret)

    assert (said.exit, said.fault["code"]) == (3, "viewer")


def test_a_dry_run_shows_the_act_and_says_nothing(sides: Sides, one: str) -> None:
    before = sides.b.ask("link", "status").result["links"][0]["my_size"]

    said = sides.b.act("inquiry", "acknowledge", one, "--dry-run", "--text", "seen")
    refused = sides.b.act("inquiry", "close", one, "--dry-run")

    assert said.exit == 0
    assert '"k":"inquiry.acknowledged"' in said.result["would_say"]
    assert said.result["words"] == '{"text":{"lang":"en","text":"seen"}}'
    assert (refused.exit, refused.fault["code"]) == (3, "not_writer")
    assert sides.b.ask("link", "status").result["links"][0]["my_size"] == before


def test_only_what_is_proved_is_claimed(sides: Sides) -> None:
    inquiry = new_inquiry(sides)

    saved = sides.b.act("inquiry", "acknowledge", inquiry)
    waited = sides.b.act("inquiry", "progress", inquiry, "--wait", "1")
    plain = sides.b.type(
        *("inquiry", "admit", inquiry, "--as", sides.b.officer, "--secret-file", str(sides.b.secret))
    )
    sides.carry()

    assert (saved.exit, saved.result["saved"], saved.result["at_their_node"]) == (0, True, False)
    assert (waited.exit, waited.result["at_their_node"]) == (5, False)
    assert plain.out.endswith(" saved.\n")
    assert "sent" not in plain.out
    assert "no receipt" in plain.err
    timeline = sides.b.show(inquiry)["timeline"]
    assert [event["kind"] for event in timeline if event["letter"] == "B"] == [
        "inquiry.acknowledged",
        "inquiry.progressed",
        "inquiry.admitted",
    ]


def test_the_same_key_says_it_once(sides: Sides) -> None:
    inquiry = new_inquiry(sides)

    places = {sides.b.say("progress", inquiry, "--key", f"once-{inquiry}") for _ in range(2)}

    assert len(places) == 1


def test_answers_come_from_a_table(sides: Sides) -> None:
    inquiry = new_inquiry(sides, items=4, wants="confirm")
    other = new_inquiry(sides, items=1)
    table = sides.b.folder / "answers.csv"
    table.write_text(
        "事项,结论,措施,时间,重复事项,备注\n"
        "0-1,mitigated,content_removed,2026-11-02T17:10+08:00,,已请托管商删除\n"
        f"2,duplicate_of,,,{other}/0,\n"
        "3,not_visible_from_here,,,,\n",
        encoding="gb18030",
    )

    sides.b.say("answer", inquiry, "--file", str(table))
    sides.carry()

    items = sides.a.show(inquiry)["items"]
    assert [item["state"] for item in items] == ["answered"] * 4
    assert items[0]["findings"][0]["at"] == 1_793_610_600
    assert items[2]["findings"][0]["of"]["n"] == 0
    answer = sides.a.show(inquiry)["timeline"][-1]
    assert answer["words"]["notes"] == [
        [0, {"language": "zh-Hans", "text": "已请托管商删除"}],
        [1, {"language": "zh-Hans", "text": "已请托管商删除"}],
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n0,confirmed\n", "not_read"),
        ("item,finding\n0,gone\n", "not_read"),
        ("item,finding,at\n0,confirmed,2026-11-02 09:10\n", "time_without_zone"),
        ("\x00" * 50, "not_read"),
    ],
)
def test_a_table_of_answers_is_taken_whole_or_not_at_all(
    sides: Sides, one: str, text: str, code: str
) -> None:
    table = sides.b.folder / "wrong.csv"
    table.write_text(text, encoding="utf-8")

    said = sides.b.act("inquiry", "answer", one, "--file", str(table), "--finding", "1=confirmed")

    assert (said.exit, said.fault["code"]) == (2, code)


def test_a_withdrawal_that_crosses_an_answer_is_told(sides: Sides) -> None:
    inquiry = new_inquiry(sides, items=1, wants="confirm")
    sides.a.say("withdraw", inquiry, "--reason", "solved")
    sides.b.say("answer", inquiry, "--finding", "0=confirmed")
    sides.carry()

    for side in (sides.a, sides.b):
        (item,) = side.show(inquiry)["items"]
        assert (item["state"], item["crossed"]) == ("answered", True)
    assert "answered (crossed)" in sides.a.type("inquiry", "show", inquiry).out


def test_show_tells_on_both_sides_who_signed_with_a_key_of_their_own(sides: Sides) -> None:
    place = new_inquiry(sides, items=1)
    found = {each["place"]: each["statement"] for each in sides.a.show(place)["timeline"]}
    on = read_id(found[place.replace("-", " ")])
    enrol(sides.b.home, 1, secret=SECRET, now=clock.now())
    said = Draft(id="signed", link=LINK, kind="inquiry.acknowledged", d={}, re=on, role="officer", officer=1)
    (outcome,) = append(sides.b.home, [signed_by(sides.b.home, said, 1, secret=SECRET, now=clock.now())])
    sides.carry()

    shown = {each["kind"]: each["signers"] for each in sides.a.show(place)["timeline"]}
    typed = [side.type("inquiry", "show", place).out for side in (sides.a, sides.b)]

    assert isinstance(outcome, Appended)
    assert shown == {"inquiry.sent": [], "inquiry.acknowledged": [1]}
    assert [text.count("; signed by officer 1") for text in typed] == [1, 1]


def test_of_two_open_returns_the_one_that_is_meant_must_be_named(sides: Sides) -> None:
    inquiry = new_inquiry(sides, items=2)
    for item in "01":
        sides.b.say("return", inquiry, "--items", item, "--field", "url=unclear")
    sides.carry()

    said = sides.a.act("inquiry", "supply", inquiry, "--text", "here")
    first = said.fault["what"].split(": ")[1].split(",")[0].rstrip(".")
    sides.a.say("supply", first, "--text", "here")
    sides.carry()

    assert (said.exit, said.fault["code"]) == (2, "several_statements")
    assert sorted(sides.b.states(inquiry)) == ["returned", "sent"]


def test_a_statement_id_that_begins_with_a_dash_is_no_option(sides: Sides) -> None:
    said = sides.b.act("inquiry", "admit", "-" + "A" * 42)

    assert (said.exit, said.fault["code"]) == (4, "unknown_statement")


def test_addresses_are_shown_defanged(sides: Sides, one: str) -> None:
    shown = sides.b.type("inquiry", "show", one).out

    assert "hxxp://s" in shown
    assert "http://" not in shown


def test_lists_say_what_they_count(sides: Sides, one: str) -> None:
    new_inquiry(sides)

    listed = sides.b.type("inquiry", "list", "--mine", "--limit", "1")
    chinese = sides.b.type("inquiry", "list", "--lang", "zh")

    assert "inquir" in listed.out.splitlines()[-1]
    assert "item" in listed.out.splitlines()[-1]
    assert "--after" in listed.err
    assert chinese.exit == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--direction", "ours"),
        ("--direction", "theirs", "--standing", "open"),
        ("--standing", "settled"),
        ("--standing", "closed"),
        ("--state", "answered"),
        ("--overdue",),
        ("--batch", "X-1"),
        ("--urgency", "U3", "--link", "a-b"),
    ],
    ids=" ".join,
)
def test_a_list_takes_filters(sides: Sides, words: tuple[str, ...]) -> None:
    ours = sides.a.ask("inquiry", "list", *words).result
    theirs = sides.b.ask("inquiry", "list", *words).result

    assert ours["total"] == len(ours["inquiries"]) or ours["after"]
    if "--direction" in words and "theirs" in words:
        assert ours["total"] == 0
        assert theirs["total"] > 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--after", "nowhere"), "no_such_place"),
        (("list", "--link", "a-c"), "unknown_link"),
        (("show", "A-9999"), "unknown_statement"),
        (("show", "A-0"), "no_inquiry"),
    ],
)
def test_what_is_not_there_is_named(sides: Sides, words: tuple[str, ...], code: str) -> None:
    assert sides.a.ask("inquiry", *words).fault["code"] == code


# ---- On paper


def test_a_letter_is_written_once_in_both_languages_and_an_answer_once_there_is_one(
    sides: Sides, tmp_path: Path
) -> None:
    inquiry = sides.import_sites(["https://phish.example/2"], wants="confirm")
    sides.carry()
    files = {name: tmp_path / f"{name}.pdf" for name in ("letter", "chinese", "early", "answer")}

    written = sides.b.ask("inquiry", "letter", inquiry, str(files["letter"]))
    sides.b.type("inquiry", "letter", inquiry, str(files["chinese"]), "--lang", "zh")
    again = sides.b.ask("inquiry", "letter", inquiry, str(files["letter"]))
    early = sides.a.ask("inquiry", "letter", inquiry, str(files["early"]), "--answer")
    sides.b.say("acknowledge", inquiry)
    sides.b.say("admit", inquiry)
    sides.b.say("answer", inquiry, "--finding", "0=confirmed")
    sides.b.ask("inquiry", "letter", inquiry, str(files["answer"]), "--answer")

    assert written.result["bytes"] == files["letter"].stat().st_size
    assert files["chinese"].read_bytes() == files["letter"].read_bytes()
    assert again.fault["code"] == "unwritable_file"
    assert (early.fault["code"], files["early"].exists()) == ("not_answered", False)
    assert files["answer"].read_bytes()[:5] == b"%PDF-"
    assert sides.a.ask("inquiry", "letter", "A-0", str(files["early"])).fault["code"] == "no_inquiry"
