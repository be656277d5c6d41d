"""parley link carry: parcels in a file, for a link on which nobody can dial, or while the line is down."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.output import FaultError, advise, result
from parley.cli.persons import require_home
from parley.cli.saying import understood
from parley.ledger.carrying import In, NotComparedError, Out, carry_in, carry_out
from parley.ledger.ledger import BadParcelError, UnknownPeerError
from parley.ledger.reading import LinkStatus
from parley.protocol.breach import BreachError
from parley.work import clock
from parley.work.home import Home

T = TypeVar("T")

carry = typer.Typer(
    help=_("Carry parcels in a file: what is sent, and the receipts for it, without a line."),
    no_args_is_help=False,
    rich_markup_mode=None,
)


@carry.command("out", help=_("Write into a file what would be sent on a link now."))
def take_out(
    name: Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Where to write it."))],
    *,
    whole: Annotated[
        bool,
        typer.Option("--all", help=_("From our first entry on, for a partner whose copy is damaged.")),
    ] = False,
) -> int:
    home = require_home()
    with reading() as reader:
        link = chosen_link(reader, name).name
    out = _write_out(home, link, file, beyond=0 if whole else None)
    note_act("link.carried_out", officer=None, subject=f"{link} {out.end}", now=clock.now())
    result(
        {"link": link, "file": str(file), "parcels": out.parcels, "end": out.end, "more": out.more},
        ngettext(
            "%(file)s holds %(count)d parcel: our log up to entry %(end)d.",
            "%(file)s holds %(count)d parcels: our log up to entry %(end)d.",
            out.parcels,
        )
        % {"file": file, "count": out.parcels, "end": out.end},
        *([_("That is not all: the rest goes with the next file.")] if out.more else []),
    )
    advise(_("It is sealed for their node. There: parley link carry in FILE, and carry the answer back."))
    return Exit.DONE


def _write_out(home: Home, link: str, file: Path, *, beyond: int | None = None) -> Out:
    try:
        with understood():
            return _whole(file, lambda fresh: carry_out(home, link, fresh, beyond=beyond))
    except NotComparedError as error:
        raise FaultError(
            "not_compared",
            Exit.REFUSED,
            what=_("The digits of %(link)s were not compared yet, so nothing leaves on it.") % {"link": link},
            do=_("Compare them first: parley link verify %(link)s") % {"link": link},
        ) from error


def _whole(path: Path, write: Callable[[BinaryIO], T]) -> T:
    """Write `path` whole or not at all, and see it on the disk: sticks are pulled out early."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            found = write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)  # noqa: PTH105 - says what it does
    except OSError as error:
        raise FaultError(
            "unwritable_file",
            Exit.FAILED,
            what=_("%(file)s cannot be written: %(why)s.") % {"file": path, "why": error.strerror},
            do=_("Name another file."),
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return found


@carry.command("in", help=_("Take a file that a partner's node wrote, and write the answer to carry back."))
def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("What was carried here."))],
    *,
    answer: Annotated[
        Path | None,
        typer.Option("--answer", metavar="FILE", help=_("Where the answer goes; otherwise FILE.answer.")),
    ] = None,
) -> int:
    home = require_home()
    before = _statuses()
    with understood(), _opened(file) as carried:
        taken = carry_in(home, carried)
    back = answer or file.with_name(f"{file.name}.answer")
    out = _write_out(home, taken.link, back)
    note_act("link.carried_in", officer=None, subject=taken.link, now=clock.now())
    _tell(taken, before[taken.link], _statuses()[taken.link], out=out, back=back)
    return Exit.DONE


def _statuses() -> Mapping[str, LinkStatus]:
    """Return how each link stands: sizes are those of all lanes together."""
    found: dict[str, LinkStatus] = {}
    with reading() as reader:
        for lane in reader.lanes():
            at = reader.status(lane.name)
            assert at is not None, "it was just listed"
            found[lane.link] = _added(found[lane.link], at) if lane.link in found else at
    return found


def _added(one: LinkStatus, other: LinkStatus) -> LinkStatus:
    return replace(
        one,
        my_size=one.my_size + other.my_size,
        my_receipted=one.my_receipted + other.my_receipted,
        their_size=one.their_size + other.their_size,
    )


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """Open `file`, and turn what may be wrong with it into sentences."""
    try:
        with file.open("rb") as carried:
            yield carried
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("%(file)s cannot be read.") % {"file": file},
            do=_("Name the file that the other side made with: parley link carry out."),
        ) from error
    except UnknownPeerError as error:
        raise FaultError(
            "stranger_file",
            Exit.NOT_PROVED,
            what=_("%(file)s is from no partner of ours, or it is not for this node.") % {"file": file},
            safe=_("Nothing of it was taken. A file of our own, put back in by mistake, looks the same."),
            do=_("Ask who made it, for which node, and whether the digits of that link were compared."),
        ) from error
    except (BadParcelError, BreachError) as error:
        raise FaultError(
            "not_parcels",
            Exit.NOT_PROVED,
            what=_("%(file)s is no whole file of parcels (%(why)s).") % {"file": file, "why": error},
            safe=_("What stood before that in the file was taken; nothing else was."),
            do=_("Ask for the file once more. Taking one twice does no harm."),
        ) from error


def _tell(taken: In, before: LinkStatus, after: LinkStatus, *, out: Out, back: Path) -> None:
    new, receipted = after.their_size - before.their_size, after.my_receipted - before.my_receipted
    result(
        {
            "link": taken.link,
            "parcels": taken.parcels,
            "new": new,
            "their_size": after.their_size,
            "receipted": receipted,
            "waiting": after.waiting,
            "answer": str(back),
            "answer_parcels": out.parcels,
        },
        ngettext(
            "%(count)d new entry of theirs is here; %(size)d in all.",
            "%(count)d new entries of theirs are here; %(size)d in all.",
            new,
        )
        % {"count": new, "size": after.their_size},
        _("At their node: %(count)d of our %(size)d entries.")
        % {"count": after.my_receipted, "size": after.my_size},
        _("The answer is in %(file)s.") % {"file": back},
    )
    if new or after.waiting:
        advise(_("Carry the answer back: it holds what they lack, and the receipt for what came."))
    elif taken.changed:
        advise(_("Both nodes hold the same by now. The answer need not be carried."))
    else:
        advise(_("Nothing in it was new. Carry the answer back if the last one may have been lost."))
