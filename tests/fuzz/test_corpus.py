"""What fuzzing found worth keeping is brought to every parser again, with each change."""

import pytest

from tests.fuzz.targets import CORPUS, TARGETS, bring

LARGEST_BYTES = 256 * 1024


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_of_the_corpus_make_a_parser_do_more_than_say_yes_or_no(name: str) -> None:
    taken = [bring(name, path.read_bytes()) for path in sorted((CORPUS / name).iterdir())]

    assert any(taken), "nothing of this corpus is taken any more: run tests/fuzz/make_seeds.py"


def test_every_corpus_has_its_target_and_stays_small() -> None:
    found = {path.name for path in CORPUS.iterdir()}
    sizes = {name: sum(path.stat().st_size for path in (CORPUS / name).iterdir()) for name in found}

    assert found == set(TARGETS)
    assert {name: size for name, size in sizes.items() if size > LARGEST_BYTES} == {}
