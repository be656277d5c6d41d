"""The words of an inquiry: states, wants, findings, grounds, and what each of them settles.

Every enumeration is closed, is its own name on the wire, and has a label in English and
Chinese in GLOSSARY.md. Source: Spec §8.1, §8.3, §8.5, §8.7.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Word(Enum):
    """A word of a closed list."""

    # Each is one object, so where it lies tells it from all others. Enum would hash its name, in Python.
    __hash__ = object.__hash__


class State(Word):
    """Where one item stands. The last three are final: nobody need move it any more."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ADMITTED = "admitted"
    IN_EXECUTION = "in_execution"
    RETURNED = "returned"
    CONDITIONED = "conditioned"
    POSTPONED = "postponed"
    REFERRED = "referred"
    PARTLY_ANSWERED = "partly_answered"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


FINAL: Final = frozenset({State.ANSWERED, State.REFUSED, State.WITHDRAWN})
OPEN: Final = frozenset(State) - FINAL


class Type(Word):
    """What an item is: T1, information about a subject; T2, a site that poses as somebody else's."""

    INFORMATION = "information"
    PHISHING_SITE = "phishing_site"


class Want(Word):
    """What the asker would have done or told about an item."""

    CONFIRM = "confirm"
    MITIGATE = "mitigate"
    PRESERVE = "preserve"
    OPERATOR = "operator"
    SIBLINGS = "siblings"
    VICTIMS = "victims"
    INFORMATION = "information"
    SUBSCRIBER = "subscriber"
    STOP_PAYMENT = "stop_payment"


class Clock(Word):
    """What is measured, each apart. ACKNOWLEDGE and STATUS belong to the inquiry, the others to an item."""

    ACKNOWLEDGE = "acknowledge"
    ADMIT = "admit"
    MITIGATE = "mitigate"
    PRESERVE = "preserve"
    EVIDENCE = "evidence"
    SUBSCRIBER = "subscriber"
    STOP_PAYMENT = "stop_payment"
    STATUS = "status"


# A want is settled on this clock; a phishing site is thus down in hours while evidence takes weeks.
CLOCK_OF: Final[Mapping[Want, Clock]] = {
    Want.CONFIRM: Clock.EVIDENCE,
    Want.MITIGATE: Clock.MITIGATE,
    Want.PRESERVE: Clock.PRESERVE,
    Want.OPERATOR: Clock.EVIDENCE,
    Want.SIBLINGS: Clock.EVIDENCE,
    Want.VICTIMS: Clock.EVIDENCE,
    Want.INFORMATION: Clock.EVIDENCE,
    Want.SUBSCRIBER: Clock.SUBSCRIBER,
    Want.STOP_PAYMENT: Clock.STOP_PAYMENT,
}


class FindingCode(Word):
    """What the asked side found about an item."""

    CONFIRMED = "confirmed"
    MITIGATED = "mitigated"
    NOT_VISIBLE_FROM_HERE = "not_visible_from_here"
    ALREADY_DOWN = "already_down"
    HOSTED_ELSEWHERE = "hosted_elsewhere"
    FALSE_POSITIVE = "false_positive"
    DUPLICATE_OF = "duplicate_of"
    PRESERVED = "preserved"
    OPERATOR_INFORMATION = "operator_information"
    NO_DATA = "no_data"
    NOT_COMPETENT = "not_competent"


_ALL: Final = frozenset(Want)

# The wants that a finding settles. A clock stops when every want on it is settled, so a
# site that is taken down still owes the data that were asked to be preserved.
SETTLES: Final[Mapping[FindingCode, frozenset[Want]]] = {
    FindingCode.CONFIRMED: frozenset({Want.CONFIRM}),
    FindingCode.MITIGATED: frozenset({Want.CONFIRM, Want.MITIGATE, Want.STOP_PAYMENT}),
    FindingCode.ALREADY_DOWN: frozenset({Want.CONFIRM, Want.MITIGATE}),
    FindingCode.PRESERVED: frozenset({Want.PRESERVE}),
    FindingCode.OPERATOR_INFORMATION: frozenset(
        {Want.OPERATOR, Want.SIBLINGS, Want.VICTIMS, Want.INFORMATION, Want.SUBSCRIBER}
    ),
    # With these there is nothing more that this side could do about the item.
    FindingCode.NOT_VISIBLE_FROM_HERE: _ALL,
    FindingCode.HOSTED_ELSEWHERE: _ALL,
    FindingCode.FALSE_POSITIVE: _ALL,
    FindingCode.DUPLICATE_OF: _ALL,
    FindingCode.NO_DATA: _ALL,
    FindingCode.NOT_COMPETENT: _ALL,
}


class Measure(Word):
    """How a site was mitigated."""

    CONTENT_REMOVED = "content_removed"
    HOST_SUSPENDED = "host_suspended"
    DOMAIN_SUSPENDED = "domain_suspended"
    SINKHOLED = "sinkholed"
    BLOCKED = "blocked"
    PROVIDER_NOTIFIED = "provider_notified"
    PAYMENT_STOPPED = "payment_stopped"


class Ground(Word):
    """Why an item is refused (domain §4.3). G04 needs no further reason, by agreement."""

    SOVEREIGNTY = "G01"
    SECURITY = "G02"
    PUBLIC_ORDER = "G03"
    ESSENTIAL_INTERESTS = "G04"
    POLITICAL_OFFENCE = "G05"
    MILITARY_OFFENCE = "G06"
    DISCRIMINATORY_PURPOSE = "G07"
    NO_DUAL_CRIMINALITY = "G08"
    OWN_PROCEEDINGS = "G09"
    TIME_BARRED = "G10"
    NO_SUBSTANTIAL_LINK = "G11"
    INSUFFICIENT = "G12"
    OUTSIDE_ITEMS = "G13"
    WRONG_CHANNEL = "G14"
    MEASURE_NOT_AVAILABLE = "G15"
    DISPROPORTIONATE = "G16"
    IMMUNITY = "G17"
    FUNDAMENTAL_RIGHTS = "G18"
    CONFIDENTIALITY = "G19"
    NOT_FOUND = "G20"
    CONDITION_NOT_ACCEPTED = "G21"


class Postponement(Word):
    """Why an item is postponed (domain §4.3)."""

    OWN_INVESTIGATION = "P01"
    OPERATION_AT_RISK = "P02"
    LINK_SUSPENDED = "P03"


class Progress(Word):
    """What the asked side is doing meanwhile."""

    WORKING = "working"
    WITH_AUTHORITY = "with_authority"
    AWAITING_PROVIDER = "awaiting_provider"
    AWAITING_COURT = "awaiting_court"
    HOLDING = "holding"


class Referral(Word):
    """Where an item was sent on, since the node that was asked is not competent."""

    OTHER_AUTHORITY = "other_authority"
    LEGAL_ASSISTANCE = "legal_assistance"
    THIRD_STATE = "third_state"


class Condition(Word):
    """What the asker must undertake before the answer is released."""

    INTELLIGENCE_ONLY = "intelligence_only"
    THIS_CASE_ONLY = "this_case_only"
    NO_THIRD_PARTY = "no_third_party"
    NO_PUBLICATION = "no_publication"
    CONFIDENTIAL = "confidential"
    DELETE_AFTER_USE = "delete_after_use"
    REPORT_OUTCOME = "report_outcome"


class Lack(Word):
    """What is wrong with a field for which an inquiry is returned."""

    MISSING = "missing"
    UNCLEAR = "unclear"
    CONTRADICTORY = "contradictory"
    NOT_REPRODUCIBLE = "not_reproducible"
    NO_TIME_ZONE = "no_time_zone"


class Delay(Word):
    """Why more time is needed."""

    VOLUME = "volume"
    PROVIDER_SLOW = "provider_slow"
    COURT_NEEDED = "court_needed"
    TECHNICAL = "technical"
    STAFF = "staff"


class Withdrawal(Word):
    """Why an item is withdrawn."""

    SOLVED = "solved"
    SENT_IN_ERROR = "sent_in_error"
    FALSE_POSITIVE = "false_positive"
    NO_LONGER_NEEDED = "no_longer_needed"


class Outcome(Word):
    """What became of the case at home (the requesting side's notice of the outcome)."""

    UNDER_INVESTIGATION = "under_investigation"
    PROSECUTED = "prosecuted"
    CONVICTED = "convicted"
    ACQUITTED = "acquitted"
    CLOSED = "closed"


class Contention(Word):
    """Why a statement is disputed."""

    FACTS = "facts"
    TIME = "time"
    COMPLETENESS = "completeness"
    GROUND = "ground"
    HANDLING = "handling"
