"""Web addresses: made safe to show, made whole again, taken apart, searched for personal details.

Nothing is opened, resolved or fetched. The bytes of an address are evidence: they change
only by `refang`, and by `mask` where an officer asked for it; `likeness` is a key to find
duplicates and is never sent. Source: screens §3.2, §6.2; RFC 3986.
"""

import binascii
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from parley.gates.table.translate.codes import MAX_ADDRESS, Reason
from parley.ui.defang import refang, split
from parley.ui.letters import CONTROL, HIDDEN

_PORTS: Final = {"http": "80", "https": "443", "ftp": "21"}

_OTHER_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://")
_PAIRS: Final = ("<>", '""', "''", "“”", "‘’", "「」", "『』", "《》", "()", "（）", "[]", "【】")

# A backslash is a slash to browsers and a letter to others: the host would be a guess.
_TORN: Final = re.compile(rf'[\s"<>\\\ufffd{CONTROL}{HIDDEN}]')
_LABEL: Final = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_NAME_END: Final = re.compile(r"[^\W\d_]{2,}|xn--[a-z0-9-]+", re.IGNORECASE)
_CHINESE_SIGN: Final = re.compile(r"[、。，；：！？（）【】《》「」『』“”‘’]")

# It begins at the beginning of a word or behind an escape, never inside one.
_EMAIL: Final = re.compile(
    r"(?:(?<![A-Za-z0-9._+%-])|(?<=%[0-9A-Fa-f]{2})(?<!%2[BbDdEe])(?<!%5[Ff]))"
    r"(?<!%)(?<!%[0-9A-Fa-f])"
    r"(?:[A-Za-z0-9._+-]|%2[BbDdEe]|%5[Ff]){1,64}(?:@|%40)"
    r"(?P<domain>(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})"
)
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+_-])(?P<digits>[A-Za-z0-9+_-]{12,})(?:=|%3[Dd]){0,2}")
_LONG_VALUE: Final = re.compile(r"(?<=[?&;=])[A-Za-z0-9_-]{24,}(?=[&;=#]|\Z)")
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_MASK: Final = "redacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A web address taken apart: ``beginning`` is ``http://`` as written, or empty for a bare host."""

    beginning: str
    user: str | None
    host: str
    port: str | None
    tail: str

    @property
    def text(self) -> str:
        """Return the address, byte for byte as it was read."""
        user = "" if self.user is None else f"{self.user}@"
        port = "" if self.port is None else f":{self.port}"
        return f"{self.beginning}{user}{self.host}{port}{self.tail}"

    @property
    def scheme(self) -> str:
        """Return the scheme in small letters, or nothing for a bare host."""
        return self.beginning.removesuffix("://").lower()


def read_address(text: str) -> Address | Reason:
    """Return the web address that is all of `text`, which may be defanged, or why it is none."""
    # Defanging makes an address longer, but not eight times: this spares reading megabytes.
    if len(text) > 8 * MAX_ADDRESS:
        return Reason.ADDRESS_TOO_LONG
    whole = refang(_unwrap(text.strip()))
    if whole == "":
        return Reason.ADDRESS_MISSING
    if len(whole.encode(errors="replace")) > MAX_ADDRESS:
        return Reason.ADDRESS_TOO_LONG
    beginning, authority, tail = split(whole)
    if beginning == "" and _OTHER_SCHEME.match(whole) is not None:
        return Reason.SCHEME_NOT_TAKEN
    if _TORN.search(whole) is not None:
        return Reason.ADDRESS_NOT_READ
    address = _read_authority(beginning, authority, tail=tail)
    return Reason.ADDRESS_NOT_READ if address is None else address


def ends_unsure(address: Address) -> bool:
    """Return whether `address` holds a sign of Chinese prose, so that its end may be a remark."""
    return _CHINESE_SIGN.search(address.text) is not None


def likeness(address: Address) -> str:
    """Return a key that is equal for addresses that RFC 3986 §6.2.2–6.2.3 calls equivalent."""
    host = address.host.lower().rstrip(".")
    if not host.isascii():
        host = _ascii_host(host)
    port = "" if address.port in {None, "", _PORTS.get(address.scheme)} else f":{address.port}"
    tail = _ESCAPE.sub(_plain_escape, address.tail)
    return f"{address.scheme}://{host}{port}{'' if tail.startswith('/') else '/'}{tail}"


def personal(address: Address) -> tuple[Reason, ...]:
    """Return what in `address` may name a person: user name, e-mail address, long random value."""
    found = (
        (Reason.ADDRESS_HAS_USER_NAME, address.user is not None),
        (Reason.ADDRESS_HAS_EMAIL, _mask_emails(address.tail) != address.tail),
        (Reason.ADDRESS_HAS_LONG_VALUE, _mask_long_values(address.tail) != address.tail),
    )
    return tuple(reason for reason, is_there in found if is_there)


def mask(address: Address) -> Address:
    """Return `address` without its user name, with ``redacted`` for what else may name a person."""
    return Address(
        beginning=address.beginning,
        user=None,
        host=address.host,
        port=address.port,
        tail=_mask_long_values(_mask_emails(address.tail)),
    )


def is_email(text: str) -> bool:
    """Return whether `text` is one e-mail address."""
    return _EMAIL.fullmatch(text) is not None and "%" not in text


def is_host_name(text: str) -> bool:
    """Return whether `text` is a name of a host with at least one dot, or an IPv4 address."""
    return _is_host(text, bare=True)


def _unwrap(text: str) -> str:
    wrapped = len(text) > 2 and text[0] + text[-1] in _PAIRS
    return text[1:-1].strip() if wrapped else text


def _read_authority(beginning: str, authority: str, *, tail: str) -> Address | None:
    user, at, place = authority.rpartition("@")
    bracket = place.startswith("[")
    host, closing, behind = place.partition("]") if bracket else (place, "", "")
    if bracket:
        host, port = host + closing, behind
    else:
        host, colon, number = place.partition(":")
        port = colon + number
    if (port != "" and re.fullmatch(r":\d{0,5}", port, re.ASCII) is None) or int(port[1:] or 0) > 65_535:
        return None
    # Without a scheme, one@two.example is an e-mail address. Brackets belong to IPv6 alone:
    # elsewhere `refang` could not tell them from its own.
    if (at and beginning == "") or set(user) & set("[]"):
        return None
    if not _is_host(host, bare=beginning == ""):
        return None
    return Address(
        beginning=beginning,
        user=user if at else None,
        host=host,
        port=port[1:] if port else None,
        tail=tail,
    )


def _is_host(host: str, *, bare: bool) -> bool:
    if host.startswith("["):
        return not bare and _is_ip(host[1:-1], version=6) and host.endswith("]")
    name = host.removesuffix(".")
    labels = name.split(".")
    # A host that changes under NFKC is written in letters that only look like it.
    if len(name) > 253 or unicodedata.normalize("NFKC", name) != name:
        return False
    if not all(_LABEL.fullmatch(label) is not None for label in labels):
        return False
    if not bare:
        return True
    return _is_ip(name, version=4) or (len(labels) > 1 and _NAME_END.fullmatch(labels[-1]) is not None)


def _is_ip(text: str, *, version: int) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.version == version and "%" not in text


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _plain_escape(found: re.Match[str]) -> str:
    character = chr(int(found[0][1:], 16))
    is_unreserved = character.isascii() and (character.isalnum() or character in "-._~")
    return character if is_unreserved else found[0].upper()


def _mask_emails(tail: str) -> str:
    return _EMAIL.sub(_masked_email, _BASE64.sub(_masked_base64, tail))


def _masked_email(found: re.Match[str]) -> str:
    # Names under .invalid belong to nobody (RFC 6761): others have masked before.
    return found[0] if found["domain"].lower().endswith(".invalid") else _MASK


def _masked_base64(found: re.Match[str]) -> str:
    digits = found["digits"].replace("-", "+").replace("_", "/")
    try:
        raw = binascii.a2b_base64(digits + "=" * (-len(digits) % 4))
    except binascii.Error:
        return found[0]
    text = raw.decode("latin-1")
    hides_email = text.isascii() and text.isprintable() and _EMAIL.search(text) is not None
    return _MASK if hides_email else found[0]


def _mask_long_values(tail: str) -> str:
    path, sign, query = tail.partition("?")
    return path + _LONG_VALUE.sub(_masked_value, sign + query) if sign else tail


def _masked_value(found: re.Match[str]) -> str:
    # Words and numbers alone are long, too; a value that was drawn at random has both in it.
    is_random = re.search(r"[0-9]", found[0]) is not None and re.search(r"[A-Za-z]", found[0]) is not None
    return _MASK if is_random else found[0]
