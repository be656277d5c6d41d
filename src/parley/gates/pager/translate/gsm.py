"""Short messages as phones read them: the 7-bit alphabet or UCS-2, cut where no sign breaks.

    one message     160 septets, or 70 units of UCS-2
    several         a header of 6 bytes each:  05 00 03  reference  how many  which
                    153 septets, or 67 units

A sign of the extension table is two septets, one beyond U+FFFF two units; neither is ever cut in half.
Septets go unpacked, one in a byte, as SMPP wants them. Source: 3GPP TS 23.038 §6.2, TS 23.040 §9.2.3.24.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

GSM: Final = 0x00
UCS2: Final = 0x08
MAX_PARTS: Final = 255

_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_ESCAPE: Final = 0x1B
_SEPTETS: Final = {
    **{sign: bytes([place]) for place, sign in enumerate(_BASIC) if place != _ESCAPE},
    **{sign: bytes([_ESCAPE, place]) for sign, place in _EXTENSION.items()},
}


class TooLongError(Exception):
    """The text does not fit into 255 parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A text in parts: `coding` as SMPP's data_coding; `is_joined`: each part begins with a header."""

    coding: int
    is_joined: bool
    parts: tuple[bytes, ...]


def shorten(text: str, *, reference: int, only_ucs2: bool = False) -> Short:
    """Return `text` in as few parts as it needs; `reference` (0 to 255) is that of all parts of one text.

    `only_ucs2`: for a carrier whose own alphabet is not this one.

    Raises:
        TooLongError: more than 255 parts.
    """
    is_gsm = not only_ucs2 and all(sign in _SEPTETS for sign in text)
    if is_gsm:
        coding, alone, joined = GSM, 160, 153
        signs = [_SEPTETS[sign] for sign in text]
    else:
        coding, alone, joined = UCS2, 140, 134
        signs = [sign.encode("utf-16-be", "replace") for sign in text]
    if sum(map(len, signs)) <= alone:
        return Short(coding=coding, is_joined=False, parts=(b"".join(signs),))
    cut = tuple(_cut(signs, joined))
    if len(cut) > MAX_PARTS:
        raise TooLongError(f"expected up to {MAX_PARTS} parts, found {len(cut)}")
    heads = (bytes([5, 0, 3, reference & 0xFF, len(cut), which]) for which in range(1, len(cut) + 1))
    parts = tuple(head + part for head, part in zip(heads, cut, strict=True))
    return Short(coding=coding, is_joined=True, parts=parts)


def _cut(signs: Iterable[bytes], room: int) -> Iterator[bytes]:
    part = b""
    for sign in signs:
        if len(part) + len(sign) > room:
            yield part
            part = b""
        part += sign
    yield part
