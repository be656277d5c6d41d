"""Long runs of the simulator: `./run campaign [honest|hostile|restored|broken] [COUNT]`, in two processes.

`./run campaign keep` keeps what was found (tools/chunks.py).

honest    two sides that keep the rules, on a world that does not
hostile   a partner that holds valid keys and lies
restored  disks that go back again and again, with their anchors or without, on a line that lies
broken    cores with one rule taken out: each must be found (docs/handbook/simulator.md)

Results go to campaign.jsonl, one line for each hundred seeds with the faults that they had and every failure
whole, its schedule made short, and the core that was tried (tools/core.py). The next run of the same core
goes on with the first hundred that is neither there nor among what is kept.
"""

import json
import logging
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from parley.work import clock
from tests.simulator.broken import FAULTS, Broken, read_seeds
from tests.simulator.homes import prepare
from tests.simulator.play import play, shrink
from tests.simulator.schedule import Schedule, numbered, schedule
from tools import chunks
from tools.chunks import CHUNK
from tools.core import core_of

HERE: Final = Path(__file__).parent.parent
RESULTS: Final = HERE / chunks.PLAYED
SEEDS: Final = HERE / "tests" / "simulator" / "seeds.json"
PROCESSES: Final = 2
PLAYED: Final = "tests.simulator.play"
COUNT: Final = {"honest": 1_000, "hostile": 1_000, "restored": 1_000, "broken": 3_000}


def commit() -> str:
    which = ("git", "describe", "--always", "--dirty")
    found = subprocess.run(which, cwd=HERE, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def today() -> str:
    return datetime.fromtimestamp(clock.now(), UTC).strftime("%Y-%m-%d")


def run(kind: str, first: int) -> dict[str, Any]:
    """Play one chunk of seeds, and return its line for the results."""
    begun = time.perf_counter()
    faults: Counter[str] = Counter()
    statements, failures = 0, []
    for seed in range(first, first + CHUNK):
        name = numbered(seed, is_hostile=kind == "hostile")
        played = play(schedule(name, is_hostile=kind == "hostile", is_restored=kind == "restored"))
        faults.update((*played.schedule.faults, *played.schedule.lanes[1:]))
        statements += played.statements
        if played.fault is not None:
            failures.append({"seed": name, "fault": played.fault, "schedule": shortest(played.schedule).text})
    return {
        "kind": kind,
        "first": first,
        "count": CHUNK,
        "seconds": round(time.perf_counter() - begun, 1),
        "statements": statements,
        "faults": dict(sorted(faults.items())),
        "failures": failures,
    }


def shortest(failing: Schedule) -> Schedule:
    return shrink(failing, lambda shorter: play(shorter).fault is not None)


def done(kind: str, core: str) -> set[int]:
    """Return the first seeds of the chunks that are in the results of this core."""
    return chunks.done(chunks.read_rows(HERE), kind, core)


def missing(kind: str, count: int, *, core: str) -> list[int]:
    """Return the first seeds of the next chunks, at least `count` seeds in all."""
    there, found, first = done(kind, core), list[int](), 0
    while len(found) * CHUNK < count:
        if first not in there:
            found.append(first)
        first += CHUNK
    return found


def schedules(kind: str, count: int) -> int:
    made = {"core": core_of(PLAYED), "commit": commit(), "date": today()}
    firsts, begun, failed, played = missing(kind, count, core=made["core"]), time.perf_counter(), 0, 0
    with ProcessPoolExecutor(PROCESSES) as pool:
        for row in _results(pool, kind, firsts):
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row | made) + "\n")
            played += row["count"]
            failed += len(row["failures"])
            for failure in row["failures"]:
                print(f"seed {failure['seed']} failed:\n{failure['fault']}\n{failure['schedule']}")
            rate = played / (time.perf_counter() - begun)
            left = len(firsts) * CHUNK - played
            print(
                f"{played} {kind} schedules, {failed} failed, {rate:.1f}/s, {left} left: {left / rate:.0f} s",
                flush=True,
            )
    total = len(done(kind, made["core"])) * CHUNK
    # The rule of three: with no failure in n schedules, fewer than 3 in n are to be expected.
    print(f"{total} {kind} schedules of this core; without failure the bound is {3 / total:.2g}")
    return 1 if failed else 0


def _results(pool: ProcessPoolExecutor, kind: str, firsts: list[int]) -> Iterator[dict[str, Any]]:
    for waiting in as_completed([pool.submit(run, kind, first) for first in firsts]):
        yield waiting.result()


def search(place: int, most: int, start: int) -> tuple[str, str | None, int]:
    """Return what is broken in the core number `place`, the seed that found it, and after how many."""
    broken: Broken = FAULTS[place]
    prepare()
    for n in range(most):
        seed = broken.seed(start + n)
        chosen = broken.schedule(seed)
        with broken.inserted():
            is_found = play(chosen).fault is not None
        # What fails on the whole core too tells nothing of the rule that is missing.
        if is_found and play(chosen).fault is None:
            return broken.what, seed, n + 1
    return broken.what, None, most


def broken(most: int) -> int:
    """Search for every broken core with fresh seeds; keep one for each that the kept seeds do not find."""
    known, found, start = read_seeds(), 0, int(time.perf_counter() * 1000)
    lost = list[str]()
    with ProcessPoolExecutor(PROCESSES) as pool:
        waiting = [pool.submit(search, place, most, start) for place in range(len(FAULTS))]
        for each in waiting:
            what, seed, after = each.result()
            found += seed is not None
            lost += [what] * (seed is None)
            print(f"{what}: {'NOT FOUND in' if seed is None else 'found after'} {after}", flush=True)
            if seed is not None and not _is_found(what, known["broken"].get(what)):
                known["broken"][what] = seed
    SEEDS.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    made = {"core": core_of(PLAYED), "commit": commit(), "date": today()}
    row = {"kind": "broken", "tries": len(FAULTS), "failures": lost, **made}
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{found} of {len(FAULTS)} broken cores found")
    return 0 if found == len(FAULTS) else 1


def _is_found(what: str, seed: str | None) -> bool:
    if seed is None:
        return False
    fault = next(each for each in FAULTS if each.what == what)
    prepare()
    with fault.inserted():
        return play(fault.schedule(seed)).fault is not None


def main(arguments: list[str]) -> int:
    # A disk that fails is told of in the results, and not at every turn.
    logging.disable(logging.CRITICAL)
    if arguments == ["keep"]:
        for row in chunks.keep(HERE):
            print(f"{row['kind']} {row['first']:,} to {row['first'] + row['count'] - 1:,}")
        return 0
    kind = arguments.pop(0) if arguments and arguments[0] in COUNT else "honest"
    count = int(arguments[0]) if arguments else COUNT[kind]
    return broken(count) if kind == "broken" else schedules(kind, count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
