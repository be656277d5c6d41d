"""Rows: what a site needs, what an officer chooses, and that no row spoils another."""

import pytest

from parley.gates.table.translate import Choices, Notice, Reason, Result, Site, read_file
from tests.gates.table.sheets import HEADER, TIME, outcome, reasons, row_of, sheet_of, site_row


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f",Bank One,{TIME}", Reason.ADDRESS_MISSING),
        (f"http://one.example/,,{TIME}", Reason.BRAND_MISSING),
        ("http://one.example/,Bank One,", Reason.TIME_MISSING),
    ],
)
def test_a_site_needs_an_address_a_brand_and_a_time(line: str, reason: Reason) -> None:
    row = row_of(line)

    assert (row.result, row.item) == (Result.NEEDS, None)
    assert reasons(row) == (reason,)


def test_all_that_a_row_lacks_is_said_at_once() -> None:
    row = row_of("http://user@one.example/,,2026-11-02 09:10")

    assert set(reasons(row)) == {
        Reason.ADDRESS_HAS_USER_NAME,
        Reason.BRAND_MISSING,
        Reason.TIME_WITHOUT_ZONE,
    }


def test_a_brand_for_all_is_taken_where_a_row_states_none() -> None:
    sheet = sheet_of(
        f"http://one.example/,,{TIME}",
        f"http://two.example/,Bank Two,{TIME}",
        choices=Choices(target_brand="Bank One"),
    )

    assert [site.target_brand for site in sheet.sites] == ["Bank One", "Bank Two"]


def test_the_later_doublet_is_dropped_even_if_the_first_row_needs_a_person() -> None:
    sheet = sheet_of("http://one.example/,Bank One,", f"hxxp://one[.]example,Bank One,{TIME}")

    assert outcome(sheet) == ["needs time_missing", "dropped duplicate"]


def test_a_doublet_is_taken_if_the_officer_keeps_it() -> None:
    lines = (f"http://one.example/,Bank One,{TIME}", f"http://one.example/,Bank Two,{TIME}")

    assert [row.result for row in sheet_of(*lines).rows] == [Result.OK, Result.DROPPED]
    kept = sheet_of(*lines, choices=Choices(kept=frozenset({2})))
    assert outcome(kept) == ["ok", "ok taken_as_it_stands"]


def test_addresses_that_only_differ_in_what_was_masked_are_doublets() -> None:
    sheet = sheet_of(
        f"http://one.example/,Bank One,{TIME}",
        f"http://user@one.example/,Bank One,{TIME}",
        choices=Choices(masked=frozenset({2})),
    )

    assert outcome(sheet) == ["ok", "dropped duplicate address_masked"]


@pytest.mark.parametrize("own", ["bank.example", "https://www.bank.example/", "BANK.example."])
def test_an_own_site_is_dropped_with_the_hosts_below_it(own: str) -> None:
    choices = Choices(own_sites=frozenset({own}))

    assert site_row("http://login.bank.example/a", choices=choices).result is Result.DROPPED
    assert site_row("http://bank.example/", choices=choices).result is Result.DROPPED
    assert site_row("http://mybank.example/", choices=choices).result is Result.OK
    assert site_row("http://bank.example.evil.example/", choices=choices).result is Result.OK


def test_the_user_name_in_front_does_not_make_a_site_the_banks_own() -> None:
    choices = Choices(own_sites=frozenset({"bank.example"}), kept=frozenset({1}))

    row = site_row("http://bank.example@evil.example/", choices=choices)

    assert [remark.text for remark in row.remarks] == ["address_has_user_name"]


def test_a_row_without_any_address_cannot_be_taken_as_it_stands() -> None:
    row = row_of("http://!\thttp://!,Bank One,", choices=Choices(kept=frozenset({1})))

    assert row.item is None
    assert row.result is not Result.OK


def test_a_kept_row_still_needs_what_is_missing() -> None:
    row = row_of("http://user@one.example/,Bank One,", choices=Choices(kept=frozenset({1})))

    assert reasons(row) == (Reason.TIME_MISSING, Reason.TAKEN_AS_IT_STANDS)
    assert row.result is Result.NEEDS


def test_a_choice_that_changed_nothing_is_told() -> None:
    choices = Choices(masked=frozenset({1, 9}), kept=frozenset({1}))

    sheet = sheet_of(f"http://one.example/,Bank One,{TIME}", choices=choices)

    assert [(remark.notice, remark.text) for remark in sheet.remarks] == [
        (Notice.CHOICE_WITHOUT_EFFECT, "--mask 1"),
        (Notice.CHOICE_WITHOUT_EFFECT, "--mask 9"),
        (Notice.CHOICE_WITHOUT_EFFECT, "--keep 1"),
    ]


def test_particulars_are_typed_where_they_can_be_read() -> None:
    row = row_of(
        f"http://one.example/,Bank One,{TIME},已失效,203.0.113[.]7,Host Ltd,Names Ltd,1 200人,7,3",
        header=f"{HEADER},状态,IP地址,托管商,注册商,受害人数,协查请求,序号",
    )

    assert isinstance(row.item, Site)
    assert row.item.state is not None
    assert (row.item.state.value, row.item.ip) == ("down", "203.0.113.7")
    assert (row.item.hosting_provider, row.item.registrar) == ("Host Ltd", "Names Ltd")
    assert (row.item.victims, [note.text for note in row.item.notes]) == (None, ["1 200人"])
    assert (row.group, row.serial) == ("7", "3")


def test_a_cell_of_more_than_eight_kibibytes_stops_its_own_row_alone() -> None:
    sheet = sheet_of(
        f"http://one.example/,{'x' * 8193},{TIME}",
        f"http://two.example/,{'x' * 8192},{TIME}",
    )

    assert outcome(sheet) == ["needs cell_too_long", "ok"]
    assert len(sheet.rows[0].remarks[0].text) <= 200


def test_cells_that_may_have_moved_are_not_judged() -> None:
    row = row_of(f"http://user@one.example/a,b,Bank One,{TIME}")

    assert reasons(row) == (Reason.EXTRA_CELLS,)


def test_a_cell_that_was_neutralised_on_the_way_out_is_restored_on_the_way_in() -> None:
    row = row_of(f"http://one.example/,'=Bank,{TIME}")

    assert isinstance(row.item, Site)
    assert row.item.target_brand == "=Bank"


def test_a_heading_is_safe_to_show_like_everything_else() -> None:
    sheet = sheet_of(
        f"http://one.example/,Bank One,{TIME},x", header=f"{HEADER},\x1b[2Jhttp://two.example\u202e"
    )

    assert [column.text for column in sheet.header][3] == "<U+001B>[2Jhxxp://two.example<U+202E>"


def test_hosts_are_counted_apart_from_addresses() -> None:
    sheet = sheet_of(
        f"http://one.example/a,Bank One,{TIME}",
        f"http://ONE.example/b,Bank One,{TIME}",
        f"http://two.example/,Bank One,{TIME}",
    )

    assert (len(sheet.sites), len(sheet.hosts)) == (3, 2)


def test_a_single_bad_byte_in_a_chinese_file_does_not_change_its_encoding() -> None:
    good = "\n".join(f"http://{n}.example/,第一银行,{TIME}" for n in range(20))
    raw = f"{HEADER}\n{good}\n".encode() + b"http://bad.example/,\xff\xfe," + TIME.encode()

    sheet = read_file(raw)

    assert sheet.encoding == "utf-8"
    assert outcome(sheet) == ["ok"] * 20 + ["needs undecodable"]
