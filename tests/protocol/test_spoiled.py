"""Spoiled bytes: whatever is still read is written again to the very same bytes.

So nothing has two forms, and no parser fails with anything but a breach.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol import card, entry, head, note, parcel
from parley.protocol.breach import BreachError
from parley.protocol.parcel import Parcel
from tests.protocol.samples import (
    CHANNEL,
    LOG_A,
    A,
    B,
    card_note,
    head_note,
    plain_entry,
    receipt_note,
    receipters_of_b,
    sample_head,
    sample_parcel,
    signed_entry_note,
    writers_of_a,
)
from tests.protocol.samples import SUITE as STANDARD

TOKENS = (
    b"\n",
    b"\n\n",
    b" ",
    b"  ",
    b"\0",
    b"\r",
    b"\t",
    b"=",
    b"==",
    b"+",
    b"/",
    b"-",
    b"0",
    b"1",
    b"9",
    b"\x7f",
    b"\xff",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xe2\x80\x94 ",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xd9\xa1",
    b"9007199254740992",
    b"seen ",
    b"act ",
    b"part ",
    b"log ",
    b"root ",
    b"have ",
    b"N",
    b"E",
    b"K",
    b"S",
    b"Z",
    b"q\0\0\0\0",
)
EMPTY = Parcel(sender=A, receiver=B, channel=CHANNEL)


def read_entry(raw: bytes) -> bytes:
    parsed = entry.parse(raw)
    assert entry.encode_text(parsed.entry) == parsed.text
    return entry.encode_signed(parsed.text, parsed.lines)


def read_card(raw: bytes) -> bytes:
    signed = card.parse(raw)
    return note.encode(note.Note(text=signed.card.text(), lines=signed.note.lines))


def read_head_text(raw: bytes) -> bytes:
    return head.parse_text(raw).text()


def read_frames(raw: bytes) -> bytes:
    # Padding, signature and unknown frames are not kept, so they are taken from `raw` itself.
    said = parcel.encode_frames(parcel.decode_frames(raw, EMPTY))
    known = b"".join(frame for frame in frames_of(raw) if frame[:1] in b"CVNEKBRHW")
    assert said == known
    return raw


def frames_of(raw: bytes) -> list[bytes]:
    frames = []
    while raw:
        end = 5 + int.from_bytes(raw[1:5], "big")
        frames.append(raw[:end])
        raw = raw[end:]
    return frames


def read_vkey(raw: bytes) -> bytes:
    return note.parse_vkey(raw.decode("latin-1")).text.encode()


def read_note(raw: bytes) -> bytes:
    return note.encode(note.parse(raw))


FRAMES = parcel.encode_frames(
    replace(sample_parcel(), recover=b"recover", cards=(b"card",), receipts=(b"receipt",))
)
SIGNED = signed_entry_note()
CODECS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "entry": (entry.encode_text(plain_entry()), read_entry),
    "signed entry": (entry.encode_signed(SIGNED.text, SIGNED.lines), read_entry),
    "note": (head_note(), read_note),
    "head": (sample_head().text(), read_head_text),
    "card": (card_note(), read_card),
    "frames": (FRAMES + b"Z\0\0\0\x02\0\0S\0\0\0\0", read_frames),
    "vkey": (writers_of_a()["ed25519"].text.encode(), read_vkey),
}


def spoil(chosen: st.DataObject, raw: bytes) -> bytes:
    for _ in range(chosen.draw(st.integers(1, 3))):
        start = chosen.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + chosen.draw(st.sampled_from([0, 0, 1, 1, 2, 5, 50])))
        middle = chosen.draw(
            st.sampled_from([b"", raw[start:end] * 2, raw[start:end].swapcase(), *TOKENS])
            | st.binary(max_size=3)
        )
        raw = raw[:start] + middle + raw[end:]
    return raw


@pytest.mark.parametrize("name", CODECS)
def test_unspoiled_bytes_are_written_again_as_they_were_read(name: str) -> None:
    raw, read = CODECS[name]

    assert read(raw) == raw


@pytest.mark.parametrize("name", CODECS)
@given(chosen=st.data())
def test_spoiled_bytes_are_refused_or_have_one_form(name: str, chosen: st.DataObject) -> None:
    raw, read = CODECS[name]
    spoiled = spoil(chosen, raw)

    try:
        written = read(spoiled)
    except BreachError:
        return

    assert written == spoiled


@pytest.mark.parametrize("name", CODECS)
@given(raw=st.binary(max_size=300))
def test_junk_is_refused_or_has_one_form(name: str, raw: bytes) -> None:
    try:
        written = CODECS[name][1](raw)
    except BreachError:
        return

    assert written == raw


@given(chosen=st.data())
def test_a_spoiled_head_never_says_something_else(chosen: st.DataObject) -> None:
    spoiled = spoil(chosen, head_note())

    try:
        read = head.read_head(spoiled, **writers_of_a(), suite=STANDARD)
    except BreachError:
        return

    assert read == head.read_head(head_note(), **writers_of_a(), suite=STANDARD)


@given(chosen=st.data())
def test_a_spoiled_receipt_never_says_something_else(chosen: st.DataObject) -> None:
    spoiled = spoil(chosen, receipt_note())

    try:
        read = head.read_receipt(spoiled, **receipters_of_b(), suite=STANDARD)
    except BreachError:
        return

    assert read == head.read_receipt(receipt_note(), **receipters_of_b(), suite=STANDARD)


@given(chosen=st.data())
def test_a_spoiled_card_is_never_another_signed_card(chosen: st.DataObject) -> None:
    spoiled = spoil(chosen, card_note())

    try:
        signed = card.parse(spoiled)
        card.check_first(signed, suite=STANDARD)
    except BreachError:
        return

    assert signed.card == card.parse(card_note()).card


@pytest.mark.parametrize(
    "raw",
    [
        b"\n" * 60_000,
        b"seen " * 12_000,
        b"parley/v1\ntime 1\n" + b"seen a/a/a/a/00000000 1 " * 2_500,
        b"parley/v1\ntime " + b"1" * 60_000,
        b"parley/v1\ntime 1\nlog " + b"a." * 30_000,
        b"parley/v1\ntime 1\nact " + b"A" * 60_000,
        b"parley/v1\ntime 1\n" + b"\xe2\x80\x94 " * 15_000,
        LOG_A.encode() * 1_500,
        "— a AAAA\n".encode() * 6_000,
        b"\n\n" + "— a AAAAAAA=\n".encode() * 4_000,
    ],
    ids=range(10),
)
@pytest.mark.parametrize("name", CODECS)
def test_long_nonsense_is_refused_fast(name: str, raw: bytes) -> None:
    began = time.process_time()

    with pytest.raises(BreachError):
        CODECS[name][1](raw)

    assert time.process_time() - began < 5
