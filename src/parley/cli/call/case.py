"""One call in the hands of an officer: what all commands share that say something in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.call.faults import heard
from parley.cli.exits import Exit
from parley.cli.looking import Link
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice
from parley.cli.thread import InThread, Ref, find_folded, saying
from parley.hotline.forms.five import FiveFields, five_of
from parley.hotline.queries import CallText, text_at
from parley.inquiries.forms.letter import Text, text_of
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Said
from parley.protocol.hotline.apply import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which call is meant, and what goes along with the statement."""

    name: Annotated[
        str, typer.Argument(metavar="CALL", help=_("Its place (A-hot-3), its id, or the registry number."))
    ]
    link: Link = None
    ref: Ref = None
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="WORDS", help=_("What is said in words: 200 words, 400 characters.")),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(InThread):
    """A call that was found, what goes along, and the hand that acts in it."""

    call: Call
    ref: str | None
    text: Text | None
    is_repeated: bool
    """Whether the same may have been said before, under the same key."""

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
    found = find_folded(reader, name, link=link, fold=Reader.call)
    if found is None:
        raise FaultError(
            "no_call",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no call that has effect.") % {"name": name},
            do=_("Look at: parley call list."),
        )
    return found


def statement(says: Callable[..., Said]) -> Callable[..., int]:
    """Return the command that says `says` in a call: with the options that all such commands share.

    `says` takes a `Case` and options of its own, and returns what became of the statement.
    """
    return saying(says, about=About, find=_open_case, heard=heard)


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
        is_repeated=voice.is_repeated,
    )
