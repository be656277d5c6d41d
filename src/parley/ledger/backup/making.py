"""Making a backup while everything runs: copies of one moment, hashed, then sealed into one file."""

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from parley.ledger.backup.key import public_key
from parley.ledger.backup.members import (
    SCHEMA,
    SIGNING,
    HeadOf,
    Manifest,
    Member,
    blocks_of,
    write_manifest,
)
from parley.ledger.backup.sealed import BLOCK, Sealing
from parley.ledger.checks import BACKUP, note_check
from parley.ledger.fsck.lines import Log, read_lines
from parley.ledger.home import read_config
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Suite
from parley.protocol.tree import EMPTY
from parley.work.home import Home

STALE_SECONDS: Final = 86_400

_PLAIN = ("parley.toml", "card", "epoch", "calendar.json", "backup-key")
_DATABASES = ("house.db", "record.db")
"""The record last: nothing at home then speaks of what it does not hold."""


class NoBackupKeyError(Exception):
    """There is no key yet to which a backup could be sealed; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What goes into a backup beside what always does."""

    signing_keys: bool = False
    files: bool = False


def make_backup(home: Home, file: BinaryIO, wishes: Wishes, *, now: int, suite: Suite) -> Manifest:
    """Write a backup of `home` into `file`, and return what is in it. Core may go on writing.

    Raises:
        NoBackupKeyError: no key was made yet.
        OSError, sqlite3.Error: there is no room, or a file cannot be read.
    """
    public = public_key(home)
    if public is None:
        raise NoBackupKeyError
    config = read_config(home)
    sweep(home, now=now)
    with _workplace(home) as place:
        for name in _DATABASES:
            copy_database(home.root / name, place / name)
        sources = dict(_sources(home, place, wishes))
        manifest = Manifest(
            schema=SCHEMA,
            node=config.node,
            world=config.world,
            made_at=now,
            has_signing_keys=wishes.signing_keys,
            has_files=wishes.files,
            heads=tuple(heads_of(place / "record.db", config.node)),
            members=tuple(_member(name, path) for name, path in sources.items()),
            listed=() if wishes.files else tuple(_listed(home)),
        )
        header: dict[str, JsonValue] = {"node": config.node, "world": config.world, "made_at": now}
        sealing = Sealing(file, header, public=public, suite=suite)
        write_manifest(manifest, sealing)
        for member in manifest.members:
            with sources[member.name].open("rb") as source:
                for block in blocks_of(member, source):
                    sealing.write(block)
        sealing.finish()
    note_check(home, BACKUP, {"at": now, "entries": sum(head.size for head in manifest.heads)})
    return manifest


def sweep(home: Home, *, now: int) -> None:
    """Remove what a backup or a drill left behind that was killed a day ago or earlier: copies and keys."""
    for path in home.root.glob(".*-*"):
        is_ours = path.name.startswith((".backup-", ".drill-", ".mend-"))
        if is_ours and path.is_dir() and now - path.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(path)


@contextmanager
def _workplace(home: Home) -> Iterator[Path]:
    # Beside the databases: as private as they are, and on a disk that has room for such files.
    place = Path(tempfile.mkdtemp(prefix=".backup-", dir=home.root))
    try:
        yield place
    finally:
        shutil.rmtree(place)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, while others write to it; none if there is none."""
    if not source.exists():
        return
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as one,
        closing(sqlite3.connect(target)) as two,
    ):
        one.backup(two)
        # A copy that is read nowhere needs no log beside it.
        two.execute("PRAGMA journal_mode=DELETE")


def _sources(home: Home, place: Path, wishes: Wishes) -> Iterator[tuple[str, Path]]:
    for folder, names in ((place, _DATABASES), (home.root, _PLAIN)):
        yield from ((name, folder / name) for name in names if (folder / name).exists())
    for path in sorted(home.keys.iterdir()):
        if wishes.signing_keys or not SIGNING.fullmatch(path.name):
            yield f"keys/{path.name}", path
    if wishes.files:
        yield from _vaulted(home)


def _vaulted(home: Home) -> Iterator[tuple[str, Path]]:
    for path in sorted((home.root / "vault").glob("[0-9a-f][0-9a-f]/*")):
        yield f"vault/{path.parent.name}/{path.name}", path


def _listed(home: Home) -> Iterator[Member]:
    for name, path in _vaulted(home):
        yield Member(name=name, size=path.stat().st_size, sha256=path.name)


def _member(name: str, path: Path) -> Member:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Member(name=name, size=size, sha256=digest.hexdigest())


def heads_of(record: Path, node: str) -> Iterator[HeadOf]:
    """Yield where every log of a record stands, computed from its entries."""
    if not record.exists():
        return
    with closing(sqlite3.connect(f"file:{record}?mode=ro", uri=True)) as db:
        for log in read_lines(db, node):
            size = int(db.execute("SELECT COUNT(*) FROM entry WHERE log = ?", (log.id,)).fetchone()[0])
            origin, base = log.origin_at(max(size, 1))
            root = root_of(db, log, base=base, size=size)
            yield HeadOf(link=log.link, node=log.node, origin=origin, size=size, root=root.hex())


def root_of(db: sqlite3.Connection, log: Log, *, base: int, size: int) -> bytes:
    """Return the root over the entries of a line from `base` up to `size`."""
    leaves = db.execute(
        "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx", (log.id, base, size)
    )
    return EMPTY.extend(leaf for (leaf,) in leaves).root()
