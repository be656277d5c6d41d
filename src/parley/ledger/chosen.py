"""Which entries of a link an export shows whole: all, those of one inquiry, or those of a span of time.

Beside the choice stands what makes it judgeable, and tells nothing about any inquiry: how the link
was opened, cards, officers, suspensions, and where a line goes on; and the orders to erase content of
the choice, with their answers. Of everything else there is the leaf hash, and not one byte more.
Source: Spec §11.1.3.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from parley.ledger.shelf import IN_THREAD
from parley.ledger.tags import tagged
from parley.protocol.act import id_text, read_act, read_json
from parley.protocol.erasure import ErasureOrdered, read_said

ALWAYS: Final = ("link.", "officer.")
"""How the kinds begin that every export shows, with their acts."""
WITH_ACT: Final = (*ALWAYS, "record.")
"""How the kinds begin whose acts are told wherever they are shown."""
WITH_BODY: Final = frozenset({"link.opened", "link.carded"})
"""Those of them whose bodies say no more than who a side is, and its card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is chosen: one thread, what took effect from `since` to before `until`, or everything.

    Without content, acts and bodies stay at home, but those that every export shows.
    """

    thread: bytes | None = None
    since: int | None = None
    until: int | None = None
    with_content: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The places, by log, that are shown whole; and of these, those that are part of the choice itself.

    None stands for all of them.
    """

    whole: Mapping[int, frozenset[int]] | None
    meant: Mapping[int, frozenset[int]] | None

    def is_whole(self, log: int, index: int) -> bool:
        """Return whether the entry is shown."""
        return self.whole is None or index in self.whole[log]

    def is_meant(self, log: int, index: int) -> bool:
        """Return whether it is part of the choice, and not only beside it."""
        return self.meant is None or index in self.meant[log]


def choose(db: sqlite3.Connection, logs: tuple[int, int], choice: Choice) -> Chosen:
    """Return which entries of both `logs` the choice means."""
    if choice.thread is None and choice.since is None and choice.until is None:
        return Chosen(whole=None, meant=None)
    meant = _meant(db, logs, choice)
    sql, values = _about_the_link()
    beside = _places(db, logs, sql=sql, values=values)
    beside = {log: beside[log] | of_erasing for log, of_erasing in _erasing(db, logs, meant).items()}
    return Chosen(whole={log: meant[log] | beside[log] for log in logs}, meant=meant)


def _meant(db: sqlite3.Connection, logs: tuple[int, int], choice: Choice) -> Mapping[int, frozenset[int]]:
    if choice.thread is None:
        since, until = choice.since or 0, 2**62 if choice.until is None else choice.until
        return _places(db, logs, sql="effective >= ? AND effective < ?", values=(since, until))
    found = db.execute(
        f"SELECT log, idx, leaf FROM row WHERE {IN_THREAD}",  # noqa: S608 - our own words
        (*tagged(choice.thread), *logs),
    ).fetchall()
    found += _of_the_link(db, logs, choice.thread)
    said = {(log, idx) for log, idx, _ in found}
    said |= _unopening(db, logs, [bytes(leaf) for _, _, leaf in found])
    return {log: frozenset(idx for of, idx in said if of == log) for log in logs}


def _of_the_link(db: sqlite3.Connection, logs: tuple[int, int], first: bytes) -> list[tuple[int, int, bytes]]:
    """Return where a review or a text on the table is spoken of: a matter of the link, and no thread."""
    rows = db.execute(
        "SELECT log, idx, leaf, act FROM row WHERE log IN (?, ?) AND act IS NOT NULL"
        " AND (kind GLOB 'review.*' OR kind GLOB 'guideline.*')",
        logs,
    ).fetchall()
    answered = {bytes(leaf): read_act(read_json(bytes(act))).re for _, _, leaf, act in rows}
    named = {first}
    # Each time round finds what answers those of the last time; a draft is amended, and that is signed.
    while fresh := {leaf for leaf, re in answered.items() if re in named} - named:
        named |= fresh
    return [(log, idx, bytes(leaf)) for log, idx, leaf, _ in rows if bytes(leaf) in named]


def _unopening(db: sqlite3.Connection, logs: tuple[int, int], leaves: list[bytes]) -> set[tuple[int, int]]:
    """Return where a side says that it could not open one of `leaves`: that is about these alone."""
    found: set[tuple[int, int]] = set()
    for leaf in leaves:
        found |= set(
            db.execute(
                "SELECT log, idx FROM row WHERE log IN (?, ?) AND kind = 'unopened' AND instr(act, ?)",
                (*logs, id_text(leaf).encode()),
            )
        )
    return found


def _erasing(
    db: sqlite3.Connection, logs: tuple[int, int], meant: Mapping[int, frozenset[int]]
) -> Mapping[int, frozenset[int]]:
    """Return where it is ordered that content of the choice be erased, and where that is answered."""
    orders = db.execute(
        "SELECT log, idx, leaf, act FROM row WHERE log IN (?, ?) AND kind = 'record.erasure_ordered'"
        " AND outcome = 'valid'",
        logs,
    ).fetchall()
    found: set[tuple[int, int]] = set()
    for log, idx, leaf, act in orders:
        if _names(db, bytes(act), meant):
            found |= {(log, idx), *_answers(db, logs, id_text(bytes(leaf)))}
    return {log: frozenset(idx for of, idx in found if of == log) for log in logs}


def _names(db: sqlite3.Connection, act: bytes, meant: Mapping[int, frozenset[int]]) -> bool:
    said = read_said("record.erasure_ordered", read_act(read_json(act)).d)
    assert isinstance(said, ErasureOrdered)
    places = (
        place
        for each in said.parts
        for place in db.execute("SELECT log, idx FROM row WHERE leaf_tag = ? AND leaf = ?", tagged(each.id))
    )
    return any(idx in meant.get(log, ()) for log, idx in places)


def _answers(db: sqlite3.Connection, logs: tuple[int, int], order: str) -> Iterator[tuple[int, int]]:
    yield from db.execute(
        "SELECT log, idx FROM row WHERE log IN (?, ?) AND kind IN ('record.erased', 'record.erasure_refused')"
        " AND instr(act, ?)",
        (*logs, order.encode()),
    )


def is_told(kind: str | None, part: int) -> bool:
    """Return whether every export discloses this part (0: the act) of a whole statement of this kind."""
    return kind is not None and kind.startswith(WITH_ACT) and (part == 0 or kind in WITH_BODY)


def _about_the_link() -> tuple[str, tuple[str, ...]]:
    return " OR ".join("kind GLOB ?" for _ in ALWAYS), tuple(f"{start}*" for start in ALWAYS)


def _places(
    db: sqlite3.Connection, logs: tuple[int, int], *, sql: str, values: tuple[int | str, ...]
) -> Mapping[int, frozenset[int]]:
    query = f"SELECT idx FROM row WHERE log = ? AND ({sql})"  # noqa: S608 - our own words
    return {log: frozenset(idx for (idx,) in db.execute(query, (log, *values))) for log in logs}
