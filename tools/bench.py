"""What the record costs, beside a bare loop that does only what cannot be left out: `./run bench`.

The bare loop seals, hashes, signs and flushes, in this same run and on this same disk, so a
ratio says what the rules, the fold and the tables cost on top; the figures in the documents
come from the file that this writes (docs/bench.json). Absolute rates differ from machine to
machine and from hour to hour: only ratios are compared.
"""

import json
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from parley.ledger.drafts import Draft
from parley.protocol import channel
from parley.protocol.head import Head, sign_head, sign_receipt
from parley.protocol.suite import Standard
from parley.protocol.tree import EMPTY
from tests.two_nodes.pair import Pair

ROUNDS: Final = 7
BATCH: Final = 256
BODY: Final = 1_000
SENT: Final[Mapping[str, Any]] = {
    "batch": None,
    "item": "fraud_phishing",
    "urgency": "U1",
    "groups": [{"count": 3, "type": "phishing_site", "wants": ["confirm", "mitigate", "preserve"]}],
}
SUITE: Final = Standard()


def median_seconds(run: Callable[[], None], *, before: Callable[[], None] = lambda: None) -> float:
    spans = []
    for _ in range(ROUNDS):
        before()
        begun = time.perf_counter()
        run()
        spans.append(time.perf_counter() - begun)
    return statistics.median(spans)


class Bare:
    """Seal, hash, sign, flush: one table, no rules."""

    def __init__(self, folder: Path, pair: Pair) -> None:
        self._db = sqlite3.connect(folder / "bare.db", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE bare (raw BLOB, act BLOB, body BLOB)")
        keys = pair.keys("a.example")
        with pair.reader("a.example") as reader:
            self._origin = reader.links()[0].my_origin
        self._keys, self._receipts = keys.write_keys(self._origin, SUITE), keys.receipt_keys(SUITE)
        self._frontier = EMPTY

    def batch(self, count: int, *, receipt: bool = False) -> None:
        act, body = draft("bare").act(), draft("bare").body_bytes()
        rows = []
        for _ in range(count):
            said = channel.Draft(act=act, body=body)
            written = channel.write(said, origin=self._origin, time=1, seen=None, suite=SUITE)
            self._frontier = self._frontier.push(written.leaf)
            rows.append((written.raw, *(part.ciphertext for part in written.parts)))
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO bare VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")
        head = Head(origin=self._origin, size=self._frontier.size, root=self._frontier.root())
        sign_head(head, self._keys, time=1, suite=SUITE)
        if receipt:
            self._db.execute("INSERT INTO bare VALUES (?, ?, ?)", rows[0])
            sign_receipt(head, self._receipts, time=1, suite=SUITE)


_number = iter(range(10**9))


def draft(link: str = "a-b") -> Draft:
    number = next(_number)
    return Draft(id=f"bench-{number}", link=link, kind="inquiry.sent", d=SENT, body={"text": "x" * BODY})


def measure(folder: Path) -> dict[str, Any]:
    pair = Pair(folder)
    bare = Bare(folder, pair)

    def append() -> None:
        pair.ledgers["a.example"].append([draft() for _ in range(BATCH)])

    bare_batch = median_seconds(lambda: bare.batch(BATCH))
    appending = median_seconds(append)
    pair.settle()
    receiving = median_seconds(pair.settle, before=append)
    bare_one = median_seconds(lambda: bare.batch(1, receipt=True))
    one = median_seconds(lambda: _one(pair))
    pair.stop()
    return {
        "append_batch": _row(appending, bare_batch, BATCH),
        "receive_batch": _row(receiving, bare_batch, BATCH),
        "one_inquiry_to_receipt": _row(one, bare_one, 1),
    }


def _one(pair: Pair) -> None:
    pair.ledgers["a.example"].append([draft()])
    pair.carry("a.example", "b.example")


def _row(seconds: float, bare: float, count: int) -> dict[str, float]:
    return {
        "per_second": round(count / seconds, 1),
        "milliseconds": round(1000 * seconds, 3),
        "bare_milliseconds": round(1000 * bare, 3),
        "of_bare_rate": round(bare / seconds, 3),
        "times_bare": round(seconds / bare, 2),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    report = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "rounds": ROUNDS,
        "batch": BATCH,
        "body_bytes": BODY,
        "rows": rows,
    }
    for name, row in rows.items():
        print(
            f"{name:24} {row['per_second']:>10} /s   {row['milliseconds']:>9} ms   "
            f"{row['of_bare_rate']:>6} of the bare rate   {row['times_bare']:>6} x bare"
        )
    target = Path(__file__).parent.parent / "docs" / "bench.json"
    if "--keep" in sys.argv[1:]:
        target.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        print(f"written to docs/{target.name}")


if __name__ == "__main__":
    main()
