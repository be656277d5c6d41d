"""The roster and the ways to ring people, out of the tables; reads only."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from parley.agencies.models import Officer
from parley.agencies.policy import Role, may_act
from parley.watch.models import AlarmRang, ContactWay, Muted, PostNeed, ShiftRow, Speech, Unseen, WatchTaken
from parley.watch.policy import (
    PROVED_SECONDS,
    Addressee,
    Channel,
    Contact,
    Figures,
    Need,
    Person,
    Post,
    Rang,
    Roster,
    Shift,
    figures,
)
from parley.watch.policy.mute import Mute

KEPT_BEHIND: Final = PROVED_SECONDS
"""Shifts that ended longer ago say nothing about who is on watch."""


class UnknownContactError(Exception):
    """No way to ring anybody has this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRow:
    """An officer's watch: from `begins` until before `ends` (None: it lasts), in unix seconds.

    `outgoing` is the number of who handed it over, None if nobody had it.
    """

    number: int
    officer: int
    name: str
    language: str
    begins: int
    ends: int | None
    outgoing: int | None
    screen: str
    sound_heard_at: int
    phone_tested_at: int


def watch_now() -> WatchRow | None:
    """Return the watch that lasts; None: nobody has it, or an officer who may no longer act."""
    row = WatchTaken.objects.filter(is_open=True, officer__is_active=True).select_related("officer").first()
    return None if row is None else _watch_row(row)


def watches(count: int) -> tuple[WatchRow, ...]:
    """Return the newest `count` watches, the newest first."""
    rows = WatchTaken.objects.select_related("officer").order_by("-begins", "-id")[:count]
    return tuple(_watch_row(row) for row in rows)


def has_watch(person: int) -> bool:
    """Return whether the officer with this number has the watch: whose session nothing ends but a person."""
    return WatchTaken.objects.filter(is_open=True, officer_id=person).exists()


def _watch_row(row: WatchTaken) -> WatchRow:
    return WatchRow(
        number=row.pk,
        officer=row.officer_id,
        name=row.officer.name,
        language=row.officer.language,
        begins=row.begins,
        ends=row.ends,
        outgoing=row.outgoing_id,
        screen=row.screen,
        sound_heard_at=row.sound_heard_at,
        phone_tested_at=row.phone_tested_at,
    )


def watch_figures(*, begins: int, ends: int) -> Figures:
    """Return how much rang between two instants, and how long nobody saw a screen."""
    rang = AlarmRang.objects.filter(begins__gte=begins, begins__lt=ends).order_by("begins", "id")
    unseen = Unseen.objects.filter(ends__gt=begins, begins__lt=ends).values_list("begins", "ends")
    silent = [(each.begins, each.ends) for each in mutes(since=begins)]
    return figures((_rang(row) for row in rang), unseen, muted=silent, begins=begins, ends=ends)


def _rang(row: AlarmRang) -> Rang:
    return Rang(
        link=row.link,
        call=row.call,
        place=row.place,
        nature=row.nature,
        urgency=row.urgency,
        cause=row.cause,
        begins=row.begins,
        rung=row.rung,
        ends=row.ends,
    )


def mutes(*, since: int) -> tuple[Mute, ...]:
    """Return every mute of the desk that ends after `since`, by when it began."""
    rows = Muted.objects.filter(ends__gt=since).order_by("begins", "id")
    return tuple(Mute(officer=row.officer_id, begins=row.begins, ends=row.ends) for row in rows)


def phone_tested(person: int) -> int:
    """Return when the officer last typed back a code that came over any way; 0: never."""
    times = [each.contact.proved_at for each in ways_of(person)]
    return max((at for at in times if at is not None), default=0)


def roster(now: int) -> Roster:
    """Return the roster as it stands, without shifts that are long over."""
    return Roster(needs=needs(), shifts=shifts(since=now - KEPT_BEHIND), persons=persons())


def needs() -> tuple[Need, ...]:
    """Return the posts that must be filled all the time, in the order of the ladder."""
    order = tuple(Post)
    found = (
        Need(post=Post(row.post), languages=frozenset(row.languages.split()))
        for row in PostNeed.objects.all()
    )
    return tuple(sorted(found, key=lambda need: order.index(need.post)))


def shifts(*, since: int) -> tuple[Shift, ...]:
    """Return every shift that ends after `since`, by time."""
    rows = ShiftRow.objects.filter(ends__gt=since).order_by("begins", "id")
    return tuple(
        Shift(number=row.pk, post=Post(row.post), person=row.officer_id, begins=row.begins, ends=row.ends)
        for row in rows
    )


def persons() -> tuple[Person, ...]:
    """Return every officer as the roster sees him or her, by number."""
    speech, ways = defaultdict(set), defaultdict(list)
    for row in Speech.objects.all():
        speech[row.officer_id].add(row.language)
    for way in ContactWay.objects.filter(removed_at=None).order_by("id"):
        ways[way.officer_id].append(_contact(way))
    return tuple(
        Person(
            number=officer.number,
            speaks=frozenset(speech[officer.number]),
            contacts=tuple(ways[officer.number]),
            # To be on watch is to take calls, and whoever only looks takes none.
            is_active=officer.is_active and may_act(Role(officer.role)),
        )
        for officer in Officer.objects.order_by("number")
    )


def ways_of(person: int) -> tuple[Addressee, ...]:
    """Return by what the officer with this number is rung, in the order in which the ways were given."""
    rows = ContactWay.objects.filter(
        officer_id=person, officer__is_active=True, removed_at=None
    ).select_related("officer")
    return tuple(_addressee(row) for row in rows.order_by("id"))


def way(number: int) -> Addressee:
    """Return one way to ring somebody.

    Raises:
        UnknownContactError: there is none with this number, or it was removed.
    """
    row = ContactWay.objects.filter(pk=number, removed_at=None).select_related("officer").first()
    if row is None:
        raise UnknownContactError(f"no way to ring anybody has the number {number}")
    return _addressee(row)


def _addressee(row: ContactWay) -> Addressee:
    return Addressee(contact=_contact(row), person=row.officer_id, language=row.officer.language)


def _contact(row: ContactWay) -> Contact:
    return Contact(number=row.pk, channel=Channel(row.channel), address=row.address, proved_at=row.proved_at)
