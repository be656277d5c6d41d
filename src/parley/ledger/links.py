"""The links in the tables: adding one, its verification, and taking all of them into memory.

A link has a row for each of its lanes (`lanes.py`); the digits were compared for all of them at once.
"""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from parley.ledger.home import DEMO
from parley.ledger.keys import Keys
from parley.ledger.lanes import link_of, named
from parley.ledger.offers import Offer, link_name, write_offer
from parley.ledger.slot import Slot
from parley.ledger.standing import LinkFacts, Standing
from parley.ledger.unwritten import share
from parley.protocol import card as cards
from parley.protocol.line import NOTHING, Epoch, Line, Reach
from parley.protocol.names import LANES, Channel
from parley.protocol.record import Side, Sides
from parley.protocol.suite import Suite
from parley.protocol.tree import Frontier
from parley.signer.desk import SigningDesk
from parley.work.loopback import is_loopback_url

_COLUMNS: Final = "id, name, channel, peer, my_origin, peer_origin, my_card, peer_card, verified_at"


class LinkExistsError(Exception):
    """There is a link of this name, channel or node already; nothing was changed."""


class LeavesDemoError(Exception):
    """World `demo` stays on this computer, and the partner's address does not; nothing was changed."""


def add(
    db: sqlite3.Connection,
    mine: Offer,
    theirs: Offer,
    *,
    world: str,
    name: str | None,
    now: int,
    lanes: Sequence[str] = LANES,
) -> str:
    """Write down the link between two offers, in each of `lanes`, and return its name. All logs are empty.

    Raises:
        LinkExistsError: one of its names is taken. LeavesDemoError: see there.
        BreachError: §3.1, if the name cannot stand in a channel.
    """
    url = theirs.card.card.url
    if world == DEMO and url is not None and not is_loopback_url(url):
        raise LeavesDemoError(url)
    if mine.node == theirs.node:
        raise LinkExistsError("this is our own offer")
    link = name or link_name(mine.node, theirs.node)
    channels = [Channel(world=world, link=link, lane=lane) for lane in lanes]
    # A second link with the same node has another name and another card: its roots were lost (Spec §7.2.12).
    taken = db.execute(
        "SELECT name FROM link WHERE name = ? OR peer = ? AND (? OR peer_card = ?) LIMIT 1",
        (link, theirs.node, name is None, theirs.hash),
    ).fetchone()
    if taken is not None:
        raise LinkExistsError(link_of(str(taken[0])))
    for offer in (mine, theirs):
        card = offer.card.card
        db.execute(
            "INSERT OR IGNORE INTO card VALUES (?, ?, ?, ?)", (offer.hash, card.node, card.serial, offer.note)
        )
    for channel in channels:
        _add_lane(db, mine, theirs, channel=channel, now=now)
    return link


def _add_lane(db: sqlite3.Connection, mine: Offer, theirs: Offer, *, channel: Channel, now: int) -> None:
    kept = write_offer(
        note=theirs.note,
        epoch=theirs.epoch,
        names=theirs.names,
        calendar=theirs.calendar,
        watch_shown=theirs.watch_shown,
    )
    found = db.execute(
        "INSERT INTO link (name, channel, peer, my_origin, peer_origin, my_card, peer_card, offer, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            named(channel.link, channel.lane),
            channel.text,
            theirs.node,
            mine.origin(channel),
            theirs.origin(channel),
            mine.hash,
            theirs.hash,
            kept,
            now,
        ),
    )
    for offer in (mine, theirs):
        origin = offer.origin(channel)
        log = db.execute(
            "INSERT INTO log (link, node, origin) VALUES (?, ?, ?)", (found.lastrowid, offer.node, origin)
        ).lastrowid
        db.execute("INSERT INTO epoch VALUES (?, ?, 0, NULL)", (origin, log))


def verify(db: sqlite3.Connection, link: str, *, now: int) -> None:
    """Write down when the digits were compared, the first time: they are those of the link in all lanes."""
    names = [named(link, lane) for lane in LANES]
    sql = "UPDATE link SET verified_at = COALESCE(verified_at, ?) WHERE name IN (?, ?, ?)"
    db.execute(sql, (now, *names))


def kept_offer(db: sqlite3.Connection, link: str) -> bytes | None:
    """Return the partner's offer as it was loaded."""
    found = db.execute("SELECT offer FROM link WHERE name = ?", (link,)).fetchone()
    return None if found is None else bytes(found[0])


def read_facts(db: sqlite3.Connection, me: str, *, link: str | None = None) -> tuple[LinkFacts, ...]:
    """Return `link`, or all links of the node `me`, each in all its lanes, main first."""
    if link is None:
        rows = db.execute(f"SELECT {_COLUMNS} FROM link").fetchall()  # noqa: S608 - our own column names
    else:
        names = [named(link, lane) for lane in LANES]
        sql = f"SELECT {_COLUMNS} FROM link WHERE name IN (?, ?, ?)"  # noqa: S608 - likewise
        rows = db.execute(sql, names).fetchall()
    found = [_facts(db, me, row) for row in rows]
    return tuple(sorted(found, key=lambda facts: (facts.link, LANES.index(facts.lane))))


def _facts(db: sqlite3.Connection, me: str, row: tuple[Any, ...]) -> LinkFacts:
    number, name, channel, peer, my_origin, peer_origin, my_card, peer_card, verified_at = row
    logs = {node: log for log, node in db.execute("SELECT id, node FROM log WHERE link = ?", (number,))}
    letters = dict(zip(sorted((me, peer)), "AB", strict=True))
    sides = Sides(
        one=_side(db, me, origin=my_origin, card_hash=my_card, log=logs[me]),
        two=_side(db, peer, origin=peer_origin, card_hash=peer_card, log=logs[peer]),
    )
    return LinkFacts(
        id=number,
        name=name,
        channel=channel,
        letters=letters,
        sides=sides,
        me=me,
        peer=peer,
        logs=logs,
        is_verified=verified_at is not None,
    )


def _side(db: sqlite3.Connection, node: str, *, origin: str, card_hash: bytes, log: int) -> Side:
    (note,) = db.execute("SELECT note FROM card WHERE hash = ?", (card_hash,)).fetchone()
    found = db.execute(
        "SELECT origin, base FROM epoch WHERE log = ? AND origin <> ? ORDER BY base", (log, origin)
    )
    return Side(
        node=node,
        origin=origin,
        card=_card(bytes(note)),
        card_hash=bytes(card_hash),
        later=tuple(Epoch(origin=later, base=base) for later, base in found),
    )


@lru_cache(maxsize=64)
def _card(note: bytes) -> cards.Card:
    # The lanes of a link share their cards, and every question about a link reads them.
    return cards.parse(note).card


def load_slots(db: sqlite3.Connection, keys: Keys, *, desk: SigningDesk, suite: Suite) -> dict[str, Slot]:
    """Return every link in each of its lanes, with where it stands by what is committed."""
    slots = {
        facts.name: Slot(db, facts, keys=keys, desk=desk, suite=suite, standing=read_standing(db, facts))
        for facts in read_facts(db, keys.node)
    }
    share(slot.shelf.unwritten for slot in slots.values())
    return slots


def read_standing(db: sqlite3.Connection, facts: LinkFacts) -> Standing:
    """Return where a link stands by the tables alone; what only memory knew is taken from hints."""
    mine, theirs = facts.logs[facts.me], facts.logs[facts.peer]
    head = _newest(db, "size, signed_at, note FROM head_note", mine) or (0, 0, None)
    receipt = _newest(db, "size, received_at FROM receipt", mine) or (0, None)
    (text_size,) = _newest(db, "size FROM head", mine) or (0,)
    heard = _one(db, "SELECT at, have, receipt_at FROM heard WHERE link = ?", facts.id) or (None, 0, 0)
    last_time, cited = _one(db, "SELECT effective, cut FROM tip WHERE log = ?", mine) or (0, 0)
    return Standing(
        mine=_reach(db, mine, facts.line(facts.me)),
        theirs=_reach(db, theirs, facts.line(facts.peer)),
        my_total=_total(db, mine, None),
        their_total=_total(db, theirs, None),
        cited=cited,
        last_time=last_time,
        text_size=text_size,
        text_total=_total(db, mine, text_size),
        head_size=head[0],
        head_total=_total(db, mine, head[0]),
        head_at=head[1],
        head_note=head[2],
        receipted=receipt[0],
        receipted_at=receipt[1],
        # A lost hint costs a parcel that the partner answers with what it has.
        have=max(receipt[0], heard[1]),
        receipt_note=None,
        receipt_size=0,
        receipt_at=heard[2],
        owes_receipt=True,
        heard_at=heard[0],
    )


def _newest(db: sqlite3.Connection, what: str, log: int) -> tuple[Any, ...] | None:
    return _one(db, f"SELECT {what} WHERE log = ? ORDER BY size DESC LIMIT 1", log)


def _one(db: sqlite3.Connection, sql: str, number: int) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = db.execute(sql, (number,)).fetchone()
    return found


def _reach(db: sqlite3.Connection, log: int, line: Line) -> Reach:
    found = _one(db, "SELECT peaks, size FROM frontier JOIN tip USING (log) WHERE log = ?", log)
    if found is None or not found[1]:
        return NOTHING
    return Reach(base=line.at(found[1] - 1).base, tree=Frontier.decode(bytes(found[0])))


def _total(db: sqlite3.Connection, log: int, size: int | None) -> int:
    bound = 2**62 if size is None else size
    found = db.execute(
        "SELECT total FROM entry WHERE log = ? AND idx < ? ORDER BY idx DESC LIMIT 1", (log, bound)
    ).fetchone()
    return 0 if found is None else int(found[0])
