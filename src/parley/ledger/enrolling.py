"""Persons who were enrolled before a lane of their link was open, or could be written: said there too.

A lane is folded alone, so a person counts in it only by what is said in it. Who was enrolled in one lane
is enrolled in each as soon as it is open, in the same order and with the same words; the roots sign it
there by themselves, as they did before. Source: Spec §7.5, §7.9.4.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from parley.ledger.drafts import Draft
from parley.ledger.standing import LinkFacts
from parley.protocol.act import Act, id_text, read_act, read_json

_SAID: Final = (
    "SELECT leaf, act, draft FROM row LEFT JOIN drafted USING (log, idx) WHERE log = ?"
    " AND outcome = 'valid' AND kind IN ('officer.enrolled', 'officer.ended') ORDER BY idx"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    name: str
    act: Act

    @property
    def words(self) -> bytes:
        return msgspec.json.encode((self.act.k, self.act.d), order="sorted")


def missing(db: sqlite3.Connection, lanes: Sequence[LinkFacts], lane: LinkFacts) -> Iterator[Draft]:
    """Yield what is to be said of our persons in `lane`, since it was said in another of `lanes` alone."""
    here = Counter(each.words for each in _said(db, lane))
    for other in lanes:
        there = Counter[bytes]()
        for each in _said(db, other) if other.lane != lane.lane else ():
            there[each.words] += 1
            if there[each.words] > here[each.words]:
                here[each.words] += 1
                yield _draft(each, lane)


def _said(db: sqlite3.Connection, lane: LinkFacts) -> Iterator[_Said]:
    for leaf, act, draft in db.execute(_SAID, (lane.logs[lane.me],)).fetchall():
        yield _Said(name=draft or f"of-{id_text(bytes(leaf))}", act=read_act(read_json(bytes(act))))


def _draft(said: _Said, lane: LinkFacts) -> Draft:
    act = said.act
    # Under the name that it had: whoever brings it again for all lanes says it in none twice.
    return Draft(
        id=said.name,
        link=lane.link,
        lane=lane.lane,
        kind=act.k,
        d=act.d,
        role=act.by.role,
        officer=act.by.n,
        ref=act.ref,
    )
