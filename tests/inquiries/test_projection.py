"""The record to rows: what a list and a page say is what both sides said."""

from dataclasses import replace

import pytest
from django.db import connections

from parley.inquiries import projection
from parley.inquiries.policy import Move
from parley.inquiries.queries import Filter, InquiryRow, list_inquiries, show_inquiry
from parley.ledger.reading import EntryRow, Reader
from parley.protocol import voids
from parley.protocol.act import id_text
from parley.protocol.inquiries.clocks import Phase
from parley.protocol.inquiries.codes import Want
from parley.protocol.voids import Void
from tests.inquiries.conftest import A, B, Desk

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def only_row(desk: Desk) -> InquiryRow:
    (row,) = list_inquiries(Filter(), now=desk.now).rows
    return row


def dump() -> dict[str, list[tuple[object, ...]]]:
    tables = ("inquiry", "item", "timer", "event")
    with connections["view"].cursor() as cursor:
        return {
            table: cursor.execute(f"SELECT * FROM inquiries_{table} ORDER BY key").fetchall()  # noqa: S608 - our tables
            for table in tables
        }


def test_a_new_inquiry_has_its_items_and_is_their_move(desk: Desk) -> None:
    sent = desk.send("http://one.example/", "http://two.example/", batch="A-7")
    desk.settle()

    desk.project()

    row = only_row(desk)
    assert (row.place, row.is_ours, row.count, row.states) == (sent.place, True, 2, {"sent": 2})
    assert (row.title, row.batch_ref, row.move, row.is_my_move) == ("2 sites", "A-7", Move.ASKED, False)
    assert row.received_at is not None
    assert row.due_at is not None
    dossier = show_inquiry("a-b", row.inquiry)
    assert [(item.n, item.url, item.brand) for item in dossier.items] == [
        (0, "http://one.example/", "First Bank"),
        (1, "http://two.example/", "First Bank"),
    ]
    assert [(event.place, event.kind) for event in dossier.events] == [(sent.place, "inquiry.sent")]


def test_both_sides_tell_the_same_but_whose_it_is(desk: Desk) -> None:
    sent = desk.send("http://one.example/")
    desk.settle()
    desk.say(B, "returned", {"items": "all", "fields": [{"field": "url", "reason": "unclear"}]}, re=sent)

    desk.project(A)
    ours = show_inquiry("a-b", id_text(sent.statement))
    projection.empty()
    desk.project(B)
    theirs = show_inquiry("a-b", id_text(sent.statement))

    assert (ours.items, ours.timers, ours.events) == (theirs.items, theirs.timers, theirs.events)
    assert (ours.inquiry.is_ours, theirs.inquiry.is_ours) == (True, False)
    assert (ours.inquiry.is_my_move, theirs.inquiry.is_my_move) == (True, False)


def test_findings_grounds_and_crossing_stand_with_their_items(desk: Desk) -> None:
    sent = desk.send("http://one.example/", "http://two.example/")
    desk.settle()
    desk.say(A, "withdrawn", {"items": [0], "reason": "solved"}, re=sent, settle=False)
    answer = desk.say(
        B, "answered", {"findings": [{"items": [0], "code": "confirmed"}]}, re=sent, settle=False
    )
    desk.settle()
    desk.say(B, "refused", {"items": [1], "grounds": ["G13", "G09"]}, re=sent)

    desk.project()

    first, second = show_inquiry("a-b", id_text(sent.statement)).items
    assert (first.state, first.is_crossed) == ("answered", True)
    assert [(found["code"], found["statement"]) for found in first.findings] == [
        ("confirmed", id_text(answer.statement))
    ]
    assert (second.state, second.grounds) == ("refused", ("G13", "G09"))
    row = only_row(desk)
    assert (row.is_open, row.crossed, row.move, row.due_at) == (False, 1, Move.NOBODY, None)
    assert row.lapses_at is not None
    assert not row.is_lapsed(row.lapses_at - 1)
    assert row.is_lapsed(row.lapses_at)


def test_clocks_that_stand_alike_are_one_row(desk: Desk) -> None:
    sent = desk.send(
        "http://1.example/", "http://2.example/", "http://3.example/", wants=(Want.CONFIRM, Want.MITIGATE)
    )
    desk.settle()
    desk.say(B, "answered", {"findings": [{"items": [1], "code": "already_down"}]}, re=sent)

    desk.project()

    timers = show_inquiry("a-b", id_text(sent.statement)).timers
    assert [(timer.clock, timer.items, timer.phase) for timer in timers] == [
        ("acknowledge", "", Phase.MET),
        ("admit", "0,2", Phase.RUNNING),
        ("mitigate", "0,2", Phase.RUNNING),
        ("evidence", "0,2", Phase.RUNNING),
        ("admit", "1", Phase.MET),
        ("mitigate", "1", Phase.MET),
        ("evidence", "1", Phase.MET),
    ]


class Doubting(Reader):
    """A reader to whom all but the first statement of a thread is void."""

    def rows(
        self,
        link: str,
        *,
        thread: bytes | None = None,
        void: int | None = None,
        after: int = -1,
        limit: int = 10_000,
    ) -> tuple[EntryRow, ...]:
        found = super().rows(link, thread=thread, void=void, after=after, limit=limit)
        wrong = voids.void(Void.WRONG_STATE)
        return tuple(row if row.statement == thread else replace(row, verdict=wrong) for row in found)


def test_a_statement_that_is_void_stands_in_the_timeline(desk: Desk) -> None:
    sent = desk.send("http://one.example/")
    desk.settle()
    desk.say(B, "acknowledged", {}, re=sent)
    reader = Doubting(desk.pair.homes[A])
    (link,) = reader.links()

    projection.project(reader, link, sent.statement, reader.thread("a-b", sent.statement))
    reader.close()

    events = show_inquiry("a-b", id_text(sent.statement)).events
    assert [(event.kind, event.verdict) for event in events] == [
        ("inquiry.sent", "valid"),
        ("inquiry.acknowledged", "void:wrong-state"),
    ]


def test_an_inquiry_without_effect_is_shown_with_no_items(desk: Desk) -> None:
    sent = desk.send("http://one.example/")
    desk.settle()
    desk.project()
    reader = desk.readers[A]
    (link,) = reader.links()

    projection.project(reader, link, sent.statement, None)

    dossier = show_inquiry("a-b", id_text(sent.statement))
    assert (dossier.items, dossier.timers, len(dossier.events)) == ((), (), 1)
    assert (dossier.inquiry.move, dossier.inquiry.is_open) == (Move.NOBODY, False)


def test_the_rows_are_the_same_in_whatever_steps_they_were_told(desk: Desk) -> None:
    sent = desk.send("http://one.example/", "http://two.example/")
    other = desk.send("http://three.example/")
    desk.project()
    desk.settle()
    desk.say(B, "acknowledged", {}, re=sent)
    desk.project()
    desk.say(B, "answered", {"findings": [{"items": [0], "code": "confirmed"}]}, re=sent)
    desk.say(A, "status_asked", {}, re=other)
    desk.project()
    in_steps = dump()

    projection.empty()
    desk.project()

    assert dump() == in_steps
    assert all(in_steps.values())


def test_what_did_not_change_is_not_written(desk: Desk) -> None:
    desk.send("http://one.example/")
    desk.settle()
    desk.project()
    before = dump()

    with connections["view"].cursor() as cursor:
        changes = cursor.execute("SELECT total_changes()").fetchone()
        desk.project()
        after = cursor.execute("SELECT total_changes()").fetchone()

    assert changes == after
    assert dump() == before


def test_empty_leaves_nothing(desk: Desk) -> None:
    desk.send("http://one.example/")
    desk.project()

    projection.empty()

    assert not any(dump().values())
