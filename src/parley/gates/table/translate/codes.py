"""The words of a table: limits, results, reasons, and what a column or a cell can mean.

Every value is stable: it stands on screens, in scripts and in the handbook. Sentences for
people are in `parley.gates.table.reasons`. Source: screens §14; domain §3.3.
"""

from enum import Enum
from typing import Final

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 5_000
# Blank lines and cells of several lines are no rows; they are bounded all the same.
MAX_LINES: Final = 4 * MAX_ROWS
MAX_COLUMNS: Final = 64
MAX_CELL: Final = 8 * 1024
MAX_ADDRESS: Final = 4 * 1024


class Result(Enum):
    """What became of a row, from best to worst."""

    OK = "ok"
    NEEDS = "needs"
    DROPPED = "dropped"


class Reason(Enum):
    """Why a row is what it is."""

    # The row is fine; the officer is told.
    ADDRESS_HAS_LONG_VALUE = "address_has_long_value"
    ADDRESS_MASKED = "address_masked"
    KEPT_AS_NOTE = "kept_as_note"
    TAKEN_AS_IT_STANDS = "taken_as_it_stands"
    # The row needs a person.
    ADDRESS_MISSING = "address_missing"
    ADDRESS_NOT_READ = "address_not_read"
    ADDRESS_TOO_LONG = "address_too_long"
    ADDRESS_END_UNSURE = "address_end_unsure"
    ADDRESS_HAS_USER_NAME = "address_has_user_name"
    ADDRESS_HAS_EMAIL = "address_has_email"
    SCHEME_NOT_TAKEN = "scheme_not_taken"
    SEVERAL_ADDRESSES = "several_addresses"
    BRAND_MISSING = "brand_missing"
    TIME_MISSING = "time_missing"
    TIME_NOT_READ = "time_not_read"
    TIME_WITHOUT_ZONE = "time_without_zone"
    TIME_WITHOUT_YEAR = "time_without_year"
    TIME_WITHOUT_CLOCK = "time_without_clock"
    TIME_ORDER_UNCLEAR = "time_order_unclear"
    TIME_IN_FUTURE = "time_in_future"
    ZONE_NOT_READ = "zone_not_read"
    ZONE_CONFLICT = "zone_conflict"
    SUBJECT_MISSING = "subject_missing"
    SUBJECT_KIND_MISSING = "subject_kind_missing"
    SUBJECT_KIND_UNKNOWN = "subject_kind_unknown"
    SUBJECT_NOT_READ = "subject_not_read"
    QUESTION_MISSING = "question_missing"
    QUESTION_UNKNOWN = "question_unknown"
    CONTROL_CHARACTER = "control_character"
    HIDDEN_CHARACTER = "hidden_character"
    UNDECODABLE = "undecodable"
    CELL_TOO_LONG = "cell_too_long"
    QUOTE_OPEN = "quote_open"
    EXTRA_CELLS = "extra_cells"
    # The row is left out.
    DUPLICATE = "duplicate"
    OWN_SITE = "own_site"


_TOLD: Final = frozenset(
    {Reason.ADDRESS_HAS_LONG_VALUE, Reason.ADDRESS_MASKED, Reason.KEPT_AS_NOTE, Reason.TAKEN_AS_IT_STANDS}
)
_LEFT_OUT: Final = frozenset({Reason.DUPLICATE, Reason.OWN_SITE})


def result_of(reason: Reason) -> Result:
    """Return what `reason` alone makes of a row."""
    if reason in _LEFT_OUT:
        return Result.DROPPED
    return Result.OK if reason in _TOLD else Result.NEEDS


class Skipped(Enum):
    """Why a line of the input is no row."""

    BLANK = "blank"
    SEPARATOR_LINE = "separator_line"
    ABOVE_HEADER = "above_header"
    HEADER_AGAIN = "header_again"
    PROSE = "prose"
    EMAIL_ADDRESS = "email_address"


class Notice(Enum):
    """What the officer should know about the sheet as a whole."""

    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_REPEATED = "column_repeated"
    CHOICE_WITHOUT_EFFECT = "choice_without_effect"


class Obstacle(Enum):
    """Why an input is not read at all."""

    EMPTY = "empty"
    NOT_TEXT = "not_text"
    TOO_LARGE = "too_large"
    TOO_MANY_LINES = "too_many_lines"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CHOICE_NOT_READ = "choice_not_read"


class SheetError(Exception):
    """The input as a whole cannot be read: the obstacle, what was expected and what was found."""

    def __init__(self, obstacle: Obstacle, *, expected: str, found: str) -> None:
        super().__init__(f"{obstacle.value}: expected {expected}, found {found}")
        self.obstacle = obstacle
        self.expected = expected
        self.found = found


class Field(Enum):
    """What a column can mean. The wire's names where the wire has the field (domain §3.3)."""

    URL = "url"
    OBSERVED_AT = "observed_at"
    OBSERVED_DATE = "observed_date"
    OBSERVED_CLOCK = "observed_clock"
    ZONE = "zone"
    TARGET_BRAND = "target_brand"
    LEGITIMATE_URL = "legitimate_url"
    STATE = "state"
    NOTE = "note"
    IP = "ip"
    HOSTING_PROVIDER = "hosting_provider"
    REGISTRAR = "registrar"
    VICTIMS = "victims"
    SCREENSHOT = "screenshot"
    GROUP = "group"
    SERIAL = "serial"
    SUBJECT = "subject"
    SUBJECT_KIND = "subject_kind"
    QUESTIONS = "questions"


class SiteState(Enum):
    """Whether the site answered when it was last looked at."""

    ACTIVE = "active"
    DOWN = "down"
    UNKNOWN = "unknown"


class SubjectKind(Enum):
    """What a request for information is about (domain §3.3, T1)."""

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


class Question(Enum):
    """What is asked about a subject (domain §3.3, T1)."""

    OWNERSHIP = "ownership"
    HOSTING_HISTORY = "hosting_history"
    SUBSCRIBER = "subscriber"
    LOGIN_RECORDS = "login_records"
    RELATED_INCIDENTS = "related_incidents"
    CRIMINAL_RECORD = "criminal_record"
    AWARE = "aware"
    AUTHORISED = "authorised"
