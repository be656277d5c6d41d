"""What both sides make public together, and what anybody can find out about it alone. Spec §17.9, §17.10."""

from dataclasses import replace

import pytest

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.dialogue.release import (
    Outcomes,
    Seal,
    digest_of,
    join,
    read_outcomes,
    read_seal,
    sign_seal,
    verify,
)
from parley.protocol.suite import Standard
from tests.protocol.rounds import LINK, RELEASE_IN, WORK, Dialogue, receipt_keys
from tests.protocol.toy import TOY
from tests.protocol.world import A, B, side_of

T = 1_800_000_000
OUTCOMES = Outcomes(nodes=(A, B), round=bytes(range(32)), number=3, release=T, clauses=(WORK, WORK))
TEXT = OUTCOMES.text()
SEAL = Seal(link=LINK, release=T, digest=digest_of(TEXT))
CARDS = (side_of(A).card, side_of(B).card)


def sealed(node: str, *, at: int = T, seal: Seal = SEAL) -> bytes:
    return sign_seal(seal, receipt_keys(node, TOY), time=at, suite=TOY)


def test_both_seals_over_the_same_bytes_make_it_joint() -> None:
    found = verify(TEXT, join(sealed(A), sealed(B, at=T + 2)), CARDS, suite=TOY)

    assert found.is_joint
    assert found.sealed_at == ((A, T), (B, T + 2))
    assert found.outcomes == OUTCOMES


def test_a_lone_publication_is_seen_to_be_one() -> None:
    found = verify(TEXT, sealed(B), CARDS, suite=TOY)

    assert not found.is_joint
    assert [node for node, _at in found.sealed_at] == [B]


def test_a_card_handed_over_in_the_other_order_changes_nothing() -> None:
    note_of_both = join(sealed(A), sealed(B))

    assert verify(TEXT, note_of_both, CARDS[::-1], suite=TOY) == verify(TEXT, note_of_both, CARDS, suite=TOY)


def test_no_seal_is_made_before_the_release_and_none_that_says_so_counts() -> None:
    with pytest.raises(BreachError, match=r"§17\.10"):
        sealed(A, at=T - 1)

    text = SEAL.text()
    early = note.encode(
        note.Note(
            text=text,
            lines=tuple(note.cosign(text, key, time=T - 1, suite=TOY) for key in receipt_keys(A, TOY)),
        )
    )
    with pytest.raises(BreachError, match="at the release or later"):
        verify(TEXT, early, CARDS, suite=TOY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"20 working", b"30 working"),
        ("二十个".encode(), "三十个".encode()),
        (b"release 1800000000", b"release 1800000001"),
        (b"round 3 ", b"round 4 "),
        (b"clauses 2", b"clauses 1"),
        (b"clauses 2", b"clauses 02"),
        (b"parties a.example b.example", b"parties b.example a.example"),
        (b"parties a.example b.example", b"parties a.example c.example"),
        (b"parley-outcomes/v1", b"parley-outcomes/v2"),
        (b"B answers", b"B  answers"),
        (b"B answers", b"\xff answers"),
    ],
)
def test_a_list_that_was_touched_is_refused(old: bytes, new: bytes) -> None:
    assert old in TEXT

    with pytest.raises(BreachError):
        verify(TEXT.replace(old, new), join(sealed(A), sealed(B)), CARDS, suite=TOY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"clauses 2", b"clauses 1"),
        (b"clauses 2", b"clauses 3"),
        (b"clauses 2", b"clauses 02"),
        (b"clauses 2", b"clauses 0"),
        (b"parties a.example b.example", b"parties b.example a.example"),
        (b"parties a.example b.example", b"parties a.example a.example"),
        (b"parties a.example b.example", b"parties a..example b.example"),
        (b"release 1800000000", b"release -1"),
        (b"round 3 ", b"round 0 "),
        (b"B answers", b" B answers"),
        (b"B answers", b"\xe2\x80\xaeB answers"),
    ],
)
def test_a_list_has_one_form(old: bytes, new: bytes) -> None:
    with pytest.raises(BreachError, match=r"§(17\.9|3\.1)"):
        read_outcomes(TEXT.replace(old, new))


def test_a_list_has_at_most_256_clauses() -> None:
    most = replace(OUTCOMES, clauses=(WORK,) * 256)

    assert read_outcomes(most.text()) == most
    with pytest.raises(BreachError, match=r"§17\.9"):
        read_outcomes(replace(OUTCOMES, clauses=(WORK,) * 257).text())


def test_a_seal_with_two_times_is_none() -> None:
    text = SEAL.text()
    lines = tuple(note.cosign(text, key, time=T + n, suite=TOY) for n, key in enumerate(receipt_keys(A, TOY)))

    with pytest.raises(BreachError, match="both its keys"):
        verify(TEXT, note.encode(note.Note(text=text, lines=lines)), CARDS, suite=TOY)


def test_a_seal_that_names_another_release_is_on_another_list() -> None:
    seal = Seal(link=LINK, release=T - 1, digest=digest_of(TEXT))

    with pytest.raises(BreachError, match="another list"):
        verify(TEXT, sealed(A, seal=seal, at=T - 1), CARDS, suite=TOY)


def test_the_cards_are_those_of_both_parties() -> None:
    with pytest.raises(BreachError, match="not those of the parties"):
        verify(TEXT, sealed(A), (CARDS[0], CARDS[0]), suite=TOY)


def test_unequal_languages_are_refused_even_if_both_had_sealed_them() -> None:
    text = TEXT.replace("二十个".encode(), "三十个".encode())
    seal = Seal(link=LINK, release=T, digest=digest_of(text))

    with pytest.raises(BreachError, match="only in en: 20; only in zh: 30"):
        verify(text, join(sealed(A, seal=seal), sealed(B, seal=seal)), CARDS, suite=TOY)


def test_a_false_line_of_one_side_makes_the_whole_note_nothing() -> None:
    raw = join(sealed(A), sealed(B))
    parsed = note.parse(raw)
    broken = parsed.lines[2]
    payload = broken.payload[:-1] + bytes([broken.payload[-1] ^ 1])
    lines = (
        *parsed.lines[:2],
        note.Line(name=broken.name, key_id=broken.key_id, payload=payload),
        parsed.lines[3],
    )

    with pytest.raises(BreachError, match="does not verify"):
        verify(TEXT, note.encode(note.Note(text=parsed.text, lines=lines)), CARDS, suite=TOY)


def test_one_key_of_two_is_no_seal() -> None:
    parsed = note.parse(sealed(A))
    half = note.encode(note.Note(text=parsed.text, lines=parsed.lines[:1]))

    with pytest.raises(BreachError, match="both its keys"):
        verify(TEXT, half, CARDS, suite=TOY)


def test_keys_of_one_side_under_the_other_name_are_no_seal() -> None:
    parsed = note.parse(sealed(A))
    lines = tuple(
        note.Line(name=f"{B}/receipt", key_id=line.key_id, payload=line.payload) for line in parsed.lines
    )

    with pytest.raises(BreachError, match="both its keys"):
        verify(TEXT, note.encode(note.Note(text=parsed.text, lines=lines)), CARDS, suite=TOY)


def test_a_note_that_nobody_known_sealed_is_none() -> None:
    parsed = note.parse(sealed(A))
    lines = tuple(
        note.Line(name="c.example/receipt", key_id=line.key_id, payload=line.payload) for line in parsed.lines
    )

    with pytest.raises(BreachError, match="neither side"):
        verify(TEXT, note.encode(note.Note(text=parsed.text, lines=lines)), CARDS, suite=TOY)


def test_seals_on_different_lists_are_not_joined() -> None:
    other = Seal(link=LINK, release=T, digest=bytes(32))

    with pytest.raises(BreachError, match="different lists"):
        join(sealed(A), sealed(B, seal=other))
    with pytest.raises(BreachError, match="another list"):
        verify(TEXT, sealed(A, seal=other), CARDS, suite=TOY)


def test_a_seal_tells_the_link_and_so_an_exercise_is_never_taken_for_the_real_thing() -> None:
    seal = Seal(link="ex-spring/a-b", release=T, digest=digest_of(TEXT))

    assert verify(TEXT, sealed(A, seal=seal), CARDS, suite=TOY).seal.link == "ex-spring/a-b"


def test_texts_are_read_as_they_were_written() -> None:
    assert read_outcomes(TEXT) == OUTCOMES
    assert read_seal(SEAL.text()) == SEAL
    with pytest.raises(BreachError, match=r"§17\.10"):
        read_seal(b"parley-release/v1 live\n1\n")


def test_what_both_nodes_hold_after_the_release_verifies_with_the_two_cards_alone() -> None:
    dialogue = Dialogue()
    meeting = dialogue.agrees_on_list()
    frozen = dialogue.round(meeting).outcome.agreed
    assert frozen is not None
    dialogue.world.wait(RELEASE_IN)
    notes = [
        dialogue.seal(node, release=frozen.release, digest=frozen.digest, at=dialogue.world.now)
        for node in (A, B)
    ]

    found = verify(dialogue.text(meeting, frozen.release), join(*notes), CARDS, suite=TOY)

    assert found.is_joint
    assert found.outcomes.round == meeting.id


def test_real_keys_seal_too() -> None:
    suite = Standard()
    keys = receipt_keys(A, suite)
    made = sign_seal(SEAL, keys, time=T, suite=suite)

    assert note.verified(note.parse(made), [key.verify_key for key in keys], suite)
