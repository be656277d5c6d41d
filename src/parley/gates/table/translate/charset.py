"""Bytes to text: UTF-8 with or without its mark, UTF-16 with its mark, GB18030.

Only a BOM, or being valid, tells encodings apart. A file that is neither valid UTF-8 nor
valid GB18030 is read as the one that more of its lines are valid in; what cannot be read
there becomes U+FFFD, so that one broken row does not take the others with it.
"""

import codecs
from typing import Final

from parley.gates.table.translate.codes import MAX_BYTES, Obstacle, SheetError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-bom", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)

# Files that officers drop here by their name alone. They begin with bytes that no table begins with.
_OTHER_FILES: Final = (
    (b"PK\x03\x04", "xlsx/docx/zip"),
    (b"\xd0\xcf\x11\xe0", "xls/doc/msg"),
    (b"%PDF-", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)


def decode(raw: bytes) -> tuple[str, str]:
    """Return the text of `raw` and the name of its encoding; U+FFFD stands where it was broken.

    Raises:
        SheetError: `raw` is too large, or is a file of another kind.
    """
    if len(raw) > MAX_BYTES:
        raise SheetError(Obstacle.TOO_LARGE, expected=f"{MAX_BYTES} bytes", found=f"{len(raw)} bytes")
    for beginning, kind in _OTHER_FILES:
        if raw.startswith(beginning):
            raise SheetError(Obstacle.NOT_TEXT, expected="CSV or text", found=kind)
    for mark, name, codec in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(codec, "replace"), name
    # Text of 16 bits without its mark, and most files that are no text, are full of zeros.
    if raw.count(0) * 10 > len(raw):
        raise SheetError(Obstacle.NOT_TEXT, expected="CSV or text", found="zero bytes")
    codec = _guess(raw)
    return raw.decode(codec, "replace"), codec


def _guess(raw: bytes) -> str:
    return "utf-8" if _is_valid(raw, "utf-8") or _mostly_utf8(raw) else "gb18030"


def _mostly_utf8(raw: bytes) -> bool:
    # Chinese in GB18030 is hardly ever valid UTF-8, while the reverse is common: lines that are
    # valid UTF-8 are believed. A line end is never a part of a character in either.
    foreign = [line for line in raw.splitlines() if not line.isascii()]
    return sum(_is_valid(line, "utf-8") for line in foreign) * 2 > len(foreign)


def _is_valid(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
