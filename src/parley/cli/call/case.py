"""One call in the hands of an officer: what all commands share that say something in it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from parley.cli.call.faults import heard
from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell
from parley.hotline.forms.five import FiveFields, five_of
from parley.hotline.queries import CallText, text_at
from parley.inquiries.forms.letter import Text, text_of
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.hotline.apply import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which call is meant, and what goes along with the statement."""

    name: Annotated[
        str, typer.Argument(metavar="CALL", help=_("Its place (A-hot-3), its id, or the registry number."))
    ]
    link: Link = None
    ref: Annotated[
        str | None, typer.Option("--ref", metavar="NUMBER", help=_("Our own registry number for it."))
    ] = None
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="WORDS", help=_("What is said in words: 200 words, 400 characters.")),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A call that was found, and the hand that acts in it. `named` is the very statement that was named."""

    reader: Reader
    link: LinkRow
    thread: bytes
    named: bytes
    call: Call
    hand: Hand
    ref: str | None
    text: Text | None

    @property
    def on(self) -> Target:
        """Return the call itself."""
        return Target(link=self.link.name, statement=self.thread)

    @property
    def on_named(self) -> Target:
        """Return the very statement that was named."""
        return Target(link=self.link.name, statement=self.named)

    def text_at(self, statement: bytes) -> CallText:
        """Return the text or minute that `statement` is.

        Raises:
            FaultError: it is neither.
        """
        found = text_at(self.reader, self.link.name, statement)
        if found is None:
            raise FaultError(
                "nothing_to_read",
                Exit.NEEDS_A_PERSON,
                what=_("There is nothing in this statement to read back."),
                do=_("Name the call, a clarification, or a minute: parley call show."),
            )
        return found

    def fields(self) -> FiveFields:
        """Return the five fields as they now hold."""
        text = self.text_at(self.call.text)
        return five_of(self.call.fields, named=text.body.object)


def find_call(reader: Reader, name: str, *, link: str | None) -> tuple[LinkRow, bytes, bytes, Call]:
    """Return the link, the opening, the very statement and the fold of the call that people call `name`.

    Raises:
        FaultError: there is none, or it is no call, or one whose opening is without effect.
    """
    row, named = find_statement(reader, name, link=link)
    entry = reader.row(row.name, named)
    thread = None if entry is None else entry.thread
    call = None if thread is None else reader.call(row.name, thread)
    if thread is None or call is None:
        raise FaultError(
            "no_call",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no call that has effect.") % {"name": name},
            do=_("Look at: parley call list."),
        )
    return row, thread, named, call


def statement(says: Callable[..., Said]) -> Callable[..., int]:
    """Return the command that says `says` in a call: with the options that all such commands share.

    `says` takes a `Case` and options of its own, and returns what became of the statement.
    """

    @wraps(says)
    def command(about: About, voice: Voice, **own: Any) -> int:  # noqa: ANN401 - Typer has checked each of them
        with reading() as reader, heard():
            case = _open_case(reader, about, voice=voice)
            return tell(reader, case.link, says(case, **own), wait=voice.wait)

    parameters = list(inspect.signature(says).parameters.values())[1:]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=options)
        for name, options in (("about", About), ("voice", Voice))
    ]
    command.__signature__ = inspect.Signature([*shared, *parameters])  # type: ignore[attr-defined]  # for `spread`
    return spread(command)


def _open_case(reader: Reader, about: About, *, voice: Voice) -> Case:
    link, thread, named, call = find_call(reader, about.name, link=about.link)
    return Case(
        reader=reader,
        link=link,
        thread=thread,
        named=named,
        call=call,
        hand=voice.hand(require_home()),
        ref=about.ref,
        text=text_of(about.text) if about.text else None,
    )
