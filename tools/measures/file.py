"""A large file from one served node to the other, beside a bare loop that reads, hashes and opens it.

The bare loop does what nobody can leave out who wants to know that what came is what was sent: it reads
the ciphertext from the disk, hashes it, opens every chunk and writes the plaintext nowhere. The nodes do
that and more: they read it at one end, carry it over HTTP, open each chunk before it is written, flush it,
and hash, on a thread of its own that follows what was flushed, what the disk gives back.

    PYTHONPATH=src:. python -m tools.measures.file SIZE_MIB [KILLS]        writes one line
"""

import hashlib
import sys
import tempfile
from functools import partial
from pathlib import Path

from django.conf import settings

from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.protocol.part import HEADER_SIZE, SEALED_CHUNK_SIZE, Chunks
from tests.node.filing import (
    MIB,
    Sent,
    come,
    digest_at,
    is_here,
    keep_evidence,
    kill_core,
    memory,
    send,
    two_served,
)
from tests.node.served import Served
from tests.two_nodes.filing import CHANNEL
from tools.measures.nodes import until
from tools.measures.spans import Row, seconds

SIZE_MIB = 2_048
LEAST = 0.2


def measure(folder: Path, *, size_mib: int = SIZE_MIB, kills: int = 0) -> Row:
    """Return how fast a file of `size_mib` crosses, and how much memory both cores take for it."""
    with two_served(folder) as (a, b):
        small = send(a, keep_evidence(a, MIB))
        until(partial(is_here, b, small))
        before = [memory(node, "VmHWM") for node in (a, b)]
        sealing: list[Sent] = []
        sealed = seconds(lambda: sealing.append(Sent(said=small.said, kept=keep_evidence(a, size_mib * MIB))))
        crossing: list[Sent] = []
        span = seconds(lambda: crossing.append(_cross(a, b, sealing[0], kills=kills)))
        bare = min(seconds(partial(_bare, a, crossing[0])) for _ in range(2))
        assert digest_at(b, crossing[0]) == crossing[0].kept.plain_sha256
        grown = [memory(node, "VmHWM") - was for node, was in zip((a, b), before, strict=True)]
    figures = {
        "mebibytes": size_mib,
        "kills": kills,
        "seal_mib_per_second": round(size_mib / sealed),
        "mib_per_second": round(size_mib / span),
        "bare_mib_per_second": round(size_mib / bare),
        "of_bare_rate": round(bare / span, 3),
        "grown_mebibytes": round(max(grown) / MIB, 1),
    }
    gate = f"at least {LEAST} of the bare rate, memory flat within 32 MiB"
    is_within = (kills > 0 or bare / span >= LEAST) and max(grown) < 32 * MIB
    return Row(name="file", figures=figures, gate=gate, is_within=is_within)


def _cross(a: Served, b: Served, sealed: Sent, *, kills: int) -> Sent:
    sent = send(a, sealed.kept)
    for number in range(kills):
        share = (number + 1) / (kills + 1)
        until(partial(_has_come, b, sent, share=share))
        kill_core(a if number % 2 else b)
    until(partial(is_here, b, sent))
    return sent


def _has_come(node: Served, sent: Sent, *, share: float) -> bool:
    return come(node, sent) >= share * sent.kept.size


def _bare(node: Served, sent: Sent) -> None:
    key = read_keys(node.home.keys, read_config(node.home).node).unwrap(sent.kept.wrapped)
    name = sent.kept.hash.hex()
    digest, index = hashlib.sha256(), 0
    with (node.home.vault / name[:2] / name).open("rb") as file:
        header = file.read(HEADER_SIZE)
        digest.update(header)
        chunks = Chunks(key, scope=f"a.example/{CHANNEL}", header=header)
        while sealed := file.read(SEALED_CHUNK_SIZE):
            digest.update(sealed)
            chunks.open(index, sealed)
            index += 1
    assert digest.digest() == sent.kept.hash


def main() -> int:
    """Measure a file of so many MiB, with so many kills on the way."""
    settings.configure()
    size, kills = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        row = measure(Path(folder), size_mib=size, kills=kills)
    sys.stdout.write(f"{row.text}\n")
    return 0 if row.is_within else 1


if __name__ == "__main__":
    sys.exit(main())
