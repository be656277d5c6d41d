"""The bodies of a joint case: titles, notes and findings in words, written and read.

The other side may have written anything into a body, and the fold never looks: what has another shape than
agreed was not said. What *we* write has both languages wherever the treaty has two. Source: Spec §15.2.6.

    case.proposed      {"title":{"en":…,"zh":…},"text":T}
    case.task_set      {"title":{"en":…,"zh":…}}
    finding.given      {"statement":{"en":…,"zh":…},"alternatives":[T,…],"dissent":T|null}
    finding.revised    the same, and "changed":{"en":…,"zh":…}
    anything else      {"text":T}, or none                         T = {"lang":"en","text":"…"}
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.inquiries.forms.letter import Text, read_text, write_text
from parley.protocol.cases.bodies import MAX_ALTERNATIVES
from parley.protocol.strictjson import JsonValue

MAX_TITLE: Final = 200
MAX_TEXT: Final = 10_000
"""In characters; a finding and what changed in it are texts, a title is a line."""
Body = Mapping[str, JsonValue]


class MissingWordsError(Exception):
    """Words are missing that this statement needs; `field` names them, such as ``title.zh``."""

    def __init__(self, field: str) -> None:
        super().__init__(f"expected words in {field}, found none")
        self.field = field


class LongWordsError(Exception):
    """The words of `field` have `found` characters, of at most `most`."""

    def __init__(self, field: str, found: int, *, most: int) -> None:
        super().__init__(f"expected at most {most} characters in {field}, found {found}")
        self.field, self.found, self.most = field, found, most


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The same in both languages. Read from the other side, one of them may be ""."""

    en: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the body of a statement in a case says. What does not belong to its kind is empty."""

    title: Both = Both()
    text: Text | None = None
    statement: Both = Both()
    alternatives: tuple[Text | None, ...] = ()
    dissent: Text | None = None
    changed: Both = Both()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWords:
    """A finding in words. `alternatives` has one text for each alternative of the act, in their order.

    `changed` belongs to a revision, and only there.
    """

    statement: Both
    alternatives: tuple[Text, ...] = ()
    dissent: Text | None = None
    changed: Both | None = None


def both_of(en: str, zh: str) -> Both:
    """Return the two texts as they are sent: composed (NFC), without blanks around them."""
    return Both(en=_composed(en), zh=_composed(zh))


def _composed(words: str) -> str:
    return unicodedata.normalize("NFC", words).strip()


def write_title(title: Both, *, text: Text | None = None) -> Body:
    """Return the body of a proposal or of a task.

    Raises:
        MissingWordsError: a language is missing. LongWordsError: it is too long.
    """
    _check_both("title", title, most=MAX_TITLE)
    _check_text(text)
    body: dict[str, JsonValue] = {"title": _write_both(title)}
    return body if text is None else {**body, "text": write_text(text)}


def write_words(text: Text | None) -> Body | None:
    """Return the body of any other statement, or None if nothing is said in words.

    Raises:
        LongWordsError: it is too long.
    """
    _check_text(text)
    return None if text is None else {"text": write_text(text)}


def write_finding(words: FindingWords) -> Body:
    """Return the body of a finding, or of its next version.

    Raises:
        MissingWordsError: a language is missing. LongWordsError: a text is too long.
    """
    _check_both("statement", words.statement, most=MAX_TEXT)
    for each in (*words.alternatives, words.dissent):
        _check_text(each)
    body: dict[str, JsonValue] = {
        "statement": _write_both(words.statement),
        "alternatives": [write_text(each) for each in words.alternatives],
        "dissent": write_text(words.dissent),
    }
    if words.changed is None:
        return body
    _check_both("changed", words.changed, most=MAX_TEXT)
    return {**body, "changed": _write_both(words.changed)}


def _write_both(both: Both) -> JsonValue:
    return {"en": both.en, "zh": both.zh}


def _check_both(field: str, both: Both, *, most: int) -> None:
    for language, words in (("en", both.en), ("zh", both.zh)):
        if not words:
            raise MissingWordsError(f"{field}.{language}")
        if len(words) > most:
            raise LongWordsError(f"{field}.{language}", len(words), most=most)


def _check_text(text: Text | None) -> None:
    if text is not None and len(text.text) > MAX_TEXT:
        raise LongWordsError("text", len(text.text), most=MAX_TEXT)


def read_words(body: Body | None) -> Words:
    """Return what a body says, of whichever kind of statement in a case."""
    body = body or {}
    return Words(
        title=_read_both(body.get("title"), most=MAX_TITLE),
        text=read_text(body.get("text")),
        statement=_read_both(body.get("statement"), most=MAX_TEXT),
        alternatives=tuple(read_text(each) for each in _list(body.get("alternatives"))[:MAX_ALTERNATIVES]),
        dissent=read_text(body.get("dissent")),
        changed=_read_both(body.get("changed"), most=MAX_TEXT),
    )


def _read_both(value: JsonValue, *, most: int) -> Both:
    found = value if isinstance(value, dict) else {}
    en, zh = (_string(found.get(language), most=most) for language in ("en", "zh"))
    return Both(en=en, zh=zh)


def _string(value: JsonValue, *, most: int) -> str:
    return value if isinstance(value, str) and len(value) <= most else ""


def _list(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else ()
