"""An officer's passkey at rest, and the line that is made of what it gave: over this very text, or none."""

import base64
import hashlib
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from parley.ledger.passkeys import Passkey, keep_passkey, line_by_passkey, passkey_of
from parley.ledger.persons import NoKeyError, WrongKeySecretError
from parley.protocol.webauthn import Credential, Curve, payload_of
from parley.signer.keys import KeysError
from parley.work.home import Home
from tests.two_nodes.pair import A, make_home

ORIGIN: Final = "http://a.localhost:8401"
TEXTS: Final = (b"parley/v1\ntime 1\n", b"parley/v1\ntime 2\n")


class Device:
    """An authenticator in software, whose person is always there."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        credential = Credential(curve=Curve.ES256, key=point, rp="a.localhost", origin=ORIGIN)
        self.passkey = Passkey(credential=credential, id=b"one")

    def signs(self, text: bytes, *, flags: int = 0x05) -> bytes:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
        client = (
            f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"{ORIGIN}","crossOrigin":false}}'
        ).encode()
        data = hashlib.sha256(b"a.localhost").digest() + bytes([flags]) + bytes(4)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return payload_of(data, client, signature)


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Home:
    return make_home(tmp_path, A)


def test_what_is_kept_is_read_again_and_a_new_one_takes_its_place(home: Home) -> None:
    one, two = Device(), Device()

    keep_passkey(home, 4, one.passkey)
    first = passkey_of(home, 4)
    keep_passkey(home, 4, two.passkey)

    assert (first, passkey_of(home, 4), passkey_of(home, 5)) == (one.passkey, two.passkey, None)
    files = [path.name for path in (home.keys / "officers").iterdir()]
    assert files == ["4.passkey"]


def test_each_text_gets_the_line_that_was_signed_for_it(home: Home) -> None:
    device = Device()
    keep_passkey(home, 4, device.passkey)
    payloads = tuple(device.signs(text) for text in reversed(TEXTS))

    lines = [line_by_passkey(home, 4, payloads=payloads, text=text) for text in TEXTS]

    assert [line.payload for line in lines] == [*reversed(payloads)]
    assert {line.name for line in lines} == {f"{A}/officer/4"}


@pytest.mark.parametrize("kind", ["another text", "another device", "nobody proved who", "nothing"])
def test_what_is_no_signature_over_this_text_gives_no_line(home: Home, kind: str) -> None:
    device = Device()
    keep_passkey(home, 4, device.passkey)
    given = {
        "another text": device.signs(TEXTS[1]),
        "another device": Device().signs(TEXTS[0]),
        "nobody proved who": device.signs(TEXTS[0], flags=0x01),
        "nothing": b"",
    }

    with pytest.raises(WrongKeySecretError):
        line_by_passkey(home, 4, payloads=(given[kind],), text=TEXTS[0])


def test_without_a_passkey_or_with_a_damaged_one_nothing_is_signed(home: Home) -> None:
    device = Device()
    with pytest.raises(NoKeyError):
        line_by_passkey(home, 4, payloads=(device.signs(TEXTS[0]),), text=TEXTS[0])

    keep_passkey(home, 4, device.passkey)
    path = home.keys / "officers" / "4.passkey"
    for text in ("", "parley-passkey/v1\nzz\nzz\n", path.read_text().replace("passkey/v1", "passkey/v2")):
        path.write_text(text)
        with pytest.raises(KeysError):
            passkey_of(home, 4)
