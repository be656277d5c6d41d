"""A node that runs for a test: a home with free ports, its supervisor, and what the kernel says of both."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.ledger.home import Config, create_home
from parley.node.supervisor import PID_FILE
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.protocol.suite import Standard
from parley.work import clock
from parley.work.home import Home
from parley.work.sock import call

HOST: Final = "127.0.0.1"
SECONDS: Final = 180


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def make_home(folder: Path, node: str = "a.example", *, world: str = "demo") -> Home:
    home = Home(root=folder)
    partner = f"{HOST}:{free_port()}"
    config = Config(
        node=node,
        world=world,
        name_en="Country A",
        name_zh="甲国",
        pages=f"{HOST}:{free_port()}",
        partner=partner,
        url=f"http://{partner}/parley/v1",
    )
    create_home(home, config, suite=Standard())
    return home


def start(home: Home, module: str = "parley.node.supervisor") -> "subprocess.Popen[str]":
    environ = os.environ | {
        "PARLEY_HOME": str(home.root),
        "PARLEY_RESTART_SECONDS": "0.2",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with (home.root / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


@dataclass
class Served:
    """A running node."""

    home: Home
    process: "subprocess.Popen[str]"

    def pids(self) -> dict[str, int]:
        """Return the processes by name, as the pid file has them."""
        lines = (self.home.root / PID_FILE).read_text(encoding="ascii").splitlines()
        return {name: int(pid) for name, pid in (line.split() for line in lines)}

    def ask(self, **request: JsonSource) -> JsonObject:
        return call(self.home.core_socket, request)

    def log(self) -> str:
        return (self.home.root / "log").read_text(encoding="utf-8")


@contextmanager
def served(home: Home) -> Iterator[Served]:
    process = start(home)
    node = Served(home=home, process=process)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", node.log()
        yield node
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)


def is_alive(pid: int) -> bool:
    """Return whether the process runs; a dead one that nobody asked about yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def family(pid: int) -> set[int]:
    """Return the process and all its descendants; one that ends meanwhile has none."""
    found = {pid}
    with suppress(FileNotFoundError, ProcessLookupError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            found |= family(int(child))
    return found


def until(is_true: Callable[[], bool], *, seconds: float = SECONDS) -> None:
    """Wait until `is_true`.

    Raises:
        AssertionError: it is not, after so many seconds.
    """
    end = clock.monotonic() + seconds
    while not is_true():
        assert clock.monotonic() < end, "it never came true"
        clock.sleep(0.02)
