"""Sign, verify, seal, open: the one seam for keys and dice.

    signatures   Ed25519 (strict, below) and ML-DSA-44 with empty context, FIPS 204
    sealing      HPKE base mode, X-Wing / HKDF-SHA256 / AES-256-GCM, RFC 9180
    encryption   Cobblestone-256, C2SP chunked-encryption: salt 24 ‖ commitment 32 ‖ chunks

There is no negotiation; another suite is another protocol. The simulator puts a keyed toy
suite in place of `Standard`, nothing else may. What is signed or sealed is left to `note.py`,
`part.py` and `parcel.py`. Spec §2.1, §2.3, §2.4.
"""

import os
from functools import lru_cache
from typing import Final, Protocol

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

SEED_SIZE: Final = 32
ED25519_PUBLIC_SIZE: Final = 32
ED25519_SIGNATURE_SIZE: Final = 64
ML_DSA_PUBLIC_SIZE: Final = 1312
ML_DSA_SIGNATURE_SIZE: Final = 2420
X_WING_PRIVATE_SIZE: Final = 96
X_WING_PUBLIC_SIZE: Final = 1216
ENC_SIZE: Final = 1120
CONTENT_KEY_SIZE: Final = 32
P256_POINT_SIZE: Final = 65

_ML_KEM_SEED_SIZE = 64
_ML_KEM_PUBLIC_SIZE = 1184
_PRIME: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
# All 14 encodings of the 8 points of low order. Whoever uses one as key or as R can make
# signatures that fit every message, or that one library takes and another refuses.
LOW_ORDER: Final = frozenset(
    bytes.fromhex(point)
    for point in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    )
)


class SealError(Exception):
    """The seal does not open with this key and info, or nothing can be sealed to this key."""


class PartError(Exception):
    """The ciphertext does not open with this key and context."""


class Suite(Protocol):
    """What the protocol asks of cryptography. Keys and signatures are raw bytes."""

    def dice(self, count: int) -> bytes:
        """Return `count` random bytes."""

    def ed25519_public(self, seed: bytes) -> bytes:
        """Return the 32-byte public key of a 32-byte seed."""

    def sign_ed25519(self, seed: bytes, message: bytes) -> bytes:
        """Return the 64-byte signature."""

    def verify_ed25519(self, public: bytes, signature: bytes, message: bytes) -> bool:
        """Return whether the signature is valid under the strict rule of Spec §2.3."""

    def ml_dsa_public(self, seed: bytes) -> bytes:
        """Return the 1,312-byte public key of a 32-byte seed."""

    def sign_ml_dsa(self, seed: bytes, message: bytes) -> bytes:
        """Return the 2,420-byte signature; two signatures of one message may differ."""

    def verify_ml_dsa(self, public: bytes, signature: bytes, message: bytes) -> bool:
        """Return whether the signature is valid."""

    def x_wing_public(self, private: bytes) -> bytes:
        """Return the 1,216-byte public key of a 96-byte private key."""

    def x_wing_generate(self) -> bytes:
        """Return a new private key: ML-KEM-768 seed (64) ‖ X25519 scalar (32)."""

    def seal(self, public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        """Return enc (1,120) ‖ ciphertext (plaintext + 16).

        Raises:
            SealError: `public` is not a key.

        """

    def open(self, private: bytes, *, info: bytes, sealed: bytes) -> bytes:
        """Return the plaintext of what `seal` returned.

        Raises:
            SealError: another key, another `info` or other bytes.

        """

    def encrypt(self, key: bytes, *, context: bytes, plaintext: bytes) -> bytes:
        """Return the ciphertext under a 32-byte key that is used for nothing else."""

    def decrypt(self, key: bytes, *, context: bytes, ciphertext: bytes) -> bytes:
        """Return the plaintext.

        Raises:
            PartError: another key, another `context` or other bytes.

        """


class Standard:
    """The suite of `parley/v1`. It has no state and may be used by many threads."""

    def dice(self, count: int) -> bytes:
        return os.urandom(count)

    def ed25519_public(self, seed: bytes) -> bytes:
        return _ed25519_private(seed).public_key().public_bytes_raw()

    def sign_ed25519(self, seed: bytes, message: bytes) -> bytes:
        return _ed25519_private(seed).sign(message)

    def verify_ed25519(self, public: bytes, signature: bytes, message: bytes) -> bool:
        if len(signature) != ED25519_SIGNATURE_SIZE or not is_strict_point(public):
            return False
        # RFC 8032 asks for S < L, and OpenSSL looks; said here so that no library decides.
        if not is_strict_point(signature[:32]) or int.from_bytes(signature[32:], "little") >= _ORDER:
            return False
        try:
            _ed25519_loaded(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def ml_dsa_public(self, seed: bytes) -> bytes:
        return _ml_dsa_private(seed).public_key().public_bytes_raw()

    def sign_ml_dsa(self, seed: bytes, message: bytes) -> bytes:
        return _ml_dsa_private(seed).sign(message)

    def verify_ml_dsa(self, public: bytes, signature: bytes, message: bytes) -> bool:
        if len(public) != ML_DSA_PUBLIC_SIZE or len(signature) != ML_DSA_SIGNATURE_SIZE:
            return False
        try:
            _ml_dsa_loaded(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def x_wing_public(self, private: bytes) -> bytes:
        lattice, curve = _x_wing_halves(private)
        return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()

    def x_wing_generate(self) -> bytes:
        return self.dice(X_WING_PRIVATE_SIZE)

    def seal(self, public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        try:
            return _HPKE.encrypt(plaintext, _x_wing_loaded(public), info)
        except ValueError as error:
            raise SealError("nothing can be sealed to this key") from error

    def open(self, private: bytes, *, info: bytes, sealed: bytes) -> bytes:
        try:
            return _HPKE.decrypt(sealed, _x_wing_private(private), info)
        except (InvalidTag, ValueError) as error:
            raise SealError("the seal does not open") from error

    def encrypt(self, key: bytes, *, context: bytes, plaintext: bytes) -> bytes:
        encryptor = Cobblestone256Encryptor(key, context)
        return encryptor.update(plaintext) + encryptor.finalize()

    def decrypt(self, key: bytes, *, context: bytes, ciphertext: bytes) -> bytes:
        try:
            decryptor = Cobblestone256Decryptor(key, context)
            return decryptor.update(ciphertext) + decryptor.finalize()
        except (InvalidTag, ValueError) as error:
            raise PartError("the part does not open with this key and context") from error


def is_strict_point(encoded: bytes) -> bool:
    """Return whether `encoded` may stand as key or as R: 32 bytes, y < p, not of low order."""
    if len(encoded) != ED25519_PUBLIC_SIZE or encoded in LOW_ORDER:
        return False
    return int.from_bytes(encoded, "little") & (2**255 - 1) < _PRIME


def is_p256_point(encoded: bytes) -> bool:
    """Return whether `encoded` is a point of P-256, uncompressed: 65 bytes."""
    if len(encoded) != P256_POINT_SIZE or encoded[0] != 0x04:
        return False
    try:
        _p256_loaded(encoded)
    except ValueError:
        return False
    return True


def verify_es256(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether the ECDSA signature over P-256 and SHA-256 is valid; the library takes one form of DER.

    Persons' authenticators sign so and no node does; so it is no part of the suite that a
    simulator may exchange. Spec §2.6.
    """
    try:
        _p256_loaded(public).verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

# Loading an ML-DSA key costs as much as a tenth of a signature, so the few keys in use stay.


@lru_cache(maxsize=64)
def _ed25519_private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=256)
def _ed25519_loaded(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


@lru_cache(maxsize=256)
def _p256_loaded(public: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)


@lru_cache(maxsize=64)
def _ml_dsa_private(seed: bytes) -> MLDSA44PrivateKey:
    return MLDSA44PrivateKey.from_seed_bytes(seed)


@lru_cache(maxsize=256)
def _ml_dsa_loaded(public: bytes) -> MLDSA44PublicKey:
    return MLDSA44PublicKey.from_public_bytes(public)


@lru_cache(maxsize=64)
def _x_wing_halves(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    seed, scalar = private[:_ML_KEM_SEED_SIZE], private[_ML_KEM_SEED_SIZE:]
    return MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(scalar)


@lru_cache(maxsize=64)
def _x_wing_private(private: bytes) -> hpke.MLKEM768X25519PrivateKey:
    return hpke.MLKEM768X25519PrivateKey(*_x_wing_halves(private))


@lru_cache(maxsize=64)
def _x_wing_loaded(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    lattice, curve = public[:_ML_KEM_PUBLIC_SIZE], public[_ML_KEM_PUBLIC_SIZE:]
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(lattice), X25519PublicKey.from_public_bytes(curve)
    )
