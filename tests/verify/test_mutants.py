"""Of exports that were tampered with, none is accepted; ten thousand of them by ./run mutate."""

from functools import cache

from parley.protocol.verify.findings import Findings
from tests.verify.book import judge
from tests.verify.mutants import mutant, rich

COUNT = 600


@cache
def judged() -> dict[str, Findings]:
    """Return what became of each mutant, by how it was made."""
    book = rich()
    honest = book.members()
    return {
        how: judge(raw, book.digits)
        for how, raw in (mutant(number, book=book, honest=honest) for number in range(COUNT))
    }


def test_no_export_that_was_tampered_with_is_accepted() -> None:
    assert len(judged()) == COUNT
    assert [how for how, found in judged().items() if found.told is not None] == []


def test_mutants_are_of_many_kinds_and_reach_every_step() -> None:
    steps = {found.step.value for found in judged().values() if found.step}

    assert steps >= {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12}
