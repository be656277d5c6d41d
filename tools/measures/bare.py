"""The bare loop: what any log of this form has to do, written as plainly as it can be, and no rule.

For each statement it writes the act and the body as JSON, seals each under a fresh key, hashes both
ciphertexts, makes the entry's text, and hashes that into the tree. For each batch it signs one head
with both keys. It stores what a log cannot do without: the entry with its leaf, each ciphertext under
its hash with its key, wrapped, since a key that lies open beside its ciphertext seals nothing, and the
signed head; all in one transaction, flushed to the disk when it commits. It reads nothing, checks
nothing, folds nothing, remembers no draft and keeps no second index.
"""

import sqlite3
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from parley.protocol.head import Head, ReceiptKeys, WriteKeys, sign_head, sign_receipt
from parley.protocol.notation import write_base64
from parley.protocol.note import Algorithm, new_sign_key
from parley.protocol.part import SealedPart, seal_part
from parley.protocol.suite import Standard
from parley.protocol.tree import EMPTY, leaf_hash
from tools.measures.draft import ACT, BODY

ORIGIN: Final = "a.example/demo/a-b/main/00000000"
SUITE: Final = Standard()
TABLES: Final = (
    "CREATE TABLE entry (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, raw BLOB NOT NULL) STRICT",
    "CREATE TABLE part (hash BLOB PRIMARY KEY, ciphertext BLOB NOT NULL, key BLOB NOT NULL) STRICT",
    "CREATE TABLE head (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT",
    "CREATE TABLE receipt (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT",
)


class Bare:
    """A log without rules in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "bare.db", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        for table in TABLES:
            self._db.execute(table)
        self._keys = WriteKeys(
            ed25519=new_sign_key(ORIGIN, Algorithm.ED25519, SUITE.dice(32), suite=SUITE),
            ml_dsa=new_sign_key(ORIGIN, Algorithm.ML_DSA, SUITE.dice(32), suite=SUITE),
        )
        name = f"{ORIGIN.split('/', 1)[0]}/receipt"
        self._receipts = ReceiptKeys(
            ed25519=new_sign_key(name, Algorithm.COSIGNATURE, SUITE.dice(32), suite=SUITE),
            ml_dsa=new_sign_key(name, Algorithm.ML_DSA, SUITE.dice(32), suite=SUITE),
        )
        self._kek = SUITE.dice(32)
        self._frontier = EMPTY

    def exchange(self) -> None:
        """Write one statement with its head, and then a receipt for it."""
        self.batch(1)
        head = Head(origin=ORIGIN, size=self._frontier.size, root=self._frontier.root())
        note = sign_receipt(head, self._receipts, time=1, suite=SUITE)
        self._db.execute("INSERT INTO receipt VALUES (?, ?)", (head.size, note))

    def batch(self, count: int) -> None:
        """Write `count` statements and one head over them."""
        parts: list[SealedPart] = []
        entries: list[tuple[int, bytes, bytes]] = []
        for index in range(self._frontier.size, self._frontier.size + count):
            act = seal_part(msgspec.json.encode(ACT), scope=ORIGIN, suite=SUITE)
            body = seal_part(msgspec.json.encode(BODY), scope=ORIGIN, suite=SUITE)
            raw = _text(act, body)
            entries.append((index, leaf_hash(raw), raw))
            parts += (act, body)
        self._frontier = self._frontier.extend(leaf for _, leaf, _ in entries)
        head = Head(origin=ORIGIN, size=self._frontier.size, root=self._frontier.root())
        note = sign_head(head, self._keys, time=1, suite=SUITE)
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO entry VALUES (?, ?, ?)", entries)
        rows = [(part.hash, part.ciphertext, aes_key_wrap(self._kek, part.key)) for part in parts]
        self._db.executemany("INSERT INTO part VALUES (?, ?, ?)", rows)
        self._db.execute("INSERT INTO head VALUES (?, ?)", (head.size, note))
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()


def _text(act: SealedPart, body: SealedPart) -> bytes:
    acts, bodies = write_base64(act.hash), write_base64(body.hash)
    return f"parley/v1\ntime 1795000000\nact {acts} {act.size}\npart {bodies} {body.size}\n".encode()
