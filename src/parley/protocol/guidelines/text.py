"""The text of a guideline: articles in two equally authentic languages, fields where numbers would stand.

    {"guideline":"parley/guideline/1","since":1795000000,"title":{"en":…,"zh":…},
     "articles":[{"heading":{"en":…,"zh":…},
                  "clauses":[{"en":"… within {clocks/acknowledge/U0} …","zh":…},…]},…],
     "offences":{"fraud_phishing":{"A":{…},"B":{…},"dual":"yes"},…},
     "terms":"the text of the terms"}

It has one form, byte for byte, and is named by its SHA-256. Both languages of a clause show the same fields,
and no number stands beside them; every field is shown somewhere. So no language says another number than the
other, nothing is agreed that the prose does not say, and nobody computes the terms from words: they are in
it. Source: Spec §16.2.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import Code, Instant, id_text
from parley.protocol.breach import BreachError
from parley.protocol.guidelines.bodies import Drafted
from parley.protocol.guidelines.fields import find, leaves, show, tree
from parley.protocol.guidelines.words import Language
from parley.protocol.strictjson import JsonObject, read, write
from parley.protocol.terms import MAX_CODES, MAX_TERMS, Terms, read_terms

VERSION: Final = "parley/guideline/1"
MAX_RAW: Final = 512 * 1024
MAX_ARTICLES: Final = 64
MAX_CLAUSES: Final = 64
MAX_CLAUSE: Final = 4_000
MAX_NAME: Final = 400

# Nothing that hides or turns round what people read: no control character but none, no mark of direction.
_SEEN: Final = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]*\Z"
Line = Annotated[str, Meta(min_length=1, max_length=MAX_NAME, pattern=_SEEN)]
# Clauses take no characters but these, so that nothing looks like a digit and is none: no ③, ³ or Ⅲ.
_MARKS: Final = r"\x20-\x7e\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
_HAN: Final = r"\u00b7\u3001-\u3003\u3008-\u3011\u3014\u3015\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e"
English = Annotated[str, Meta(min_length=1, max_length=MAX_CLAUSE, pattern=rf"^[{_MARKS}]*\Z")]
Chinese = Annotated[str, Meta(min_length=1, max_length=MAX_CLAUSE, pattern=rf"^[{_MARKS}{_HAN}]*\Z")]

_PLACE: Final = re.compile(r"\{([A-Za-z0-9_./]{1,120})\}")
_DIGIT: Final = re.compile(r"[0-9\uff10-\uff19]")
_NUMERALS: Final = re.compile(r"[0-9]+")
# A number in words is one too where it counts something that terms can count.
_ENGLISH: Final = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"ninety|hundred|half)(?: an?| of an?)?[ -](?:working |calendar )?"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|persons?|people|signatures?|times?|per ?cent)\b",
    re.IGNORECASE,
)
_CHINESE: Final = re.compile(
    r"[〇零一二三四五六七八九十百千万亿两半壹贰叁肆伍陆柒捌玖拾佰仟廿卅]+(?:个)?(?:工作日|日历日|天|日|小时|分钟|周|月|年|人|名|次)|百分之"
)


class Both(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name in both languages, without fields."""

    en: Line
    zh: Line


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clause in both languages, which show the same fields."""

    en: English
    zh: Chinese

    @property
    def places(self) -> Counter[str]:
        """Return the paths of the fields that it shows, and how often."""
        return Counter(_PLACE.findall(self.en))


class Article(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Clauses under one heading. Articles and clauses are numbered by their places, from 1."""

    heading: Both
    clauses: Annotated[tuple[Clause, ...], Meta(min_length=1, max_length=MAX_CLAUSES)]


class Offence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an item of cooperation is in the law of one side, by its own word."""

    law: Both
    definition: Clause
    penalty: Both


class Concordance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both sides' offences under one item of cooperation, and whether one act is a crime in both."""

    A: Offence
    B: Offence
    dual: Literal["yes", "no", "needs_facts"]


class _Written(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    guideline: Literal["parley/guideline/1"]
    since: Instant
    title: Both
    articles: Annotated[tuple[Article, ...], Meta(min_length=1, max_length=MAX_ARTICLES)]
    offences: Annotated[dict[Code, Concordance], Meta(max_length=MAX_CODES)]
    terms: Annotated[str, Meta(max_length=MAX_TERMS)]


@dataclass(frozen=True, kw_only=True)
class Guideline:
    """One text. `raw` are its bytes, in their one form; the rest is read from them."""

    raw: bytes
    since: int
    title: Both
    articles: tuple[Article, ...]
    offences: Mapping[str, Concordance]
    terms: Terms

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text, written as an id: what both sides sign."""
        return id_text(hashlib.sha256(self.raw).digest())

    @property
    def draft(self) -> Drafted:
        """Return what an act says that puts this text on the table."""
        return Drafted(text=self.digest, terms=self.terms.text, since=self.since)

    @cached_property
    def fields(self) -> JsonObject:
        """Return all fields as a tree."""
        offences: JsonObject = msgspec.to_builtins(self.offences)
        return tree(self.terms, since=self.since, offences=offences)

    def rendered(self, clause: Clause, language: Language) -> str:
        """Return one clause as people read it in `language`."""
        prose = clause.en if language is Language.EN else clause.zh
        return _PLACE.sub(lambda place: show(self.fields, place[1], language), prose)

    def numbered(self) -> Iterator[tuple[str, Clause]]:
        """Yield every clause with its number, such as ``4.2``."""
        for n, article in enumerate(self.articles, start=1):
            for m, clause in enumerate(article.clauses, start=1):
                yield f"{n}.{m}", clause


def compose(
    terms: str, *, since: int, title: Both, articles: tuple[Article, ...], offences: Mapping[str, Concordance]
) -> Guideline:
    """Return the text of these parts.

    Raises:
        BreachError: §16.2 or §16.4, naming what is wrong; §7.3 or §7.4 for the terms.
    """
    return read_guideline(_write(since, title, articles, offences=offences, terms=terms))


def _write(
    since: int, title: Both, articles: tuple[Article, ...], *, offences: Mapping[str, Concordance], terms: str
) -> bytes:
    value: JsonObject = {
        "guideline": VERSION,
        "since": since,
        "title": msgspec.to_builtins(title),
        "articles": msgspec.to_builtins(list(articles)),
        "offences": msgspec.to_builtins({code: offences[code] for code in sorted(offences)}),
        "terms": terms,
    }
    return write(value)


def read_guideline(raw: bytes) -> Guideline:
    """Return the text that `raw` is.

    Raises:
        BreachError: §6.1 if it is not strict JSON; §16.2 or §16.4, naming what is wrong; §7.3 or §7.4 for the
            terms in it.
    """
    if len(raw) > MAX_RAW:
        raise BreachError("16.2", f"a guideline has at most {MAX_RAW} bytes")
    try:
        found = msgspec.convert(read(raw), type=_Written, strict=True)
    except msgspec.ValidationError as error:
        raise BreachError("16.2", str(error)) from error
    one_form = _write(found.since, found.title, found.articles, offences=found.offences, terms=found.terms)
    if one_form != raw:
        raise BreachError("16.2", "a guideline has one form: compact, its keys in their order")
    guideline = Guideline(
        raw=raw,
        since=found.since,
        title=found.title,
        articles=found.articles,
        offences=found.offences,
        terms=read_terms(found.terms),
    )
    _check(guideline)
    return guideline


def matches(guideline: Guideline, said: Drafted) -> bool:
    """Return whether an act that puts a text on the table says the same as the text in its body."""
    return guideline.draft == said


def _check(guideline: Guideline) -> None:
    if not guideline.offences.keys() <= guideline.terms.items:
        raise BreachError("16.2", "offences are those of agreed items of cooperation")
    for code, each in guideline.offences.items():
        for offence in (each.A, each.B):
            _check_names(code, offence.law, offence.definition, offence.penalty)
    _check_names("title", guideline.title, *(article.heading for article in guideline.articles))
    shown: set[str] = set()
    for number, clause in guideline.numbered():
        _check_clause(number, clause, guideline.fields)
        shown |= clause.places.keys()
    for path, _value in leaves(guideline.fields):
        if not any(path == each or path.startswith(f"{each}/") for each in shown):
            raise BreachError("16.4", f"no clause shows {path}")


def _check_names(where: str, *names: Both | Clause) -> None:
    for name in names:
        if "{" in name.en + name.zh or "}" in name.en + name.zh:
            raise BreachError("16.2", f"{where}: fields stand in clauses only")
        if Counter(_NUMERALS.findall(name.en)) != Counter(_NUMERALS.findall(name.zh)):
            raise BreachError("16.2", f"{where}: the languages do not have the same numbers")


def _check_clause(number: str, clause: Clause, fields: JsonObject) -> None:
    if clause.places != Counter(_PLACE.findall(clause.zh)):
        raise BreachError("16.2", f"clause {number}: the languages do not show the same fields")
    for path in clause.places:
        find(fields, path)
    for text, words in ((clause.en, _ENGLISH), (clause.zh, _CHINESE)):
        rest = _PLACE.sub("", text)
        if "{" in rest or "}" in rest:
            raise BreachError("16.2", f"clause {number}: a brace that holds no field")
        if _DIGIT.search(rest) or words.search(rest):
            raise BreachError("16.2", f"clause {number}: a number that is no field")
