"""Verification of a large export beside the bare loop, each in a process of its own.

The export has a million statements of one side, a head and a receipt for every 256, without content. The
bare loop reads the same entries, hashes them into the same tree and verifies the same signatures, and does
nothing else. A second export, a tenth as large, shows whether memory grows with the number of statements.

    PYTHONPATH=src:. python tools/measures/verify.py [COUNT]        writes one line
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from parley.ledger.zipping import Zip
from parley.protocol import tree
from parley.protocol.card import receipt_keys, write_keys
from parley.protocol.entry import Entry, PartRef, encode_text
from parley.protocol.head import Head, read_head, read_receipt, sign_head, sign_receipt
from parley.protocol.tree import leaf_hash
from parley.protocol.verify.judge import Asked, verify
from parley.protocol.verify.listed import Listing, read_listing
from parley.protocol.verify.members import read_notes, read_places
from parley.protocol.verify.zipped import read
from parley.work import clock
from tests.protocol.samples import SUITE
from tests.verify.book import KEYS, NOON, A, B, Book, Said, prefixed
from tools.measures.spans import Row

COUNT: Final = 1_000_000
AT_ONCE: Final = 256
TIMES: Final = 10
TURNS: Final = 3
LEAST: Final = 0.5
FLAT_MEBIBYTES: Final = 4


def make(path: Path, count: int) -> None:
    """Write the export."""
    book = Book()
    page = book.lines[A][0]
    opening = page.said[0]
    page.said += [Said(raw=_entry(number), parts=()) for number in range(count)]
    frontier, leaves = tree.EMPTY, [said.id for said in page.said]
    for size in [*range(AT_ONCE, len(leaves), AT_ONCE), len(leaves)]:
        frontier = frontier.extend(leaves[frontier.size : size])
        head = Head(origin=page.origin, size=size, root=frontier.root())
        page.heads.append(sign_head(head, KEYS[A].write(page.origin, SUITE), time=NOON, suite=SUITE))
        page.receipts.append(sign_receipt(head, KEYS[B].receipt(SUITE), time=NOON, suite=SUITE))
    book.sign(B)
    members = book.members(is_told=lambda said: said is opening or said is book.lines[B][0].said[0])
    name = f"logs/{A}/{page.epoch}/content"
    members[name] += bytes(count)
    assert members[f"logs/{A}/{page.epoch}/heads"] == prefixed(page.heads)
    with path.open("w+b") as file:
        archive = Zip(file)
        for each, content in members.items():
            archive.add(each, (content,))
        archive.close()


def _entry(number: int) -> bytes:
    digest = leaf_hash(number.to_bytes(8, "big"))
    return encode_text(Entry(time=NOON, act=PartRef(hash=digest, size=312)))


def whole(path: Path) -> None:
    """Verify it as a judge does."""
    with path.open("rb") as file:
        listing = _listing(path)
        asked = Asked(digits=listing.digits)
        findings = verify(file, size=path.stat().st_size, asked=asked, suite=SUITE)
    assert findings.result.exit_code == 0, findings.reason


def bare(path: Path) -> None:
    """Hash the same entries and verify the same signatures."""
    with path.open("rb") as file:
        archive = read(file, size=path.stat().st_size)
        listing = _listing(path)
        for node, line in listing.lines.items():
            other = B if node == A else A
            write = write_keys(Book().cards[node][0], line[0].origin)
            receipt = receipt_keys(Book().cards[other][0])
            notes = zip(
                read_notes(archive, line[0].member("heads")),
                read_notes(archive, line[0].member("receipts")),
                strict=True,
            )
            places = read_places(archive, line[0])
            frontier = tree.EMPTY
            for one, two in notes:
                head = read_head(one, ed25519=write[0], ml_dsa=write[1], suite=SUITE).head
                received = read_receipt(two, ed25519=receipt[0], ml_dsa=receipt[1], suite=SUITE).head
                frontier = frontier.extend(_leaves(places, head.size - frontier.size))
                assert frontier.root() == head.root == received.root


def _leaves(places: "Iterator[object]", count: int) -> Iterator[bytes]:
    return (next(places).leaf for _ in range(count))  # type: ignore[attr-defined]  # a place of an export


def _listing(path: Path) -> Listing:
    with path.open("rb") as file:
        return read_listing(read(file, size=path.stat().st_size).whole("export.txt", limit=2**20))


def _process(what: str, path: Path) -> tuple[float, float]:
    """Return the seconds and the peak of memory in MiB, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, what, str(path)], capture_output=True, text=True, check=True
    )
    seconds, mebibytes = json.loads(done.stdout)
    return seconds, mebibytes


def _peak() -> float:
    # What getrusage says is inherited from the process that began this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(folder: Path, *, count: int = COUNT) -> Row:
    """Return the rate of verifying beside that of the bare loop, and whether its memory grows."""
    large, small = folder / "large.zip", folder / "small.zip"
    make(large, count)
    make(small, count // TIMES)
    turns = [(_process("bare", large), _process("whole", large)) for _ in range(TURNS)]
    loop = min(seconds for (seconds, _), _ in turns)
    judge, peak = min(found for _, found in turns)
    _, before = _process("whole", small)
    figures = {
        "statements": count,
        "per_second": round(count / judge),
        "bare_per_second": round(count / loop),
        "of_bare_rate": round(loop / judge, 3),
        "export_mebibytes": round(large.stat().st_size / 2**20),
        "peak_mebibytes": round(peak),
        "grown_mebibytes": round(peak - before, 1),
    }
    gate = f"at least {LEAST} of the bare rate, in memory that does not grow by {FLAT_MEBIBYTES} MiB"
    is_within = loop / judge >= LEAST and peak - before <= FLAT_MEBIBYTES
    return Row(name="verify", figures=figures, gate=gate, is_within=is_within)


def main() -> int:
    """Measure so many statements, print, and return the exit code; as a child, do one of the two."""
    if sys.argv[1:2] in (["whole"], ["bare"]):
        begun = clock.monotonic()
        (whole if sys.argv[1] == "whole" else bare)(Path(sys.argv[2]))
        print(json.dumps([clock.monotonic() - begun, _peak()]))
        return 0
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory() as folder:
        row = measure(Path(folder), count=count)
    print(row.text)
    return 0 if row.is_within else 1


if __name__ == "__main__":
    sys.exit(main())
