"""The vectors of guidelines and reviews, read as a stranger would read them."""

from typing import Any

import pytest

from parley.protocol.act import id_text
from parley.protocol.agreements import reviews
from parley.protocol.breach import BreachError
from parley.protocol.cuts import bygones
from parley.protocol.guidelines.replay import replay
from parley.protocol.guidelines.text import read_guideline
from parley.protocol.guidelines.words import Language
from parley.protocol.record import Record, Sides, merge
from parley.protocol.review.account import account, digest
from parley.protocol.review.bodies import CutProposed, read_said
from parley.protocol.review.standing import account as standing
from parley.protocol.suite import Standard
from parley.protocol.terms import read_terms
from tests.protocol import make_guideline_vectors
from tests.protocol.counted import figures_of, lane_of, whole
from tests.protocol.make_fold_vectors import PLACE, rows
from tests.protocol.test_fold_vectors import load, logs_of, side

NAMES = sorted(path.name for pattern in ("guideline-*", "review-*") for path in PLACE.glob(f"{pattern}.json"))


def record_of(name: str) -> tuple[dict[str, Any], Record]:
    """Return a vector and the fold of its logs."""
    vector = load(name)
    one, two = (side(each) for each in vector["sides"])
    return vector, merge(logs_of(vector, read_all=True), Sides(one=one, two=two), Standard())


def test_the_files_are_what_the_script_writes() -> None:
    written = make_guideline_vectors.texts()

    assert sorted(written) == NAMES
    for name, text in written.items():
        assert (PLACE / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", [name for name in NAMES if "texts" not in name])
def test_two_logs_come_to_the_rows_that_the_vector_says(name: str) -> None:
    vector, record = record_of(name)

    assert {node: rows(record, node) for node in vector["logs"]} == vector["rows"]


def test_texts_are_read_and_rendered_and_refused() -> None:
    vector = load("guideline-texts.json")

    for each in vector["valid"]:
        text = read_guideline(each["text"].encode())
        assert (text.digest, id_text(text.terms.hash)) == (each["digest"], each["terms"])
        shown = {
            number: {language.value: text.rendered(clause, language) for language in Language}
            for number, clause in text.numbered()
        }
        assert shown == each["clauses"]
    for each in vector["refused"]:
        before, after = each["replace"]
        valid = vector["valid"][each["of"]]["text"]
        assert before in valid
        with pytest.raises(BreachError) as refused:
            read_guideline(valid.replace(before, after, 1).encode())
        assert refused.value.paragraph == each["paragraph"], after


def test_terms_are_in_force_when_the_vector_says() -> None:
    vector, record = record_of("guideline-force.json")
    past = {node: len(log) for node, log in vector["logs"].items()}

    for at, wanted in vector["in_force"]:
        terms = record.shelf.link().terms(past, at=at)
        assert terms is not None
        assert id_text(terms.hash) == wanted
    assert len({wanted for _at, wanted in vector["in_force"]}) == 3
    assert set(vector["limits"].values()) == {"30m", "2h"}


def test_other_terms_would_have_done_what_the_vector_says() -> None:
    vector, record = record_of("guideline-replay.json")
    cut = whole(record)
    found = replay(
        (bygone for bygone, _returned in bygones([lane_of(record, cut)], cut)), read_terms(vector["terms"])
    )

    assert [[each.clock.value, [*each.late], [*each.would_be_late]] for each in found] == [
        [each["clock"], each["late"], each["would_be_late"]] for each in vector["effects"]
    ]
    assert any(each.newly_late for each in found)
    assert any(each.no_longer_late for each in found)


def test_figures_and_their_digest_are_those_of_the_vector() -> None:
    vector, record = record_of("review-figures.json")

    for each in vector["reviews"]:
        wanted = each["account"]
        cut = read_said("review.cut_proposed", {key: wanted[key] for key in ("since", "until", "cut")})
        assert isinstance(cut, CutProposed)
        figures = figures_of(record, cut)
        assert account(figures) == wanted
        assert digest(figures) == each["digest"]
    shown = str(vector["reviews"])
    wanted_words = (
        "median",
        "each",
        "running",
        "returned",
        "disputed",
        "scores",
        "taking",
        "grounds",
        "missed",
    )
    assert [word for word in wanted_words if f"'{word}'" not in shown] == []


def test_reviews_stand_as_the_vector_says() -> None:
    vector, record = record_of("review-signed.json")
    past = {node: len(log) for node, log in vector["logs"].items()}

    found = reviews(record.shelf.link(), past)

    assert [standing(each) for each in found] == vector["reviews"]
    assert [each.joint is not None for each in found] == [True, False]
    assert [each.is_contradicted for each in found] == [False, True]
