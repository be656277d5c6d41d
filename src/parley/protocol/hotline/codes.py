"""The words of a call: what it is about, what is asked, what is said in it, and how it ends.

Every enumeration is closed, is its own name on the wire, and has a label in English and Chinese in
GLOSSARY.md: so the five fields of a call are understood before anything in it is translated.
Source: Spec §12.3, §12.5, §12.6.
"""

from enum import Enum
from typing import Final


class Nature(Enum):
    """Whether it is meant. A service call is about the line itself, a test about nothing."""

    REAL = "real"
    SERVICE = "service"
    TEST = "test"


class What(Enum):
    """WHAT happened. Each word belongs to one nature, so that no drill can be taken for the real thing."""

    INTRUSION = "intrusion"
    DATA_THEFT = "data_theft"
    SERVICE_ATTACK = "service_attack"
    RANSOMWARE = "ransomware"
    MALWARE = "malware"
    ACCOUNT_TAKEOVER = "account_takeover"
    FRAUD = "fraud"
    PHISHING = "phishing"
    INFRASTRUCTURE_FAILURE = "infrastructure_failure"
    DANGER_TO_LIFE = "danger_to_life"
    UNEXPLAINED_ACTIVITY = "unexplained_activity"
    INQUIRY_ISSUE = "inquiry_issue"
    PUBLIC_REPORT = "public_report"
    MAINTENANCE = "maintenance"
    LINE_FAULT = "line_fault"
    CONTACT_CHANGE = "contact_change"
    LINE_TEST = "line_test"


_SERVICE: Final = frozenset({What.MAINTENANCE, What.LINE_FAULT, What.CONTACT_CHANGE})


def nature_of(what: What) -> Nature:
    """Return the one nature of a call that can be about `what`."""
    if what is What.LINE_TEST:
        return Nature.TEST
    return Nature.SERVICE if what in _SERVICE else Nature.REAL


class Subject(Enum):
    """What kind of thing the OBJECT is. What it is stands in the body, and its mark in the act."""

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
    NONE = "none"


class Where(Enum):
    """WHERE it is: with party A, with party B, with both, with neither, or nobody knows yet."""

    A = "A"
    B = "B"
    BOTH = "both"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class Ask(Enum):
    """What the other side is ASKed to do."""

    STOP_ACTIVITY = "stop_activity"
    ISOLATE_HOST = "isolate_host"
    BLOCK = "block"
    PRESERVE = "preserve"
    IDENTIFY = "identify"
    CONFIRM_OR_DENY = "confirm_or_deny"
    RESTRAIN = "restrain"
    ANSWER_INQUIRY = "answer_inquiry"
    VOICE_CALL = "voice_call"
    TAKE_NOTE = "take_note"


class Field(Enum):
    """The five fields, and the lines of a minute: what a reading back can get wrong."""

    WHAT = "what"
    OBJECT = "object"
    WHERE = "where"
    WHEN = "when"
    ASK = "ask"
    LINES = "lines"


class Sort(Enum):
    """What a message is."""

    HOLDING = "holding"
    SUBSTANTIVE = "substantive"
    QUESTION = "question"
    CLARIFICATION = "clarification"
    DENIAL = "denial"
    NOTIFICATION = "notification"
    RESTRAINT = "restraint"
    PROPOSAL = "proposal"
    JOINT_START = "joint_start"
    INTENDED_STATEMENT = "intended_statement"


class Ending(Enum):
    """How a call ended, by the word of one side. None of them is silence."""

    ANSWERED = "answered"
    DECLINED = "declined"
    DEFERRED = "deferred"
    CALL_BACK = "call_back"
    NOT_REACHED = "not_reached"
    TECHNICAL_FAULT = "technical_fault"
    CANCELLED = "cancelled"


# Only the called side declines or puts off, and only the caller finds nobody there or gives up.
BY_CALLED: Final = frozenset({Ending.DECLINED, Ending.DEFERRED, Ending.CALL_BACK})
BY_CALLER: Final = frozenset({Ending.NOT_REACHED, Ending.CANCELLED})
# With these the side says when it will speak again, and until then it owes nothing.
PUTS_OFF: Final = frozenset({Ending.DEFERRED, Ending.CALL_BACK})


class Cause(Enum):
    """Why nobody was reached, by the word of the side that was silent. It may come later."""

    LINE_FAULT = "line_fault"
    STAFFING = "staffing"
    POLICY = "policy"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


class State(Enum):
    """How far a call is. Whether it rings is a question of the time, and told by `ladder.py`."""

    OPENED = "opened"
    TAKEN = "taken"
    READ_BACK = "read_back"
    HALF_CLOSED = "half_closed"
    CLOSED = "closed"
