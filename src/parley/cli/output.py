"""How every command speaks: results on stdout, progress and advice on stderr, faults in one form.

With `--json` stdout carries one object, also when a fault stops the command:

    {"schema":"parley.cli/1","exit":0,"result":{…}}
    {"schema":"parley.cli/1","exit":4,"fault":{"code":"no_such_officer","what":"…","safe":"…","do":"…"}}

Text from the other side may be printed here, so nothing that could steer a terminal passes.
"""

import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from parley.cli.exits import Exit
from parley.cli.manner import Manner

SCHEMA: Final = "parley.cli/1"
STEERING: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of signs that move, turn round or hide others."""

JsonValue: TypeAlias = "str | int | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

_manner: ContextVar[Manner] = ContextVar("manner", default=Manner())  # noqa: B039 - a Manner is frozen


@dataclass(slots=True)
class Ear:
    """What a command said to a program in this very process (`asked`), and not to a terminal."""

    value: Mapping[str, JsonValue] | None = None
    exit_code: Exit = Exit.DONE
    advice: list[str] = field(default_factory=list)


_ear: ContextVar[Ear | None] = ContextVar("ear", default=None)


class FaultError(Exception):
    """What stops a command, in sentences for the person at the keyboard, in his or her language.

    `code` is stable and listed in docs/handbook/command-line.md; then what happened, what is still safe
    (nothing was done, if nothing else is said) and what to do about it.
    """

    def __init__(self, code: str, exit_code: Exit, *, what: str, do: str, safe: str | None = None) -> None:
        super().__init__(f"{code}: {what}")
        self.code = code
        self.exit_code = exit_code
        self.what = what
        self.safe = _("Nothing was done.") if safe is None else safe
        self.do = do


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table: titles, and the rows under them."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@contextmanager
def spoken(manner: Manner) -> Iterator[None]:
    """Speak in `manner` until the end of the block."""
    before = _manner.set(manner)
    try:
        yield
    finally:
        _manner.reset(before)


@contextmanager
def overheard() -> Iterator[Ear]:
    """Give what is said until the end of the block to the caller; none of it is printed."""
    ear = Ear()
    before = _ear.set(ear)
    try:
        yield ear
    finally:
        _ear.reset(before)


def result(value: Mapping[str, JsonValue], *shown: str | Rows, exit_code: Exit = Exit.DONE) -> None:
    """Write what a command found or did: `value` with `--json`, otherwise `shown`, line after line."""
    ear = _ear.get()
    if ear is not None:
        ear.value, ear.exit_code = value, exit_code
        return
    if _manner.get().json:
        _write_object({"schema": SCHEMA, "exit": int(exit_code), "result": value})
        return
    for part in shown:
        if isinstance(part, Rows):
            _write_rows(part)
        else:
            print(printable(part))


def advise(text: str) -> None:
    """Write progress or advice: for a person, never for a program."""
    ear = _ear.get()
    if ear is not None:
        ear.advice.append(text)
        return
    print(printable(text), file=sys.stderr)


def report(fault: FaultError) -> int:
    """Write `fault` and return the exit code that goes with it."""
    if _manner.get().json:
        words = {"code": fault.code, "what": fault.what, "safe": fault.safe, "do": fault.do}
        _write_object({"schema": SCHEMA, "exit": int(fault.exit_code), "fault": words})
    else:
        between = "" if _manner.get().language.startswith("zh") else " "
        advise(between.join((fault.what, fault.safe, fault.do)) + f" [{fault.code}]")
    return int(fault.exit_code)


def printable(text: str) -> str:
    """Return `text` with every sign that could steer a terminal shown as U+FFFD."""
    return "".join(
        "\ufffd" if unicodedata.category(sign) in STEERING and sign not in "\n\t" else sign for sign in text
    )


def _write_object(value: Mapping[str, JsonValue]) -> None:
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _write_rows(table: Rows) -> None:
    console = Console(markup=False, highlight=False, emoji=False)
    if _manner.get().plain or not console.is_terminal:
        for row in (table.titles, *table.rows):
            print("\t".join(printable(cell).replace("\t", " ").replace("\n", " ") for cell in row))
        return
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for title in table.titles:
        drawn.add_column(title, overflow="fold")
    for row in table.rows:
        drawn.add_row(*(printable(cell) for cell in row))
    console.print(drawn)
