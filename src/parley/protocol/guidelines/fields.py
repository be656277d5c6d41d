"""The fields of a guideline: every value of its terms under a path, and how it reads in each language.

    {clocks/acknowledge/U0}   30 minutes · 30 分钟           one value
    {clocks/acknowledge}      U0 FLASH: 30 minutes; …        all values under a path
    {calendars/A}             a side's office time

Parties stand by their letters, and steps of the ladder by their rungs, so that a path never counts places in
a list. A value is written by its own form, never by where it stands: so both languages show the same one, and
no prose can say another number. Instants are Unix seconds. Source: Spec §16.4.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from parley.protocol.breach import BreachError
from parley.protocol.guidelines.words import UNITS, WEEK, Language, pick, word
from parley.protocol.strictjson import JsonObject, JsonValue, read
from parley.protocol.terms import Terms

_LIMIT: Final = re.compile(r"([1-9][0-9]{0,3})(m|h|d|wd)")
_BOTH: Final = frozenset({"en", "zh"})
MINUTES: Final = 60


def tree(terms: Terms, *, since: int, offences: JsonObject) -> JsonObject:
    """Return all fields as a tree of objects, whose leaves are the values."""
    value = read(terms.text.encode())
    letters = terms.letters
    fields: JsonObject = {"since": since, "parties": {letter: node for node, letter in letters.items()}}
    fields |= {key: each for key, each in value.items() if key not in {"terms", "parties"}}
    calendars, hotline = value["calendars"], value["hotline"]
    assert isinstance(calendars, dict), "terms that were read have calendars"
    fields["calendars"] = {letters[node]: each for node, each in calendars.items()}
    if isinstance(hotline, dict):
        fields["hotline"] = {**hotline, "ladder": _by_rung(hotline["ladder"])}
    return {**fields, "offences": offences}


def _by_rung(ladder: JsonValue) -> JsonObject:
    assert isinstance(ladder, list), "terms that were read have a ladder"
    return {
        str(step["rung"]): {key: each for key, each in step.items() if key != "rung"}
        for step in ladder
        if isinstance(step, dict)
    }


def is_leaf(value: JsonValue) -> bool:
    """Return whether a value has no path below it: no object, an empty one, or a text in both languages."""
    return not isinstance(value, dict) or not value or value.keys() == _BOTH


def leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Yield every value in the tree with its path, in the order of the text."""
    if not isinstance(value, dict) or is_leaf(value):
        yield path, value
        return
    for key, each in value.items():
        yield from leaves(each, f"{path}/{key}" if path else key)


def find(fields: JsonObject, path: str) -> JsonValue:
    """Return what stands under `path`: a value, or all below it.

    Raises:
        BreachError: §16.4; there is no such field.
    """
    value: JsonValue = fields
    for key in path.split("/"):
        if not isinstance(value, dict) or is_leaf(value) or key not in value:
            raise BreachError("16.4", f"no such field: {path[:100]}")
        value = value[key]
    return value


def show(fields: JsonObject, path: str, language: Language) -> str:
    """Return how the field under `path` reads in `language`.

    Raises:
        BreachError: §16.4; there is no such field.
    """
    return _show(find(fields, path), path, language)


# By the whole path, so that no code that somebody calls alike is taken for one of these.
def _show(value: JsonValue, path: str, language: Language) -> str:
    match value:
        case None:
            return _nothing(language)
        case dict() if is_leaf(value):
            return str(value[language.value]) if value else _nothing(language)
        case dict():
            parts = (_named(f"{path}/{name}", each, language) for name, each in value.items())
            return pick(("; ", "；"), language).join(parts)
        case list():
            special = _SPECIAL.get(path)
            words = special(value, language) if special else [word(str(each), language) for each in value]
            return _joined(words, language)
        case bool():
            return pick(("yes", "是"), language) if value else pick(("no", "否"), language)
        case int() if path == "since":
            return moment(value, language)
        case _:
            return limit(str(value), language)


def _named(path: str, value: JsonValue, language: Language) -> str:
    name, shown = path.rpartition("/")[2], _show(value, path, language)
    nests = not is_leaf(value)
    before = pick((" (", "（") if nests else (": ", "："), language)
    after = pick((")", "）"), language) if nests else ""
    return f"{word(name, language)}{before}{shown}{after}"


def limit(text: str, language: Language) -> str:
    """Return a limit in words, such as ``5 working days``; any other text is a code."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        return word(text, language)
    one, several, chinese = UNITS[found[2]]
    if language is Language.ZH:
        return f"{found[1]} {chinese}"
    return f"{found[1]} {one if found[1] == '1' else several}"


def moment(instant: int, language: Language) -> str:
    """Return an instant in UTC, such as ``2026-12-01 00:00 UTC``; past the year 2999, its seconds."""
    try:
        text = datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    except (OverflowError, ValueError, OSError):
        text = str(instant)
    return pick((f"{text} UTC", f"协调世界时 {text}"), language)


def _nothing(language: Language) -> str:
    return pick(("none", "无"), language)


def _joined(parts: list[str], language: Language) -> str:
    return pick((", ", "、"), language).join(parts) if parts else _nothing(language)


def _offsets(value: list[JsonValue], language: Language) -> list[str]:
    return [
        _offset(int(str(since)), int(str(minutes)), language, is_first=place == 0)
        for place, (since, minutes) in enumerate(each for each in value if isinstance(each, list))
    ]


def _offset(since: int, minutes: int, language: Language, *, is_first: bool) -> str:
    sign = "-" if minutes < 0 else "+"
    zone = f"UTC{sign}{abs(minutes) // MINUTES:02}:{abs(minutes) % MINUTES:02}"
    if is_first:
        return zone
    begins = moment(since, language)
    return pick((f"from {begins} {zone}", f"自{begins}起 {zone}"), language)


def _weeks(value: list[JsonValue], language: Language) -> list[str]:
    return [_week(each, language) for each in value if isinstance(each, dict)]


def _week(week: Mapping[str, JsonValue], language: Language) -> str:
    hours, weekend = week["hours"], week["weekend"]
    assert isinstance(hours, list), "a calendar that was read has hours"
    assert isinstance(weekend, list), "a calendar that was read has a weekend"
    opened = [f"{_clock(pair[0])}–{_clock(pair[1])}" for pair in hours if isinstance(pair, list)]
    rest = _joined([pick(WEEK[int(str(day))], language) for day in weekend], language)
    times = _joined(opened, language)
    return pick(
        (f"from {week['since']} {times}, rest on: {rest}", f"自 {week['since']} 起 {times}，休息日：{rest}"),
        language,
    )


def _clock(minute: JsonValue) -> str:
    found = int(str(minute))
    return f"{found // MINUTES:02}:{found % MINUTES:02}"


_SPECIAL: Final = {
    f"calendars/{letter}/{key}": table
    for letter in "AB"
    for key, table in (("offsets", _offsets), ("weeks", _weeks))
}
