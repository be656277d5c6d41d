"""Words to tokens, and what people type to terms: the same way for what is put in as for what is asked.

Letters are folded (NFKC, case, accents); a defanged address counts as the address. Latin and
other spaced scripts give words. Chinese, Japanese and Korean give pairs of signs, so that a
word of two is found wherever it stands, and the last sign of a run alone, so that each sign
begins a token:

    仿冒网站 bank[.]example   仿冒 冒网 网站 站 bank example

Source: stack §3, §14 (trigrams miss words of two signs).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from parley.ui.defang import COLON, DOT, SCHEME, defang

MAX_QUERY: Final = 200
"""Characters of a query; more is cut off before anything looks at it."""
MAX_TERMS: Final = 16
MAX_SHOWN: Final = 20_000
"""Characters of a text in which a hit is looked for, to be shown."""
BEFORE: Final = 40
AROUND: Final = 200
"""Characters of a snippet: before the first hit, and in all."""
SUPERSEDED: Final = "superseded"
"""What the words of a finding are that another version replaced."""
BREAK: Final = "\ue001"
"""A token that no word of a person gives."""

_CJK: Final = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN: Final = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")
_IS_CJK: Final = re.compile(f"[{_CJK}]")
_WORD: Final = f"[^\\W_{_CJK}]"
_LINK: Final = re.compile(r"(h)tt(ps?:)", re.IGNORECASE)
_ACCENT: Final = re.compile("[\u0300-\u036f]")
_SCHEME: Final = re.compile(f"{SCHEME}{COLON}", re.IGNORECASE)
_DOT: Final = re.compile(DOT, re.IGNORECASE)
_QUOTED: Final = re.compile(r'["“”„«»「『]([^"“”„«»「」『』]*)["“”„«»」』]|(\S+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Tokens that must stand side by side; `is_begun` if the last one may go on.

    `runs` are the same words undivided, to be found again in the text for people.
    """

    tokens: tuple[str, ...]
    runs: tuple[str, ...]
    is_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked: terms that must all be there, and all of it as one phrase."""

    terms: tuple[Term, ...]
    phrase: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text, and whether it was asked for."""

    text: str
    is_hit: bool


def fold(text: str) -> str:
    """Return `text` as it is compared: composed, small letters, no accents, addresses whole."""
    if not text.isascii():
        text = _without_accents(unicodedata.normalize("NFKC", text))
    folded = text.casefold()
    if "//" in folded or "／／" in folded:
        folded = _SCHEME.sub(_plain, folded)
    return _DOT.sub(".", folded) if any(sign in folded for sign in "[({") else folded


def tokens_of(text: str) -> Iterator[str]:
    """Yield the tokens of `text` in their order."""
    for run in _RUN.findall(fold(text)):
        yield from _tokens(run, is_last=False)


def link_token(link: str) -> str:
    """Return the token that every document of a link begins with; no word of a person contains its sign."""
    return "\ue000" + "".join(f"{ord(sign):x}" if not sign.isalnum() else sign for sign in link)


def replaced_token(token: str) -> str:
    """Return how a token of a text stands that another one replaced; no word of a person begins like this."""
    return "\ue002" + token


def read_question(typed: str) -> Question:
    """Return what `typed` asks for; no terms if there is no letter and no figure in it.

    Words are joined by "and"; in quotation marks they must stand side by side, as written.
    """
    cut = unicodedata.normalize("NFKC", typed[:MAX_QUERY])
    found = [
        term
        for quoted, bare in _QUOTED.findall(cut)
        if (term := _term(quoted or bare, is_begun=not quoted)) is not None
    ]
    terms = tuple(found[:MAX_TERMS])
    runs = tuple(run for term in terms for run in term.runs)
    return Question(terms=terms, phrase=_phrase(runs))


def dead(text: str, *, is_address: bool) -> str:
    """Return `text` as it is shown: an address defanged, and in any other text no link that works."""
    return defang(text) if is_address else _LINK.sub(r"\1xx\2", text)


def spans_of(text: str, patterns: Sequence["re.Pattern[str]"]) -> tuple[tuple[int, int], ...]:
    """Return where in `text` each of `patterns` is found first; fewer spans than patterns if not all are."""
    cut = text[:MAX_SHOWN]
    folded = cut.lower() if cut.isascii() else _without_accents(unicodedata.normalize("NFKC", cut)).casefold()
    places: Sequence[int] = range(len(folded) + 1)
    if len(folded) != len(cut):
        signs = [_folded_sign(sign) for sign in cut]
        folded = "".join(signs)
        places = [place for place, sign in enumerate(signs) for _ in sign]
        places.append(len(cut))
    found = (pattern.search(folded) for pattern in patterns)
    return tuple(sorted((places[each.start()], places[each.end()]) for each in found if each))


def patterns_of(question: Question) -> tuple["re.Pattern[str]", ...]:
    """Return how each term is written in a folded text, defanged or not."""
    return tuple(re.compile(_written(term)) for term in question.terms)


def is_whole(text: str, span: tuple[int, int]) -> bool:
    """Return whether the word at `span` ends there."""
    return re.match(_WORD, text[span[1] : span[1] + 1]) is None


def pieces_of(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Return in pieces what is around the first of `spans`; the beginning if there is none."""
    start = _start(text, spans[0][0]) if spans else 0
    end = min(start + AROUND, len(text))
    pieces = [Piece(text="…", is_hit=False)] if start else []
    for first, last in spans:
        if start <= first < last <= end:
            pieces.append(Piece(text=text[start:first], is_hit=False))
            pieces.append(Piece(text=text[first:last], is_hit=True))
            start = last
    pieces.append(Piece(text=text[start:end] + ("…" if end < len(text) else ""), is_hit=False))
    return tuple(piece for piece in pieces if piece.text)


def _start(text: str, hit: int) -> int:
    """Return where a snippet begins: some way before the hit, where a word begins."""
    start = max(hit - BEFORE, 0)
    gap = re.search(r"\s", text[start:hit]) if start else None
    return start if gap is None else start + gap.end()


def _written(term: Term) -> str:
    """Return the pattern of a term: its words, with nothing but a few signs between them."""
    runs = [re.escape(run) if _IS_CJK.match(run) else f"(?<!{_WORD}){re.escape(run)}" for run in term.runs]
    end = "" if term.is_begun or _IS_CJK.match(term.runs[-1]) else f"(?!{_WORD})"
    return r"[\W_]{0,6}".join(runs) + end


@lru_cache(maxsize=65_536)
def _folded_sign(sign: str) -> str:
    return _without_accents(unicodedata.normalize("NFKC", sign)).casefold()


def _term(words: str, *, is_begun: bool) -> Term | None:
    # People leave the scheme out, or type https for http: the host is what they look for.
    folded = re.sub(r"^(?:https?|ftp)://", "", fold(words))
    runs = tuple(_RUN.findall(folded))
    if not runs:
        return None
    # Two signs are a whole token; one sign, or the beginning of a word, may go on.
    is_pair = len(runs[-1]) > 1 and _IS_CJK.match(runs[-1]) is not None
    is_sign = len(runs[-1]) == 1 and _IS_CJK.match(runs[-1]) is not None
    return Term(tokens=_phrase(runs), runs=runs, is_begun=is_sign or (is_begun and not is_pair))


def _phrase(runs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tokens of `runs` as they follow each other in a text that goes on behind them."""
    last = len(runs) - 1
    return tuple(token for place, run in enumerate(runs) for token in _tokens(run, is_last=place == last))


def _tokens(run: str, *, is_last: bool) -> Iterator[str]:
    if _IS_CJK.match(run) is None:
        yield run
        return
    yield from (run[place : place + 2] for place in range(len(run) - 1))
    if not is_last or len(run) == 1:
        yield run[-1]


def _plain(found: re.Match[str]) -> str:
    return "ftp://" if found[0].startswith("f") else "https://" if "s" in found[0][3:] else "http://"


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", text)))
