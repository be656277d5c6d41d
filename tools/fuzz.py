"""Brings bytes by the thousand to every parser: `./run fuzz [TARGET|all] [RUNS]`.

atheris watches which lines a run reaches and goes on from the bytes that reached new ones; it begins with
tests/fuzz/corpus/TARGET. Each target runs in a process of its own, two at a time. A fault ends it: the bytes
are printed and kept in build/fuzz, and `--replay TARGET FILE` brings them once more. `--keep` adds to the
corpus of what reached new lines some of each size, until it has `KEPT` files. A run that takes two seconds,
or a process that takes half a gigabyte, is a fault too.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from parley.work import clock
from tests.fuzz.targets import CORPUS, TARGETS, bring

ROOT: Final = Path(__file__).parent.parent
FOUND: Final = ROOT / "build" / "fuzz"
RESULTS: Final = ROOT / "fuzz.jsonl"
RUNS: Final = 20_000
KEPT: Final = 24
LARGEST: Final = 64 * 1024
LIMITS: Final = (
    "-timeout=2",
    "-rss_limit_mb=512",
    f"-max_len={LARGEST}",
    "-print_final_stats=1",
    "-verbosity=0",
)


def run(name: str, runs: int) -> bool:
    """Run one target in a process of its own, print what came of it, and return whether nothing was found."""
    with tempfile.TemporaryDirectory(prefix="parley-fuzz-") as folder:
        done = one(name, runs, folder=folder)
        fresh = len(os.listdir(folder))  # noqa: PTH208 - a number of names
    said = done.stdout + done.stderr
    counts = [line.split()[-1] for line in said.splitlines() if "number_of_executed_units" in line]
    _note(name, int((counts or ["0"])[0]) or runs, is_fault=done.returncode != 0)
    verdict = "FAULT" if done.returncode else "no fault"
    print(f"{name:12} {(counts or ['?'])[0]:>9} runs, {fresh:>5} new paths: {verdict}")
    if done.returncode:
        print("\n".join(line for line in said.splitlines() if not line.startswith("INFO: ")))
    sys.stdout.flush()
    return done.returncode == 0


def _note(name: str, runs: int, *, is_fault: bool) -> None:
    words = ("git", "describe", "--always", "--dirty")
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    row = {
        "target": name,
        "tries": runs,
        "outcome": "failed" if is_fault else "passed",
        "commit": done.stdout.strip() or "unknown",
        "date": datetime.fromtimestamp(clock.now(), UTC).strftime("%Y-%m-%d"),
    }
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def one(name: str, runs: int, *, folder: str) -> "subprocess.CompletedProcess[str]":
    FOUND.mkdir(parents=True, exist_ok=True)
    words = (name, folder, f"-runs={runs}", f"-artifact_prefix={FOUND}/{name}-", *LIMITS)
    command = [sys.executable, "-m", "tests.fuzz.child", *words]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, cwd=ROOT)


def keep(name: str, runs: int) -> None:
    """Fuzz a while, and keep some of what reached new lines in the corpus."""
    with tempfile.TemporaryDirectory(prefix="parley-fuzz-") as folder:
        one(name, runs, folder=folder)
        found = sorted(
            (path.read_bytes() for path in Path(folder).iterdir()), key=lambda raw: (len(raw), raw)
        )
    place = CORPUS / name
    place.mkdir(parents=True, exist_ok=True)
    here = {path.read_bytes() for path in place.iterdir()}
    spread = found[:: max(1, len(found) // KEPT)]
    fresh = [raw for raw in spread if raw not in here][: max(0, KEPT - len(here))]
    for raw in fresh:
        (place / f"{hash_of(raw)}.bin").write_bytes(raw)
    print(f"{name}: {len(fresh)} kept")


def hash_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:12]


def main(words: Sequence[str]) -> int:
    """Return 0 if no target found a fault."""
    match list(words):
        case ["--replay", name, file]:
            print("taken" if bring(name, Path(file).read_bytes()) else "refused")
            return 0
        case ["--keep", *rest]:
            for name in rest or TARGETS:
                keep(name, RUNS)
            return 0
        case [] | ["all"] | ["all", _]:
            names, runs = list(TARGETS), int(words[1]) if len(words) > 1 else RUNS
        case [name] | [name, _] if name in TARGETS:
            names, runs = [name], int(words[1]) if len(words) > 1 else RUNS
        case _:
            sys.stderr.write(f"usage: ./run fuzz [all|{'|'.join(TARGETS)}] [RUNS]\n")
            return 2
    if find_spec("atheris") is None:
        sys.stderr.write("Fuzzing needs atheris: Python 3.11 to 3.13 on Linux, x86_64. Nothing was tried.\n")
        return 2
    with ThreadPoolExecutor(2) as two:
        done = list(two.map(lambda name: run(name, runs), names))
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
