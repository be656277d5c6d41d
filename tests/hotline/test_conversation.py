"""A call from its opening to its end, between two nodes, by the actions that pages and commands use."""

from dataclasses import replace

import pytest

from parley.hotline.actions import Closing, Message
from parley.hotline.policy import Stand
from parley.inquiries.forms.letter import text_of
from parley.links.policy import Whose
from parley.protocol.act import id_text
from parley.protocol.hotline.codes import Ending, Sort
from tests.hotline.line import FIVE, SALT, Line, typed
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def test_a_call_goes_by_the_lane_hot_and_is_the_same_on_both_sides(line: Line) -> None:
    opened = line.open()

    ours, theirs = line.row(A), line.row(B)
    assert (opened.lane, ours.place, ours.place_path) == ("hot", "A hot 1", "A-hot-1")
    assert (ours.is_ours, theirs.is_ours) == (True, False)
    assert (ours.object_text, theirs.object_text) == ("203.0.113.7", "203.0.113.7")
    assert (ours.owing, theirs.owing) == ((Whose.THEM,), (Whose.US,))
    assert line.is_same()


def test_a_reading_that_misses_is_shown_on_both_sides_with_what_was_typed(line: Line) -> None:
    line.open()
    line.take()

    line.read_back(typed(object="203.0.113.70"))

    for node in (A, B):
        page = line.page(node)
        (reading,) = [each.reading for each in page.statements if each.reading]
        assert reading.misses == ("object",)
        assert reading.near["object"].near.value == "one_off"
        assert page.row.tries == 1
        assert (page.row.state, page.row.read_back_at) == ("taken", None)
    assert line.is_same()


def test_a_conversation_is_opened_taken_read_back_talked_out_and_closed_by_both(line: Line) -> None:
    inquiry = line.pair.sends(title="Clearing house")
    line.pair.settle()
    line.open(inquiry=inquiry.statement)
    line.take()
    line.read_back(typed(object="203.0.113.70"))
    clear = replace(FIVE, object="203.0.113.9")
    said = line.say(A, Message(sort=Sort.CLARIFICATION, text=text_of("It moved."), fields=clear, salt=SALT))
    line.read_back(clear, of=said)
    read_back_at = line.row(A).read_back_at
    line.say(B, Message(sort=Sort.RESTRAINT, text=text_of("Please do not publish yet.")), re=said)
    line.close(A, Closing(ending=Ending.ANSWERED))

    assert line.row(B).state == "half_closed"
    line.close(B, Closing(ending=Ending.ANSWERED))

    page = line.page(B)
    assert (page.row.state, page.row.is_open, page.row.owing) == ("closed", False, ())
    assert read_back_at is not None
    assert page.row.ended == ("answered", "answered")
    assert page.row.inquiry == id_text(inquiry.statement)
    assert page.inquiry is not None
    assert page.inquiry.inquiry.title == "Clearing house"
    assert page.text.place == said.place
    assert page.row.object_text == "203.0.113.9"
    assert {row.stand for row in page.ladders[Whose.US]} == {Stand.TAKEN, Stand.QUIET}
    assert line.is_same()


def test_saved_at_their_node_and_received_are_told_apart(line: Line) -> None:
    line.open(settle=False)
    saved = line.page(A).opening
    line.pass_time(10)
    there = line.page(A).opening

    assert (saved.is_at_their_node, saved.received_at) == (False, None)
    assert there.is_at_their_node
    assert there.received_at is not None


def test_who_took_a_call_is_rung_anew_if_it_is_not_read_back(line: Line) -> None:
    line.open()
    line.take()

    took = {each.rung: each for each in line.page(B).ladders[Whose.US]}["duty_desk"]
    line.pass_time((took.again_at or 0) - line.now)
    anew = {each.rung: each for each in line.page(B).ladders[Whose.US]}["duty_desk"]

    assert (took.stand, took.at) == (Stand.TAKEN, line.row(B).taken_at)
    assert (anew.stand, anew.cause, anew.again_at) == (Stand.RINGING, "read_back", None)
