"""One thread of the dialogue in the hands of an officer: what all commands share that say something in it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from parley.cli.dialogue.faults import heard
from parley.cli.exits import Exit
from parley.cli.looking import Link, bring_up_to_date, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell
from parley.dialogue.actions.saying import Along
from parley.dialogue.queries import CommitmentDossier, RoundDossier, dossier_of
from parley.inquiries.forms.letter import text_of
from parley.ledger.dialogues import thread_of
from parley.ledger.readers import OpenLink
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.dialogue.clause import SALT_BYTES, Text
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.suite import Standard
from parley.work import clock

Name = Annotated[
    str,
    typer.Argument(
        metavar="STATEMENT", help=_("The place of what is meant (A-112), its id, or the registry number.")
    ),
]
Ref = Annotated[
    str | None, typer.Option("--ref", metavar="NUMBER", help=_("Our own registry number for it."))
]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which statement is meant, and what goes along with ours."""

    name: Name
    link: Link = None
    ref: Ref = None
    text: Annotated[
        str | None, typer.Option("--text", metavar="WORDS", help=_("What is said in words, in one language."))
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A text in both languages, which are equally authentic."""

    en: Annotated[str, typer.Option("--en", metavar="WORDS", help=_("The text in English, one line."))]
    zh: Annotated[str, typer.Option("--zh", metavar="WORDS", help=_("The text in Chinese, one line."))]

    def text(self) -> Text:
        """Return the text.

        Raises:
            UnfitError: it is none.
        """
        return Text(en=self.en, zh=self.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A thread that was found, and the hand that acts in it. `named` is the very statement that was named."""

    reader: Reader
    link: LinkRow
    opening: bytes
    named: bytes
    thread: Commitment | Round
    hand: Hand
    along: Along

    @property
    def on(self) -> Target:
        """Return what was proposed."""
        return Target(link=self.link.name, statement=self.opening)

    @property
    def on_named(self) -> Target:
        """Return the very statement that was named."""
        return Target(link=self.link.name, statement=self.named)

    def statement(self, name: str | None) -> bytes | None:
        """Return the statement that people call `name`, anywhere on the link."""
        return None if name is None else find_statement(self.reader, name, link=self.link.name)[1]


def salt() -> bytes:
    """Return dice for the texts of one statement."""
    return Standard().dice(SALT_BYTES)


def find_thread(
    reader: Reader, name: str, *, link: str | None
) -> tuple[LinkRow, bytes, bytes, Commitment | Round]:
    """Return the link, the opening, the very statement and the fold of the thread to which `name` belongs.

    Raises:
        FaultError: there is none, or it is no commitment or round, or one whose proposal is without effect.
    """
    row, named = find_statement(reader, name, link=link)
    entry = reader.row(row.name, named)
    opening = None if entry is None else entry.thread
    thread = None if opening is None else thread_of(reader, row.name, opening)
    if opening is None or thread is None:
        raise FaultError(
            "no_dialogue",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no commitment or round that has effect.") % {"name": name},
            do=_("Look at: parley commitment list, or parley round list."),
        )
    return row, opening, named, thread


def shown(reader: Reader, name: str, *, link: str | None) -> CommitmentDossier | RoundDossier:
    """Return what is shown of the thread to which `name` belongs, rows up to date."""
    row, opening, _named, _thread = find_thread(reader, name, link=link)
    bring_up_to_date(reader)
    opened = OpenLink(row=row, terms=reader.terms(row.name))
    return dossier_of(reader, opened, opening, now=clock.now())


def statement(says: Callable[..., Said]) -> Callable[..., int]:
    """Return the command that says `says` in a thread: with the options that all such commands share.

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
    link, opening, named, thread = find_thread(reader, about.name, link=about.link)
    return Case(
        reader=reader,
        link=link,
        opening=opening,
        named=named,
        thread=thread,
        hand=voice.hand(require_home()),
        along=Along(words=text_of(about.text) if about.text else None, ref=about.ref),
    )
