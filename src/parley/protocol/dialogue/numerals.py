"""Numbers as they are written out: in English words, and in Chinese characters.

    twenty-five · one hundred and five · two thousand · twenty-first          25 · 105 · 2000 · 21
    二十五 · 一百零五 · 两千 · 二〇二六 · 壹拾 · 亿                     25 · 105 · 2000 · 2026 · 10 · 10^8

Tables of our own and whole numbers only: no table of Unicode decides what a digit is, and nothing is
rounded, so every node reads the same. Source: Spec §17.3.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

_UNITS: Final = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FIRST: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
SCALES: Final[Mapping[str, int]] = {
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
ORDINALS: Final[Mapping[str, int]] = {
    **{word: n for n, word in enumerate(_FIRST, start=1)},
    **{f"{word}th": n for n, word in enumerate(_UNITS) if n > 10 and n != 12},
    "twelfth": 12,
    **{word.removesuffix("y") + "ieth": 10 * n for n, word in enumerate(_TENS, start=2)},
}
SMALL: Final[Mapping[str, int]] = {
    **{word: n for n, word in enumerate(_UNITS)},
    **{word: 10 * n for n, word in enumerate(_TENS, start=2)},
    **ORDINALS,
}

_DIGITS: Final[Mapping[str, int]] = {
    **{sign: n for n, sign in enumerate("零一二三四五六七八九")},
    **{sign: n for n, sign in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    "〇": 0,
    "两": 2,
}
_STEPS: Final[Mapping[str, int]] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_LARGE: Final[Mapping[str, int]] = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
CHINESE: Final = "".join((*_DIGITS, *_STEPS, *_LARGE))
CHINESE_DIGITS: Final = "".join(_DIGITS)
CHINESE_SCALES: Final = "".join((*_STEPS, *_LARGE))


def plain(digits: str, scale: int = 1) -> str:
    """Return the one form of a decimal number: ``1,200.50`` is ``1200.5``; 1,000 times ``1.5``, ``1500``."""
    whole, _, rest = digits.replace(",", "").partition(".")
    value = int(whole + rest) * scale
    places = len(rest)
    while places and value % 10 == 0:
        value, places = value // 10, places - 1
    text = str(value).rjust(places + 1, "0")
    return f"{text[: len(text) - places]}.{text[len(text) - places :]}" if places else text


def of_words(words: Sequence[str]) -> int | None:
    """Return the number that English words name, None if they name none together, as in ``three two``."""
    total, part, last = 0, 0, 0
    for word in words:
        if word in SCALES:
            total, part, last = total + max(part, 1) * SCALES[word], 0, 0
        elif word == "hundred":
            part, last = max(part, 1) * 100, 100
        elif last and not _follows(last, SMALL[word]):
            return None
        else:
            part, last = part + SMALL[word], max(SMALL[word], 1)
    return total + part


def _follows(last: int, value: int) -> bool:
    return 0 < value < 100 if last == 100 else last >= 20 and 0 < value < 10


def of_characters(text: str) -> int | None:
    """Return the number that a run of Chinese numerals names, None if it names none, as in ``五六十``."""
    if not any(sign in CHINESE_SCALES for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = 0
    for sign, scale in (("亿億", 100_000_000), ("万萬", 10_000)):
        parts = re.split(f"[{sign}]", text)
        if len(parts) > 2:
            return None
        if len(parts) == 2:
            above = _below_ten_thousand(parts[0]) if parts[0] else 1
            if above is None:
                above = of_characters(parts[0]) if sign == "亿億" else None
            if above is None:
                return None
            total, text = total + above * scale, parts[1]
    rest = _below_ten_thousand(text) if text else 0
    return None if rest is None else total + rest


def scale_of(text: str) -> int:
    """Return by how much the characters behind a decimal number multiply it: ``万`` by 10,000."""
    scale = 1
    for sign in text:
        scale *= _STEPS.get(sign) or _LARGE[sign]
    return scale


def _below_ten_thousand(text: str) -> int | None:
    total, digit, least = 0, None, 10_000
    for sign in text:
        if sign in _LARGE:
            return None
        if sign in _STEPS:
            step = _STEPS[sign]
            if step >= least or (digit is None and total and step != 10):
                return None
            total, digit, least = total + (1 if digit is None else digit) * step, None, step
        elif digit:
            return None
        else:
            # A zero only holds the place of a step that is left out.
            digit = _DIGITS[sign] or None
    return total + (digit or 0)
