"""Reading a backup: whether it is whole, what it holds, and writing that into a folder of its own.

Nothing is ever written over: the folder is new or empty, and takes its place only when every byte
was the one of the manifest. The drill does the same, looks at what came out, and throws it away.
"""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from parley.ledger.backup.key import BackupKey
from parley.ledger.backup.making import heads_of, root_of, sweep
from parley.ledger.backup.members import HeadOf, Manifest, blocks_of, read_manifest
from parley.ledger.backup.sealed import BackupError, Opening, check_whole
from parley.ledger.checks import DRILL, note_check
from parley.ledger.fsck.check import Looking, Report, check_record
from parley.ledger.fsck.copies import Copy
from parley.ledger.fsck.lines import Log, read_lines
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.protocol.suite import Suite
from parley.work.home import Home


class NotEmptyError(Exception):
    """There is something in the folder already; it was left alone."""


def verify_backup(file: BinaryIO, key: BackupKey, *, suite: Suite) -> Manifest:
    """Return what a backup holds, after every byte of it was opened and hashed. Nothing is written.

    Raises:
        BackupError: it is damaged, or sealed to another key.
    """
    check_whole(file)
    opening = Opening(file, private=key.private(), suite=suite)
    manifest = read_manifest(opening)
    for member in manifest.members:
        for _block in blocks_of(member, opening):
            pass
    _check_end(opening)
    return manifest


def _check_end(opening: Opening) -> None:
    if opening.read(1):
        raise BackupError("there is more in it than the manifest names")


def restore_backup(file: BinaryIO, key: BackupKey, into: Path, *, suite: Suite) -> Manifest:
    """Write what a backup holds into `into`, whole or not at all.

    Raises:
        NotEmptyError: something is there. BackupError: as in `verify_backup`. OSError: it cannot be written.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise NotEmptyError(str(into))
    check_whole(file)
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{into.name}-", dir=into.parent))
    try:
        opening = Opening(file, private=key.private(), suite=suite)
        manifest = read_manifest(opening)
        for member in manifest.members:
            path = fresh / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                for block in blocks_of(member, opening):
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
        _check_end(opening)
        # An empty folder gives way to a folder; nothing else does.
        os.rename(fresh, into)  # noqa: PTH104 - says what it does
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return manifest


def copy_of_backup(home: Home, file: BinaryIO, key: BackupKey, *, suite: Suite) -> Copy:
    """Return the entries and parts of a backup, as another copy for what is damaged here.

    Raises:
        BackupError: as in `verify_backup`. KeysError: the key under which content keys rest is missing in it.
    """
    folder = Path(tempfile.mkdtemp(prefix=".mend-", dir=home.root))
    try:
        restored = Home(root=folder / "home")
        manifest = restore_backup(file, key, restored.root, suite=suite)
        copy = Copy()
        copy.add_record(restored.record, read_keys(restored.keys, manifest.node))
    finally:
        shutil.rmtree(folder)
    return copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What came into one log since the backup was made. `receipted` of ours the partner can give back."""

    link: str
    node: str
    is_ours: bool
    entries: int
    receipted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What a drill found. It went well only if every answer is yes and nothing is damaged."""

    manifest: Manifest
    report: Report
    gives_heads: bool
    is_prefix: bool
    since: tuple[Since, ...]

    @property
    def is_good(self) -> bool:
        return self.report.is_whole and self.gives_heads and self.is_prefix


def drill_backup(
    home: Home, file: BinaryIO, key: BackupKey, *, looking: Looking, place: Path | None
) -> Drill:
    """Restore a backup into a folder beside `home` (or in `place`), look at everything, and throw it away.

    If it went well, the day is written down: doctor and the pages of a link count from it.

    Raises:
        BackupError: as in `verify_backup`, or it is of another node. KeysError: the key under which content
        keys rest is missing in it.
    """
    sweep(home, now=looking.now())
    folder = Path(tempfile.mkdtemp(prefix=".drill-", dir=place or home.root))
    try:
        restored = Home(root=folder / "home")
        manifest = restore_backup(file, key, restored.root, suite=looking.suite)
        drill = _looked_at(home, restored, manifest, looking=looking)
    finally:
        shutil.rmtree(folder)
    if drill.is_good:
        note_check(home, DRILL, {"at": looking.now(), "made_at": manifest.made_at})
    return drill


def _looked_at(home: Home, restored: Home, manifest: Manifest, *, looking: Looking) -> Drill:
    node = read_config(home).node
    if (manifest.node, read_config(restored).node) != (node, node):
        raise BackupError(f"expected a backup of {node}, found one of {manifest.node}")
    report = check_record(restored, looking)
    gives = tuple(heads_of(restored.record, node)) == manifest.heads
    with closing(sqlite3.connect(f"file:{home.record}?mode=ro", uri=True)) as db:
        logs = {(log.link, log.node): log for log in read_lines(db, node)}
        known = [(logs.get((head.link, head.node)), head) for head in manifest.heads]
        return Drill(
            manifest=manifest,
            report=report,
            gives_heads=gives,
            is_prefix=all(log is not None and _is_prefix(db, log, head) for log, head in known),
            since=tuple(_since(db, log, head) for log, head in known if log is not None),
        )


def _is_prefix(db: sqlite3.Connection, log: Log, head: HeadOf) -> bool:
    bases = dict(log.epochs)
    if head.origin not in bases:
        return False
    return root_of(db, log, base=bases[head.origin], size=head.size).hex() == head.root


def _since(db: sqlite3.Connection, log: Log, head: HeadOf) -> Since:
    (now,) = db.execute("SELECT COUNT(*) FROM entry WHERE log = ?", (log.id,)).fetchone()
    (receipted,) = db.execute(
        "SELECT COALESCE(MAX(size), 0) FROM receipt WHERE log = ?", (log.id,)
    ).fetchone()
    came = max(0, now - head.size)
    return Since(
        link=log.link,
        node=log.node,
        is_ours=log.is_mine,
        entries=came,
        receipted=min(came, max(0, receipted - head.size)) if log.is_mine else came,
    )
