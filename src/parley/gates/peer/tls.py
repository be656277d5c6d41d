"""TLS between nodes: version 1.3 only, and the partner's key pinned to the one on its card.

TLS hides who talks and how much; that a parcel is genuine never rests on it, since a parcel is
sealed and signed by itself (Spec §5.2). Therefore no certificate authority is needed: the card
names the SHA-256 of the SubjectPublicKeyInfo, which stays when a certificate is renewed.
"""

import asyncio
import hashlib
import ssl
from pathlib import Path

import aiohttp
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
    """Return what the courier speaks where `KeyPin` looks at the certificate, and nobody else does."""
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


class KeyPin(aiohttp.Fingerprint):
    """Lets a connection live only if the other side's TLS key has the SHA-256 on its card. Spec §3.2."""

    def check(self, transport: asyncio.Transport) -> None:
        """Check the key of a fresh connection.

        Raises:
            ServerFingerprintMismatch: it is another key, or none at all.
        """
        spoken = transport.get_extra_info("ssl_object")
        found = b"" if spoken is None else key_hash(spoken.getpeercert(binary_form=True) or b"")
        if found != self.fingerprint:
            host, port, *_ = transport.get_extra_info("peername")
            raise aiohttp.ServerFingerprintMismatch(self.fingerprint, found, host, port)


def key_hash(certificate: bytes) -> bytes:
    """Return the SHA-256 of the SubjectPublicKeyInfo in a DER certificate; nothing if it has none."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    except (ValueError, UnsupportedAlgorithm):
        return b""
