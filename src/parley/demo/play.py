"""Plays the demonstration: starts the story, and again if it is killed, until it came to its end."""

import json
import shutil
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
# A story that ends by itself ten times without getting to its end will not get there.
MOST_RUNS: Final = 10


def play(folder: Path, *, language: str) -> tuple[int, Mapping[str, Any]]:
    """Play the story in `folder` to its end; return its exit code and its figures.

    Killed by whatever signal, it is started again and goes on where it was.
    """
    code = 1
    for _run in range(MOST_RUNS):
        code = _run_once(folder, language)
        if code >= 0:
            break
        clock.sleep(AGAIN_SECONDS)
    report = folder / SAME
    figures: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return abs(code), figures


def _run_once(folder: Path, language: str) -> int:
    process = subprocess.Popen(  # noqa: S603 - our own module, in a folder of ours
        [sys.executable, "-P", "-m", "parley.demo", str(folder), language],
        env=environment(),
        stdin=subprocess.DEVNULL,
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise


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
        shutil.rmtree(own, ignore_errors=True)
