"""Single characters: what is made visible before it is shown, and what a spreadsheet would run.

Source: Spec §9, H19 (the same set is refused in acts); security I5; OWASP, CSV injection.
"""

import re
from typing import Final

_SHOWN: Final = 200
_LINK: Final = re.compile(r"(h)tt(ps?:)", re.IGNORECASE)

# What turns, hides or swallows text: never shown as it is, never sent unnoticed (Spec §9, H19).
# The joiners U+200C and U+200D are left alone: names and emoji need them.
HIDDEN: Final = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f"
# Control characters other than tab and line ends.
CONTROL: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"

_HIDDEN: Final = re.compile(f"[{HIDDEN}]")
_CONTROL: Final = re.compile(f"[{CONTROL}]")
_UNSEEN: Final = re.compile(f"[{HIDDEN}{CONTROL}\t\n\r\u2028\u2029\ud800-\udfff]")


def has_hidden(text: str) -> bool:
    """Return whether something in `text` turns or hides text."""
    return _HIDDEN.search(text) is not None


def has_control(text: str) -> bool:
    """Return whether a control character other than tab and line end is in `text`."""
    return _CONTROL.search(text) is not None


def shown(text: str) -> str:
    """Return `text` short and safe to show: one line, no control, no hidden character, no live link."""
    dead = _LINK.sub(r"\1xx\2", text[:_SHOWN])
    short = dead if len(text) <= _SHOWN else dead[: _SHOWN - 1] + "…"
    return _UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", short)


# What makes a spreadsheet take a cell for a formula, and what it drops before it looks.
_FORMULA: Final = frozenset("=+-@\t\r\n\0＝＋－＠")


def neutralise(cell: str) -> str:
    """Return `cell` so that no spreadsheet runs it: with a leading quote where it would.

    A cell that already begins with quotes before a formula gets one more, so that `restore`
    gives back exactly what was written.
    """
    return "'" + cell if _runs(cell) else cell


def restore(cell: str) -> str:
    """Return what `neutralise` was given."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(cell: str) -> bool:
    return cell.lstrip("'")[:1] in _FORMULA and cell.lstrip("'") != ""
