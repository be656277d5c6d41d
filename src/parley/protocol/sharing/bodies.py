"""What each statement about an offer says: the `d` of its act, one class a kind.

    offered     what it is, how much, under which marks and conditions; and hashes of the sealed content
    delivered   the same hashes: the entry now brings these parts, with their keys

The content is sealed before it is offered (Spec §4.3). The cipher commits to its key and salts every part,
so the hash of the ciphertext is the commitment: the offerer cannot deliver anything else, and who has the
hash alone learns nothing. Unknown fields, wrong types and impossible combinations are refused here, which
makes an act void as ``schema``. Who may say what, and when, is told in `apply.py`. Source: Spec §14.2.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta

from parley.protocol import crossing
from parley.protocol.act import Id, Instant, id_text, read_id
from parley.protocol.breach import BreachError
from parley.protocol.entry import Entry
from parley.protocol.inquiries.codes import Condition
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.sharing.codes import (
    Audience,
    Class,
    Declining,
    Expects,
    Pap,
    Result,
    Source,
    Thing,
    Tlp,
    Withdrawing,
)
from parley.protocol.strictjson import JsonValue

MAX_CONTENT: Final = 64
MAX_COUNTED: Final = 1_000_000_000
MAX_ABOUT: Final = 16

_T = TypeVar("_T")

Number = Annotated[int, Meta(ge=0, le=MAX_COUNTED)]
Conditions = Annotated[tuple[Condition, ...], Meta(max_length=len(Condition))]


def check_distinct(words: tuple[_T, ...]) -> None:
    """Check that nothing stands twice.

    Raises:
        ValueError: something does.
    """
    if len(set(words)) != len(words):
        raise ValueError("a word stands twice")


class Said(crossing.Said, frozen=True, kw_only=True):
    """What all statements about an offer share."""


class Count(Said, frozen=True, kw_only=True):
    """How many things of one kind the content holds."""

    of: Thing
    n: Annotated[int, Meta(ge=1, le=MAX_COUNTED)]


class Sealed(Said, frozen=True, kw_only=True):
    """Hash and size in bytes of one sealed part, as its entry will name it."""

    hash: Id
    size: Annotated[int, Meta(ge=1, le=MAX_NUMBER)]

    def __post_init__(self) -> None:
        """Check that the hash is in its one form."""
        read_id(self.hash)


class Grade(Said, frozen=True, kw_only=True):
    """Source A, B, C or X by information 1 to 4: two judgements that are never one."""

    source: Source
    information: Literal[1, 2, 3, 4]


Content = Annotated[tuple[Sealed, ...], Meta(min_length=1, max_length=MAX_CONTENT)]


class Offered(Said, frozen=True, kw_only=True):
    """Something the other side may want to know. It opens a thread; the content is not sent yet.

    `until` announces when the offer lapses, and ends nothing by itself. `about` are statements to which it
    belongs: a link without effect. `grade` is the offerer's own word on it.
    """

    what: Class
    counts: Annotated[tuple[Count, ...], Meta(min_length=1, max_length=len(Thing))]
    tlp: Tlp
    pap: Pap
    expects: Expects
    conditions: Conditions
    until: Instant | None
    content: Content
    grade: Grade | None
    about: Annotated[tuple[Id, ...], Meta(max_length=MAX_ABOUT)]

    def __post_init__(self) -> None:
        """Check that nothing is counted, asked, sealed or named twice."""
        check_distinct(tuple(count.of for count in self.counts))
        check_distinct(self.conditions)
        check_distinct(tuple(part.hash for part in self.content))
        check_distinct(self.about)
        for each in self.about:
            read_id(each)

    @property
    def is_unconditional(self) -> bool:
        """Return whether it may be delivered at once: a warning or a notice that asks for nothing."""
        return self.what in {Class.WARNING, Class.NOTICE} and not self.conditions


class Accepted(Said, frozen=True, kw_only=True):
    """The offer is accepted. It sets no conditions."""


class Undertaken(Said, frozen=True, kw_only=True):
    """The receiver undertakes these conditions. If they are not those of the offer, it waits for a word."""

    conditions: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=len(Condition))]

    def __post_init__(self) -> None:
        """Check that nothing is undertaken twice."""
        check_distinct(self.conditions)


class Confirmed(Said, frozen=True, kw_only=True):
    """The offerer takes the conditions that the receiver undertook in place of its own."""


class Declined(Said, frozen=True, kw_only=True):
    """The receiver does not want it so. The offerer destroys what it sealed."""

    reason: Declining


class Withdrawn(Said, frozen=True, kw_only=True):
    """The offerer takes the offer back."""

    reason: Withdrawing


class Delivered(Said, frozen=True, kw_only=True):
    """The parts of this entry are the content, and their keys go with it."""

    content: Content

    def is_in(self, entry: Entry) -> bool:
        """Return whether the entry names these parts, in this order, behind its body."""
        parts = [(id_text(part.hash), part.size) for part in entry.parts[1:]]
        return parts == [(part.hash, part.size) for part in self.content]


class Evaluated(Grade, frozen=True, kw_only=True):
    """What the receiver holds of source and information. The newest counts."""


class ResultNotified(Said, frozen=True, kw_only=True):
    """What became of it at the receiver. The newest counts."""

    result: Result


class Cleaned(Said, frozen=True, kw_only=True):
    """How far a clean-up on one's own territory is, of what a notice named. The newest counts."""

    informed: Number
    cleaned: Number
    patched: Number
    not_found: Number


class ReleaseAsked(Said, frozen=True, kw_only=True):
    """May it be passed on?"""

    to: Audience


class ReleasePermitted(Said, frozen=True, kw_only=True):
    """It may."""


class ReleaseRefused(Said, frozen=True, kw_only=True):
    """It may not."""


CLASSES: Final[Mapping[str, type[Said]]] = {
    "sharing.offered": Offered,
    "sharing.accepted": Accepted,
    "sharing.undertaken": Undertaken,
    "sharing.confirmed": Confirmed,
    "sharing.declined": Declined,
    "sharing.withdrawn": Withdrawn,
    "sharing.delivered": Delivered,
    "sharing.evaluated": Evaluated,
    "sharing.result_notified": ResultNotified,
    "sharing.cleaned": Cleaned,
    "sharing.release_asked": ReleaseAsked,
    "sharing.release_permitted": ReleasePermitted,
    "sharing.release_refused": ReleaseRefused,
}
OPENING: Final = "sharing.offered"


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §14.2, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("14.2", f"{kind}: {error}") from error
