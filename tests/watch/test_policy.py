"""Who is on watch, who can be rung, and where the holes are: all of it from a roster and a moment."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from parley.watch.policy import (
    DAY,
    PROVED_SECONDS,
    Channel,
    Contact,
    Duty,
    Hole,
    Need,
    Person,
    Post,
    Roster,
    Shift,
    Why,
    holes,
    is_reachable,
    on_watch,
    reachable_until,
)

NOON = 1_790_000_000
HOUR = 3600
DESK = Need(post=Post.DESK, languages=frozenset({"en", "zh-Hans"}))


def person(number: int, *speaks: str, proved_at: int | None = NOON, is_active: bool = True) -> Person:
    contacts = (
        Contact(number=2 * number, channel=Channel.SMS, address=f"+1{number}", proved_at=proved_at),
        Contact(number=2 * number + 1, channel=Channel.MAIL, address=f"{number}@x", proved_at=proved_at),
    )
    return Person(
        number=number,
        speaks=frozenset(speaks or ("en", "zh-Hans")),
        contacts=contacts,
        is_active=is_active,
    )


def shift(number: int, *, begins: int, ends: int, post: Post = Post.DESK) -> Shift:
    return Shift(number=number, post=post, person=number, begins=begins, ends=ends)


def roster(*shifts: Shift, persons: tuple[Person, ...], needs: tuple[Need, ...] = (DESK,)) -> Roster:
    return Roster(needs=needs, shifts=shifts, persons=persons)


def test_a_shift_holds_from_its_first_second_until_before_its_last() -> None:
    one = roster(shift(1, begins=NOON, ends=NOON + HOUR), persons=(person(1),))

    assert on_watch(one, NOON - 1) == ()
    assert on_watch(one, NOON) == (Duty(post=Post.DESK, person=1, until=NOON + HOUR),)
    assert on_watch(one, NOON + HOUR) == ()


def test_the_watch_is_told_in_the_order_in_which_a_ladder_climbs() -> None:
    shifts = (
        shift(1, begins=NOON, ends=NOON + 1, post=Post.DIRECTOR),
        shift(3, begins=NOON, ends=NOON + 1),
        shift(2, begins=NOON, ends=NOON + 1),
    )
    watch = on_watch(roster(*shifts, persons=tuple(map(person, (1, 2, 3)))), NOON)

    assert [(duty.post, duty.person) for duty in watch] == [
        (Post.DESK, 2),
        (Post.DESK, 3),
        (Post.DIRECTOR, 1),
    ]


def test_whoever_may_no_longer_act_is_not_on_watch_and_leaves_a_hole() -> None:
    gone = person(1, is_active=False)
    one = roster(shift(1, begins=NOON, ends=NOON + 30 * DAY), persons=(gone,))

    assert on_watch(one, NOON) == ()
    assert [hole.why for hole in holes(one, NOON)] == [Why.NOBODY]


def test_two_ways_over_one_phone_are_one() -> None:
    phone = [
        Contact(number=1, channel=Channel.SMS, address="+1", proved_at=NOON),
        Contact(number=2, channel=Channel.VOICE, address="+1", proved_at=NOON),
        Contact(number=3, channel=Channel.SMS, address="+2", proved_at=NOON),
    ]

    assert not is_reachable(Person(number=1, contacts=tuple(phone[:2])), NOON)
    assert not is_reachable(Person(number=1, contacts=(phone[0], phone[2])), NOON)
    assert is_reachable(Person(number=1, contacts=tuple(phone[1:])), NOON)


def test_a_proof_holds_thirty_days_and_the_older_of_two_decides() -> None:
    one = Person(
        number=1,
        contacts=(
            Contact(number=1, channel=Channel.SMS, address="+1", proved_at=NOON),
            Contact(number=2, channel=Channel.MAIL, address="a@b", proved_at=NOON - 10 * DAY),
            Contact(number=3, channel=Channel.PUSH, address="t", proved_at=None),
        ),
    )

    assert reachable_until(one) == NOON + 20 * DAY
    assert is_reachable(one, NOON + 20 * DAY - 1)
    assert not is_reachable(one, NOON + 20 * DAY)


def test_an_empty_stretch_is_a_hole_from_end_to_beginning() -> None:
    shifts = (
        shift(1, begins=NOON - HOUR, ends=NOON + HOUR),
        shift(2, begins=NOON + 3 * HOUR, ends=NOON + 30 * DAY),
    )
    found = holes(roster(*shifts, persons=(person(1), person(2))), NOON)

    assert found == (Hole(post=Post.DESK, begins=NOON + HOUR, ends=NOON + 3 * HOUR, why=Why.NOBODY),)


def test_a_post_that_nobody_was_ever_put_on_is_one_hole() -> None:
    found = holes(roster(persons=()), NOON, 2)

    assert found == (Hole(post=Post.DESK, begins=NOON, ends=NOON + 2 * DAY, why=Why.NOBODY),)


def test_a_proof_that_will_have_lapsed_is_a_hole_today() -> None:
    one = person(1, proved_at=NOON - 25 * DAY)
    two = person(2)
    shifts = (shift(1, begins=NOON, ends=NOON + 30 * DAY), shift(2, begins=NOON, ends=NOON + 30 * DAY))

    found = holes(roster(*shifts, persons=(one, two)), NOON)

    assert found == (
        Hole(post=Post.DESK, begins=NOON + 5 * DAY, ends=NOON + 14 * DAY, why=Why.UNPROVED, person=1),
    )


def test_nobody_who_speaks_the_language_is_a_hole_and_two_people_may_fill_it_together() -> None:
    english, chinese = person(1, "en"), person(2, "zh-Hans")
    shifts = (
        shift(1, begins=NOON, ends=NOON + 30 * DAY),
        shift(2, begins=NOON + DAY, ends=NOON + 30 * DAY),
    )

    found = holes(roster(*shifts, persons=(english, chinese)), NOON)

    assert found == (
        Hole(
            post=Post.DESK,
            begins=NOON,
            ends=NOON + DAY,
            why=Why.LANGUAGE,
            languages=("zh-Hans",),
        ),
    )


def test_a_language_of_somebody_who_cannot_be_rung_does_not_count() -> None:
    shifts = (shift(1, begins=NOON, ends=NOON + 30 * DAY),)

    found = holes(roster(*shifts, persons=(person(1, proved_at=None),)), NOON)

    assert [hole.why for hole in found] == [Why.LANGUAGE, Why.UNPROVED]


def test_a_post_that_need_not_be_filled_has_no_holes() -> None:
    assert holes(roster(persons=(), needs=()), NOON) == ()


SPANS = st.tuples(st.integers(-20, 400), st.integers(1, 60)).map(
    lambda span: (NOON + span[0] * HOUR, NOON + (span[0] + span[1]) * HOUR)
)
PERSONS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(["en", "zh-Hans"])),
        st.none() | st.integers(-40, 0).map(lambda days: NOON + days * DAY),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(
    persons=PERSONS,
    spans=st.lists(st.tuples(st.integers(1, 4), SPANS), max_size=8),
    at=st.integers(0, 14 * 24 - 1),
)
def test_at_every_moment_a_hole_says_what_is_true_then(
    persons: list[tuple[set[str], int | None, bool]],
    spans: list[tuple[int, tuple[int, int]]],
    at: int,
) -> None:
    people = tuple(
        person(number, *(speaks or {"fr"}), proved_at=proved_at, is_active=is_active)
        for number, (speaks, proved_at, is_active) in enumerate(persons, start=1)
    )
    shifts = tuple(
        Shift(number=place, post=Post.DESK, person=number, begins=begins, ends=ends)
        for place, (number, (begins, ends)) in enumerate(spans)
    )
    one = roster(*shifts, persons=people)
    now = NOON + at * HOUR + 1

    found = {(hole.why, hole.person) for hole in holes(one, NOON) if hole.begins <= now < hole.ends}

    # The same, said without stretches: only this one moment.
    there = [each for each in people for duty in on_watch(one, now) if duty.person == each.number]
    expected = {(Why.UNPROVED, each.number) for each in there if now >= reachable_until(each)}
    if not there:
        expected = {(Why.NOBODY, 0)}
    elif not DESK.languages <= set().union(*(each.speaks for each in there if is_reachable(each, now))):
        expected.add((Why.LANGUAGE, 0))
    assert found == expected


@given(spans=st.lists(st.tuples(st.integers(1, 3), SPANS), max_size=8))
def test_holes_of_one_kind_never_touch(spans: list[tuple[int, tuple[int, int]]]) -> None:
    people = tuple(map(person, (1, 2, 3)))
    shifts = tuple(
        Shift(number=place, post=Post.DESK, person=number, begins=begins, ends=ends)
        for place, (number, (begins, ends)) in enumerate(spans)
    )

    empty = [hole for hole in holes(roster(*shifts, persons=people), NOON) if hole.why is Why.NOBODY]

    assert all(one.ends < other.begins for one, other in pairwise(empty))
    assert all(NOON <= hole.begins < hole.ends <= NOON + 14 * DAY for hole in empty)


def test_a_year_of_shifts_is_looked_through_in_a_moment() -> None:
    shifts = tuple(
        Shift(
            number=number,
            post=post,
            person=1 + number % 3,
            begins=NOON + number * 8 * HOUR,
            ends=NOON + (number + 1) * 8 * HOUR,
        )
        for number in range(1095)
        for post in (Post.DESK, Post.SECOND, Post.DIRECTOR)
    )
    needs = tuple(Need(post=post) for post in (Post.DESK, Post.SECOND, Post.DIRECTOR))

    found = holes(roster(*shifts, persons=tuple(map(person, (1, 2, 3))), needs=needs), NOON)

    assert found == ()
    assert PROVED_SECONDS > 14 * DAY
