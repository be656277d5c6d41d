"""The roster as everybody of ours may look at it; it is changed by command alone."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.queries import list_officers
from parley.watch import queries
from parley.watch.forms import channel_word, hole_text, post_word
from parley.watch.policy import AHEAD_DAYS, DAY, Contact, Person, Roster, holes, is_reachable, on_watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A line of the page: who or what, at which post, from when until when."""

    post: str
    what: str
    begins: int
    ends: int
    languages: str = ""
    is_counted_on: bool = True


@require_safe
def roster(request: PersonRequest) -> HttpResponse:
    now, found = request.now, queries.roster(request.now)
    names = {row.number: row.name for row in list_officers()}
    watch = tuple(
        Stretch(post=post_word(duty.post), what=names[duty.person], begins=now, ends=duty.until)
        for duty in on_watch(found, now)
    )
    missing = tuple(
        Stretch(post=post_word(each.post), what=hole_text(each), begins=each.begins, ends=each.ends)
        for each in holes(found, now)
    )
    page = {
        "watch": watch,
        "holes": missing,
        "shifts": _shifts(found, names, now=now),
        "ways": _own_ways(found, request.officer.number),
        "days": AHEAD_DAYS,
    }
    return render(request, "watch/roster.html", page)


def _shifts(found: Roster, names: dict[int, str], *, now: int) -> tuple[Stretch, ...]:
    persons: dict[int, Person] = {each.number: each for each in found.persons}
    return tuple(
        Stretch(
            post=post_word(each.post),
            what=names[each.person],
            begins=each.begins,
            ends=each.ends,
            languages=", ".join(sorted(persons[each.person].speaks)),
            is_counted_on=persons[each.person].is_active and is_reachable(persons[each.person], now),
        )
        for each in found.shifts
        if now < each.ends and each.begins < now + AHEAD_DAYS * DAY
    )


def _own_ways(found: Roster, number: int) -> tuple[tuple[str, Contact], ...]:
    own = next((each.contacts for each in found.persons if each.number == number), ())
    return tuple((channel_word(each.channel.value), each) for each in own)
