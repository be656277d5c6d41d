"""Both logs of a link as C2SP tlog-tiles, for its partner alone and to look at only.

    …/log/<token>/<SHA-256 of the origin>/checkpoint
                                         /tile/<L>/<N>[.p/<W>]
                                         /tile/entries/<N>[.p/<W>]

The token is the partner's own signature under its link key: there is nothing to store, nothing that
a stranger could guess, and a new card ends it. Stock tools need no change, since it stands in the
path. Source: Spec §11.10; C2SP tlog-tiles.
"""

import base64
import binascii
import hashlib
import re
import sqlite3
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from parley.ledger.links import read_facts
from parley.ledger.proof import joined
from parley.ledger.reading import Reader
from parley.ledger.standing import LinkFacts
from parley.ledger.uptake import current_card
from parley.protocol import note
from parley.protocol.card import Card, card_hash
from parley.protocol.head import parse_text
from parley.protocol.line import Epoch
from parley.protocol.notation import write_base64
from parley.protocol.suite import Suite
from parley.protocol.tree import root_of

WIDTH: Final = 256
# Of sixteen million entries; some ten megabytes.
KEPT: Final = 65_536
_SIGNATURE: Final = r"[A-Za-z0-9_-]{86}"
_PATH: Final = re.compile(
    rf"({_SIGNATURE})/([0-9a-f]{{64}})/(?:(checkpoint)|tile/(entries|[0-7])/((?:x[0-9]{{3}}/){{0,4}}[0-9]{{3}})"
    rf"(?:\.p/([1-9][0-9]{{0,2}}))?)"
)


class Subtrees:
    """The roots of full tiles of leaves, each computed once: what a signed head covers never changes.

    A tile of level 2 is over 65,536 leaves for each of its hashes; without this whoever may ask could
    keep a node busy by asking for it again and again.
    """

    def __init__(self) -> None:
        self._roots: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def root(self, origin: str, number: int, leaves: Callable[[], Iterable[bytes]]) -> bytes:
        """Return the root of the `number`-th 256 leaves of a log; `leaves` gives them if need be."""
        with self._lock:
            found = self._roots.get((origin, number))
        if found is not None:
            return found
        root = root_of(leaves())
        with self._lock:
            self._roots[origin, number] = root
            if len(self._roots) > KEPT:
                self._roots.popitem(last=False)
        return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """What is asked for: entries (`level` None) or hashes, the `number`-th tile, `width` of it."""

    level: int | None
    number: int
    width: int


def token_text(asker: str, asked: str, *, channel: str, card: bytes) -> bytes:
    """Return what the asker's link key signs; `card` is the hash of its card."""
    return f"parley-tiles/v1\n{asker}\n{asked}\n{channel}\n{write_base64(card)}\n".encode("ascii")


def write_token(signature: bytes) -> str:
    """Return the signature as it stands in a path."""
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode("ascii")


def tile_names(reader: Reader, link: str, *, card: bytes, seed: bytes, suite: Suite) -> Mapping[str, str]:
    """Return for each log of a link, by origin, what follows `…/log/` at the partner.

    `card` is the hash of our newest card, `seed` that of its link key.
    """
    facts = next(each for each in read_facts(reader.connection, reader.node) if each.name == link)
    text = token_text(facts.me, facts.peer, channel=facts.channel, card=card)
    token = write_token(suite.sign_ed25519(seed, text))
    origins = [epoch.origin for node in (facts.me, facts.peer) for epoch in facts.line(node).epochs]
    return {origin: f"{token}/{hashlib.sha256(origin.encode()).hexdigest()}" for origin in origins}


def tile_of(reader: Reader, path: str, *, suite: Suite, subtrees: Subtrees | None = None) -> bytes | None:
    """Return what lies at `path`, which follows `…/log/`; None if nothing does, or not for this asker."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    token, name, checkpoint, level, number, width = match.groups()
    if width and int(width) >= WIDTH:
        return None
    reader.begin()
    try:
        found = _log(reader, bytes.fromhex(name))
        if found is None or not _is_partner(reader.connection, found[0], token, suite=suite):
            return None
        facts, node, epoch = found
        size, note_bytes = _checkpoint(reader.connection, facts, node, epoch=epoch)
        if checkpoint:
            return note_bytes
        tile = Tile(
            level=None if level == "entries" else int(level),
            number=_read_number(number),
            width=int(width) if width else WIDTH,
        )
        if tile.width > WIDTH or (tile.number * WIDTH + tile.width) * WIDTH ** (tile.level or 0) > size:
            # A tile, or a part of one, that the checkpoint does not have is not there.
            return None
        log = _Log(db=reader.connection, number=facts.logs[node], epoch=epoch)
        return log.entries(tile) if tile.level is None else log.hashes(tile, subtrees or Subtrees())
    finally:
        reader.end()


def _read_number(text: str) -> int:
    """Return the number of a tile; one larger than any if it is not written in its one way."""
    return 2**62 if text.startswith("x000/") else int(text.replace("x", "").replace("/", ""))


def _log(reader: Reader, name: bytes) -> tuple[LinkFacts, str, Epoch] | None:
    for facts in read_facts(reader.connection, reader.node):
        for node in (facts.me, facts.peer):
            for epoch in facts.line(node).epochs:
                if hashlib.sha256(epoch.origin.encode()).digest() == name:
                    return (facts, node, epoch) if facts.is_verified else None
    return None


def _is_partner(db: sqlite3.Connection, facts: LinkFacts, token: str, *, suite: Suite) -> bool:
    try:
        signature = base64.urlsafe_b64decode(token + "==")
    except binascii.Error:  # pragma: no cover - the pattern admits nothing else
        return False
    if write_token(signature) != token:
        return False
    paired = facts.sides.of(facts.peer).card
    newest = current_card(db, facts.id, paired)
    # A node that moved may show the card of the pairing; one that changed its keys may not.
    cards: Iterable[Card] = {newest, paired} if newest.link_ed25519 == paired.link_ed25519 else (newest,)
    return any(
        suite.verify_ed25519(
            card.link_ed25519,
            signature,
            token_text(facts.peer, facts.me, channel=facts.channel, card=card_hash(card)),
        )
        for card in cards
    )


def _checkpoint(
    db: sqlite3.Connection, facts: LinkFacts, node: str, *, epoch: Epoch
) -> tuple[int, bytes | None]:
    """Return the size of the log that is shown, and its note; 0 and None before there is one."""
    found = db.execute(
        "SELECT head_note.note, receipt.note FROM head_note LEFT JOIN receipt USING (log, size)"
        " WHERE log = ? AND size > ? AND size <= ? ORDER BY size DESC LIMIT 1",
        (facts.logs[node], epoch.base, _end(facts, node, epoch)),
    ).fetchone()
    if found is None:
        return 0, None
    head, receipt = bytes(found[0]), found[1]
    size = parse_text(note.parse(head).text).size
    return size, head if receipt is None else joined(head, bytes(receipt))


def _end(facts: LinkFacts, node: str, epoch: Epoch) -> int:
    """Return where in the line the log ends, as far as is known."""
    later = [each.base for each in facts.line(node).epochs if each.base > epoch.base]
    return min(later, default=2**62)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """The entries of one log, as far as its checkpoint goes."""

    db: sqlite3.Connection
    number: int
    epoch: Epoch

    def entries(self, tile: Tile) -> bytes:
        first = self.epoch.base + tile.number * WIDTH
        found = self.db.execute(
            "SELECT raw FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (self.number, first, first + tile.width),
        )
        return b"".join(struct.pack(">H", len(raw)) + bytes(raw) for (raw,) in found)

    def hashes(self, tile: Tile, subtrees: Subtrees) -> bytes:
        start, level = tile.number * WIDTH, tile.level or 0
        if level == 0:
            return b"".join(self._leaves(start, tile.width))
        span = WIDTH ** (level - 1)
        return b"".join(
            root_of(self._root(at, subtrees) for at in range(number * span, (number + 1) * span))
            for number in range(start, start + tile.width)
        )

    def _root(self, number: int, subtrees: Subtrees) -> bytes:
        return subtrees.root(self.epoch.origin, number, lambda: self._leaves(number * WIDTH, WIDTH))

    def _leaves(self, start: int, count: int) -> Iterator[bytes]:
        first = self.epoch.base + start
        found = self.db.execute(
            "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (self.number, first, first + count),
        )
        return (bytes(leaf) for (leaf,) in found)
