"""Every code has a sentence in both languages, with the same places to fill."""

import re
import string
from enum import Enum

import pytest

from parley.gates.table.reasons import LINES, OBSTACLES, ROWS, SENTENCES, SHEETS
from parley.gates.table.translate import Notice, Obstacle, Reason, Result, Skipped, result_of


def codes(enumeration: type[Enum]) -> set[str]:
    return {each.value for each in enumeration}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_code_has_its_sentence_and_no_sentence_lacks_a_code() -> None:
    assert set(ROWS) == codes(Reason)
    assert set(LINES) == codes(Skipped)
    assert set(SHEETS) == codes(Notice)
    assert set(OBSTACLES) == codes(Obstacle)
    assert len(SENTENCES) == sum(map(len, (ROWS, LINES, SHEETS, OBSTACLES)))


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_say_the_same_places(code: str) -> None:
    assert set(SENTENCES[code]) == {"en", "zh"}
    assert places(SENTENCES[code]["en"]) == places(SENTENCES[code]["zh"])


@pytest.mark.parametrize("reason", Reason)
def test_a_row_sentence_names_the_row_and_says_what_is_safe(reason: Reason) -> None:
    sentence = ROWS[reason.value]

    assert places(sentence["en"]) <= {"row", "text", "column", "fix", "of"}
    assert "row" in places(sentence["en"])
    if result_of(reason) is Result.NEEDS:
        assert "Nothing was sent." in sentence["en"]
        assert "未发送任何内容。" in sentence["zh"]


@pytest.mark.parametrize("code", SENTENCES)
def test_no_sentence_begs_blames_or_shows_a_code(code: str) -> None:
    assert (
        re.search(r"please|invalid|error|illegal|wrong input|!", SENTENCES[code]["en"], re.IGNORECASE) is None
    )
    assert re.search(r"非法|错误代码|！", SENTENCES[code]["zh"]) is None
    assert "_" not in SENTENCES[code]["en"]
