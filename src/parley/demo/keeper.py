"""Keeps a node running: starts `parley serve` for a home, and again two seconds after it ended."""

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from parley.demo.process import environment

AGAIN_SECONDS: Final = 2.0
STOP_SECONDS: Final = 15.0


class Keeper:
    """One node's processes, from `start` until `stop`."""

    def __init__(self, home: Path, log: Path, *, again_seconds: float = AGAIN_SECONDS) -> None:
        """Keep the node in `home`; what it says goes to `log`."""
        self._home = home
        self._log = log
        self._again = again_seconds
        self._stopping = threading.Event()
        self._changed = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """Return the process id of the supervisor, while there is one."""
        process = self._process
        return None if process is None else process.pid

    def start(self) -> None:
        """Start the node, and see to it that it stays."""
        self._stopping.clear()
        # The thread lives as long as its children: the kernel tells them when it ends.
        self._thread = threading.Thread(target=self._keep, name=f"keeper of {self._home.name}", daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "parley.cli", "serve"],
                    env=environment(self._home),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            if self._stopping.is_set():
                # `stop` came while the process was being started, and could not see it.
                self._process.terminate()
            self._process.wait()
            if not self._stopping.wait(self._again):
                self.restarts += 1

    def stop(self) -> None:
        """End the node, cleanly if it will, and wait for it."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread is not None:
            self._thread.join()
