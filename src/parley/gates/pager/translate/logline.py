"""A line of syslog, and how it is framed on a stream.

    <133>1 2026-11-22T03:05:00Z parley parley - ring - BOM text        133: local0, notice

Source: RFC 5424 §6, RFC 6587 §3.4.1 (octet counting).
"""

from datetime import UTC, datetime
from typing import Final

_PRIORITY: Final = 16 * 8 + 5


def line(text: str, *, at: int) -> bytes:
    """Return `text` as one line of syslog; no name of this machine, and no sign that could begin another."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    moment = datetime.fromtimestamp(at, tz=UTC)
    head = f"<{_PRIORITY}>1 {moment:%Y-%m-%dT%H:%M:%SZ} parley parley - ring - "
    return head.encode("ascii") + b"\xef\xbb\xbf" + clean.encode()


def framed(message: bytes) -> bytes:
    """Return `message` with its length before it, as a stream carries it."""
    return b"%d %b" % (len(message), message)
