"""The words of joint cases: states, tasks, links, and the scales of a finding.

Every enumeration is closed and is its own name on the wire. Likelihood says how probable a thing is,
confidence how good the grounds are for saying so: two scales, and never one phrase. Source: Spec §15.2.
"""

from enum import Enum


class State(Enum):
    """Where a case stands."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    OPEN = "open"
    HALF_CLOSED = "half_closed"
    CLOSED = "closed"


class Declining(Enum):
    """Why a side does not join."""

    NOT_COMPETENT = "not_competent"
    OWN_LAW = "own_law"
    OWN_PROCEEDINGS = "own_proceedings"
    NO_INTEREST = "no_interest"


class Ending(Enum):
    """How a case ends, by the word of one side."""

    SOLVED = "solved"
    PROSECUTED = "prosecuted"
    NO_RESULT = "no_result"
    MERGED = "merged"
    LEFT = "left"
    WITHDRAWN = "withdrawn"


class Sort(Enum):
    """What is told: a note, or a lead that somebody should follow."""

    NOTE = "note"
    LEAD = "lead"


class Linked(Enum):
    """What a case is linked to: other threads, or evidence, which is a file of a statement."""

    INQUIRY = "inquiry"
    CALL = "call"
    SHARING = "sharing"
    CASE = "case"
    EVIDENCE = "evidence"


class Unlinking(Enum):
    """Why a link no longer holds."""

    MISTAKEN = "mistaken"
    FORGED = "forged"
    INADMISSIBLE = "inadmissible"
    SUPERSEDED = "superseded"


class Owner(Enum):
    """Whose task it is: party A's, party B's, or both's, each its own half."""

    A = "A"
    B = "B"
    BOTH = "both"


class Result(Enum):
    """What became of a task, by the word of the side that had it."""

    DONE = "done"
    PARTLY = "partly"
    NOT_POSSIBLE = "not_possible"


class TaskState(Enum):
    """Where a task stands."""

    SET = "set"
    AGREED = "agreed"
    DECLINED = "declined"
    DONE = "done"


class Responsibility(Enum):
    """How far a state answers for what was done: ten steps, from forbidding it to doing it; or neither."""

    UNDETERMINED = "undetermined"
    NO_STATE = "no_state"
    STATE_PROHIBITED = "state_prohibited"
    STATE_PROHIBITED_BUT_INADEQUATE = "state_prohibited_but_inadequate"
    STATE_IGNORED = "state_ignored"
    STATE_ENCOURAGED = "state_encouraged"
    STATE_SHAPED = "state_shaped"
    STATE_COORDINATED = "state_coordinated"
    STATE_ORDERED = "state_ordered"
    STATE_ROGUE_CONDUCTED = "state_rogue_conducted"
    STATE_EXECUTED = "state_executed"
    STATE_INTEGRATED = "state_integrated"


class Likelihood(Enum):
    """How probable, in words that stand for a range."""

    ALMOST_NO_CHANCE = "almost_no_chance"
    VERY_UNLIKELY = "very_unlikely"
    UNLIKELY = "unlikely"
    EVEN_CHANCE = "even_chance"
    LIKELY = "likely"
    VERY_LIKELY = "very_likely"
    ALMOST_CERTAIN = "almost_certain"


class Confidence(Enum):
    """How good the grounds are."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Reason(Enum):
    """Why a finding is revised."""

    NEW_EVIDENCE = "new_evidence"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    NEW_ANALYSIS = "new_analysis"
    OTHER_SIDE = "other_side"
    ERROR = "error"


class Position(Enum):
    """What the other side says of one version of a finding."""

    CONCURS = "concurs"
    DOES_NOT_CONCUR = "does_not_concur"
    NO_POSITION = "no_position"


class Standing(Enum):
    """Who stands behind a version: both, the author alone and against the other, or the author alone."""

    JOINT = "joint"
    CONTESTED = "contested"
    NO_POSITION = "no_position"
    UNANSWERED = "unanswered"


class Speech(Enum):
    """Who may say the current version in public: both together, each its own author, or nobody."""

    JOINTLY = "jointly"
    AUTHOR = "author"
    NOBODY = "nobody"
