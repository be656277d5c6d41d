"""The form that opens a call, read: what about, why, how fast, at which level."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from parley.hotline.actions import Calling
from parley.hotline.policy import usual_lane
from parley.hotline.views.typed import Reading, read_five
from parley.hotline.views.verbs import salt_of
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.saying.desk import Problem
from parley.ledger.readers import OpenLink, open_lanes, reader_of
from parley.ledger.reading import AmbiguousError
from parley.protocol.clauses import URGENCIES, Clauses, Level
from parley.protocol.hotline.codes import Nature, What, nature_of
from parley.protocol.places import heard_place

AUTHORITY: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A call as it was typed, ready to go, and at which level."""

    calling: Calling
    level: Level
    nature: Nature


def calling_of(reading: Reading, link: OpenLink, *, key: str) -> Typed | None:
    """Return the call that the form states; None, with its problems written down, if it states none."""
    terms = link.terms
    assert terms is not None
    assert terms.hotline is not None, "calls are agreed"
    fields = read_five(reading)
    urgency = _urgency(reading)
    level = _level(reading, terms.hotline)
    text = reading.text("text")
    nature = _nature(reading)
    inquiry, scope = _why(reading, link, terms.hotline, nature=nature)
    if nature is Nature.SERVICE and level is not None and level.is_principal:
        _miss(reading, "level", _("A call about the line itself goes to the desk alone."))
    if reading.problems or fields is None or level is None or nature is None:
        return None
    calling = Calling(
        urgency=urgency,
        fields=fields,
        salt=salt_of(key),
        inquiry=inquiry,
        scope=scope,
        text=text,
        authority=_authority(reading),
        lane=usual_lane(open_lanes(settings.HOME, link.row.link)),
    )
    return Typed(calling=calling, level=level, nature=nature)


def _miss(reading: Reading, anchor: str, text: str) -> None:
    reading.problems.append(Problem(anchor=anchor, text=text))


def _urgency(reading: Reading) -> str:
    urgency = reading.posted.get("urgency", "")
    if urgency not in URGENCIES:
        reading.miss("urgency", _("How fast"))
    return urgency


def _level(reading: Reading, clauses: Clauses) -> Level | None:
    typed = reading.posted.get("level", Level.DESK.value)
    found = next((each for each in clauses.levels if each.value == typed), None)
    if found is None:
        reading.miss("level", _("At which level"))
    return found


def _nature(reading: Reading) -> Nature | None:
    typed = reading.posted.get("what", "")
    what = next((each for each in What if each.value == typed), None)
    return None if what is None else nature_of(what)


def _why(
    reading: Reading, link: OpenLink, clauses: Clauses, *, nature: Nature | None
) -> tuple[bytes | None, str | None]:
    """Return the inquiry that led to the call, or the scope that it passes: of a real call one of the two."""
    if nature is not Nature.REAL:
        return None, None
    place, scope = reading.posted.get("inquiry", "").strip(), reading.posted.get("scope", "")
    if bool(place) == bool(scope):
        told = _(
            "A real call arises from an inquiry, or passes the scope test: choose one of the two. "
            "Nothing was sent."
        )
        _miss(reading, "scope", told)
        return None, None
    if scope:
        if scope not in clauses.scope:
            _miss(reading, "scope", _("This is not of the agreed scope. Nothing was sent."))
        return None, scope
    statement = _inquiry(link, place)
    if statement is None:
        told = _("“%(place)s” is no inquiry on this link. Nothing was sent.")
        _miss(reading, "inquiry", told % {"place": place})
    return statement, None


def _inquiry(link: OpenLink, typed: str) -> bytes | None:
    reader, where = reader_of(settings.HOME), heard_place(typed)
    if reader is None:
        return None
    try:
        found = reader.find(link.row.link, typed if where is None else where.text)
    except AmbiguousError:
        return None
    row = None if found is None else reader.row(link.row.link, found)
    return found if row is not None and row.kind == "inquiry.sent" else None


def _authority(reading: Reading) -> Text | None:
    typed = " ".join(reading.posted.get("authority", "").split())[:AUTHORITY]
    if not typed:
        return None
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in typed)
    return Text(language="zh-Hans" if is_chinese else "en", text=typed)
