"""The supervisor of one node, `parley serve`: starts signer, core and pages, and starts them again.

    supervisor ─┬─ signer                python -m parley.node.signer
                ├─ core                  python -m parley.node.core
                └─ pages (gunicorn) ── worker

A child that ends, however it ends, is started again after a moment; only a home that signer or
core calls wrong ends everything. SIGTERM or SIGINT ends the children first. If the supervisor itself
is killed, the kernel ends them (`start`). It holds no key and reads no record, so that there
is little in it that could fail.
"""

import asyncio
import http.client
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.gates.peer.news import is_set_within
from parley.ledger.home import Config, read_config
from parley.node.logs import log_to_stderr
from parley.node.pages import ADDRESS
from parley.node.start import BAD_HOME, PARENT, TRY_LATER, address_of, die_with_parent
from parley.work import clock
from parley.work.home import Home, HomeError
from parley.work.lock import LockedError, locked
from parley.work.sock import BrokenCoreError, CoreError, NoCoreError, call

RESTART_SECONDS: Final = 2.0
READY: Final = "ready"
PID_FILE: Final = "serve.pid"

_STOP_SECONDS = 10
_LOOK_SECONDS = 0.05

_log = logging.getLogger("parley.node.supervisor")  # run with -m, its name would be __main__


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    name: str
    command: tuple[str, ...]


# Core waits for the signer, and pages for nobody.
_CHILDREN = (
    _Child(name="signer", command=("-m", "parley.node.signer")),
    _Child(name="core", command=("-m", "parley.node.core")),
    _Child(name="pages", command=("-m", "gunicorn", "--config", "python:parley.node.pages")),
)


class Supervisor:
    """Keeps the processes of one node alive. To be made inside the loop, by whoever holds the lock."""

    def __init__(self, home: Home, config: Config, *, restart_seconds: float = RESTART_SECONDS) -> None:
        self._home = home
        self._config = config
        self._restart_seconds = restart_seconds
        self._stopping = asyncio.Event()
        self._pids = {"supervisor": os.getpid()}
        self._code = 0

    def stop(self) -> None:
        """End the children, and then `run`."""
        self._stopping.set()

    async def run(self, ready: Callable[[], None]) -> int:
        """Keep the children alive until `stop` and return the exit code; call `ready` once both answer."""
        keeping = [asyncio.create_task(self._keep(child)) for child in _CHILDREN]
        watching = asyncio.create_task(self._watch(ready))
        await self._stopping.wait()
        watching.cancel()
        await asyncio.gather(*keeping)
        (self._home.root / PID_FILE).unlink(missing_ok=True)
        return self._code

    async def _keep(self, child: _Child) -> None:
        while not self._stopping.is_set():
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", *child.command),
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                # Whoever reads our stdout must not wait for a child that outlives a crash.
                stdout=sys.stderr,
            )
            self._note(child.name, process.pid)
            if await self._ends_before_stop(process):
                _log.warning("%s ended with %s", child.name, process.returncode)
                if process.returncode == BAD_HOME:
                    self._code = BAD_HOME
                    self.stop()
                await is_set_within(self._stopping, self._restart_seconds)

    async def _ends_before_stop(self, process: asyncio.subprocess.Process) -> bool:
        ended = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if ended.done():
            return True
        process.terminate()
        _done, late = await asyncio.wait({ended}, timeout=_STOP_SECONDS)
        if late:
            process.kill()
            await ended
        return False

    def _environment(self) -> Mapping[str, str]:
        return os.environ | {
            PARENT: str(os.getpid()),
            ADDRESS: self._config.pages,
            "PARLEY_HOME": str(self._home.root),
            "DJANGO_SETTINGS_MODULE": "parley.node.settings",
        }

    def _note(self, name: str, pid: int) -> None:
        self._pids[name] = pid
        path = self._home.root / PID_FILE
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text("".join(f"{name} {pid}\n" for name, pid in self._pids.items()), encoding="ascii")
        fresh.replace(path)

    async def _watch(self, ready: Callable[[], None]) -> None:
        while not await asyncio.to_thread(self._is_ready):
            await is_set_within(self._stopping, _LOOK_SECONDS)
        ready()

    def _is_ready(self) -> bool:
        host, port = address_of(self._config.pages)
        pages = http.client.HTTPConnection(host, port, timeout=_STOP_SECONDS)
        try:
            call(self._home.core_socket, {"ask": "ping"}, seconds=_STOP_SECONDS)
            pages.request("GET", "/healthz")
            pages.getresponse()
        except (NoCoreError, BrokenCoreError, CoreError, OSError, http.client.HTTPException):
            return False
        finally:
            pages.close()
        return True


def serve(home: Home, *, restart_seconds: float = RESTART_SECONDS) -> int:
    """Run the node in `home` until SIGTERM or SIGINT, and return the exit code.

    Raises:
        HomeError: there is no node in it.
        LockedError: it is served already.
    """
    config = read_config(home)
    with locked(home.root / "serve.lock", wait_seconds=0, sleep=clock.sleep):
        return asyncio.run(_serve(home, config, restart_seconds))


async def _serve(home: Home, config: Config, restart_seconds: float) -> int:
    supervisor = Supervisor(home, config, restart_seconds=restart_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    return await supervisor.run(_say_ready)


def _say_ready() -> None:
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


def main() -> int:
    """Serve the home that `PARLEY_HOME` names and return the exit code."""
    die_with_parent()
    log_to_stderr()
    seconds = float(os.environ.get("PARLEY_RESTART_SECONDS", RESTART_SECONDS))
    try:
        return serve(Home(root=Path(os.environ["PARLEY_HOME"]).absolute()), restart_seconds=seconds)
    except HomeError as error:
        _log.critical("%s", error)
        return BAD_HOME
    except LockedError as error:
        _log.critical("%s", error)
        return TRY_LATER


if __name__ == "__main__":
    sys.exit(main())
