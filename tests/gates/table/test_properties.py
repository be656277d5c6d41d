"""Whatever comes in: the module's own error or a sheet in which everything is accounted for."""

from hypothesis import given
from hypothesis import strategies as st

from parley.gates.table.translate import (
    Choices,
    Result,
    Sheet,
    SheetError,
    Site,
    Subject,
    read_file,
    read_pasted,
    result_of,
)
from parley.protocol.inquiries.codes import Type
from tests.gates.table.sheets import TIME, lines_of

CELLS = st.sampled_from(
    [
        "",
        "http://one.example/",
        "hxxp://two[.]example/a",
        "http://user@three.example/",
        "one.example",
        TIME,
        "2026-11-02 09:10",
        "11/2 09:10",
        "Bank One",
        "第一银行",
        "=1+1",
        '"',
        '"open',
        '"a,b"',
        '"two\nlines"',
        "网址",
        "url",
        "银行",
        "时间",
        "203.0.113.7",
        "a@b.example",
        "ownership",
        "\0",
        "\u202e",
        "\ufffd",
        "🎣",
        "sep=;",
        "x" * 9000,
    ]
) | st.text(max_size=12)
HEADERS = st.sampled_from(
    [
        "url,bank,time",
        "网址;被仿冒机构;发现时间",
        "时间\t银行\t链接\t备注",
        "subject,kind,questions",
        "no header",
        "",
    ]
)
CHOICES = st.builds(
    Choices,
    item_type=st.sampled_from(Type),
    zone=st.sampled_from([None, "+08:00"]),
    observed_at=st.sampled_from([None, TIME]),
    target_brand=st.sampled_from([None, "Bank One"]),
    masked=st.frozensets(st.integers(0, 6)),
    kept=st.frozensets(st.integers(0, 6)),
    own_sites=st.frozensets(st.sampled_from(["one.example", "", "http://", "银行.example"])),
    now=st.sampled_from([None, 0, 2**40]),
)


@st.composite
def sheets(draw: st.DrawFn) -> str:
    header = draw(HEADERS)
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    rows = draw(st.lists(st.lists(CELLS, max_size=5).map(delimiter.join), max_size=8))
    return end.join([header, *rows])


def check(sheet: Sheet, choices: Choices) -> None:
    lines = lines_of(sheet)
    assert lines == list(range(1, len(lines) + 1))
    assert [row.number for row in sheet.rows] == list(range(1, len(sheet.rows) + 1))
    wanted = Site if choices.item_type is Type.PHISHING_SITE else Subject
    for row in sheet.rows:
        assert (row.item is not None) == (row.result is Result.OK)
        assert (row.remark is None) == (row.result is Result.OK and not row.remarks)
        assert all(result_of(remark.reason) is Result.OK for remark in row.remarks) == (
            row.result is Result.OK
        )
        assert row.item is None or isinstance(row.item, wanted)
        if isinstance(row.item, Site):
            assert row.item.url
            assert row.item.host
            assert row.item.target_brand
            assert row.item.observed_at > 0
        if isinstance(row.item, Subject):
            assert row.item.value
            assert row.item.questions


@given(st.binary() | sheets().map(str.encode), CHOICES)
def test_any_bytes_give_a_sheet_or_the_modules_own_error(raw: bytes, choices: Choices) -> None:
    try:
        sheet = read_file(raw, choices)
    except SheetError:
        return
    check(sheet, choices)


@given(st.text(st.characters()) | sheets(), CHOICES)
def test_any_text_gives_a_sheet_or_the_modules_own_error(text: str, choices: Choices) -> None:
    try:
        sheet = read_pasted(text, choices)
    except SheetError:
        return
    check(sheet, choices)


@given(sheets(), st.sampled_from(["utf-8-sig", "utf-16", "gb18030"]))
def test_the_encoding_does_not_change_what_is_found(text: str, codec: str) -> None:
    try:
        expected = read_pasted(text)
        found = read_file(text.encode(codec, "replace"))
    except SheetError:
        return

    # What GB18030 wrote may be valid UTF-8 by chance; then there is nothing to tell them apart.
    if codec != "gb18030" or found.encoding == "gb18030" or text.isascii():
        assert found.rows == expected.rows


@given(st.lists(st.integers(0, 9), max_size=12))
def test_one_address_is_ready_once_however_often_it_is_there(numbers: list[int]) -> None:
    text = "\n".join(["url,bank,time", *(f"http://h{n}.example/,Bank One,{TIME}" for n in numbers)])

    sheet = read_file(text.encode())

    assert [site.host for site in sheet.sites] == [f"h{n}.example" for n in dict.fromkeys(numbers)]
    assert len(sheet.rows) == len(numbers)
