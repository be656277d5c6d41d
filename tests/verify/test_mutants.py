"""Of exports that were tampered with, none is accepted; ten thousand of them by ./run mutate."""

from tests.verify.book import judge
from tests.verify.mutants import mutant, usual

COUNT = 600


def test_no_export_that_was_tampered_with_is_accepted() -> None:
    book = usual()
    honest = book.members()

    accepted = [
        how
        for how, raw in (mutant(number, book=book, honest=honest) for number in range(COUNT))
        if judge(raw, book.digits).told is not None
    ]

    assert accepted == []


def test_mutants_are_of_many_kinds_and_reach_every_step() -> None:
    book = usual()
    honest = book.members()
    found = [judge(mutant(number, book=book, honest=honest)[1], book.digits) for number in range(COUNT)]

    assert {each.step.value for each in found if each.step} >= {1, 2, 3, 5, 6, 7, 8, 9, 10}
