"""One joint case in the hands of an officer: what all commands share that say something in it."""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Final

import typer
from django.utils.translation import gettext as _

from parley.cases.forms.texts import LongWordsError, MissingWordsError
from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, refused_fault, tell, understood
from parley.inquiries.forms.letter import Text, text_of
from parley.ledger.casebook import case_at
from parley.ledger.drafts import RefusedError
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.act import id_text
from parley.protocol.cases.apply import Case
from parley.protocol.cases.bodies import Place

_PLACE: Final = re.compile(r"(?P<name>.+)/(?P<part>\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which case is meant, or which statement in one, and what is said in words."""

    name: Annotated[
        str,
        typer.Argument(
            metavar="CASE", help=_("Its place (A-3), or that of the statement meant; an id; the number.")
        ),
    ]
    link: Link = None
    text: Annotated[str | None, typer.Option("--text", metavar="WORDS", help=_("What is said in words."))] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InCase:
    """A case that was found, and the hand that acts in it. `named` is the very statement that was named."""

    reader: Reader
    link: LinkRow
    thread: bytes
    named: bytes
    case: Case
    hand: Hand
    text: Text | None

    @property
    def on(self) -> Target:
        """Return the case itself."""
        return Target(link=self.link.name, statement=self.thread)

    @property
    def on_named(self) -> Target:
        """Return the very statement that was named."""
        return Target(link=self.link.name, statement=self.named)


def find_case(reader: Reader, name: str, *, link: str | None) -> tuple[LinkRow, bytes, bytes, Case]:
    """Return the link, the proposal, the very statement and the fold of the case that people call `name`.

    Raises:
        FaultError: there is none, or it is no case, or one whose proposal is without effect.
    """
    row, named = find_statement(reader, name, link=link)
    entry = reader.row(row.name, named)
    thread = None if entry is None else entry.thread
    case = None if thread is None else case_at(reader, row.name, thread)
    if thread is None or case is None:
        raise FaultError(
            "no_case",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no joint case that has effect.") % {"name": name},
            do=_("Look at: parley case list."),
        )
    return row, thread, named, case


def find_place(reader: Reader, spoken: str, *, link: str) -> Place:
    """Return the place in the record that `spoken` names: ``A-12`` a statement, ``A-12/1`` one of its parts.

    Raises:
        FaultError: there is no such statement.
    """
    found = _PLACE.fullmatch(spoken.strip())
    name, part = (spoken, None) if found is None else (found["name"], int(found["part"]))
    _row, statement = find_statement(reader, name, link=link)
    return Place(statement=id_text(statement), part=part)


def statement(says: Callable[..., Said]) -> Callable[..., int]:
    """Return the command that says `says` in a case: with the options that all such commands share.

    `says` takes an `InCase` and options of its own, and returns what became of the statement.
    """

    @wraps(says)
    def command(about: About, voice: Voice, **own: Any) -> int:  # noqa: ANN401 - Typer has checked each of them
        with reading() as reader, heard():
            link, thread, named, case = find_case(reader, about.name, link=about.link)
            found = InCase(
                reader=reader,
                link=link,
                thread=thread,
                named=named,
                case=case,
                hand=voice.hand(require_home()),
                text=text_of(about.text) if about.text else None,
            )
            return tell(reader, link, says(found, **own), wait=voice.wait)

    parameters = list(inspect.signature(says).parameters.values())[1:]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=options)
        for name, options in (("about", About), ("voice", Voice))
    ]
    command.__signature__ = inspect.Signature([*shared, *parameters])  # type: ignore[attr-defined]  # for `spread`
    return spread(command)


@contextmanager
def heard() -> Iterator[None]:
    """Turn what may go wrong in a case into sentences, and all else as every command does.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood():
        try:
            yield
        except MissingWordsError as error:
            raise FaultError(
                "words_missing",
                Exit.NEEDS_A_PERSON,
                what=_("Words are missing: %(field)s.") % {"field": error.field},
                do=_("Say it in both languages: --title-en and --title-zh, and so on."),
            ) from error
        except LongWordsError as error:
            told = {"field": error.field, "found": error.found, "most": error.most}
            raise FaultError(
                "words_too_long",
                Exit.NEEDS_A_PERSON,
                what=_("%(field)s has %(found)d characters, of at most %(most)d.") % told,
                do=_("Say it shorter, or enclose it as a file."),
            ) from error
        except RefusedError as error:
            raise _refused(error) from error


def _refused(error: RefusedError) -> FaultError:
    advice = {
        "not-writer": _("See whose part it is: parley case show."),
        "wrong-state": _("See how far the case is, and what waits: parley case show."),
        "no-target": _("Name the statement that is meant by its place: parley case show."),
        "schema": _("See which items are agreed: parley link status."),
        "suspended": _("Joint cases are suspended: parley link status."),
    }.get(error.code)
    fault = refused_fault(error)
    if advice is None:
        return fault
    return FaultError(fault.code, fault.exit_code, what=fault.what, safe=fault.safe, do=advice)
