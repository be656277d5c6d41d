"""Clauses, marks, and the length of a text. Spec §12.2 to §12.4."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.act import read_id
from parley.protocol.breach import BreachError
from parley.protocol.clauses import LineTest, Rung, default_clauses, read_clauses
from parley.protocol.hotline.codes import Subject
from parley.protocol.hotline.length import is_line, is_short, length
from parley.protocol.hotline.mark import (
    MAX_TEXT,
    Near,
    UnreadableError,
    canonical,
    canonical_line,
    mark,
    mark_line,
    near_instant,
    near_text,
)
from parley.protocol.kinds import VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.terms import default_terms, read_terms
from tests.protocol.callers import SALT
from tests.protocol.world import DAY, HOUR, usual_terms


def clauses(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json.dumps(default_clauses()))
    change(value)
    return value


def test_the_default_clauses_are_read_as_they_are_meant() -> None:
    found = read_clauses(default_clauses())

    assert [step.rung for step in found.ladder] == list(Rung)
    assert [seconds for _step, seconds in found.climb("U0")] == [0, 60, 120, 300, 900, 2_700]
    assert [seconds for _step, seconds in found.climb("U1")] == [0, 180, 360, 900, 2_700, 8_100]
    assert [seconds for _step, seconds in found.climb("U3")] == [0]
    assert (found.repeat, found.close) == (60, DAY)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.pop("goals"),
        lambda value: value.update(note="x"),
        lambda value: value.update(scope=[]),
        lambda value: value.update(scope=["x", "x"]),
        lambda value: value.update(scope=["X"]),
        lambda value: value.update(scope=[1]),
        lambda value: value.update(levels=["minister", "desk"]),
        lambda value: value.update(levels=["vice_minister", "minister"]),
        lambda value: value.update(levels=["desk"]),
        lambda value: value.update(levels=["desk", "king"]),
        lambda value: value["ladder"].reverse(),
        lambda value: value["ladder"].append(value["ladder"][0]),
        lambda value: value["ladder"].pop(),
        lambda value: value["ladder"][0]["after"].update(U0=1),
        lambda value: value["ladder"][0]["after"].pop("U3"),
        lambda value: value["ladder"][1]["after"].update(U0=9),
        lambda value: value["ladder"][1]["after"].update(U4=9),
        lambda value: value["ladder"][1]["after"].update(U0=True),
        lambda value: value["ladder"][1]["after"].update(U0=-1),
        lambda value: value["ladder"][5]["after"].update(U0=10_081),
        lambda value: value["ladder"][1].update(name="Li"),
        lambda value: value["ladder"][1].update(rung="Li"),
        lambda value: value.update(ladder={}),
        lambda value: value.update(repeat=0),
        lambda value: value.update(repeat=61),
        lambda value: value["limits"].pop("word"),
        lambda value: value["limits"]["word"].pop("U2"),
        lambda value: value["limits"]["word"].update(U2="1wd"),
        lambda value: value["limits"]["word"].update(U2=5),
        lambda value: value["limits"].update(word=[]),
        lambda value: value.update(close="1d"),
        lambda value: value["hours"].pop("desk"),
        lambda value: value["hours"].update(desk="night"),
        lambda value: value.update(hours=[]),
        lambda value: value["tests"].update(machine=0),
        lambda value: value["tests"].update(machine=401),
        lambda value: value["tests"].update(fire=1),
    ],
    ids=map(str, itertools.count()),
)
def test_clauses_that_could_fall_silent_or_be_read_in_two_ways_are_none(
    change: Callable[[dict[str, Any]], None],
) -> None:
    with pytest.raises(BreachError, match=r"§(12\.2|7\.3)"):
        read_clauses(clauses(change))


def test_the_hotline_has_its_clauses_where_calls_are_listed_and_only_there() -> None:
    calendars = {node: default_calendar() for node in ("a.example", "b.example")}
    quiet = {kind: version for kind, version in VERSIONS.items() if not kind.startswith("call.")}

    without = default_terms(calendars, world="live", kinds=quiet)

    assert read_terms(without).hotline is None
    start = usual_terms().index('"hotline":{')
    end = usual_terms().index(',"calendars"')
    for text in (
        without.replace('"hotline":null', usual_terms()[start:end]),
        usual_terms()[:start] + '"hotline":null' + usual_terms()[end:],
    ):
        with pytest.raises(BreachError, match=r"§7\.3"):
            read_terms(text)


def test_the_two_sides_begin_their_tests_in_turn() -> None:
    found = read_clauses(default_clauses())

    days = [found.tester(LineTest.MACHINE, day * DAY) for day in range(4)]
    weeks = [found.tester(LineTest.HUMAN, day * DAY) for day in (0, 6, 7, 13, 14)]

    assert days == ["A", "B", "A", "B"]
    assert weeks == ["A", "A", "B", "B", "A"]
    assert read_clauses(clauses(lambda value: value["tests"].clear())).tester(LineTest.HUMAN, 0) is None


@pytest.mark.parametrize(
    ("subject", "one", "two"),
    [
        (Subject.IP, "203.0.113.77", " 203[.]0[.]113[.]77\n"),
        (Subject.IP, "203.0.113.77", "203．0．113．77"),
        (Subject.IP, "203.0.113.77", "203。0。113。77"),
        (Subject.IP, "2001:db8::1", "2001:0DB8:0:0:0:0:0:1"),
        (Subject.IP, "2001:db8::1", "2001[:]db8[:][:]1"),
        (Subject.IP, "203.0.113.77", "::ffff:203.0.113.77"),
        (Subject.DOMAIN, "bank.example", "Bank.Example."),
        (Subject.URL, "https://bank.example/Login", "hxxps://BANK[.]example/Login"),
        (Subject.URL, "http://bank.example/", "http://bank.example"),
        (Subject.EMAIL, "li@bank.example", "Li@Bank.Example"),
        (Subject.ACCOUNT, "Wolf7", "Wolf 7"),
        (Subject.BANK_ACCOUNT, "xx12345678", "XX12 3456-78"),
        (Subject.PHONE, "+8612345", "0086 (123) 45"),
        (Subject.HASH, "ab" * 32, "AB " * 32),
        (Subject.PERSON, "li wei", "Li   Wei"),
        (Subject.COMPANY, "某某公司", " 某某公司 "),
    ],
)
def test_what_is_the_same_has_one_mark_however_it_is_typed(subject: Subject, one: str, two: str) -> None:
    assert canonical(subject, two) == one
    assert mark(subject, one, salt=SALT) == mark(subject, two, salt=SALT)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (Subject.IP, "203.0.113.077"),
        (Subject.IP, "203.0.113"),
        (Subject.IP, "fe80::1%eth0"),
        (Subject.URL, "bank.example"),
        (Subject.PHONE, "12a"),
        (Subject.PHONE, "+"),
        (Subject.PHONE, "١٢٣"),
        (Subject.HASH, "abc"),
        (Subject.PERSON, "  "),
        (Subject.PERSON, "\ud800"),
        (Subject.NONE, "x"),
        (Subject.DOMAIN, "x" * (MAX_TEXT + 1)),
    ],
)
def test_what_cannot_be_such_a_thing_is_not_read(subject: Subject, text: str) -> None:
    with pytest.raises(UnreadableError):
        mark(subject, text, salt=SALT)


def test_a_mark_tells_nothing_without_its_salt_and_belongs_to_one_kind_of_thing() -> None:
    other = bytes(32)

    marks = {
        mark(Subject.ACCOUNT, "1", salt=SALT),
        mark(Subject.ACCOUNT, "1", salt=other),
        mark(Subject.WALLET, "1", salt=SALT),
        mark(Subject.PERSON, "1", salt=SALT),
        mark_line("1", salt=SALT),
    }

    assert len(marks) == 5
    assert all(len(read_id(each)) == 32 for each in marks)


def test_a_line_of_a_minute_is_the_same_however_it_is_spaced() -> None:
    assert canonical_line(" B  isolates\tthe host. ") == canonical_line("B isolates the host.")
    with pytest.raises(UnreadableError):
        canonical_line(" ")


@given(st.sampled_from(Subject), st.text(max_size=40))
def test_the_one_form_is_the_form_of_itself(subject: Subject, text: str) -> None:
    try:
        form = canonical(subject, text)
    except UnreadableError:
        return

    assert canonical(subject, form) == form


@pytest.mark.parametrize(
    ("one", "two", "near", "at"),
    [
        ("203.0.113.77", "203.0.113.77", Near.SAME, None),
        ("203.0.113.71", "203.0.113.17", Near.SWAPPED, 10),
        ("203.0.113.71", "203.0.113.77", Near.ONE_OFF, 11),
        ("203.0.113.7", "203.0.113.77", Near.ONE_OFF, 11),
        ("203.0.113.77", "203.0.13.77", Near.ONE_OFF, 7),
        ("203.0.113.77", "198.51.100.7", Near.OTHER, 0),
        ("", "a", Near.ONE_OFF, 0),
        ("ab", "ba", Near.SWAPPED, 0),
        ("ab", "cd", Near.OTHER, 0),
    ],
)
def test_how_near_a_wrong_reading_came_is_told(one: str, two: str, near: Near, at: int | None) -> None:
    assert near_text(one, two) == (near, at)


@given(st.text("ab1", max_size=6), st.text("ab1", max_size=6))
def test_two_texts_are_as_near_as_each_other(one: str, two: str) -> None:
    assert near_text(one, two) == near_text(two, one)


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        (HOUR, HOUR, Near.SAME),
        (None, None, Near.SAME),
        (0, 8 * HOUR, Near.ZONE),
        (0, 5 * HOUR + 2_700, Near.ZONE),
        (0, 27 * HOUR, Near.OTHER),
        (0, HOUR + 60, Near.OTHER),
        (0, None, Near.OTHER),
    ],
)
def test_a_time_by_another_clock_is_told(one: int | None, two: int | None, near: Near) -> None:
    assert near_instant(one, two) is near


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("We see outbound traffic.", 8),
        ("停止窃取", 4),
        ("停止窃取，203.0.113.77 port 443", 10),
        ("—— ，。!", 0),
    ],
)
def test_a_word_weighs_two_and_a_chinese_character_one(text: str, count: int) -> None:
    assert length(text) == count


def test_a_text_has_two_hundred_words_or_four_hundred_characters() -> None:
    assert is_short("word " * 200)
    assert not is_short("word " * 201)
    assert is_short("字" * 400)
    assert not is_short("字" * 401)
    assert is_line("字" * 80)
    assert not is_line("字" * 81)
    assert not is_line("a\nb")
