"""The pin on a connection, which aiohttp asks; apart from `tls.py`, which commands read without aiohttp."""

import asyncio

import aiohttp

from parley.gates.peer.tls import key_hash


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
