"""The words of sharing: what is offered, under which marks, and what became of it.

Every enumeration is closed and is its own name on the wire. Conditions are those of an inquiry
(`inquiries/codes.py`): one word for one thing. Source: Spec §14.2.
"""

from enum import Enum


class Class(Enum):
    """What is offered. A notice is what one side sees coming from the other's own territory."""

    LEAD = "lead"
    VICTIMS = "victims"
    WARNING = "warning"
    INDICATORS = "indicators"
    NOTICE = "notice"


class Thing(Enum):
    """What the counts of an offer count."""

    IP = "ip"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    ACCOUNT = "account"
    WALLET = "wallet"
    BANK_ACCOUNT = "bank_account"
    PHONE = "phone"
    HASH = "hash"
    PERSON = "person"
    COMPANY = "company"
    SYSTEM = "system"
    SAMPLE = "sample"
    REPORT = "report"


class Tlp(Enum):
    """Who may read it: the Traffic Light Protocol 2.0."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"


class Pap(Enum):
    """What may be done with it: nothing that shows (RED), queries (AMBER), blocking (GREEN), anything."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"


class Expects(Enum):
    """What the offerer hopes for. Nobody has to act."""

    NOTHING = "nothing"
    CONSIDERATION = "consideration"
    ACTION_AT_ONCE = "action_at_once"


class Source(Enum):
    """How reliable a source is: no doubt, mostly reliable, mostly unreliable, cannot be assessed."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class Declining(Enum):
    """Why an offer is declined."""

    CONDITIONS = "conditions"
    NOT_COMPETENT = "not_competent"
    NO_NEED = "no_need"
    OWN_LAW = "own_law"


class Withdrawing(Enum):
    """Why an offer is withdrawn."""

    SENT_IN_ERROR = "sent_in_error"
    WRONG = "wrong"
    OUTDATED = "outdated"
    SOURCE_AT_RISK = "source_at_risk"


class Result(Enum):
    """What became of it at the receiver: used, and how; or of no use, and why."""

    USED = "used"
    MEASURES_TAKEN = "measures_taken"
    CASE_OPENED = "case_opened"
    KNOWN_BEFORE = "known_before"
    NOT_USEFUL = "not_useful"
    WRONG = "wrong"


class Audience(Enum):
    """To whom the receiver may want to pass it on."""

    AUTHORITY = "authority"
    SIDE = "side"
    AFFECTED = "affected"
    PROVIDERS = "providers"
    COURTS = "courts"
    THIRD_PARTY = "third_party"
    PUBLIC = "public"


class State(Enum):
    """Where an offer stands. The last three are final."""

    OFFERED = "offered"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
