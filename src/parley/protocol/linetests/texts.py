"""The shelf of texts for line tests: agreed by both sides, so that a tester composes nothing.

The clauses name which of them a link uses. A text has a place for a number, which is drawn; the number is
the OBJECT of the call, so whoever reads it back has read the text. It says in both languages that it is a
test, and nothing that could be taken for news. Source: Spec §13.6.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LOWEST: Final = 1_000
NUMBERS: Final = 9_000


class NoTextError(Exception):
    """None of the texts that the clauses name is on the shelf of this version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text in both languages, with `{n}` where its number goes."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A text with its number in place, and what is to be typed back."""

    code: str
    en: str
    zh: str
    number: str

    @property
    def both(self) -> str:
        """Return the text in both languages, one below the other."""
        return f"{self.en}\n{self.zh}"


SHELF: Final[Mapping[str, Text]] = {
    "ferry": Text(
        en="This is a line test. The ferry leaves pier {n} at dawn. Type the number of the pier.",
        zh="线路测试。渡轮黎明时从 {n} 号码头开出。请输入码头号。",
    ),
    "bridge": Text(
        en="This is a line test. {n} lamps stand on the bridge. Type how many lamps.",
        zh="线路测试。桥上有 {n} 盏灯。请输入灯的数目。",
    ),
    "orchard": Text(
        en="This is a line test. {n} pear trees stand in the orchard. Type how many trees.",
        zh="线路测试。果园里有 {n} 棵梨树。请输入梨树的数目。",
    ),
    "library": Text(
        en="This is a line test. The book stands on shelf {n} of the library. Type the number of the shelf.",
        zh="线路测试。书在图书馆 {n} 号书架上。请输入书架号。",
    ),
    "lighthouse": Text(
        en="This is a line test. The lighthouse has {n} steps. Type how many steps.",
        zh="线路测试。灯塔有 {n} 级台阶。请输入台阶的数目。",
    ),
    "tram": Text(
        en="This is a line test. Tram {n} goes to the museum. Type the number of the tram.",
        zh="线路测试。去博物馆乘 {n} 路电车。请输入电车的路号。",
    ),
    "museum": Text(
        en="This is a line test. Room {n} of the museum shows old clocks. Type the number of the room.",
        zh="线路测试。博物馆 {n} 号展室陈列旧钟。请输入展室号。",
    ),
    "greenhouse": Text(
        en="This is a line test. {n} tulips bloom in the greenhouse. Type how many tulips.",
        zh="线路测试。温室里开着 {n} 朵郁金香。请输入郁金香的数目。",
    ),
    "theatre": Text(
        en="This is a line test. Seat {n} of the theatre is free. Type the number of the seat.",
        zh="线路测试。剧院 {n} 号座位空着。请输入座位号。",
    ),
    "teahouse": Text(
        en="This is a line test. The teahouse has {n} cups. Type how many cups.",
        zh="线路测试。茶馆里有 {n} 只茶杯。请输入茶杯的数目。",
    ),
    "station": Text(
        en="This is a line test. The train stops at platform {n}. Type the number of the platform.",
        zh="线路测试。列车停靠 {n} 号站台。请输入站台号。",
    ),
    "kite": Text(
        en="This is a line test. The kite flies {n} paces high. Type how many paces.",
        zh="线路测试。风筝飞到 {n} 步高。请输入步数。",
    ),
}


def draw(codes: Sequence[str], *, dice: Callable[[int], int]) -> Drawn:
    """Return one of the texts that the clauses name, with a number of four digits.

    `dice` returns a number from 0 to below its argument.

    Raises:
        NoTextError: this version knows none of `codes`.
    """
    known = [code for code in codes if code in SHELF]
    if not known:
        raise NoTextError(", ".join(codes))
    code = known[dice(len(known))]
    number = str(LOWEST + dice(NUMBERS))
    text = SHELF[code]
    return Drawn(code=code, en=text.en.format(n=number), zh=text.zh.format(n=number), number=number)
