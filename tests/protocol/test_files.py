"""Files in the protocol: what a body says of them, the proof of a key, `file.got`, and the frame P."""

import hashlib
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as struct_replace

from parley.protocol.breach import BreachError
from parley.protocol.entry import PartRef
from parley.protocol.files import FileGot, NamedFile, proof, read_files, read_got, write_files, write_got
from parley.protocol.parcel import (
    MAX_STRETCH,
    MAX_STRETCHES,
    Parcel,
    Stretch,
    Want,
    decode_frames,
    encode_frames,
)
from parley.protocol.part import PartError, chunk_count, overhead, plain_size
from parley.protocol.strictjson import JsonValue

EMPTY = Parcel(sender="a.example", receiver="b.example", channel="demo/a-b/main")
PARTS = tuple(PartRef(hash=bytes([number]) * 32, size=100) for number in range(3))
FILE = NamedFile(part=1, name="mail.eml", type="message/rfc822", size=5, sha256=bytes(32))
# What stands behind the frames of `encode_frames`: no padding, and a signature that is not looked at.
ENDING = b"Z" + bytes(4) + b"S" + bytes(4)


# ---- What a body says


@given(
    st.lists(
        st.builds(
            NamedFile,
            part=st.integers(1, 255),
            name=st.text(min_size=1, max_size=255),
            type=st.sampled_from(["message/rfc822", "application/octet-stream", "image/svg+xml"]),
            size=st.integers(0, 2**53 - 1),
            sha256=st.binary(min_size=32, max_size=32),
        ),
        max_size=5,
        unique_by=lambda file: file.part,
    )
)
def test_what_is_written_of_files_is_read_again(files: list[NamedFile]) -> None:
    parts = (PARTS[0],) * 256

    assert read_files({"files": write_files(files)}, parts) == {file.part: file for file in files}


@pytest.mark.parametrize(
    "change",
    [
        {"part": 0},
        {"part": 3},
        {"part": 256},
        {"part": True},
        {"part": "1"},
        {"name": ""},
        {"name": "x" * 256},
        {"name": None},
        {"type": "text"},
        {"type": "text/html; charset=x"},
        {"type": "Text/html"},
        {"type": "a/" + "b" * 64},
        {"size": -1},
        {"size": 2**53},
        {"size": False},
        {"sha256": "0" * 63},
        {"sha256": "A" * 64},
        {"more": 1},
    ],
)
def test_what_is_misshapen_is_passed_over_and_the_rest_is_read(change: dict[str, JsonValue]) -> None:
    (good,) = write_files([FILE])
    assert isinstance(good, dict)

    found = read_files({"files": [{**good, **change}, {**good, "part": 2}]}, PARTS)

    assert list(found) == [2]


@pytest.mark.parametrize("files", [None, 7, "x", {}, [[]], [None], [{}] * 256])
def test_a_body_may_say_anything_about_files(files: JsonValue) -> None:
    assert read_files({"files": files}, PARTS) == {}


def test_of_two_names_for_one_file_the_first_counts() -> None:
    one, two = write_files([FILE]), write_files([struct_replace(FILE, name="other")])

    assert read_files({"files": [*one, *two]}, PARTS)[1].name == "mail.eml"


def test_what_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(BreachError, match=r"§5\.8"):
        write_files([struct_replace(FILE, name="")])


# ---- file.got, and the proof


@pytest.mark.parametrize("ok", [True, False])
def test_what_is_said_of_a_file_is_read_again(*, ok: bool) -> None:
    got = FileGot(hash=bytes(range(32)), ok=ok)

    assert read_got(write_got(got)) == got


@pytest.mark.parametrize(
    "d",
    [
        {},
        {"hash": "A" * 43},
        {"ok": True},
        {"hash": "A" * 42, "ok": True},
        {"hash": "A" * 42 + "B", "ok": True},
        {"hash": "A" * 43, "ok": 1},
        {"hash": "A" * 43, "ok": None},
        {"hash": None, "ok": True},
        {"hash": "A" * 43, "ok": True, "more": 1},
    ],
)
def test_anything_else_is_not_said_of_a_file(d: dict[str, JsonValue]) -> None:
    with pytest.raises(BreachError):
        read_got(d)


def test_the_proof_is_that_of_the_specification() -> None:
    key, digest = bytes(range(32)), hashlib.sha256(b"x").digest()

    found = proof(key, channel="demo/a-b/main", digest=digest)

    text = b"parley/get/v1\ndemo/a-b/main\n" + digest
    assert found == hmac.digest(key, text, "sha256")
    assert found != proof(key, channel="live/a-b/main", digest=digest)


# ---- Sizes


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 2**40])
def test_every_size_has_one_size_of_ciphertext(size: int) -> None:
    sealed = size + overhead(size)

    assert plain_size(sealed) == size
    assert chunk_count(sealed) == size // 16_384 + 1


@given(st.integers(0, 200_000))
def test_a_size_is_that_of_a_sealed_file_or_of_none(size: int) -> None:
    try:
        plain = plain_size(size)
    except PartError:
        assert size not in {each + overhead(each) for each in range(max(0, size - 300), size)}
    else:
        assert plain + overhead(plain) == size


# ---- The frame P


@given(
    st.lists(
        st.builds(
            Stretch,
            hash=st.binary(min_size=32, max_size=32),
            offset=st.integers(0, 2**53 - 1),
            content=st.binary(min_size=1, max_size=50),
        ),
        max_size=4,
    )
)
def test_stretches_are_read_as_they_were_written(stretches: list[Stretch]) -> None:
    wants = (Want(hash=bytes(32), offset=7),)
    parcel = replace(EMPTY, wants=wants, stretches=tuple(stretches))

    assert decode_frames(encode_frames(parcel) + ENDING, EMPTY) == parcel


@pytest.mark.parametrize(
    "body",
    [
        b"",
        bytes(39),
        bytes(40),
        bytes(40 + MAX_STRETCH + 1),
        bytes(32) + (2**53).to_bytes(8) + b"x",
    ],
)
def test_a_stretch_of_another_form_is_refused(body: bytes) -> None:
    frame = b"P" + len(body).to_bytes(4) + body

    with pytest.raises(BreachError, match=r"§5\.1"):
        decode_frames(encode_frames(EMPTY) + frame + ENDING, EMPTY)


def test_more_stretches_than_the_limit_are_refused() -> None:
    frame = b"P" + (41).to_bytes(4) + bytes(41)

    assert len(decode_frames(encode_frames(EMPTY) + frame * MAX_STRETCHES + ENDING, EMPTY).stretches) == 64
    with pytest.raises(BreachError, match=r"§5\.1"):
        decode_frames(encode_frames(EMPTY) + frame * (MAX_STRETCHES + 1) + ENDING, EMPTY)


def test_a_stretch_stands_behind_what_is_wanted() -> None:
    want = b"W" + (40).to_bytes(4) + bytes(40)
    stretch = b"P" + (41).to_bytes(4) + bytes(41)

    with pytest.raises(BreachError, match=r"§5\.1"):
        decode_frames(encode_frames(EMPTY) + stretch + want + ENDING, EMPTY)
