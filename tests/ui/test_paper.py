"""Papers: the same bytes for the same words, nothing hidden, nothing dropped, nothing that was not given."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from parley.ui.paper.blocks import Block, Facts, Heading, Lang, Paper, Paragraph, Table, Words
from parley.ui.paper.glyphs import BREAK, FONTS, characters, printable
from parley.ui.paper.printing import printed

NASTY: Final = {
    "markup of the renderer": '*bold* #read("/etc/passwd") $x^2$ @ref <label> = head \\ // no /* no */ `raw`',
    "turned around": "\u202egnp.exe \u2067abc\u2069",
    "right to left": "שלום مرحبا",
    "control characters": "a\x00b\x07c\x1bd\x7fe\x9f",
    "emoji": "😀👨\u200d👩\u200d👧🇦🇧",
    "marks upon marks": "a" + "\u0301" * 50 + "b",
    "half of a pair": "\ud800 \udfff",
    "outside the font": "𠮷 ᚠ ฿ ₿",
    "private use": "\ue000\uf8ff\U000f0000",
    "Chinese signs": "“你好”，（世界）《书》——……、；：？！【】〈〉「」％￥",
    "braces of a template": "{{ 7*7 }} {% now %} {n} {of}",
    "line ends": "one\r\ntwo\u2028three\u0085four\tfive",
}


def paper(*blocks: Block, lang: Lang = "en", title: str = "Title 标题") -> Paper:
    return Paper(
        title=title,
        lang=lang,
        running="REAL 实战",
        foot="Digest: 0011 … eeff",
        at=1_790_000_000,
        marking="TLP:RED",
        blocks=blocks,
    )


def read(file: bytes) -> str:
    """Return what stands in the file, without white space and places to break."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    return re.sub(rf"[\s{BREAK}]", "", text)


def bare(text: str) -> str:
    return re.sub(rf"[\s{BREAK}]", "", printable(text))


@contextmanager
def elsewhere(folder: Path) -> Iterator[None]:
    """Work in another folder, in another zone of time."""
    here, zone = Path.cwd(), os.environ.get("TZ")
    os.chdir(folder)
    os.environ["TZ"] = "Asia/Shanghai"
    try:
        yield
    finally:
        os.chdir(here)
        del os.environ["TZ"]
        os.environ |= {} if zone is None else {"TZ": zone}


def test_the_same_paper_is_the_same_file_wherever_and_however_often_it_is_printed(tmp_path: Path) -> None:
    made = paper(Heading(text="一"), Words(text="Words 字", lang="zh-Hans"), Facts(rows=(("a", "b"),)))

    first = printed(made)
    with elsewhere(tmp_path):
        second = printed(made)

    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    dated = PdfReader(BytesIO(first)).metadata
    assert dated is not None
    assert dated.creation_date == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC), "not when it was printed"
    assert printed(paper(Heading(text="二"))) != first


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_whatever_people_wrote_stands_there_letter_by_letter_and_nothing_else_does(text: str) -> None:
    blocks = (Heading(text=text), Paragraph(text=text), Words(text=text), Facts(rows=((text, text),)))
    table = Table(head=(text, "x"), rows=((text, "y"),), widths=(1, 1))

    found = read(printed(paper(*blocks, table, title=text)))

    assert found.count(bare(text)) >= 7
    assert "root:" not in found
    assert re.search(r"[\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufffd]", found) is None


def test_a_word_of_ten_thousand_letters_stays_between_the_margins() -> None:
    reader = PdfReader(
        BytesIO(printed(paper(Words(text="w" * 10_000), Facts(rows=(("k" * 500, "v" * 5_000),)))))
    )
    edges: list[float] = []

    for page in reader.pages:
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, _size: edges.append(tm[4]) if text else None
        )

    assert sum(page.extract_text().count("w") for page in reader.pages) == 10_000
    assert sum(page.extract_text().count("v") for page in reader.pages) == 5_000
    assert all(0 <= edge < 595 for edge in edges)
    # No line of the page holds two hundred letters.
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    assert max(len(line) for line in lines) < 200


def test_every_page_has_its_number_its_marking_and_the_digest() -> None:
    rows = tuple((f"A {number}", "2026-11-02", "x") for number in range(120))
    file = printed(paper(Table(head=("Place", "At", "Effect"), rows=rows, widths=(0, 1, 1))))

    pages = [page.extract_text() for page in PdfReader(BytesIO(file)).pages]

    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in text
        assert text.count("TLP:RED") == 2
        assert "0011 … eeff" in text
        assert "Effect" in text, "the head of a table comes again"


def test_a_file_can_be_kept_for_good_and_does_nothing() -> None:
    file = printed(paper(Paragraph(text="https://phish.example/")))

    assert b"/Marked true" in file
    assert b"pdfaid:part" in file
    for act in (b"/URI", b"/JavaScript", b"/Launch", b"/OpenAction", b"/EmbeddedFile"):
        assert act not in file, act


def test_a_character_that_would_not_be_seen_as_itself_stands_as_its_number() -> None:
    told = printable("a\u00adb\u200bc\u202ed\u0301e\u0600 \u4e2d\n。").replace(BREAK, "")

    assert told == "a<U+00AD>b<U+200B>c<U+202E>d<U+0301>e<U+0600> 中\n。"


def test_a_table_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells everywhere"):
        Table(head=("a", "b"), rows=(("c",),), widths=(1, 1))


def test_the_font_is_the_one_whose_source_is_written_down() -> None:
    lines = (FONTS / "sources.txt").read_text("ascii").splitlines()
    hashes = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}

    for file in FONTS.iterdir():
        if file.name != "sources.txt":
            assert hashes[file.name] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text("utf-8")
    assert len([each for each in characters() if "\u4e00" <= each <= "\u9fff"]) == 7_333
