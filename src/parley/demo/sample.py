"""Twenty inquiries about sites that pose as five banks: real addresses, read as a bank's sheet is read.

The sheets lie beside this page in `sample/`, defanged; what is real in them and what is made
up is told in `sample/SOURCE.md`. Nothing named in them is ever opened, resolved or fetched.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import Final

from parley.gates.table.translate import Choices, Row, Site, read_file

# Neutral names: the addresses show whom they really pose as, and no bank has a part in this.
BANKS: Final[Mapping[str, str]] = {
    "第一银行": "Bank One",
    "第二银行": "Bank Two",
    "第三银行": "Bank Three",
    "第四银行": "Bank Four",
    "第五银行": "Bank Five",
}

# The second sheet is made to show an import: row 2 states no zone, row 5 holds a user name, and
# row 11 repeats row 1.
FAULTY: Final = "sites-gb18030.csv"
_SITES: Final = "sites.csv"
_PASTED: Final = ("被仿冒机构", "网址", "发现时间", "网站状态")


class SampleError(Exception):
    """The sheet that was shipped is not the one that the demonstration needs: row, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A bank under its neutral name, in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleInquiry:
    """One inquiry of the batch, numbered from 1, about the sites that pose as one bank."""

    number: int
    bank: Bank
    sites: tuple[Site, ...]


def read_sample() -> tuple[SampleInquiry, ...]:
    """Return the batch in order.

    Raises:
        SampleError: a row is not ready, belongs to no inquiry, or to one about another bank.
    """
    sheet = read_file(read_sheet(_SITES), Choices())
    by_number = groupby(((_number(row), _site(row)) for row in sheet.rows), key=lambda each: each[0])
    return tuple(_inquiry(number, tuple(site for _, site in group)) for number, group in by_number)


def read_sheet(name: str = FAULTY) -> bytes:
    """Return the bytes of a sheet of the sample, as a bank would hand it over."""
    return files("parley.demo").joinpath("sample", name).read_bytes()


def twenty() -> bytes:
    """Return the first site of each inquiry, as somebody copies cells of a sheet: headings, tabs, UTF-8."""
    rows = list(csv.DictReader(read_sheet(_SITES).decode().splitlines()))
    first = {row["协查请求"]: row for row in reversed(rows)}
    chosen = [row for row in rows if first[row["协查请求"]] is row]
    lines = [_PASTED, *([row[name] for name in _PASTED] for row in chosen)]
    return "".join("\t".join(line) + "\n" for line in lines).encode()


def _inquiry(number: int, sites: tuple[Site, ...]) -> SampleInquiry:
    brands = {site.target_brand for site in sites}
    if len(brands) != 1 or not brands <= BANKS.keys():
        raise SampleError(f"inquiry {number} is to be about one of the five banks, and is about {brands}")
    (brand,) = brands
    return SampleInquiry(number=number, bank=Bank(en=BANKS[brand], zh=brand), sites=sites)


def _number(row: Row) -> int:
    if row.group is None or not row.group.isdecimal():
        raise SampleError(f"row {row.number} is to have the number of an inquiry, and has {row.group!r}")
    return int(row.group)


def _site(row: Row) -> Site:
    if not isinstance(row.item, Site):
        raise SampleError(f"row {row.number} is to be a site that is ready, and is {row.result.value}")
    return row.item
