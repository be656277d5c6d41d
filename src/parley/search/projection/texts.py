"""What each room says in words: the texts of a thread, as they are indexed, each with what it is.

    ["title", None, "", "Theft of personnel records"]        [what, item or None, place, the words]

Of a finding only the newest version is found by its words; older ones are `SUPERSEDED`, which whoever looks
for must ask for (screens §6.5). What lies sealed in files is no part of this, and never indexed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from parley.cases.forms import texts as casing
from parley.dialogue.forms.texts import read_told
from parley.inquiries.forms.letter import Text
from parley.ledger.casebook import case_at
from parley.ledger.reading import EntryRow, Reader
from parley.protocol.breach import BreachError
from parley.protocol.cases.bodies import OPENING as CASE
from parley.protocol.dialogue.bodies import (
    CLASSES,
    COMMITMENT,
    ROUND,
    Amended,
    Clause,
    RoundProposed,
    read_said,
)
from parley.protocol.guidelines.text import Guideline
from parley.protocol.guidelines.words import Language
from parley.protocol.sharing.bodies import OPENING as SHARING
from parley.search.forms import SUPERSEDED
from parley.sharing.forms import texts as sharing

Told: TypeAlias = list[str | int | None]
"""What it is, the item or None, the place of the statement or "", the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread of a link: what opened it, and its statements, each writer's in their order."""

    reader: Reader
    link: str
    id: bytes
    rows: Sequence[EntryRow]

    def body(self, row: EntryRow) -> "casing.Body | None":
        """Return the words of a statement, None where they are not here."""
        return self.reader.body(self.link, row.statement)


def texts_of(thread: Thread, kind: str) -> Iterator[Told]:
    """Yield the texts of a thread that a statement of `kind` opened; none if it opens none here."""
    tell = _ROOMS.get(kind)
    if tell is None:
        return
    for row in thread.rows:
        if row.act is not None and row.act.ref:
            yield ["ref", None, row.place, row.act.ref]
    yield from tell(thread)


def texts_of_guideline(text: Guideline) -> Iterator[Told]:
    """Yield the texts of a guideline in both languages; the place of a clause is its number."""
    yield from _both("title", "", text.title.en, text.title.zh)
    for n, article in enumerate(text.articles, start=1):
        yield from _both("clause", str(n), article.heading.en, article.heading.zh)
    for number, clause in text.numbered():
        en, zh = (text.rendered(clause, each) for each in (Language.EN, Language.ZH))
        yield from _both("clause", number, en, zh)


def _both(what: str, place: str, *words: str) -> Iterator[Told]:
    for each in words:
        yield [what, None, place, each]


def _words(text: Text | None) -> str:
    return "" if text is None else text.text


def _of_offer(thread: Thread) -> Iterator[Told]:
    for row in thread.rows:
        said = sharing.read_words(thread.body(row))
        place = "" if row.statement == thread.id else row.place
        for what, text in (
            ("title", said.title),
            ("why", said.why),
            ("conditions", said.conditions),
            ("said", said.text),
        ):
            yield [what, None, place, _words(text)]


def _of_case(thread: Thread) -> Iterator[Told]:
    replaced = _replaced(thread)
    for row in thread.rows:
        said = casing.read_words(thread.body(row))
        is_first = row.statement == thread.id
        yield from _both(
            "title" if is_first else "task", "" if is_first else row.place, said.title.en, said.title.zh
        )
        yield ["said", None, row.place, _words(said.text)]
        finding = SUPERSEDED if row.statement in replaced else "finding"
        yield from _both(finding, row.place, said.statement.en, said.statement.zh)
        for text in (*said.alternatives, said.dissent):
            yield [finding, None, row.place, _words(text)]
        yield from _both(finding, row.place, said.changed.en, said.changed.zh)


def _replaced(thread: Thread) -> frozenset[bytes]:
    """Return the versions of findings that another one replaced."""
    case = case_at(thread.reader, thread.link, thread.id)
    found = () if case is None else case.findings
    return frozenset(version.fact.id for each in found for version in each.versions[:-1])


def _of_dialogue(thread: Thread) -> Iterator[Told]:
    for row in thread.rows:
        if row.act is None:
            continue
        named = row.act.d.get("text")
        told = read_told(thread.body(row), named=named if isinstance(named, str) else None)
        first = "title" if row.statement == thread.id else "said"
        for what, text in zip((first, "measure"), told.texts, strict=False):
            yield from _both(what, row.place, text.en, text.zh)
        yield ["said", None, row.place, _words(told.words)]
        yield from _of_act(row)


def _of_act(row: EntryRow) -> Iterator[Told]:
    """Yield what the act itself says in words: a clause of an outcome list, the number of a round."""
    assert row.act is not None
    if row.act.k not in CLASSES:
        return
    try:
        said = read_said(row.act.k, row.act.d)
    except BreachError:
        return
    if isinstance(said, Clause | Amended) and said.both is not None:
        yield from _both("clause", row.place, said.both.en, said.both.zh)
    if isinstance(said, RoundProposed):
        yield ["number", None, row.place, str(said.number)]


_ROOMS: Final[Mapping[str, Callable[[Thread], Iterator[Told]]]] = {
    SHARING: _of_offer,
    CASE: _of_case,
    COMMITMENT: _of_dialogue,
    ROUND: _of_dialogue,
}
