"""Strict JSON: one reading for every parser, checked before any parser reads it.

One object; UTF-8 without byte order mark; nothing outside the object; no key twice; integers
only, at most 2^53 - 1 in size, never -0; at most 8 containers deep; at most `max_values`
values (containers count, keys do not); no U+0000; no surrogate that stands alone.

`scan` is a reader of its own that builds nothing: msgspec takes a key twice (the last wins),
1e2 and integers past 2^53, and answers deep nesting with an error of another kind. It decides.
Bytes that a value gives back when it is written (`_compact`) are spared it: no doubled key,
space or foreign spelling survives that, so only the value is left to look at. What a value
means is left to the page that asked for it. Spec §6.1, RFC 8259, RFC 7493.
"""

import re
from collections.abc import Mapping, Sequence
from types import GenericAlias, UnionType
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta

from parley.protocol.breach import BreachError
from parley.protocol.notation import MAX_NUMBER

JsonValue: TypeAlias = "bool | int | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]
# What may be written: the same, and tuples.
JsonSource: TypeAlias = "bool | int | str | Sequence[JsonSource] | Mapping[str, JsonSource] | None"

MAX_SIZE: Final = 2 * 1024 * 1024
MAX_VALUES: Final = 10_000
# A body may describe five thousand items, each in a dozen values.
MAX_BODY_VALUES: Final = 100_000
MAX_DEPTH: Final = 8

_BACKSLASH: Final = 0x5C
_SPACE = r"[ \t\n\r]*"
# No alternative begins as another does, so a search that fails has read every character a
# bounded number of times. A surrogate escape counts only as one half of a pair.
_STRING = (
    r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]'
    r"|u(?!0000|[dD][89a-fA-F])[0-9a-fA-F]{4}"
    r"|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r')[^"\\\x00-\x1f]*)*"'
)
_NUMBER = r"(?:-?[1-9][0-9]{0,15}|0)(?![0-9.eE])"
_VALUE = re.compile(rf"{_SPACE}(?:([{{\[])|({_NUMBER})|{_STRING}|true|false|null)")
_FIRST_MEMBER = re.compile(rf"{_SPACE}(?:({_STRING}){_SPACE}:|\}})")
_NEXT_MEMBER = re.compile(rf"{_SPACE}(?:,{_SPACE}({_STRING}){_SPACE}:|\}})")
_FIRST_ITEM = re.compile(rf"{_SPACE}(?:\]|())")
_NEXT_ITEM = re.compile(rf"{_SPACE}(?:(,)|\])")


def _decoder() -> "msgspec.json.Decoder[JsonObject]":
    """Return a decoder for objects of `MAX_DEPTH` levels, without fractions and numbers past 2^53 - 1."""
    scalar = bool | Annotated[int, Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)] | str | None
    level: UnionType | GenericAlias = scalar
    for _ in range(MAX_DEPTH - 1):
        level = scalar | list[level] | dict[str, level]  # type: ignore[valid-type]  # made while running
    return msgspec.json.Decoder(dict[str, level])  # type: ignore[valid-type]  # likewise


_STRICT: Final = _decoder()

# The keys of every object that is open, the outermost first; None stands for an array.
_Open: TypeAlias = "list[set[str] | None]"


def read(raw: bytes, *, max_values: int = MAX_VALUES) -> JsonObject:
    """Return the one object in `raw`, at most `MAX_SIZE` bytes.

    Raises:
        BreachError: `raw` is not strict JSON.

    """
    value = _compact(raw, max_values)
    if value is None:
        scan(raw, max_values=max_values)
        value = msgspec.json.decode(raw)
    return value


def check(raw: bytes, *, max_values: int = MAX_VALUES) -> None:
    """Check that `raw` is strict JSON; the same as `scan`, and faster for what our own writer wrote.

    Raises:
        BreachError: it is not.

    """
    if _compact(raw, max_values) is None:
        scan(raw, max_values=max_values)


def write(value: Mapping[str, JsonSource], *, max_values: int = MAX_VALUES) -> bytes:
    """Return `value` as compact strict JSON, its keys in the order given.

    Raises:
        BreachError: nobody would read it, for instance a number past 2^53 - 1.

    """
    return compose(value, max_values=max_values)[0]


def compose(
    value: Mapping[str, JsonSource], *, max_values: int = MAX_VALUES
) -> tuple[bytes, Mapping[str, JsonValue]]:
    """Return `value` as `write` does, and the object as which these bytes are read.

    Raises:
        BreachError: nobody would read it.

    """
    try:
        raw = msgspec.json.encode(value)
    except (OverflowError, UnicodeEncodeError) as error:
        raise BreachError("6.1", "a number or a character has no form in strict JSON") from error
    return raw, read(raw, max_values=max_values)


def _compact(raw: bytes, max_values: int) -> JsonObject | None:
    """Return the object in `raw` if it surely is strict JSON, in the one form that `write` gives it.

    None says nothing about `raw`. A decoder's mistake cannot make this take what `scan` refuses:
    the encoder has to write these very bytes from the value, and it knows no other JSON.
    """
    if not _is_bounded(raw, max_values):
        return None
    try:
        value: JsonObject = _STRICT.decode(raw)
        is_same = msgspec.json.encode(value) == raw
    except (msgspec.DecodeError, UnicodeError):
        return None
    return value if is_same else None


def _is_bounded(raw: bytes, max_values: int) -> bool:
    """Return whether `raw` surely holds an object of at most `max_values` values, and no U+0000.

    Every value has a byte of its own, and every value but the first a comma or a bracket before
    it. Counted before anything is built of the bytes, so that a flood of values costs no memory.
    """
    # A single byte is found many times faster than six, and most texts escape nothing.
    if len(raw) > MAX_SIZE or (_BACKSLASH in raw and b"\\u0000" in raw):
        return False
    return len(raw) <= max_values or raw.count(b",") + raw.count(b"[") + raw.count(b"{") < max_values


def scan(raw: bytes, *, max_values: int = MAX_VALUES) -> None:
    """Check that `raw` is strict JSON, in time linear in its size.

    Raises:
        BreachError: with the place of the first fault, counted in characters.

    """
    text = _text_of(raw)
    opened: _Open = []
    position = 0
    for _ in range(max_values):
        match = _VALUE.match(text, position)
        if match is None:
            raise BreachError("6.1", f"no value of strict JSON at character {position}")
        position = match.end()
        fresh = _check_value(match, opened)
        position = _next_value(text, position, opened, fresh=fresh)
        if not opened:
            break
    else:
        raise BreachError("6.1", f"more than {max_values} values")
    if position != len(text):
        raise BreachError("6.1", "something follows the object")


def _text_of(raw: bytes) -> str:
    if len(raw) > MAX_SIZE:
        raise BreachError("6.1", f"JSON is at most {MAX_SIZE} bytes")
    if raw[:1] != b"{" or raw[-1:] != b"}":
        raise BreachError("6.1", "JSON is one object with nothing before and after it")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BreachError("6.1", "this is not UTF-8") from error


def _check_value(match: re.Match[str], opened: _Open) -> bool:
    # Returns whether a container was opened.
    bracket, number = match.groups()
    if bracket:
        if len(opened) == MAX_DEPTH:
            raise BreachError("6.1", f"more than {MAX_DEPTH} containers inside each other")
        opened.append(set() if bracket == "{" else None)
        return True
    if number and len(number) > 15 and abs(int(number)) > MAX_NUMBER:
        raise BreachError("6.1", f"the number {number} is larger than 2^53 - 1")
    return False


def _next_value(text: str, position: int, opened: _Open, *, fresh: bool) -> int:
    # Closes what closes and returns where the next value begins, or the end of the last one.
    while opened:
        keys = opened[-1]
        if keys is None:
            match = (_FIRST_ITEM if fresh else _NEXT_ITEM).match(text, position)
        else:
            match = (_FIRST_MEMBER if fresh else _NEXT_MEMBER).match(text, position)
        if match is None:
            raise BreachError("6.1", f"broken JSON at character {position}")
        position = match.end()
        if match[1] is not None:
            if keys is not None:
                _check_key(match[1], keys)
            return position
        opened.pop()
        fresh = False
    return position


def _check_key(quoted: str, keys: set[str]) -> None:
    # Two spellings of one key are the same key: "a" and "\u0061".
    key = msgspec.json.decode(quoted, type=str) if "\\" in quoted else quoted[1:-1]
    if key in keys:
        raise BreachError("6.1", "an object has the same key twice")
    keys.add(key)
