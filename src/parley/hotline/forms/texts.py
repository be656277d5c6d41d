"""The bodies of a call: what is said in words beside the act, written and read.

The other side may have written anything into a body, and the fold never looks: what has another
shape than agreed was not said. Whether a text is short enough is asked before it is written, and
never of what was received (Spec §12.3.5, §12.3.6).

    an opening, a clarification   {"salt":S,"object":"…","text":T|null,"from":{"authority":T|null},"handling":{"tlp":"RED"}}
    what was read back            {"object":"…"}, {"lines":["…",…]}
    a minute                      {"salt":S,"lines":["…",…],"present":[T,…]}
    anything else                 {"text":T}, or none                            T = {"lang":"en","text":"…"}
"""  # noqa: E501 - bytes as they are

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.inquiries.forms.letter import Text, read_text, write_text
from parley.protocol.breach import BreachError
from parley.protocol.hotline.bodies import MAX_LINES
from parley.protocol.hotline.length import MAX_LENGTH, MAX_LINE, is_line, length
from parley.protocol.hotline.mark import MAX_TEXT, SALT_BYTES
from parley.protocol.notation import read_base64, write_base64
from parley.protocol.strictjson import JsonValue

RED: Final = "RED"
Body = Mapping[str, JsonValue]


class TooLongError(Exception):
    """A text is longer than is read aloud at night: `found` of at most `most` (Spec §12.3.6)."""

    def __init__(self, found: int, *, most: int) -> None:
        super().__init__(f"expected a length of at most {most}, found {found}")
        self.found = found
        self.most = most


class MinuteError(Exception):
    """A minute has 1 to 5 lines, each of one line of text and none twice; `found` lines were given."""

    def __init__(self, found: int) -> None:
        super().__init__(f"expected 1 to {MAX_LINES} lines, none twice, found {found}")
        self.found = found


@dataclass(frozen=True, slots=True, kw_only=True)
class Salted:
    """What the body of a statement says. Where `salt` is None, nothing can be compared any more."""

    salt: bytes | None = None
    object: str | None = None
    text: Text | None = None
    authority: Text | None = None
    tlp: str | None = None
    lines: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


def check_text(text: Text | None) -> None:
    """Check that a text may stand beside the five fields, or be a message.

    Raises:
        TooLongError: it is longer than that.
    """
    found = 0 if text is None else length(text.text)
    if found > MAX_LENGTH:
        raise TooLongError(found, most=MAX_LENGTH)


def check_lines(lines: Sequence[str]) -> None:
    """Check that these may be the lines of a minute.

    Raises:
        MinuteError: too few or too many, or one of them twice. TooLongError: one is no line of a minute.
    """
    if not 1 <= len(lines) <= MAX_LINES or len(set(lines)) != len(lines):
        raise MinuteError(len(lines))
    for line in lines:
        if not is_line(line):
            raise TooLongError(length(line), most=MAX_LINE)


def write_opening(*, salt: bytes, named: str, text: Text | None, authority: Text | None) -> Body:
    """Return the body of an opening. The desk's words are for those who have to know: TLP:RED."""
    return {
        **write_text_with_fields(salt=salt, named=named, text=text),
        "from": {"authority": write_text(authority)},
        "handling": {"tlp": RED},
    }


def write_text_with_fields(*, salt: bytes, named: str, text: Text | None) -> Body:
    """Return the body of a message with fields."""
    return {"salt": write_base64(salt), "object": named, "text": write_text(text)}


def write_minute(lines: Sequence[str], *, salt: bytes, present: Sequence[Text]) -> Body:
    """Return the body of a minute, its lines in their order."""
    return {
        "salt": write_base64(salt),
        "lines": [*lines],
        "present": [write_text(each) for each in present],
    }


def write_words(text: Text | None) -> Body | None:
    """Return the body of any other statement, or None if nothing is said in words."""
    return None if text is None else {"text": write_text(text)}


def read_body(body: Body | None) -> Salted:
    """Return what a body says, of whichever kind of statement in a call."""
    body = body or {}
    sender, handling = (_object(body.get(name)) for name in ("from", "handling"))
    return Salted(
        salt=_salt(body.get("salt")),
        object=_string(body.get("object")),
        text=read_text(body.get("text")),
        authority=read_text(sender.get("authority")),
        tlp=_string(handling.get("tlp")),
        lines=_strings(body.get("lines")),
        present=tuple(text.text for each in _list(body.get("present")) if (text := read_text(each))),
    )


def _salt(value: JsonValue) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        found = read_base64(value, "12.4")
    except BreachError:
        return None
    return found if len(found) == SALT_BYTES else None


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else ()


def _string(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MAX_TEXT else None


def _strings(value: JsonValue) -> tuple[str, ...]:
    return tuple(each for each in _list(value)[:MAX_LINES] if isinstance(each, str))
