"""What is derived from the evidence, folded anew and compared; and the hints, as far as they can be wrong.

All of it, or for every night a sample: the fold of everything needs memory for everything, the
sample folds some threads where they lie. Source: Spec §6.4 (rule M7).
"""

import random
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Final

from parley.ledger.acts import read_acts
from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.fsck.lines import Log
from parley.ledger.keys import Keys
from parley.ledger.reading import Reader
from parley.ledger.shelf import ROW_COLUMNS, SqliteShelf, read_row
from parley.ledger.standing import LinkFacts
from parley.protocol.channel import Alarm
from parley.protocol.places import mark
from parley.protocol.record import merge
from parley.protocol.shelf import MemoryShelf, Row
from parley.protocol.suite import Suite

SAMPLE: Final = 200
"""Threads that are folded anew every night."""


def check_rows(db: sqlite3.Connection, facts: LinkFacts, *, keys: Keys, suite: Suite) -> Iterator[Finding]:
    """Yield every row and tip of a link that is not what the evidence gives."""
    shelf = merge(read_acts(db, facts, keys=keys, suite=suite), facts.sides, suite).shelf
    assert isinstance(shelf, MemoryShelf)
    folded: dict[tuple[str, int], Row] = {(row.writer, row.index): row for row in shelf.rows()}
    nodes = {log: node for node, log in facts.logs.items()}
    marks = {node: mark(letter, facts.lane) for node, letter in facts.letters.items()}
    for found in db.execute(
        f"SELECT {ROW_COLUMNS} FROM row WHERE log IN (?, ?) ORDER BY log, idx",  # noqa: S608 - our own words
        tuple(nodes),
    ):
        place = f"{marks[nodes[found[0]]]} {found[1]}"
        if not _is(found, folded.pop((nodes[found[0]], found[1]), None), nodes):
            yield Finding(damage=Damage.ROW, link=facts.name, place=place)
    for node, index in sorted(folded):
        yield Finding(damage=Damage.ROW, link=facts.name, place=f"{marks[node]} {index}")
    kept = SqliteShelf(db, facts.logs)
    for node in facts.logs:
        if kept.tip(node) != shelf.tip(node):
            yield Finding(damage=Damage.ROW, link=facts.name, place=marks[node])
    yield from _check_calls(db, facts, shelf)


def _check_calls(db: sqlite3.Connection, facts: LinkFacts, shelf: MemoryShelf) -> Iterator[Finding]:
    """Yield every lane in which other calls go on than core would read when it starts."""
    going = {
        (facts.logs[row.writer], row.id, over_at)
        for opened, over_at in shelf.over.items()
        if over_at != 0 and (row := shelf.row(opened)) is not None
    }
    kept = db.execute(
        "SELECT log, thread, over_at FROM going_call WHERE log IN (?, ?)", tuple(facts.logs.values())
    )
    if going != set(kept):
        yield Finding(damage=Damage.ROW, link=facts.name, place=facts.lane)


def _is(found: tuple[Any, ...], row: Row | None, nodes: Mapping[int, str]) -> bool:
    outcome, reason, remark = found[-3:]
    if outcome == "valid" and (reason is not None or remark):
        return False
    try:
        return read_row(found, nodes) == row
    except ValueError:
        # A word that stands for no outcome and no reason.
        return False


def check_sample(reader: Reader, link: str, *, dice: random.Random) -> Iterator[Finding]:
    """Yield every statement of some threads that is not worth what its row says."""
    threads = reader.threads(link)
    for thread in dice.sample(threads, min(SAMPLE, len(threads))):
        folded = reader.thread(link, thread)
        verdicts = dict(folded.verdicts) if folded else {}
        for row in reader.rows(link, thread=thread):
            if row.statement in verdicts and verdicts[row.statement] != row.verdict:
                yield Finding(damage=Damage.ROW, link=link, place=row.place)


def check_tips(db: sqlite3.Connection, logs: tuple[Log, ...]) -> Iterator[Finding]:
    """Yield every log of which there are more or fewer rows than entries."""
    for log in logs:
        counts = {
            db.execute(sql, (log.id,)).fetchone()[0]
            for sql in (
                "SELECT COUNT(*) FROM row WHERE log = ?",
                "SELECT COUNT(*) FROM entry WHERE log = ?",
                "SELECT COALESCE(MAX(size), 0) FROM tip WHERE log = ?",
            )
        }
        if len(counts) > 1:
            yield Finding(damage=Damage.ROW, link=log.link, place=log.letter)


_HINTS: Final = {
    "drafted": "SELECT log, idx FROM drafted WHERE NOT EXISTS"
    " (SELECT 1 FROM entry WHERE entry.log = drafted.log AND entry.idx = drafted.idx)",
    "unsaid": "SELECT log, idx FROM unsaid WHERE NOT EXISTS"
    " (SELECT 1 FROM entry WHERE entry.log = unsaid.log AND entry.idx = unsaid.idx)",
    "heard": "SELECT link, have FROM heard WHERE link NOT IN (SELECT id FROM link) OR have < 0",
    "alarm": "SELECT link, code FROM alarm WHERE link NOT IN (SELECT id FROM link) OR times < 1",
    # A thread may be gone: what a recovery found to be no part of the log is looked at once more.
    "change": "SELECT link, seq FROM change WHERE link NOT IN (SELECT id FROM link)",
}


_BY_LOG: Final = (
    "SELECT made.name FROM sqlite_master AS made, pragma_table_info(made.name) AS one"
    " WHERE made.type = 'table' AND one.name = 'log'"
)


def check_hints(db: sqlite3.Connection, logs: tuple[Log, ...]) -> Iterator[Finding]:
    """Yield what points to nothing. A hint proves nothing, and a wrong one costs a parcel or a look."""
    for table, sql in _HINTS.items():
        for row in db.execute(sql):
            yield Finding(damage=Damage.HINT, link="", place=f"{table} {row}")
    known = {alarm.value for alarm in Alarm}
    for (code,) in db.execute("SELECT code FROM alarm"):
        if code not in known:
            yield Finding(damage=Damage.HINT, link="", place=f"alarm {code}")
    numbers = {log.id for log in logs}
    for (table,) in db.execute(_BY_LOG).fetchall():
        for (log,) in db.execute(f"SELECT DISTINCT log FROM {table}"):  # noqa: S608 - names of the schema
            if log not in numbers:
                yield Finding(damage=Damage.GAP, link="", place=f"{table} {log}")
