"""One offer in the hands of an officer: what all commands share that say something about it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, understood
from parley.cli.thread import InThread, Words, find_folded, saying
from parley.inquiries.forms.letter import Text, text_of
from parley.inquiries.forms.typed import TypedError, read_code
from parley.ledger.casebook import share_at
from parley.ledger.reading import LinkRow, Reader
from parley.ledger.sealed import NotSealedError
from parley.links.actions.speaking import Said, Target
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
    text: Words = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InShare(InThread):
    """An offer that was found, what is said in words, and the hand that acts."""

    share: Share
    text: Text | None

    @property
    def on_delivery(self) -> Target:
        """Return the delivery, or the offer while there is none: the record then says why it cannot be."""
        delivered = self.share.delivered
        return self.on if delivered is None else Target(link=self.link.name, statement=delivered.id)


def find_share(reader: Reader, name: str, *, link: str | None) -> tuple[LinkRow, bytes, Share]:
    """Return the link, the very statement and the fold of the offer that people call `name`.

    Raises:
        FaultError: there is none, or it is no offer, or one that is without effect.
    """
    found = find_folded(reader, name, link=link, fold=share_at)
    if found is None:
        raise FaultError(
            "no_offer",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no offer that has effect.") % {"name": name},
            do=_("Look at: parley share list."),
        )
    row, _thread, named, share = found
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
    return saying(says, about=About, find=_in_share, heard=heard)


def _in_share(reader: Reader, about: About, *, voice: Voice) -> InShare:
    link, named, share = find_share(reader, about.name, link=about.link)
    return InShare(
        reader=reader,
        link=link,
        thread=share.id,
        named=named,
        share=share,
        hand=voice.hand(require_home()),
        text=text_of(about.text) if about.text else None,
    )


@contextmanager
def heard() -> Iterator[None]:
    """Turn what may go wrong with an offer into sentences, and all else as every command does.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood(_advice()):
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


def _advice() -> dict[str, str]:
    return {
        "not-writer": _("See whose part it is: parley share show."),
        "wrong-state": _("See how far the offer is: parley share show."),
        "no-target": _("An offer with conditions is undertaken, not accepted: parley share undertake."),
        "suspended": _("Sharing is suspended: parley link status."),
    }
