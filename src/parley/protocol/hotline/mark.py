"""A mark: what a machine compares when a person reads back, without the act holding what may be erased.

Addresses, names and the lines of a minute stand in the body. The act holds their mark, a salted hash
of the one form in which each can be written; the salt is in the body too, so when the body is erased
the mark tells nothing any more (rule Z4). Who reads back types what was read; the same mark comes of it
or another. How near a wrong reading came is told to people from the bodies, and is never part of the
fold. Source: Spec §12.4.
"""

import hashlib
import ipaddress
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from parley.protocol.act import id_text
from parley.protocol.hotline.codes import Subject

SALT_BYTES: Final = 32
MAX_TEXT: Final = 1_024
LINE: Final = "line"
# A zone that was got wrong moves a time by quarters of an hour, and by no more than this.
_QUARTER: Final = 15 * 60
_FARTHEST: Final = 26 * 60 * 60

# What an input method types for ASCII, and how addresses are written so that nobody follows them.
_WIDE: Final = {**{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}, 0x3000: 0x20, 0x3002: 0x2E}
_DEFANGED: Final = re.compile(r"\[\.\]|\(\.\)|\[:\]")
_SPACE: Final = re.compile(r"[ \t\n\r]+")
_SEPARATORS: Final = re.compile(r"[ \t\n\r().-]+")
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]+)(.*)", re.DOTALL)
_HEX: Final = re.compile(r"(?:[0-9a-f]{2}){8,64}")
_LOWER: Final = {upper: upper + 0x20 for upper in range(0x41, 0x5B)}


class UnreadableError(ValueError):
    """What was typed cannot be a thing of this kind."""


def canonical(subject: Subject, text: str) -> str:
    """Return the one form in which `text` names a thing of this kind.

    Raises:
        UnreadableError: it names none.
    """
    found = _FORMS[subject](_plain(text))
    if not found:
        raise UnreadableError("nothing is left of it")
    return found


def canonical_line(text: str) -> str:
    """Return the one form of a line of a minute.

    Raises:
        UnreadableError: it is empty, or too long.
    """
    found = _spaced(_plain(text))
    if not found:
        raise UnreadableError("the line is empty")
    return found


def mark(subject: Subject, text: str, *, salt: bytes) -> str:
    """Return the mark of the thing that `text` names, as acts write it.

    Raises:
        UnreadableError: it names none.
    """
    return _mark(subject.value, canonical(subject, text), salt)


def mark_line(text: str, *, salt: bytes) -> str:
    """Return the mark of a line of a minute."""
    return _mark(LINE, canonical_line(text), salt)


def _mark(name: str, form: str, salt: bytes) -> str:
    assert len(salt) == SALT_BYTES, "a salt of 32 bytes"
    return id_text(hashlib.sha256(b"parley/mark/1\n" + salt + f"{name}\n{form}".encode()).digest())


def _plain(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise UnreadableError(f"more than {MAX_TEXT} characters")
    narrow = _DEFANGED.sub(lambda found: found[0][1], text.translate(_WIDE))
    if any("\ud800" <= letter <= "\udfff" for letter in narrow):
        raise UnreadableError("half a character")
    return narrow.strip(" \t\n\r")


def _ip(text: str) -> str:
    try:
        found = ipaddress.ip_address(text)
    except ValueError as error:
        raise UnreadableError("not an address") from error
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.scope_id is not None:
        raise UnreadableError("an address of one machine only")
    return str(found.ipv4_mapped or found)


def _lower(text: str) -> str:
    return text.translate(_LOWER)


def _domain(text: str) -> str:
    return _lower(text).removesuffix(".")


def _url(text: str) -> str:
    found = _URL.fullmatch(text)
    if found is None:
        raise UnreadableError("not an address of a site")
    scheme, host, rest = _lower(found[1]), _lower(found[2]), found[3]
    return f"{scheme.replace('hxxp', 'http')}://{host}{rest or '/'}"


def _spaced(text: str) -> str:
    return _lower(_SPACE.sub(" ", text))


def _joined(text: str) -> str:
    return _SPACE.sub("", text)


def _hash(text: str) -> str:
    found = _lower(_joined(text))
    if _HEX.fullmatch(found) is None:
        raise UnreadableError("not a hash in hex")
    return found


def _bank_account(text: str) -> str:
    return _lower(_SEPARATORS.sub("", text))


def _phone(text: str) -> str:
    digits = _SEPARATORS.sub("", text)
    number = f"+{digits[2:]}" if digits.startswith("00") else digits
    if not number.removeprefix("+").isascii() or not number.removeprefix("+").isdigit():
        raise UnreadableError("not a number")
    return number


def _none(_text: str) -> str:
    raise UnreadableError("there is no object")


_FORMS: Final[Mapping[Subject, Callable[[str], str]]] = {
    Subject.IP: _ip,
    Subject.DOMAIN: _domain,
    Subject.URL: _url,
    Subject.EMAIL: _lower,
    Subject.ACCOUNT: _joined,
    Subject.WALLET: _joined,
    Subject.BANK_ACCOUNT: _bank_account,
    Subject.PHONE: _phone,
    Subject.HASH: _hash,
    Subject.PERSON: _spaced,
    Subject.COMPANY: _spaced,
    Subject.SYSTEM: _spaced,
    Subject.NONE: _none,
}


class Near(Enum):
    """How near a reading came: what to show beside a field that was read back wrongly."""

    SAME = "same"
    SWAPPED = "swapped"
    ONE_OFF = "one_off"
    ZONE = "zone"
    OTHER = "other"


def near_text(one: str, two: str) -> tuple[Near, int | None]:
    """Return how near two texts are, in their one form, and where the first difference lies.

    SWAPPED: two neighbours changed places. ONE_OFF: one character is another one, missing, or too
    many. The place counts characters from 0, and is None where the texts are the same.
    """
    if one == two:
        return Near.SAME, None
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rest, other = one[at:], two[at:]
    if len(rest) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:]:
        return Near.SWAPPED, at
    if rest[1:] in {other, other[1:]} or rest == other[1:]:
        return Near.ONE_OFF, at
    return Near.OTHER, at


def near_instant(one: int | None, two: int | None) -> Near:
    """Return how near two instants are: ZONE, if one is the other by a clock of another offset."""
    if one == two:
        return Near.SAME
    if one is None or two is None:
        return Near.OTHER
    apart = abs(one - two)
    return Near.ZONE if apart <= _FARTHEST and apart % _QUARTER == 0 else Near.OTHER
