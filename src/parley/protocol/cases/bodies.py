"""What each statement in a joint case says: the `d` of its act, one class a kind.

Acts hold codes, numbers, times and places in the record; titles, texts and reasons in words stand in the
bodies, which the fold never reads. Unknown fields, wrong types and impossible combinations are refused
here, which makes an act void as ``schema``. Who may say what, and when, is told in `eye.py`.
Source: Spec §15.2.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from parley.protocol import crossing
from parley.protocol.act import Code, Id, Instant, read_id
from parley.protocol.breach import BreachError
from parley.protocol.cases.codes import (
    Confidence,
    Declining,
    Ending,
    Likelihood,
    Linked,
    Owner,
    Position,
    Reason,
    Responsibility,
    Result,
    Sort,
    Unlinking,
)
from parley.protocol.strictjson import JsonValue

MAX_ITEMS: Final = 64
MAX_ORIGINS: Final = 16
MAX_EVIDENCE: Final = 64
MAX_ALTERNATIVES: Final = 8
MAX_PART: Final = 255


def _distinct(words: tuple[Any, ...]) -> None:
    if len(set(words)) != len(words):
        raise ValueError("a word stands twice")


class Said(crossing.Said, frozen=True, kw_only=True):
    """What all statements in a case share."""


class Place(Said, frozen=True, kw_only=True):
    """A statement, or one part of it: 0 is its body, the others are files. Nobody checks that it exists."""

    statement: Id
    part: Annotated[int, Meta(ge=0, le=MAX_PART)] | None

    def __post_init__(self) -> None:
        """Check that the id is in its one form."""
        read_id(self.statement)


class Proposed(Said, frozen=True, kw_only=True):
    """A joint case, from these statements or from none. It opens a thread."""

    items: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    origins: Annotated[tuple[Id, ...], Meta(max_length=MAX_ORIGINS)]

    def __post_init__(self) -> None:
        """Check that nothing stands twice."""
        _distinct(self.items)
        _distinct(self.origins)
        for each in self.origins:
            read_id(each)


class Joined(Said, frozen=True, kw_only=True):
    """The other side is in."""


class Declined(Said, frozen=True, kw_only=True):
    """The other side is not."""

    reason: Declining


class Closed(Said, frozen=True, kw_only=True):
    """For this side the case is over, and how. It holds while the side says nothing more in the case."""

    ending: Ending


class Noted(Said, frozen=True, kw_only=True):
    """Something both sides should know; its text is in the body, files may go with it."""

    sort: Sort


class LinkMade(Said, frozen=True, kw_only=True):
    """The case is linked to a statement, or has a file of one as evidence."""

    to: Linked
    place: Place

    def __post_init__(self) -> None:
        """Check that evidence is a part, and every other link a statement."""
        if (self.to is Linked.EVIDENCE) != (self.place.part is not None):
            raise ValueError("evidence is a part of a statement, and nothing else is")


class Unlinked(Said, frozen=True, kw_only=True):
    """A link of one's own no longer holds."""

    reason: Unlinking


class TaskSet(Said, frozen=True, kw_only=True):
    """A task, or a new version of one: whose it is, when it starts, for both at once, and by when."""

    owner: Owner
    start: Instant | None
    due: Instant | None

    def __post_init__(self) -> None:
        """Check that it does not end before it starts."""
        if self.start is not None and self.due is not None and self.due < self.start:
            raise ValueError("a task is due after it starts")


class TaskAgreed(Said, frozen=True, kw_only=True):
    """This side agrees to the version of a task that the other side set."""


class TaskDeclined(Said, frozen=True, kw_only=True):
    """This side does not agree to it, or no longer."""


class TaskDone(Said, frozen=True, kw_only=True):
    """What became of the task at this side."""

    result: Result


class Alternative(Said, frozen=True, kw_only=True):
    """What else was considered, and how likely that is held to be."""

    responsibility: Responsibility
    likelihood: Likelihood


class Given(Said, frozen=True, kw_only=True):
    """A finding: what its author holds, how likely, on how good grounds, by which evidence.

    `dissent` is whether somebody of the author's side holds otherwise, `public` whether it may be said in
    public. `responsibility` is null where the finding is about something else.
    """

    responsibility: Responsibility | None
    likelihood: Likelihood
    confidence: Confidence
    evidence: Annotated[tuple[Place, ...], Meta(max_length=MAX_EVIDENCE)]
    alternatives: Annotated[tuple[Alternative, ...], Meta(max_length=MAX_ALTERNATIVES)]
    dissent: bool
    public: bool

    def __post_init__(self) -> None:
        """Check that no evidence and no alternative stands twice, and that none is the finding itself."""
        _distinct(self.evidence)
        others = tuple(each.responsibility for each in self.alternatives)
        _distinct(others)
        if self.responsibility in others:
            raise ValueError("an alternative is something else")


class Revised(Given, frozen=True, kw_only=True):
    """The next version of a finding. What changed is said: why, in words, and which evidence."""

    reasons: Annotated[tuple[Reason, ...], Meta(min_length=1, max_length=len(Reason))]

    def __post_init__(self) -> None:
        """Check the same, and that no reason stands twice."""
        Given.__post_init__(self)
        _distinct(self.reasons)


class Answered(Said, frozen=True, kw_only=True):
    """What the other side says of one version; `public`, whether that it concurs may be said in public."""

    position: Position
    public: bool

    def __post_init__(self) -> None:
        """Check that only who concurs can let it be said."""
        if self.public and self.position is not Position.CONCURS:
            raise ValueError("only who concurs can let it be said in public")


CLASSES: Final[Mapping[str, type[Said]]] = {
    "case.proposed": Proposed,
    "case.joined": Joined,
    "case.declined": Declined,
    "case.closed": Closed,
    "case.noted": Noted,
    "case.linked": LinkMade,
    "case.unlinked": Unlinked,
    "case.task_set": TaskSet,
    "case.task_agreed": TaskAgreed,
    "case.task_declined": TaskDeclined,
    "case.task_done": TaskDone,
    "finding.given": Given,
    "finding.revised": Revised,
    "finding.answered": Answered,
}
OPENING: Final = "case.proposed"
# Said of a finding, none of these opens a case again that its writer has closed.
OF_FINDINGS: Final = (Given, Answered)


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §15.2, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("15.2", f"{kind}: {error}") from error
