"""An officer makes a passkey on his or her own page: what the browser brings of it, and what is kept.

    the page brings a challenge, which the session keeps; the browser has the authenticator make a key
    data     authenticatorData: SHA-256(rpId), flags (present and verified), …     base64url, as all of these
    client   clientDataJSON: {"type":"webauthn.create","challenge":"<…>","origin":"<…>",…}
    key      the public key as SubjectPublicKeyInfo
    id       the id of the credential

The key counts for nothing before the roots enrol it: that is for the administrator, so nobody gives himself
a role here. That the authenticator has the key shows with the first signature. Source: Spec §2.6; WebAuthn
Level 3, §7.1, without attestation.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from parley.ledger.passkeys import Passkey
from parley.protocol.breach import BreachError
from parley.protocol.strictjson import read
from parley.protocol.webauthn import Credential, Curve, read_credential

MOST: Final = 4096
MAX_ID: Final = 1023
"""Of a credential's id, in bytes: WebAuthn Level 3, §4."""
_FLAGS_AT: Final = 32
_PRESENT_AND_VERIFIED: Final = 0x01 | 0x04


class NotAPasskeyError(Exception):
    """What the browser brought is no key that an authenticator made for this page; nothing was kept."""


def read_passkey(fields: Mapping[str, str], *, challenge: str, host: str) -> Passkey:
    """Return the passkey that a browser at `host` brings as the answer to `challenge`.

    Raises:
        NotAPasskeyError: it is none, or not for this page.
    """
    data, client, key, name = (_bytes(fields.get(field, "")) for field in ("data", "client", "key", "id"))
    origin = _origin(client, challenge=challenge, host=host)
    rp = rp_of(host)
    is_ours = data[:_FLAGS_AT] == hashlib.sha256(rp.encode()).digest()
    flags = data[_FLAGS_AT] if len(data) > _FLAGS_AT else 0
    if not is_ours or flags & _PRESENT_AND_VERIFIED != _PRESENT_AND_VERIFIED or not 0 < len(name) <= MAX_ID:
        raise NotAPasskeyError
    curve, point = _point(key)
    try:
        credential = read_credential(Credential(curve=curve, key=point, rp=rp, origin=origin).public)
    except BreachError as error:
        raise NotAPasskeyError from error
    return Passkey(credential=credential, id=name)


def rp_of(host: str) -> str:
    """Return the host alone, by which an authenticator knows the pages of this node."""
    return host.rsplit(":", 1)[0]


def _origin(client: bytes, *, challenge: str, host: str) -> str:
    try:
        said = read(client)
    except BreachError as error:
        raise NotAPasskeyError from error
    match said:
        case {"type": "webauthn.create", "challenge": str(answered), "origin": str(origin)} if (
            challenge and answered == challenge and urlsplit(origin).netloc == host
        ):
            return origin
        case _:
            raise NotAPasskeyError


def _point(key: bytes) -> tuple[Curve, bytes]:
    """Return the key in the form in which it is enrolled."""
    try:
        public = load_der_public_key(key)
    except (ValueError, TypeError) as error:
        raise NotAPasskeyError from error
    if isinstance(public, Ed25519PublicKey):
        return Curve.ED25519, public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    if isinstance(public, EllipticCurvePublicKey) and public.curve.name == "secp256r1":
        return Curve.ES256, public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    raise NotAPasskeyError


def _bytes(text: str) -> bytes:
    if len(text) > MOST:
        raise NotAPasskeyError
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAPasskeyError from error
