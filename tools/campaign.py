"""Long runs of the exchange: `./run campaign [COUNT]`. Each seed replays the same schedule and ends the same.

A schedule is what two nodes say and what befalls their parcels: lost, repeated, reordered,
corrupted; restarts and clock jumps in between; then one clean exchange. What must hold is
checked by the tests' own `check`. Results go to campaign.jsonl, one line a seed, and the next
run goes on after the last; a failing seed is printed and kept. One schedule in a hundred runs
with the real suite, the others with a keyed toy.
"""

import json
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, Final

from tests.two_nodes.pair import MEMORY, SUITE, A, B, Pair
from tests.two_nodes.test_any_order import MOMENTS, WORDS, Step, check, play
from tests.two_nodes.toy import Toy

RESULTS: Final = Path(__file__).parent.parent / "campaign.jsonl"
COUNT: Final = 1_000
REAL_ONE_IN: Final = 100
LONGEST: Final = 120
CHOICES: Final = (
    *(["say"] * 6),
    *(["send"] * 3),
    *(["deliver"] * 4),
    *("carry", "repeat", "lose", "corrupt", "restart", "clock"),
)


def schedule(seed: int) -> list[Step]:
    dice = random.Random(seed)  # noqa: S311 - a seed must give the same schedule for ever
    return [_step(dice) for _ in range(dice.randint(10, LONGEST))]


def _step(dice: random.Random) -> Step:
    step = dice.choice(CHOICES)
    most = {"say": len(WORDS), "send": 4, "clock": len(MOMENTS)}.get(step, 10**6)
    return step, dice.choice((A, B)), dice.randrange(most)


def run(seed: int) -> str | None:
    """Play the schedule of `seed` and return what went wrong, or None."""
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        pair = Pair(Path(folder), suite=SUITE if seed % REAL_ONE_IN == 0 else Toy())
        try:
            pair.sends(node=A)
            pair.settle()
            play(pair, schedule(seed))
            pair.settle()
            check(pair)
        except Exception:  # noqa: BLE001 - whatever it is, it is what the campaign looks for
            return traceback.format_exc()
        finally:
            pair.stop()
    return None


def last_seed() -> int:
    if not RESULTS.exists():
        return -1
    lines = RESULTS.read_text(encoding="utf-8").splitlines()
    return max((int(json.loads(line)["seed"]) for line in lines), default=-1)


def main(count: int) -> int:
    first, failed, begun = last_seed() + 1, 0, time.perf_counter()
    for seed in range(first, first + count):
        fault = run(seed)
        row: dict[str, Any] = {"seed": seed, "ok": fault is None}
        if fault is not None:
            failed += 1
            row["fault"] = fault
            print(f"seed {seed} failed:\n{fault}")
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        done = seed - first + 1
        if done % 50 == 0 or done == count:
            rate = done / (time.perf_counter() - begun)
            print(
                f"{done}/{count} schedules, {failed} failed, {rate:.1f}/s, {(count - done) / rate:.0f} s left"
            )
    # The rule of three: with no failure in n schedules, fewer than 3 in n are to be expected.
    print(
        f"seeds {first} to {first + count - 1}: {failed} failed; without failure the bound is {3 / count:.2g}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
