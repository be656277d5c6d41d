"""What people are told is what the specification says, in both languages."""

import hashlib
import re

import pytest

from parley.protocol.kinds import VERSIONS
from parley.protocol.verify import sentences as told
from parley.protocol.verify.kindwords import KINDS
from parley.protocol.verify.readme import README
from parley.protocol.verify.report import report
from parley.protocol.verify.steps import README_SHA256, Step
from tests.house.tree import ROOT
from tests.protocol.samples import SUITE
from tests.verify.book import B, judge, pack, usual

CHAPTER = (ROOT / "docs" / "protocol" / "11-exports.md").read_text(encoding="utf-8")


def every_pair() -> list[tuple[str, str]]:
    tables = (told.RESULTS, told.STEPS, told.HOLDS)
    pairs = [(row["en"], row["zh"]) for table in tables for row in table.values()]
    return pairs + list(zip(told.LIMITS["en"], told.LIMITS["zh"], strict=True))


@pytest.mark.parametrize(("english", "chinese"), every_pair())
def test_each_sentence_stands_in_the_specification(english: str, chinese: str) -> None:
    shown = [english, chinese]
    if "{step}" in english:
        shown = [each.replace("{sentence}", "{sentence of the step}") for each in shown[:1]]
        shown.append(chinese.replace("{sentence}", "{该步的句子}"))

    assert f"| {shown[0]} | {shown[1]} |" in CHAPTER


def test_the_readme_is_the_one_of_the_specification() -> None:
    text = re.search(r"^```text\n(PARLEY EXPORT.*?)^```", CHAPTER, re.MULTILINE | re.DOTALL)

    assert text is not None
    assert text[1].encode() == README
    assert hashlib.sha256(README).digest() == README_SHA256
    assert README_SHA256.hex() in CHAPTER


def test_every_step_from_the_third_on_has_a_sentence() -> None:
    assert set(told.STEPS) == {step.value for step in Step if step > Step.LIST}


@pytest.mark.parametrize(("language", "first"), [("en", "Proved. "), ("zh", "已证明。")])
def test_a_proof_says_what_it_does_not_prove(language: told.Language, first: str) -> None:
    book = usual()
    found = judge(pack(book.members()), book.digits)

    lines = list(report(found, language, suite=SUITE, limit=100))

    assert lines[0].startswith(first)
    assert set(told.LIMITS[language]) <= set(lines)
    assert sum(line.startswith(("  A ", "  B ")) for line in lines) == 8


def test_a_refusal_names_its_step_and_nothing_that_could_be_relied_on() -> None:
    book = usual()
    book.lines[B][1].receipts.clear()

    lines = list(report(judge(pack(book.members()), book.digits), "en", suite=SUITE, limit=100))

    assert lines[0].startswith("Refused at step 7: The other side's receipt is missing")
    assert len(lines) == 2


def test_the_digits_to_compare_are_told_where_none_were_given() -> None:
    book = usual()

    lines = list(report(judge(pack(book.members()), None), "en", suite=SUITE, limit=0))

    assert " ".join(book.digits) in lines[0]
    assert not any(line.startswith("The keys of") for line in lines)


def test_the_names_of_all_kinds_are_those_of_the_specification_in_both_verifiers() -> None:
    page = (ROOT / "verifier" / "src" / "kinds.js").read_text(encoding="utf-8")

    in_words = re.findall(r"^\| `(.+)` \| (.+) \| (.+) \|$", CHAPTER.split("**11.7.6**")[1], re.MULTILINE)
    on_page = re.findall(r'\["(.+)", \["(.+)", "(.+)"\]\],', page)

    assert {kind: (en, zh) for kind, en, zh in in_words} == KINDS
    assert {kind: (en, zh) for kind, en, zh in on_page} == KINDS
    assert set(KINDS) == set(VERSIONS)
