"""How long the free text of a call may be: 200 English words, or 400 Chinese characters, or a mixture.

The five fields say what matters; the text beside them is read aloud at night. Whoever composes is held
to it; a longer text is a person's business, and never makes an act void (rule M6). Source: Spec §12.3.
"""

import re
from typing import Final

# A word weighs two, a Chinese character one.
MAX_LENGTH: Final = 400
MAX_LINE: Final = 80

_CHARACTER: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def length(text: str) -> int:
    """Return the length of a text: twice its words, and its Chinese characters. Signs alone are no word."""
    rest, characters = _CHARACTER.subn(" ", text)
    words = [word for word in rest.split() if any(letter.isalnum() for letter in word)]
    return 2 * len(words) + characters


def is_short(text: str) -> bool:
    """Return whether the text may stand beside the five fields, or be a message."""
    return length(text) <= MAX_LENGTH


def is_line(text: str) -> bool:
    """Return whether the text is one line of a minute."""
    return "\n" not in text and length(text) <= MAX_LINE
