"""Keys that were stolen or lost, in the tables: from which size on their heads are worth nothing.

    we revoke      the note of our next card and the revocation lie here, and go into every parcel (frame `C`)
                   until the partner has the entry that announces the card
    they revoke    the same two from a frame: the card is taken up at once, and what lies beyond the size
                   counts by its keys alone

Below the size nothing changes: it was countersigned before. Source: Spec §7.2.8 to §7.2.10.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from parley.ledger import uptake
from parley.protocol import card as cards
from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.line import Line
from parley.protocol.revocation import VERSION, Revocation, parse_text, read_revocation
from parley.protocol.succession import Succession
from parley.protocol.suite import Suite

_CARD: Final = b"parley-card/v1\n"
# Of cards; a parcel has as many frames `C` as notes of other kinds (Spec §5.1.3).
MAX_FRAMES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """Cards that came in frames, each following the one before, and the revocations behind them."""

    cards: tuple[tuple[Card, bytes], ...]
    newest: Card
    revoked: tuple[tuple[Revocation, bytes], ...]


def introduced(frames: Iterable[bytes], known: Card, suite: Suite) -> Introduced | None:
    """Return the cards in frames that follow the `known` one; None without a revocation behind them.

    Raises:
        BreachError: a card does not follow, or the roots of the last did not sign the revocation.
    """
    found: list[tuple[Card, bytes]] = []
    newest = known
    revocations: list[bytes] = []
    for raw in frames:
        if raw.startswith(_CARD):
            signed = cards.parse(raw)
            if signed.card.serial > newest.serial:
                cards.check_next(newest, signed, suite=suite)
                newest = signed.card
                found.append((newest, raw))
        elif raw.startswith(f"{VERSION}\n".encode()):
            revocations.append(raw)
    if not revocations:
        return None
    revoked = tuple((read_revocation(raw, newest, countersigned=0, suite=suite), raw) for raw in revocations)
    if any(revocation.card != newest.prev for revocation, _ in revoked):
        raise BreachError("7.2", "what is revoked are the keys of the card before")
    return Introduced(cards=tuple(found), newest=newest, revoked=revoked)


def with_revoked(known: Succession, db: sqlite3.Connection, log: int) -> Succession:
    """Return `known` as it is once the revocations of a line are in effect."""
    rows = db.execute(
        "SELECT size, card.note FROM revocation JOIN card ON card.hash = next WHERE log = ? ORDER BY serial",
        (log,),
    ).fetchall()
    for size, raw in rows:
        card = cards.parse(bytes(raw)).card
        if card in known.cards:
            place = known.cards.index(card)
            above = (*known.above[:place], min(size, known.above[place]), *known.above[place + 1 :])
            known = Succession(cards=known.cards, above=above)
        else:
            known = known.then(card, above=size)
    return known


def is_revoking(db: sqlite3.Connection, log: int, card: Card) -> bool:
    """Return whether `card` took the place of keys that are revoked."""
    sql = "SELECT 1 FROM revocation WHERE log = ? AND next = ?"
    return db.execute(sql, (log, cards.card_hash(card))).fetchone() is not None


def last_revoking(db: sqlite3.Connection, log: int) -> Card | None:
    """Return the newest card that took the place of keys of a line that are revoked."""
    found = db.execute(
        "SELECT card.note FROM revocation JOIN card ON card.hash = next WHERE log = ?"
        " ORDER BY serial DESC LIMIT 1",
        (log,),
    ).fetchone()
    return None if found is None else cards.parse(bytes(found[0])).card


def keep(db: sqlite3.Connection, log: int, line: Line, *, found: Introduced) -> None:
    """Keep cards that were introduced, and what they revoke of a line.

    Raises:
        BreachError: a log that is not of this line.
    """
    for _, raw in found.cards:
        uptake.keep(db, raw)
    for revocation, raw in found.revoked:
        size = base_of(line, revocation.origin) + revocation.size
        db.execute(
            "INSERT OR IGNORE INTO revocation VALUES (?, ?, ?, ?)",
            (log, cards.card_hash(found.newest), size, raw),
        )


def check_stays(found: Introduced, line: Line, *, held: int) -> None:
    """Check that no revocation takes back what is `held` of a line, which was countersigned.

    Raises:
        BreachError: one does, or is of another line.
    """
    for revocation, _ in found.revoked:
        if base_of(line, revocation.origin) + revocation.size < held:
            raise BreachError("7.2", f"{held} entries are held, and stay")


def base_of(line: Line, origin: str) -> int:
    """Return how many entries of the line come before the log `origin`.

    Raises:
        BreachError: it is not of this line.
    """
    for epoch in line.epochs:
        if epoch.origin == origin:
            return epoch.base
    raise BreachError("7.2", f"{origin} is no log of this line")


def frames(db: sqlite3.Connection, log: int, upto: Card, *, known: int) -> tuple[bytes, ...]:
    """Return our cards after the serial `known`, the last of which revoked keys of it, and that note."""
    later = db.execute(
        "SELECT note FROM card WHERE node = ? AND serial > ? AND serial <= ? ORDER BY serial LIMIT ?",
        (upto.node, known, upto.serial, MAX_FRAMES),
    )
    revoked = db.execute(
        "SELECT note FROM revocation WHERE log = ? AND next = ?", (log, cards.card_hash(upto))
    )
    return (*(bytes(raw) for (raw,) in later), *(bytes(raw) for (raw,) in revoked))


def revocations(db: sqlite3.Connection, log: int) -> Sequence[tuple[Revocation, bytes]]:
    """Return every revocation of a line, with its note: for exports and pages."""
    found = db.execute("SELECT note FROM revocation WHERE log = ? ORDER BY size, next", (log,))
    return [(parse_text(note.parse(bytes(raw)).text), bytes(raw)) for (raw,) in found]
