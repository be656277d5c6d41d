"""Names of files that somebody else chose, made safe to show and to save under.

Nothing that turns, hides or controls text, no sign of a path, no name that a system keeps for itself,
no length that one refuses. What was written stays in the record; this is only what people see.
Source: security I2.
"""

import re
import unicodedata
from typing import Final

from parley.ui.letters import CONTROL, HIDDEN

MAX_NAME: Final = 120
MAX_ENDING: Final = 16

_UNSAFE: Final = re.compile(rf"[{HIDDEN}{CONTROL}\t\n\r\u2028\u2029\ud800-\udfff\ue000-\uf8ff]")
# Slashes and what looks like one, colons of drives and streams, and what shells and systems take as theirs.
_PATH: Final = re.compile(r"[/\\:*?\"<>|%\u2044\u2215\u29f8\u29f9\u2571\u2572\uff0f\uff3c\uff1a\u2236]")
_KEPT: Final = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|COM[0-9¹²³]|LPT[0-9¹²³])", re.IGNORECASE)


def safe_name(name: str, *, otherwise: str) -> str:
    """Return `name` as a file can be called anywhere: one part of a path, at most `MAX_NAME` characters.

    `otherwise` is what it is called where nothing is left of its name.
    """
    plain = unicodedata.normalize("NFC", _UNSAFE.sub("_", name))
    plain = _PATH.sub("_", plain).strip(" ._-~\u00a0\u3000")
    if not plain:
        return otherwise
    first = plain.partition(".")[0].rstrip()
    return _short(f"_{plain}" if _KEPT.fullmatch(first) else plain)


def _short(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    start, dot, ending = name.rpartition(".")
    if not dot or len(ending) > MAX_ENDING:
        return name[:MAX_NAME]
    return f"{start[: MAX_NAME - 1 - len(ending)]}.{ending}"
