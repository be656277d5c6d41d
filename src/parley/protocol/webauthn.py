"""The signature line of a person's authenticator, the one line type of our own.

    type      ff ‖ "parley/webauthn/1" LF
    public    alg 1 ‖ key ‖ uint16 length ‖ rpId ‖ uint16 length ‖ origin of the page
              alg 01: ES256, key 65 bytes, an uncompressed point; alg 02: Ed25519, key 32 bytes
    payload   authenticatorData, clientDataJSON, signature, each after its uint16 length

    authenticatorData  begins with SHA-256(rpId); byte 32 has the flags UP 01 and UV 04
    clientDataJSON     begins with {"type":"webauthn.get","challenge":"<…>","origin":"<origin>",
                       "crossOrigin":false and goes on with } or , (no parser reads it)
    challenge          SHA-256 of the signed text, and nothing else (rule E3)
    signed             authenticatorData ‖ SHA-256(clientDataJSON)

An authenticator shows no text to its owner; what that asks of the house is left to it. Who the
person is, and whether the line counts, is left to `officers.py`. Source: Spec §2.6; WebAuthn
Level 3, limited verification.
"""

import base64
import hashlib
import re
import struct
from enum import Enum
from typing import Final

from msgspec import Struct

from parley.protocol.breach import BreachError
from parley.protocol.suite import (
    ED25519_PUBLIC_SIZE,
    P256_POINT_SIZE,
    Suite,
    is_p256_point,
    is_strict_point,
    verify_es256,
)

TYPE: Final = b"\xffparley/webauthn/1\n"
MAX_ORIGIN: Final = 255

_RP: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.:\[\]-]+")
_FLAGS_AT: Final = 32
_LEAST_DATA: Final = 37
_PRESENT_AND_VERIFIED: Final = 0x01 | 0x04


class Curve(Enum):
    """What an authenticator signs with, by the first byte of the public key."""

    ES256 = 0x01
    ED25519 = 0x02

    @property
    def key_size(self) -> int:
        """Return the size of the key in bytes."""
        return P256_POINT_SIZE if self is Curve.ES256 else ED25519_PUBLIC_SIZE


class Credential(Struct, frozen=True, kw_only=True):
    """The public key of one authenticator for one page of one node."""

    curve: Curve
    key: bytes
    rp: str
    origin: str

    @property
    def public(self) -> bytes:
        """Return its bytes, as they are enrolled and as the key id is made from them."""
        return bytes([self.curve.value]) + self.key + _short(self.rp.encode()) + _short(self.origin.encode())

    def prefix(self, text: bytes) -> bytes:
        """Return how clientDataJSON begins in a signature over `text`."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
        return (
            f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"{self.origin}","crossOrigin":false'
        ).encode()


def read_credential(public: bytes) -> Credential:
    """Return the credential in the bytes of a public key.

    Raises:
        BreachError: §2.6: another form, a name that cannot be one, or a key that is no strict point.
    """
    curve = next((each for each in Curve if public[:1] == bytes([each.value])), None)
    if curve is None:
        raise BreachError("2.6", "an authenticator's key begins with 01 or 02")
    key, rest = public[1 : 1 + curve.key_size], public[1 + curve.key_size :]
    names = _fields(rest, 2)
    if names is None:
        raise BreachError("2.6", "an authenticator's key ends with rpId and origin")
    rp, origin = (name.decode("latin-1") for name in names)
    if _RP.fullmatch(rp) is None or _ORIGIN.fullmatch(origin) is None or len(origin) > MAX_ORIGIN:
        raise BreachError("2.6", "rpId is a host in lower case, origin http or https and a host")
    if not (is_p256_point(key) if curve is Curve.ES256 else is_strict_point(key)):
        raise BreachError("2.6", "this is no point of the curve")
    return Credential(curve=curve, key=key, rp=rp, origin=origin)


def is_signed(public: bytes, payload: bytes, *, text: bytes, suite: Suite) -> bool:
    """Return whether `payload` is a signature over `text` by the authenticator with this key."""
    try:
        credential = read_credential(public)
    except BreachError:
        return False
    fields = _fields(payload, 3)
    if fields is None:
        return False
    data, client, signature = fields
    return (
        _is_about(credential, data, client, text=text)
        and _verify(credential, signature, data + hashlib.sha256(client).digest(), suite=suite)
    )  # fmt: skip


def _is_about(credential: Credential, data: bytes, client: bytes, *, text: bytes) -> bool:
    prefix = credential.prefix(text)
    if len(data) < _LEAST_DATA or data[:_FLAGS_AT] != hashlib.sha256(credential.rp.encode()).digest():
        return False
    # The person was there, and proved to be the one whose key it is.
    if data[_FLAGS_AT] & _PRESENT_AND_VERIFIED != _PRESENT_AND_VERIFIED:
        return False
    return client.startswith(prefix) and client[len(prefix) : len(prefix) + 1] in {b"}", b","}


def _verify(credential: Credential, signature: bytes, message: bytes, *, suite: Suite) -> bool:
    if credential.curve is Curve.ES256:
        return verify_es256(credential.key, signature, message)
    return suite.verify_ed25519(credential.key, signature, message)


def payload_of(data: bytes, client: bytes, signature: bytes) -> bytes:
    """Return the payload of a line from what an authenticator gave."""
    return _short(data) + _short(client) + _short(signature)


def _short(raw: bytes) -> bytes:
    return struct.pack(">H", len(raw)) + raw


def _fields(raw: bytes, count: int) -> list[bytes] | None:
    """Return the `count` fields that `raw` is made of, or None if it is not."""
    fields = []
    for _ in range(count):
        if len(raw) < 2:
            return None
        (size,) = struct.unpack_from(">H", raw)
        fields.append(raw[2 : 2 + size])
        raw = raw[2 + size :]
        if len(fields[-1]) != size:
            return None
    return None if raw else fields
