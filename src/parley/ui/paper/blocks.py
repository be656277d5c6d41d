"""What a paper is made of: plain values, in the order in which they are read.

    Paper ── Heading · Paragraph · Words · Facts · Table …        printed(paper) → the bytes of a PDF file

A room says what stands on its paper and knows nothing of pages or fonts; `printing.py`, nothing of rooms.
Two nodes that make the same paper hold the same file. Source: screens D27.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Lang: TypeAlias = Literal["en", "zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the second or third level; the first is the title of the paper."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A sentence or a few, by this program. `is_quiet`: said in passing."""

    text: str
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person wrote, set apart from what this program says; its line ends stay. `lang` is theirs."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and what holds of them, a line each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head that comes again on every page. `widths` are shares; 0 is as wide as its text.

    Raises:
        ValueError: a row, or the widths, have another number of cells than the head.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        if {len(self.widths), *(len(row) for row in self.rows)} != {len(self.head)}:
            raise ValueError(f"expected {len(self.head)} cells everywhere, found another number")


Block: TypeAlias = Heading | Paragraph | Words | Facts | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper. `running` stands over each page, `foot` below it, `marking` (TLP:RED) on both.

    `at` is unix seconds: which instant the paper tells of, by the record and never by the clock of the
    node that prints it.
    """

    title: str
    lang: Lang
    running: str
    foot: str
    at: int
    blocks: tuple[Block, ...]
    marking: str = ""
