"""TLS between nodes: version 1.3 only, and the partner's key pinned to the one on its card.

TLS hides who talks and how much; that a parcel is genuine never rests on it, since a parcel is
sealed and signed by itself (Spec §5.2). Therefore no certificate authority is needed: the card
names the SHA-256 of the SubjectPublicKeyInfo, which stays when a certificate is renewed.
"""

import hashlib
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return what the listener speaks, with its own certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    return context


def pinned_context() -> ssl.SSLContext:
    """Return what the courier speaks where `pin.KeyPin` looks at the certificate, and nobody else does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def public_context() -> ssl.SSLContext:
    """Return what the courier speaks to a partner without a key on its card: the usual authorities decide."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def key_hash(certificate: bytes) -> bytes:
    """Return the SHA-256 of the SubjectPublicKeyInfo in a DER certificate; nothing if it has none."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    except (ValueError, UnsupportedAlgorithm):
        return b""
