"""parley inquiry import: a table becomes inquiries; every row is accounted for; nothing leaves by mistake."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.cli.side import ASKING, Answer, Sides

pytestmark = pytest.mark.slow

numbers = count(1)
HEADER = "序号,协查请求,被仿冒机构,网址,发现时间\n"


def host() -> str:
    return f"i{next(numbers)}.example"


def imported(sides: Sides, text: str | bytes, *more: str) -> Answer:
    sheet = sides.a.folder / "import.csv"
    sheet.write_bytes(text.encode() if isinstance(text, str) else text)
    return sides.a.act("inquiry", "import", str(sheet), *ASKING, "--want", "confirm", *more)


def size(sides: Sides) -> int:
    return int(sides.a.ask("link", "status").result["links"][0]["my_size"])


def row(
    bank: str = "第一银行", *, group: str = "", address: str = "", time: str = "2026-11-02 09:10 +08:00"
) -> str:
    return f"1,{group},{bank},{address or host()},{time}\n"


def results(said: Answer) -> list[tuple[int, str, list[str]]]:
    rows: list[dict[str, Any]] = said.result["rows"]
    return [(each["row"], each["result"], [remark["code"] for remark in each["remarks"]]) for each in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_in_any_of_the_usual_encodings_becomes_inquiries(sides: Sides, encoding: str) -> None:
    text = HEADER + row() + row("第二银行") + row()

    said = imported(sides, text.encode(encoding))
    sides.carry()

    assert said.exit == 0, said.json
    assert [each["items"] for each in said.result["inquiries"]] == [2, 1]
    shown = sides.b.show(said.result["inquiries"][0]["place"])
    assert shown["letter"]["title"]["text"] == "2 sites that pose as 第一银行"
    assert [item["brand"] for item in shown["items"]] == ["第一银行"] * 2
    assert shown["items"][0]["observed_at"] == 1_793_581_800


def test_a_time_without_a_zone_is_refused_with_the_option_that_mends_it(sides: Sides) -> None:
    text = HEADER + row(time="2026-11-02 09:10") + row()
    before = size(sides)

    refused = imported(sides, text)
    mended = imported(sides, text, "--zone", "+08:00", "--dry-run")

    assert refused.exit == 2
    assert results(refused)[0] == (1, "needs", ["time_without_zone"])
    assert refused.result["rows"][0]["remarks"][0]["fixes"] == ["--zone +08:00"]
    assert mended.exit == 0
    assert size(sides) == before


def test_a_row_that_needs_a_person_stops_all_until_it_is_left_out(sides: Sides) -> None:
    text = HEADER + row() + row(address="not an address") + row()
    before = size(sides)

    stopped = imported(sides, text)
    assert (stopped.exit, size(sides)) == (2, before)
    sent = imported(sides, text, "--leave-out", "2")

    assert stopped.result["needs"] == 1
    assert "--leave-out 2" in stopped.err
    assert [result for _row, result, _codes in results(sent)] == ["ok", "left_out", "ok"]
    assert sent.result["inquiries"][0]["items"] == 2


def test_personal_details_in_an_address_are_asked_about_and_masked(sides: Sides) -> None:
    address = f"http://victim@{host()}/?email=a.b@mail.example"
    text = HEADER + row(address=address)

    asked = imported(sides, text)
    sent = imported(sides, text, "--mask", "1")
    sides.carry()

    assert results(asked) == [(1, "needs", ["address_has_user_name", "address_has_email"])]
    (item,) = sides.b.show(sent.result["inquiries"][0]["place"])["items"]
    assert "victim" not in item["url"]
    assert "mail.example" not in item["url"]


def test_the_same_site_twice_is_sent_once(sides: Sides) -> None:
    name = host()
    text = HEADER + row(address=f"hxxp://{name}/a") + row(address=f"http://{name.upper()}:80/a")

    said = imported(sides, text)

    assert results(said)[1] == (2, "dropped", ["duplicate"])
    assert said.result["inquiries"][0]["items"] == 1


def test_a_site_that_was_asked_before_needs_a_word(sides: Sides) -> None:
    name = host()
    first = imported(sides, HEADER + row(address=f"http://{name}/login"))
    text = HEADER + row(address=f"hxxp://{name}:80/login") + row()

    again = imported(sides, text)
    sent = imported(sides, text, "--again", "1")

    assert first.exit == 0
    assert results(again)[0] == (1, "needs", ["asked_before"])
    assert sent.exit == 0
    assert sent.result["inquiries"][0]["items"] == 2


def test_a_withdrawn_site_may_be_asked_again(sides: Sides) -> None:
    name = host()
    first = imported(sides, HEADER + row(address=f"http://{name}/"))
    place = first.result["inquiries"][0]["place"].replace(" ", "-")
    sides.a.say("withdraw", place, "--reason", "sent_in_error")

    assert imported(sides, HEADER + row(address=f"http://{name}/")).exit == 0


@pytest.mark.parametrize(
    ("group", "sizes"), [((), [1, 2]), (("--group", "none"), [3]), (("--group", "bank"), [2, 1])]
)
def test_rows_are_grouped_by_their_column_by_bank_or_not(
    sides: Sides, group: tuple[str, ...], sizes: list[int]
) -> None:
    text = HEADER + row(group="7") + row(group="8") + row("第二银行", group="8")

    said = imported(sides, text, *group, "--dry-run")

    assert [each["items"] for each in said.result["inquiries"]] == sizes


def test_a_batch_is_a_label_on_each_and_is_sent_once(sides: Sides) -> None:
    text = HEADER + row(group="1") + row(group="2")

    said = imported(sides, text, "--batch", "A-2026-17", "--key", "batch")
    size_after = size(sides)
    repeated = imported(sides, text, "--batch", "A-2026-17", "--key", "batch")
    other = imported(sides, HEADER + row(), "--batch", "A-2026-17")

    places = [each["place"] for each in said.result["inquiries"]]
    assert [each["ref"] for each in said.result["inquiries"]] == ["A-2026-17/1", "A-2026-17/2"]
    assert repeated.exit == 0, repeated.json
    assert [each["place"] for each in repeated.result["inquiries"]] == places
    assert size(sides) == size_after
    assert (other.exit, other.fault["code"]) == (8, "batch_exists")
    listed = sides.a.ask("inquiry", "list", "--batch", "A-2026-17").result
    assert [(each["batch_ref"], each["batch_count"]) for each in listed["inquiries"]] == [
        ("A-2026-17", 2)
    ] * 2


def test_what_the_terms_require_is_asked_for_by_option(sides: Sides) -> None:
    sheet = sides.a.folder / "bare.csv"
    sheet.write_text(HEADER + row(), encoding="utf-8")

    said = sides.a.act(
        *("inquiry", "import", str(sheet), "--item", "fraud_phishing", "--urgency", "U1", "--want", "confirm")
    )

    assert (said.exit, said.fault["code"]) == (2, "missing_option")
    assert said.fault["do"] == "Add --purpose, --legal-basis, --urgency-reason."


@pytest.mark.parametrize(
    ("more", "exit_code", "code"),
    [
        (("--want", "everything"), 2, "not_read"),
        (("--urgency", "U7"), 2, "not_read"),
        (("--tlp", "PINK"), 2, "not_read"),
        (("--item", "copyright"), 3, "outside_items"),
        (("--ref", "编号"), 2, "ref_not_taken"),
        (("--zone", "CST"), 2, "choice_not_read"),
        (("--link", "a-c"), 4, "unknown_link"),
        (("--leave-out", "1"), 2, "no_rows"),
    ],
)
def test_what_cannot_be_sent_has_a_code(
    sides: Sides, more: tuple[str, ...], exit_code: int, code: str
) -> None:
    before = size(sides)

    said = imported(sides, HEADER + row(), *more)

    assert (said.exit, said.fault["code"]) == (exit_code, code), said.json
    assert size(sides) == before


@pytest.mark.parametrize(("text", "code"), [(b"", "empty"), (b"%PDF-1.7", "not_text")])
def test_a_file_that_is_no_table_is_named(sides: Sides, text: bytes, code: str) -> None:
    said = imported(sides, text)

    assert (said.exit, said.fault["code"]) == (2, code)


def test_a_file_that_is_not_there_is_named(sides: Sides) -> None:
    said = sides.a.act("inquiry", "import", "nowhere.csv", *ASKING, "--want", "confirm")

    assert (said.exit, said.fault["code"]) == (4, "unreadable_file")


def test_questions_about_subjects_are_inquiries_too(sides: Sides) -> None:
    text = "subject,kind,question\n192.0.2.7,ip,subscriber\n+1-555-0100,phone,ownership\n"
    more = ("--type", "information", "--facts", "calls in the name of a bank")

    said = imported(
        sides, text, *more, "--observed-at", "2026-11-02T09:10Z", "--want", "subscriber,information"
    )
    sides.carry()

    assert said.exit == 0, said.json
    shown = sides.b.show(said.result["inquiries"][0]["place"])
    assert [(item["subject_kind"], item["subject"]) for item in shown["items"]] == [
        ("ip", "192.0.2.7"),
        ("phone", "+1-555-0100"),
    ]
    assert sides.a.type("inquiry", "show", said.result["inquiries"][0]["place"]).exit == 0


def test_a_dry_run_tells_what_would_be_due_and_sends_nothing(sides: Sides) -> None:
    before = size(sides)
    sheet: Path = sides.a.folder / "dry.csv"
    sheet.write_text(HEADER + row(), encoding="utf-8")

    said = sides.a.type(
        *("inquiry", "import", str(sheet), *ASKING, "--want", "confirm,mitigate", "--dry-run"),
        *("--as", sides.a.officer, "--secret-file", str(sides.a.secret)),
    )

    assert said.exit == 0
    assert "Would send: 1 site that poses as 第一银行" in said.out
    assert "mitigate 20" in said.out
    assert said.out.endswith("Nothing was sent. Nothing was fetched.\n")
    assert said.err.startswith(f"Reading {sheet} … UTF-8, 1 row, header 序号/")
    assert size(sides) == before
