"""What an act or a body says, line by line, whatever stands in it.

The record may hold anything that the other side wrote, so nothing here expects a shape: codes
get their words where there are words, instants become instants, and the rest is shown as it is.
A line knows what kind of text it is, so that a page shows addresses defanged and prose as prose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.protocol.strictjson import JsonValue
from parley.ui import words
from parley.ui.defang import SCHEMES

MAX_LINES: Final = 500
_MAX_DEPTH: Final = 12

_TIMES: Final = frozenset({"until", "due", "at", "observed_at"})
_ADDRESSES: Final = frozenset({"url", "legitimate_url", "ip"})
_LABELS: Final[words.Labels] = {
    "at": ("at", "时间"),
    "authority": ("authority", "机关"),
    "batch": ("batch", "批次"),
    "card": ("card", "密钥卡"),
    "cards": ("cards", "密钥卡"),
    "case": ("case number", "案件编号"),
    "channel": ("channel", "信道"),
    "clock": ("clock", "时限"),
    "code": ("what", "内容"),
    "codes": ("conditions", "条件"),
    "count": ("count", "数量"),
    "due": ("to be undertaken by", "请对方在此之前作出保证"),
    "fields": ("fields", "字段"),
    "field": ("field", "字段"),
    "findings": ("findings", "结论"),
    "from": ("from", "请求机关"),
    "ground": ("ground", "理由"),
    "grounds": ("grounds", "理由"),
    "groups": ("groups of items", "事项分组"),
    "handling": ("handling", "使用限制"),
    "inquiry": ("inquiry", "协查请求"),
    "institution": ("institution", "机构"),
    "item": ("item of cooperation", "合作事项"),
    "items": ("items", "事项"),
    "legitimate_url": ("genuine address", "真实网站"),
    "measure": ("measure", "措施"),
    "n": ("item", "事项"),
    "note": ("note", "备注"),
    "notes": ("notes", "备注"),
    "of": ("of", "所指"),
    "origins": ("logs", "日志"),
    "outcome": ("outcome", "结果"),
    "protocol": ("protocol", "协议"),
    "reason": ("reason", "原因"),
    "ref": ("registry number", "文号"),
    "serial": ("serial number", "序号"),
    "state": ("state", "状态"),
    "terms": ("terms", "约定条款"),
    "text": ("text", "正文"),
    "to": ("sent on", "转交至"),
    "type": ("type", "类型"),
    "until": ("until", "至"),
    "urgency": ("urgency", "紧急程度"),
    "value": ("value", "值"),
    "wants": ("asked for", "请求内容"),
}
_TYPES: Final[words.Labels] = {
    "phishing_site": ("phishing site", "仿冒网站"),
    "information": ("information", "信息"),
}
_TABLES: Final[Mapping[str, tuple[words.Labels, ...]]] = {
    "clock": (words.CLOCKS,),
    "code": (words.FINDINGS, words.CODES),
    "codes": (words.CODES,),
    "field": (words.FIELDS,),
    "ground": (words.GROUNDS, words.CODES),
    "grounds": (words.GROUNDS,),
    "item": (words.COOPERATION,),
    "measure": (words.MEASURES,),
    "outcome": (words.CODES,),
    "reason": (words.CODES,),
    "state": (words.SITE_STATES,),
    "to": (words.CODES,),
    "type": (_TYPES,),
    "urgency": (words.URGENCIES,),
    "wants": (words.WANTS,),
}

_QUOTED: Final = frozenset({"ground", "grounds", "urgency"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is said: under which label, how deep, and as what it is to be shown."""

    label: str
    depth: int
    text: str = ""
    seconds: int | None = None
    language: str = ""
    is_address: bool = False
    is_prose: bool = False


def lines_of(value: Mapping[str, JsonValue]) -> tuple[Line, ...]:
    """Return what `value` says, in its own order; at most `MAX_LINES` lines."""
    found: list[Line] = []
    for line in _lines(value, 0):
        if len(found) == MAX_LINES:
            found.append(Line(label=_("and more"), depth=0, text="…"))
            break
        found.append(line)
    return tuple(found)


def _lines(value: Mapping[str, JsonValue], depth: int) -> Iterator[Line]:
    for key, each in value.items():
        if each is None or each in ([], {}):
            continue
        yield from _said(key, each, depth)


def _said(key: str, value: JsonValue, depth: int) -> Iterator[Line]:
    label = _label(key)
    match value:
        case {"lang": str(language), "text": str(text), **rest} if not rest:
            yield Line(label=label, depth=depth, text=text, language=language, is_prose=True)
        case dict() if depth < _MAX_DEPTH:
            yield Line(label=label, depth=depth)
            yield from _lines(value, depth + 1)
        case list() if depth < _MAX_DEPTH and any(isinstance(each, dict | list) for each in value):
            for place, each in enumerate(value):
                # Items have numbers of their own, from 0; of other things a single one needs none.
                number = str(place) if key == "items" else str(place + 1) if len(value) > 1 else ""
                yield from _said_in_list(f"{label} {number}".strip(), each, depth=depth)
        case list():
            yield Line(label=label, depth=depth, text=words.listed(_word(key, each) for each in value))
        case int() if key in _TIMES and not isinstance(value, bool):
            yield Line(label=label, depth=depth, seconds=value)
        case str() if key in _ADDRESSES or _is_address(value):
            yield Line(label=label, depth=depth, text=value, is_address=True)
        case _:
            yield Line(label=label, depth=depth, text=_word(key, value), is_prose=isinstance(value, str))


def _said_in_list(label: str, value: JsonValue, *, depth: int) -> Iterator[Line]:
    if isinstance(value, dict):
        yield Line(label=label, depth=depth)
        yield from _lines(value, depth + 1)
    else:
        yield Line(label=label, depth=depth, text=_word("", value))


def _label(key: str) -> str:
    if key in words.FIELDS:
        return words.label(key, words.FIELDS)
    return words.label(key, _LABELS)


def _word(key: str, value: JsonValue) -> str:
    if value == "all":
        return _("all items")
    if not isinstance(value, str):
        return str(value)
    word = next((words.label(value, table) for table in _TABLES.get(key, ()) if value in table), value)
    # A ground or an urgency is known by its code, and people quote that.
    return f"{value} {word}" if key in _QUOTED and word != value else word


def _is_address(text: str) -> bool:
    return text.lower().startswith(tuple(f"{scheme}://" for scheme in SCHEMES))
