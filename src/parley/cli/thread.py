"""One thread in the hands of an officer: what all commands share that say something in it.

It is found by the name of any statement in it: an inquiry, a call, an offer, a case, a commitment, a round.
What else belongs to it, and what may go wrong, each noun says for itself.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, TypeVar

import typer
from django.utils.translation import gettext as _

from parley.cli.looking import find_statement, reading
from parley.cli.options import with_options
from parley.cli.saying import Voice, tell
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Hand, Said, Target

Folded = TypeVar("Folded")
Words = Annotated[str | None, typer.Option("--text", metavar="WORDS", help=_("What is said in words."))]
Ref = Annotated[
    str | None, typer.Option("--ref", metavar="NUMBER", help=_("Our own registry number for it."))
]


@dataclass(frozen=True, slots=True, kw_only=True)
class InThread:
    """A thread that was found, and the hand that acts in it.

    `thread` is the statement that opened it, `named` the very one that was named.
    """

    reader: Reader
    link: LinkRow
    thread: bytes
    named: bytes
    hand: Hand

    @property
    def on(self) -> Target:
        """Return the thread itself."""
        return Target(link=self.link.name, statement=self.thread)

    @property
    def on_named(self) -> Target:
        """Return the very statement that was named."""
        return Target(link=self.link.name, statement=self.named)

    @property
    def lane(self) -> str:
        """Return the name of the link in the lane in which the thread lives."""
        return self.reader.lane_of(self.link.name, self.thread)


def find_folded(
    reader: Reader, name: str, *, link: str | None, fold: Callable[[Reader, str, bytes], Folded | None]
) -> tuple[LinkRow, bytes, bytes, Folded] | None:
    """Return the link, the opening, the very statement and the fold of the thread to which `name` belongs.

    None where it belongs to none of which `fold` gives anything.

    Raises:
        FaultError: no statement is called so, or several are.
    """
    row, named = find_statement(reader, name, link=link)
    entry = reader.row(row.name, named)
    thread = None if entry is None else entry.thread
    folded = None if thread is None else fold(reader, row.name, thread)
    return None if thread is None or folded is None else (row, thread, named, folded)


def saying(
    says: Callable[..., Said],
    *,
    about: type[Any],
    find: Callable[..., InThread],
    heard: Callable[[], AbstractContextManager[None]],
) -> Callable[..., int]:
    """Return the command that says `says` in a thread, with the options of `about` and those of every voice.

    `find` takes the reader, those options and the voice, and returns what `says` takes; `heard` turns what
    may go wrong into sentences.
    """

    @wraps(says)
    def command(about: object, voice: Voice, **own: Any) -> int:  # noqa: ANN401 - Typer has checked each of them
        with reading() as reader, heard():
            found = find(reader, about, voice=voice)
            return tell(reader, found.link, says(found, **own), wait=voice.wait)

    return with_options(command, says, about=about, voice=Voice)
