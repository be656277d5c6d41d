"""What `parley link status` tells of the desk at the other side, as the page of the link does.

    watched          by their word, where the terms have both say so; never *unwatched* (Spec §12.12)
    office hours     by the calendar of the signed terms
    offices          by their word, with level and hours, never by name (Spec §13.9)

All of it is their word, or the terms; nothing here says that anybody was reached.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.cli.output import JsonValue
from parley.cli.persons import require_home
from parley.hotline.queries.directory import Contacts, contacts
from parley.ledger.readers import side_name
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.core import core_view
from parley.protocol.directory import Point
from parley.ui import callwords, testwords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirDesk:
    """The desk at the other side of one link. Instants are unix seconds.

    `watched_at` is the minute that their word names; None: not confirmed. `opens_at` is when their offices
    open next: `now`, if they are open.
    """

    link: LinkRow
    is_told: bool
    """Whether the terms have both sides tell whether their desk is watched."""
    watched_at: int | None
    opens_at: int | None
    contacts: Contacts
    now: int


def their_desks(reader: Reader, links: Iterable[LinkRow], *, now: int) -> Mapping[str, TheirDesk]:
    """Return what is known at `now` of the desk at the other side of each link that is open, by its name."""
    watched = core_view(require_home()).their_desks
    found = (_their_desk(reader, link, watched_at=watched.get(link.name), now=now) for link in links)
    return {each.link.name: each for each in found if each is not None}


def desk_lines(found: TheirDesk) -> tuple[str, ...]:
    """Return how the desk stands, a sentence each, after the name of the link."""
    return tuple(words.said_of(found.link.name, line) for line in _sentences(found))


def desk_json(found: TheirDesk | None) -> JsonValue:
    """Return the desk for `--json`."""
    if found is None:
        return None
    return {
        "is_told": found.is_told,
        "watched_at": found.watched_at,
        "is_office_time": None if found.opens_at is None else found.opens_at == found.now,
        "opens_at": found.opens_at,
        "offices": [_point_json(point) for point in found.contacts.points],
    }


def _their_desk(reader: Reader, link: LinkRow, *, watched_at: int | None, now: int) -> TheirDesk | None:
    terms = reader.terms(link.name)
    if terms is None:
        return None
    calendar = terms.calendars.get(link.peer)
    is_told = terms.hotline is not None and terms.hotline.watch_shown
    return TheirDesk(
        link=link,
        is_told=is_told,
        watched_at=watched_at if is_told else None,
        opens_at=None if calendar is None else calendar.opening(now),
        contacts=contacts(reader, link)[1],
        now=now,
    )


def _sentences(found: TheirDesk) -> Iterator[str]:
    named = {"side": side_name(found.link)}
    if found.watched_at is not None:
        said = _("%(side)s says that its desk is watched.") % named
        yield said + words.aside(words.said_of(_("Said for"), words.instant(found.watched_at)))
    elif found.is_told:
        yield (
            _(
                "%(side)s has not said in the last minutes that its desk is watched."
                " A call rings there all the same."
            )
            % named
        )
    if found.opens_at == found.now:
        yield _("Their offices are open now.")
    elif found.opens_at is not None:
        yield _("Their offices are closed now, and open at %(time)s.") % {
            "time": words.instant(found.opens_at)
        }
    if points := found.contacts.points:
        offices = words.listed(_office(each) for each in points)
        yield words.said_of(_("Their offices, by their word"), offices)


def _office(point: Point) -> str:
    name = point.office.zh if words.is_chinese() else point.office.en
    level = words.label(point.level.value, callwords.LEVELS)
    hours = words.label(point.hours.value, testwords.HOURS)
    return name + words.aside(words.listed((level, hours)))


def _point_json(point: Point) -> JsonValue:
    return {
        "rung": None if point.rung is None else point.rung.value,
        "level": point.level.value,
        "office": {"en": point.office.en, "zh": point.office.zh},
        "hours": point.hours.value,
    }
