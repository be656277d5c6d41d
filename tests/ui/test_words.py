"""Every code has its word in both languages, and the word is that of the glossary."""

import re
from enum import Enum
from itertools import chain
from pathlib import Path

import pytest
from django.utils import translation

from parley.gates.table.translate import SiteState
from parley.protocol.guidelines.words import WORDS
from parley.protocol.inquiries import codes
from parley.protocol.inquiries.clocks import Phase
from parley.protocol.kinds import KINDS
from parley.protocol.terms import ITEMS, REQUIRED, URGENCIES
from parley.protocol.voids import Void
from parley.ui import callwords, words

ROOT = Path(__file__).resolve().parents[2]
TABLES: tuple[tuple[words.Labels, tuple[type[Enum], ...]], ...] = (
    (words.STATES, (codes.State,)),
    (words.WANTS, (codes.Want,)),
    (words.CLOCKS, (codes.Clock,)),
    (words.PHASES, (Phase,)),
    (words.FINDINGS, (codes.FindingCode,)),
    (words.MEASURES, (codes.Measure,)),
    (words.GROUNDS, (codes.Ground, codes.Postponement)),
    (
        words.CODES,
        (
            codes.Progress,
            codes.Referral,
            codes.Condition,
            codes.Lack,
            codes.Delay,
            codes.Withdrawal,
            codes.Outcome,
            codes.Contention,
        ),
    ),
    (words.VOIDS, (Void,)),
)


@pytest.mark.parametrize(("labels", "enums"), TABLES, ids=[enums[0].__name__ for _, enums in TABLES])
def test_every_code_has_a_word(labels: words.Labels, enums: tuple[type[Enum], ...]) -> None:
    assert set(labels) == {str(code.value) for enum in enums for code in enum}


def test_every_kind_item_and_required_field_has_a_word() -> None:
    assert set(words.KINDS) == set(KINDS)
    assert set(words.COOPERATION) == set(ITEMS)
    assert set(chain.from_iterable(REQUIRED.values())) <= set(words.FIELDS)


def test_the_chinese_words_are_those_of_the_glossary() -> None:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    glossary = dict(re.findall(r"^- \*\*([^*]+)\*\* · ([^—\n]+)", text, re.MULTILINE))

    for labels in (words.FINDINGS, words.MEASURES, words.PHASES, words.VOIDS, words.COOPERATION):
        for code, (_english, chinese) in labels.items():
            assert chinese in glossary[code], code


def test_urgencies_and_states_of_sites_have_their_words() -> None:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    glossary = dict(re.findall(r"^- \*\*([^*]+)\*\* · ([^—\n]+)", text, re.MULTILINE))

    assert tuple(words.URGENCIES) == URGENCIES
    assert set(words.SITE_STATES) == {state.value for state in SiteState}
    for code, (_english, chinese) in words.URGENCIES.items():
        assert glossary[code].strip() == chinese
    assert (words.urgency("U1"), words.urgency("U9")) == ("U1 IMMEDIATE", "U9")
    with translation.override("zh-hans"):
        assert words.urgency("U1") == "U1 特急"


def test_a_word_follows_the_language_and_an_unknown_code_is_shown_as_it_is() -> None:
    assert words.label("mitigated", words.FINDINGS) == "mitigated"
    assert words.labelled(["U9", "confirm"], words.WANTS) == "U9, confirm"
    with translation.override("zh-hans"):
        assert words.labelled(["U9", "confirm"], words.WANTS) == "U9、核实"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (1_793_610_600, "2026-11-02 09:10Z"),
        (0, "1970-01-01 00:00Z"),
        (None, "–"),
        (2**53 - 1, str(2**53 - 1)),
    ],
)
def test_an_instant_has_its_year_first_and_its_zone_last(seconds: int | None, shown: str) -> None:
    assert words.instant(seconds) == shown


def test_the_words_of_a_guideline_are_those_that_pages_use() -> None:
    tables = (
        words.COOPERATION,
        words.CLOCKS,
        words.FIELDS,
        words.STAYS_OPEN,
        callwords.SCOPE,
        callwords.GOALS,
    )

    for table in tables:
        assert {code: table[code] for code in table if code in WORDS} == {
            code: WORDS[code] for code in table if code in WORDS
        }
