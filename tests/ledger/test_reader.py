"""Reading the record: what people call a statement, what it says, and where a link stands."""

import base64
import sqlite3
from collections.abc import Mapping
from typing import Final

import pytest

from parley.ledger.calling import MATTERS
from parley.ledger.drafts import Appended, Draft
from parley.ledger.reading import AmbiguousError, Reader
from parley.ledger.tags import tagged
from parley.protocol.act import id_text, short_id
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import INQUIRY, LINK, MONDAY, A, B, Pair
from tests.two_nodes.tables import tables

PROMISE: Final[Mapping[str, JsonValue]] = {
    "text": id_text(bytes(32)),
    "owners": ["B"],
    "due": None,
    "round": None,
}


def sends(pair: Pair, ref: str, *, node: str = A) -> Appended:
    pair.drafts += 1
    draft = Draft(id=f"r{pair.drafts}", link=LINK, kind="inquiry.sent", d=INQUIRY, ref=ref)
    (result,) = pair.ledgers[node].append([draft])
    assert isinstance(result, Appended)
    return result


# ---- Finding


def test_a_statement_is_found_by_each_of_its_names(pair: Pair) -> None:
    mine, theirs = sends(pair, "A-2026-17"), sends(pair, "B-2026-4", node=B)
    pair.settle()

    with pair.reader(A) as reader:
        for said, place, ref in ((mine, "A 1", "A-2026-17"), (theirs, "B 1", "B-2026-4")):
            names = (place, place.replace(" ", ""), short_id(said.statement), id_text(said.statement), ref)
            assert [reader.find(LINK, name) for name in names] == [said.statement] * 5


def test_what_nobody_is_called_is_not_found(pair: Pair) -> None:
    said = sends(pair, "A-2026-17")

    with pair.reader(A) as reader:
        names = [
            "A 99",
            "C 1",
            "",
            "A-2026",
            "a" * 8,
            "A" * 43,
            "\0",
            "ü",
            "%",
            "x" * 100,
            short_id(said.statement)[:7],
        ]
        assert [reader.find(LINK, name) for name in names] == [None] * len(names)
        assert reader.find("a-z", "A 1") is None


@pytest.mark.parametrize("ref", ["B2026", "abcdefgh", "A 99", 'say "when"', "back\\slash", "a/b", "x" * 43])
def test_a_registry_number_may_look_like_anything(pair: Pair, ref: str) -> None:
    said = sends(pair, ref)

    with pair.reader(A) as reader:
        assert reader.find(LINK, ref) == said.statement


def test_a_place_comes_before_a_registry_number_that_looks_like_one(pair: Pair) -> None:
    first = sends(pair, "A 2")
    second = sends(pair, "something else")

    with pair.reader(A) as reader:
        assert reader.find(LINK, "A 2") == second.statement
        assert reader.find(LINK, "A 1") == first.statement


def test_two_of_one_registry_number_are_ambiguous(pair: Pair) -> None:
    sends(pair, "17")
    sends(pair, "17", node=B)
    pair.settle()

    with pair.reader(A) as reader, pytest.raises(AmbiguousError):
        reader.find(LINK, "17")


def test_a_number_is_looked_for_where_it_is_said_to_be_and_a_place_anywhere(pair: Pair) -> None:
    inquiry = sends(pair, "17")
    draft = Draft(id="promise", link=LINK, kind="commitment.proposed", d=PROMISE, ref="17")
    (promise,) = pair.ledgers[A].append([draft])
    assert isinstance(promise, Appended)

    with pair.reader(A) as reader:
        assert reader.find(LINK, "17", numbered=MATTERS) == promise.statement
        assert reader.find(LINK, "17", numbered=("inquiry.sent",)) == inquiry.statement
        assert reader.find(LINK, "A 1", numbered=MATTERS) == inquiry.statement
        with pytest.raises(AmbiguousError):
            reader.find(LINK, "17")


def test_two_of_one_short_id_are_ambiguous(pair: Pair) -> None:
    said = sends(pair, "17")
    pair.ledgers[A].stop()
    db = sqlite3.connect(pair.homes[A].record, isolation_level=None)
    # A collision of forty bits takes a while to find, so one is written by hand.
    tag, leaf = tagged(said.statement[:5] + bytes(27))
    db.execute("UPDATE row SET leaf_tag = ?, leaf = ? WHERE idx = 0", (tag, leaf))
    db.close()

    with pair.reader(A) as reader, pytest.raises(AmbiguousError):
        reader.find(LINK, short_id(said.statement))


def test_the_last_of_all_short_ids_is_found_too(pair: Pair) -> None:
    sends(pair, "17")
    pair.ledgers[A].stop()
    db = sqlite3.connect(pair.homes[A].record, isolation_level=None)
    last = b"\xff" * 32
    db.execute("UPDATE row SET leaf_tag = ?, leaf = ? WHERE idx = 1", tagged(last))
    db.close()

    with pair.reader(A) as reader:
        assert short_id(last) == base64.b32encode(last).decode().lower()[:8]
        assert reader.find(LINK, short_id(last)) == last


# ---- Rows, bodies, threads


def test_a_body_is_read_on_both_sides(pair: Pair) -> None:
    said = pair.sends(node=A, title="two sites")
    bare = pair.say(A, "inquiry.sent", INQUIRY)
    pair.settle()

    for node in (A, B):
        with pair.reader(node) as reader:
            assert reader.body(LINK, said.statement) == {"title": {"lang": "en", "text": "two sites"}}
            assert reader.body(LINK, bare.statement) is None
            assert reader.body(LINK, bytes(32)) is None


def test_rows_are_told_in_the_order_of_the_clocks(pair: Pair) -> None:
    said = pair.sends(node=A)
    pair.settle()
    pair.clocks[B].time += 60
    acknowledged = pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
    pair.settle()

    with pair.reader(A) as reader:
        rows = reader.rows(LINK, thread=said.statement)

    assert [(row.place, row.kind, row.verdict.text) for row in rows] == [
        ("A 1", "inquiry.sent", "valid"),
        (acknowledged.place, "inquiry.acknowledged", "valid"),
    ]
    assert [row.effective for row in rows] == [MONDAY, MONDAY + 60]


def test_a_link_is_read_in_slices(pair: Pair) -> None:
    for _ in range(5):
        pair.sends(node=A)

    with pair.reader(A) as reader:
        slices = [reader.rows(LINK, after=after, limit=2) for after in (-1, 1, 3, 5)]

    mine = [[row.index for row in rows if row.writer == A] for rows in slices]
    assert mine == [[0, 1], [2, 3], [4, 5], []]


def test_every_inquiry_is_a_thread(pair: Pair) -> None:
    said = [pair.sends(node=node) for node in (A, B, A)]
    pair.settle()

    for node in (A, B):
        with pair.reader(node) as reader:
            assert set(reader.threads(LINK)) == {each.statement for each in said}
            for each in said:
                folded = reader.thread(LINK, each.statement)
                assert folded is not None
                assert len(folded.inquiry.items) == 2
            assert reader.thread(LINK, bytes(32)) is None


def test_what_is_read_does_not_write(pair: Pair) -> None:
    said = pair.sends(node=A)
    before = tables(pair.homes[A])

    with pair.reader(A) as reader:
        reader.thread(LINK, said.statement)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.connection.execute("DELETE FROM change")

    assert tables(pair.homes[A]) == before


# ---- Where a link stands


def test_the_status_tells_what_waits_and_what_is_proved(pair: Pair) -> None:
    pair.sends(node=A)
    with pair.reader(A) as reader:
        before = reader.status(LINK)
    pair.clocks[A].time += 5
    pair.clocks[B].time += 7
    pair.settle()

    with pair.reader(A) as reader:
        after = reader.status(LINK)
        assert reader.is_receipted(LINK, "A 1")
        assert not reader.is_receipted(LINK, "A 2")
        assert reader.status("a-z") is None

    assert before is not None
    assert after is not None
    assert (before.my_size, before.my_receipted, before.waiting) == (2, 1, 1)
    assert (after.my_size, after.my_receipted, after.waiting) == (2, 2, 0)
    assert (after.my_receipted_at, after.last_heard_at) == (MONDAY + 7, MONDAY + 5)
    assert after.their_size == 2


def test_a_link_is_read_as_both_sides_see_it(pair: Pair) -> None:
    with pair.reader(A) as here, pair.reader(B) as there:
        (mine,), (theirs,) = here.links(), there.links()

        assert (mine.my_letter, theirs.my_letter) == ("A", "B")
        assert mine.digits == theirs.digits
        assert len(mine.digits) == 12
        assert mine.my_origin == theirs.peer_origin
        assert mine.is_active
        assert mine.verified_at == MONDAY
        terms = here.terms(LINK), there.terms(LINK)
        assert terms[0] == terms[1]
        assert terms[0] is not None
        assert here.link("a-z") is None


def test_a_link_that_nobody_opened_is_not_active(
    pair: Pair, tmp_path_factory: pytest.TempPathFactory
) -> None:
    del pair
    closed = Pair(tmp_path_factory.mktemp("closed"), is_open=False)
    with closed.reader(A) as reader:
        row = reader.link(LINK)
        assert row is not None
        assert not row.is_active
        assert reader.terms(LINK) is None
    closed.stop()


def test_changes_are_told_once_and_in_order(pair: Pair) -> None:
    with pair.reader(A) as reader:
        start = reader.last_change()
        said = pair.sends(node=A)
        found = reader.changes(start)

        assert [(link, thread) for _, link, thread in found] == [(LINK, said.statement)]
        assert reader.changes(reader.last_change()) == ()


def test_what_is_read_between_begin_and_end_fits_together(pair: Pair) -> None:
    with pair.reader(A) as reader:
        reader.begin()
        before = len(reader.rows(LINK))
        pair.sends(node=A)

        assert len(reader.rows(LINK)) == before
        reader.end()
        assert len(reader.rows(LINK)) == before + 1


def test_a_home_without_a_record_is_told_apart_from_an_empty_one(pair: Pair) -> None:
    pair.ledgers[A].stop()
    pair.homes[A].record.unlink()

    with pytest.raises(FileNotFoundError):
        Reader(pair.homes[A])


# ---- The order of telling


def test_both_sides_tell_one_story_and_nobody_answers_before_it_was_asked(pair: Pair) -> None:
    # All within one second, so that the times alone say nothing.
    asked = pair.sends(node=B)
    pair.settle()
    pair.say(A, "inquiry.acknowledged", {}, re=asked.statement)
    returned = pair.say(
        A,
        "inquiry.returned",
        {"items": "all", "fields": [{"field": "url", "reason": "unclear"}]},
        re=asked.statement,
    )
    pair.settle()
    pair.say(B, "inquiry.supplied", {}, re=returned.statement)
    pair.settle()

    stories = []
    for node in (A, B):
        with pair.reader(node) as reader:
            stories.append([(row.place, row.kind) for row in reader.rows(LINK, thread=asked.statement)])

    assert stories[0] == stories[1]
    kinds = [kind for _place, kind in stories[0]]
    assert kinds == ["inquiry.sent", "inquiry.acknowledged", "inquiry.returned", "inquiry.supplied"]
