from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol import card, note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.note import Algorithm, Note
from tests.protocol.samples import CARD_A, CARD_B, KEYS_A, KEYS_B, LOG_A, ROOT, SUITE, A, card_note, next_card

ROOTS = KEYS_A.roots
NEW_ROOTS = tuple(KEYS_A.seed(f"new root {person}") for person in (1, 2))
NEW_PUBLICS = tuple(SUITE.ed25519_public(root) for root in NEW_ROOTS)


def replaced(old: Card, new: Card, *seeds: bytes) -> None:
    raw = card.sign_card(new, seeds, suite=SUITE, previous=old)
    card.check_next(old, card.parse(raw), suite=SUITE)


def test_a_card_is_read_back_as_it_was_signed() -> None:
    signed = card.parse(card_note())

    card.check_first(signed, suite=SUITE)
    assert signed.card == CARD_A
    assert note.encode(signed.note) == card_note()


@pytest.mark.parametrize("change", [{"url": None}, {"tls_sha256": None}, {"url": None, "tls_sha256": None}])
def test_url_and_tls_may_be_absent(change: dict[str, None]) -> None:
    less = replace(CARD_A, **change)  # type: ignore[arg-type] # any field

    assert card.parse(card.sign_card(less, ROOTS, suite=SUITE)).card == less


def test_a_card_needs_its_threshold_of_roots() -> None:
    with pytest.raises(BreachError, match=r"^§3\.4: 1 of 2 roots of card 1 signed"):
        card.check_first(card.parse(card.sign_card(CARD_A, ROOTS[:1], suite=SUITE)), suite=SUITE)


def test_the_lines_of_another_nodes_roots_do_not_count() -> None:
    text = CARD_A.text()
    names = (f"{A}/root/{person}" for person in (1, 2))
    keys = (
        note.new_sign_key(name, Algorithm.ED25519, seed, suite=SUITE)
        for name, seed in zip(names, KEYS_B.roots, strict=False)
    )
    forged = Note(text=text, lines=tuple(note.sign(text, key, SUITE) for key in keys))

    with pytest.raises(BreachError, match=r"^§3\.4: 0 of 2 roots"):
        card.check_first(card.parse(note.encode(forged)), suite=SUITE)


def test_a_first_meeting_may_be_with_a_later_card() -> None:
    second = next_card(CARD_A)

    card.check_first(card.parse(card.sign_card(second, ROOTS, suite=SUITE)), suite=SUITE)


def test_a_card_replaces_the_one_before_with_both_thresholds() -> None:
    second = next_card(CARD_A, roots=NEW_PUBLICS, threshold=1)

    replaced(CARD_A, second, ROOTS[0], ROOTS[2], NEW_ROOTS[1])

    with pytest.raises(BreachError, match=r"^§3\.4: 1 of 2 roots of card 1 signed"):
        replaced(CARD_A, second, ROOTS[0], NEW_ROOTS[1])
    with pytest.raises(BreachError, match=r"^§3\.4: 0 of 1 roots of card 2 signed"):
        replaced(CARD_A, second, ROOTS[0], ROOTS[1])


def test_a_root_that_stays_under_another_number_signs_under_both_names() -> None:
    second = next_card(CARD_A, roots=(CARD_A.roots[1], CARD_A.roots[0]))

    raw = card.sign_card(second, ROOTS[:2], suite=SUITE, previous=CARD_A)

    names = sorted(line.name for line in note.parse(raw).lines)
    assert names == [f"{A}/root/1", f"{A}/root/1", f"{A}/root/2", f"{A}/root/2"]
    card.check_next(CARD_A, card.parse(raw), suite=SUITE)


@pytest.mark.parametrize("change", [{"serial": 3}, {"prev": ROOT}, {"node": "c.example"}])
def test_only_the_next_card_of_the_same_node_replaces_one(change: dict[str, object]) -> None:
    wrong = replace(next_card(CARD_A), **change)  # type: ignore[arg-type] # any field

    with pytest.raises(BreachError, match=r"^§3\.4: this is not the next card"):
        replaced(CARD_A, wrong, *ROOTS)


def test_a_line_that_anyone_may_add_does_not_change_the_hash() -> None:
    signed = note.parse(card_note())
    added = note.Line(name="someone/else", key_id=bytes(4), payload=b"?")

    longer = card.parse(note.encode(Note(text=signed.text, lines=(*signed.lines, added))))

    assert card.card_hash(longer.card) == card.card_hash(CARD_A)


def test_a_seed_of_no_root_does_not_sign() -> None:
    with pytest.raises(BreachError, match=r"^§3\.4: a seed is of no root"):
        card.sign_card(CARD_A, KEYS_B.roots, suite=SUITE)


def test_sixteen_lines_are_enough_to_replace_all_roots_and_more_are_refused() -> None:
    many = tuple(KEYS_A.seed(f"many {person}") for person in range(9))
    publics = tuple(SUITE.ed25519_public(seed) for seed in many)
    old = replace(CARD_A, roots=publics, threshold=8)
    fresh = tuple(KEYS_A.seed(f"fresh {person}") for person in range(8))
    new = next_card(old, roots=tuple(SUITE.ed25519_public(seed) for seed in fresh))

    replaced(old, new, *many[:8], *fresh)

    with pytest.raises(BreachError, match=r"^§2\.5: "):
        card.sign_card(new, (*many, *fresh), suite=SUITE, previous=old)


def test_a_card_has_sixteen_roots_and_a_url_of_255_bytes_at_most() -> None:
    many = tuple(SUITE.ed25519_public(KEYS_A.seed(f"many {person}")) for person in range(17))
    largest = replace(CARD_A, roots=(*CARD_A.roots[:2], *many[:14]), threshold=8, url=f"http://{'a' * 248}")

    card.check_first(
        card.parse(card.sign_card(replace(largest, threshold=2), ROOTS[:2], suite=SUITE)), suite=SUITE
    )
    card.parse_text(largest.text())

    for change in ({"roots": many}, {"threshold": 9}, {"url": f"http://{'a' * 249}"}):
        with pytest.raises(BreachError, match=r"^§3\.2: "):
            card.parse_text(replace(largest, **change).text())


@pytest.mark.parametrize(
    "change",
    [
        {"node": "A.example"},
        {"serial": 0, "prev": None},
        {"url": "https://ä.example/"},
        {"url": "https://a.example/ x"},
        {"threshold": 0},
        {"threshold": 10},
        {"roots": ()},
        {"seal_x_wing": b""},
        {"link_ed25519": bytes(32)},
        {"link_ed25519": CARD_A.write_ed25519},
        {"tls_sha256": b"short"},
    ],
    ids=range(11),
)
def test_no_card_is_signed_that_would_not_be_read(change: dict[str, object]) -> None:
    wrong = replace(CARD_A, **change)  # type: ignore[arg-type] # any field

    with pytest.raises(BreachError):
        card.sign_card(wrong, ROOTS, suite=SUITE)


def test_the_digits_are_the_same_on_both_sides() -> None:
    one, two = card.card_hash(CARD_A), card.card_hash(CARD_B)

    shown = card.digits(one, two)

    assert shown == card.digits(two, one)
    assert len(shown) == 12
    assert all(len(group) == 5 and group.isdecimal() for group in shown)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 255))
def test_another_card_gives_other_digits(one: bytes, bit: int) -> None:
    other = (int.from_bytes(one, "big") ^ 1 << bit).to_bytes(32, "big")

    assert card.digits(one, ROOT) != card.digits(other, ROOT)


def test_the_keys_of_a_card_have_the_names_of_their_use() -> None:
    names = {
        LOG_A: card.write_keys(CARD_A, LOG_A),
        f"{A}/receipt": card.receipt_keys(CARD_A),
        f"{A}/link": (card.link_key(CARD_A),),
    }

    assert all(key.name == name for name, keys in names.items() for key in keys)
    assert [key.name for key in card.root_keys(CARD_A)] == [f"{A}/root/{person}" for person in (1, 2, 3)]
    assert [key.algorithm.value for keys in names.values() for key in keys] == [0x01, 0x06, 0x04, 0x06, 0x01]
