"""The ten sorts of message, what crosses, what is promised, and what both agree on."""

import pytest

from parley.hotline.actions import Closing, Message, Minute
from parley.inquiries.forms.letter import text_of
from parley.ledger.drafts import RefusedError
from parley.links.policy import Whose
from parley.protocol.breach import BreachError
from parley.protocol.clauses import Rung
from parley.protocol.hotline.codes import Ending, Sort
from tests.hotline.line import FIVE, SALT, Line, typed
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

SOON = 1_793_620_000


def taken(line: Line) -> None:
    line.open()
    line.take()
    line.read_back(typed())


def test_every_sort_is_said_numbered_for_each_side_and_read_with_its_words_on_both(line: Line) -> None:
    taken(line)
    own = {
        Sort.HOLDING: {"next_word": SOON},
        Sort.JOINT_START: {"at": SOON},
        Sort.INTENDED_STATEMENT: {"at": SOON},
        Sort.CLARIFICATION: {"fields": FIVE, "salt": SALT},
    }

    for sort in Sort:
        line.say(A, Message(sort=sort, text=text_of(f"It is {sort.value}."), **own.get(sort, {})))  # type: ignore[arg-type]  # each by its own name
    line.say(B, Message(sort=Sort.QUESTION, text=text_of("Since when?")))

    for node in (A, B):
        said = [each for each in line.page(node).statements if each.kind == "call.said"]
        assert [(each.number, each.sort) for each in said[:-1]] == [
            (number, sort.value) for number, sort in enumerate(Sort, start=1)
        ]
        assert [each.text.text for each in said[:-1] if each.text] == [
            f"It is {sort.value}." for sort in Sort
        ]
        assert (said[-1].number, said[-1].is_valid) == (1, True)
    assert line.is_same()


def test_what_neither_had_seen_of_the_other_is_flagged_on_both_sides(line: Line) -> None:
    taken(line)

    line.say(A, Message(sort=Sort.PROPOSAL, text=text_of("At noon.")), settle=False)
    line.say(B, Message(sort=Sort.PROPOSAL, text=text_of("At one.")), settle=False)
    line.pass_time(10)
    line.say(A, Message(sort=Sort.SUBSTANTIVE, text=text_of("At one, then.")))

    for node in (A, B):
        said = [each for each in line.page(node).statements if each.kind == "call.said"]
        assert sorted((each.crossed for each in said), reverse=True) == [True, True, False]
        assert line.row(node).crossed == 2


def test_a_next_word_is_promised_until_it_comes_and_then_kept_or_not(line: Line) -> None:
    taken(line)
    at = line.now + 1_800
    line.say(B, Message(sort=Sort.HOLDING, next_word=at))

    waiting = line.row(A)
    line.pass_time(3_600)
    line.say(B, Message(sort=Sort.SUBSTANTIVE, text=text_of("It was ours.")))

    assert (waiting.promised_at, waiting.promised) == (at, {Whose.THEM: at})
    assert line.row(A).promised == {}
    (holding,) = [each for each in line.page(A).statements if each.sort == "holding"]
    assert holding.kept is False


def test_a_joint_start_is_settled_when_the_other_side_says_the_same_instant(line: Line) -> None:
    taken(line)
    proposed = line.say(A, Message(sort=Sort.JOINT_START, at=SOON))
    line.say(B, Message(sort=Sort.JOINT_START, at=SOON + 60), re=proposed)
    assert line.fold(A).joint_starts == ()

    line.say(B, Message(sort=Sort.JOINT_START, at=SOON), re=proposed)

    assert [line.fold(node).joint_starts for node in (A, B)] == [(SOON,), (SOON,)]


def test_a_rung_of_theirs_is_pressed_by_a_message_but_no_principal_by_one_person(line: Line) -> None:
    line.open()
    line.say(A, Message(sort=Sort.NOTIFICATION, to=Rung.SECOND_OFFICER))

    ladder = {each.rung: each for each in line.page(B).ladders[Whose.US]}

    assert (ladder["second_officer"].stand.value, ladder["second_officer"].cause) == ("ringing", "own_rung")
    with pytest.raises(RefusedError, match="threshold"):
        line.say(A, Message(sort=Sort.NOTIFICATION, to=Rung.MINISTER))


def test_a_holding_reply_without_a_promise_is_none(line: Line) -> None:
    taken(line)

    with pytest.raises(BreachError, match=r"§12\.3"):
        line.say(B, Message(sort=Sort.HOLDING))


def test_a_minute_holds_when_both_sides_read_it_back_rightly(line: Line) -> None:
    taken(line)
    lines = ("B isolates the host at 14:00 UTC.", "A says nothing in public before.")
    said = Minute(
        since=SOON - 600, until=SOON, lines=lines, salt=SALT, present=(text_of("Head of the desk"),)
    )
    minute = line.minute(A, said)
    line.read_lines(B, (lines[0].replace("14:00", "15:00"), lines[1]), of=minute)
    line.read_lines(A, lines, of=minute)
    before = next(each for each in line.page(B).statements if each.kind == "call.minuted")

    line.read_lines(B, lines, of=minute)

    (held,) = [each for each in line.page(B).statements if each.kind == "call.minuted"]
    wrong = [each.reading for each in line.page(A).statements if each.reading and each.reading.misses]
    assert (before.holds, held.holds, held.lines) == (False, True, lines)
    assert held.present == ("Head of the desk",)
    assert [(each.of, each.misses[0]) for each in wrong if each.misses] == [(minute.place, "lines")]
    assert line.is_same()


def test_after_three_wrong_readings_of_one_text_it_is_read_aloud(line: Line) -> None:
    line.open()
    line.take()
    for last in ("8", "9", "10"):
        line.read_back(typed(object=f"203.0.113.{last}"))

    assert [line.row(node).needs_voice for node in (A, B)] == [True, True]
    line.read_back(typed())
    assert [line.row(node).state for node in (A, B)] == ["read_back", "read_back"]


def test_whoever_speaks_again_has_not_closed(line: Line) -> None:
    taken(line)
    line.close(A, Closing(ending=Ending.ANSWERED), settle=False)
    line.say(B, Message(sort=Sort.QUESTION, text=text_of("One more thing?")), settle=False)
    line.pass_time(10)
    line.close(B, Closing(ending=Ending.ANSWERED))

    row = line.row(A)

    assert (row.state, row.stands, row.owing) == ("half_closed", (Whose.THEM,), ())
