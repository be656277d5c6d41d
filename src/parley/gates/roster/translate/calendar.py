"""A calendar of shifts: each event is one, and its summary says post and person: ``desk 3``.

    DTSTART, DTEND   with Z, with TZID, or in the zone that is given; an event of whole days is no shift
    RRULE            DAILY or WEEKLY with COUNT or UNTIL, and perhaps INTERVAL; any other is refused, since
                     a shift that was read wrongly is a hole that nobody sees

Source: RFC 5545 §3.1, §3.3.10, §3.6.1.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parley.gates.roster.translate.planned import (
    MAX_SHIFTS,
    Planned,
    RosterError,
    Wrong,
    WrongError,
    planned,
    read_post,
    seconds_of,
)

_NAME: Final = re.compile(r"(?P<name>[A-Za-z-]+)(?P<words>(?:;[^:;]+)*):(?P<value>.*)", re.DOTALL)
_MOMENT: Final = re.compile(r"\d{8}T\d{6}Z?")
_STEPS: Final = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
_LISTS: Final = {"EXDATE", "RDATE", "RECURRENCE-ID", "DURATION"}


def read_calendar(text: str, *, zone: tzinfo | None) -> tuple[Planned, ...]:
    """Return the shifts of a calendar.

    Raises:
        RosterError: some of its events are wrong; then none is to be used.
    """
    found: list[Planned] = []
    wrong: dict[int, Wrong] = {}
    for line, event in _events(text):
        try:
            found += _shifts(event, line=line, zone=zone)
        except WrongError as error:
            wrong[line] = error.wrong
        if len(found) > MAX_SHIFTS:
            raise RosterError({line: Wrong.TOO_LONG})
    if wrong:
        raise RosterError(wrong)
    return tuple(found)


def _events(text: str) -> Iterator[tuple[int, dict[str, tuple[str, str]]]]:
    """Yield for each event the line where it begins, and its properties: parameters and value."""
    event: dict[str, tuple[str, str]] | None = None
    began = 0
    for line, content in _unfolded(text):
        found = _NAME.fullmatch(content)
        if found is None:
            continue
        name, value = found["name"].upper(), found["value"].strip()
        if name == "BEGIN" and value.upper() == "VEVENT":
            event, began = {}, line
        elif name == "END" and value.upper() == "VEVENT" and event is not None:
            if event.get("STATUS", ("", ""))[1].upper() != "CANCELLED":
                yield began, event
            event = None
        elif event is not None:
            event[name] = (found["words"], value)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield every content line with its number; a line that begins with a space belongs to the one before."""
    held, began = "", 0
    for line, each in enumerate(re.split(r"\r?\n", text), start=1):
        if each[:1] in {" ", "\t"}:
            held += each[1:]
            continue
        if held:
            yield began, held
        held, began = each, line
    if held:
        yield began, held


def _shifts(event: dict[str, tuple[str, str]], *, line: int, zone: tzinfo | None) -> Iterator[Planned]:
    if _LISTS & event.keys():
        raise WrongError(Wrong.RECURRENCE)
    summary = event.get("SUMMARY", ("", ""))[1].split(maxsplit=1)
    if not summary:
        raise WrongError(Wrong.POST)
    post = read_post(summary[0].rstrip(":："))
    who = summary[1].strip() if len(summary) > 1 else ""
    begins, ends = (_moment(event.get(name, ("", "")), zone=zone) for name in ("DTSTART", "DTEND"))
    try:
        for shift in _repeats(event.get("RRULE", ("", ""))[1], begins=begins):
            # By the clock on the wall: a shift that begins at eight does so in summer too.
            first, last = (seconds_of(each + shift, zone=zone) for each in (begins, ends))
            yield planned(post, who, begins=first, ends=last, line=line)
    except OverflowError as error:
        raise WrongError(Wrong.TIME) from error


def _moment(found: tuple[str, str], *, zone: tzinfo | None) -> datetime:
    words, value = found
    if _MOMENT.fullmatch(value) is None:
        raise WrongError(Wrong.TIME)
    try:
        moment = datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - its zone comes below
    except ValueError as error:
        raise WrongError(Wrong.TIME) from error
    if value.endswith("Z"):
        return moment.replace(tzinfo=UTC)
    named = re.search(r";TZID=\"?([A-Za-z0-9_+/-]{1,60})\"?", words, re.IGNORECASE)
    if named is not None:
        return moment.replace(tzinfo=_zone(named[1]))
    if zone is None:
        raise WrongError(Wrong.ZONE)
    return moment.replace(tzinfo=zone)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongError(Wrong.ZONE) from error


def _repeats(rule: str, *, begins: datetime) -> Iterator[timedelta]:
    """Yield how much later each repetition is, the first one not at all."""
    if not rule:
        yield timedelta()
        return
    words = dict(each.partition("=")[::2] for each in rule.upper().split(";") if each)
    step = _STEPS.get(words.pop("FREQ", ""))
    interval, count = (words.pop(name, default) for name, default in (("INTERVAL", "1"), ("COUNT", "")))
    until = words.pop("UNTIL", "")
    words.pop("WKST", None)
    numbers = [each for each in (interval, count) if each]
    if step is None or words or bool(count) == bool(until) or not all(map(_is_number, numbers)):
        raise WrongError(Wrong.RECURRENCE)
    last = _moment(("", until), zone=begins.tzinfo) if until else None
    for number in range(int(count) if count else MAX_SHIFTS + 1):
        shift = step * int(interval) * number
        if last is not None and begins + shift > last:
            return
        yield shift


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MAX_SHIFTS
