"""What is found, newest first, those with the whole phrase on top; and how far search has read.

Everything typed is quoted before SQLite sees it: no word of a person is an operator. The rows
of the index are numbered by time, so that the newest fifty of a hundred thousand hits are
read from its end, and nothing is sorted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connections

from parley.ledger.reading import Reader
from parley.search.forms import (
    SUPERSEDED,
    Piece,
    Question,
    dead,
    is_whole,
    link_token,
    patterns_of,
    pieces_of,
    read_question,
    replaced_token,
    spans_of,
)
from parley.search.models import Document

LIMIT: Final = 50
_SQL: Final = "SELECT rowid FROM search_index WHERE search_index MATCH %s ORDER BY rowid DESC LIMIT %s"
_WATERMARK: Final = "SELECT seq FROM watermark WHERE stage = 'later'"
MAX_TEXTS: Final = 1_000
"""In so many texts of an inquiry the place to be shown is looked for."""
_ADDRESSES: Final = frozenset({"url", "legitimate_url", "host", "extra", "object"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What was found, an inquiry, a call or what another room deals with; and where.

    That is in the letter, in item `n`, or at `place`. `titles` are its own, in one language or in both.
    """

    link: str
    inquiry: str
    what: str
    n: int | None
    place: str
    pieces: tuple[Piece, ...]
    titles: tuple[str, ...] = ()

    @property
    def is_superseded(self) -> bool:
        """Return whether the words stand in a finding that another version replaced."""
        return self.what == SUPERSEDED

    @property
    def key(self) -> str:
        """Return the key of its row."""
        return f"{self.link}/{self.inquiry}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The hits, and whether there are more than were asked for."""

    hits: tuple[Hit, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far search has read, in changes of the record."""

    told: int
    last: int

    @property
    def behind(self) -> int:
        """Return how many changes are not searched yet."""
        return max(self.last - self.told, 0)


def search(text: str, *, link: str | None, limit: int = LIMIT, is_superseded: bool = False) -> Found:
    """Return that in which every word of `text` stands, on `link` or, if None, on any.

    The words of findings that another version replaced are only looked at if `is_superseded`.
    """
    question = read_question(text)
    if not question.terms:
        return Found(hits=(), has_more=False)
    asked = _Asked(link=link, is_superseded=is_superseded)
    numbers = _numbers(question, asked, limit=limit + 1)
    documents = {each.number: each for each in Document.objects.filter(number__in=numbers[:limit])}
    hits = (_hit(documents[number], question, asked) for number in numbers[:limit] if number in documents)
    return Found(hits=tuple(hits), has_more=len(numbers) > limit)


def standing(reader: Reader) -> Standing:
    """Return how far search has read of the record behind `reader`."""
    database = connections[Document.objects.db]
    with database.cursor() as cursor:
        # The projector's own table; there is none before it first ran.
        is_there = "watermark" in database.introspection.table_names(cursor)
        row = cursor.execute(_WATERMARK).fetchone() if is_there else None
    return Standing(told=int(row[0]) if row else 0, last=reader.last_change())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Where is looked: on one link or on all, and also at what was replaced."""

    link: str | None
    is_superseded: bool

    def phrase(self, tokens: Sequence[str], *, is_begun: bool = False) -> str:
        """Return a phrase of FTS5, which one of the two sorts of text has."""
        sorts = [tokens, [replaced_token(each) for each in tokens]][: 2 if self.is_superseded else 1]
        return "(" + " OR ".join(_quoted(each) + (" *" if is_begun else "") for each in sorts) + ")"


def _numbers(question: Question, asked: _Asked, *, limit: int) -> tuple[int, ...]:
    within = [] if asked.link is None else [_quoted((link_token(asked.link),))]
    terms = [asked.phrase(term.tokens, is_begun=term.is_begun) for term in question.terms]
    every = " AND ".join([*within, *terms])
    whole = " AND ".join([*within, asked.phrase(question.phrase)])
    found: dict[int, None] = {}
    with connections[Document.objects.db].cursor() as cursor:
        for match in dict.fromkeys((whole, every)):
            if len(found) < limit:
                cursor.execute(_SQL, [match, limit])
                found |= dict.fromkeys(number for (number,) in cursor.fetchall())
    return tuple(found)[:limit]


def _quoted(tokens: Sequence[str]) -> str:
    """Return a phrase of FTS5. There is no quotation mark in a token: letters and figures only."""
    return '"' + " ".join(tokens) + '"'


def _hit(document: Document, question: Question, asked: _Asked) -> Hit:
    """Return where in a document the most of what was asked for stands: in one text, if there is one."""
    patterns = patterns_of(question)
    link, _slash, inquiry = document.key.partition("/")
    texts = [each for each in document.texts if asked.is_superseded or each[0] != SUPERSEDED]
    best, reached = texts[0], 0
    spans: tuple[tuple[int, int], ...] = ()
    for what, n, place, words in texts[:MAX_TEXTS]:
        text = dead(words, is_address=what in _ADDRESSES)
        found = spans_of(text, patterns)
        # A word that was typed whole counts more than the beginning of a longer one.
        score = sum(2 if is_whole(text, span) else 1 for span in found)
        if score > reached:
            best, spans, reached = [what, n, place, words], found, score
        if reached == 2 * len(patterns):
            break
    what, n, place, words = best
    pieces = pieces_of(dead(words, is_address=what in _ADDRESSES), spans)
    return Hit(
        link=link,
        inquiry=inquiry,
        what=what,
        n=n,
        place=place,
        pieces=pieces,
        titles=tuple(text for is_what, _n, _place, text in texts if is_what == "title")[:2],
    )
