"""What an officer types, to what an act holds: items, findings, times. Nothing is guessed.

    items     all · 3 · 0,2,5-7
    finding   0,1=mitigated:content_removed@2026-11-02T09:10Z
              2=preserved@+60d      3=duplicate_of:A-112/0
              ITEMS=CODE[:DETAIL][@TIME]; the detail is a measure, until when, or another item
    time      2026-11-02T09:10Z · 2026-11-02T17:10+08:00 · +3d (from now on)

A time without a zone is refused by name: an answer that is wrong by eight hours is worse
than a question. Source: Spec §8.2, §8.5.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Final, TypeVar

from parley.protocol.inquiries.bodies import ALL, MAX_ITEMS
from parley.protocol.inquiries.codes import FindingCode, Measure
from parley.protocol.strictjson import JsonValue

_RANGE: Final = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?", re.ASCII)
_LATER: Final = re.compile(r"\+(\d{1,5})(m|h|d)", re.ASCII)
_SECONDS: Final = {"m": 60, "h": 3600, "d": 86_400}
_FINDING: Final = re.compile(r"(?P<items>[^=]*)=(?P<code>[^:@]*)(?::(?P<detail>[^@]*))?(?:@(?P<at>.*))?")
_OF: Final = re.compile(r"(?P<inquiry>.+)/(?P<n>\d{1,4})", re.ASCII)

_Code = TypeVar("_Code", bound=Enum)


class TypedError(Exception):
    """`text` cannot be taken for `wanted`: items, finding, code, time, zone or item_of.

    `choices` are the words that can stand there, where there is a list of them.
    """

    def __init__(self, wanted: str, text: str, *, choices: tuple[str, ...] = ()) -> None:
        super().__init__(f"expected {wanted}, found {text!r}")
        self.wanted = wanted
        self.text = text
        self.choices = choices


def read_items(text: str) -> JsonValue:
    """Return ``"all"``, or the numbers that `text` lists as a rising list."""
    if text.strip() == ALL:
        return ALL
    numbers: set[int] = set()
    for part in text.split(","):
        found = _RANGE.fullmatch(part.strip())
        if found is None:
            raise TypedError("items", text)
        first, last = int(found[1]), int(found[2] or found[1])
        if first > last or last >= MAX_ITEMS:
            raise TypedError("items", text)
        numbers.update(range(first, last + 1))
    return _rising(numbers)


def spoken_items(numbers: Iterable[int]) -> str:
    """Return the numbers as `read_items` reads them: ``0-2,7``."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def read_code(text: str, codes: type[_Code]) -> _Code:
    """Return the one of `codes` that `text` names; a hyphen is as good as an underscore."""
    for code in codes:
        if code.value == text.strip().replace("-", "_") or code.value == text.strip().upper():
            return code
    raise TypedError("code", text, choices=tuple(str(code.value) for code in codes))


def read_codes(texts: Iterable[str], codes: type[_Code]) -> tuple[_Code, ...]:
    """Return the codes that `texts` name, several with commas between them; none of them twice."""
    words = (word for text in texts for word in text.split(",") if word.strip())
    return tuple(dict.fromkeys(read_code(word, codes) for word in words))


def read_time(text: str, *, now: int) -> int:
    """Return the unix seconds that `text` states, from `now` on if it begins with a plus."""
    later = _LATER.fullmatch(text.strip())
    if later is not None:
        return now + int(later[1]) * _SECONDS[later[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise TypedError("time", text) from error
    if moment.tzinfo is None:
        raise TypedError("zone", text)
    return int(moment.timestamp())


def read_finding(text: str, *, now: int) -> dict[str, JsonValue]:
    """Return the finding that `text` states, in the shape of `findings` in an answer."""
    found = _FINDING.fullmatch(text)
    if found is None:
        raise TypedError("finding", text)
    items = read_items(found["items"])
    if not isinstance(items, list):
        raise TypedError("items", found["items"])
    code = read_code(found["code"], FindingCode)
    finding: dict[str, JsonValue] = {"items": items, "code": code.value}
    detail, at = found["detail"] or "", found["at"] or ""
    if code is FindingCode.PRESERVED and not detail:
        # There the only time is until when.
        detail, at = at, ""
    if at:
        finding["at"] = read_time(at, now=now)
    match code:
        case FindingCode.MITIGATED:
            finding["measure"] = read_code(detail, Measure).value
        case FindingCode.PRESERVED:
            finding["until"] = read_time(detail, now=now)
        case FindingCode.DUPLICATE_OF:
            finding["of"] = read_item_of(detail)
        case _ if detail:
            raise TypedError("finding", text)
        case _:
            pass
    return finding


def read_item_of(text: str) -> dict[str, JsonValue]:
    """Return the item that ``INQUIRY/N`` names; the inquiry as it is written, still to be found."""
    found = _OF.fullmatch(text.strip())
    if found is None:
        raise TypedError("item_of", text)
    return {"inquiry": found["inquiry"], "n": int(found["n"])}


def merged(findings: Sequence[Mapping[str, JsonValue]]) -> list[JsonValue]:
    """Return `findings` as `read_finding` makes them; those that differ in their items alone become one."""
    together: dict[str, dict[str, JsonValue]] = {}
    for finding in findings:
        rest = {name: value for name, value in sorted(finding.items()) if name != "items"}
        before = together.get(repr(rest), {"items": []})
        together[repr(rest)] = {"items": _joined(before["items"], finding["items"]), **rest}
    return list(together.values())


def named_items(findings: Iterable[JsonValue]) -> list[JsonValue]:
    """Return the numbers of all items that `findings` are about, rising."""
    named: set[int] = set()
    for finding in findings:
        items = finding["items"] if isinstance(finding, dict) else ()
        named.update(n for n in (items if isinstance(items, list) else ()) if isinstance(n, int))
    return _rising(named)


def _joined(one: JsonValue, two: JsonValue) -> JsonValue:
    both = [*(one if isinstance(one, list) else ()), *(two if isinstance(two, list) else ())]
    return _rising({n for n in both if isinstance(n, int)})


def _rising(numbers: Iterable[int]) -> list[JsonValue]:
    return [*sorted(numbers)]
