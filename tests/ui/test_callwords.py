"""Every code of a call has its word in both languages, and stands in the glossary."""

import re
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

import pytest

from parley.protocol import clauses
from parley.protocol.hotline import bell, codes
from parley.ui import callwords, words

ROOT = Path(__file__).resolve().parents[2]
TABLES: tuple[tuple[words.Labels, Iterable[object]], ...] = (
    (callwords.NATURES, codes.Nature),
    (callwords.WHATS, codes.What),
    (callwords.SUBJECTS, codes.Subject),
    (callwords.WHERES, codes.Where),
    (callwords.ASKS, codes.Ask),
    (callwords.FIELDS, codes.Field),
    (callwords.SORTS, codes.Sort),
    (callwords.ENDINGS, codes.Ending),
    (callwords.CAUSES, codes.Cause),
    (callwords.STATES, codes.State),
    (callwords.LEVELS, clauses.Level),
    (callwords.RUNGS, clauses.Rung),
    (callwords.CALLED_FOR, bell.Cause),
    (callwords.LIMITS, clauses.Owing),
    (callwords.HOURS, clauses.Hours),
    (callwords.TESTS, clauses.LineTest),
    (callwords.SCOPE, clauses.SCOPE),
    (callwords.GOALS, clauses.GOALS),
    (callwords.PROCEDURES, clauses.PROCEDURES),
)


def code_of(word: object) -> str:
    return str(word.value) if isinstance(word, Enum) else str(word)


@pytest.mark.parametrize(("labels", "listed"), TABLES, ids=[str(number) for number in range(len(TABLES))])
def test_every_code_of_a_call_has_a_word_in_both_languages(
    labels: words.Labels, listed: Iterable[object]
) -> None:
    assert list(labels) == [code_of(word) for word in listed]
    assert all(english.isascii() and not chinese.isascii() for english, chinese in labels.values())


def test_no_two_words_of_a_list_are_the_same() -> None:
    for labels, _listed in TABLES:
        for language in (0, 1):
            said = [label[language] for label in labels.values()]
            assert len(set(said)) == len(said)


def test_every_code_of_a_call_stands_in_the_glossary() -> None:
    glossary = set(
        re.findall(r"^- \*\*([^*]+)\*\* · ", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    every = {code_of(word) for _labels, listed in TABLES for word in listed}

    assert len(every) > 90
    assert every - glossary == set()


@pytest.mark.parametrize("module", [clauses, codes, bell], ids=["clauses", "codes", "bell"])
def test_no_closed_list_is_left_out(module: object) -> None:
    lists = {
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Enum) and each is not Enum
    }

    assert lists <= {listed for _labels, listed in TABLES if isinstance(listed, type)}
