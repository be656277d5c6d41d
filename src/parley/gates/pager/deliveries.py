"""What was rung and how it went: `pager.db`, a file beside the house's, written before anything is sent.

    ring       what was asked for, once a key; ended, when every way is at its end
    delivery   one try each; "written" before it is sent, an outcome afterwards

Ours alone, and no evidence: it never leaves the node, and `house.db` is not its place, because a ring must
not wait for a page that writes, and because a restored copy would say "was rung" of a night that is not
over. No backup holds it: what is due after a restore rings again. A row names a contact by its number:
neither addresses nor texts nor codes stand here.

The rule after a stop: what is "written" becomes "unknown". Source: screens D5, §10.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from parley.gates.pager.ring import Answer, CallClass, Outcome, Reason, Ring

VERSION: Final = 1
BUSY_SECONDS: Final = 2
"""People are rung though a row cannot be written, so that nobody waits long for the file."""
KEPT_SECONDS: Final = 400 * 86_400
MAX_SAID: Final = 200

_TABLES: Final = (
    """
    CREATE TABLE ring (
        key         TEXT PRIMARY KEY,
        person      INTEGER NOT NULL,
        reason      TEXT NOT NULL,
        rung        INTEGER NOT NULL,
        link        TEXT NOT NULL,
        urgency     TEXT NOT NULL,
        call_class  TEXT NOT NULL,
        asked       INTEGER NOT NULL,
        ended       INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE delivery (
        id        INTEGER PRIMARY KEY,
        ring      TEXT NOT NULL REFERENCES ring (key),
        contact   INTEGER NOT NULL,
        channel   TEXT NOT NULL,
        turn      INTEGER NOT NULL,
        provider  TEXT NOT NULL,
        written   INTEGER NOT NULL,
        ended     INTEGER,
        outcome   TEXT NOT NULL
                  CHECK (outcome IN ('written', 'accepted_by_carrier', 'refused', 'failed', 'unknown')),
        said      TEXT NOT NULL DEFAULT '',
        UNIQUE (ring, contact, channel, turn)
    ) STRICT
    """,
    # What a carrier sees of a ring's key is a hash; without this nobody can guess the key from it.
    "CREATE TABLE salt (value BLOB NOT NULL) STRICT",
    "INSERT INTO salt VALUES (randomblob(16))",
    "CREATE INDEX ring_open ON ring (asked) WHERE ended IS NULL",
    "CREATE INDEX delivery_last ON delivery (channel, provider, id)",
)

_SELECT: Final = (
    "SELECT delivery.id, ring.key, ring.person, contact, channel, turn, provider, reason, written,"
    " delivery.ended, outcome, said FROM delivery JOIN ring ON ring.key = delivery.ring"
)


class VersionError(Exception):
    """The file was made by another version of Parley; nothing was changed in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try: of ring `key`, at `provider`, for contact number `contact` (0: a board, nobody's)."""

    number: int
    key: str
    person: int
    contact: int
    channel: str
    turn: int
    provider: str
    reason: Reason
    written: int
    ended: int | None
    outcome: Outcome
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A ring that was asked for at the second `asked`; `is_lost`: it is over, and no machine took it."""

    key: str
    asked: int
    is_lost: bool


class Deliveries:
    """The file of rings and tries. Any thread may use it; one at a time writes."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, and make it where there is none.

        Raises:
            VersionError: it is another version's.
        """
        before = os.umask(0o077)
        try:
            self._connection = sqlite3.connect(
                path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
            )
            self._lock = Lock()
            self._salt = self._opened(path)
        finally:
            os.umask(before)

    def _opened(self, path: Path) -> bytes:
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._make_tables(path)
            (salt,) = self._connection.execute("SELECT value FROM salt").fetchone()
        except BaseException:
            self._connection.close()
            raise
        return bytes(salt)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def reference(self, key: str, *, contact: int, channel: str) -> str:
        """Return 32 hex digits, the same for every try of one ring at one contact."""
        text = f"{key} {contact} {channel}".encode()
        return hashlib.blake2b(text, key=self._salt, digest_size=16).hexdigest()

    def ask(self, ring: Ring, *, now: int) -> bool:
        """Write down that `ring` is asked for; return whether it was not before. Its code is not written."""
        values = (
            *(ring.key, ring.person, ring.reason.value, ring.rung),
            *(ring.link, ring.urgency, ring.call_class.value, now),
        )
        with self._writing() as connection:
            done = connection.execute(
                "INSERT INTO ring (key, person, reason, rung, link, urgency, call_class, asked)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                values,
            )
            return done.rowcount == 1

    def end(self, key: str, *, now: int) -> None:
        """Write down that nothing more is tried for the ring."""
        with self._writing() as connection:
            connection.execute("UPDATE ring SET ended = ? WHERE key = ? AND ended IS NULL", (now, key))

    def write(self, key: str, *, contact: int, channel: str, provider: str, now: int) -> int:
        """Write down one more try, before it is sent, and return its number."""
        with self._writing() as connection:
            done = connection.execute(
                "INSERT INTO delivery (ring, contact, channel, turn, provider, written, outcome)"
                " SELECT ?1, ?2, ?3, 1 + COALESCE(MAX(turn), 0), ?4, ?5, 'written'"
                " FROM delivery WHERE ring = ?1 AND contact = ?2 AND channel = ?3",
                (key, contact, channel, provider, now),
            )
            assert done.lastrowid is not None
            return done.lastrowid

    def settle(self, number: int, answer: Answer, *, now: int) -> None:
        """Write down how a try went. Only "written" and "unknown" can still become something else."""
        said = "".join(sign if sign.isprintable() else " " for sign in answer.said)[:MAX_SAID]
        with self._writing() as connection:
            connection.execute(
                "UPDATE delivery SET outcome = ?, said = ?, ended = ?"
                " WHERE id = ? AND outcome IN ('written', 'unknown')",
                (answer.outcome.value, said, now, number),
            )

    def take_up(self, *, now: int, since: int) -> tuple[Ring, ...]:
        """Return the rings that a stop interrupted, oldest first, once every try is settled.

        What was asked for before `since` is ended: it would wake somebody for a call that is long over;
        whoever still wants it asks anew. So are tests and proofs, whose person sits waiting.
        """
        with self._writing() as connection:
            connection.execute(
                "UPDATE delivery SET outcome = 'unknown', ended = ?, said = 'the node stopped'"
                " WHERE outcome = 'written'",
                (now,),
            )
            connection.execute(
                "UPDATE ring SET ended = ? WHERE ended IS NULL AND (asked < ? OR reason IN (?, ?))",
                (now, since, Reason.TEST.value, Reason.PROOF.value),
            )
            kept_from = now - KEPT_SECONDS
            connection.execute(
                "DELETE FROM delivery WHERE ring IN (SELECT key FROM ring WHERE asked < ?)", (kept_from,)
            )
            connection.execute("DELETE FROM ring WHERE asked < ?", (kept_from,))
            rows = connection.execute(
                "SELECT key, person, reason, rung, link, urgency, call_class FROM ring"
                " WHERE ended IS NULL ORDER BY asked, key"
            ).fetchall()
        return tuple(
            Ring(
                key=key,
                person=person,
                reason=Reason(reason),
                rung=rung,
                link=link,
                urgency=urgency,
                call_class=CallClass(call_class),
            )
            for key, person, reason, rung, link, urgency, call_class in rows
        )

    def of(self, key: str) -> tuple[Delivery, ...]:
        """Return every try of a ring, in the order in which they were written."""
        return self._find("WHERE ring.key = ? ORDER BY delivery.id", key)

    def latest(self, count: int) -> tuple[Delivery, ...]:
        """Return the `count` newest tries, the newest first."""
        return self._find("ORDER BY delivery.id DESC LIMIT ?", count)

    def last_of_providers(self) -> tuple[Delivery, ...]:
        """Return for each channel and provider the newest try that is at its end."""
        return self._find(
            "WHERE delivery.id IN (SELECT MAX(id) FROM delivery WHERE outcome <> 'written'"
            " GROUP BY channel, provider) ORDER BY channel, provider"
        )

    def is_ended(self, key: str) -> bool:
        """Return whether nothing more is tried for the ring; True too if nobody ever asked for it."""
        with self._lock:
            found = self._connection.execute("SELECT ended FROM ring WHERE key = ?", (key,)).fetchone()
        return found is None or found[0] is not None

    def was_lost(self, key: str) -> bool:
        """Return whether the ring is at its end and no machine took it for the person."""
        with self._lock:
            (count,) = self._connection.execute(
                "SELECT COUNT(*) FROM ring WHERE key = ? AND ended IS NOT NULL AND NOT EXISTS (SELECT 1"
                " FROM delivery WHERE ring = key AND contact <> 0 AND outcome = 'accepted_by_carrier')",
                (key,),
            ).fetchone()
        return bool(count)

    def rung_since(self, since: int) -> tuple[Past, ...]:
        """Return the rings asked for from `since` on, oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT key, asked, ended IS NOT NULL AND NOT EXISTS (SELECT 1 FROM delivery WHERE ring = key"
                " AND contact <> 0 AND outcome = 'accepted_by_carrier') FROM ring"
                " WHERE asked >= ? ORDER BY asked, key",
                (since,),
            ).fetchall()
        return tuple(Past(key=key, asked=asked, is_lost=bool(lost)) for key, asked, lost in rows)

    def _find(self, where: str, *values: str | int) -> tuple[Delivery, ...]:
        with self._lock:
            rows = self._connection.execute(
                f"{_SELECT} {where}",
                values,
            ).fetchall()
        return tuple(
            Delivery(
                number=row[0],
                key=row[1],
                person=row[2],
                contact=row[3],
                channel=row[4],
                turn=row[5],
                provider=row[6],
                reason=Reason(row[7]),
                written=row[8],
                ended=row[9],
                outcome=Outcome(row[10]),
                said=row[11],
            )
            for row in rows
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _make_tables(self, path: Path) -> None:
        with self._writing() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for table in _TABLES:
                    connection.execute(table)
                connection.execute(f"PRAGMA user_version={VERSION}")
        if version not in {0, VERSION}:
            raise VersionError(f"expected version {VERSION} of {path.name}, found {version}")
