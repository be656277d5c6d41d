"""An export across everything that can happen on a link is proved by both verifiers, in plain words."""

from collections.abc import Iterator

import pytest

from parley.ledger.chosen import Choice
from parley.protocol.verify.findings import Findings, Result
from parley.protocol.verify.members import Found
from parley.protocol.verify.reading import shown, worths
from parley.protocol.verify.report import report
from parley.protocol.verify.sentences import Language
from tests.protocol.samples import SUITE
from tests.two_nodes.pair import A, B, Pair
from tests.verify.book import judge
from tests.verify.second import findings
from tests.verify.story import Story, tell
from tests.verify.test_html import agree
from tests.verify.test_two_nodes import exported


@pytest.fixture(name="pair", scope="module")
def fixture_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pair = Pair(tmp_path_factory.mktemp("pair"))
    yield pair
    pair.stop()


@pytest.fixture(name="story", scope="module")
def fixture_story(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Story:
    return tell(pair, tmp_path_factory.mktemp("copies"))


def proved(pair: Pair, node: str, choice: Choice) -> Findings:
    made, raw = exported(pair, node, choice)
    found = judge(raw, made.listing.digits)
    assert found.result is Result.PROVED, (found.step, found.reason)
    return found


@pytest.mark.parametrize("node", [A, B])
def test_it_is_proved_and_judged_as_the_nodes_judge_it(pair: Pair, story: Story, node: str) -> None:
    told = proved(pair, node, Choice()).told

    assert told is not None
    assert worths(told, SUITE) == {(row.writer, row.index): row.verdict.text for row in pair.rows(node)}
    assert [len(line) for line in told.listing.lines.values()] == [2, 1]
    assert (told.parts[Found.FILE], told.parts[Found.ERASED]) == (1, 2)


@pytest.mark.parametrize("node", [A, B])
def test_no_byte_of_what_both_erased_is_in_it(pair: Pair, story: Story, node: str) -> None:
    _, raw = exported(pair, node, Choice())

    assert sum(trace in story.before for trace in story.traces) > 2
    assert not any(trace in raw for trace in story.traces)


def test_the_lines_of_an_officer_a_root_and_of_nobody_known_are_told_apart(pair: Pair, story: Story) -> None:
    told = proved(pair, B, Choice()).told
    assert told is not None

    (stop,) = [
        each
        for each in shown(told, SUITE, worths=None)
        if each.act is not None and each.act.k == "link.suspended"
    ]

    assert (stop.persons, stop.unknown_lines) == ((f"{A}/officer/21", f"{A}/root/1"), 1)


@pytest.mark.parametrize("choice", ["all", "thread"])
def test_who_ordered_to_erase_and_who_did_is_told(pair: Pair, story: Story, choice: str) -> None:
    found = proved(pair, B, Choice(thread=story.erased if choice == "thread" else None))

    (order,) = findings(found)["erasures"]
    assert (order["node"], order["ground"], order["statements"]) == (A, "purpose_met", 1)
    assert [(each["node"], each["says"]) for each in order["answers"]] == [(A, "erased"), (B, "erased")]
    assert found.told is not None
    ordered = {each.statement: each.ordered for each in shown(found.told, SUITE, worths=None)}
    assert ordered[story.erased] == (order["place"],)
    assert sum(map(bool, ordered.values())) == 1


def test_an_export_of_another_inquiry_says_nothing_of_it(pair: Pair, story: Story) -> None:
    found = proved(pair, B, Choice(thread=story.kept))

    assert findings(found)["erasures"] == []


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            (
                "a.example ordered that content of 1 statements be erased on both sides: purpose is met.",
                "b.example said that it has erased what",
                "What is erased can be shown by nobody any more.",
                "ordered to be erased at A",
            ),
        ),
        (
            "zh",
            (
                "要求双方销毁 1 项声明的内容：目的已达成。",
                "b.example 在",
                "已销毁的内容任何人均无法再出示。",
                "被要求销毁",
            ),
        ),
    ],
)
def test_it_is_said_in_plain_sentences(
    pair: Pair, story: Story, language: Language, sentences: tuple[str, ...]
) -> None:
    text = "\n".join(report(proved(pair, A, Choice()), language, suite=SUITE, limit=100))

    assert [each for each in sentences if each not in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("node", [A, B])
def test_both_verifiers_say_the_same_of_it(pair: Pair, story: Story, node: str) -> None:
    for choice in (
        Choice(),
        Choice(thread=story.erased),
        Choice(thread=story.kept),
        Choice(with_content=False),
    ):
        made, raw = exported(pair, node, choice)
        agree(raw, made.listing.digits)
