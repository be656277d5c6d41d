"""Who is on watch, who can be rung, and where the roster has holes. Pure: time and roster are arguments.

    post      ────────────────────────────────────────────▶ must be filled all the time
    shifts    ├── person 3 ──────┤    ├── person 4 ────┤
    proofs    ├── 3: two channels ─┤├ lapsed
    holes                         ├──┤nobody
                                     a hole too where nobody speaks what the post asks for

Nobody counts as on watch who cannot be rung in two ways that do not fail together, each proved within
thirty days by a person who typed back what came. Source: screens D6, §2.1; domain R15.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Final, TypeAlias

DAY: Final = 86_400
PROVED_SECONDS: Final = 30 * DAY
"""For so long a proof holds."""
AHEAD_DAYS: Final = 14
"""So far ahead holes are shown."""
CODE_SECONDS: Final = 900
"""A code that was sent can be typed back for so long, and at most `CODE_TRIES` times."""
CODE_TRIES: Final = 5
LONGEST_SHIFT: Final = 31 * DAY
NONE: Final = "none"
"""The right answer where there is nothing."""
NO_PHONES: Final = "phones"
"""What is degraded where no phone can be rung, as core says it and as it may be typed."""
BUDGET: Final = 6
"""So many alarms an hour a person can act on; more are a fault of ours, and the watch report says so."""
WORST_SECONDS: Final = 600
TESTED_SECONDS: Final = 24 * 3600
"""A phone counts as tested now if its owner typed back its code within so long."""
SEEN_SECONDS: Final = 20
"""A screen that was not heard of for so long is no screen any more."""
Spans: TypeAlias = Iterable[tuple[int, int]]


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


class WatchState(StrEnum):
    """Whether anybody watches the desk, by what core itself saw within `SEEN_SECONDS`."""

    WATCHED = "watched"
    """An officer took the watch, and core sees two screens or more, at least one of them in view."""
    THIN = "thin"
    """An officer took the watch, and core sees one screen alone, or hidden ones alone."""
    UNCONFIRMED = "unconfirmed"
    """An officer took the watch, and core sees no screen."""
    UNWATCHED = "unwatched"
    """Nobody took the watch."""


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


class Question(StrEnum):
    """What whoever takes the watch answers from the record."""

    OPEN_CALL = "open_call"
    DUE_FIRST = "due_first"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """One time that a call asked for a person here, from `begins`; `rung` is the highest that rang.

    `ends` is when somebody spoke; None: it rings. Instants are unix seconds.
    """

    link: str
    call: str
    place: str
    nature: str
    urgency: str
    cause: str
    begins: int
    rung: str
    ends: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What the record says as a watch is handed over; each may be empty.

    `calls` and `due_first` are places such as ``A hot 3``: every open call, and what of ours falls due next
    (more than one if they fall due together, at `due_at`). `degraded` are links, and lanes of them, that do
    not carry, or by which nobody can be rung: ``a-b``, ``a-b/hot``, ``sms``. `in_view` are the numbers of
    the officers who have a screen in view.
    """

    calls: tuple[str, ...] = ()
    due_first: tuple[str, ...] = ()
    due_at: int | None = None
    degraded: tuple[str, ...] = ()
    rings: bool = True
    in_view: tuple[int, ...] = ()


def right_answers(handing: Handing) -> Mapping[Question, tuple[str, ...]]:
    """Return what is right for each question: any one of these, and ``none`` where there is nothing."""
    found = {
        Question.OPEN_CALL: handing.calls,
        Question.DUE_FIRST: handing.due_first,
        Question.DEGRADED: handing.degraded,
    }
    return {question: right or (NONE,) for question, right in found.items()}


def wrong_answers(handing: Handing, answers: Mapping[Question, str]) -> tuple[Question, ...]:
    """Return the questions that were not answered rightly, in their order; spaces and hyphens are one."""
    return tuple(
        question
        for question, right in right_answers(handing).items()
        if _heard(answers.get(question, "")) not in {_heard(each) for each in right}
    )


def _heard(text: str) -> str:
    return " ".join(text.replace("-", " ").casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a watch was like from `begins` to `ends`: how much rang, and what nobody saw.

    `worst` is the most alarms that began within ten minutes; `missed` those that rang a rung above the
    desk's screens before anybody spoke; `unseen` the seconds without a screen in view; `mutes` how often the
    desk was muted, and `muted` for how many seconds.
    """

    begins: int
    ends: int
    alarms: int
    worst: int
    missed: int
    unseen: int
    mutes: int = 0
    muted: int = 0

    @property
    def hours(self) -> float:
        """Return how long it was, at least one hour: a first alarm is no flood."""
        return max(1.0, (self.ends - self.begins) / 3600)

    @property
    def is_over_budget(self) -> bool:
        """Return whether more rang than a person can act on."""
        return self.alarms > BUDGET * self.hours


def figures(rang: Iterable[Rang], unseen: Spans, *, muted: Spans = (), begins: int, ends: int) -> Figures:
    """Return what happened between two instants."""
    silent = [each for each in (_overlap(each, begins, ends) for each in muted) if each]
    found = [each for each in rang if begins <= each.begins < ends]
    starts = sorted(each.begins for each in found)
    return Figures(
        begins=begins,
        ends=ends,
        alarms=len(found),
        worst=max((sum(at <= each < at + WORST_SECONDS for each in starts) for at in starts), default=0),
        missed=sum(each.rung != "duty_desk" for each in found),
        unseen=sum(_overlap(each, begins, ends) for each in unseen),
        mutes=len(silent),
        muted=sum(silent),
    )


def _overlap(stretch: tuple[int, int], begins: int, ends: int) -> int:
    since, to = stretch
    return max(0, min(to, ends) - max(since, begins))


def watch_state(*, is_taken: bool, visible: int, hidden: int) -> WatchState:
    """Return whether the desk is watched, with so many screens seen within `SEEN_SECONDS`."""
    if not is_taken:
        return WatchState.UNWATCHED
    if visible + hidden == 0:
        return WatchState.UNCONFIRMED
    return WatchState.WATCHED if visible and visible + hidden > 1 else WatchState.THIN


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


def is_proved(contact: Contact, now: int) -> bool:
    """Return whether its owner typed back what came over this way within thirty days."""
    return contact.proved_at is not None and now < contact.proved_at + PROVED_SECONDS


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
