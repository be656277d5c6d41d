"""One inquiry in the hands of an officer: what all commands share that say something about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from parley.cli.enclosed import enclosed
from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, reading
from parley.cli.options import with_options
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell, understood
from parley.cli.thread import InThread, Ref
from parley.inquiries.actions import Words
from parley.inquiries.forms.letter import Remark, text_of
from parley.ledger.reading import EntryRow, Reader
from parley.links.actions.speaking import Said, Target
from parley.ui import words as labels


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which inquiry is meant, and what goes along with the statement."""

    inquiry: Annotated[
        str,
        typer.Argument(metavar="INQUIRY", help=_("Its place (A-112), its id, or the registry number.")),
    ]
    link: Link = None
    ref: Ref = None
    text: Annotated[
        str | None, typer.Option("--text", metavar="WORDS", help=_("What is to be said in words."))
    ] = None
    enclose: Annotated[
        list[str] | None,
        typer.Option(
            "--enclose", metavar="FILE", help=_("A file that goes with it, or the hash of one that waits.")
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(InThread):
    """An inquiry that was found, and the hand that acts on it. Most statements answer the inquiry itself."""

    words: Words

    def on_waiting(self, *kinds: str) -> Target:
        """Return the statement of one of `kinds` that waits for our reply.

        It is the one that was named, or the only one of the inquiry that waits.

        Raises:
            FaultError: none does, or several do and none of them was named.
        """
        if self.named != self.thread:
            return self.on_named
        folded = self.reader.thread(self.link.name, self.thread)
        waiting = folded.inquiry.waiting if folded else ()
        return self._only([fact.id for fact in waiting if fact.kind in kinds], kinds)

    def on_own(self, *kinds: str) -> Target:
        """Return our own valid statement of one of `kinds`: the one that was named, or the only one.

        Raises:
            FaultError: there is none, or there are several and none of them was named.
        """
        if self.named != self.thread:
            return self.on_named
        rows = self.reader.rows(self.link.name, thread=self.thread)
        return self._only([row.statement for row in rows if self._is_own(row, kinds)], kinds)

    def _is_own(self, row: EntryRow, kinds: tuple[str, ...]) -> bool:
        return row.letter == self.link.my_letter and row.kind in kinds and row.verdict.is_valid

    def _only(self, statements: list[bytes], kinds: tuple[str, ...]) -> Target:
        wanted = labels.labelled(kinds, labels.KINDS)
        if not statements:
            raise FaultError(
                "nothing_to_answer",
                Exit.REFUSED,
                what=_("Nothing here waits for that (it answers: %(kinds)s).") % {"kinds": wanted},
                do=_("See what was said: parley inquiry show."),
            )
        if len(statements) > 1:
            rows = (self.reader.row(self.link.name, each) for each in statements)
            places = ", ".join(row.place.replace(" ", "-") for row in rows if row is not None)
            raise FaultError(
                "several_statements",
                Exit.NEEDS_A_PERSON,
                what=_("There are several: %(places)s.") % {"places": places},
                do=_("Name the one that is meant in place of the inquiry."),
            )
        return Target(link=self.link.name, statement=statements[0])


def statement(says: Callable[..., Said]) -> Callable[..., int]:
    """Return the command that says `says` of an inquiry: with the options that all such commands share.

    `says` takes a `Case` and options of its own, and returns what became of the statement.
    """

    @wraps(says)
    def command(about: About, voice: Voice, **own: Any) -> int:  # noqa: ANN401 - Typer has checked each of them
        with reading() as reader, understood():
            case = _open_case(reader, about, voice=voice)
            with enclosed(settings.HOME, case.lane, about.enclose or ()) as files:
                said = says(replace(case, words=replace(case.words, files=files)), **own)
            return tell(reader, case.link, said, wait=voice.wait)

    return with_options(command, says, about=About, voice=Voice)


def _open_case(reader: Reader, about: About, *, voice: Voice) -> Case:
    link, named = find_statement(reader, about.inquiry, link=about.link)
    row = reader.row(link.name, named)
    if row is None or row.thread is None:
        raise FaultError(
            "no_inquiry",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no inquiry.") % {"name": about.inquiry},
            do=_("Look at: parley inquiry list."),
        )
    remark = Remark(text=text_of(about.text) if about.text else None)
    return Case(
        reader=reader,
        link=link,
        thread=row.thread,
        named=named,
        hand=voice.hand(require_home()),
        words=Words(ref=about.ref, remark=remark),
    )
