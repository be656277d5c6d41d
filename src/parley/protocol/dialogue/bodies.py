"""What each statement of the dialogue says: the `d` of its act, one class a kind.

    commitment.proposed  {"text":"<id>","owners":["A"],"due":1800000000,"round":"<id>"}
    commitment.reported  {"standing":"fulfilled","evidence":["<id>"]}          re: the commitment
    round.proposed       {"number":3,"host":"A","begins":…,"ends":…,"text":"<id>","after":null}
    outcome.clause_proposed  {"place":1,"clause":"<base64 of two lines>"}      re: the round
    outcome.frozen       {"release":…,"digest":"<id>"}                         re: the round

Offers are answered: what both sides want is the AND of an offer and of the other side's ``agreed`` that
names it. Who may say what, and when, is told in `commitment.py`, `meeting.py` and `outcome.py`.
Source: Spec §17.4, §17.6, §17.8.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from parley.protocol import crossing
from parley.protocol.act import Code, Id, Instant, read_id
from parley.protocol.breach import BreachError
from parley.protocol.dialogue.clause import Text, read_clause
from parley.protocol.strictjson import JsonValue

MAX_EVIDENCE: Final = 64
MAX_ROLES: Final = 64
MAX_ROUND: Final = 999
MAX_PLACE: Final = 999

Party = Literal["A", "B"]


def _distinct(words: tuple[Any, ...]) -> None:
    if len(set(words)) != len(words):
        raise ValueError("a word stands twice")


class Standing(Enum):
    """How a commitment stands, by the word of a side that owes it."""

    UNDER_WAY = "under_way"
    HINDERED = "hindered"
    FULFILLED = "fulfilled"


class Source(Enum):
    """Where an item of the agenda comes from."""

    REVIEW = "review"
    CASE = "case"
    COMMITMENT = "commitment"
    CONCERN = "concern"
    HOTLINE = "hotline"
    GUIDELINE = "guideline"
    OTHER = "other"


class Stance(Enum):
    """What a side puts on the record without binding anybody: a view, or a paper with files."""

    VIEW = "view"
    POSITION_PAPER = "position_paper"


class Said(crossing.Said, frozen=True, kw_only=True):
    """What all statements of the dialogue share."""


class Offer(Said, frozen=True, kw_only=True):
    """What holds once the other side has agreed to it."""


class Agreed(Said, frozen=True, kw_only=True):
    """The writer wants what the other side offered."""


class Declined(Said, frozen=True, kw_only=True):
    """The writer does not want it; it may agree later."""


class Withdrawn(Said, frozen=True, kw_only=True):
    """The writer takes back an offer of its own."""


class CommitmentProposed(Offer, frozen=True, kw_only=True):
    """`owners` are to do what the text says, by `due`; `round` is where it was promised, if at one."""

    text: Id
    owners: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=2)]
    due: Instant | None
    round: Id | None

    def __post_init__(self) -> None:
        """Check that the owners stand in their order, each once."""
        if list(self.owners) != sorted(set(self.owners)):
            raise ValueError("the owners are A, B, or both in this order")
        _check_ids(self.text, self.round)


class Carried(Offer, frozen=True, kw_only=True):
    """The commitment goes on under another round, with another time."""

    round: Id | None
    due: Instant | None

    def __post_init__(self) -> None:
        """Check the id."""
        _check_ids(self.round)


class Dropped(Offer, frozen=True, kw_only=True):
    """The commitment is given up."""


class Reported(Said, frozen=True, kw_only=True):
    """How it stands, by a side that owes it; `evidence` are statements in the record."""

    standing: Standing
    evidence: Annotated[tuple[Id, ...], Meta(max_length=MAX_EVIDENCE)]

    def __post_init__(self) -> None:
        """Check that no place stands twice."""
        _distinct(self.evidence)
        _check_ids(*self.evidence)


class Confirmed(Said, frozen=True, kw_only=True):
    """What the other side reported is so."""


class Disputed(Said, frozen=True, kw_only=True):
    """What the other side reported is not so."""


class ConcernRaised(Said, frozen=True, kw_only=True):
    """Something about the commitment worries the writer."""


class ConcernAnswered(Said, frozen=True, kw_only=True):
    """The other side's answer."""


class Escalated(Said, frozen=True, kw_only=True):
    """The concern was taken to the hotline: a link to a call, without effect there."""

    call: Id

    def __post_init__(self) -> None:
        """Check the id."""
        _check_ids(self.call)


class ConcernSettled(Said, frozen=True, kw_only=True):
    """For who raised it, the concern is no more."""


class Plan(Offer, frozen=True, kw_only=True):
    """Where and when: `host` receives the other side; the place is the text in the body."""

    host: Party
    begins: Instant
    ends: Instant
    text: Id

    def __post_init__(self) -> None:
        """Check that it does not end before it begins."""
        if self.ends < self.begins:
            raise ValueError("a round ends after it begins")
        _check_ids(self.text)


class RoundProposed(Plan, frozen=True, kw_only=True):
    """A round of the dialogue; `after` is the one before it."""

    number: Annotated[int, Meta(ge=1, le=MAX_ROUND)]
    after: Id | None

    def __post_init__(self) -> None:
        """Check what every plan keeps to, and the id."""
        if self.ends < self.begins:
            raise ValueError("a round ends after it begins")
        _check_ids(self.text, self.after)


class Replanned(Plan, frozen=True, kw_only=True):
    """Another place or time for the same round, in place of the plan that `re` names."""


class NextProposed(Plan, frozen=True, kw_only=True):
    """Place and time of the round after this one."""


class ItemProposed(Offer, frozen=True, kw_only=True):
    """An item for the agenda; `of` is what it is about, in the record."""

    source: Source
    of: Id | None
    text: Id

    def __post_init__(self) -> None:
        """Check the ids."""
        _check_ids(self.text, self.of)


class GroupReported(Offer, frozen=True, kw_only=True):
    """A report of the working group `group`; joint, once the other side has agreed."""

    group: Code
    text: Id

    def __post_init__(self) -> None:
        """Check the id."""
        _check_ids(self.text)


class Decided(Offer, frozen=True, kw_only=True):
    """A decision of the round; `guideline` is the hash of the text that it puts in force or changes."""

    guideline: Id | None
    text: Id

    def __post_init__(self) -> None:
        """Check the ids."""
        _check_ids(self.text, self.guideline)


class Member(Said, frozen=True, kw_only=True):
    """So many persons of one role."""

    role: Code
    count: Annotated[int, Meta(ge=1, le=999)]


class Delegated(Said, frozen=True, kw_only=True):
    """Who comes, by role and never by name; `chair` is the role of this side's co-chair."""

    chair: Code
    members: Annotated[tuple[Member, ...], Meta(min_length=1, max_length=MAX_ROLES)]

    def __post_init__(self) -> None:
        """Check that no role stands twice, and that the chair is one of them."""
        roles = tuple(member.role for member in self.members)
        _distinct(roles)
        if self.chair not in roles:
            raise ValueError("the co-chair is of the delegation")


class Stated(Said, frozen=True, kw_only=True):
    """A view or a position paper. It is kept, and binds nobody."""

    stance: Stance


class RoundClosed(Said, frozen=True, kw_only=True):
    """For the writer the round is over."""


class Clause(Offer, frozen=True, kw_only=True):
    """A clause of the outcome list in both languages, and where it stands in it."""

    place: Annotated[int, Meta(ge=1, le=MAX_PLACE)]
    clause: Annotated[str, Meta(max_length=8_192)]

    def __post_init__(self) -> None:
        """Check that it is a text, which counts the same in both languages."""
        read_clause(self.clause)

    @property
    def both(self) -> Text | None:
        """Return the text."""
        return read_clause(self.clause)


class Amended(Offer, frozen=True, kw_only=True):
    """The clause that `re` names, as it should read; struck out, if `clause` is null."""

    place: Annotated[int, Meta(ge=1, le=MAX_PLACE)]
    clause: Annotated[str, Meta(max_length=8_192)] | None

    def __post_init__(self) -> None:
        """Check that it is a text, which counts the same in both languages, if there is one."""
        if self.clause is not None:
            read_clause(self.clause)

    @property
    def both(self) -> Text | None:
        """Return the text, None if the clause is struck out."""
        return None if self.clause is None else read_clause(self.clause)


class Frozen(Said, frozen=True, kw_only=True):
    """The writer's persons sign this list, and that it is made public at `release` and not before."""

    release: Instant
    digest: Id

    def __post_init__(self) -> None:
        """Check the id."""
        _check_ids(self.digest)


class Released(Said, frozen=True, kw_only=True):
    """The writer's node has made the list public; `note` is its seal on it, in base64."""

    release: Instant
    digest: Id
    note: Annotated[str, Meta(max_length=16_384)]

    def __post_init__(self) -> None:
        """Check the id."""
        _check_ids(self.digest)


def _check_ids(*ids: str | None) -> None:
    for each in ids:
        if each is not None:
            read_id(each)


CLASSES: Final[Mapping[str, type[Said]]] = {
    "commitment.proposed": CommitmentProposed,
    "commitment.carried": Carried,
    "commitment.dropped": Dropped,
    "commitment.agreed": Agreed,
    "commitment.declined": Declined,
    "commitment.withdrawn": Withdrawn,
    "commitment.reported": Reported,
    "commitment.confirmed": Confirmed,
    "commitment.disputed": Disputed,
    "concern.raised": ConcernRaised,
    "concern.answered": ConcernAnswered,
    "concern.escalated": Escalated,
    "concern.settled": ConcernSettled,
    "round.proposed": RoundProposed,
    "round.replanned": Replanned,
    "round.item_proposed": ItemProposed,
    "round.group_reported": GroupReported,
    "round.decided": Decided,
    "round.next_proposed": NextProposed,
    "round.agreed": Agreed,
    "round.declined": Declined,
    "round.withdrawn": Withdrawn,
    "round.delegated": Delegated,
    "round.stated": Stated,
    "round.closed": RoundClosed,
    "outcome.clause_proposed": Clause,
    "outcome.amended": Amended,
    "outcome.agreed": Agreed,
    "outcome.declined": Declined,
    "outcome.withdrawn": Withdrawn,
    "outcome.frozen": Frozen,
    "outcome.released": Released,
}
COMMITMENT: Final = "commitment.proposed"
ROUND: Final = "round.proposed"
OPENINGS: Final = frozenset({COMMITMENT, ROUND})
# Kinds that join the threads of another page: a concern is about a commitment, outcomes are those of a round.
JOINS: Final[Mapping[str, str]] = {"concern": "commitment", "outcome": "round"}


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §17.4, §17.6 or §17.8, which makes the act void as ``schema``.
    """
    paragraph = {"round": "17.6", "outcome": "17.8"}.get(kind.partition(".")[0], "17.4")
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError(paragraph, f"{kind}: {error}") from error
