"""Numbers, dates and shares in two languages: whether both texts of a clause name the same ones.

    within 20 working days, by 1 December 2026, at least 15 percent
    二十个工作日内，不迟于2026年12月1日，至少百分之十五                  20 · 2026-12-01 · 15 %

A *figure* is written in one form, whatever the language: ``20``, ``1.5``, ``15 %``, ``1/3``, ``14:00``,
``2026-12-01``, ``2026-12``, ``--12-01``, ``--12``. Words such as *one*, *both*, 一, 两 are in every second
sentence without counting anything; these *may* be figures, and are so where the other text has one.
This compares figures, and says nothing of whether a translation is true. Source: Spec §17.3.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from parley.protocol.dialogue.numerals import (
    CHINESE,
    CHINESE_DIGITS,
    CHINESE_SCALES,
    ORDINALS,
    SCALES,
    SMALL,
    of_characters,
    of_words,
    plain,
    scale_of,
)

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_MONTH: Final[Mapping[str, int]] = {
    **{month: n for n, month in enumerate(_MONTHS, start=1)},
    **{month[:3]: n for n, month in enumerate(_MONTHS, start=1)},
    "Sept": 9,
}
_PARTS: Final = {
    **{f"{word}{s}": n for s in ("", "s") for word, n in ORDINALS.items() if 2 < n <= 10},
    "half": 2,
    "halves": 2,
    "quarter": 4,
    "quarters": 4,
}
# What an input method types for ASCII.
_WIDE: Final[dict[int, int | str]] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF10, 0xFF1A)},
    0xFF05: "%",
    0xFF1A: ":",
}
# Words with a numeral in them that count nothing.
IDIOMS: Final = (
    "十分(?!钟|之)",
    *("万一", "万分", "万全", "百姓", "千方百计", "成千上万", "再三", "十足", "四处", "八方", "一时"),
)

_ISO: Final = r"(?P<iso>(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))"
_DECIMAL: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_NAME: Final = "|".join(sorted(_MONTH, key=len, reverse=True))
_YEAR: Final = r"[0-9]{4}(?![0-9])"
_SUFFIX: Final = r"(?:st|nd|rd|th)?"
_WORD: Final = "|".join(sorted((*SMALL, *SCALES, "hundred"), key=len, reverse=True))
_UNIT: Final = "second|minute|hour|day|week|month|quarter|year"
_SPAN: Final = rf"(?:working |calendar |business |full )?(?:{_UNIT})s?\b"
ENGLISH: Final = re.compile(
    rf"{_ISO}"
    rf"|\b(?P<day>[0-9]{{1,2}}){_SUFFIX}(?: of)? (?P<month>{_NAME})\b\.?(?:,? (?P<year>{_YEAR}))?"
    rf"|\b(?P<month2>{_NAME})\b\.? (?P<day2>[0-9]{{1,2}})(?![0-9:]){_SUFFIX}(?:,? (?P<year2>{_YEAR}))?"
    rf"|\b(?P<month3>{_NAME})\b\.?,? (?P<year3>{_YEAR})"
    rf"|\b(?P<month4>{'|'.join(_MONTHS)})\b"
    r"|(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?! ?[ap]\.?m\b)(?![0-9])"
    r"|(?P<hour2>[0-9]{1,2})(?::(?P<minute2>[0-9]{2}))? ?(?P<half>[ap])\.?m\b\.?"
    rf"|\b(?i:(?P<of>{_WORD})[- ](?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))}))\b"
    rf"|(?P<digits>{_DECIMAL})(?i:{_SUFFIX} ?(?P<scale>{'|'.join(SCALES)})?\b)?"
    r"(?i:(?P<share> ?%| ?per ?cent\b| ?percentage points?\b))?"
    rf"|\b(?i:(?P<words>(?:{_WORD})(?:(?:-| and | )(?:{_WORD}))*)\b"
    rf"(?P<share2> per ?cent\b| percentage points?\b)?(?P<span>[- ]{_SPAN})?)"
    rf"|\b(?i:(?P<maybe>once|twice|both|an?(?= {_SPAN})))\b",
    re.ASCII,
)

_NUMBER: Final = rf"(?:[0-9]+|[{CHINESE}]+)"
CHINESE_FIGURES: Final = re.compile(
    rf"(?P<idiom>{'|'.join(IDIOMS)})"
    rf"|{_ISO}"
    rf"|(?P<year>[0-9]{{4}}|[{CHINESE_DIGITS}]{{4}})年(?P<month>{_NUMBER})月(?:(?P<day>{_NUMBER})[日号])?"
    rf"|(?P<month2>{_NUMBER})月(?:(?P<day2>{_NUMBER})[日号])?"
    rf"|(?P<half>上午|下午|晚上|凌晨|中午)?(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?![0-9])"
    rf"|(?P<half2>上午|下午|晚上|凌晨|中午)(?P<hour2>{_NUMBER})[时点](?:(?P<minute2>{_NUMBER})分|(?P<thirty2>半))?"
    rf"|(?P<hour3>{_NUMBER})(?:时(?![间期候])|点(?=[整钟半]|{_NUMBER}分))(?:(?P<minute3>{_NUMBER})分|(?P<thirty3>半))?"
    rf"|百分之(?P<share>{_DECIMAL}|[{CHINESE}]+(?:点[{CHINESE_DIGITS}]+)?)"
    rf"|(?P<part>{_NUMBER})分之(?P<of>{_NUMBER})"
    rf"|(?P<digits>{_DECIMAL})(?P<scale>[{CHINESE_SCALES}]{{0,4}})(?P<share2> ?%|个?百分点)?"
    rf"|(?P<signs>[{CHINESE}]+(?:点[{CHINESE_DIGITS}]+)?)(?P<share3>个?百分点)?"
    r"(?P<span>个?(?:工作日|自然日|日历日|日|天|周|星期|月|季度|年|小时|分钟|秒))?"
    r"|(?P<maybe>双|首)"
)
_LATE: Final = frozenset({"p", "下午", "晚上"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a text counts: figures that it surely names, and those that it may name, each with how often."""

    sure: Mapping[str, int]
    maybe: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unequal:
    """Figures that stand in one text and lack in the other, sorted."""

    only_en: tuple[str, ...]
    only_zh: tuple[str, ...]

    def __str__(self) -> str:
        """Return both lists in one line, for people and for the reason why a clause is void."""
        return f"only in en: {', '.join(self.only_en) or '-'}; only in zh: {', '.join(self.only_zh) or '-'}"


@lru_cache(maxsize=4_096)
def unequal(en: str, zh: str) -> Unequal | None:
    """Return what the two texts of a clause count differently, None if nothing."""
    one, two = figures_en(en), figures_zh(zh)
    only_en = Counter(one.sure) - Counter(two.sure) - Counter(two.maybe)
    only_zh = Counter(two.sure) - Counter(one.sure) - Counter(one.maybe)
    if not only_en and not only_zh:
        return None
    return Unequal(only_en=tuple(sorted(only_en.elements())), only_zh=tuple(sorted(only_zh.elements())))


def figures_en(text: str) -> Figures:
    """Return the figures of an English text."""
    return _figures(text, ENGLISH, _english)


def figures_zh(text: str) -> Figures:
    """Return the figures of a Chinese text."""
    return _figures(text, CHINESE_FIGURES, _chinese)


def _figures(
    text: str, pattern: re.Pattern[str], read: Callable[[Mapping[str, str]], Iterator[tuple[str, bool]]]
) -> Figures:
    sure, maybe = Counter[str](), Counter[str]()
    for match in pattern.finditer(text.translate(_WIDE)):
        found = {name: value for name, value in match.groupdict().items() if value is not None}
        for figure, is_sure in read(found):
            (sure if is_sure else maybe)[figure] += 1
    return Figures(sure=sure, maybe=maybe)


def _english(found: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the figures of one match, and whether each surely is one."""
    names = {name.rstrip("234"): value for name, value in found.items()}
    if "iso" in names:
        yield names["iso"], True
    elif "month" in names:
        # "May" alone is a word more often than a month.
        is_sure = names["month"] != "May" or len(names) > 1
        yield _date(names.get("year"), _MONTH[names["month"]], names.get("day")), is_sure
    elif "hour" in names:
        yield _time(int(names["hour"]), int(names.get("minute", 0)), names.get("half")), True
    elif "part" in names:
        yield from _part(names)
    elif "digits" in names:
        value = plain(names["digits"], SCALES.get(names.get("scale", "").lower(), 1))
        yield (f"{value} %" if "share" in names else value), True
    elif "words" in names:
        yield from _words(names)
    else:
        yield ("2" if names["maybe"].lower() in {"twice", "both"} else "1"), False


def _part(names: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    word, part = names["of"].lower(), names["part"].lower()
    count = of_words([word])
    if word not in ORDINALS and (word == "one") != part.endswith("s"):
        # "Half" is said in Chinese with and without a number.
        yield f"{count}/{_PARTS[part]}", _PARTS[part] > 2
        return
    # "The third quarter", "two third parties": two words that count each by itself.
    yield str(count), count is not None and count > 2
    if part in ORDINALS:
        yield str(_PARTS[part]), True


def _words(names: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    words = [word for word in re.split("[- ]", names["words"].lower()) if word != "and"]
    value = of_words(words)
    if value is None:
        yield from ((str(of_words([word])), True) for word in words)
        return
    is_small = value <= 2 and "share" not in names
    # "The second" of a minute and "the second round" are one word; neither is sure to count.
    is_span = "span" in names and words[-1] not in {"first", "second"}
    yield (f"{value} %" if "share" in names else str(value)), not is_small or is_span


def _chinese(found: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the figures of one match, and whether each surely is one."""
    names = {name.rstrip("234"): value for name, value in found.items()}
    if "iso" in names:
        yield names["iso"], True
    elif "month" in names:
        yield _month(names), True
    elif "hour" in names:
        minute = "30" if "thirty" in names else names.get("minute", "0")
        yield _time(_whole(names["hour"]), _whole(minute), names.get("half")), True
    elif "part" in names:
        yield f"{_whole(names['of'])}/{_whole(names['part'])}", True
    elif "digits" in names:
        value = plain(names["digits"], scale_of(names.get("scale", "")))
        yield (f"{value} %" if "share" in names else value), True
    elif "signs" in names:
        yield from _signs(names)
    elif "share" in names:
        yield f"{_decimal(names['share'])} %", True
    elif "maybe" in names:
        yield ("2" if names["maybe"] == "双" else "1"), False


def _month(names: Mapping[str, str]) -> str:
    year = None if "year" not in names else str(_whole(names["year"]))
    return _date(year, _whole(names["month"]), None if "day" not in names else str(_whole(names["day"])))


def _signs(names: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    signs = names["signs"]
    value = _decimal(signs)
    if "share" in names:
        yield f"{value} %", True
        return
    # 百, 千万, 亿 without a number before them say "many" as often as how many.
    is_vague = value in {"1", "2"} or (len(signs) > 0 and all(each in "百千万亿" for each in signs))
    yield value, not is_vague or "span" in names


def _decimal(text: str) -> str:
    whole, point, rest = text.partition("点")
    if not point:
        return plain(text) if text[0] in "0123456789" else _number(text)
    value = of_characters(whole)
    return text if value is None else plain(f"{value}.{''.join(_number(sign) for sign in rest)}")


def _number(text: str) -> str:
    value = of_characters(text)
    # What cannot be read equals nothing but itself, so the writer is told of it.
    return text if value is None else str(value)


def _whole(text: str) -> int:
    if text[0] in "0123456789":
        return int(text)
    return of_characters(text) or 0


def _date(year: str | None, month: int, day: str | None) -> str:
    start = f"{int(year):04}-" if year else "--"
    return f"{start}{month:02}" + (f"-{int(day):02}" if day else "")


def _time(hour: int, minute: int, half: str | None) -> str:
    is_late = half in _LATE or (half == "中午" and hour < 11)
    hours = hour % 12 + 12 if is_late else 0 if half in {"a", "凌晨"} and hour == 12 else hour
    return f"{hours:02}:{minute:02}"
