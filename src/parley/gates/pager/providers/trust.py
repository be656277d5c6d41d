"""Whom a provider's TLS believes: the authorities of this machine, or those of one file of the house."""

import ssl


def context(ca: str | None) -> ssl.SSLContext:
    """Return a context that checks certificate and name against `ca`, or what this machine trusts."""
    return ssl.create_default_context(cafile=ca)
