"""The record to rows: the same rows in whatever steps they are told, on both sides, and after an erasing."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connections

from parley.hotline import projection
from parley.hotline.actions import Closing, Message
from parley.hotline.queries import UnknownCallError, call_page, calls_about, count_open, find_call, list_calls
from parley.inquiries.forms.letter import text_of
from parley.protocol.act import id_text
from parley.protocol.hotline.codes import Ending, Sort
from parley.protocol.names import HOT, MAIN
from parley.protocol.strictjson import JsonValue
from tests.hotline.line import SALT, Line, typed
from tests.two_nodes.erasing import obeys, orders
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def dump() -> list[tuple[object, ...]]:
    with connections["view"].cursor() as cursor:
        found: list[tuple[object, ...]] = cursor.execute("SELECT * FROM hotline_call ORDER BY key").fetchall()
    return found


def talk(line: Line) -> None:
    line.open()
    line.project(A)
    line.take()
    line.project(A)
    line.read_back(typed(object="203.0.113.8"))
    line.say(B, Message(sort=Sort.QUESTION, text=text_of("Which port?")))
    line.project(A)
    line.close(A, Closing(ending=Ending.CANCELLED))


def test_the_rows_are_the_same_told_at_every_step_or_at_once(line: Line) -> None:
    talk(line)
    line.project(A)
    stepwise = dump()
    line.project(A)
    again = dump()
    projection.empty()
    emptied = dump()
    line.project(A)

    assert stepwise == again == dump()
    assert emptied == []


def test_nothing_is_written_where_nothing_changed(line: Line) -> None:
    talk(line)
    line.project(A)
    with connections["view"].cursor() as cursor:
        cursor.execute("UPDATE hotline_call SET rowid = 77")

    line.project(A)

    with connections["view"].cursor() as cursor:
        assert cursor.execute("SELECT rowid FROM hotline_call").fetchall() == [(77,)]


def test_an_inquiry_is_no_call_and_a_call_no_inquiry(line: Line) -> None:
    line.pair.sends()
    line.open()

    assert line.row(A).place == "A hot 1"
    with pytest.raises(UnknownCallError):
        call_page(line.pair.homes[A], LINK, "A-1", now=line.now)
    with pytest.raises(UnknownCallError):
        find_call(LINK, "A" * 43)


def test_the_calls_about_an_inquiry_are_found_by_it_newest_first(line: Line) -> None:
    inquiry = line.pair.sends()
    line.pair.settle()
    first = line.open(inquiry=inquiry.statement)
    second = line.open(node=B, inquiry=inquiry.statement)
    line.project(A)

    found = calls_about(LINK, id_text(inquiry.statement))

    assert [row.place for row in found] == [second.place, first.place]
    assert {row.inquiry_place for row in found} == {inquiry.place}
    assert {row.scope for row in found} == {""}


def test_a_list_goes_on_where_it_ended(line: Line) -> None:
    for _number in range(3):
        line.open()
    line.project(A)

    page = list_calls(now=line.now, limit=2)
    rest = list_calls(now=line.now, limit=2, after=page.after)

    assert [row.place for row in (*page.rows, *rest.rows)] == ["A hot 3", "A hot 2", "A hot 1"]
    assert rest.after is None


def test_after_its_words_were_destroyed_a_call_still_reads_and_nothing_of_them_is_left(
    tmp_path: Path,
) -> None:
    line = Line(tmp_path, lanes=(MAIN,))
    opened = line.open()
    line.take()
    line.read_back(typed(object="203.0.113.8"))
    readings = [each.misses for each in line.fold(B).readings]

    order = orders(line.pair, opened.statement)
    line.pair.settle()
    obeys(line.pair, order)
    line.pair.settle()

    for node in (A, B):
        page = line.page(node)
        assert (page.row.object_text, page.row.text, page.row.object_type) == ("", "", "ip")
        assert (page.opening.has_words, page.opening.is_marked_truly) == (False, None)
        assert page.opening.fields is not None
        assert page.opening.fields.object is None
        assert [each.reading.near for each in page.statements if each.reading] == [{}]
        assert "203.0.113.7" not in str(dump())
    assert [each.misses for each in line.fold(B).readings] == readings
    assert line.is_same()
    line.stop()


def test_words_that_are_not_those_of_the_marks_are_told_on_both_sides(line: Line) -> None:
    """An adversary signs a mark of one address and shows another: no fold looks, and no page believes it."""
    opened = line.open()
    with line.pair.reader(A) as reader:
        row = reader.row(LINK, opened.statement)
        body = reader.body(LINK, opened.statement)
    assert row is not None
    assert row.act is not None
    assert body is not None
    lie = {**body, "object": "203.0.113.99"}

    line.call = line.pair.say(A, "call.opened", row.act.d, body=lie, lane=HOT)
    line.pair.settle()

    projection.empty()
    line.project(B)
    for place, truly in ((opened.place, True), (line.call.place, False)):
        page = call_page(line.pair.homes[B], LINK, place.replace(" ", "-"), now=line.now)
        assert page.opening.is_marked_truly is truly


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"salt": "AAAA", "object": "203.0.113.7"},
        {"salt": 7, "object": ["x"], "text": "words", "from": [], "handling": None},
        {"salt": "AAAA", "object": "x" * 5_000, "text": {"lang": 1, "text": 2}, "lines": {"0": "x"}},
    ],
)
def test_whatever_a_body_holds_the_call_rings_and_its_page_is_shown(
    line: Line, body: dict[str, object]
) -> None:
    opened = line.open()
    with line.pair.reader(A) as reader:
        row = reader.row(LINK, opened.statement)
    assert row is not None
    assert row.act is not None

    line.call = line.pair.say(A, "call.opened", row.act.d, body=body, lane=HOT)  # type: ignore[arg-type]  # it is JSON
    line.pair.settle()
    line.take()

    projection.empty()
    line.project(B)
    page = call_page(line.pair.homes[B], LINK, line.call.place.replace(" ", "-"), now=line.now)
    assert (page.row.state, page.opening.text, page.opening.is_marked_truly) == ("taken", None, None)


def test_the_salt_of_a_call_is_in_its_body_alone(line: Line) -> None:
    opened = line.open()

    with line.pair.reader(B) as reader:
        row = reader.row(LINK, opened.statement)
        body = reader.body(LINK, opened.statement)

    assert row is not None
    assert row.act is not None
    assert body is not None
    assert "203.0.113.7" not in str(row.act.d)
    assert len(SALT) == 32
    assert "salt" in body
    assert "salt" not in str(row.act.d)


def test_a_call_that_could_not_be_opened_there_is_without_effect_and_not_over_before_it_lapses(
    tmp_path: Path,
) -> None:
    line = Line(tmp_path, lanes=(MAIN,))
    opened = line.open(settle=False)
    partner = Forger(line.pair, B, A)
    partner.write(
        act_of("unopened", {"reason": "key"}, re=opened.statement), seen=partner.seen(opened.index + 1)
    )
    partner.tell()

    row, page = line.row(A), line.page(A)

    assert (row.verdict, row.is_open, row.is_over(line.now)) == ("unopened", True, False)
    assert row.is_over(line.now + 24 * 3600)
    assert (page.call, page.ladders) == (None, {})
    assert page.opening.fields is not None
    assert count_open(now=line.now) == 1
    line.stop()


def test_what_breaks_the_rules_of_a_call_stands_on_its_page_with_the_reason_and_moves_nothing(
    tmp_path: Path,
) -> None:
    line = Line(tmp_path, lanes=(MAIN,))
    opened = line.open()
    partner = Forger(line.pair, B, A)
    seen = partner.seen(opened.index + 1)
    lies: list[tuple[str, Mapping[str, JsonValue]]] = [
        ("call.closed", {"ending": "cancelled"}),
        ("call.said", {"sort": "holding"}),
        ("call.read_back", {"fields": {"what": "nonsense"}}),
        ("call.minuted", {"since": 1, "until": 2, "lines": ["A" * 43]}),
        ("call.taken", {"rung": "minister", "why": "because"}),
    ]
    for kind, d in lies:
        partner.write(
            act_of(kind, d, re=opened.statement), body=b'{"text":{"lang":"en","text":"<b>x"}}', seen=seen
        )
    partner.tell()

    page = line.page(A)

    assert page.row.state == "opened"
    verdicts = [each.verdict for each in page.statements if each.whose.value == "them"]
    # What is no act of its kind at all belongs to no thread: it stands in the record alone.
    assert verdicts == ["void:not-writer", "void:wrong-state"]
    assert [each.reading for each in page.statements] == [None] * len(page.statements)
    line.stop()
