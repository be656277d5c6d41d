"""Bodies of calls: whatever the other side wrote is read without a fault, and what is written reads back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.hotline.forms.comparing import compare
from parley.hotline.forms.five import five_of
from parley.hotline.forms.texts import (
    Body,
    MinuteError,
    TooLongError,
    check_lines,
    check_text,
    read_body,
    write_minute,
    write_opening,
)
from parley.inquiries.forms.letter import text_of
from parley.protocol.strictjson import JsonValue
from tests.hotline.line import FIVE, SALT, typed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["salt", "object", "text", "from", "handling", "lines", "present"])


@given(st.dictionaries(NAMES, JSON))
def test_whatever_a_body_holds_is_read_without_a_fault(body: dict[str, JsonValue]) -> None:
    found = read_body(body)

    assert found.salt is None or len(found.salt) == 32
    assert len(found.lines) <= 5


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_written_of_a_call_reads_back(named: str, words: str) -> None:
    text = text_of(words) if words else None

    found = read_body(write_opening(salt=SALT, named=named, text=text, authority=text_of("Desk")))

    assert (found.salt, found.object, found.text, found.tlp) == (SALT, named or None, text, "RED")
    assert found.authority == text_of("Desk")


def test_a_minute_reads_back_in_the_order_of_its_lines() -> None:
    body: Body = write_minute(("One.", "Two."), salt=SALT, present=(text_of("Head"), text_of("处长")))

    assert (read_body(body).lines, read_body(body).present) == (("One.", "Two."), ("Head", "处长"))


@pytest.mark.parametrize(
    "spelt", ["203.0.113.7", " 203[.]0[.]113[.]7 ", "２０３．０．１１３．７", "203(.)0.113。7"]
)
def test_the_same_address_is_the_same_however_it_is_typed(spelt: str) -> None:
    compared = compare(FIVE.marked(salt=SALT), named=FIVE.object, read=typed(object=spelt), salt=SALT)

    assert compared.misses == ()


def test_the_fields_of_an_act_and_the_object_of_its_body_are_what_was_said() -> None:
    assert five_of(FIVE.marked(salt=SALT), named=FIVE.object) == FIVE
    assert five_of(FIVE.marked(salt=SALT), named=None).object is None


def test_the_caps_are_two_hundred_words_four_hundred_characters_and_a_short_line() -> None:
    for text in ("word " * 200, "字" * 400):
        check_text(text_of(text))
    for text in ("word " * 200 + "more", "字" * 401):
        with pytest.raises(TooLongError):
            check_text(text_of(text))
    check_lines(["字" * 80])
    with pytest.raises(TooLongError):
        check_lines(["字" * 81])
    with pytest.raises(TooLongError):
        check_lines(["one\ntwo"])
    with pytest.raises(MinuteError):
        check_lines([])
