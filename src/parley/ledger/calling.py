"""Which statement of a link people mean by what they say: a place, an id, or a registry number.

    A 112, A hot 3   a place in a log (`protocol/places.py`)
    k7mf3qzd         the first eight characters of an id in base32; or all 43 in base64url
    2026-0417        the number that whoever opened it gave an inquiry, a call, a case or another thread

A registry number may look like one of the others, and is then asked for last.
"""

import base64
import re
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from parley.ledger.standing import LinkFacts
from parley.ledger.tags import tag_of, tagged
from parley.protocol.act import read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.places import Place, read_place
from parley.protocol.strictjson import write
from parley.protocol.threads import PAGES

_SHORT: Final = re.compile(r"[a-z2-7]{8}")
_REF: Final = re.compile(r"[ -~]{1,64}")
# What opens a thread beside inquiries and calls, and what opens any.
MATTERS: Final = tuple(kind for page in PAGES for kind in sorted(page.openings))
OPENINGS: Final = ("inquiry.sent", "call.opened", "call.principal_opened", *MATTERS)
_FULL: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class AmbiguousError(Exception):
    """More than one statement is called that; nothing was chosen."""


def called(
    db: sqlite3.Connection, lanes: Sequence[LinkFacts], name: str, *, numbered: Sequence[str] = OPENINGS
) -> bytes | None:
    """Return the statement of a link, in any of its `lanes`, that people call `name`.

    A registry number is looked for in all statements of the kinds `numbered`: no index holds those numbers.

    Raises:
        AmbiguousError: there is more than one.
    """
    return _by_shape(db, lanes, name) or _by_ref(db, lanes, name, kinds=numbered)


def _by_shape(db: sqlite3.Connection, lanes: Sequence[LinkFacts], name: str) -> bytes | None:
    place = read_place(name)
    if place is not None:
        return _by_place(db, lanes, place)
    logs = [log for facts in lanes for log in facts.logs.values()]
    among = f"log IN ({', '.join('?' * len(logs))})"
    if _FULL.fullmatch(name):
        full = base64.urlsafe_b64decode(name + "=")
        return _leaf(db, f"leaf_tag = ? AND leaf = ? AND {among}", (*tagged(full), *logs))
    if _SHORT.fullmatch(name):
        start = base64.b32decode(name.upper())
        # Eight characters are five bytes: these tags lie side by side, and none other among them.
        ends = (tag_of(start + bytes(3)), tag_of(start + b"\xff" * 3))
        return _leaf(db, f"leaf_tag BETWEEN ? AND ? AND {among}", (*ends, *logs))
    return None


def _by_place(db: sqlite3.Connection, lanes: Sequence[LinkFacts], place: Place) -> bytes | None:
    for facts in lanes:
        if facts.lane == place.lane:
            node = next(node for node, letter in facts.letters.items() if letter == place.letter)
            return _leaf(db, "log = ? AND idx = ?", (facts.logs[node], place.index))
    return None


def _leaf(db: sqlite3.Connection, sql: str, values: tuple[Any, ...]) -> bytes | None:
    query = f"SELECT DISTINCT leaf FROM row WHERE {sql} LIMIT 2"  # noqa: S608 - our own words
    found = db.execute(query, values).fetchall()
    if len(found) > 1:
        raise AmbiguousError(str(len(found)))
    return bytes(found[0][0]) if found else None


def _by_ref(
    db: sqlite3.Connection, lanes: Sequence[LinkFacts], name: str, *, kinds: Sequence[str]
) -> bytes | None:
    if not _REF.fullmatch(name):
        return None
    part = write({"ref": name})[len(b'{"ref":"') : -len(b'"}')]
    leaves = {leaf for facts in lanes for leaf in _with_ref(db, facts, name, part=part, kinds=kinds)}
    if len(leaves) > 1:
        raise AmbiguousError(name)
    return next(iter(leaves), None)


def _with_ref(
    db: sqlite3.Connection, facts: LinkFacts, name: str, *, part: bytes, kinds: Sequence[str]
) -> set[bytes]:
    meant = f"kind IN ({', '.join('?' * len(kinds))})"
    found = db.execute(
        f"SELECT leaf, act FROM row WHERE log IN (?, ?) AND thread = leaf AND instr(act, ?) AND {meant}",  # noqa: S608 - ours
        (*facts.logs.values(), part, *kinds),
    )
    return {bytes(leaf) for leaf, raw in found if _ref(raw) == name}


def _ref(raw: bytes) -> str | None:
    try:
        return read_act(read_json(bytes(raw))).ref
    except BreachError:
        return None
