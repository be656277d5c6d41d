import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol import part
from parley.protocol.part import PartError
from tests.protocol.samples import CHANNEL, LOG_A, LOG_B, SUITE, A


@given(st.binary(max_size=40_000))
def test_a_part_opens_to_what_was_sealed(plaintext: bytes) -> None:
    sealed = part.seal_part(plaintext, scope=LOG_A, suite=SUITE)

    assert part.open_part(sealed.ciphertext, key=sealed.key, scope=LOG_A, suite=SUITE) == plaintext
    assert sealed.hash == hashlib.sha256(sealed.ciphertext).digest()
    assert sealed.size == len(sealed.ciphertext) == len(plaintext) + part.overhead(len(plaintext))


def test_one_plaintext_is_never_sealed_to_the_same_bytes() -> None:
    one, two = (part.seal_part(b"same", scope=LOG_A, suite=SUITE) for _ in range(2))

    assert one.key != two.key
    assert one.hash != two.hash


@pytest.mark.parametrize("scope", [LOG_B, f"{A}/{CHANNEL}", LOG_A + "\n", ""])
def test_a_part_does_not_open_in_another_scope(scope: str) -> None:
    sealed = part.seal_part(b"text", scope=LOG_A, suite=SUITE)

    with pytest.raises(PartError):
        part.open_part(sealed.ciphertext, key=sealed.key, scope=scope, suite=SUITE)


@pytest.mark.parametrize("key", [part.LOST_KEY, b"", bytes(31), b"x" * 33])
def test_what_is_no_key_opens_nothing(key: bytes) -> None:
    sealed = part.seal_part(b"text", scope=LOG_A, suite=SUITE)

    with pytest.raises(PartError, match="no content key"):
        part.open_part(sealed.ciphertext, key=key, scope=LOG_A, suite=SUITE)


@given(st.binary(max_size=200))
def test_junk_is_no_part(ciphertext: bytes) -> None:
    with pytest.raises(PartError):
        part.open_part(ciphertext, key=b"k" * 32, scope=LOG_A, suite=SUITE)


def test_a_part_with_the_key_that_says_lost_does_not_open_even_if_it_fits() -> None:
    ciphertext = SUITE.encrypt(part.LOST_KEY, context=part.context(LOG_A), plaintext=b"text")

    with pytest.raises(PartError):
        part.open_part(ciphertext, key=part.LOST_KEY, scope=LOG_A, suite=SUITE)


def test_key_and_content_are_not_shown() -> None:
    sealed = part.seal_part(b"text", scope=LOG_A, suite=SUITE)

    assert "key" not in repr(sealed)
    assert "ciphertext" not in repr(sealed)


def test_a_small_part_is_72_bytes_larger_and_a_large_one_a_thousandth() -> None:
    assert [part.overhead(size) for size in (0, 1, 16_383, 16_384, 2**21)] == [72, 72, 72, 88, 56 + 129 * 16]
