"""The real suite, against its rules and against a second reading of the published texts."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.part import overhead
from parley.protocol.suite import LOW_ORDER, PartError, SealError, is_strict_point
from tests.protocol.samples import CARD_B, KEYS_A, KEYS_B, SUITE

SEED = KEYS_A.seed("write ed25519")
LATTICE_SEED = KEYS_A.seed("write ml-dsa")
PUBLIC, PRIVATE = CARD_B.seal_x_wing, KEYS_B.x_wing
ORDER = 2**252 + 27742317777372353535851937790883648493


def expand(key: bytes, info: bytes, *, size: int, digest: str) -> bytes:
    """Return HKDF-Expand, RFC 5869 §2.3."""
    block, out = b"", b""
    while len(out) < size:
        block = hmac.digest(
            key, block + info + bytes([len(out) // hashlib.new(digest).digest_size + 1]), digest
        )
        out += block
    return out[:size]


def hpke_open(private: bytes, *, info: bytes, sealed: bytes) -> bytes:
    """Return the plaintext by RFC 9180 §5 and the X-Wing draft, from their parts."""
    lattice, curve, own = sealed[:1088], sealed[1088:1120], X25519PrivateKey.from_private_bytes(private[64:])
    first = MLKEM768PrivateKey.from_seed_bytes(private[:64]).decapsulate(lattice)
    second = own.exchange(X25519PublicKey.from_public_bytes(curve))
    public = own.public_key().public_bytes_raw()
    shared = hashlib.sha3_256(first + second + curve + public + b"\\.//^\\").digest()
    suite_id = b"HPKE\x64\x7a\x00\x01\x00\x02"

    def extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return hmac.digest(salt, b"HPKE-v1" + suite_id + label + secret, "sha256")

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    key, nonce = (
        expand(
            secret,
            size.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + context,
            size=size,
            digest="sha256",
        )
        for label, size in ((b"key", 32), (b"base_nonce", 12))
    )
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"")


def cobblestone_open(key: bytes, *, context: bytes, ciphertext: bytes) -> bytes:
    """Return the plaintext by C2SP chunked-encryption, from its parts."""
    salt, commitment, rest = ciphertext[:24], ciphertext[24:56], ciphertext[56:]
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    made = expand(key, info, size=32 + 12 + 32, digest="sha512")
    assert made[44:] == commitment
    base, plaintext, last = int.from_bytes(made[32:44], "big"), b"", -1
    for number, at in enumerate(range(0, len(rest), 16_400)):
        chunk = AESGCM(made[:32]).decrypt((base ^ number).to_bytes(12, "big"), rest[at : at + 16_400], b"")
        plaintext, last = plaintext + chunk, len(chunk)
    assert 0 <= last < 16_384
    return plaintext


def test_an_ed25519_signature_verifies_for_its_key_and_message_alone() -> None:
    public = SUITE.ed25519_public(SEED)

    signature = SUITE.sign_ed25519(SEED, b"message")

    assert SUITE.verify_ed25519(public, signature, b"message")
    assert not SUITE.verify_ed25519(public, signature, b"other message")
    assert not SUITE.verify_ed25519(CARD_B.write_ed25519, signature, b"message")


def test_an_ml_dsa_signature_verifies_for_its_key_and_message_alone() -> None:
    public = SUITE.ml_dsa_public(LATTICE_SEED)

    signature = SUITE.sign_ml_dsa(LATTICE_SEED, b"message")

    assert SUITE.verify_ml_dsa(public, signature, b"message")
    assert not SUITE.verify_ml_dsa(public, signature, b"other message")
    assert not SUITE.verify_ml_dsa(CARD_B.write_ml_dsa, signature, b"message")


def test_s_above_the_order_is_refused() -> None:
    signature = SUITE.sign_ed25519(SEED, b"message")

    s = int.from_bytes(signature[32:], "little")
    second_form = signature[:32] + (s + ORDER).to_bytes(32, "little")

    assert not SUITE.verify_ed25519(SUITE.ed25519_public(SEED), second_form, b"message")


@pytest.mark.parametrize("point", sorted(LOW_ORDER))
def test_the_fourteen_encodings_of_low_order_are_no_keys(point: bytes) -> None:
    # With A of low order and S = 0, R = the neutral point, many verifiers take every message.
    signature = (1).to_bytes(32, "little") + bytes(32)

    assert len(LOW_ORDER) == 14
    assert not is_strict_point(point)
    assert not SUITE.verify_ed25519(point, signature, b"message")


@pytest.mark.parametrize("y", range(2**255 - 19, 2**255))
def test_a_point_written_past_the_prime_is_no_key(y: int) -> None:
    assert not is_strict_point(y.to_bytes(32, "little"))
    assert not is_strict_point((y | 1 << 255).to_bytes(32, "little"))


@given(public=st.binary(max_size=40), signature=st.binary(max_size=70), message=st.binary(max_size=5))
def test_verifying_junk_says_no(public: bytes, signature: bytes, message: bytes) -> None:
    own = SUITE.ed25519_public(SEED)

    assert not SUITE.verify_ed25519(public, signature, message)
    assert not SUITE.verify_ed25519(own, signature, message)
    assert not SUITE.verify_ed25519(public, SUITE.sign_ed25519(SEED, message), message)
    assert not SUITE.verify_ml_dsa(public, signature, message)


@given(key=st.binary(min_size=1312, max_size=1312), signature=st.binary(min_size=2420, max_size=2420))
def test_verifying_junk_of_the_right_size_says_no(key: bytes, signature: bytes) -> None:
    assert not SUITE.verify_ml_dsa(key, signature, b"")
    assert not SUITE.verify_ml_dsa(CARD_B.write_ml_dsa, signature, b"")


def test_a_seal_opens_for_its_key_and_info_alone() -> None:
    sealed = SUITE.seal(PUBLIC, info=b"info", plaintext=b"text")

    assert len(sealed) == 1120 + 4 + 16
    assert SUITE.open(PRIVATE, info=b"info", sealed=sealed) == b"text"
    for private, info in ((KEYS_A.x_wing, b"info"), (PRIVATE, b"other")):
        with pytest.raises(SealError):
            SUITE.open(private, info=info, sealed=sealed)


def test_a_seal_is_hpke_with_x_wing() -> None:
    sealed = SUITE.seal(PUBLIC, info=b"info", plaintext=b"text")

    assert hpke_open(PRIVATE, info=b"info", sealed=sealed) == b"text"


@given(st.binary(max_size=2_000))
def test_junk_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealError):
        SUITE.open(PRIVATE, info=b"", sealed=sealed)


def test_a_seal_whose_curve_half_is_of_low_order_does_not_open() -> None:
    sealed = SUITE.seal(PUBLIC, info=b"", plaintext=b"")

    with pytest.raises(SealError):
        SUITE.open(PRIVATE, info=b"", sealed=sealed[:1088] + bytes(32) + sealed[1120:])


@pytest.mark.parametrize(
    "public", [b"", PUBLIC[:-1], PUBLIC + b"x", b"\xff" * 1216, PUBLIC[:1184] + bytes(32)], ids=range(5)
)
def test_nothing_is_sealed_to_what_is_no_key(public: bytes) -> None:
    with pytest.raises(SealError):
        SUITE.seal(public, info=b"", plaintext=b"")


def test_a_private_key_of_the_wrong_size_opens_nothing() -> None:
    sealed = SUITE.seal(PUBLIC, info=b"", plaintext=b"")

    with pytest.raises(SealError):
        SUITE.open(PRIVATE[:-1], info=b"", sealed=sealed)


def test_a_new_seal_key_works() -> None:
    private = SUITE.x_wing_generate()

    sealed = SUITE.seal(SUITE.x_wing_public(private), info=b"", plaintext=b"text")

    assert SUITE.open(private, info=b"", sealed=sealed) == b"text"


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 40_000])
def test_a_ciphertext_is_cobblestone_256(size: int) -> None:
    plaintext = bytes(range(256)) * (size // 256 + 1)

    ciphertext = SUITE.encrypt(SEED, context=b"context", plaintext=plaintext[:size])

    assert cobblestone_open(SEED, context=b"context", ciphertext=ciphertext) == plaintext[:size]
    assert len(ciphertext) == size + overhead(size)


def test_a_ciphertext_opens_for_its_key_and_context_alone() -> None:
    ciphertext = SUITE.encrypt(SEED, context=b"context", plaintext=bytes(20_000))

    assert SUITE.decrypt(SEED, context=b"context", ciphertext=ciphertext) == bytes(20_000)
    truncated = ciphertext[: 56 + 16_400]
    for key, context, raw in (
        (LATTICE_SEED, b"context", ciphertext),
        (SEED, b"other", ciphertext),
        (SEED, b"context", truncated),
        (SEED[:-1], b"context", ciphertext),
    ):
        with pytest.raises(PartError):
            SUITE.decrypt(key, context=context, ciphertext=raw)


def test_the_dice_fall_differently_each_time() -> None:
    assert len({SUITE.dice(32) for _ in range(100)}) == 100
