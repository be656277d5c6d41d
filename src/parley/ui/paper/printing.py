"""Papers to PDF files: the same bytes for the same paper, on every node and at every time.

    Paper ──▶ plain values, every text printable ──▶ typst, with `paper.typ`, our font and no clock ──▶ PDF/A

Nothing that people wrote is ever markup, no file beside the template can be read from it, and no font of
the machine is used. One paper is printed at a time: it takes a core for a tenth of a second, and for a few
seconds where a thousand statements stand on it, which must not become all cores for everybody who looks at
a page. Source: screens D27; stack §8.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

import typst
from django.utils.translation import gettext as _

from parley.ui.paper.blocks import Block, Curve, Facts, Heading, Paper, Paragraph, Table, Words
from parley.ui.paper.glyphs import FONTS, printable

MEDIA_TYPE: Final = "application/pdf"
STANDARD: Final = "a-2a"
"""PDF/A with tags: archives keep it for good, and a screen reader knows a heading from a cell."""

_TEMPLATE: Final = Path(__file__).parent / "paper.typ"
_REGIONS: Final[Mapping[str, str]] = {"en": "GB", "zh": "CN"}
_PRINTING: Final = Lock()

_Plain: TypeAlias = "str | int | bool | list[_Plain] | dict[str, _Plain]"


def printed(paper: Paper) -> bytes:
    """Return the PDF file of `paper`."""
    told: dict[str, _Plain] = {
        "title": printable(paper.title),
        "lang": paper.lang,
        "region": _REGIONS[paper.lang],
        "running": printable(paper.running),
        "foot": printable(paper.foot),
        "marking": printable(paper.marking),
        "page": _("page {n} of {of}"),
        "blocks": [_plain(Heading(text=paper.title), level=1), *(_plain(each) for each in paper.blocks)],
    }
    with _PRINTING:
        return typst.compile(
            _TEMPLATE.read_bytes(),
            font_paths=_fonts(),
            sys_inputs={"paper": json.dumps(told)},
            pdf_standards=STANDARD,
            timestamp=datetime.fromtimestamp(paper.at, tz=UTC),
        )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _plain(block: Block, *, level: int | None = None) -> dict[str, _Plain]:
    match block:
        case Heading():
            return {"sort": "heading", "level": level or block.level, "text": printable(block.text)}
        case Paragraph():
            return {"sort": "paragraph", "quiet": block.is_quiet, "text": printable(block.text)}
        case Words():
            return {"sort": "words", "lang": _lang(block.lang), "text": printable(block.text)}
        case Facts():
            return {"sort": "facts", "rows": [_row(row) for row in block.rows]}
        case Table():
            return {
                "sort": "table",
                "head": _row(block.head),
                "rows": [_row(row) for row in block.rows],
                "widths": list(block.widths),
                "langs": list(block.langs),
            }
        case Curve():
            return {
                "sort": "curve",
                "alt": printable(block.alt),
                "lines": [[[x, y] for x, y in line] for line in (block.before, block.steps)],
                "ticks": [[x, printable(text)] for x, text in block.ticks],
                "limits": [[x, printable(text)] for x, text in block.limits],
            }


def _row(cells: tuple[str, ...]) -> list[_Plain]:
    return [printable(cell) for cell in cells]


def _lang(code: str) -> str:
    # Whoever wrote the text says what language it is in, and may say anything.
    return "zh" if code.startswith("zh") else "en"
