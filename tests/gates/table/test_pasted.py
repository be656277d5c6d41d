"""Pasted text: addresses are found in mails, lists and cells, and no line disappears."""

from dataclasses import replace

import pytest

from parley.gates.table.translate import Choices, Reason, Site, Skipped, read_pasted
from tests.gates.table.sheets import AT, TIME, WHOLE, outcome, pasted, reasons

MAIL = """Von: bank@bank.example
您好，以下钓鱼网站仿冒我行，请协助调查：
1、hxxp://www[.]bankone-safe[.]example/a（仿冒）
2. hxxps[:]//banktwo-hk(.)example:8443/a，
3  http://203.0.113[.]77/~b3/

> 见 (http://three.example/x) 和 <https://four.example/y>.
"""


def test_a_mail_gives_its_addresses_and_names_what_it_ignores() -> None:
    sheet = read_pasted(MAIL, WHOLE)

    assert [site.url for site in sheet.sites] == [
        "http://www.bankone-safe.example/a",
        "https://banktwo-hk.example:8443/a",
        "http://203.0.113.77/~b3/",
        "http://three.example/x",
        "https://four.example/y",
    ]
    assert [(each.line, each.skipped) for each in sheet.ignored] == [
        (1, Skipped.EMAIL_ADDRESS),
        (2, Skipped.PROSE),
        (6, Skipped.BLANK),
    ]
    assert [row.line for row in sheet.rows] == [3, 4, 5, 7, 7]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see http://one.example/a.", ("http://one.example/a",)),
        ("http://one.example/a...", ("http://one.example/a...",)),
        ("http://one.example/a,", ("http://one.example/a",)),
        ("see http://one.example/a, http://two.example/b", ("http://one.example/a", "http://two.example/b")),
        ("http://one.example/a,http://two.example/b", ("http://one.example/a", "http://two.example/b")),
        ("http://one.example/a,b", ("http://one.example/a,b",)),
        (
            "wiki http://one.example/a_(b) (http://two.example/)",
            ("http://one.example/a_(b)", "http://two.example/"),
        ),
        ("http://one.example/?to=http://two.example/", ("http://one.example/?to=http://two.example/",)),
        ("http://one.example/a`b|c{d}", ("http://one.example/a`b|c{d}",)),
        ("网址one.example，谢谢", ("one.example",)),
        ("go to one[.]example/login now", ("one.example/login",)),
        ("host one [dot] example", ("one.example",)),
        ("at 203.0.113[.]7:8080/x today", ("203.0.113.7:8080/x",)),
        ("- hxxp://one[.]example", ("http://one.example",)),
        ("report.pdf and done.Next and v1.2 and e.g. nothing", ()),
        ("mail one@two.example or one[@]two.example", ()),
        ("", ()),
    ],
)
def test_addresses_are_told_from_the_prose_around_them(text: str, found: tuple[str, ...]) -> None:
    assert pasted(f"x\n{text}") == found


@pytest.mark.parametrize(
    ("text", "cut"),
    [("见http://one.example/登录", "http://one.example/"), ("one.example/a查看", "one.example/a")],
)
def test_an_address_that_runs_into_chinese_needs_a_person(text: str, cut: str) -> None:
    (row,) = read_pasted(text, WHOLE).rows

    assert reasons(row) == (Reason.ADDRESS_END_UNSURE,)
    assert row.remark is not None
    assert row.remark.fixes == ("--keep 1",)
    kept = read_pasted(text, replace(WHOLE, kept=frozenset({1})))
    assert [site.url for site in kept.sites] == [cut]


def test_an_address_alone_in_its_line_may_hold_chinese() -> None:
    assert pasted("http://one.example/登录") == ("http://one.example/登录",)


def test_a_host_that_runs_into_chinese_ends_where_it_ends() -> None:
    assert pasted("请访问one.example查看") == ("one.example",)


def test_cells_without_a_header_are_a_row_if_a_tab_or_a_time_says_so() -> None:
    text = f"1\thttp://one.example/\t第一银行\t{TIME}\nhttp://two.example/,{TIME},Bank Two"

    sheet = read_pasted(text, Choices(target_brand="Bank One"))

    assert outcome(sheet) == ["ok", "ok"]
    assert [site.observed_at for site in sheet.sites] == [AT, AT]
    assert [note.text for note in sheet.sites[0].notes] == ["1", "第一银行"]


def test_a_table_is_a_table_pasted_or_not() -> None:
    sheet = read_pasted(f"网址\t银行\t发现时间\nhxxp://one[.]example/\t第一银行\t{TIME}\n")

    assert sheet.encoding is None
    assert sheet.header_line == 1
    assert isinstance(sheet.rows[0].item, Site)


def test_pasted_addresses_need_what_they_cannot_say() -> None:
    (row,) = read_pasted("http://one.example/").rows

    assert [remark.fixes for remark in row.remarks] == [("--brand NAME",), ("--observed-at TIME",)]


def test_rows_are_numbered_through_all_lines() -> None:
    sheet = read_pasted("http://a.example/ http://b.example/\nhttp://c.example/", WHOLE)

    assert [(row.number, row.line) for row in sheet.rows] == [(1, 1), (2, 1), (3, 2)]


def test_half_a_character_is_shown_as_broken() -> None:
    sheet = read_pasted("http://one.example/\ud83d", WHOLE)

    assert outcome(sheet)[0].startswith("needs")
