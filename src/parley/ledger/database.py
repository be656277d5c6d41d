"""Opening record.db: by core to write, by everybody else to read.

`synchronous=FULL`, since what was acknowledged must survive a power cut; the write-ahead log,
so that readers never wait. Transactions are begun by hand, and IMMEDIATE: SQLite gives up
at once when a reading transaction wants to write while another one does.
"""

import os
import sqlite3
from importlib import resources
from pathlib import Path
from typing import Final, Protocol

BUSY_SECONDS: Final = 20
SCHEMA_VERSION: Final = 7
CACHE_KIB: Final = 32 * 1024
PAGE_BYTES: Final = 8_192
CHECKPOINT_PAGES: Final = 2_000
LOG_BLOCK: Final = 1 << 20


class SchemaError(Exception):
    """The file was made by another version of Parley; nothing was changed in it."""


class Storage(Protocol):
    """Where a ledger opens its record. The simulator puts a disk of its own in place of `FILES`."""

    def writing(self, path: Path) -> sqlite3.Connection:
        """Return the one connection that writes, with the tables in place."""

    def reading(self, path: Path) -> sqlite3.Connection:
        """Return a connection that cannot write."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Return the one connection that writes, with the tables in place.

    Raises:
        SchemaError: the tables are those of another version.
    """
    before = os.umask(0o077)
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    finally:
        os.umask(before)
    # Each page that a commit changes is written with two calls, so half as many pages cost half of them.
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")
    # Hashes fall anywhere in their indexes. In a cache that holds these no page is fetched twice, and
    # a longer log between two checkpoints carries each over to the file once for many commits.
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    make_tables(connection, path)
    return connection


def make_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none yet.

    Raises:
        SchemaError: they are those of another version.
    """
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        schema = resources.files("parley.ledger").joinpath("schema.sql").read_text(encoding="utf-8")
        for statement in _statements(schema):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.execute("COMMIT")
    if version not in {0, SCHEMA_VERSION}:
        connection.close()
        raise SchemaError(f"expected version {SCHEMA_VERSION} of {path.name}, found {version}")


def write_log_again(connection: sqlite3.Connection) -> None:
    """Write every byte of the write-ahead log once more, durably.

    A sync that failed has thrown away what it should have written: the kernel calls those pages
    clean, and no later sync writes them. What is read of them is still what was written, so
    written once more it reaches the disk.

    Raises:
        sqlite3.OperationalError: it does not, and what was committed since the last sync that did may
            have a hole.
    """
    (_, _, name), *_ = connection.execute("PRAGMA database_list")
    try:
        _write_again(Path(f"{name}-wal"))
    except OSError as error:
        raise sqlite3.OperationalError(f"the write-ahead log: {error}") from error


def _write_again(path: Path) -> None:
    if not path.exists():
        return
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        at = 0
        while block := os.pread(handle, LOG_BLOCK, at):
            at += os.pwrite(handle, block, at)
        os.fsync(handle)
    finally:
        os.close(handle)


def _statements(schema: str) -> list[str]:
    # sqlite3.executescript would commit first; here all tables come in one transaction.
    found, lines = [], []
    for line in schema.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            found.append("\n".join(lines))
            lines = []
    return found


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write. It sees what was committed when each query began.

    Raises:
        FileNotFoundError: there is no record yet.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    connection = sqlite3.connect(
        f"file:{path}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA query_only=ON")
    return connection


class Files:
    """The disk of this machine."""

    def writing(self, path: Path) -> sqlite3.Connection:
        return open_for_writing(path)

    def reading(self, path: Path) -> sqlite3.Connection:
        return open_for_reading(path)


FILES: Final[Storage] = Files()
