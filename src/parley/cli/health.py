"""What one look of the doctor found: how a thing is, and what to do about it."""

from dataclasses import dataclass
from enum import Enum


class Health(Enum):
    """How a thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look found, and what to do about it."""

    what: str
    health: Health
    said: str
    do: str = ""
