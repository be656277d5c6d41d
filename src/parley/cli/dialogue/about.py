"""One thread of the dialogue in the hands of an officer: what all commands share that say something in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.dialogue.faults import heard, unequal_fault
from parley.cli.exits import Exit
from parley.cli.looking import Link, bring_up_to_date, find_statement
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice
from parley.cli.thread import InThread, Ref, find_folded, saying
from parley.dialogue.actions.saying import Along
from parley.dialogue.queries import CommitmentDossier, RoundDossier, dossier_of
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.telling import unequal_text
from parley.ledger.dialogues import thread_of
from parley.ledger.readers import OpenLink
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Said
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

    def clause(self) -> Text:
        """Return the text as that of a clause, whose two languages name the same figures.

        Raises:
            UnfitError: it is none. FaultError: they do not.
        """
        if figures := unequal_text(self.en, self.zh):
            raise unequal_fault(figures)
        return self.text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(InThread):
    """A commitment or a round that was found, what goes along, and the hand that acts in it."""

    folded: Commitment | Round
    along: Along

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
    found: tuple[LinkRow, bytes, bytes, Commitment | Round] | None = find_folded(
        reader, name, link=link, fold=thread_of
    )
    if found is None:
        raise FaultError(
            "no_dialogue",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no commitment or round that has effect.") % {"name": name},
            do=_("Look at: parley commitment list, or parley round list."),
        )
    return found


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
    return saying(says, about=About, find=_open_case, heard=heard)


def _open_case(reader: Reader, about: About, *, voice: Voice) -> Case:
    link, thread, named, folded = find_thread(reader, about.name, link=about.link)
    return Case(
        reader=reader,
        link=link,
        thread=thread,
        named=named,
        folded=folded,
        hand=voice.hand(require_home()),
        along=Along(words=text_of(about.text) if about.text else None, ref=about.ref),
    )
