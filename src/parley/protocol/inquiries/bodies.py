"""What each statement about an inquiry says: the `d` of its act, one class a kind.

A class is the past participle of its kind on the wire (``inquiry.sent`` is `Sent`).
Unknown fields, wrong types and impossible combinations are refused here, which makes an
act void as ``schema``. What the words do is told in `moves.py`. Source: Spec §8.2.
"""

import itertools
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import read_id
from parley.protocol.breach import BreachError
from parley.protocol.inquiries.codes import (
    Condition,
    Contention,
    Delay,
    FindingCode,
    Ground,
    Lack,
    Measure,
    Outcome,
    Postponement,
    Progress,
    Referral,
    Type,
    Want,
    Withdrawal,
)
from parley.protocol.strictjson import JsonValue

MAX_ITEMS: Final = 5_000
MAX_GROUPS: Final = 256
MAX_CODES: Final = 32
MAX_TIME: Final = 2**53 - 1

ALL: Final = "all"

Number = Annotated[int, Meta(ge=0, lt=MAX_ITEMS)]
Instant = Annotated[int, Meta(ge=0, le=MAX_TIME)]
Items = Literal["all"] | Annotated[tuple[Number, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}\Z")]
Reference = Annotated[str, Meta(pattern=r"^[ -~]{1,64}\Z")]
Score = Annotated[int, Meta(ge=0, le=3)]


def _rising(items: str | tuple[int, ...]) -> None:
    if not isinstance(items, str) and any(one >= two for one, two in itertools.pairwise(items)):
        raise ValueError("items are not a rising list")


def _distinct(codes: tuple[Any, ...]) -> None:
    if len(set(codes)) != len(codes):
        raise ValueError("a code stands twice")


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What all statements share."""


class OnItems(Said, frozen=True, kw_only=True):
    """A statement about some of an inquiry's items, or about all for which it is allowed."""

    items: Items

    def __post_init__(self) -> None:
        """Check that the items are a rising list."""
        _rising(self.items)


class Batch(Said, frozen=True, kw_only=True):
    """A label shared by inquiries sent together: the sender's number, and how many they are."""

    ref: Reference
    count: Annotated[int, Meta(ge=1, le=MAX_ITEMS)]


class Group(Said, frozen=True, kw_only=True, gc=False):
    """So many items in a row of one type, of which the same is wanted."""

    count: Annotated[int, Meta(ge=1, le=MAX_ITEMS)]
    type: Type
    wants: Annotated[tuple[Want, ...], Meta(min_length=1, max_length=len(Want))]

    def __post_init__(self) -> None:
        """Check that no want stands twice."""
        _distinct(self.wants)


class Sent(Said, frozen=True, kw_only=True, gc=False):
    """An inquiry: 1..n items, one thread, one case. The items' own fields are in the body."""

    batch: Batch | None
    item: Code
    urgency: Literal["U0", "U1", "U2", "U3"]
    groups: Annotated[tuple[Group, ...], Meta(min_length=1, max_length=MAX_GROUPS)]

    def __post_init__(self) -> None:
        """Check that there are not too many items."""
        if self.count > MAX_ITEMS:
            raise ValueError(f"an inquiry has at most {MAX_ITEMS} items")

    @property
    def count(self) -> int:
        """Return the number of items."""
        return sum([group.count for group in self.groups])


class Acknowledged(Said, frozen=True, kw_only=True):
    """A person at the asked desk has seen it."""


class Admitted(OnItems, frozen=True, kw_only=True):
    """The asked side takes the items on for execution."""


class Field(Said, frozen=True, kw_only=True):
    """A field that needs to be supplied or mended, and why."""

    field: Code
    reason: Lack


class Returned(OnItems, frozen=True, kw_only=True):
    """The items come back for supplement; their clocks pause until it is received."""

    fields: Annotated[tuple[Field, ...], Meta(min_length=1, max_length=MAX_CODES)]

    def __post_init__(self) -> None:
        """Check items and fields."""
        _rising(self.items)
        _distinct(self.fields)


class Progressed(OnItems, frozen=True, kw_only=True):
    """News of the work; also the answer to a status inquiry."""

    code: Progress


class Referred(OnItems, frozen=True, kw_only=True):
    """The asked side is not competent and sent the items on."""

    to: Referral


class Conditioned(OnItems, frozen=True, kw_only=True):
    """An answer is ready and is released when the conditions are undertaken."""

    codes: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=len(Condition))]
    due: Instant

    def __post_init__(self) -> None:
        """Check items and codes."""
        _rising(self.items)
        _distinct(self.codes)


class Postponed(OnItems, frozen=True, kw_only=True):
    """Execution waits until a time; the clocks pause if the asker agrees."""

    ground: Postponement
    until: Instant


class Extended(OnItems, frozen=True, kw_only=True):
    """A clock gets a new due time: the first one announced in time by itself, others if agreed."""

    clock: Literal["admit", "mitigate", "preserve", "evidence", "subscriber", "stop_payment"]
    until: Instant
    reason: Delay


class ItemOf(Said, frozen=True, kw_only=True):
    """Another item, of which this one is a duplicate."""

    inquiry: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
    n: Number


class Finding(OnItems, frozen=True, kw_only=True):
    """What was found about some items. Times are the asked side's own word."""

    items: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    code: FindingCode
    at: Instant | None = None
    until: Instant | None = None
    measure: Measure | None = None
    of: ItemOf | None = None

    def __post_init__(self) -> None:
        """Check that the fields fit the code: each belongs to one code, and is needed there."""
        _rising(self.items)
        if (self.code is FindingCode.MITIGATED) != (self.measure is not None):
            raise ValueError("measure goes with mitigated, and mitigated with a measure")
        if (self.code is FindingCode.PRESERVED) != (self.until is not None):
            raise ValueError("until goes with preserved, and preserved with until")
        if (self.code is FindingCode.DUPLICATE_OF) != (self.of is not None):
            raise ValueError("of goes with duplicate_of, and duplicate_of with an item")
        if self.of is not None:
            read_id(self.of.inquiry)


Findings = Annotated[tuple[Finding, ...], Meta(max_length=MAX_GROUPS)]
Grounds = Annotated[tuple[Ground, ...], Meta(max_length=MAX_CODES)]


class Answered(Said, frozen=True, kw_only=True):
    """Findings for 1..n items. An item is answered when all that was wanted of it is settled."""

    findings: Annotated[tuple[Finding, ...], Meta(min_length=1, max_length=MAX_GROUPS)]


class Refused(OnItems, frozen=True, kw_only=True):
    """The items will not be executed, on one ground at least."""

    grounds: Annotated[tuple[Ground, ...], Meta(min_length=1, max_length=MAX_CODES)]

    def __post_init__(self) -> None:
        """Check items and grounds."""
        _rising(self.items)
        _distinct(self.grounds)


class Corrected(OnItems, frozen=True, kw_only=True):
    """An own answer or refusal, as it should have been; with neither findings nor grounds, taken back."""

    findings: Findings
    grounds: Grounds

    def __post_init__(self) -> None:
        """Check that it says one thing, and about the items it names."""
        _rising(self.items)
        _distinct(self.grounds)
        if self.findings and self.grounds:
            raise ValueError("a correction has findings or grounds, not both")
        if self.findings and self.items == ALL:
            raise ValueError("a correction with findings lists its items")
        named = {n for finding in self.findings for n in finding.items}
        if self.findings and named != set(self.items):
            raise ValueError("the findings of a correction are about all its items, and no other")


class Supplied(Said, frozen=True, kw_only=True):
    """The supplement to a return; its text is in the body."""


class Undertaken(Said, frozen=True, kw_only=True):
    """The conditions are accepted, and bind."""


class Declined(Said, frozen=True, kw_only=True):
    """The conditions are not accepted."""


class Agreed(Said, frozen=True, kw_only=True):
    """The asker agrees to an extension or a postponement."""


class TimeRefused(Said, frozen=True, kw_only=True):
    """The asker does not agree to an extension or a postponement."""


class StatusAsked(Said, frozen=True, kw_only=True):
    """The asker wants to know how things stand; a short clock of its own runs."""


class Withdrawn(OnItems, frozen=True, kw_only=True):
    """The asker asks that the items be disregarded."""

    reason: Withdrawal


class Rated(Said, frozen=True, kw_only=True):
    """How useful the answers were, 0 to 3 each."""

    timely: Score
    complete: Score
    usable: Score
    understandable: Score


class OutcomeNotified(Said, frozen=True, kw_only=True):
    """What became of the case at home."""

    outcome: Outcome


class Closed(Said, frozen=True, kw_only=True):
    """The asker needs nothing more."""


class Disputed(Said, frozen=True, kw_only=True):
    """Either side contests a statement; it stands, and is shown as disputed."""

    ground: Contention


CLASSES: Final[Mapping[str, type[Said]]] = {
    "inquiry.sent": Sent,
    "inquiry.supplied": Supplied,
    "inquiry.undertaken": Undertaken,
    "inquiry.declined": Declined,
    "inquiry.agreed": Agreed,
    "inquiry.time_refused": TimeRefused,
    "inquiry.status_asked": StatusAsked,
    "inquiry.withdrawn": Withdrawn,
    "inquiry.rated": Rated,
    "inquiry.outcome_notified": OutcomeNotified,
    "inquiry.closed": Closed,
    "inquiry.acknowledged": Acknowledged,
    "inquiry.admitted": Admitted,
    "inquiry.returned": Returned,
    "inquiry.progressed": Progressed,
    "inquiry.referred": Referred,
    "inquiry.conditioned": Conditioned,
    "inquiry.postponed": Postponed,
    "inquiry.extended": Extended,
    "inquiry.answered": Answered,
    "inquiry.refused": Refused,
    "inquiry.corrected": Corrected,
    "inquiry.disputed": Disputed,
}


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §8.2, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("8.2", f"{kind}: {error}") from error
