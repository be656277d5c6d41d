"""The roster at rest: who may be put on it, how a way is proved, and what the journal says."""

import pytest

from parley.agencies import actions as agencies
from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.agencies.queries import UnknownOfficerError, first_broken_link
from parley.watch import actions, queries
from parley.watch.policy import CODE_SECONDS, CODE_TRIES, DAY, Channel, Post, Shift, on_watch

pytestmark = pytest.mark.django_db

NOON = 1_790_000_000
HOUR = 3600


def officer(name: str = "Chen", *, role: Role = Role.OFFICER) -> int:
    row = agencies.add_officer(name, role=role, language="en", secret="correct-horse-battery", now=NOON)
    return row.number


def prove(number: int, *, now: int = NOON) -> None:
    actions.begin_proof(number, code="482913", now=now)
    actions.finish_proof(number, code="482913", now=now)


def reachable(name: str = "Chen", *, role: Role = Role.OFFICER) -> int:
    """Return the number of a new officer with two ways that are proved."""
    number = officer(name, role=role)
    for channel, address in ((Channel.SMS, f"+999{number}555"), (Channel.MAIL, f"{number}@house.example")):
        prove(actions.add_way(number, channel=channel, address=address, now=NOON))
    return number


def shift(person: int, *, begins: int = NOON, ends: int = NOON + HOUR) -> Shift:
    return Shift(number=0, post=Post.DESK, person=person, begins=begins, ends=ends)


def test_a_person_with_two_proved_ways_may_be_on_watch() -> None:
    number = reachable()

    assert actions.add_shifts([shift(number)], now=NOON) == 1

    assert [duty.person for duty in on_watch(queries.roster(NOON), NOON)] == [number]


def test_a_person_without_them_cannot_be_put_on_the_roster_and_nobody_else_in_that_file_is() -> None:
    good, bad = reachable("Chen"), officer("Wang")
    actions.add_way(bad, channel=Channel.SMS, address="+999555", now=NOON)

    with pytest.raises(actions.UnprovedError) as error:
        actions.add_shifts([shift(good), shift(bad)], now=NOON)

    assert error.value.person == bad
    assert queries.shifts(since=0) == ()


def test_a_proof_of_a_month_ago_is_none() -> None:
    number = reachable()

    with pytest.raises(actions.UnprovedError):
        actions.add_shifts([shift(number)], now=NOON + 30 * DAY)


def test_the_same_shift_is_put_on_the_roster_once() -> None:
    number = reachable()
    actions.add_shifts([shift(number)], now=NOON)

    assert actions.add_shifts([shift(number), shift(number, ends=NOON + 2 * HOUR)], now=NOON) == 1


@pytest.mark.parametrize("ends", [NOON, NOON - 1, NOON + 32 * DAY])
def test_a_shift_that_cannot_be_is_refused(ends: int) -> None:
    number = reachable()

    with pytest.raises(actions.ShiftError):
        actions.add_shifts([shift(number, ends=ends)], now=NOON)


def test_nobody_who_left_is_put_on_the_roster_or_rung() -> None:
    number = reachable()
    agencies.disable_officer("Chen", now=NOON)

    with pytest.raises(UnknownOfficerError):
        actions.add_shifts([shift(number)], now=NOON)
    assert queries.ways_of(number) == ()


def test_whoever_may_only_look_cannot_be_on_watch() -> None:
    number = reachable(role=Role.VIEWER)

    with pytest.raises(UnknownOfficerError):
        actions.add_shifts([shift(number)], now=NOON)


def test_a_shift_is_taken_off_once() -> None:
    number = reachable()
    actions.add_shifts([shift(number)], now=NOON)
    (row,) = queries.shifts(since=0)

    actions.remove_shift(row.number, now=NOON)

    assert queries.shifts(since=0) == ()
    with pytest.raises(actions.UnknownShiftError):
        actions.remove_shift(row.number, now=NOON)


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (Channel.SMS, "+999 555"),
        (Channel.SMS, "-oProxyCommand=x"),
        (Channel.SMS, "+99955512345678901234567890"),
        (Channel.VOICE, "sip:a b@x"),
        (Channel.MAIL, "wang@house.example\nBcc: x@y"),
        (Channel.MAIL, "wang"),
        (Channel.PUSH, "../admin"),
        (Channel.PUSH, ""),
        (Channel.WALL, "x"),
    ],
)
def test_an_address_that_could_mean_something_else_is_refused(channel: Channel, address: str) -> None:
    number = officer()

    with pytest.raises(actions.AddressError):
        actions.add_way(number, channel=channel, address=address, now=NOON)


def test_a_way_that_was_removed_rings_nobody_and_proves_nothing() -> None:
    number = reachable()
    first = queries.ways_of(number)[0].contact.number

    actions.remove_way(first, now=NOON)

    assert [each.contact.channel for each in queries.ways_of(number)] == [Channel.MAIL]
    with pytest.raises(queries.UnknownContactError):
        actions.begin_proof(first, code="482913", now=NOON)
    with pytest.raises(actions.UnprovedError):
        actions.add_shifts([shift(number)], now=NOON)


def test_the_same_way_again_is_the_same_way() -> None:
    number = officer()

    once = actions.add_way(number, channel=Channel.SMS, address="+999555", now=NOON)

    assert actions.add_way(number, channel=Channel.SMS, address="+999555", now=NOON) == once


def test_a_code_is_worth_something_for_a_quarter_of_an_hour_and_once() -> None:
    way = actions.add_way(officer(), channel=Channel.SMS, address="+999555", now=NOON)
    actions.begin_proof(way, code="482913", now=NOON)

    with pytest.raises(actions.CodeError):
        actions.finish_proof(way, code="482913", now=NOON + CODE_SECONDS)
    actions.finish_proof(way, code="482913", now=NOON + CODE_SECONDS - 1)
    with pytest.raises(actions.CodeError):
        actions.finish_proof(way, code="482913", now=NOON + CODE_SECONDS - 1)

    assert queries.way(way).contact.proved_at == NOON + CODE_SECONDS - 1


def test_a_code_cannot_be_guessed_in_as_many_tries_as_somebody_likes() -> None:
    way = actions.add_way(officer(), channel=Channel.SMS, address="+999555", now=NOON)
    actions.begin_proof(way, code="482913", now=NOON)

    for _ in range(CODE_TRIES):
        with pytest.raises(actions.CodeError):
            actions.finish_proof(way, code="000000", now=NOON)
    with pytest.raises(actions.CodeError):
        actions.finish_proof(way, code="482913", now=NOON)

    assert queries.way(way).contact.proved_at is None


def test_the_code_of_one_way_proves_no_other() -> None:
    number = officer()
    one = actions.add_way(number, channel=Channel.SMS, address="+999555", now=NOON)
    other = actions.add_way(number, channel=Channel.MAIL, address="a@house.example", now=NOON)
    actions.begin_proof(one, code="482913", now=NOON)

    with pytest.raises(actions.CodeError):
        actions.finish_proof(other, code="482913", now=NOON)


def test_a_way_that_nobody_was_sent_a_code_over_cannot_be_proved() -> None:
    way = actions.add_way(officer(), channel=Channel.SMS, address="+999555", now=NOON)

    with pytest.raises(actions.CodeError):
        actions.finish_proof(way, code="", now=NOON)


def test_languages_take_the_place_of_those_before_and_nonsense_is_refused() -> None:
    number = officer()
    actions.set_speech(number, ["en"], now=NOON)

    actions.set_speech(number, ["zh-Hans", "ru"], now=NOON)
    with pytest.raises(actions.LanguageError):
        actions.set_speech(number, ["english"], now=NOON)

    assert queries.persons()[0].speaks == {"zh-Hans", "ru"}


def test_a_post_is_needed_until_it_is_not() -> None:
    actions.set_need(Post.DESK, ["en", "zh-Hans"], now=NOON)
    actions.set_need(Post.DIRECTOR, [], now=NOON)
    actions.set_need(Post.DIRECTOR, None, now=NOON)

    (need,) = queries.needs()

    assert (need.post, need.languages) == (Post.DESK, frozenset({"en", "zh-Hans"}))


def test_the_journal_tells_every_act_and_no_address() -> None:
    number = reachable()
    actions.add_shifts([shift(number)], now=NOON)

    acts = [row.act for row in JournalEntry.objects.order_by("number")]
    subjects = " ".join(JournalEntry.objects.values_list("subject", flat=True))

    assert acts == [
        "officer.added",
        *("watch.way_added", "watch.way_proved"),
        *("watch.way_added", "watch.way_proved"),
        "watch.shift_added",
    ]
    assert "555" not in subjects
    assert "house.example" not in subjects
    assert first_broken_link() is None
