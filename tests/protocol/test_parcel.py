import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol import padding, parcel
from parley.protocol.breach import BreachError
from parley.protocol.parcel import Have, Parcel, Piece, Want
from parley.protocol.suite import SealError
from tests.protocol.samples import (
    CARD_A,
    CARD_B,
    CHANNEL,
    KEYS_A,
    KEYS_B,
    LOG_A,
    LOG_B,
    ROOT,
    SUITE,
    A,
    B,
    card_note,
    receipt_note,
    sample_parcel,
)

EMPTY = Parcel(sender=A, receiver=B, channel=CHANNEL)
PIECE = Piece(note=b"note", start=0)


def sealed(said: Parcel) -> bytes:
    return parcel.seal_parcel(
        said, link_seed=KEYS_A.seed("link"), seal_public=CARD_B.seal_x_wing, suite=SUITE
    )


def opened(raw: bytes, *, sender: str = A, receiver: str = B, channel: str = CHANNEL) -> Parcel:
    return parcel.open_parcel(
        raw,
        sender=sender,
        receiver=receiver,
        channel=channel,
        link_public=CARD_A.link_ed25519,
        seal_private=KEYS_B.x_wing,
        suite=SUITE,
    )


def plaintext(raw: bytes) -> bytes:
    info = f"parley/parcel/v1\n{A}\n{B}\n{CHANNEL}\n".encode()
    return SUITE.open(KEYS_B.x_wing, info=info, sealed=raw[16:])


def frame(kind: bytes, body: bytes = b"") -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


def test_a_parcel_opens_to_what_was_said() -> None:
    said = replace(sample_parcel(), cards=(card_note(),), recover=b"recover", receipts=(receipt_note(),))

    assert opened(sealed(said)) == said


def test_a_parcel_that_says_nothing_opens_too() -> None:
    assert opened(sealed(EMPTY)) == EMPTY


def test_a_piece_may_show_a_head_alone() -> None:
    said = replace(EMPTY, pieces=(PIECE, replace(PIECE, start=7, entries=(b"entry",))))

    assert opened(sealed(said)) == said


def test_blobs_without_keys_keep_their_place() -> None:
    said = replace(EMPTY, pieces=(replace(PIECE, blobs=(b"one", b"", b"three")), PIECE))

    assert opened(sealed(said)) == said


@pytest.mark.parametrize(
    "other", [{"sender": "c.example"}, {"receiver": "c.example"}, {"channel": "demo/a-b/main"}]
)
def test_a_parcel_opens_on_its_own_link_and_channel_alone(other: dict[str, str]) -> None:
    with pytest.raises(BreachError, match=r"^§5\.2: .* tag of another link"):
        opened(sealed(EMPTY), **other)


def test_the_world_is_bound_even_if_the_tag_is_forged() -> None:
    # Bytes of an exercise must not open in the real world.
    drill = replace(EMPTY, channel="ex-1/a-b/main")
    forged = sealed(EMPTY)[:16] + sealed(drill)[16:]

    with pytest.raises(BreachError, match=r"^§5\.2: the seal does not open"):
        opened(forged)


def test_whoever_knows_the_seal_key_alone_says_nothing() -> None:
    stranger = KEYS_B.seed("link")
    raw = parcel.seal_parcel(EMPTY, link_seed=stranger, seal_public=CARD_B.seal_x_wing, suite=SUITE)

    with pytest.raises(BreachError, match=r"^§5\.2: the sender did not sign"):
        opened(raw)


def test_a_signature_is_not_taken_over_to_other_frames() -> None:
    frames = plaintext(sealed(EMPTY))
    signature = frames[frames.rindex(b"S\0\0\0") :]
    info = f"parley/parcel/v1\n{A}\n{B}\n{CHANNEL}\n".encode()
    forged = frame(b"H", f"have {LOG_A} 9\n".encode()) + frame(b"Z") + signature
    raw = sealed(EMPTY)[:16] + SUITE.seal(CARD_B.seal_x_wing, info=info, plaintext=forged)

    with pytest.raises(BreachError, match=r"^§5\.2: the signature is over other frames"):
        opened(raw)


def test_the_tag_is_the_same_for_every_parcel_of_a_route() -> None:
    tag = parcel.tag(A, B, CHANNEL, seal_public=CARD_B.seal_x_wing)

    route = f"parley/tag/v1\n{A}\n{B}\n{CHANNEL}\n".encode()
    assert tag == hashlib.sha256(route + CARD_B.seal_x_wing).digest()[:8]
    assert parcel.tag_of(sealed(EMPTY)) == parcel.tag_of(sealed(sample_parcel())) == tag


@given(st.integers(0, 3_000))
def test_the_size_of_a_parcel_tells_only_its_order_of_magnitude(size: int) -> None:
    raw = sealed(replace(EMPTY, recover=b"v" * size))

    frames = len(raw) - 16 - 1120 - 16
    assert padding.padded(frames) == frames
    assert opened(raw).recover == b"v" * size


@given(st.integers(2, 2**24))
def test_padding_adds_an_eighth_at_most_and_never_takes_away(size: int) -> None:
    padded = padding.padded(size)

    assert size <= padded <= size * 1.125 + 1
    assert padding.padded(padded) == padded


def test_the_largest_parcel_has_16_mebibytes_exactly() -> None:
    blob = bytes(parcel.MAX_PARCEL - 2_000)

    raw = sealed(replace(EMPTY, pieces=(replace(PIECE, blobs=(blob,)),)))

    assert len(raw) == parcel.MAX_PARCEL
    assert opened(raw).pieces[0].blobs == (blob,)


def test_a_larger_parcel_is_neither_made_nor_opened() -> None:
    blob = bytes(parcel.MAX_PARCEL - 1_200)

    with pytest.raises(BreachError, match=r"^§5\.1: "):
        sealed(replace(EMPTY, pieces=(replace(PIECE, blobs=(blob,)),)))
    with pytest.raises(BreachError, match=r"^§5\.1: a parcel is at most"):
        opened(b"PARLEY1\n" + bytes(parcel.MAX_PARCEL))


def test_more_entries_than_fit_are_refused_while_they_are_counted() -> None:
    many = (b"x",) * 40_000
    said = replace(EMPTY, pieces=(replace(PIECE, entries=many), replace(PIECE, entries=many)))

    assert len(opened(sealed(replace(EMPTY, pieces=said.pieces[:1]))).pieces[0].entries) == 40_000
    with pytest.raises(BreachError, match=r"^§5\.1: more than 65536 entries"):
        sealed(said)


def test_more_frames_than_fit_are_refused() -> None:
    raw = frame(b"q") * 262_142 + frame(b"H") + frame(b"Z") + frame(b"S")

    with pytest.raises(BreachError, match=r"^§5\.1: the frames are cut off, or too many"):
        parcel.decode_frames(raw, EMPTY)


def test_every_limit_of_a_parcel_can_be_reached() -> None:
    haves = tuple(Have(origin=f"{B}/{CHANNEL}/{at:08x}", size=2**53 - 1) for at in range(64))
    wants = (Want(hash=ROOT, offset=2**53 - 1),) * 1_024
    last = replace(PIECE, start=2**53 - 2, entries=(b"x",))
    full = replace(
        EMPTY,
        cards=(b"note",) * 64,
        pieces=(*(PIECE,) * 62, replace(PIECE, entries=(b"x",) * 65_534, keys=((ROOT, ROOT),)), last),
        receipts=(b"note",) * 64,
        haves=haves,
        wants=wants,
    )

    assert opened(sealed(full)) == full
    assert (parcel.MAX_PARCEL, parcel.MAX_FRAMES) == (16_777_216, 262_144)


def test_the_last_frame_that_fits_is_taken() -> None:
    raw = frame(b"q") * 262_141 + frame(b"H") + frame(b"Z") + frame(b"S")

    assert parcel.decode_frames(raw, EMPTY) == EMPTY


def test_frames_of_the_future_are_passed_over_wherever_they_stand() -> None:
    future = frame(b"q", b"?")
    raw = future + frame(b"H") + future + frame(b"Z") + future + frame(b"S")

    assert parcel.decode_frames(raw, EMPTY) == EMPTY


@pytest.mark.parametrize(
    "said",
    [
        replace(EMPTY, pieces=(replace(PIECE, entries=(b"",)),)),
        replace(EMPTY, pieces=(replace(PIECE, entries=(bytes(65_536),)),)),
        replace(EMPTY, haves=(Have(origin=LOG_A.replace("main", "hot"), size=1),)),
        replace(EMPTY, haves=(Have(origin="a.example", size=1),)),
        replace(EMPTY, haves=(Have(origin=f"{LOG_A} 1\nhave {LOG_B}", size=1),)),
        replace(EMPTY, haves=(Have(origin=LOG_A, size=-1),)),
        replace(EMPTY, haves=(Have(origin=LOG_A, size=2**53),)),
        replace(EMPTY, wants=(Want(hash=ROOT, offset=2**53),)),
        replace(EMPTY, wants=(Want(hash=ROOT[:-1], offset=0),)),
        replace(EMPTY, pieces=(replace(PIECE, keys=((ROOT, b"short"),)),)),
        replace(EMPTY, pieces=(replace(PIECE, start=2**53),)),
        replace(EMPTY, receipts=(b"note",) * 65),
        replace(EMPTY, sender="A"),
        replace(EMPTY, receiver="b.example\n"),
        replace(EMPTY, channel="live"),
        replace(EMPTY, channel="live/ä-b/main"),
        replace(EMPTY, haves=(Have(origin="ä.example/live/a-b/main/00000000", size=1),)),
    ],
    ids=range(17),
)
def test_nothing_is_sealed_that_would_not_be_read(said: Parcel) -> None:
    with pytest.raises(BreachError):
        sealed(said)


def test_nothing_is_sealed_to_what_is_no_key() -> None:
    with pytest.raises(SealError):
        parcel.seal_parcel(EMPTY, link_seed=KEYS_A.seed("link"), seal_public=b"?", suite=SUITE)


@given(st.binary(max_size=1_500))
def test_junk_is_no_parcel(raw: bytes) -> None:
    for junk in (raw, b"PARLEY1\n" + raw, sealed(EMPTY)[:16] + raw):
        with pytest.raises(BreachError, match=r"^§5\.2: "):
            opened(junk)
