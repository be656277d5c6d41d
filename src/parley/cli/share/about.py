"""One offer in the hands of an officer: what all commands share that say something about it."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, refused_fault, tell, understood
from parley.inquiries.forms.letter import Text, text_of
from parley.inquiries.forms.typed import TypedError, read_code
from parley.ledger.casebook import share_at
from parley.ledger.drafts import RefusedError
from parley.ledger.reading import LinkRow, Reader
from parley.ledger.sealed import NotSealedError
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.bodies import Grade
from parley.protocol.sharing.codes import Source
from parley.sharing.actions import NothingAgreedError
from parley.sharing.forms.texts import LongTextError, NoTitleError

INFORMATION = {"1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which offer is meant, or which statement about one, and what is said in words."""

    name: Annotated[
        str,
        typer.Argument(
            metavar="OFFER", help=_("Its place (A-3), or that of the statement meant; an id; the number.")
        ),
    ]
    link: Link = None
    text: Annotated[str | None, typer.Option("--text", metavar="WORDS", help=_("What is said in words."))] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InShare:
    """An offer that was found, and the hand that acts. `named` is the very statement that was named."""

    reader: Reader
    link: LinkRow
    named: bytes
    share: Share
    hand: Hand
    text: Text | None

    @property
    def on(self) -> Target:
        """Return the offer itself."""
        return Target(link=self.link.name, statement=self.share.id)

    @property
    def on_named(self) -> Target:
        """Return the very statement that was named."""
        return Target(link=self.link.name, statement=self.named)

    @property
    def on_delivery(self) -> Target:
        """Return the delivery, or the offer while there is none: the record then says why it cannot be."""
        delivered = self.share.delivered
        return self.on if delivered is None else Target(link=self.link.name, statement=delivered.id)

    @property
    def lane(self) -> str:
        """Return the name of the link in the lane of the offer: for that its files were sealed."""
        return self.reader.lane_of(self.link.name, self.share.id)


def find_share(reader: Reader, name: str, *, link: str | None) -> tuple[LinkRow, bytes, Share]:
    """Return the link, the very statement and the fold of the offer that people call `name`.

    Raises:
        FaultError: there is none, or it is no offer, or one that is without effect.
    """
    row, named = find_statement(reader, name, link=link)
    entry = reader.row(row.name, named)
    thread = None if entry is None else entry.thread
    share = None if thread is None else share_at(reader, row.name, thread)
    if share is None:
        raise FaultError(
            "no_offer",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no offer that has effect.") % {"name": name},
            do=_("Look at: parley share list."),
        )
    return row, named, share


def read_grade(text: str) -> Grade:
    """Return the grade that `text` states: a source and an information, such as ``B2``.

    Raises:
        TypedError: it states none.
    """
    source, number = text.strip().upper()[:1], text.strip()[1:]
    match INFORMATION.get(number):
        case 1 | 2 | 3 | 4 as information:
            return Grade(source=read_code(source, Source), information=information)
        case _:
            raise TypedError("grade", text, choices=("A1", "B2", "C3", "X4"))


def statement(says: Callable[..., Said]) -> Callable[..., int]:
    """Return the command that says `says` about an offer: with the options that all such commands share.

    `says` takes an `InShare` and options of its own, and returns what became of the statement.
    """

    @wraps(says)
    def command(about: About, voice: Voice, **own: Any) -> int:  # noqa: ANN401 - Typer has checked each of them
        with reading() as reader, heard():
            link, named, share = find_share(reader, about.name, link=about.link)
            found = InShare(
                reader=reader,
                link=link,
                named=named,
                share=share,
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
    """Turn what may go wrong with an offer into sentences, and all else as every command does.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood():
        try:
            yield
        except NoTitleError as error:
            raise FaultError(
                "no_title",
                Exit.NEEDS_A_PERSON,
                what=_("An offer says in one line what it is."),
                do=_("Say it with --title."),
            ) from error
        except LongTextError as error:
            raise FaultError(
                "text_too_long",
                Exit.NEEDS_A_PERSON,
                what=_("A text has %(found)d characters, of at most %(most)d.")
                % {"found": error.found, "most": error.most},
                do=_("Say it shorter, or enclose it as a file."),
            ) from error
        except NothingAgreedError as error:
            raise FaultError(
                "nothing_agreed",
                Exit.REFUSED,
                what=_("The other side has not accepted this offer yet."),
                safe=_("Nothing was sent."),
                do=_("Wait for its answer, or confirm the conditions that it undertook: parley share show."),
            ) from error
        except NotSealedError as error:
            raise FaultError(
                "not_sealed",
                Exit.FAILED,
                what=_("Of %(wanted)d files of this offer %(found)d lie sealed here.")
                % {"wanted": error.wanted, "found": error.found},
                safe=_("Nothing was sent."),
                do=_("Withdraw the offer, and offer it anew: parley share withdraw."),
            ) from error
        except RefusedError as error:
            raise _refused(error) from error


def _refused(error: RefusedError) -> FaultError:
    advice = {
        "not-writer": _("See whose part it is: parley share show."),
        "wrong-state": _("See how far the offer is: parley share show."),
        "no-target": _("An offer with conditions is undertaken, not accepted: parley share undertake."),
        "suspended": _("Sharing is suspended: parley link status."),
    }.get(error.code)
    fault = refused_fault(error)
    if advice is None:
        return fault
    return FaultError(fault.code, fault.exit_code, what=fault.what, safe=fault.safe, do=advice)
