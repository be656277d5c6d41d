"""What an exit code of `parley` means; scripts rely on it (docs/handbook/command-line.md)."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes, the same for every command."""

    DONE = 0
    """Done, and everything it claims is proved."""
    FAILED = 1
    """Failed, nothing changed."""
    NEEDS_A_PERSON = 2
    """Wrong usage, or the input needs a person."""
    REFUSED = 3
    """Refused by a rule (marking, guideline, role); repeating does not help."""
    NOT_FOUND = 4
    """No such thing."""
    WAITING = 5
    """Accepted; waits for a person or the other side."""
    UNREACHABLE = 6
    """The other side, or core, cannot be reached; safe to repeat."""
    NOT_PROVED = 7
    """A signature, hash or proof is wrong."""
    CONFLICT = 8
    """It changed since it was looked at."""
    ATTENTION = 10
    """Works, but attention is needed."""
