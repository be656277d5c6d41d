"""parley file: the files of statements, and those that wait at home for one."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.agencies.actions import note_act
from parley.cli.enclosed import find_waiting, keep_file
from parley.cli.exits import Exit
from parley.cli.looking import Link, chosen_link, find_statement, links_of, reading
from parley.cli.output import FaultError, JsonValue, Rows, advise, result
from parley.cli.persons import As, SecretFile, acting_officer, require_home
from parley.ledger.attached import Attached, Attachments, Presence
from parley.ledger.database import open_for_reading
from parley.ledger.enclosing import Kept, all_kept, drop
from parley.ledger.files import wanted_rows
from parley.ledger.reading import LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.part import PartError
from parley.ui import words
from parley.ui.filenames import safe_name
from parley.vault.plain import DamagedError
from parley.work import clock
from parley.work.home import Home
from parley.work.sock import CoreError, NoCoreError, call

file = typer.Typer(
    help=_("Files: evidence of any size that goes with a statement."),
    no_args_is_help=False,
    rich_markup_mode=None,
)

STEP_SECONDS: Final = 0.2

Statement = Annotated[str, typer.Argument(metavar="PLACE", help=_("The statement (A-112), or its id."))]


@file.command(help=_("Seal a file and let it wait at home for a statement; nothing is sent."))
def add(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file."))],
    *,
    officer: As,
    secret_file: SecretFile = None,
    link: Link = None,
) -> int:
    home = require_home()
    who = acting_officer(officer, secret_file=secret_file)
    with reading() as reader:
        row = chosen_link(reader, link)
    kept = keep_file(home, row.name, path)
    note_act("file.kept", officer=who.number, subject=f"{row.name} {kept.hash.hex()[:16]}", now=clock.now())
    result(
        _kept_as_json(kept),
        _("%(name)s waits; nothing was sent. Take it along with: --enclose %(hash)s")
        % {"name": kept.name, "hash": kept.hash.hex()},
    )
    return Exit.DONE


@file.command(help=_("Take a file away that waits: it is destroyed."))
def remove(
    digest: Annotated[str, typer.Argument(metavar="HASH", help=_("Its hash, as parley file list shows it."))],
    *,
    officer: As,
    secret_file: SecretFile = None,
    link: Link = None,
) -> int:
    home = require_home()
    who = acting_officer(officer, secret_file=secret_file)
    with reading() as reader:
        row = chosen_link(reader, link)
    kept = find_waiting(home, row.name, digest)
    drop(home, kept.hash)
    note_act("file.dropped", officer=who.number, subject=f"{row.name} {digest[:16]}", now=clock.now())
    result({"hash": digest, "destroyed": True}, _("%(name)s is destroyed.") % {"name": kept.name})
    return Exit.DONE


@file.command("list", help=_("Show the files of an inquiry, or all of a link, and those that wait."))
def list_files(
    inquiry: Annotated[
        str | None, typer.Argument(metavar="INQUIRY", help=_("Only what belongs to this inquiry."))
    ] = None,
    *,
    link: Link = None,
) -> int:
    home = require_home()
    with reading() as reader:
        found = [(place, each) for place, each in _files(reader, home, inquiry, link=link)]
        waiting = (
            [] if inquiry else [kept for row in links_of(reader, link) for kept in all_kept(home, row.name)]
        )
    result(
        {
            "files": [_as_json(place, each) for place, each in found],
            "waiting": [_kept_as_json(each) for each in waiting],
        },
        Rows(
            titles=(_("Place"), _("Part"), _("Name"), _("Size"), _("Where it is"), _("SHA-256")),
            rows=(
                *(_as_text(place, each) for place, each in found),
                *(_kept_as_text(each) for each in waiting),
            ),
        ),
    )
    return Exit.DONE


def _files(
    reader: Reader, home: Home, inquiry: str | None, *, link: str | None
) -> Iterator[tuple[str, Attached]]:
    looking = Attachments(home, reader)
    if inquiry is not None:
        row, statement = find_statement(reader, inquiry, link=link)
        entry = reader.row(row.name, statement)
        rows = reader.rows(row.name, thread=entry.thread if entry and entry.thread else statement)
        yield from ((each.place, found) for each in rows for found in looking.of(row.name, each.statement))
        return
    for row in links_of(reader, link):
        for each in (said for lane in reader.lane_names(row.name) for said in reader.rows(lane)):
            yield from ((each.place, found) for found in looking.of(row.name, each.statement))


@file.command(help=_("Write a file of a statement to this folder, or where --to says."))
def get(
    place: Statement,
    *,
    part: Annotated[int, typer.Option("--part", min=1, max=255, help=_("Which of its files."))] = 1,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help=_("Where to; never over what is there."))
    ] = None,
    link: Link = None,
) -> int:
    home = require_home()
    with reading() as reader:
        row, statement = find_statement(reader, place, link=link)
        looking = Attachments(home, reader)
        found = _chosen(looking, row, statement, part=part)
        target = to or Path(name_of(found))
        written = _write(looking, found, target)
    result(
        {"file": str(target), "bytes": written, "hash": found.hash.hex()},
        _("%(file)s written, %(bytes)d bytes; every part of it was opened under its hash.")
        % {"file": target, "bytes": written},
    )
    return Exit.DONE


def name_of(found: Attached) -> str:
    """Return what a file is called here: its writer's name for it, made safe."""
    otherwise = f"file-{found.hash.hex()[:8]}"
    return otherwise if found.named is None else safe_name(found.named.name, otherwise=otherwise)


def _chosen(looking: Attachments, row: LinkRow, statement: bytes, *, part: int) -> Attached:
    for each in looking.of(row.name, statement):
        if each.part == part:
            return each
    raise FaultError(
        "no_such_file",
        Exit.NOT_FOUND,
        what=_("That statement has no file %(part)d.") % {"part": part},
        do=_("Look at: parley file list."),
    )


def _write(looking: Attachments, found: Attached, target: Path) -> int:
    if found.presence is not Presence.HERE:
        raise FaultError(
            "file_not_here",
            Exit.WAITING if found.presence is Presence.COMING else Exit.NOT_FOUND,
            what=_("The file is not here: %(why)s.")
            % {"why": words.label(found.presence.value, words.FILES)},
            do=_("Look at: parley file list. To try now: parley file pull."),
        )
    written = 0
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise FaultError(
            "unwritable_file",
            Exit.FAILED,
            what=_("“%(file)s” cannot be written: %(why)s.") % {"file": target, "why": error.strerror},
            do=_("Name another file with --to."),
        ) from error
    try:
        with os.fdopen(handle, "wb") as out, looking.open(found) as plain:
            for block in plain:
                written += out.write(block)
    except (DamagedError, PartError, FileNotFoundError) as error:
        target.unlink()
        raise FaultError(
            "file_damaged",
            Exit.NOT_PROVED,
            what=_("The file is damaged on this node's disk: %(why)s.") % {"why": error},
            do=_("Run: parley record fsck --repair. The other node has a copy."),
        ) from error
    return written


@file.command(help=_("Fetch now what is still to come, and show how far it is."))
def pull(
    *,
    link: Link = None,
    wait: Annotated[
        int, typer.Option("--wait", min=0, max=86_400, metavar="SECONDS", help=_("Wait so long at most."))
    ] = 0,
) -> int:
    home = require_home()
    with reading() as reader:
        links = [row.name for row in links_of(reader, link)]
        names = [lane for name in links for lane in reader.lane_names(name)]
    for name in links:
        _wake(home, name)
    end = clock.monotonic() + wait
    while (left := _left(home, names)) and clock.monotonic() < end:
        clock.sleep(STEP_SECONDS)
    code = Exit.WAITING if left else Exit.DONE
    said = _("%(count)d still to come.") % {"count": left} if left else _("Nothing is to come any more.")
    result({"to_come": left}, said, exit_code=code)
    return code


def _wake(home: Home, link: str) -> None:
    try:
        call(home.core_socket, {"ask": "wake", "link": link})
    except NoCoreError:
        advise(_("The node does not run. What is to come is fetched while parley serve runs."))
    except CoreError as error:
        advise(_("Core said no: %(why)s.") % {"why": error.reason})


def _left(home: Home, links: list[str]) -> int:
    db = open_for_reading(home.record)
    try:
        return sum(len(wanted_rows(db, link)) for link in links)
    finally:
        db.close()


def _as_json(place: str, found: Attached) -> Mapping[str, JsonValue]:
    named = found.named
    return {
        "place": place,
        "part": found.part,
        "name": named.name if named else None,
        "type": named.type if named else None,
        "size": named.size if named else None,
        "sha256": named.sha256.hex() if named else None,
        "hash": found.hash.hex(),
        "presence": found.presence.value,
        "come": found.come,
        "of": found.size,
        "ours": found.is_ours,
        "told": found.told,
        "statement": id_text(found.statement),
    }


def _as_text(place: str, found: Attached) -> tuple[str, ...]:
    named = found.named
    return (
        place,
        str(found.part),
        name_of(found),
        str(named.size) if named else "",
        standing(found),
        named.sha256.hex() if named else "",
    )


def standing(found: Attached) -> str:
    """Return where a file is, in words: no more than is proved."""
    said = words.label(found.presence.value, words.FILES)
    if found.presence is Presence.COMING:
        return f"{said} {100 * found.come // found.size} %"
    if not found.is_ours or found.told is None:
        return said
    told = _("their node has it") if found.told else _("it did not open at their node")
    return f"{said} · {told}"


def _kept_as_json(kept: Kept) -> Mapping[str, JsonValue]:
    return {
        "link": kept.link,
        "hash": kept.hash.hex(),
        "name": kept.name,
        "type": kept.type,
        "size": kept.plain_size,
        "sha256": kept.plain_sha256.hex(),
    }


def _kept_as_text(kept: Kept) -> tuple[str, ...]:
    waits = _("waits at home: --enclose %(hash)s") % {"hash": kept.hash.hex()}
    return ("", "", kept.name, str(kept.plain_size), waits, kept.plain_sha256.hex())
