"""The roster and the ways to ring people, out of the tables; reads only."""

from collections import defaultdict
from typing import Final

from parley.agencies.models import Officer
from parley.agencies.policy import Role, may_act
from parley.watch.models import ContactWay, PostNeed, ShiftRow, Speech
from parley.watch.policy import PROVED_SECONDS, Addressee, Channel, Contact, Need, Person, Post, Roster, Shift

KEPT_BEHIND: Final = PROVED_SECONDS
"""Shifts that ended longer ago say nothing about who is on watch."""


class UnknownContactError(Exception):
    """No way to ring anybody has this number."""


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
