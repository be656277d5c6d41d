"""parley backup: made while everything runs, sealed to a key that is kept elsewhere, proved by a drill."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.looking import broken_home
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.persons import require_home
from parley.cli.progress import Progressing, teller
from parley.ledger.backup.key import BackupKey, BackupKeyError, make_key, public_key, read_key
from parley.ledger.backup.making import NoBackupKeyError, Wishes, make_backup
from parley.ledger.backup.members import Manifest
from parley.ledger.backup.restoring import (
    Drill,
    NotEmptyError,
    drill_backup,
    restore_backup,
    verify_backup,
)
from parley.ledger.backup.sealed import BackupError, check_whole, read_header
from parley.ledger.fsck.check import Looking
from parley.ledger.home import read_config
from parley.ledger.keys import KeysError
from parley.ledger.lanes import link_of
from parley.protocol.suite import Standard
from parley.ui import words
from parley.work import clock
from parley.work.home import Home, HomeError

backup = typer.Typer(
    help=_("Backups: make, verify, drill and restore them."), no_args_is_help=False, rich_markup_mode=None
)

KeyFile = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help=_("The key that was taken away when backups were set up.")),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help=_("The backup."))]


@backup.command(
    "key", help=_("Make the key that opens backups. Take it away: it must not stay on this node.")
)
def make(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Where to write it, outside the node."))],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help=_("Seal later backups to a new key; older ones keep theirs."))
    ] = False,
) -> int:
    home = require_home()
    if file.absolute().is_relative_to(home.root):
        raise FaultError(
            "key_in_home",
            Exit.REFUSED,
            what=_("%(file)s lies in the folder of this node.") % {"file": file},
            do=_("Name a file on a stick: whoever takes the disk must not find the key beside the data."),
        )
    if not replace and _has_key(home):
        raise FaultError(
            "key_exists",
            Exit.CONFLICT,
            what=_("Backups of this node are sealed to a key already."),
            do=_("Use that key, or add --replace for a new one."),
        )
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise unwritable(file, error) from error
    with os.fdopen(handle, "w", encoding="ascii") as target:
        target.write(make_key(home, read_config(home).node, suite=Standard()).text())
        target.flush()
        os.fsync(target.fileno())
    note_act("backup.key_made", officer=None, subject="", now=clock.now())
    result({"file": str(file)}, _("The key is in %(file)s, and nowhere else.") % {"file": file})
    advise(_("Print it, keep it in two places, and delete it here: without it no backup can be opened."))
    return Exit.DONE


def _has_key(home: Home) -> bool:
    try:
        return public_key(home) is not None
    except BackupKeyError:
        return True


@backup.command(help=_("Make a backup while everything runs: record, house, keys and settings in one file."))
def create(
    file: File,
    *,
    with_signing_keys: Annotated[
        bool,
        typer.Option(
            "--with-signing-keys",
            help=_("With the keys by which this node speaks; without them it can read."),
        ),
    ] = False,
    with_files: Annotated[
        bool, typer.Option("--with-files", help=_("With the files of the vault; otherwise only their list."))
    ] = False,
) -> int:
    home = require_home()
    wishes = Wishes(signing_keys=with_signing_keys, files=with_files)
    fresh = file.with_name(f".{file.name}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            manifest = make_backup(home, target, wishes, now=clock.now(), suite=Standard())
            target.flush()
            os.fsync(target.fileno())
        os.replace(fresh, file)  # noqa: PTH105 - says what it does
    except (NoBackupKeyError, BackupKeyError) as error:
        raise FaultError(
            "no_backup_key",
            Exit.NEEDS_A_PERSON,
            what=_("There is no key yet to which a backup could be sealed."),
            do=_("Make one, and take it away: parley backup key FILE."),
        ) from error
    except HomeError as error:
        raise broken_home(error) from error
    except (OSError, sqlite3.Error, BackupError) as error:
        raise unwritable(file, error) from error
    finally:
        fresh.unlink(missing_ok=True)
    note_act("backup.made", officer=None, subject=file.name[:200], now=clock.now())
    _tell(manifest, _("The backup is in %(file)s.") % {"file": file})
    advise(_("Keep it elsewhere. That it restores is known only after: parley backup drill FILE --key KEY."))
    return Exit.DONE


def unwritable(file: Path, error: Exception) -> FaultError:
    """Return the fault that a file cannot be written."""
    return FaultError(
        "unwritable_file",
        Exit.FAILED,
        what=_("%(file)s cannot be written: %(why)s.")
        % {"file": file, "why": getattr(error, "strerror", None) or error},
        do=_("Name another file."),
    )


@backup.command(help=_("Look whether a backup is whole: without the key from outside, with it every byte."))
def verify(file: File, *, key: KeyFile = None) -> int:
    with opened_backup(file) as source:
        if key is not None:
            manifest = verify_backup(source, read_key_file(key), suite=Standard())
            _tell(manifest, _("Every byte of it was opened and hashed: it is whole."))
            return Exit.DONE
        digest = check_whole(source)
        source.seek(0)
        header = read_header(source)
    made = header.get("made_at")
    result(
        {"sha256": digest, **header},
        _("It is whole, seen from outside: a backup of %(node)s, made %(time)s.")
        % {"node": header.get("node"), "time": words.instant(made if isinstance(made, int) else None)},
    )
    advise(_("What is in it is seen only with the key: add --key FILE."))
    return Exit.DONE


@backup.command(help=_("Restore a backup into a folder of its own, look at everything, and throw that away."))
def drill(
    file: File,
    *,
    key: KeyFile = None,
    place: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help=_("Where there is room; otherwise in the home.")),
    ] = None,
    progress: Progressing = None,
) -> int:
    home = require_home()
    looking = Looking(now=clock.now, tell=teller(progress), suite=Standard())
    with opened_backup(file) as source:
        try:
            done = drill_backup(home, source, read_key_file(key), looking=looking, place=place)
        except KeysError as error:
            raise FaultError(
                "backup_without_keys",
                Exit.NOT_PROVED,
                what=_("Nothing in this backup could be read: %(why)s.") % {"why": error},
                safe=_("The running node was not touched."),
                do=_("Put the key back into keys/, make a new backup, and drill that one."),
            ) from error
    note_act("backup.drilled", officer=None, subject=file.name[:200], now=clock.now())
    return _tell_drill(done)


def _tell_drill(done: Drill) -> int:
    code = Exit.DONE if done.is_good else Exit.NOT_PROVED
    result(
        {
            "good": done.is_good,
            "made_at": done.manifest.made_at,
            "entries": done.report.entries,
            "damaged": done.report.count,
            "gives_heads": done.gives_heads,
            "is_prefix": done.is_prefix,
            "since": [
                {"link": each.link, "node": each.node, "entries": each.entries, "regained": each.receipted}
                for each in done.since
            ],
        },
        *_drill_lines(done),
        exit_code=code,
    )
    if not done.is_good:
        advise(_("Do not rely on this backup. Make a new one, and drill that."))
    return code


def _drill_lines(done: Drill) -> Iterator[str]:
    yield _("Restored, and hashed anew: %(count)d entries.") % {"count": done.report.entries}
    if done.report.count:
        yield _("%(count)d things in it are damaged.") % {"count": done.report.count}
    if not done.gives_heads:
        yield _("Its entries do not give the heads that it says.")
    if not done.is_prefix:
        yield _("It is not an earlier state of the record that runs here.")
    for each in done.since:
        if not each.entries and each.link != link_of(each.link):
            # Of three lanes in which mostly nothing was said, two need no line.
            continue
        yield _(
            "%(link)s: %(node)s said %(count)d more since then, of which %(back)d come back from their node."
        ) % {"link": each.link, "node": each.node, "count": each.entries, "back": each.receipted}
    if done.is_good:
        yield _("This backup restores. People, drafts and notes come back as they were at %(time)s.") % {
            "time": words.instant(done.manifest.made_at)
        }


@backup.command(help=_("Write what a backup holds into a new folder. Nothing is ever written over."))
def restore(
    file: File,
    *,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help=_("A folder that is new or empty."))],
    key: KeyFile = None,
) -> int:
    with opened_backup(file) as source:
        try:
            manifest = restore_backup(source, read_key_file(key), into.absolute(), suite=Standard())
        except NotEmptyError as error:
            raise FaultError(
                "not_empty",
                Exit.CONFLICT,
                what=_("There is something in %(folder)s already.") % {"folder": into},
                safe=_("It was left alone."),
                do=_("Name a folder that is new or empty."),
            ) from error
    if settings.HOME.house.exists():
        note_act("backup.restored", officer=None, subject=file.name[:200], now=clock.now())
    _tell(manifest, _("Restored into %(folder)s.") % {"folder": into})
    if not manifest.has_signing_keys:
        advise(_("It can read and not sign: put the files keys/write-*, receipt-* and root-* back first."))
    advise(_("Never run it beside the old node. Before it signs, it asks each partner what it said last."))
    return Exit.DONE


def _tell(manifest: Manifest, *lines: str) -> None:
    entries = sum(head.size for head in manifest.heads)
    size = sum(member.size for member in manifest.members)
    value: Mapping[str, JsonValue] = {
        "node": manifest.node,
        "world": manifest.world,
        "made_at": manifest.made_at,
        "signing_keys": manifest.has_signing_keys,
        "files": manifest.has_files,
        "listed_files": len(manifest.listed),
        "entries": entries,
        "bytes": size,
        "members": [member.name for member in manifest.members],
    }
    result(
        value,
        *lines,
        _("%(node)s at %(time)s: %(entries)d entries, %(files)d files, %(bytes)d bytes.")
        % {
            "node": manifest.node,
            "time": words.instant(manifest.made_at),
            "entries": entries,
            "files": len(manifest.members),
            "bytes": size,
        },
        *(
            [
                ngettext(
                    "%(count)d file of the vault is listed, not held.",
                    "%(count)d files of the vault are listed, not held.",
                    len(manifest.listed),
                )
                % {"count": len(manifest.listed)}
            ]
            if manifest.listed
            else []
        ),
    )


def read_key_file(file: Path | None) -> BackupKey:
    """Return the key of backups in `file`.

    Raises:
        FaultError: none was named, or it is none.
    """
    if file is None:
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("A backup is opened only with its key."),
            do=_("Add --key FILE."),
        )
    try:
        return read_key(file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, BackupKeyError) as error:
        raise FaultError(
            "bad_backup_key",
            Exit.NEEDS_A_PERSON,
            what=_("%(file)s holds no key of backups: %(why)s.") % {"file": file, "why": error},
            do=_("Name the file that parley backup key wrote, or type its groups anew."),
        ) from error


@contextmanager
def opened_backup(file: Path) -> Iterator[BinaryIO]:
    """Open `file`, and turn what may be wrong with a backup into sentences.

    Raises:
        FaultError: in place of every error that a person can put right.
    """
    try:
        with file.open("rb") as source:
            yield source
    except BackupError as error:
        raise FaultError(
            "bad_backup",
            Exit.NOT_PROVED,
            what=_("%(file)s cannot be used: %(why)s.") % {"file": file, "why": error},
            safe=_("Nothing of it was written anywhere."),
            do=_("Take another copy of it, or an older backup; or its right key."),
        ) from error
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("%(file)s cannot be read.") % {"file": error.filename or file},
            do=_("Name a file that is there."),
        ) from error
