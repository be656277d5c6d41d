"""The commands as a program asks for them with a token, in the process of the pages (`gates/api`).

What is typed and what is asked is one and the same: the words go through the same reading, to the same
function. What it says is overheard, and nothing is printed.
"""

from enum import Enum
from pathlib import Path
from threading import Lock
from typing import Any, Final, get_args, get_origin

import typer
from django.db import DatabaseError
from django.utils import translation

from parley.cli.app import full_fault, tree, usage_fault
from parley.cli.output import Ear, FaultError, overheard
from parley.cli.persons import Bearer, borne
from parley.gates.api.commands import Ask, Field, Heard, Kind, Words
from parley.work.room import is_out_of_room

NEVER: Final = frozenset({"help", "officer", "secret_file", "dry_run", "wait", "key"})
"""What the door itself says of an act, and no tool: whose it is, under which key, whether it is a trial."""
_READING: Final = Lock()


class Asked:
    """The commands of this node, for programs: `gates.api.commands.Commands`."""

    def fields(self, command: Words) -> tuple[Field, ...]:
        """Return what `command` takes, what stands at a place first, in that order."""
        taken = [_field(each) for each in _read(command).params if each.name not in NEVER]
        return tuple(sorted(taken, key=lambda each: bool(each.flag)))

    def about(self, command: Words) -> str:
        """Return what `command` does, in English, as its help has it."""
        return str(_read(command).help or "")

    def run(self, ask: Ask) -> Heard:
        """Run a command, in the language in force; whatever an officer can put right is a fault."""
        bearer = Bearer(officer=ask.officer, is_trial=ask.is_trial, is_repeated=ask.is_repeated)
        with overheard() as ear, borne(bearer):
            try:
                read = _noun(ask.words[0])
                code = read(args=list(ask.words[1:]), prog_name="parley", standalone_mode=False)
            except FaultError as fault:
                return _faulted(fault, ear)
            except typer.TyperException as error:
                return _faulted(usage_fault(error.format_message()), ear)
            except (DatabaseError, OSError) as error:
                if not is_out_of_room(error):
                    raise
                return _faulted(full_fault(), ear)
        done = code if isinstance(code, int) else int(ear.exit_code)
        return Heard(exit_code=done, value=ear.value, advice=tuple(ear.advice))


def _noun(word: str) -> Any:  # noqa: ANN401 - Typer's own class for it is private
    # Two threads would hang the same verb into a noun twice; help is told in English, and translated later.
    with _READING, translation.override("en"):
        return tree(word).commands[word]


def _read(command: Words) -> Any:  # noqa: ANN401 - likewise
    found = _noun(command[0])
    for word in command[1:]:
        found = found.commands[word]
    return found


def _faulted(fault: FaultError, ear: Ear) -> Heard:
    return Heard(
        exit_code=int(fault.exit_code),
        advice=tuple(ear.advice),
        fault=fault.code,
        what=fault.what,
        safe=fault.safe,
        do=fault.do,
    )


def _field(parameter: Any) -> Field:  # noqa: ANN401 - likewise
    annotation = parameter.type_descriptor.annotation
    is_list = get_origin(annotation) is list
    of = get_args(annotation)[0] if is_list else annotation
    is_placed = parameter.param_type_name == "argument"
    flag = "" if is_placed else str(parameter.opts[0])
    return Field(
        name=str(parameter.name) if is_placed else flag.lstrip("-").replace("-", "_"),
        flag=flag,
        kind=_kind(of),
        shown=str(parameter.help or ""),
        is_list=is_list,
        is_required=bool(parameter.required),
        choices=tuple(str(each.value) for each in of) if _kind(of) is Kind.CHOICE else (),
        least=parameter.min,
        most=parameter.max,
    )


def _kind(of: Any) -> Kind:  # noqa: ANN401 - whatever a command's parameter is annotated with
    if isinstance(of, type) and issubclass(of, Enum):
        return Kind.CHOICE
    return {bool: Kind.SWITCH, int: Kind.NUMBER, Path: Kind.FILE}.get(of, Kind.TEXT)
