"""Who is on watch, who can be rung, and where the roster has holes. Pure: time and roster are arguments.

    post      ────────────────────────────────────────────▶ must be filled all the time
    shifts    ├── person 3 ──────┤    ├── person 4 ────┤
    proofs    ├── 3: two channels ─┤├ lapsed
    holes                         ├──┤nobody
                                     a hole too where nobody speaks what the post asks for

Nobody counts as on watch who cannot be rung in two ways that do not fail together, each proved within
thirty days by a person who typed back what came. Source: screens D6, §2.1; domain R15.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Final

DAY: Final = 86_400
PROVED_SECONDS: Final = 30 * DAY
"""For so long a proof holds."""
AHEAD_DAYS: Final = 14
"""So far ahead holes are shown."""
CODE_SECONDS: Final = 900
"""A code that was sent can be typed back for so long, and at most `CODE_TRIES` times."""
CODE_TRIES: Final = 5
LONGEST_SHIFT: Final = 31 * DAY


class Post(StrEnum):
    """A place on the watch, in the order in which a ladder climbs."""

    DESK = "desk"
    SECOND = "second"
    DIRECTOR = "director"
    VICE_MINISTER = "vice_minister"
    MINISTER = "minister"


class Channel(StrEnum):
    """By what a person is rung; `WALL` is for boards and logs, and belongs to nobody."""

    SMS = "sms"
    VOICE = "voice"
    PUSH = "push"
    MAIL = "mail"
    WALL = "wall"


class Why(StrEnum):
    """What is wrong with a stretch of the roster."""

    NOBODY = "nobody"
    UNPROVED = "unproved"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to ring a person; `proved_at` in unix seconds, None: never."""

    number: int
    channel: Channel
    address: str
    proved_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A contact together with the person it belongs to and the language that is spoken to him or her."""

    contact: Contact
    person: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be on watch: `speaks` are tags such as ``en`` and ``zh-Hans``."""

    number: int
    speaks: frozenset[str] = frozenset()
    contacts: tuple[Contact, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A person's time at a post, from `begins` until before `ends`, in unix seconds."""

    number: int
    post: Post
    person: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A post that must be filled all the time, by people who together speak all of `languages`."""

    post: Post
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All that says who is on watch."""

    needs: tuple[Need, ...] = ()
    shifts: tuple[Shift, ...] = ()
    persons: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A person at a post, and until when that is so."""

    post: Post
    person: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A stretch in which a post is not held as it must be; `person` or `languages` says what is missing."""

    post: Post
    begins: int
    ends: int
    why: Why
    person: int = 0
    languages: tuple[str, ...] = ()


def on_watch(roster: Roster, now: int) -> tuple[Duty, ...]:
    """Return who is on watch at `now`, in the order of the ladder, then of the persons' numbers.

    A person whose proofs have lapsed is still rung, which harms nobody; that it is a hole, `holes` tells.
    Whoever may no longer act here is not.
    """
    order = tuple(Post)
    active = {person.number for person in roster.persons if person.is_active}
    until: dict[tuple[Post, int], int] = {}
    for shift in roster.shifts:
        if shift.begins <= now < shift.ends and shift.person in active:
            place = (shift.post, shift.person)
            until[place] = max(shift.ends, until.get(place, 0))
    found = (Duty(post=post, person=person, until=ends) for (post, person), ends in until.items())
    return tuple(sorted(found, key=lambda duty: (order.index(duty.post), duty.person)))


def reachable_until(person: Person) -> int:
    """Return the second from which `person` cannot be counted on any more; 0: never could be.

    Two ways are independent if neither channel nor address is the same: a text and a call to one phone
    fail together.
    """
    proved = [(each, each.proved_at) for each in person.contacts if each.proved_at is not None]
    return max(
        (
            min(one_at, other_at) + PROVED_SECONDS
            for (one, one_at), (other, other_at) in combinations(proved, 2)
            if one.channel is not other.channel and one.address != other.address
        ),
        default=0,
    )


def is_reachable(person: Person, now: int) -> bool:
    """Return whether `person` has two independent channels whose proofs hold at `now`."""
    return now < reachable_until(person)


def holes(roster: Roster, now: int, days: int = AHEAD_DAYS) -> tuple[Hole, ...]:
    """Return where the roster fails within `days` from `now`, by post, then by time; whole stretches.

    Proofs are taken as they are now: a person whose proof will have lapsed by then is a hole today, while
    there is time to prove it again.
    """
    found: list[Hole] = []
    for need in roster.needs:
        marks = _marks(roster, need.post, begins=now, ends=now + days * DAY)
        for begins, ends in pairwise(marks):
            found += _join(found, _lacks(roster, need, begins=begins, ends=ends))
    return tuple(sorted(found, key=lambda hole: (tuple(Post).index(hole.post), hole.begins, hole.why)))


def _marks(roster: Roster, post: Post, *, begins: int, ends: int) -> list[int]:
    """Return every second between `begins` and `ends` at which something about `post` may change."""
    shifts = [shift for shift in roster.shifts if shift.post is post]
    there = {shift.person for shift in shifts}
    marks = {begins, ends}
    marks.update(mark for shift in shifts for mark in (shift.begins, shift.ends))
    marks.update(reachable_until(each) for each in roster.persons if each.number in there)
    return sorted(mark for mark in marks if begins <= mark <= ends)


def _lacks(roster: Roster, need: Need, *, begins: int, ends: int) -> Iterator[Hole]:
    there = {
        shift.person
        for shift in roster.shifts
        if shift.post is need.post and shift.begins <= begins < shift.ends
    }
    present = [each for each in roster.persons if each.number in there and each.is_active]
    if not present:
        yield Hole(post=need.post, begins=begins, ends=ends, why=Why.NOBODY)
        return
    for person in present:
        if not is_reachable(person, begins):
            yield Hole(post=need.post, begins=begins, ends=ends, why=Why.UNPROVED, person=person.number)
    missing = need.languages.difference(*(each.speaks for each in present if is_reachable(each, begins)))
    if missing:
        languages = tuple(sorted(missing))
        yield Hole(post=need.post, begins=begins, ends=ends, why=Why.LANGUAGE, languages=languages)


def _join(found: list[Hole], fresh: Iterable[Hole]) -> Iterator[Hole]:
    """Yield of `fresh` what does not go on where a hole of `found` ends; what does makes that one longer."""
    for hole in fresh:
        for place, earlier in enumerate(found):
            if earlier.ends == hole.begins and _is_same(earlier, hole):
                found[place] = Hole(
                    post=hole.post,
                    begins=earlier.begins,
                    ends=hole.ends,
                    why=hole.why,
                    person=hole.person,
                    languages=hole.languages,
                )
                break
        else:
            yield hole


def _is_same(one: Hole, other: Hole) -> bool:
    return (one.post, one.why, one.person, one.languages) == (
        other.post,
        other.why,
        other.person,
        other.languages,
    )
