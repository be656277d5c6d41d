"""The options that belong to every command, wherever they stand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.cli.manner import Manner, MannerError, language_of, take_manner


def taken(*words: str) -> tuple[Manner, tuple[str, ...]]:
    return take_manner(words, environ={})


def test_they_may_stand_before_between_and_after() -> None:
    manner, rest = taken("--lang", "zh", "officer", "--json", "list", "--home=/h", "--plain")

    assert manner == Manner(language="zh-hans", json=True, plain=True, home=Path("/h"))
    assert rest == ("officer", "list")


def test_what_follows_two_dashes_belongs_to_the_command() -> None:
    assert taken("show", "--", "--json", "--lang") == (Manner(), ("show", "--", "--json", "--lang"))


@given(words=st.lists(st.text().filter(lambda word: word.partition("=")[0] not in {"--lang", "--home"})))
def test_every_other_word_stays_in_its_order(words: list[str]) -> None:
    _manner, rest = taken(*words)

    before = words[: words.index("--")] if "--" in words else words
    assert rest[: len(rest) - (len(words) - len(before))] == tuple(
        word for word in before if word not in {"--json", "--plain"}
    )


@pytest.mark.parametrize("words", [("--lang", "fr"), ("--lang=",), ("--lang",), ("--home",), ("--home=",)])
def test_an_option_without_a_usable_value_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(MannerError):
        taken(*words)


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_terminal_says_which_language(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language
