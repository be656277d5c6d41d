"""Times as people write them, to unix seconds; nothing is guessed.

ISO 8601, the Chinese forms, month names, full-width digits and signs. A time without a zone,
a year or a clock is refused by name, and so is a date whose day and month could change
places: an answer that is wrong by a day or by eight hours is worse than a question.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from parley.gates.table.translate.codes import Reason

_LONGEST: Final = 100
_DAY: Final = 86_400
# Unix seconds between the years 2000 and 2100: other bare numbers mean something else.
_UNIX: Final = range(946_684_800, 4_102_444_800)

_MONTHS: Final = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS: Final = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")

_YEAR_FIRST: Final = re.compile(
    r"(?P<y>\d{4}) ?[-/.年] ?(?P<m>\d{1,2}) ?[-/.月] ?(?P<d>\d{1,2})(?!\d)[日号]?"
)
_COMPACT: Final = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?=\D|\d{6}(?!\d)|\Z)")
_NAMED: Final = re.compile(r"(?P<d>\d{1,2})[ -](?P<name>[a-z]{3,9})\.?[ -](?P<y>\d{4})(?!\d)")
_NAMED_FIRST: Final = re.compile(r"(?P<name>[a-z]{3,9})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})(?!\d)")
_YEAR_LAST: Final = re.compile(r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<y>\d{4})(?!\d)")
_SHORT_YEAR: Final = re.compile(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}(?!\d)日?")
_NO_YEAR: Final = re.compile(r"\d{1,2} ?[-/.月] ?\d{1,2}(?![\d:])[日号]?")
_WEEKDAY: Final = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?|(?:星期|周)[一二三四五六日天]) ?"
)
_BETWEEN: Final = re.compile(rf"[ ,]*(?:{_WEEKDAY.pattern})?[ ,]*t?[ ,]*")

_CLOCK: Final = re.compile(
    r"(?P<half>am|pm|凌晨|早上|上午|中午|下午|晚上)? ?"
    r"(?:(?P<h>\d{1,2}) ?(?:[时点](?: ?(?P<m1>\d{1,2}|半)(?: ?分(?: ?(?P<s1>\d{1,2}) ?秒?)?)?)?"
    r"|: ?(?P<m2>\d{1,2})(?: ?: ?(?P<s2>\d{1,2})(?:[.,]\d{1,9})?)?)"
    r"|(?P<hh>\d\d)(?P<mm>\d\d)(?P<ss>\d\d)?)(?!\d)"
    r" ?(?P<after>am|pm)?"
)
_OFFSET: Final = re.compile(r"(?:utc|gmt)? ?(?P<sign>[+-]) ?(?P<h>\d{1,2})(?::?(?P<m>\d\d))?")
_EAST_WEST: Final = re.compile(r"(?P<side>[东西])(?P<h>\d{1,2}|十[一二]|[零一二三四五六七八九十])区")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A reading: the unix seconds, or what is lacking. `zone` is the one that the text itself states."""

    at: int | None = None
    zone: int | None = None
    lacks: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """Midnight of the day that a text begins with, or what the day lacks, and the text behind it."""

    midnight: datetime | None = None
    lacks: tuple[Reason, ...] = ()
    rest: str


_NOT_READ: Final = Moment(lacks=(Reason.TIME_NOT_READ,))


def read_zone(text: str) -> int | None:
    """Return the minutes east of UTC that `text` states, or None.

    ``Z``, ``UTC``, ``+08:00``, ``+8``, ``UTC-5``, ``GMT+0530``, 东八区. Names of places and letters
    such as CST are not read: they mean several zones, and change.
    """
    plain = _fold(text)
    if plain in {"z", "utc", "gmt", "zulu"}:
        return 0
    if (found := _EAST_WEST.fullmatch(plain)) is not None:
        hours = int(found["h"]) if found["h"].isdigit() else _NUMERALS.index(found["h"])
        minutes = hours * 60 * (1 if found["side"] == "东" else -1)
    elif (found := _OFFSET.fullmatch(plain)) is not None:
        minutes = (int(found["h"]) * 60 + int(found["m"] or 0)) * (1 if found["sign"] == "+" else -1)
        if int(found["m"] or 0) >= 60:
            return None
    else:
        return None
    return minutes if abs(minutes) <= 14 * 60 else None


def read_moment(text: str, *, zone: int | None) -> Moment:
    """Return the moment that `text` states, in `zone` (minutes east of UTC) if it states none."""
    plain = _fold(text)
    if len(plain) > _LONGEST:
        return _NOT_READ
    if plain.isdecimal() and plain.isascii() and int(plain) in _UNIX:
        return Moment(at=int(plain))
    day = _read_day(_WEEKDAY.sub("", plain, count=1))
    return _NOT_READ if day is None else _read_rest(day, zone)


def states_day(text: str) -> bool:
    """Return whether `text` begins with a date, whole or not."""
    return _read_day(_WEEKDAY.sub("", _fold(text), count=1)) is not None


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[: 2 * _LONGEST]).casefold().replace("−", "-")
    return re.sub(r"[()\s]+", " ", folded).strip()


def _read_day(plain: str) -> _Day | None:
    for form in (_YEAR_FIRST, _COMPACT, _NAMED, _NAMED_FIRST):
        if (found := form.match(plain)) is not None:
            midnight = _midnight(found.groupdict())
            return _Day(midnight=midnight, rest=plain[found.end() :]) if midnight is not None else None
    if (found := _YEAR_LAST.match(plain)) is not None:
        return _in_either_order(found, plain[found.end() :])
    for form, lack in ((_SHORT_YEAR, Reason.TIME_ORDER_UNCLEAR), (_NO_YEAR, Reason.TIME_WITHOUT_YEAR)):
        if (found := form.match(plain)) is not None:
            return _Day(lacks=(lack,), rest=plain[found.end() :])
    return None


def _in_either_order(found: re.Match[str], rest: str) -> _Day | None:
    days = {
        _midnight({"y": found["y"], "m": month, "d": day})
        for month, day in ((found["one"], found["two"]), (found["two"], found["one"]))
    } - {None}
    if len(days) == 2:
        return _Day(lacks=(Reason.TIME_ORDER_UNCLEAR,), rest=rest)
    return _Day(midnight=days.pop(), rest=rest) if days else None


def _midnight(parts: Mapping[str, str]) -> datetime | None:
    try:
        month = _MONTHS.index(parts["name"][:3]) if "name" in parts else int(parts["m"])
        return datetime(int(parts["y"]), month, int(parts["d"]), tzinfo=UTC)
    except ValueError:
        return None


def _read_rest(day: _Day, zone: int | None) -> Moment:
    behind = _BETWEEN.sub("", day.rest, count=1)
    clock = _CLOCK.match(behind)
    if clock is None:
        without = (Reason.TIME_WITHOUT_CLOCK,) if behind.strip() == "" else (Reason.TIME_NOT_READ,)
        return Moment(lacks=day.lacks + without)
    seconds = _seconds(clock)
    stated = behind[clock.end() :].strip()
    own = read_zone(stated) if stated else None
    if seconds is None:
        return _NOT_READ
    if stated and own is None:
        return Moment(lacks=(*day.lacks, Reason.ZONE_NOT_READ))
    if own is None and zone is None:
        return Moment(lacks=(*day.lacks, Reason.TIME_WITHOUT_ZONE))
    if day.midnight is None:
        return Moment(zone=own, lacks=day.lacks)
    return _instant(day.midnight, seconds, offset=own if own is not None else zone or 0, own=own)


def _instant(midnight: datetime, seconds: int, *, offset: int, own: int | None) -> Moment:
    at = int((midnight - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)) + seconds - 60 * offset
    # Before 2000 there were no phishing sites, and a spreadsheet's day zero is a mistake.
    return Moment(at=at, zone=own) if at in _UNIX else _NOT_READ


def _seconds(clock: re.Match[str]) -> int | None:
    written = clock["m1"] or clock["m2"] or clock["mm"] or "0"
    minute = 30 if written == "半" else int(written)
    second = int(clock["s1"] or clock["s2"] or clock["ss"] or 0)
    hour = _hour(int(clock["h"] or clock["hh"]), clock["half"] or clock["after"])
    if hour is None or hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second


def _hour(hour: int, half: str | None) -> int | None:
    """Return the hour of the day; None where the words leave two days open, as 晚上12点 does."""
    match half:
        case "am" | "上午" | "凌晨" | "早上":
            return hour % 12 if hour <= 12 else None
        case "pm" | "下午":
            return hour + 12 if hour < 12 else hour
        case "晚上":
            return None if hour < 5 or hour == 12 else hour + 12 if hour < 12 else hour
        case "中午":
            return hour + 12 if hour < 3 else hour if 11 <= hour <= 14 else None
        case _:
            return hour
