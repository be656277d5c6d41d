"""Web addresses as they are shown: so that no program takes them for a link, and whole again.

Nothing is opened, resolved or fetched. `refang` gives back the bytes that `defang` was given.
Source: screens §6.2.
"""

import re
from typing import Final

SCHEMES: Final = ("http", "https", "ftp")
# hxxp, h**p, h[tt]p, http[s], fxp; [:]//, :[//], [://] and full-width signs.
SCHEME: Final = r"(?:h(?:tt|xx|\*\*|\[(?:tt|xx)\])p(?:s|\[s\])?|f[tx]p)"
COLON: Final = r"(?:[\[(]://[\])]|(?:[:：]|[\[(][:：][\])])(?://|／／|\[//\]))"
DOT: Final = r"(?:[ \t]{0,2}[\[({][ \t]{0,2}(?:\.|dot|点)[ \t]{0,2}[\])}][ \t]{0,2})"
_BEGINNING: Final = re.compile(rf"(?P<scheme>{SCHEME}){COLON}", re.IGNORECASE)
_DOTS: Final = re.compile(rf"{DOT}|[。．｡]", re.IGNORECASE)
_AUTHORITY: Final = re.compile(r"[^/?#]*")
_TO_X: Final = str.maketrans("tT", "xX")
_FROM_X: Final = str.maketrans("xX", "tT")


def defang(address: str) -> str:
    """Return `address` so that no program takes it for a link; `refang` gives back the same bytes."""
    beginning, authority, tail = split(address)
    safe = beginning.translate(_TO_X)
    if safe.startswith("hXXp"):  # everybody's way to write http, so hTTp needs another one
        safe = f"h[TT]p{beginning[4:]}"
    # A bracketed dot of the tail's own gets a second pair, which `refang` takes off again.
    return safe + authority.replace(".", "[.]") + tail.replace("[.]", "[[.]]")


def refang(text: str) -> str:
    """Return the address in `text` with its scheme and dots made whole.

    Dots of the tail are only touched if scheme or host were defanged: else the brackets are
    the address's own. ``[dot]`` and ``(.)`` count in the host alone.
    """
    found = _BEGINNING.match(text)
    beginning = "" if found is None else _plain_scheme(found["scheme"]) + "://"
    rest = text if found is None else text[found.end() :]
    authority = _AUTHORITY.match(rest)
    assert authority is not None  # the pattern matches nothing, too
    plain = _DOTS.sub(".", authority[0]).replace("[:]", ":").replace("[@]", "@")
    tail = rest[authority.end() :]
    touched = beginning + plain != text[: len(text) - len(tail)]
    return beginning + plain + (tail.replace("[.]", ".") if touched else tail)


def split(address: str) -> tuple[str, str, str]:
    lower = address[:8].lower()
    beginning = next((f"{scheme}://" for scheme in SCHEMES if lower.startswith(f"{scheme}://")), "")
    authority = _AUTHORITY.match(address, len(beginning))
    assert authority is not None  # the pattern matches nothing, too
    return address[: len(beginning)], authority[0], address[authority.end() :]


def _plain_scheme(scheme: str) -> str:
    bare = re.sub(r"[\[\]]", "", scheme.replace("hXXp", "http")).replace("**", "tt")
    return bare.translate(_FROM_X)
