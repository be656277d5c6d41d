"""parley record export and prove: what is handed to a judge, as one file, or as one statement's proof."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.lanes import Lane, in_lane
from parley.cli.looking import Link, chosen_link, find_statement, reading
from parley.cli.output import FaultError, result
from parley.cli.persons import require_home
from parley.ledger.chosen import Choice
from parley.ledger.export import Exported, House, NothingReceiptedError, export
from parley.ledger.handover import house_of
from parley.ledger.home import own_card
from parley.ledger.keys import read_keys
from parley.ledger.lanes import named
from parley.ledger.proof import NotProvedError, prove
from parley.ledger.reading import Reader
from parley.ledger.tiling import tile_names
from parley.ledger.zipping import TooLargeError
from parley.protocol.act import id_text
from parley.protocol.card import card_hash, parse
from parley.protocol.suite import Standard
from parley.signer.desk import NoSignerError
from parley.work import clock
from parley.work.home import Home
from parley.work.lock import LockedError

_DAY: Final = 86_400

Inquiry = Annotated[
    str | None,
    typer.Option(
        *("--inquiry", "--case", "--thread"),
        metavar="PLACE",
        help=_("This inquiry, case, round or other matter alone, such as A-112."),
    ),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help=_("What took effect from this day on (UTC)."))
]
To = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help=_("What took effect up to this day (UTC)."))
]
All = Annotated[bool, typer.Option("--all", help=_("Everything on this link."))]
WithoutContent = Annotated[
    bool, typer.Option("--without-content", help=_("Keep acts and bodies at home; show that they are there."))
]
Target = Annotated[Path, typer.Argument(metavar="FILE", help=_("Where to write; it must not exist yet."))]
LinkName = Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))]


def export_link(
    link: LinkName,
    file: Target,
    *,
    inquiry: Inquiry = None,
    since: From = None,
    until: To = None,
    everything: All = False,
    without_content: WithoutContent = False,
    lane: Annotated[
        Lane, typer.Option(help=_("Which lane of the link; an inquiry stands in its own."))
    ] = Lane.MAIN,
) -> int:
    """Write the evidence of a link, or of a part of it, into one file (Spec §11)."""
    home = require_home()
    with reading() as reader:
        name = chosen_link(reader, link).name
        _check_one(inquiry is not None, bool(since or until), everything)
        choice = replace(
            _thread(reader, name, inquiry) if inquiry is not None else _span(since, until),
            with_content=not without_content,
        )
        written = write_export(home, reader, in_lane(reader, name, lane), file=file, choice=choice)
    note_act("evidence.exported", officer=None, subject=f"{name} {inquiry or 'all'}", now=clock.now())
    digits = " ".join(written.listing.digits)
    result(
        {"file": str(file), "bytes": written.size, "entries": written.whole, "digits": digits},
        _("%(file)s: %(bytes)d bytes, %(entries)d entries in full.")
        % {"file": file, "bytes": written.size, "entries": written.whole},
        _("Whoever checks it needs these digits from somewhere else: %(digits)s") % {"digits": digits},
    )
    return Exit.DONE


def _check_one(*asked: bool) -> None:
    if sum(asked) != 1:
        raise FaultError(
            "usage",
            Exit.NEEDS_A_PERSON,
            what=_("It must be clear what is exported."),
            do=_("Give one of --inquiry, --case, --thread, --from and --to, --all."),
        )


def _thread(reader: Reader, link: str, inquiry: str) -> Choice:
    row, statement = find_statement(reader, inquiry, link=link)
    entry = reader.row(row.name, statement)
    return Choice(thread=entry.thread if entry and entry.thread else statement)


def _span(since: str | None, until: str | None) -> Choice:
    return Choice(
        since=None if since is None else _day(since), until=None if until is None else _day(until) + _DAY
    )


def _day(text: str) -> int:
    try:
        return int(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
    except ValueError as error:
        raise FaultError(
            "not_read",
            Exit.NEEDS_A_PERSON,
            what=_("“%(text)s” is no day.") % {"text": text},
            do=_("Write it as 2026-11-22."),
        ) from error


def write_export(home: Home, reader: Reader, link: str, *, file: Path, choice: Choice) -> Exported:
    """Write the export of `link` into the new `file`; where that fails, there is no file.

    Raises:
        FaultError: the file exists, the signer does not answer, or there is nothing to prove.
    """
    with fresh(file) as out, _house(home, reader) as house:
        try:
            return export(house, link, out, choice=choice)
        except NothingReceiptedError as error:
            raise FaultError(
                "nothing_receipted",
                Exit.WAITING,
                what=_("The two sides have not yet signed that they hold each other's opening."),
                do=_("Wait for the next exchange: parley link status."),
            ) from error
        except TooLargeError as error:
            raise FaultError(
                "export_too_large",
                Exit.NEEDS_A_PERSON,
                what=_("This would be more than 4 GiB."),
                do=_("Choose less with --from and --to, or add --without-content."),
            ) from error


@contextmanager
def _house(home: Home, reader: Reader) -> Iterator[House]:
    with ExitStack() as stack:
        try:
            house = stack.enter_context(house_of(home, reader))
        except (LockedError, NoSignerError) as error:
            raise FaultError(
                "no_signer",
                Exit.UNREACHABLE,
                what=_("The signer of this node does not answer."),
                do=_("Look at: parley status."),
            ) from error
        yield house


def write_paper(content: bytes, file: Path, *, subject: str) -> int:
    """Write a paper into a new file, note in the journal of what, and tell how large it is."""
    with fresh(file) as out:
        size = out.write(content)
    note_act("evidence.exported", officer=None, subject=subject, now=clock.now())
    told = {"file": file, "bytes": size}
    result({"file": str(file), "bytes": size}, _("%(file)s: %(bytes)d bytes.") % told)
    return Exit.DONE


@contextmanager
def fresh(file: Path) -> Iterator[IO[bytes]]:
    """Give the new `file` to write into; where the block fails, there is no file.

    Raises:
        FaultError: it exists already, or cannot be made.
    """
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise FaultError(
            "unwritable_file",
            Exit.FAILED,
            what=_("%(file)s cannot be made: %(why)s.") % {"file": file, "why": error.strerror},
            do=_("Name a file that does not exist yet, in a folder that does."),
        ) from error
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def prove_statement(
    place: Annotated[str, typer.Argument(metavar="PLACE", help=_("The statement, such as A-112."))],
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=_("Where the three files go; it must exist."))
    ],
    *,
    link: Link = None,
) -> int:
    """Write the proof of one statement in a form that stock tools check (Spec §11.9)."""
    home = require_home()
    with reading() as reader:
        row, statement = find_statement(reader, place, link=link)
        entry = reader.row(row.name, statement)
        assert entry is not None, "what was found is there"
        with _house(home, reader) as house:
            try:
                proof = prove(
                    reader,
                    named(row.name, entry.lane),
                    node=entry.writer,
                    index=entry.index,
                    receipts=house.receipts,
                )
            except NotProvedError as error:
                raise FaultError(
                    "nothing_receipted",
                    Exit.WAITING,
                    what=_("The other side has not yet signed that it holds this statement."),
                    do=_("Wait for the next exchange: parley link status."),
                ) from error
    name = entry.place.replace(" ", "-")
    contents = {"tlog-proof": proof.proof, "entry": proof.entry, "policy": proof.policy}
    for ending, content in contents.items():
        with fresh(folder / f"{name}.{ending}") as out:
            out.write(content)
    files = [str(folder / f"{name}.{ending}") for ending in contents]
    result(
        {"statement": id_text(statement), "files": files, "index": proof.index, "size": proof.size}, *files
    )
    return Exit.DONE


def show_tiles(link: LinkName) -> int:
    """Print the addresses: who has one may read hashes and entries there, no content (Spec §11.10)."""
    home = require_home()
    with reading() as reader:
        row = chosen_link(reader, link)
        seed = read_keys(home.keys, reader.node).link_seed
        card = card_hash(parse(own_card(home)).card)
        names = {
            origin: tile
            for lane in reader.lane_names(row.name)
            for origin, tile in tile_names(reader, lane, card=card, seed=seed, suite=Standard()).items()
        }
    start = row.peer_url or ""
    addresses = {origin: f"{start}/log/{name}" for origin, name in names.items()}
    result({"tiles": addresses}, *addresses.values())
    return Exit.DONE
