"""Addresses that were really reported: none is lost, none is changed, no row spoils another.

The lists lie beside the checkout where the project is built. The list of links has a licence,
so a part of it is shipped and stands in for it elsewhere; the labelled one has none.
"""

import csv
import gzip
from itertools import islice
from pathlib import Path
from typing import Final

import pytest

from parley.demo.sample import read_sheet
from parley.gates.table.translate import Choices, Reason, Result, defang, read_file, read_pasted, refang
from tests.gates.table.sheets import AT, WHOLE

SHARED: Final = Path(__file__).resolve().parents[4] / "shared" / "data"
LINKS: Final = SHARED / "phishing-links.txt"
LABELLED: Final = SHARED / "phishing-labelled.csv.gz"
PAGE: Final = 5_000
PERSONAL: Final = {
    Reason.ADDRESS_HAS_USER_NAME,
    Reason.ADDRESS_HAS_EMAIL,
    Reason.ADDRESS_HAS_LONG_VALUE,
    Reason.DUPLICATE,
}


def reported() -> list[str]:
    """Return every address of the list, or of the shipped sample where the list is not at hand."""
    if LINKS.exists():
        return LINKS.read_text(encoding="utf-8").splitlines()
    return [refang(line.split(",")[3]) for line in read_sheet("sites.csv").decode().splitlines()[1:]]


def pages() -> list[list[str]]:
    links = reported()
    return [links[at : at + PAGE] for at in range(0, len(links), PAGE)]


@pytest.mark.slow
def test_every_reported_address_pasted_one_a_line_is_one_row_with_its_own_bytes() -> None:
    for page in pages():
        sheet = read_pasted("\n".join(page), WHOLE)

        # A comma at the end of a line, or before a scheme, divides a list; two links have one.
        found = {row.cells[0].text for row in sheet.rows}
        assert found >= {address for address in page if not address.endswith(",")}
        assert len(page) <= len(sheet.rows) <= len(page) + 1
        assert {remark.reason for row in sheet.rows for remark in row.remarks} <= PERSONAL


@pytest.mark.slow
def test_every_reported_address_in_a_file_defanged_comes_back_with_its_own_bytes() -> None:
    for page in pages():
        lines = [f'"{defang(address)}",Bank One,{AT}' for address in page]

        sheet = read_file("\n".join(["url,bank,time", *lines]).encode("gb18030"))

        assert len(sheet.rows) == len(page)
        assert {site.url for site in sheet.sites} <= set(page)
        reasons = [remark.reason for row in sheet.rows for remark in row.remarks]
        assert set(reasons) <= PERSONAL | {Reason.SEVERAL_ADDRESSES}
        assert reasons.count(Reason.SEVERAL_ADDRESSES) <= 1


@pytest.mark.slow
def test_masking_every_row_leaves_nothing_that_needs_a_person() -> None:
    choices = Choices(observed_at=str(AT), target_brand="Bank One", masked=frozenset(range(1, PAGE + 1)))
    for page in pages():
        sheet = read_pasted("\n".join(page), choices)

        assert sheet.having(Result.NEEDS) == ()


@pytest.mark.slow
def test_a_labelled_list_of_five_years_is_imported_as_it_is() -> None:
    if not LABELLED.exists():
        pytest.skip(f"{LABELLED.name} has no licence and is not shipped; it is not beside this checkout")
    with gzip.open(LABELLED, "rt", encoding="utf-8", newline="") as file:
        head, *rows = islice(csv.reader(file), 0, None, 25)

    for page in (rows[at : at + 4_000] for at in range(0, len(rows), 4_000)):
        lines = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in (head, *page))
        sheet = read_file(lines.encode(), Choices(zone="+09:00"))

        assert len(sheet.rows) == len(page)
        assert len(sheet.having(Result.NEEDS)) < len(page) / 50
        assert all(row.remarks for row in sheet.having(Result.NEEDS))
