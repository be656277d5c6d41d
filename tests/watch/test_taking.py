"""The watch: taken by one, handed over by two, never held by none in between, and never twice."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from parley.agencies import actions as agencies
from parley.agencies.actions import WrongSecretError
from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.watch import actions, queries
from parley.watch.actions import Secret, Taking
from parley.watch.models import WatchTaken
from parley.watch.policy import NONE, TESTED_SECONDS, Channel, Handing, Question, wrong_answers

pytestmark = pytest.mark.django_db

NOON = 1_790_000_000
SECRET = "correct-horse-battery"
HANDING = Handing(calls=("A hot 3", "B hot 0"), due_first=("B 7",), due_at=NOON + 60, degraded=())
ANSWERS = {Question.OPEN_CALL: "a-hot-3", Question.DUE_FIRST: "b 7", Question.DEGRADED: NONE}


def officer(name: str, *, role: Role = Role.OFFICER, is_tested: bool = True) -> int:
    number = agencies.add_officer(name, role=role, language="en", secret=SECRET, now=NOON).number
    way = actions.add_way(number, channel=Channel.SMS, address=f"+9995550{number}", now=NOON)
    if is_tested:
        actions.begin_proof(way, code="482913", now=NOON)
        actions.finish_proof(way, code="482913", now=NOON)
    return number


def taking(name: str = "Chen", **more: object) -> Taking:
    usual = {
        "incoming": Secret(name=name, secret=SECRET),
        "sound_heard_at": NOON,
        "handing": HANDING,
        "answers": ANSWERS,
        "screen": "0123456789abcdef",
    }
    return Taking(**{**usual, **more})  # type: ignore[arg-type] # a test says what it changes


def test_whoever_takes_the_watch_has_it() -> None:
    number = officer("Chen")

    row = actions.take_watch(taking(), now=NOON)

    assert (row.officer, row.begins, row.ends, row.outgoing) == (number, NOON, None, None)
    assert queries.watch_now() == row
    assert JournalEntry.objects.filter(act="watch.taken", officer=number).count() == 1


def test_a_watch_that_somebody_has_is_not_taken() -> None:
    officer("Chen")
    officer("Wang")
    held = actions.take_watch(taking(), now=NOON)

    with pytest.raises(actions.HeldError):
        actions.take_watch(taking("Wang"), now=NOON + 1)

    assert queries.watch_now() == held


def test_between_two_watches_there_is_no_gap() -> None:
    officer("Chen")
    number = officer("Wang")
    actions.take_watch(taking(), now=NOON)

    actions.hand_over(taking("Wang"), outgoing=Secret(name="Chen", secret=SECRET), now=NOON + 60)

    new, old = queries.watches(2)
    assert (new.officer, new.outgoing) == (number, old.officer)
    assert old.ends == new.begins == NOON + 60


@pytest.mark.parametrize(
    "outgoing", [Secret(name="Chen", secret="guessed"), Secret(name="Li", secret=SECRET)]
)
def test_both_persons_sign_or_the_outgoing_one_keeps_the_watch(outgoing: Secret) -> None:
    officer("Chen")
    officer("Wang")
    officer("Li")
    held = actions.take_watch(taking(), now=NOON)

    with pytest.raises((WrongSecretError, actions.NotHeldError)):
        actions.hand_over(taking("Wang"), outgoing=outgoing, now=NOON + 60)
    with pytest.raises(WrongSecretError):
        actions.hand_over(
            taking(incoming=Secret(name="Wang", secret="guessed")),
            outgoing=Secret(name="Chen", secret=SECRET),
            now=NOON + 60,
        )

    assert queries.watch_now() == held


def test_nobody_hands_over_to_himself_or_herself() -> None:
    officer("Chen")
    actions.take_watch(taking(), now=NOON)

    with pytest.raises(actions.SamePersonError):
        actions.hand_over(taking(), outgoing=Secret(name="Chen", secret=SECRET), now=NOON + 60)


def test_what_is_answered_wrongly_is_told_and_not_accepted() -> None:
    officer("Chen")

    with pytest.raises(actions.WrongAnswersError) as error:
        actions.take_watch(taking(answers={**ANSWERS, Question.DUE_FIRST: "B 8"}), now=NOON)

    assert error.value.questions == (Question.DUE_FIRST,)
    assert queries.watch_now() is None


def test_nothing_is_a_right_answer_where_there_is_nothing_and_nowhere_else() -> None:
    nothing = dict.fromkeys(Question, NONE)

    assert wrong_answers(Handing(), nothing) == ()
    assert wrong_answers(HANDING, nothing) == (Question.OPEN_CALL, Question.DUE_FIRST)
    assert wrong_answers(Handing(), {}) == tuple(Question)


def test_the_sound_was_heard_just_now_and_a_phone_rang_within_a_day() -> None:
    officer("Chen")

    with pytest.raises(actions.SoundError):
        actions.take_watch(taking(sound_heard_at=NOON - 3600), now=NOON)
    late = NOON + TESTED_SECONDS
    with pytest.raises(actions.UntestedError):
        actions.take_watch(taking(sound_heard_at=late), now=late)

    assert queries.watch_now() is None


def test_where_there_are_no_phones_none_is_tested() -> None:
    officer("Chen", is_tested=False)
    handing = Handing(degraded=("phones",), rings=False)
    answers = {Question.OPEN_CALL: NONE, Question.DUE_FIRST: NONE, Question.DEGRADED: "phones"}

    assert actions.take_watch(taking(handing=handing, answers=answers), now=NOON).phone_tested_at == 0


def test_a_viewer_takes_no_watch() -> None:
    officer("Chen", role=Role.VIEWER)

    with pytest.raises(actions.MayNotWatchError):
        actions.take_watch(taking(), now=NOON)


def test_whoever_is_away_is_relieved_and_the_journal_says_so() -> None:
    left, came = officer("Chen"), officer("Wang")
    actions.take_watch(taking(), now=NOON)

    actions.take_watch(taking("Wang"), relieves=True, now=NOON + 60)

    row = queries.watch_now()
    assert row is not None
    assert row.officer == came
    assert JournalEntry.objects.get(act="watch.relieved").subject == f"officer {left}"


def test_whoever_sits_before_a_screen_is_not_relieved_but_hands_over() -> None:
    chen = officer("Chen")
    came = officer("Wang")
    held = actions.take_watch(taking(), now=NOON)
    seen = replace(HANDING, in_view=(chen, came))

    with pytest.raises(actions.PresentError):
        actions.take_watch(taking("Wang", handing=seen), relieves=True, now=NOON + 60)
    assert queries.watch_now() == held

    actions.hand_over(
        taking("Wang", handing=seen), outgoing=Secret(name="Chen", secret=SECRET), now=NOON + 60
    )
    row = queries.watch_now()
    assert row is not None
    assert row.officer == came


def test_an_officer_who_may_no_longer_act_has_no_watch_and_keeps_it_from_nobody() -> None:
    officer("Chen")
    came = officer("Wang")
    actions.take_watch(taking(), now=NOON)
    agencies.disable_officer("Chen", now=NOON)

    assert queries.watch_now() is None
    assert actions.take_watch(taking("Wang"), now=NOON + 60).officer == came


def test_a_watch_that_is_left_is_nobodys() -> None:
    officer("Chen")
    actions.take_watch(taking(), now=NOON)

    actions.leave_watch(Secret(name="Chen", secret=SECRET), now=NOON + 60)

    assert queries.watch_now() is None
    with pytest.raises(actions.NotHeldError):
        actions.leave_watch(Secret(name="Chen", secret=SECRET), now=NOON + 61)


def test_the_database_holds_that_there_are_no_two_watches() -> None:
    number = officer("Chen")
    actions.take_watch(taking(), now=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        WatchTaken.objects.create(
            officer_id=number, begins=NOON, is_open=True, sound_heard_at=NOON, phone_tested_at=NOON
        )
