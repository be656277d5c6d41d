"""Text as it can be printed: nothing hides, nothing turns around, nothing is dropped in silence.

A renderer drops a character that its font lacks, or prints a box, and lays out right-to-left text by rules
that let a name look like another one. So the paper shows of what people wrote the characters that its font
has, and of everything else the number: ``<U+202E>``. So it does with marks that are put over other letters:
a thousand of them would blacken the page. A word that is longer than a line may break anywhere. Source:
screens §13, D27.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
LONGEST_WORD: Final = 24
BREAK: Final = "\u200b"
"""Zero width: here a line may end. What people wrote has none left by then, since it hides."""

# Chinese breaks between any two characters anyway.
_LONG: Final = re.compile(rf"[^\s{BREAK}\u2e80-\uffef]{{{LONGEST_WORD}}}(?=[^\s{BREAK}\u2e80-\uffef])")


def printable(text: str) -> str:
    """Return `text` with every character by its number that would not be seen as itself; line ends stay."""
    known = characters()
    shown = "".join(each if each == "\n" or each in known else f"<U+{ord(each):04X}>{BREAK}" for each in text)
    return _LONG.sub(lambda found: found[0] + BREAK, shown)


@cache
def characters() -> frozenset[str]:
    """Return the characters that both weights of the font have and that stand by themselves."""
    lines = (FONTS / "characters.txt").read_text(encoding="ascii").splitlines()
    ends = ([int(end, 16) for end in line.split("-")] for line in lines)
    found = (chr(number) for first, last in ends for number in range(first, last + 1))
    return frozenset(found)
