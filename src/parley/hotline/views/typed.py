"""What a form of a call brings, as values: the five fields, times that have a zone, texts that are short.

    since, by   2000Z · 2026-11-21T20:00Z · +20m · day and hour with the clock they are on
    object      as it is written on paper or screen; brackets around dots are taken off
    tail        of a reading: the last part of the object, where typing all of it would cost a minute

A time without a zone is refused by name (screens U-32). Nothing is guessed; whatever is wrong is told at its
field, and what was typed stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from parley.hotline.forms.five import FiveFields
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.saying.desk import Problem, typed_text
from parley.inquiries.forms.saying.times import Zones, read_moment
from parley.inquiries.forms.typed import TypedError
from parley.protocol.hotline.bodies import MAX_ASKS
from parley.protocol.hotline.codes import Ask, Subject, What, Where
from parley.protocol.hotline.length import MAX_LENGTH, length
from parley.protocol.hotline.mark import UnreadableError, canonical
from parley.ui import callwords, times, words

_ZULU: Final = re.compile(r"([01][0-9]|2[0-3]):?([0-5][0-9])[ ]?[Zz]", re.ASCII)
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
TAIL: Final = 4
"""So many characters are read back of a number that is long."""
_LONG: Final = frozenset({Subject.HASH, Subject.WALLET, Subject.ACCOUNT, Subject.BANK_ACCOUNT, Subject.PHONE})
_Code = TypeVar("_Code", bound=Enum)


@dataclass(slots=True)
class Reading:
    """A form that is being read, and what is wrong with it so far. `now` is unix seconds."""

    posted: QueryDict
    zones: Zones
    now: int
    problems: list[Problem]

    def code(self, name: str, codes: type[_Code], *, label: str) -> _Code | None:
        """Return what is chosen in the field `name`; None, with a problem, if nothing is."""
        typed = self.posted.get(name, "")
        found = next((each for each in codes if each.value == typed), None)
        if found is None:
            self.miss(name, label)
        return found

    def miss(self, name: str, label: str) -> None:
        """Write down that nothing is in the field `name`."""
        told = _("%(field)s: nothing is chosen. Nothing was sent.") % {"field": label}
        self.problems.append(Problem(anchor=name, text=told))

    def moment(self, name: str, *, is_past: bool = False) -> int | None:
        """Return the instant in the field `name`; an hour in Zulu is the next, or the last if `is_past`."""
        text = self.posted.get(name, "").strip()
        if (short := _ZULU.fullmatch(text)) is not None:
            return _nearest(int(short[1]) * 60 + int(short[2]), now=self.now, is_past=is_past)
        typed = {key: self.posted.get(key, "") for key in (name, *(f"{name}_{part}" for part in _PARTS))}
        try:
            found = read_moment(typed, name, zones=self.zones, now=self.now)
            # People say minutes, and read back what was said.
            return None if found is None else found // 60 * 60
        except TypedError as error:
            self.problems.append(Problem(anchor=name, text=_typed_text(error)))
            return None

    def text(self, name: str) -> Text | None:
        """Return the words in the field `name`, in the language that is chosen or that their letters tell."""
        told_text = self.posted.get(name, "").replace("\r\n", "\n").strip()
        if not told_text:
            return None
        if (found := length(told_text)) > MAX_LENGTH:
            told = _(
                "The text has the length %(found)d; at most %(most)d fit: 200 words, or 400 Chinese "
                "characters. Nothing was sent. Shorten it."
            )
            self.problems.append(Problem(anchor=name, text=told % {"found": found, "most": MAX_LENGTH}))
        chosen = self.posted.get(f"{name}_language", "")
        return Text(
            language=chosen if chosen in {"en", "zh-Hans"} else language_of(told_text), text=told_text
        )


_PARTS: Final = ("date", "time", "zone")


def _typed_text(error: TypedError) -> str:
    if error.wanted == "time":
        told = _("“%(text)s” is no time. Nothing was sent. Write 2000Z, +20m, or 2026-11-21T20:00Z.")
        return told % {"text": error.text}
    return typed_text(error)


def language_of(words: str) -> str:
    """Return the language that the letters tell."""
    return "zh-Hans" if _CHINESE.search(words) else "en"


def _nearest(minute: int, *, now: int, is_past: bool) -> int:
    moment = datetime.fromtimestamp(now, tz=UTC)
    found = moment.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    if is_past and found > moment + timedelta(minutes=5):
        found -= timedelta(days=1)
    if not is_past and found < moment:
        found += timedelta(days=1)
    return int(found.timestamp())


def read_five(reading: Reading) -> FiveFields | None:
    """Return the five fields of a form that opens a call or clarifies one; None if something is missing."""
    what = reading.code("what", What, label=_("WHAT"))
    where = reading.code("where", Where, label=_("WHERE"))
    subject = reading.code("object_type", Subject, label=_("OBJECT"))
    named = "" if subject is None else _object(reading, subject, typed=reading.posted.get("object", ""))
    asks = _asks(reading)
    since, by = reading.moment("since", is_past=True), reading.moment("by")
    if reading.problems or what is None or where is None or subject is None:
        return None
    return FiveFields(what=what, subject=subject, object=named, where=where, since=since, by=by, ask=asks)


def _asks(reading: Reading) -> tuple[Ask, ...]:
    chosen = set(reading.posted.getlist("ask"))
    asks = tuple(each for each in Ask if each.value in chosen)
    if not asks:
        reading.miss("ask", _("ASK"))
    elif len(asks) > MAX_ASKS:
        told = _("ASK: at most %(most)d can be asked in one call. Nothing was sent.")
        reading.problems.append(Problem(anchor="ask", text=told % {"most": MAX_ASKS}))
    return asks


def _object(reading: Reading, subject: Subject, *, typed: str) -> str:
    """Return what is named, as it was typed; a problem if it is no thing of this kind."""
    if subject is Subject.NONE:
        return ""
    try:
        canonical(subject, typed)
    except UnreadableError:
        told = _("OBJECT: “%(text)s” is no %(kind)s. Nothing was sent.")
        name = subject_name(subject)
        reading.problems.append(Problem(anchor="object", text=told % {"text": typed.strip(), "kind": name}))
    return typed.strip()


def subject_name(subject: Subject) -> str:
    """Return the word for a kind of object, in the language in force."""
    return words.label(subject.value, callwords.SUBJECTS)


def parted(fields: FiveFields) -> tuple[str, str]:
    """Return the object in its one form in two parts: what is shown, and the last part, which is typed.

    The first is empty where all of it is to be typed: names, addresses of sites.
    """
    if fields.object is None or fields.subject is Subject.NONE:
        return "", ""
    try:
        form = canonical(fields.subject, fields.object)
    except UnreadableError:
        return "", ""
    if fields.subject is Subject.IP:
        place = max(form.rfind("."), form.rfind(":")) + 1
        return form[:place], form[place:]
    if fields.subject in _LONG and len(form) > 2 * TAIL:
        return form[:-TAIL], form[-TAIL:]
    return "", form


def read_reading(reading: Reading, said: FiveFields) -> FiveFields | None:
    """Return what was read back of `said`, from what was typed and chosen; None if something is missing."""
    what = reading.code("what", What, label=_("WHAT"))
    where = reading.code("where", Where, label=_("WHERE"))
    front, _tail = parted(said)
    whole, tail = reading.posted.get("object", "").strip(), reading.posted.get("tail", "").strip()
    named = ""
    if said.subject is not Subject.NONE:
        typed = whole or (front + tail if tail else "")
        if not typed:
            reading.miss("tail" if front else "object", _("OBJECT"))
        else:
            named = _object(reading, said.subject, typed=typed)
    asks = _asks(reading)
    since, by = (_hour(reading, name, said=at) for name, at in (("since", said.since), ("by", said.by)))
    if reading.problems or what is None or where is None:
        return None
    return FiveFields(
        what=what, subject=said.subject, object=named, where=where, since=since, by=by, ask=asks
    )


def _hour(reading: Reading, name: str, *, said: int | None) -> int | None:
    """Return the instant that was read: of an hour in Zulu, on the day that was said, if that has one."""
    text = reading.posted.get(name, "").strip()
    short = _ZULU.fullmatch(text) or _ZULU.fullmatch(f"{text}Z")
    day = None if said is None else times.moment_of(said)
    if said is not None and day is None and text == str(said):
        # No calendar has such a day: it is shown as the bare number, and read back so.
        return said
    read = reading.moment(name) if short is None or day is None else _at(day, short)
    # A minute is what people say; the seconds of the text are not read back.
    return said if said is not None and read is not None and read // 60 == said // 60 else read


def _at(day: datetime, short: re.Match[str]) -> int:
    return int(day.replace(hour=int(short[1]), minute=int(short[2])).timestamp())


def typed_lines(posted: QueryDict, name: str) -> tuple[str, ...]:
    """Return the lines of a minute as they were typed, one field each; empty ones fall away."""
    return tuple(_lines(posted, name))


def _lines(posted: QueryDict, name: str) -> Iterator[str]:
    for line in posted.getlist(name):
        text = " ".join(line.split())
        if text:
            yield text
