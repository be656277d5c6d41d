"""A paper that two parties sign, in two copies: each is in the first place on one, its words to the left.

    copy of A   Parties · 当事方    a.example · b.example        English   中文
    copy of B   当事方 · Parties    b.example · a.example        中文   English

Nothing on a copy depends on the language of whoever prints it, so both nodes print the same bytes. Source:
screens §12.
"""

from collections.abc import Callable, Iterable
from typing import Final

from django.utils.translation import override

from parley.ui.paper.blocks import Lang

CODES: Final = {"en": "en", "zh": "zh-hans"}
LETTERS: Final = ("A", "B")


def language_of(first: str) -> Lang:
    """Return the language to the left on the copy with the party of the letter `first` in the first place."""
    return "en" if first == LETTERS[0] else "zh"


def told(tell: Callable[[], str], lang: Lang) -> str:
    """Return what `tell` says in each of the languages, that of `lang` first, once if it is the same."""
    return joined(in_language(tell, each) for each in order(lang))


def joined(words: Iterable[str]) -> str:
    """Return words beside each other, each once."""
    return " · ".join(dict.fromkeys(words))


def in_language(tell: Callable[[], str], lang: Lang) -> str:
    """Return what `tell` says in `lang`."""
    with override(CODES[lang]):
        return tell()


def order(lang: Lang) -> tuple[Lang, Lang]:
    """Return both languages, `lang` first."""
    return ("en", "zh") if lang == "en" else ("zh", "en")


def columns(name: str, *, en: str, zh: str, lang: Lang) -> tuple[str, str, str]:
    """Return a row: its name, and its words in both languages, those of `lang` first."""
    return (name, en, zh) if lang == "en" else (name, zh, en)


def heads(lang: Lang) -> tuple[str, str]:
    """Return how the two columns of words are called."""
    return ("English", "中文") if lang == "en" else ("中文", "English")
