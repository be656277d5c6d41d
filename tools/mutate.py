"""./run mutate [COUNT] [--keep]: tamper with exports COUNT times (10,000), and see that none is accepted.

A mutant is a function of its number, so one that is accepted can be looked at again. --keep writes
what came out to docs/mutants.json.
"""

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from parley.work import clock
from tests.verify.book import judge
from tests.verify.mutants import mutant, rich

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = ROOT / "docs" / "mutants.json"
COUNT: Final = 10_000
AT_ONCE: Final = 250


def look(numbers: range) -> tuple[Counter[str], list[str]]:
    """Return how the mutants with these numbers came out, and those that were accepted."""
    book = rich()
    honest = book.members()
    outcomes: Counter[str] = Counter()
    accepted = []
    for number in numbers:
        how, raw = mutant(number, book=book, honest=honest)
        found = judge(raw, book.digits)
        outcomes[f"step {found.step.value}" if found.step else found.result.value] += 1
        if found.told is not None:
            accepted.append(how)
    return outcomes, accepted


def main() -> int:
    """Look at them all in two processes, print what came out, and end with 1 if one was accepted."""
    words = [word for word in sys.argv[1:] if word != "--keep"]
    count = int(words[0].replace(",", "")) if words else COUNT
    outcomes: Counter[str] = Counter()
    accepted: list[str] = []
    begun = clock.monotonic()
    with ProcessPoolExecutor(max_workers=2) as pool:
        spans = [range(at, min(at + AT_ONCE, count)) for at in range(0, count, AT_ONCE)]
        for some, taken in pool.map(look, spans):
            outcomes += some
            accepted += taken
    result = {
        "mutants": count,
        "accepted": len(accepted),
        "bound": f"3/{count}",
        "outcomes": dict(sorted(outcomes.items(), key=lambda each: int(each[0].rpartition(" ")[2]))),
        "seconds": round(clock.monotonic() - begun, 1),
        "commit": _commit(),
        "date": datetime.fromtimestamp(clock.now(), UTC).strftime("%Y-%m-%d"),
    }
    print(json.dumps(result, indent=1))
    for how in accepted:
        print("ACCEPTED", how)
    if "--keep" in sys.argv:
        KEPT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 1 if accepted else 0


def _commit() -> str:
    words = ("git", "describe", "--always", "--dirty")
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
