"""The bare receiver: what receiving a log of this form comes to, as plainly as it can be, and no rule.

It opens the seal of a parcel and verifies who signed it. It hashes every ciphertext, opens act and body of
each entry and reads them as JSON. It hashes the entries into the tree and verifies that both keys of the
writer signed the root they give. It stores what a log cannot do without: the entry with its leaf, each
ciphertext under its hash with its key, wrapped, and the signed head; all in one transaction, flushed to the
disk when it commits. Then it signs a receipt with both keys, keeps it, and seals it into the parcel that
answers. It asks nothing of what is here, judges nothing, folds nothing and keeps no second index; what comes
before the parcel it is told.
"""

import hashlib
import sqlite3
from binascii import a2b_base64
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from parley.protocol.card import Card, write_keys
from parley.protocol.head import ReceiptKeys, parse_text, read_head, sign_receipt
from parley.protocol.note import Algorithm, new_sign_key, parse
from parley.protocol.parcel import Have, Parcel, Piece, open_parcel, seal_parcel
from parley.protocol.part import context
from parley.protocol.suite import Standard
from parley.protocol.tree import Frontier, leaf_hash
from tools.measures.bare import TABLES

SUITE: Final = Standard()
_HASH: Final = slice(4, 48)
_PART: Final = slice(5, 49)


class Taker:
    """A receiver without rules, with a file of its own."""

    def __init__(self, folder: Path, *, parcel: Parcel, theirs: Card, seal_private: bytes) -> None:
        """Receive what `theirs` signs; `parcel` is an empty one from here to there."""
        self._db = sqlite3.connect(folder / "taker.db", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        for table in TABLES:
            self._db.execute(table)
        self._empty, self._theirs, self._seal = parcel, theirs, seal_private
        name = f"{parcel.sender}/receipt"
        self._receipts = ReceiptKeys(
            ed25519=new_sign_key(name, Algorithm.COSIGNATURE, SUITE.dice(32), suite=SUITE),
            ml_dsa=new_sign_key(name, Algorithm.ML_DSA, SUITE.dice(32), suite=SUITE),
        )
        self._link, self._kek = SUITE.dice(32), SUITE.dice(32)

    def take(self, raw: bytes, *, held: Frontier) -> bytes:
        """Take in a parcel of one piece, which goes on from `held`, and return the answer with a receipt."""
        parcel = open_parcel(
            raw,
            sender=self._empty.receiver,
            receiver=self._empty.sender,
            channel=self._empty.channel,
            link_public=self._theirs.link_ed25519,
            seal_private=self._seal,
            suite=SUITE,
        )
        (piece,) = parcel.pieces
        origin = parse_text(parse(piece.note).text).origin
        ed25519, ml_dsa = write_keys(self._theirs, origin)
        entries, parts = self._opened(piece, origin)
        reached = held.extend(leaf for _, leaf, _ in entries)
        signed = read_head(piece.note, ed25519=ed25519, ml_dsa=ml_dsa, suite=SUITE)
        if (signed.head.size, signed.head.root) != (reached.size, reached.root()):
            raise ValueError("another head than the entries make")
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO entry VALUES (?, ?, ?)", entries)
        self._db.executemany("INSERT INTO part VALUES (?, ?, ?)", parts)
        self._db.execute("INSERT INTO head VALUES (?, ?)", (reached.size, piece.note))
        self._db.execute("COMMIT")
        receipt = sign_receipt(signed.head, self._receipts, time=1, suite=SUITE)
        self._db.execute("INSERT INTO receipt VALUES (?, ?)", (reached.size, receipt))
        return self._answer(receipt, origin, reached.size)

    def _opened(
        self, piece: Piece, origin: str
    ) -> tuple[list[tuple[int, bytes, bytes]], list[tuple[bytes, bytes, bytes]]]:
        blobs = {hashlib.sha256(blob).digest(): blob for blob in piece.blobs}
        keys, scope = dict(piece.keys), context(origin)
        entries: list[tuple[int, bytes, bytes]] = []
        parts: list[tuple[bytes, bytes, bytes]] = []
        for index, raw in enumerate(piece.entries, start=piece.start):
            entries.append((index, leaf_hash(raw), raw))
            for line in raw.split(b"\n"):
                if line.startswith((b"act ", b"part ")):
                    digest = a2b_base64(line[_HASH if line.startswith(b"a") else _PART])
                    text = SUITE.decrypt(keys[digest], context=scope, ciphertext=blobs[digest])
                    msgspec.json.decode(text)
                    parts.append((digest, blobs[digest], aes_key_wrap(self._kek, keys[digest])))
        return entries, parts

    def _answer(self, receipt: bytes, origin: str, size: int) -> bytes:
        have = Have(origin=origin, size=size)
        empty = self._empty
        answer = Parcel(
            sender=empty.sender,
            receiver=empty.receiver,
            channel=empty.channel,
            receipts=(receipt,),
            haves=(have,),
        )
        return seal_parcel(answer, link_seed=self._link, seal_public=self._theirs.seal_x_wing, suite=SUITE)

    def close(self) -> None:
        self._db.close()
