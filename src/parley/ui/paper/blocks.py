"""What a paper is made of: plain values, in the order in which they are read.

    Paper ── Heading · Paragraph · Words · Facts · Table · Curve     printed(paper) → the bytes of a PDF file

A room says what stands on its paper and knows nothing of pages or fonts; `printing.py`, nothing of rooms.
Two nodes that make the same paper hold the same file. Source: screens D27.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Lang: TypeAlias = Literal["en", "zh"]
LAST_INSTANT: Final = 4_102_444_800
"""2100-01-01: a paper is not dated by a clock that runs wild, which is no less proved for it."""


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

    `langs` are those of the columns where they differ from that of the paper, "" where one does not.

    Raises:
        ValueError: a row, the widths or the languages have another number of cells than the head.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    langs: tuple[Lang | Literal[""], ...] = ()

    def __post_init__(self) -> None:
        sizes = {len(self.widths), len(self.langs or self.head), *(len(row) for row in self.rows)}
        if sizes != {len(self.head)}:
            raise ValueError(f"expected {len(self.head)} cells everywhere, found another number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Steps that fall from the top left, for a share that falls with time; all places are per mille.

    `steps` and `before` (faint; empty where there is none) are (how far right, how far down) of each drop;
    `ticks` stand below the axis, `limits` are dashed lines across it with their words above. `alt` says what
    is drawn to whoever does not see it; the numbers themselves belong in a table.
    """

    alt: str
    steps: tuple[tuple[int, int], ...]
    before: tuple[tuple[int, int], ...] = ()
    ticks: tuple[tuple[int, str], ...] = ()
    limits: tuple[tuple[int, str], ...] = ()


Block: TypeAlias = Heading | Paragraph | Words | Facts | Table | Curve


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


def dated(*instants: int) -> int:
    """Return the instant by which a paper is dated: the newest of these, in unix seconds."""
    return min(max((0, *instants)), LAST_INSTANT)
