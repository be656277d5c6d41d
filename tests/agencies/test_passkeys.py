"""What a browser brings of a key that an authenticator made: taken as it must be, or not at all."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from parley.agencies.forms import MOST, NotAPasskeyError, read_passkey
from parley.protocol.webauthn import Curve

HOST: Final = "a.localhost:8401"
CHALLENGE: Final = "c2FtcGxl"
KEY: Final = ec.generate_private_key(ec.SECP256R1()).public_key()


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def spki(key: Any) -> str:  # noqa: ANN401 - a public key of any sort
    return text(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def brought(**other: object) -> Mapping[str, str]:
    """Return the fields of the form, with some other than they must be."""
    client = {
        "type": "webauthn.create",
        "challenge": CHALLENGE,
        "origin": f"https://{HOST}",
        "crossOrigin": False,
    }
    flags, rp = other.pop("flags", 0x45), other.pop("rp", "a.localhost")
    fields = {
        "data": text(hashlib.sha256(str(rp).encode()).digest() + bytes([flags]) + bytes(4)),  # type: ignore[list-item] # a number
        "key": spki(other.pop("public", KEY)),
        "id": text(b"credential"),
    }
    named = [name for name in ("data", "key", "id", "raw") if name in other]
    raw: dict[str, str] = {name: str(other.pop(name)) for name in named}
    fields["client"] = raw.pop("raw", text(json.dumps({**client, **other}).encode()))
    return {**fields, **raw}


def read(**other: object) -> object:
    return read_passkey(brought(**other), challenge=CHALLENGE, host=HOST)


@pytest.mark.parametrize(
    ("key", "curve"),
    [(KEY, Curve.ES256), (ed25519.Ed25519PrivateKey.generate().public_key(), Curve.ED25519)],
)
def test_a_key_for_this_page_is_taken(key: object, curve: Curve) -> None:
    made = read_passkey(brought(public=key), challenge=CHALLENGE, host=HOST)

    assert (made.credential.curve, made.credential.rp, made.id) == (curve, "a.localhost", b"credential")
    assert made.credential.origin == f"https://{HOST}"


@pytest.mark.parametrize(
    "other",
    [
        {"challenge": "b3RoZXI"},
        {"origin": "https://b.localhost:8401"},
        {"origin": "https://a.localhost:8402"},
        {"origin": "https://a.localhost:8401.evil.example"},
        {"type": "webauthn.get"},
        {"rp": "localhost"},
        {"flags": 0x41},  # nobody proved who it is
        {"flags": 0x44},  # nobody was there
        {"data": ""},
        {"id": ""},
        {"id": text(bytes(1024))},
        {"key": "AAAA"},
        {"key": "!"},
        {"key": "A" * (MOST + 1)},
        {"public": ec.generate_private_key(ec.SECP384R1()).public_key()},
        {"public": rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()},
        {"raw": text(b"[]")},
        {"raw": text(b"\xff")},
        {"raw": text(b"[" * 3000)},
    ],
    ids=lambda other: str(other)[:60],
)
def test_anything_else_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(NotAPasskeyError):
        read(**other)


def test_without_a_challenge_that_the_session_kept_nothing_is_taken() -> None:
    with pytest.raises(NotAPasskeyError):
        read_passkey(brought(challenge=""), challenge="", host=HOST)
