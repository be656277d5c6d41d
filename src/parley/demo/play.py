"""Starts what plays: the story alone, or the nodes with the start page; and again if it is killed."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from parley.demo.figures import SAME
from parley.demo.process import environment
from parley.work import clock

AGAIN_SECONDS: Final = 1.0
# What was killed so often will not get to its end.
MOST_RUNS: Final = 20
STOP_SECONDS: Final = 40.0
PORT_TAKEN: Final = 74
"""Exit code (EX_IOERR) of what plays with pages: another program listens where the start page is to be."""


def play(folder: Path, *, language: str) -> tuple[int, Mapping[str, Any]]:
    """Play the story in `folder` to its end; return its exit code and its figures.

    Killed by whatever signal, it is started again and goes on where it was.
    """
    code = _run("parley.demo", str(folder), language)
    report = folder / SAME
    figures: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return code, figures


def present(folder: Path, *, language: str, port: int | None, browser: bool) -> int:
    """Show the demonstration in `folder` with its pages until it is interrupted; return the exit code."""
    words = ("--port", str(port or 0), *(("--browser",) if browser else ()))
    try:
        return _run("parley.demo.host", str(folder), language, *words)
    except KeyboardInterrupt:
        return 0


def has_browser(environ: Mapping[str, str]) -> bool:
    """Return whether there is a screen to open a browser on; in CI nobody looks."""
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")) and "CI" not in environ


def _run(module: str, *words: str) -> int:
    code = 1
    for run in range(MOST_RUNS):
        # A browser that is open already need not be opened again.
        code = _run_once(module, *(word for word in words if run == 0 or word != "--browser"))
        if code >= 0:
            break
        clock.sleep(AGAIN_SECONDS)
    return abs(code)


def _run_once(module: str, *words: str) -> int:
    process = subprocess.Popen(  # noqa: S603 - our own module, in a folder of ours
        [sys.executable, "-P", "-m", module, *words],
        env=environment(),
        stdin=subprocess.DEVNULL,
        # Ctrl-C on the terminal is for us alone: what we started ends in order, not all at once.
        process_group=0,
    )
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with _deaf():
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _deaf() -> Iterator[None]:
    """Hear no second Ctrl-C while things are being put away."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible() -> Iterator[None]:
    """Take SIGTERM and a closed terminal as Ctrl-C is taken, so that everything is put away."""
    numbers = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) != signal.SIG_IGN]
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stage(folder: Path | None) -> Iterator[Path]:
    """Give the folder to play in: `folder`, which is kept, or one that is deleted afterwards."""
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield folder.resolve()
        return
    own = Path(tempfile.mkdtemp(prefix="parley-demo-"))
    try:
        yield own
    finally:
        with _deaf():
            shutil.rmtree(own, ignore_errors=True)
