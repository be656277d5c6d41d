"""What the story makes of the files of a release, and what it must not take for one."""

from dataclasses import replace

import pytest

from parley.demo import public
from parley.demo.public import LIST, NOTE, Files
from parley.protocol.breach import BreachError
from parley.protocol.card import sign_card
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.release import Outcomes, Seal, digest_of, join, sign_seal
from parley.protocol.suite import Standard
from tests.protocol.rounds import LINK, receipt_keys
from tests.protocol.world import A, B, seed_of, side_of

T = 1_800_000_000
CLAUSE = Text(en="Each side answers within 12 hours.", zh="各方在12小时内答复。")
SUITE = Standard()


@pytest.fixture(name="released", scope="module")
def fixture_released() -> Files:
    """Return a release by both, with cards and seals as nodes make them."""
    listed = Outcomes(nodes=(A, B), round=bytes(32), number=1, release=T, clauses=(CLAUSE,))
    seal = Seal(link=LINK, release=T, digest=digest_of(listed.text()))
    one, two = (sign_seal(seal, receipt_keys(node, SUITE), time=T, suite=SUITE) for node in (A, B))
    cards = {f"{node}.card": card_file(node) for node in (A, B)}
    return {LIST: listed.text(), NOTE: join(one, two), **cards}


def card_file(node: str) -> bytes:
    """Return the card of a node whose receipt keys are real ones."""
    one, two = receipt_keys(node, SUITE)
    roots = [seed_of(node, f"root {number}") for number in (1, 2, 3)]
    card = replace(
        side_of(node).card,
        receipt_ed25519=one.public,
        receipt_ml_dsa=two.public,
        roots=tuple(SUITE.ed25519_public(seed) for seed in roots),
    )
    return sign_card(card, roots, suite=SUITE)


def test_the_files_of_both_prove_a_joint_release(released: Files) -> None:
    assert public.check(released).is_joint


def test_a_release_with_one_letter_changed_proves_nothing(released: Files) -> None:
    assert public.is_told_when_tampered(released)

    with pytest.raises(BreachError, match="another list"):
        public.check({**released, LIST: released[LIST].replace(b"12", b"14").replace(b"12", b"14")})


def test_a_list_whose_languages_differ_is_none(released: Files) -> None:
    with pytest.raises(BreachError, match=r"§17\.9"):
        public.check({**released, LIST: released[LIST].replace(b"12", b"14", 1)})


def test_one_seal_is_shown_as_that_sides_own_publication(released: Files) -> None:
    assert public.is_lone_shown(released, node=A)
    assert public.is_lone_shown(released, node=B)
