"""What the door asks of the commands, which stand above it: `settings.API_COMMANDS` names who answers.

fields   what a command takes, each with its type and help
run      a command with its words, as an act of the token's officer
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias, cast

from django.conf import settings
from django.utils.module_loading import import_string

from parley.agencies.queries import OfficerRow

JsonValue: TypeAlias = "str | int | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
Words: TypeAlias = tuple[str, ...]


class Kind(Enum):
    """Of which type a value is."""

    TEXT = "text"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    FILE = "file"
    """The path of a file. No tool names one of this machine: where one is taken, its content comes along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a command takes. `flag` is how it is typed; empty where its place says what it is."""

    name: str
    flag: str
    kind: Kind
    shown: str
    is_list: bool = False
    is_required: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A command to be run, as the act of `officer`."""

    words: Words
    officer: OfficerRow
    is_trial: bool = False
    is_repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a command said: a result, or a fault in sentences; `exit_code` as on the command line."""

    exit_code: int
    value: Mapping[str, JsonValue] | None = None
    advice: tuple[str, ...] = ()
    fault: str = ""
    """The stable code; empty: none."""
    what: str = ""
    safe: str = ""
    do: str = ""


class Commands(Protocol):
    """The commands of this node, for programs."""

    def fields(self, command: Words) -> tuple[Field, ...]:
        """Return what `command` takes, what stands at a place first, in that order."""

    def about(self, command: Words) -> str:
        """Return what `command` does, in English, as its help has it."""

    def run(self, ask: Ask) -> Heard:
        """Run a command, in the language in force; whatever an officer can put right is a fault."""


def commands() -> Commands:
    """Return who answers."""
    return cast("Commands", import_string(settings.API_COMMANDS)())
