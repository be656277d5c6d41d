"""Instants as people read them: always with the weekday where a person plans, always with the offset.

    Zulu     28 Sep 2026 09:14Z            2026年9月28日 09:14Z
    a side   Wed 7 Oct 2026 17:00 (UTC-4)  2026年10月7日（周三）17:00 UTC-4

Never a zone's abbreviation, never a date in figures alone. The order of the words is that of
the language in force. To the minute, but where two sides act at one second. Source: screens D17, §13.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from parley.ui.words import is_chinese

MINUTE: Final = "%H:%M"
SECOND: Final = "%H:%M:%S"
_DAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS_ZH: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment_of(seconds: int, *, offset: int = 0) -> datetime | None:
    """Return the instant at `offset` minutes from UTC; None where no calendar has such a day."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).astimezone(timezone(timedelta(minutes=offset)))
    except (OverflowError, ValueError, OSError):
        return None


def zulu(seconds: int | None, *, to: str = MINUTE) -> str:
    """Return an instant in UTC; a dash for None, the bare number where no calendar has such a day."""
    if seconds is None:
        return "–"
    moment = moment_of(seconds)
    return str(seconds) if moment is None else f"{_date(moment)} {moment:{to}}Z"


def stamp(seconds: int) -> str:
    """Return an instant in UTC to the second, in figures that both languages read alike: on paper."""
    moment = moment_of(seconds)
    return str(seconds) if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}Z"


def planned(seconds: int | None, *, to: str = MINUTE) -> str:
    """Return an instant in UTC with its weekday, for what somebody plans: ``Wed 7 Oct 2026 21:00Z``."""
    if seconds is None:
        return "–"
    moment = moment_of(seconds)
    if moment is None:
        return str(seconds)
    if is_chinese():
        return f"{_date(moment)}（{_DAYS_ZH[moment.weekday()]}）{moment:{to}}Z"
    return f"{_DAYS_EN[moment.weekday()]} {_date(moment)} {moment:{to}}Z"


def local(seconds: int | None, *, offset: int, to: str = MINUTE) -> str:
    """Return an instant as the clocks of a side show it, whose offset is then `offset` minutes."""
    if seconds is None:
        return "–"
    moment = moment_of(seconds, offset=offset)
    if moment is None:
        return str(seconds)
    zone = offset_text(offset)
    if is_chinese():
        return f"{_date(moment)}（{_DAYS_ZH[moment.weekday()]}）{moment:{to}} {zone}"
    return f"{_DAYS_EN[moment.weekday()]} {_date(moment)} {moment:{to}} ({zone})"


def wall(seconds: int, *, offset: int) -> str:
    """Return weekday, day and time alone, for a clock on the wall: ``Sun 22 Nov 03:05``."""
    moment = moment_of(seconds, offset=offset)
    if moment is None:
        return str(seconds)
    if is_chinese():
        return f"{moment.month}月{moment.day}日 {_DAYS_ZH[moment.weekday()]} {moment:%H:%M}"
    return f"{_DAYS_EN[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment:%H:%M}"


def offset_text(minutes: int) -> str:
    """Return an offset as it is spoken: ``UTC+8``, ``UTC-4``, ``UTC+5:30``."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def span(seconds: int) -> str:
    """Return a span of time in its two largest units: ``2 d 3 h``, ``41 min``, ``12 s``."""
    rest = abs(seconds)
    days, rest = divmod(rest, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    units = ((days, "d", "天"), (hours, "h", "小时"), (minutes, "min", "分钟"), (rest, "s", "秒"))
    first = next((place for place, unit in enumerate(units) if unit[0]), 3)
    shown = [unit for unit in units[first : first + 2] if unit[0]] or [units[3]]
    # Seconds beside minutes only where it is a matter of minutes.
    if first < 2:
        shown = [unit for unit in shown if unit[1] != "s"]
    if is_chinese():
        return "".join(f"{count}{zh}" for count, _en, zh in shown)
    return " ".join(f"{count} {en}" for count, en, _zh in shown)


def counter(seconds: int) -> str:
    """Return a span as a counter shows it: ``01:42``, from an hour on ``2:01:42``; 0 for what is over."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def _date(moment: datetime) -> str:
    if is_chinese():
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
