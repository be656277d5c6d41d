"""What the story tells, in the language in which it is read: on the terminal and on the start page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Said(Protocol):
    """A text, or one that is translated when it is asked for."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: a text with places to fill, and what fills them. `str` gives it in the language in force."""

    text: Said
    words: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.text) % {name: _spoken(word) for name, word in self.words.items()}


def _spoken(word: object) -> object:
    return word if isinstance(word, int | float) else str(word)
