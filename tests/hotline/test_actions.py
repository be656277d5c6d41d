"""Verbs: what an officer may not say, or not so long, is written nowhere; what is said is in the journal."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parley.agencies.models import JournalEntry, Officer
from parley.agencies.policy import Role
from parley.hotline import actions
from parley.hotline.actions import Calling, Closing, Message, Minute
from parley.hotline.forms.comparing import NoSaltError, compare, compare_lines
from parley.hotline.forms.texts import MinuteError, TooLongError
from parley.inquiries.forms.letter import text_of
from parley.inquiries.policy import NotAllowedError
from parley.ledger.drafts import Appended
from parley.ledger.lanes import named
from parley.links.actions.speaking import Hand, Record, Trial, Tried
from parley.protocol.hotline.codes import Ending, Sort, Subject
from parley.protocol.hotline.mark import UnreadableError
from parley.protocol.names import HOT
from tests.hotline.line import FIVE, OFFICER, SALT, Line, typed
from tests.two_nodes.pair import LINK, A

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

CALLING = Calling(urgency="U1", fields=FIVE, salt=SALT, scope="large_loss", lane=HOT)


def test_what_is_said_is_saved_and_in_the_journal_before_and_after(tmp_path: Path) -> None:
    Officer.objects.create(number=4, name="Chen", role=Role.OFFICER, language="en", password="!")
    line = Line(tmp_path)
    line.stop()
    home = line.pair.homes[A]

    tried = actions.open_call(LINK, CALLING, by=Hand(officer=OFFICER, key="k", now=1, door=Trial(home=home)))
    hand = Hand(officer=OFFICER, key="k", now=1, door=Record(home=home))
    said = [actions.open_call(LINK, CALLING, by=hand) for _twice in range(2)]

    assert isinstance(tried, Tried)
    assert isinstance(said[0], Appended)
    assert said[0] == said[1]
    acts = list(JournalEntry.objects.order_by("number").values_list("act", flat=True))
    assert acts == ["call.opened:begun", "call.opened:saved"] * 2


@pytest.mark.parametrize(
    "says",
    [
        lambda line: line.say(A, Message(sort=Sort.QUESTION, text=text_of("word " * 201))),
        lambda line: line.close(A, Closing(ending=Ending.CANCELLED, text=text_of("字" * 401))),
        lambda line: line.open(text="字" * 401),
        lambda line: line.minute(A, Minute(since=1, until=2, lines=("字" * 81,), salt=SALT)),
    ],
    ids=["message", "closing", "opening", "minute"],
)
def test_nothing_is_said_that_is_too_long_to_be_read_aloud(
    line: Line, says: Callable[[Line], object]
) -> None:
    line.open()
    size = line.pair.standing(A, named(LINK, HOT)).mine.size

    with pytest.raises(TooLongError):
        says(line)

    assert line.pair.standing(A, named(LINK, HOT)).mine.size == size


@pytest.mark.parametrize("lines", [(), ("same", "same"), tuple(f"line {n}" for n in range(6))])
def test_a_minute_has_one_to_five_lines_none_twice(line: Line, lines: tuple[str, ...]) -> None:
    line.open()
    line.take()

    with pytest.raises(MinuteError):
        line.minute(A, Minute(since=1, until=2, lines=lines, salt=SALT))


def test_an_object_that_is_no_thing_of_its_kind_is_not_called_about(line: Line) -> None:
    with pytest.raises(UnreadableError):
        line.open(fields=replace(FIVE, object="203.0.113.400"))


def test_a_viewer_calls_nobody(line: Line) -> None:
    hand = replace(line.hand(A), officer=replace(OFFICER, role=Role.VIEWER))

    with pytest.raises(NotAllowedError):
        actions.open_call(LINK, CALLING, by=hand)


def test_without_the_words_of_a_text_nothing_is_compared(line: Line) -> None:
    fields = FIVE.marked(salt=SALT)

    with pytest.raises(NoSaltError):
        compare(fields, named=None, read=typed(), salt=None)
    with pytest.raises(NoSaltError):
        compare_lines((), lines=("x",), salt=None)


def test_a_call_without_an_object_is_read_back_without_one(line: Line) -> None:
    nothing = replace(FIVE, subject=Subject.NONE, object="")
    line.open(fields=nothing)
    line.take()

    line.read_back(nothing)

    assert line.row(A).state == "read_back"
    assert (line.row(A).object_type, line.row(A).object_text) == ("none", "")


@pytest.mark.parametrize(
    ("read", "near"),
    [
        ({"object": "203.0.113.70"}, {"object": "one_off"}),
        ({"object": "203.0.131.7"}, {"object": "swapped"}),
        ({"object": "198.51.100.1"}, {"object": "other"}),
        ({"by": 1_793_613_600 + 8 * 3_600}, {"by": "zone"}),
        ({"since": None}, {"since": "other"}),
        ({"subject": Subject.DOMAIN, "object": "a.example"}, {}),
        ({"object": "２０３．０．１１３．７"}, {}),
    ],
)
def test_how_near_a_reading_came_is_told_before_it_is_said(
    read: dict[str, object], near: dict[str, str]
) -> None:
    compared = compare(FIVE.marked(salt=SALT), named=FIVE.object, read=typed(**read), salt=SALT)

    assert {name: found.near.value for name, found in compared.near.items()} == near
    wrong = set() if not near and "subject" not in read else {"object"} if "object" in read else {"when"}
    assert set(compared.misses) == wrong
