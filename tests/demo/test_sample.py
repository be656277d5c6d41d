"""The sample of the demonstration: twenty inquiries, five banks, nothing live, nobody named."""

import re
from importlib.resources import files

from parley.demo.sample import BANKS, FAULTY, read_sample, read_sheet
from parley.gates.table.translate import Choices, Reason, Result, defang, read_file

TEXT = read_sheet("sites.csv").decode()


def test_the_sample_is_a_batch_of_twenty_inquiries_about_five_banks() -> None:
    inquiries = read_sample()

    assert [inquiry.number for inquiry in inquiries] == list(range(1, 21))
    assert 55 <= sum(len(inquiry.sites) for inquiry in inquiries) <= 65
    assert {inquiry.bank.zh: inquiry.bank.en for inquiry in inquiries} == BANKS
    assert all(2 <= len(inquiry.sites) <= 4 for inquiry in inquiries)


def test_every_row_is_ready_when_it_is_imported() -> None:
    sheet = read_file(TEXT.encode())

    assert {row.result for row in sheet.rows} == {Result.OK}
    assert [row.remarks for row in sheet.rows if row.remarks] == []
    assert sheet.ignored == ()
    assert sheet.remarks == ()


def test_no_address_of_the_sample_is_live_or_names_a_person() -> None:
    assert "@" not in TEXT
    assert re.search(r"h\s*t\s*t\s*p|ftp:", TEXT, re.IGNORECASE) is None
    for inquiry in read_sample():
        for site in inquiry.sites:
            assert defang(site.url) in TEXT
            assert "?" not in site.url


def test_the_sheet_of_a_bank_has_two_rows_for_a_person_and_one_doublet() -> None:
    sheet = read_file(read_sheet(FAULTY))

    assert sheet.encoding == "gb18030"
    assert {row.number: row.remark.reason for row in sheet.rows if row.remark is not None} == {
        2: Reason.TIME_WITHOUT_ZONE,
        5: Reason.ADDRESS_HAS_USER_NAME,
        11: Reason.DUPLICATE,
    }


def test_the_options_that_the_remarks_name_mend_the_sheet_of_a_bank() -> None:
    sheet = read_file(read_sheet(FAULTY), Choices(zone="+08:00", masked=frozenset({5})))

    assert len(sheet.having(Result.OK)) == 19
    assert len(sheet.having(Result.DROPPED)) == 1
    assert "login@" not in "".join(site.url for site in sheet.sites)


def test_the_licence_and_the_source_are_shipped_beside_the_sample() -> None:
    folder = files("parley.demo").joinpath("sample")

    assert folder.joinpath("LICENSE.Phishing.Database").read_text().startswith("MIT License")
    assert re.search(r"`[0-9a-f]{64}`", folder.joinpath("SOURCE.md").read_text(encoding="utf-8"))
