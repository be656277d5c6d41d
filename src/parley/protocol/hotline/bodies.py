"""What each statement in a call says: the `d` of its act, one class a kind.

A class is the past participle of its kind on the wire (``call.opened`` is `Opened`). Unknown fields,
wrong types and impossible combinations are refused here, which makes an act void as ``schema``. Who
may say what, and when, is told in `eye.py`. Source: Spec §12.3 to §12.6.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import Code, Id, Instant, read_id
from parley.protocol.breach import BreachError
from parley.protocol.clauses import Level, Rung
from parley.protocol.hotline.codes import (
    PUTS_OFF,
    Ask,
    Cause,
    Ending,
    Field,
    Nature,
    Sort,
    Subject,
    What,
    Where,
    nature_of,
)
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import URGENCIES

MAX_ASKS: Final = 4
MAX_LINES: Final = 5

Urgency = Annotated[str, Meta(pattern=rf"^({'|'.join(URGENCIES)})\Z")]
Lines = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MAX_LINES)]


def _distinct(words: tuple[Any, ...]) -> None:
    if len(set(words)) != len(words):
        raise ValueError("a word stands twice")


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all statements of a call share."""


class Object(Said, frozen=True, kw_only=True):
    """What it is about: of which kind, and the mark of the one that the body names (Spec §12.4)."""

    type: Subject
    mark: Id | None

    def __post_init__(self) -> None:
        """Check that there is a mark where there is an object, in its one form."""
        if (self.type is Subject.NONE) != (self.mark is None):
            raise ValueError("an object has a mark, and none has none")
        if self.mark is not None:
            read_id(self.mark)


class When(Said, frozen=True, kw_only=True):
    """Since when it goes on, and by when the other side is asked to act; null where nobody can say."""

    since: Instant | None
    by: Instant | None


class Fields(Said, frozen=True, kw_only=True):
    """The five coded fields: what a call says in both languages before anybody translates."""

    what: What
    object: Object
    where: Where
    when: When
    ask: Annotated[tuple[Ask, ...], Meta(min_length=1, max_length=MAX_ASKS)]

    def __post_init__(self) -> None:
        """Check that nothing is asked twice."""
        _distinct(self.ask)

    def misses(self, read: "Fields") -> frozenset[Field]:
        """Return the fields that `read` has otherwise; the order in which things are asked is none."""
        differ = {
            Field.WHAT: self.what is not read.what,
            Field.OBJECT: self.object != read.object,
            Field.WHERE: self.where is not read.where,
            Field.WHEN: self.when != read.when,
            Field.ASK: set(self.ask) != set(read.ask),
        }
        return frozenset(field for field, differs in differ.items() if differs)


class Opening(Said, frozen=True, kw_only=True):
    """What opens a call: whether it is meant, how fast, why, and the five fields."""

    nature: Nature
    urgency: Urgency
    inquiry: Id | None
    scope: Code | None
    fields: Fields

    @property
    def level(self) -> Level:
        """Return at which level the call begins."""
        return Level.DESK

    def _check(self) -> None:
        if nature_of(self.fields.what) is not self.nature:
            raise ValueError("what is said to have happened belongs to a call of another nature")
        grounds = [self.inquiry, self.scope].count(None)
        if grounds != (1 if self.nature is Nature.REAL else 2):
            raise ValueError("a real call arises from an inquiry or passes the scope test, and no other does")
        if self.inquiry is not None:
            read_id(self.inquiry)


class Opened(Opening, frozen=True, kw_only=True):
    """A call from desk to desk."""

    def __post_init__(self) -> None:
        """Check that nature, grounds and fields go together."""
        self._check()


class PrincipalOpened(Opening, frozen=True, kw_only=True):
    """A call to the office of a principal, signed by as many persons as the terms ask."""

    to: Level

    def __post_init__(self) -> None:
        """Check that it goes to principals, who are not called about the line itself."""
        self._check()
        if not self.to.is_principal or self.nature is Nature.SERVICE:
            raise ValueError("principals are called by a real call or a test, and only principals")

    @property
    def level(self) -> Level:
        """Return at which level the call begins."""
        return self.to


class Taken(Said, frozen=True, kw_only=True):
    """A person at this rung has taken the call, and answers for it."""

    rung: Rung


class ReadBack(Said, frozen=True, kw_only=True):
    """What its reader understood: the five fields of a text, or the lines of a minute."""

    fields: Fields | None = None
    lines: Lines | None = None

    def __post_init__(self) -> None:
        """Check that it reads back one thing."""
        if (self.fields is None) == (self.lines is None):
            raise ValueError("fields are read back, or lines")
        for each in self.lines or ():
            read_id(each)


class Message(Said, frozen=True, kw_only=True):
    """One message of the conversation; its text is in the body.

    `next_word` promises that this side will speak again by then. `to` rings that rung of the other
    side at once. `at` is a joint start, or when a statement is to be made public. `fields` are the
    five fields as the caller now puts them.
    """

    sort: Sort
    next_word: Instant | None = None
    to: Rung | None = None
    at: Instant | None = None
    fields: Fields | None = None

    def __post_init__(self) -> None:
        """Check that each field stands with the sort to which it belongs."""
        if self.sort is Sort.HOLDING and self.next_word is None:
            raise ValueError("a holding reply promises the next word")
        if (self.sort is Sort.JOINT_START and self.at is None) or (
            self.at is not None and self.sort not in {Sort.JOINT_START, Sort.INTENDED_STATEMENT}
        ):
            raise ValueError("at goes with a joint start, and with a statement that is intended")
        if self.fields is not None and self.sort is not Sort.CLARIFICATION:
            raise ValueError("fields go with a clarification")


class Minuted(Said, frozen=True, kw_only=True):
    """What was said in a voice call, held elsewhere: when, and the marks of the minute's lines."""

    since: Instant
    until: Instant
    lines: Lines

    def __post_init__(self) -> None:
        """Check that it did not end before it began, and that no line stands twice."""
        if self.until < self.since:
            raise ValueError("a call ends after it began")
        _distinct(self.lines)
        for each in self.lines:
            read_id(each)


class Closed(Said, frozen=True, kw_only=True):
    """For this side the call is over, and how. The newest word of a side counts."""

    ending: Ending
    at: Instant | None = None
    cause: Cause | None = None

    def __post_init__(self) -> None:
        """Check that a side that puts off says until when, and that a cause explains a failure."""
        if (self.ending in PUTS_OFF) != (self.at is not None):
            raise ValueError("at goes with deferred and call_back, and they with at")
        if self.cause is not None and self.ending not in {Ending.NOT_REACHED, Ending.TECHNICAL_FAULT}:
            raise ValueError("a cause goes with not_reached and technical_fault")


CLASSES: Final[Mapping[str, type[Said]]] = {
    "call.opened": Opened,
    "call.principal_opened": PrincipalOpened,
    "call.taken": Taken,
    "call.read_back": ReadBack,
    "call.said": Message,
    "call.minuted": Minuted,
    "call.closed": Closed,
}
OPENINGS: Final = frozenset({"call.opened", "call.principal_opened"})


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §12.3, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("12.3", f"{kind}: {error}") from error
