"""Files as they really come: every row of every one is what this table says, and no row spoils another."""

from pathlib import Path
from typing import Final

import pytest

from parley.gates.table.translate import Choices, Site, SiteState, Skipped, read_file
from tests.gates.table.sheets import ABOUT_SUBJECTS, AT, lines_of, outcome

CORPUS: Final = Path(__file__).parent / "corpus"

EXPECTED: Final = {
    "broken-gb18030.csv": ("gb18030", ["needs undecodable", "ok"]),
    "broken-utf-8.csv": ("utf-8", ["needs undecodable", "ok"]),
    "cells-of-several-lines.csv": ("utf-8", ["ok", "needs several_addresses", "ok"]),
    "chinese-semicolon-bom.csv": ("utf-8-bom", ["ok", "ok", "needs zone_not_read", "needs zone_conflict"]),
    "column-twice.csv": ("utf-8", ["ok"]),
    "date-and-clock.csv": (
        "utf-8",
        [
            "ok",
            "needs time_without_zone",
            "needs time_without_clock",
            "needs time_without_year time_without_zone",
            "needs time_order_unclear time_without_zone",
        ],
    ),
    "direction-override.csv": (
        "utf-8",
        ["needs hidden_character", "needs hidden_character", "needs hidden_character", "ok"],
    ),
    "doublets.csv": (
        "utf-8",
        ["ok", "dropped duplicate", "ok", "dropped duplicate", "ok", "dropped own_site"],
    ),
    "embedded-nul.csv": ("utf-8", ["needs control_character", "needs control_character", "ok"]),
    "emoji.csv": ("utf-8", ["ok"]),
    "english-comma.csv": ("utf-8", ["ok", "ok", "ok kept_as_note kept_as_note kept_as_note"]),
    "formulas.csv": ("utf-8", ["needs address_not_read", "ok", "ok"]),
    "full-width.csv": ("utf-8", ["ok", "needs address_not_read time_without_zone"]),
    "gb18030.csv": ("gb18030", ["ok", "needs time_without_zone"]),
    "mixed-line-ends.csv": ("utf-8", ["ok", "ok", "ok"]),
    "one-column.csv": (
        "utf-8",
        ["needs brand_missing time_missing", "needs address_not_read brand_missing time_missing"],
    ),
    "open-quotes.csv": ("utf-8", ["needs quote_open", "needs quote_open", "ok", "ok", "needs quote_open"]),
    "personal.csv": (
        "utf-8",
        [
            "needs address_has_user_name",
            "needs address_has_email",
            "needs address_has_email address_has_long_value",
            "ok address_has_long_value",
            "ok",
        ],
    ),
    "sep-line.csv": ("utf-8", ["ok"]),
    "subjects.csv": (
        "utf-8",
        [
            "ok",
            "needs time_missing",
            "ok",
            "ok",
            "needs subject_kind_missing",
            "needs question_unknown",
            "needs subject_kind_unknown",
            "needs subject_not_read",
            "needs question_missing",
        ],
    ),
    "title-pages-total.csv": ("utf-8", ["ok", "ok", "needs address_not_read time_missing"]),
    "too-many-and-too-few-cells.csv": (
        "utf-8",
        ["needs extra_cells", "needs time_missing", "needs address_missing", "ok"],
    ),
    "utf-16-be-tab.csv": ("utf-16-be", ["ok"]),
    "utf-16-le-tab.csv": ("utf-16-le", ["ok"]),
    "zone-in-heading.csv": ("utf-8", ["ok", "ok"]),
}


def test_the_table_lists_the_whole_corpus() -> None:
    assert set(EXPECTED) == {path.name for path in CORPUS.glob("*.csv")}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_row_is_what_the_table_says(name: str) -> None:
    choices = ABOUT_SUBJECTS if name == "subjects.csv" else Choices()

    sheet = read_file((CORPUS / name).read_bytes(), choices)

    assert (sheet.encoding, outcome(sheet)) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_line_is_accounted_for(name: str) -> None:
    raw = (CORPUS / name).read_bytes()

    sheet = read_file(raw)

    lines = lines_of(sheet)
    assert lines == list(range(1, len(lines) + 1))
    assert [row.number for row in sheet.rows] == list(range(1, len(sheet.rows) + 1))


def test_columns_are_read_in_any_order_and_unknown_ones_are_kept_as_notes() -> None:
    sheet = read_file((CORPUS / "english-comma.csv").read_bytes())

    first, _, third = sheet.sites
    assert first == Site(
        url="http://www.one.example/a",
        host="www.one.example",
        key="http://www.one.example/a",
        masked=False,
        observed_at=AT,
        target_brand="Bank One",
        state=SiteState.ACTIVE,
        victims=12,
        screenshot="ab" * 32,
        notes=first.notes,
    )
    assert [(note.column, note.text) for note in first.notes] == [("Ticket", "T-1")]
    assert [remark.text for remark in sheet.remarks] == ["Ticket"]
    assert third.target_brand == "Bank, Three"
    assert {note.text for note in third.notes} == {"sometimes", "many", "shot.png"}


def test_the_same_moment_in_three_notations_is_the_same_second() -> None:
    sheet = read_file((CORPUS / "english-comma.csv").read_bytes())

    assert {site.observed_at for site in sheet.sites} == {AT}


def test_characters_beyond_the_common_ones_survive_gb18030() -> None:
    sheet = read_file((CORPUS / "gb18030.csv").read_bytes())

    assert sheet.sites[0].note == "丂〇\U00020000"
    assert sheet.sites[0].target_brand == "第一银行"


def test_a_delimiter_that_the_file_names_itself_is_believed() -> None:
    sheet = read_file((CORPUS / "sep-line.csv").read_bytes())

    assert sheet.delimiter == ";"
    assert sheet.sites[0].url == "http://one.example/a,b"
    assert [each.skipped for each in sheet.ignored] == [Skipped.SEPARATOR_LINE]


def test_what_stands_around_the_rows_is_ignored_by_name() -> None:
    sheet = read_file((CORPUS / "title-pages-total.csv").read_bytes())

    assert [(each.line, each.skipped) for each in sheet.ignored] == [
        (1, Skipped.ABOVE_HEADER),
        (2, Skipped.BLANK),
        (5, Skipped.BLANK),
        (6, Skipped.HEADER_AGAIN),
    ]


def test_a_doublet_names_the_row_that_stays() -> None:
    sheet = read_file((CORPUS / "doublets.csv").read_bytes())

    named = {row.number: row.remark.of for row in sheet.rows if row.remark and row.remark.of}
    assert named == {2: 1, 4: 3}


def test_an_open_quote_quotes_its_own_line_and_no_other() -> None:
    sheet = read_file((CORPUS / "open-quotes.csv").read_bytes())

    assert [(row.line, row.last_line) for row in sheet.rows] == [(2, 2), (3, 3), (4, 4), (5, 5), (6, 6)]
    assert [site.target_brand for site in sheet.sites] == ['Bank "One"', 'Bank "One"']


def test_nothing_that_is_shown_is_a_live_link_or_hides_anything() -> None:
    for path in CORPUS.glob("*.csv"):
        for row in read_file(path.read_bytes()).rows:
            for remark in row.remarks:
                assert "http:" not in remark.text
                assert "https:" not in remark.text
                assert remark.text.isprintable() or "\ufffd" in remark.text
