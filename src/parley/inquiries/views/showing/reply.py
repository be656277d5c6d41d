"""The answer to an inquiry on paper, in both languages: item by item, with grounds, and what remains open.

The same bytes on both nodes, as the letter that asks (`paper.py`). A refusal names its grounds by their code
and in both languages. Source: screens §12.
"""

from collections.abc import Iterator
from typing import Final

from parley.inquiries.forms.telling import finding_text, ground_text, said_text
from parley.inquiries.queries import ItemRow
from parley.inquiries.views.finding import Found
from parley.inquiries.views.showing.paper import Sheet, about, framed, heads, parties, sheet_of
from parley.inquiries.views.showing.twofold import (
    Told,
    columns,
    in_both,
    in_pieces,
    instant,
    original_of,
    pair,
    sentences,
)
from parley.protocol.inquiries.codes import FINAL, State
from parley.ui import paperwords, words
from parley.ui.paper.blocks import Block, Heading, Paper, Table

REPLIES: Final = frozenset({"inquiry.answered", "inquiry.refused", "inquiry.corrected"})
"""What is said of items for good, until it is corrected."""
_CLOSED: Final = frozenset(state.value for state in FINAL)


class NoAnswerError(Exception):
    """Nothing of the inquiry was answered or refused yet."""


def is_answered(found: Found) -> bool:
    """Return whether anything of the inquiry was answered or refused."""
    dossier = found.dossier
    return dossier is not None and any(_is_reply(each.kind, each.verdict) for each in dossier.events)


def _is_reply(kind: str, verdict: str) -> bool:
    return kind in REPLIES and verdict == "valid"


def reply_paper(found: Found) -> Paper:
    """Return the letter in which an inquiry is answered, or refused.

    Raises:
        NotToldError: its rows are not written yet. NoAnswerError: there is nothing to print.
    """
    sheet = sheet_of(found, kinds=REPLIES)
    if not sheet.events:
        raise NoAnswerError
    texts = [text for event in sheet.events for text in sheet.words_of(event)]
    original = original_of(texts)
    refused = {State.REFUSED.value, State.WITHDRAWN.value}
    is_refusal = all(item.state in refused for item in sheet.dossier.items)
    return framed(
        sheet,
        original,
        title="refusal" if is_refusal else "answer",
        blocks=(
            columns(lambda: _said(sheet), original=original, has_words=bool(texts)),
            Heading(text=pair("findings", paperwords.HEADINGS)),
            *in_pieces(_findings(sheet)),
            Heading(text=pair("open", paperwords.NAMES)),
            *_open(sheet),
        ),
    )


def _said(sheet: Sheet) -> Iterator[Told]:
    yield from parties(sheet)
    title = sheet.found.letter.title
    if title is not None:
        yield "title", title
    for event in sheet.events:
        told = words.clauses(
            filter(
                None,
                (words.label(event.kind, words.KINDS), said_text(event.kind, event.said, instant=instant)),
            )
        )
        yield "reply", f"{event.place}, {instant(event.effective)}; {told}"
        for text in sheet.words_of(event):
            yield "words", text


def _findings(sheet: Sheet) -> Table:
    """Return what was found or refused of each item, in both languages."""
    items = [item for item in sheet.dossier.items if item.findings or item.grounds]
    en, zh = in_both(lambda: [_found(item) for item in items])
    return Table(
        head=(*heads("n", "about"), "English", "中文"),
        widths=(3, 12, 12, 12),
        rows=tuple(
            (f"{item.n}", about(item), one, two) for item, one, two in zip(items, en, zh, strict=True)
        ),
        langs=("", "", "en", "zh"),
    )


def _found(item: ItemRow) -> str:
    found = [finding_text(each, instant=instant) for each in item.findings]
    return words.clauses([words.label(item.state, words.STATES), *found, *map(ground_text, item.grounds)])


def _open(sheet: Sheet) -> Iterator[Block]:
    items = [item for item in sheet.dossier.items if item.state not in _CLOSED]
    if not items:
        yield sentences("nothing_open")
        return
    table = Table(
        head=heads("n", "about", "state", "due"),
        widths=(3, 14, 10, 10),
        rows=tuple(
            (
                f"{item.n}",
                about(item),
                pair(item.state, words.STATES),
                "–" if item.due_at is None else instant(item.due_at),
            )
            for item in items
        ),
    )
    yield from in_pieces(table)
