"""One joint case in the hands of an officer: what all commands share that say something in it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.cases.forms.texts import LongWordsError, MissingWordsError
from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, understood
from parley.cli.thread import InThread, Words, find_folded, saying
from parley.inquiries.forms.letter import Text, text_of
from parley.ledger.casebook import case_at
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Said
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
    text: Words = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InCase(InThread):
    """A case that was found, what is said in words, and the hand that acts in it."""

    case: Case
    text: Text | None


def find_case(reader: Reader, name: str, *, link: str | None) -> tuple[LinkRow, bytes, bytes, Case]:
    """Return the link, the proposal, the very statement and the fold of the case that people call `name`.

    Raises:
        FaultError: there is none, or it is no case, or one whose proposal is without effect.
    """
    found = find_folded(reader, name, link=link, fold=case_at)
    if found is None:
        raise FaultError(
            "no_case",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no joint case that has effect.") % {"name": name},
            do=_("Look at: parley case list."),
        )
    return found


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
    return saying(says, about=About, find=_in_case, heard=heard)


def _in_case(reader: Reader, about: About, *, voice: Voice) -> InCase:
    link, thread, named, case = find_case(reader, about.name, link=about.link)
    return InCase(
        reader=reader,
        link=link,
        thread=thread,
        named=named,
        case=case,
        hand=voice.hand(require_home()),
        text=text_of(about.text) if about.text else None,
    )


@contextmanager
def heard() -> Iterator[None]:
    """Turn what may go wrong in a case into sentences, and all else as every command does.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood(_advice()):
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


def _advice() -> dict[str, str]:
    return {
        "not-writer": _("See whose part it is: parley case show."),
        "wrong-state": _("See how far the case is, and what waits: parley case show."),
        "no-target": _("Name the statement that is meant by its place: parley case show."),
        "schema": _("See which items are agreed: parley link status."),
        "suspended": _("Joint cases are suspended: parley link status."),
    }
