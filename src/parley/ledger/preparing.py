"""The entry that persons are to sign, made from what is committed here; nothing is written by it.

What happens to it afterwards: `cosigning.py`.
"""

import sqlite3
from contextlib import closing

from msgspec.structs import replace

from parley.ledger.database import open_for_reading
from parley.ledger.drafts import Draft, Prepared, Resting, UnknownLinkError
from parley.ledger.home import read_config
from parley.ledger.keys import Keys, read_keys
from parley.ledger.lanes import link_of
from parley.ledger.links import read_facts
from parley.ledger.routing import routes
from parley.ledger.standing import LinkFacts
from parley.protocol import entry as entries
from parley.protocol.entry import Entry, PartRef, Seen
from parley.protocol.part import seal_part
from parley.protocol.suite import Standard, Suite
from parley.work.home import Home


def prepare(home: Home, draft: Draft, *, now: int, suite: Suite | None = None) -> Prepared:
    """Return the entry of `draft` as persons are to sign it, in each lane it goes to; nothing is written.

    Raises:
        UnknownLinkError: there is no such link. BreachError: it has no form in which it could be logged.
    """
    suite = suite or Standard()
    keys = read_keys(home.keys, read_config(home).node)
    with closing(open_for_reading(home.record)) as db:
        lanes = {facts.lane: facts for facts in read_facts(db, keys.node, link=link_of(draft.link))}
        if not lanes:
            raise UnknownLinkError(draft.link)
        made = [
            (each.lane, _prepared(db, lanes[each.lane], each, now=now, keys=keys, suite=suite))
            for each in routes(db, tuple(lanes.values()), draft)
        ]
    (_first, prepared), *others = made
    return replace(prepared, others=tuple(others))


def _prepared(
    db: sqlite3.Connection, facts: LinkFacts, draft: Draft, *, now: int, keys: Keys, suite: Suite
) -> Prepared:
    seen = _seen(db, facts)
    origin = facts.line(facts.me).current.origin
    plain = [each for each in (draft.act(), draft.body_bytes()) if each is not None]
    act, *bodies = (seal_part(each, scope=origin, suite=suite) for each in plain)
    entry = Entry(
        time=now,
        log=origin,
        seen=() if seen is None else (seen,),
        act=PartRef(hash=act.hash, size=act.size),
        parts=tuple(PartRef(hash=each.hash, size=each.size) for each in bodies),
    )
    resting = tuple(
        Resting(ciphertext=each.ciphertext, wrapped=keys.wrap(each.key)) for each in (act, *bodies)
    )
    return Prepared(text=entries.encode_text(entry), parts=resting)


def _seen(db: sqlite3.Connection, facts: LinkFacts) -> Seen | None:
    newest = db.execute(
        "SELECT size, root FROM head WHERE log = ? ORDER BY size DESC LIMIT 1", (facts.logs[facts.peer],)
    ).fetchone()
    if newest is None:
        return None
    origin, size = facts.line(facts.peer).in_log(newest[0])
    return Seen(origin=origin, size=size, root=bytes(newest[1]))
