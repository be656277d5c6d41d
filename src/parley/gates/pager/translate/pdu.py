"""The few messages of SMPP 3.4 that a node needs to hand over a short message, as bytes.

    length  command  status  sequence    four numbers of 4 bytes, network order
    body                                 texts end with a zero byte

The carrier's centre is a foreign machine: the length is looked at before anything is read. Source: SMPP
Protocol Specification v3.4, §3, §4.
"""

import struct
from dataclasses import dataclass
from typing import Final

BIND_TRANSMITTER: Final = 0x00000002
SUBMIT: Final = 0x00000004
UNBIND: Final = 0x00000006
ENQUIRE_LINK: Final = 0x00000015
NACK: Final = 0x80000000
RESPONSE: Final = 0x80000000
"""Added to a command, it is the answer to that command."""

HEADER: Final = 16
MAX_PDU: Final = 4096
JOINED: Final = 0x40
"""The esm_class of a part that begins with a header."""
_VERSION: Final = 0x34
_ISDN: Final = 1
_INTERNATIONAL: Final = 1
_ALPHANUMERIC: Final = 5

OK: Final = 0
STATUSES: Final = {
    0x0B: "invalid destination address",
    0x0D: "bind failed",
    0x0E: "invalid password",
    0x0F: "invalid system id",
    0x14: "message queue full",
    0x45: "submit failed",
    0x58: "throttled",
}


class PduError(Exception):
    """The other machine does not speak SMPP as it must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdu:
    """One message as it came."""

    command: int
    status: int
    sequence: int
    body: bytes = b""


def pack(command: int, body: bytes = b"", *, sequence: int, status: int = OK) -> bytes:
    """Return the bytes of a message."""
    return struct.pack(">IIII", HEADER + len(body), command, status, sequence) + body


def body_length(header: bytes) -> int:
    """Return how many bytes follow these first 16.

    Raises:
        PduError: no message has that length, or not here.
    """
    (length,) = struct.unpack_from(">I", header)
    if not HEADER <= length <= MAX_PDU:
        raise PduError(f"expected a message of 16 to {MAX_PDU} bytes, found {length}")
    return int(length) - HEADER


def unpack(header: bytes, body: bytes) -> Pdu:
    """Return the message that `header` and `body` make."""
    _length, command, status, sequence = struct.unpack(">IIII", header)
    return Pdu(command=command, status=status, sequence=sequence, body=body)


def bind(*, system_id: str, password: str, system_type: str = "") -> bytes:
    """Return the body that asks to be let in as one who only sends."""
    return (
        _text(system_id, 16)
        + _text(password, 9)
        + _text(system_type, 13)
        + bytes([_VERSION, 0, 0])
        + _text("", 41)
    )


def submit(*, source: str, to: str, coding: int, payload: bytes, is_joined: bool, minutes: int) -> bytes:
    """Return the body that hands over `payload` for the phone `to`.

    After `minutes` the carrier is to throw it away (0: as it likes): a ring that comes hours later wakes
    somebody for nothing. No report of delivery is asked for, since none would be believed.
    """
    validity = f"00000000{minutes:02}00000R" if minutes else ""
    return (
        _text("", 6)
        + _address(source)
        + _address(to)
        + bytes([JOINED if is_joined else 0, 0, 1])
        + _text("", 17)
        + _text(validity, 17)
        + bytes([0, 0, coding, 0, len(payload)])
        + payload
    )


def _address(number: str) -> bytes:
    if number.startswith("+"):
        return bytes([_INTERNATIONAL, _ISDN]) + _text(number[1:], 21)
    if number.isdigit():
        return bytes([0, _ISDN]) + _text(number, 21)
    return bytes([_ALPHANUMERIC, 0]) + _text(number, 21)


def _text(text: str, room: int) -> bytes:
    """Return `text` with its zero byte; `room` counts that byte too.

    Raises:
        PduError: it does not fit, or is no ASCII.
    """
    if not text.isascii() or "\0" in text or len(text) >= room:
        raise PduError(f"expected up to {room - 1} signs of ASCII, found {len(text)}")
    return text.encode("ascii") + b"\0"
