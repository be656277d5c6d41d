"""Two columns with the same paragraphs: on the left the language in which a letter was written.

    no.   English · original                                  中文
    4     Agreed item: fraud and phishing                     合作事项：网络诈骗与仿冒
    7     Purpose: To take the sites down.                    请求目的：（仅有英文原文，记录中无译文）

What both sides agreed as codes is said in both languages. What a person wrote stands in the column of its own
language and nowhere else: nothing here translates, and a machine's words beside an original would be read as
part of it. Nothing depends on the language of whoever prints. Source: screens §12.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from django.utils.translation import override

from parley.inquiries.forms.letter import Text
from parley.ui import paperwords, times, words
from parley.ui.paper.blocks import Lang, Paragraph, Table
from parley.ui.pieces import visible

_ACTIVATED: Final = {"en": "en", "zh": "zh-hans"}
_COLUMNS: Final = {"en": "English", "zh": "中文"}

ROWS: Final = 250
"""So many rows stand in one piece of a table."""
Value = TypeVar("Value")
Told = tuple[str, str | Text]
"""A paragraph: its name in `paperwords.NAMES`, and what it says; a person's words keep their language."""


def original_of(texts: Iterable[Text | None], *, otherwise: Lang = "en") -> Lang:
    """Return in which of the two languages a letter was written: that of its first words in one of them."""
    found = (language_of(text) for text in texts if text is not None)
    return next((each for each in found if each is not None), otherwise)


def language_of(text: Text) -> Lang | None:
    """Return in which column the words of a person stand; None if in neither."""
    if text.language.startswith("zh"):
        return "zh"
    return "en" if text.language.startswith("en") else None


def in_both(tell: Callable[[], Value]) -> tuple[Value, Value]:
    """Return what `tell` says in English and in Chinese."""
    found = []
    for name in _ACTIVATED.values():
        with override(name):
            found.append(tell())
    return found[0], found[1]


def pair(code: str, labels: words.Labels) -> str:
    """Return the word for a code in both languages, once if they are the same."""
    en, zh = labels.get(code, (code, code))
    return en if en == zh else f"{en} {zh}"


def pairs(codes: Iterable[str], labels: words.Labels) -> str:
    """Return the words for several codes, each in both languages."""
    return ", ".join(pair(code, labels) for code in codes)


def sentence(code: str, **told: object) -> str:
    """Return a sentence of the letter in the language in force."""
    return words.label(code, paperwords.SENTENCES) % told


def sentences(code: str, **told: object) -> Paragraph:
    """Return a sentence in both languages, said in passing."""
    en, zh = paperwords.SENTENCES[code]
    return Paragraph(text=f"{en % told} {zh % told}" if told else f"{en} {zh}", is_quiet=True)


def columns(tell: Callable[[], Iterable[Told]], *, original: Lang, has_words: bool) -> Table:
    """Return the paragraphs that `tell` gives in the language in force, numbered alike in both columns.

    The original stands left and is marked so, where a person wrote anything at all.
    """
    en, zh = in_both(lambda: [(name, _said(value)) for name, value in tell()])
    mark = " · " + pair("original", paperwords.COLUMNS) if has_words else ""
    left, right = (en, zh) if original == "en" else (zh, en)
    other: Lang = "zh" if original == "en" else "en"
    return Table(
        head=("", _COLUMNS[original] + mark, _COLUMNS[other]),
        widths=(0, 1, 1),
        rows=tuple(
            (f"{number}", _paragraph(*one, lang=original), _paragraph(*two, lang=other))
            for number, (one, two) in enumerate(zip(left, right, strict=True), start=1)
        ),
        langs=("", original, other),
    )


def in_pieces(table: Table) -> Iterator[Table]:
    """Yield a long table in pieces: five thousand rows in one take four times as long to lay out."""
    yield from (
        replace(table, rows=table.rows[begin : begin + ROWS])
        for begin in range(0, max(1, len(table.rows)), ROWS)
    )


def _paragraph(name: str, said: str, *, lang: Lang) -> str:
    with override(_ACTIVATED[lang]):
        return words.said_of(words.label(name, paperwords.NAMES), said)


def _said(value: str | Text) -> str:
    return value if isinstance(value, str) else spoken(value)


def spoken(text: Text) -> str:
    """Return the words of a person in the column of their language; in another one, that they stand there."""
    language, here = language_of(text), "zh" if words.is_chinese() else "en"
    if language == here or (language is None and here == "en"):
        # What hides in it is made visible where it is printed, and its line ends stay.
        return (
            text.text
            if language
            else text.text + words.aside(sentence("foreign", language=visible(text.language)))
        )
    if language is None:
        return words.aside(sentence("foreign", language=visible(text.language))).strip()
    return words.aside(sentence("other")).strip()


def instant(seconds: int) -> str:
    """Return an instant to the second, in figures that both languages read alike."""
    moment = times.moment_of(seconds)
    return str(seconds) if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}Z"
