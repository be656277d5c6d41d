"""What is to be rung, by what, and how it went: the values of the pager.

    Ring ──▶ one Delivery for each way of the person, and each provider of that way in turn

A ring has no place for free text: what reaches a phone is put together by `wording` out of what stands here.
"""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why somebody is rung."""

    CALL = "call"
    """A call is open, and nobody has taken it."""
    AGAIN = "again"
    """A call that was taken rings again: no read-back, or a promise that passed."""
    TEST = "test"
    """Whether it rings at all."""
    PROOF = "proof"
    """A code that the person types back."""


class CallClass(StrEnum):
    """What a call is; the three are never confusable."""

    REAL = "REAL"
    SERVICE = "SERVICE"
    TEST = "TEST"


class Ceiling(StrEnum):
    """The most that a channel may say; each says what the one before says, and a little more."""

    BARE = "bare"
    """That somebody is to sign in."""
    LINK = "link"
    """And on which link."""
    URGENCY = "urgency"
    """And of which class and urgency the call is."""


class Outcome(StrEnum):
    """How one try went. That a person was reached is none of them: only the person's own act says so."""

    WRITTEN = "written"
    """It is about to be sent, or was when the node stopped."""
    ACCEPTED = "accepted_by_carrier"
    """Another machine took it. It says nothing about a person."""
    REFUSED = "refused"
    """Another machine said that it does not take it."""
    FAILED = "failed"
    """It certainly did not leave this node."""
    UNKNOWN = "unknown"
    """It may have left, and nobody said anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Ring officer `person` for `reason`. The same `key` is rung once, however often it is asked for.

    It rings by every way the person has, or by `contact` alone. `urgency` is U0 to U3; `code` belongs to a
    proof, and is never written down.
    """

    key: str
    person: int
    reason: Reason
    rung: int = 0
    contact: int = 0
    link: str = ""
    urgency: str = ""
    call_class: CallClass = CallClass.REAL
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a try: the outcome, and what the machine at the other end said, for people who mend it."""

    outcome: Outcome
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A way of a ring is at its end: `outcome` is that of its last try.

    `lost`: every way of the person is at its end, and no machine took anything. Then the next rung need
    not wait.
    """

    key: str
    person: int
    channel: str
    outcome: Outcome
    lost: bool
