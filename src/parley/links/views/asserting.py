"""Signing with a passkey: what the page asks the authenticator, and what the browser brings of it.

The challenge of each text is its SHA-256 and nothing else (rule E3); a statement that goes into several
lanes has a text for each. The authenticator proves that its person is there, so no secret is asked.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from parley.agencies.middleware import PersonRequest
from parley.ledger.keys import KeysError
from parley.ledger.passkeys import passkey_of
from parley.links.queries.signing import Signing
from parley.protocol.webauthn import payload_of

MOST: Final = 16
MAX_TEXT: Final = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the page asks the authenticator: a challenge for each text, for which host, with which key."""

    challenges: str
    rp: str
    credential: str


def asking(request: PersonRequest, found: Signing) -> Asking | None:
    """Return what is asked of this person's authenticator; None if he or she has none here."""
    try:
        held = passkey_of(settings.HOME, request.officer.number)
    except KeysError:
        return None
    prepared = found.draft.prepared
    if held is None or prepared is None:
        return None
    texts = (prepared.text, *(each.text for _lane, each in prepared.others))
    return Asking(
        challenges=" ".join(_written(hashlib.sha256(text).digest()) for text in texts),
        rp=held.credential.rp,
        credential=_written(held.id),
    )


def payloads_in(request: PersonRequest) -> tuple[bytes, ...]:
    """Return what the browser brings of the authenticator; nothing if it is none, or in no order."""
    said = request.POST.get("assertion", "").split()
    try:
        parts = [[_read(part) for part in each.split(".")] for each in said[:MOST]]
    except (binascii.Error, ValueError):
        return ()
    return tuple(payload_of(*each) for each in parts if len(each) == 3)


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    if len(text) > MAX_TEXT:
        raise ValueError("longer than anything that an authenticator gives")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
