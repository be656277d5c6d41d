"""The bodies of what is said about an offer, written and read.

The other side may have written anything into a body, and the fold never looks: what has another shape than
agreed was not said. Source: Spec §14.2.5.

    sharing.offered    {"title":T,"why":T|null,"conditions":T|null}
    sharing.delivered  {"text":T|null,"files":[…]}                     T = {"lang":"en","text":"…"}
    anything else      {"text":T}, or none
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.inquiries.forms.letter import Text, read_text, write_text
from parley.protocol.strictjson import JsonValue

MAX_TITLE: Final = 200
MAX_TEXT: Final = 10_000
"""In characters."""
Body = Mapping[str, JsonValue]


class NoTitleError(Exception):
    """An offer says in one line what it is; this one says nothing."""


class LongTextError(Exception):
    """A text has `found` characters, of at most `most`."""

    def __init__(self, found: int, *, most: int) -> None:
        super().__init__(f"expected at most {most} characters, found {found}")
        self.found, self.most = found, most


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a body says. What does not belong to its kind is None."""

    title: Text | None = None
    why: Text | None = None
    conditions: Text | None = None
    text: Text | None = None


def write_offer(*, title: Text | None, why: Text | None, conditions: Text | None) -> Body:
    """Return the body of an offer.

    Raises:
        NoTitleError, LongTextError: it cannot be said so.
    """
    if title is None or not title.text.strip():
        raise NoTitleError
    _check(title, most=MAX_TITLE)
    for each in (why, conditions):
        _check(each, most=MAX_TEXT)
    return {"title": write_text(title), "why": write_text(why), "conditions": write_text(conditions)}


def write_words(text: Text | None) -> Body | None:
    """Return the body of any other statement, or None if nothing is said in words.

    Raises:
        LongTextError: it is too long.
    """
    _check(text, most=MAX_TEXT)
    return None if text is None else {"text": write_text(text)}


def _check(text: Text | None, *, most: int) -> None:
    if text is not None and len(text.text) > most:
        raise LongTextError(len(text.text), most=most)


def read_words(body: Body | None) -> Words:
    """Return what a body says, of whichever kind of statement about an offer."""
    body = body or {}
    return Words(
        title=read_text(body.get("title")),
        why=read_text(body.get("why")),
        conditions=read_text(body.get("conditions")),
        text=read_text(body.get("text")),
    )
