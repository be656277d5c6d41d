"""Files that were made to hurt a reader are refused by both verifiers, in the same words and without harm."""

from functools import cache

import pytest

from parley.protocol.verify.findings import Result, as_json
from tests.verify import nasty
from tests.verify.book import Book, judge
from tests.verify.second import findings, plain, statements, told


@cache
def honest() -> tuple[dict[str, bytes], tuple[str, ...]]:
    book = Book()
    book.sign_both()
    return book.members(), book.digits


@cache
def files() -> dict[str, bytes]:
    members, _ = honest()
    return {**nasty.zips(members), **nasty.lists(members), **nasty.inside(members)}


def test_the_file_that_they_are_made_of_is_proved() -> None:
    members, digits = honest()

    assert judge(nasty.laid(members), digits).result is Result.PROVED


@pytest.mark.parametrize("about", files())
def test_it_is_not_taken(about: str) -> None:
    found = judge(files()[about], honest()[1])

    assert found.told is None
    assert found.result in {Result.UNREADABLE, Result.REFUSED}


def test_acts_of_every_nasty_kind_say_nothing_and_stop_nothing() -> None:
    (raw,) = nasty.acts().values()

    found = judge(raw, honest()[1])

    assert found.result is Result.PROVED
    assert as_json(found)["entries"] == {"whole": 11, "stubs": 0, "broken": 2}


@pytest.mark.slow
def test_the_second_verifier_says_the_same() -> None:
    digits = " ".join(honest()[1])
    every = {**files(), **nasty.acts()}

    answers = told((raw, digits) for raw in every.values())

    for (about, raw), second in zip(every.items(), answers, strict=True):
        first = judge(raw, honest()[1])
        assert second["findings"] == findings(first), about
        assert first.told is None or plain(second["statements"]) == statements(first)
