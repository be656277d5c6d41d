"""Looking at everything: links, logs, notes, content, and what is derived; with a connection of its own.

Memory stays the same however long the logs are (but for the fold of everything), core may go on
writing meanwhile, and a check that was cut off goes on where it was, log by log. It changes
nothing but `checks.json`.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parley.ledger.checks import FSCK, POSITION, note_check, read_checks
from parley.ledger.database import open_for_reading
from parley.ledger.epochs import count_orphans
from parley.ledger.fsck.epochs import check_epochs
from parley.ledger.fsck.erased import erased_parts
from parley.ledger.fsck.files import check_files
from parley.ledger.fsck.finding import Damage, Finding, Progress
from parley.ledger.fsck.lines import Log, check_lines, check_revocations, read_lines
from parley.ledger.fsck.notes import Notes
from parley.ledger.fsck.parts import Parts
from parley.ledger.fsck.rows import check_hints, check_rows, check_sample, check_tips
from parley.ledger.fsck.tagged import check_tags
from parley.ledger.fsck.trees import Position, Tree
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.lanes import link_of
from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.protocol.suite import Standard, Suite
from parley.vault.vault import Vault
from parley.work.home import Home

MAX_FINDINGS: Final = 1_000
"""More are counted, and not kept: a record that is wrong everywhere is told of in fewer words."""
MAX_NOTED: Final = 50
"""So many are written down for the pages; whoever needs all of them looks on the command line."""
STEP: Final = 1_000
"""Entries between two words about how far it is."""


def _nothing(_progress: Progress) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How a record is looked at: whole or with a sample of the fold, and who is told how far it is."""

    now: Callable[[], int]
    whole_fold: bool = True
    resume: bool = False
    tell: Callable[[Progress], None] = _nothing
    suite: Suite = field(default_factory=Standard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found. `count` leaves out hints, which prove nothing and cost at most a look.

    `whole_before`: when the record was last whole, if ever it was looked at.
    """

    entries: int
    findings: tuple[Finding, ...]
    count: int
    whole_before: int | None
    ended_at: int
    orphans: int
    """Statements of either side that are kept and are no part of a log any more."""

    @property
    def is_whole(self) -> bool:
        return self.count == 0


def check_record(home: Home, looking: Looking) -> Report:
    """Look at the record of `home`, and write down when and with what result.

    Raises:
        FileNotFoundError: there is no record. KeysError, HomeError: the home is not as it must be.
    """
    before = read_checks(home).get(FSCK) or {}
    checking = _Checking(home, looking)
    try:
        findings = [*_kept(checking.run(), checking)]
    finally:
        checking.close()
    ended = looking.now()
    report = Report(
        entries=checking.entries,
        findings=tuple(findings),
        count=checking.count,
        whole_before=before.get("whole_at"),
        ended_at=ended,
        orphans=checking.orphans,
    )
    said = {
        "at": ended,
        "entries": report.entries,
        "findings": report.count,
        "times": _times(before) + 1,
        "whole_at": ended if report.is_whole else report.whole_before,
        "found": [[each.damage.value, link_of(each.link), each.place] for each in _worst(report.findings)],
    }
    note_check(home, FSCK, said)
    note_check(home, POSITION, None)
    return report


def _times(before: Mapping[str, Any]) -> int:
    times = before.get("times")
    return times if isinstance(times, int) else 0


def _worst(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(each for each in findings if each.damage is not Damage.HINT)[:MAX_NOTED]


def _kept(found: Iterator[Finding], checking: "_Checking") -> Iterator[Finding]:
    for kept, finding in enumerate(found):
        checking.count += finding.damage is not Damage.HINT
        if kept < MAX_FINDINGS:
            yield finding


class _Checking:
    def __init__(self, home: Home, looking: Looking) -> None:
        self._home = home
        self._looking = looking
        self._node = read_config(home).node
        self._keys = read_keys(home.keys, self._node)
        self._db = open_for_reading(home.record)
        self.entries = 0
        self.count = 0
        self.orphans = 0

    def close(self) -> None:
        self._db.close()

    def run(self) -> Iterator[Finding]:
        try:
            yield from self._run()
        except sqlite3.DatabaseError as error:
            # What SQLite itself cannot read is damage, not a fault of the check.
            yield Finding(damage=Damage.DATABASE, link="", place="record.db", said=str(error))

    def _run(self) -> Iterator[Finding]:
        yield from self._database()
        self._db.execute("BEGIN")
        try:
            wrong = [*check_lines(self._db, self._node, self._looking.suite)]
            yield from wrong
            logs = read_lines(self._db, self._node)
            yield from check_revocations(self._db, logs, self._looking.suite)
            yield from check_hints(self._db, logs)
            yield from check_tips(self._db, logs)
            yield from check_tags(self._db)
            self.orphans = sum(count_orphans(self._db, log.id) for log in logs)
        finally:
            self._db.execute("ROLLBACK")
        yield from self._logs(logs)
        if not wrong:
            # Who said what to whom is not known where the links themselves are damaged.
            yield from self._fold()

    def _database(self) -> Iterator[Finding]:
        self._looking.tell(Progress(what="database", done=0, total=1))
        for (said,) in self._db.execute("PRAGMA integrity_check(20)"):
            if said != "ok":
                yield Finding(damage=Damage.DATABASE, link="", place="record.db", said=said)

    def _logs(self, logs: tuple[Log, ...]) -> Iterator[Finding]:
        done = set(_position(self._home)) if self._looking.resume else set()
        parts = Parts(self._db, self._keys, self._looking.suite, erased=erased_parts(self._db, logs))
        try:
            for log in logs:
                found = [*self._log(log, parts)] if log.epochs[0][0] not in done else []
                yield from found
                # A log with damage is looked at again: what was found in it is told only here.
                if not found:
                    done.add(log.epochs[0][0])
                    note_check(self._home, POSITION, {"done": sorted(done)})
            if not self._looking.resume:
                yield from parts.strays()
        finally:
            parts.close()

    def _log(self, log: Log, parts: Parts) -> Iterator[Finding]:
        # One moment of the record for each log: what core writes meanwhile is looked at next time.
        self._db.execute("BEGIN")
        try:
            (total,) = self._db.execute("SELECT COUNT(*) FROM entry WHERE log = ?", (log.id,)).fetchone()

            def each(index: int, raw: bytes) -> Iterator[Finding]:
                self.entries += 1
                if index % STEP == 0:
                    self._looking.tell(Progress(what=log.epochs[0][0], done=index, total=total))
                return parts.named_by(log, index, raw)

            yield from Tree(self._db, log, Position()).read(each)
            yield from parts.stray_files(log)
            yield from check_epochs(self._db, log, self._looking.suite)
            yield from Notes(self._db, log, self._looking.suite).check()
            yield from check_files(
                self._db, log, vault=Vault(self._home.vault), keys=self._keys, erased=parts.erased
            )
        finally:
            self._db.execute("ROLLBACK")

    def _fold(self) -> Iterator[Finding]:
        suite = self._looking.suite
        self._looking.tell(Progress(what="fold", done=0, total=1))
        links = read_facts(self._db, self._node)
        if not self._looking.whole_fold:
            reader = Reader(self._home, suite=suite)
            try:
                for facts in links:
                    yield from check_sample(reader, facts.name, dice=random.SystemRandom())
            finally:
                reader.close()
            return
        self._db.execute("BEGIN")
        try:
            for facts in links:
                yield from check_rows(self._db, facts, keys=self._keys, suite=suite)
        finally:
            self._db.execute("ROLLBACK")


def _position(home: Home) -> Iterator[str]:
    found: Mapping[str, Any] = read_checks(home).get(POSITION) or {}
    yield from (origin for origin in found.get("done", ()) if isinstance(origin, str))
