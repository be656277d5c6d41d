"""Limits: they are checked before anything is read at length, and nothing takes long."""

import time
from contextlib import suppress

import pytest

from parley.gates.table.translate import MAX_BYTES, Obstacle, SheetError, read_file, read_pasted
from tests.gates.table.sheets import HEADER, TIME, WHOLE, sheet_of


def obstacle(raw: bytes) -> Obstacle:
    with pytest.raises(SheetError) as caught:
        read_file(raw, WHOLE)
    return caught.value.obstacle


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", Obstacle.EMPTY),
        (b"\xef\xbb\xbf \r\n\t", Obstacle.EMPTY),
        (b"PK\x03\x04rest", Obstacle.NOT_TEXT),
        (b"\xd0\xcf\x11\xe0rest", Obstacle.NOT_TEXT),
        (b"%PDF-1.7", Obstacle.NOT_TEXT),
        ("url,bank".encode("utf-16-le"), Obstacle.NOT_TEXT),
        (b"a" * (10 * 1024 * 1024), Obstacle.TOO_LARGE),
        (b"\n" * 20_001, Obstacle.TOO_MANY_LINES),
        (f"{HEADER}{',x' * 62}\n".encode(), Obstacle.TOO_MANY_COLUMNS),
    ],
)
def test_an_input_that_cannot_be_read_says_why(raw: bytes, expected: Obstacle) -> None:
    assert obstacle(raw) is expected


def test_ten_megabytes_are_refused_unread() -> None:
    started = time.process_time()

    with pytest.raises(SheetError, match="expected 5242880 bytes, found 10485760 bytes"):
        read_file(b"\xff" * (10 * 1024 * 1024))

    assert time.process_time() - started < 0.1


def test_five_thousand_rows_are_read_and_one_more_is_not() -> None:
    lines = [f"http://h{n}.example/,Bank One,{TIME}" for n in range(5_001)]

    assert len(sheet_of(*lines[:5_000]).sites) == 5_000
    with pytest.raises(SheetError, match="too_many_rows"):
        sheet_of(*lines)
    with pytest.raises(SheetError, match="too_many_rows"):
        read_pasted(" ".join(f"http://h{n}.example/" for n in range(5_001)))


def test_sixty_four_columns_are_read() -> None:
    sheet = sheet_of(f"http://one.example/,Bank One,{TIME}", header=HEADER + ",x" * 61)

    assert len(sheet.header) == 64
    assert len(sheet.sites) == 1


UNITS = (
    "a,",
    ",",
    '"',
    '"",',
    '"\n',
    '""\n',
    '"a\n',
    "a.",
    "a[.]",
    "a@a.a ",
    "hxxp://",
    "http://a.b/,",
    "!",
    ")",
    " ",
    " [",
    "\t",
    "2026-11-02 ",
    "1 ",
    "%40",
    "[(",
    "银",
    "\u202e",
    "1.",
)


def seconds(text: str) -> float:
    """Return how long it takes to read `text` or to refuse it."""
    started = time.process_time()
    with suppress(SheetError):
        read_pasted(text, WHOLE)
    return time.process_time() - started


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("before", ["", f"{HEADER}\n"])
def test_long_inputs_of_one_kind_take_no_time(unit: str, before: str) -> None:
    assert seconds(before + unit * (262_144 // len(unit.encode()))) < 2


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["?", "a", "=a1", "%40", "a%2B", "@a.", "+-", "[.]", "QUFB", "&#;"])
def test_a_thousand_addresses_of_four_kibibytes_take_no_time(unit: str) -> None:
    address = ("http://one.example/?" + unit * 4_000)[:4_000]

    assert seconds("\n".join(f"{address}{number}" for number in range(1_000))) < 4


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_five_megabytes_of_anything_are_read_or_refused_in_good_time(unit: str) -> None:
    assert seconds(unit * ((MAX_BYTES - 200) // len(unit.encode()))) < 10


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("before", [f"{HEADER}\n", "http://one.example/", "1\thttp://a.example/\t", '"'])
def test_a_megabyte_of_anything_behind_anything_is_read_or_refused_in_good_time(
    unit: str, before: str
) -> None:
    # What takes two seconds here and grows with the square would take fifty with five megabytes.
    assert seconds(before + unit * (MAX_BYTES // 5 // len(unit.encode()))) < 2
