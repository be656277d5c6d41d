"""The letter: the body of an inquiry, and of every other statement, as values.

The letter is for people: no clock and no state depends on it, and the other side may have
written anything into it. So it is read with tolerance: what has another shape than agreed
counts as not said. What is written here always reads back the same. Source: Spec §8.8.

    {"title":T,"purpose":T,"facts":T|null,"legal_basis":["…"],
     "from":{"authority":T,"case":"…"|null},"handling":{"tlp":"AMBER"},"urgency_reason":T|null,
     "items":[{"url":"…","observed_at":1790000000,"target_brand":{…},"state":"active","note":T|null},…]}
                                                          T = {"lang":"en","text":"…"}
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.protocol.inquiries.codes import Type
from parley.protocol.strictjson import JsonValue

ENGLISH: Final = "en"
CHINESE: Final = "zh-Hans"
LANGUAGES: Final = (ENGLISH, CHINESE)
# The traffic light of every link; what a link may carry at most is agreed elsewhere.
TLP: Final = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")

MAX_HOST: Final = 255

# Fields of a site that are sent only when there is something in them, with their types.
_EXTRAS: Final[Mapping[str, type]] = {
    "ip": str,
    "hosting_provider": str,
    "registrar": str,
    "victims": int,
    "screenshot_sha256": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words of a person, and the language they are in."""

    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An item T2: a site that poses as somebody else's. `observed_at` is unix seconds."""

    url: str | None
    observed_at: int | None
    brand: Text | None
    legitimate_url: str | None = None
    state: str = "unknown"
    note: Text | None = None
    extras: tuple[tuple[str, str | int], ...] = ()

    @property
    def type(self) -> Type:
        """Return what such an item is on the wire."""
        return Type.PHISHING_SITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An item T1: somebody or something about which questions are asked."""

    kind: str | None
    value: str | None
    questions: tuple[str, ...]
    observed_at: int | None = None
    note: Text | None = None

    @property
    def type(self) -> Type:
        """Return what such an item is on the wire."""
        return Type.INFORMATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the fold never reads of an inquiry: for whom, why, by which law, and its items' own fields."""

    title: Text | None = None
    purpose: Text | None = None
    facts: Text | None = None
    legal_basis: tuple[str, ...] = ()
    authority: Text | None = None
    case: str | None = None
    tlp: str | None = None
    urgency_reason: Text | None = None
    items: tuple[Site | Subject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a statement other than an inquiry says in words: as a whole, by field, by item."""

    text: Text | None = None
    fields: tuple[tuple[int | None, str, Text], ...] = ()
    notes: tuple[tuple[int, Text], ...] = ()


def text_of(words: str) -> Text:
    """Return `words` as they are sent: composed (NFC), with the language that its letters tell."""
    composed = unicodedata.normalize("NFC", words)
    chinese = any("\u3400" <= sign <= "\u9fff" for sign in composed)
    return Text(language=CHINESE if chinese else ENGLISH, text=composed)


def host_of(address: str) -> str:
    """Return the host in `address` as rows are found by it: small letters, ASCII, no port, no last dot.

    Only a key to look under. Whether two addresses are the same site, whoever compares decides.
    """
    rest = address.partition("://")[2] or address
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d*$", "", authority).rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii")[:MAX_HOST]
    except UnicodeError:
        return host[:MAX_HOST]


def write_letter(letter: Letter) -> Mapping[str, JsonValue]:
    """Return the body of ``inquiry.sent``, its keys in the agreed order."""
    return {
        "title": write_text(letter.title),
        "purpose": write_text(letter.purpose),
        "facts": write_text(letter.facts),
        "legal_basis": list(letter.legal_basis),
        "from": {"authority": write_text(letter.authority), "case": letter.case},
        "handling": {"tlp": letter.tlp},
        "urgency_reason": write_text(letter.urgency_reason),
        "items": [_write_item(item) for item in letter.items],
    }


def write_text(text: Text | None) -> JsonValue:
    """Return `text` as bodies hold it."""
    return None if text is None else {"lang": text.language, "text": text.text}


def _write_item(item: Site | Subject) -> JsonValue:
    if isinstance(item, Subject):
        return {
            "subject": {"type": item.kind, "value": item.value},
            "questions": list(item.questions),
            **({} if item.observed_at is None else {"observed_at": item.observed_at}),
            "note": write_text(item.note),
        }
    return {
        "url": item.url,
        "observed_at": item.observed_at,
        "target_brand": {"institution": write_text(item.brand), "legitimate_url": item.legitimate_url},
        "state": item.state,
        "note": write_text(item.note),
        **dict(item.extras),
    }


def read_letter(body: Mapping[str, JsonValue] | None) -> Letter:
    """Return what `body` says; what is missing or has another shape than agreed was not said."""
    body = body or {}
    sender, handling = _object(body.get("from")), _object(body.get("handling"))
    return Letter(
        title=read_text(body.get("title")),
        purpose=read_text(body.get("purpose")),
        facts=read_text(body.get("facts")),
        legal_basis=_strings(body.get("legal_basis")),
        authority=read_text(sender.get("authority")),
        case=_string(sender.get("case")),
        tlp=_string(handling.get("tlp")),
        urgency_reason=read_text(body.get("urgency_reason")),
        items=tuple(_read_item(_object(each)) for each in _list(body.get("items"))),
    )


def _read_item(item: Mapping[str, JsonValue]) -> Site | Subject:
    note = read_text(item.get("note"))
    if "subject" in item:
        subject = _object(item["subject"])
        return Subject(
            kind=_string(subject.get("type")),
            value=_string(subject.get("value")),
            questions=_strings(item.get("questions")),
            observed_at=_number(item.get("observed_at")),
            note=note,
        )
    brand = _object(item.get("target_brand"))
    return Site(
        url=_string(item.get("url")),
        observed_at=_number(item.get("observed_at")),
        brand=read_text(brand.get("institution")),
        legitimate_url=_string(brand.get("legitimate_url")),
        state=_string(item.get("state")) or "unknown",
        note=note,
        extras=tuple(_extras(item)),
    )


def _extras(item: Mapping[str, JsonValue]) -> Iterable[tuple[str, str | int]]:
    for name, kind in _EXTRAS.items():
        value = _string(item.get(name)) if kind is str else _number(item.get(name))
        if value is not None:
            yield name, value


def write_remark(remark: Remark) -> Mapping[str, JsonValue] | None:
    """Return the body of any other statement, or None if nothing is said in words."""
    if remark == Remark():
        return None
    body: dict[str, JsonValue] = {"text": write_text(remark.text)}
    if remark.fields:
        body["fields"] = [
            {"item": item, "field": field, "text": write_text(text)} for item, field, text in remark.fields
        ]
    if remark.notes:
        body["notes"] = [{"item": item, "text": write_text(text)} for item, text in remark.notes]
    return body


def read_remark(body: Mapping[str, JsonValue] | None) -> Remark:
    """Return what `body` says in words; what has another shape than agreed was not said."""
    body = body or {}
    fields = (_object(each) for each in _list(body.get("fields")))
    notes = (_object(each) for each in _list(body.get("notes")))
    return Remark(
        text=read_text(body.get("text")),
        fields=tuple(
            (_number(each.get("item")), field, text)
            for each in fields
            if (field := _string(each.get("field"))) and (text := read_text(each.get("text")))
        ),
        notes=tuple(
            (item, text)
            for each in notes
            if (item := _number(each.get("item"))) is not None and (text := read_text(each.get("text")))
        ),
    )


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else ()


def _string(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value else None


def _strings(value: JsonValue) -> tuple[str, ...]:
    return tuple(each for each in _list(value) if isinstance(each, str) and each)


def _number(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_text(value: JsonValue) -> Text | None:
    """Return the words in `value`; what has another shape than agreed was not said."""
    text = _object(value)
    language, words = text.get("lang"), text.get("text")
    if not isinstance(language, str) or not isinstance(words, str) or not words:
        return None
    return Text(language=language, text=words)
