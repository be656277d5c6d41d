"""The word of a desk on the wire: eight bytes, a whole minute or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.breach import BreachError
from parley.protocol.clauses import default_clauses, read_clauses
from parley.protocol.guidelines.prose import first_text
from parley.protocol.kinds import VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.parcel import Have, Parcel, decode_frames, encode_frames
from parley.protocol.presence import (
    AHEAD_SECONDS,
    HOLDS_SECONDS,
    NOTHING,
    STEP_SECONDS,
    counted,
    minute_of,
    read_presence,
    write_presence,
)
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import default_terms

EMPTY = Parcel(sender="a.example", receiver="b.example", channel="live/a-b/hot")
MINUTE = 1_793_606_400


def frames(*more: bytes) -> bytes:
    """Return the frames of a parcel with `more` before its padding, and something in place of a signature."""
    have = encode_frames(EMPTY)
    return b"".join((have, *more, frame(b"Z", b""), frame(b"S", b"x")))


def frame(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


@pytest.mark.parametrize(("told", "read"), [(None, None), (MINUTE, MINUTE), (0, 0)])
def test_a_parcel_tells_of_a_desk_or_says_nothing_of_it(told: int | None, read: int | None) -> None:
    more = () if told is None else (frame(b"D", write_presence(told)),)

    assert decode_frames(frames(*more), EMPTY).presence == read


@pytest.mark.parametrize("minute", [MINUTE + 1, 59, 2**53, 2**64 - 1])
def test_what_is_no_whole_minute_says_nothing(minute: int) -> None:
    assert read_presence(write_presence(minute)) == NOTHING


@pytest.mark.parametrize("body", [b"", b"\0" * 7, b"\0" * 9])
def test_a_word_of_another_size_is_refused_with_the_parcel(body: bytes) -> None:
    with pytest.raises(BreachError, match=r"§5\.1"):
        decode_frames(frames(frame(b"D", body)), EMPTY)


def test_two_words_or_one_in_the_wrong_place_are_refused() -> None:
    word = frame(b"D", write_presence(MINUTE))

    for wrong in (frames(word, word), word + frames()):
        with pytest.raises(BreachError, match=r"§5\.1"):
            decode_frames(wrong, EMPTY)


def test_the_clause_is_left_out_or_true_and_nothing_else() -> None:
    assert not read_clauses(default_clauses()).watch_shown
    assert read_clauses(default_clauses(watch_shown=True)).watch_shown
    wrongs: tuple[JsonValue, ...] = (False, None, 1, "true", [])
    for wrong in wrongs:
        with pytest.raises(BreachError, match=r"§12\.2"):
            read_clauses({**default_clauses(), "watch_shown": wrong})


@given(minute=st.integers(0, 2**53), newest=st.integers(0, 2**53), now=st.integers(0, 2**53))
def test_a_word_never_holds_longer_than_it_may(minute: int, newest: int, now: int) -> None:
    until = counted(minute, newest=newest, now=now)

    if until is not None:
        assert minute > newest
        assert now < until <= now + HOLDS_SECONDS
        assert until - HOLDS_SECONDS <= minute <= now + AHEAD_SECONDS


@given(now=st.integers(0, 2**53))
def test_a_true_word_counts_at_once(now: int) -> None:
    minute = minute_of(now)

    assert minute % STEP_SECONDS == 0
    assert counted(minute, newest=minute - STEP_SECONDS, now=now) == minute + HOLDS_SECONDS


def test_a_parcel_of_another_kind_is_read_as_before() -> None:
    told = Parcel(
        sender="a.example",
        receiver="b.example",
        channel="live/a-b/hot",
        haves=(Have(origin="b.example/live/a-b/hot/5e0c9a71", size=3),),
    )

    again = decode_frames(encode_frames(told) + frame(b"Z", b"") + frame(b"S", b"x"), EMPTY)

    assert again == told


def test_a_guideline_shows_the_clause_where_the_terms_have_it() -> None:
    calendars = {node: default_calendar() for node in ("a.example", "b.example")}
    terms = default_terms(calendars, world="live", kinds=VERSIONS, watch_shown=True)

    text = first_text(terms, since=MINUTE)

    clauses = [clause for article in text.articles for clause in article.clauses]
    (told,) = (clause for clause in clauses if "{hotline/watch_shown}" in clause.en)
    assert "{hotline/watch_shown}" in told.zh
    assert text.terms.hotline is not None
    assert text.terms.hotline.watch_shown
