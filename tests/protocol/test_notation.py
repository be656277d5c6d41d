import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.breach import BreachError
from parley.protocol.notation import MAX_NUMBER, read_base64, read_number, write_base64


@given(st.binary(max_size=100))
def test_base64_is_read_back_as_it_was_written(raw: bytes) -> None:
    assert read_base64(write_base64(raw), "2.2") == raw


@pytest.mark.parametrize(
    "word", ["A", "AA", "AAA", "AA=", "AB==", "AAA==", "A A=", "AA==\n", "AA==AA==", "-_==", "====", "ä"]
)
def test_base64_has_one_form(word: str) -> None:
    with pytest.raises(BreachError, match=r"^§2\.2: the base64 is"):
        read_base64(word, "2.2")


@given(st.text("ABCDwxyz0189+/=", max_size=12))
def test_base64_that_is_read_is_what_would_be_written(word: str) -> None:
    try:
        raw = read_base64(word, "2.2")
    except BreachError:
        return

    assert write_base64(raw) == word


def test_a_number_is_at_most_what_json_holds() -> None:
    assert read_number(str(MAX_NUMBER), "4.2") == MAX_NUMBER
    with pytest.raises(BreachError, match=r"^§4\.2: the number"):
        read_number(str(MAX_NUMBER + 1), "4.2")


def test_a_breach_says_paragraph_and_reason_and_survives_another_process() -> None:
    breach = BreachError("4.2", "no act")

    copy = pickle.loads(pickle.dumps(breach))  # noqa: S301 - our own bytes

    assert str(breach) == str(copy) == "§4.2: no act"
    assert (copy.paragraph, copy.reason) == ("4.2", "no act")
