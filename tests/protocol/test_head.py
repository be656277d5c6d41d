from dataclasses import replace

import pytest

from parley.protocol import head, note
from parley.protocol.breach import BreachError
from parley.protocol.card import write_keys
from parley.protocol.head import Head, Receipt, ReceiptKeys, SignedHead, WriteKeys
from parley.protocol.note import Note
from tests.protocol.samples import (
    CARD_A,
    KEYS_A,
    KEYS_B,
    LOG_A,
    LOG_B,
    NOON,
    ROOT,
    SUITE,
    head_note,
    receipt_note,
    receipters_of_b,
    sample_head,
    writers_of_a,
)


def joined(*raws: bytes) -> bytes:
    """Return one note with the lines of all, which have one text."""
    notes = [note.parse(raw) for raw in raws]
    return note.encode(Note(text=notes[0].text, lines=tuple(line for each in notes for line in each.lines)))


def test_a_head_is_read_with_the_time_of_its_writer() -> None:
    read = head.read_head(head_note(), **writers_of_a(), suite=SUITE)

    assert read == SignedHead(head=sample_head(), signed_at=NOON)


def test_a_receipt_is_read_with_the_time_of_its_node() -> None:
    read = head.read_receipt(receipt_note(), **receipters_of_b(), suite=SUITE)

    assert read == Receipt(head=sample_head(), received_at=NOON + 3)


def test_a_head_and_receipts_may_share_one_note() -> None:
    raw = joined(head_note(), receipt_note())

    assert head.read_head(raw, **writers_of_a(), suite=SUITE).signed_at == NOON
    assert head.read_receipt(raw, **receipters_of_b(), suite=SUITE).received_at == NOON + 3


def test_two_0x06_lines_of_one_writer_are_refused_rather_than_chosen_from() -> None:
    raw = joined(head_note(), head_note(time=NOON + 50))

    with pytest.raises(BreachError, match="signed twice"):
        head.read_head(raw, **writers_of_a(), suite=SUITE)


def test_a_receipt_is_no_head_and_a_head_is_no_receipt() -> None:
    with pytest.raises(BreachError, match=r"^§4\.5: .* is missing"):
        head.read_head(receipt_note(), **writers_of_a(), suite=SUITE)
    with pytest.raises(BreachError, match=r"^§4\.5: .* is missing"):
        head.read_receipt(head_note(), **receipters_of_b(), suite=SUITE)


def test_the_keys_of_a_head_do_not_serve_for_a_receipt() -> None:
    with pytest.raises(BreachError, match=r"^§4\.6: the two lines of a receipt have one time"):
        head.read_receipt(head_note(), **writers_of_a(), suite=SUITE)


def test_a_head_of_another_log_of_the_same_writer_is_refused() -> None:
    # The writer has one key for all its logs; only the names of the lines tell them apart.
    other = LOG_A.replace("main", "hot")
    raw = head.sign_head(
        replace(sample_head(), origin=other), KEYS_A.write(LOG_A, SUITE), time=NOON, suite=SUITE
    )

    with pytest.raises(BreachError, match=r"^§4\.5: the head is not one of this log"):
        head.read_head(raw, **writers_of_a(), suite=SUITE)


def test_a_head_signed_by_another_node_is_refused() -> None:
    raw = head.sign_head(sample_head(), KEYS_B.write(LOG_A, SUITE), time=NOON, suite=SUITE)

    with pytest.raises(BreachError, match="is missing"):
        head.read_head(raw, **writers_of_a(), suite=SUITE)


def test_a_receipt_whose_lines_state_two_times_is_refused() -> None:
    early, late = note.parse(receipt_note(time=NOON)), note.parse(receipt_note(time=NOON + 1))
    raw = note.encode(Note(text=early.text, lines=(early.lines[0], late.lines[1])))

    with pytest.raises(BreachError, match="one time"):
        head.read_receipt(raw, **receipters_of_b(), suite=SUITE)


def test_time_zero_is_neither_signed_nor_taken() -> None:
    keys = KEYS_B.receipt(SUITE)
    text = sample_head().text()
    lines = tuple(note.cosign(text, key, time=0, suite=SUITE) for key in (keys.ed25519, keys.ml_dsa))

    with pytest.raises(BreachError, match=r"^§4\.6: .* no time"):
        head.read_receipt(note.encode(Note(text=text, lines=lines)), **receipters_of_b(), suite=SUITE)
    with pytest.raises(BreachError, match=r"^§4\.6: "):
        receipt_note(time=0)
    with pytest.raises(BreachError, match=r"^§4\.5: "):
        head_note(time=0)


@pytest.mark.parametrize(
    "broken",
    [
        Head(origin=LOG_A, size=0, root=ROOT),
        Head(origin=LOG_A, size=-1, root=ROOT),
        Head(origin=LOG_A, size=2**53, root=ROOT),
        Head(origin=LOG_A, size=1, root=ROOT[:-1]),
        Head(origin=f"{LOG_A}\n1", size=1, root=ROOT),
        Head(origin="ä.example/live/a-b/main/00000000", size=1, root=ROOT),
        Head(origin="example.com/log", size=1, root=ROOT),
    ],
    ids=range(7),
)
def test_no_head_is_signed_that_would_not_be_read(broken: Head) -> None:
    with pytest.raises(BreachError):
        head_note(broken)
    with pytest.raises(BreachError):
        receipt_note(broken)


def test_the_keys_of_a_log_are_those_of_its_node_alone() -> None:
    with pytest.raises(BreachError, match=r"^§3\.1: "):
        write_keys(CARD_A, LOG_B)


def test_the_signing_keys_match_the_keys_on_the_card() -> None:
    write, receipt = KEYS_A.write(LOG_A, SUITE), KEYS_B.receipt(SUITE)

    assert isinstance(write, WriteKeys)
    assert isinstance(receipt, ReceiptKeys)
    assert [write.ed25519.verify_key, write.ml_dsa.verify_key] == list(writers_of_a().values())
    assert [receipt.ed25519.verify_key, receipt.ml_dsa.verify_key] == list(receipters_of_b().values())
