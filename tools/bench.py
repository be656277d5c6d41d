"""What the record costs, beside a bare loop that does only what cannot be left out: `./run bench [NAME...]`.

Each measure is one function in a file of its own in `tools/measures/`, and prints one line: what it
found, and whether that is within its gate. The bare loop (`measures/bare.py`) runs in turn with what is
compared to it, on this same machine and disk, so a ratio says what the rules, the fold and the tables
cost on top. Absolute figures differ from machine to machine and from hour to hour; the figures in the
documents come from the file that `--keep` writes, docs/bench.json. No test depends on a time.
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from django.conf import settings

from tools.measures import (
    append,
    bulk,
    file,
    hot,
    one,
    pages,
    peer,
    receive,
    review,
    sounding,
    start,
    sweep,
    verify,
)
from tools.measures.spans import Row

MEASURES: Final[Mapping[str, Callable[[Path], Row]]] = {
    "append": append.measure,
    "receive": receive.measure,
    "one": one.measure,
    "bulk": bulk.measure,
    "start": start.measure,
    "list": pages.measure_list,
    "search": pages.measure_search,
    "hot": hot.measure,
    "verify": verify.measure,
    "file": file.measure,
    "peer": peer.measure,
    "sweep": sweep.measure,
    "sounding": sounding.measure,
    "review": review.measure,
}
KEPT: Final = Path(__file__).parent.parent / "docs" / "bench.json"


def main() -> int:
    """Run the measures that are named, or all, and return the exit code."""
    words = sys.argv[1:]
    names = [word for word in words if word != "--keep"] or list(MEASURES)
    if not set(names) <= set(MEASURES):
        sys.stderr.write(f"usage: ./run bench [--keep] [{'|'.join(MEASURES)}]...\n")
        return 2
    # Whoever appends is asked whether a transaction of Django's is open; here there is none.
    settings.configure()
    for name in names:
        row = _measured(name)
        if "--keep" in words:
            # After each, so that one that fails loses nothing of the others.
            _keep({name: row})
    return 0


def _measured(name: str) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        row = MEASURES[name](Path(folder))
    sys.stdout.write(f"{row.text}\n")
    sys.stdout.flush()
    return row


def _keep(rows: Mapping[str, Row]) -> None:
    """Write what was measured, and leave what was not as it was kept before."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["rows"] if KEPT.exists() else {}
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    fresh = {name: asdict(row) for name, row in rows.items()}
    KEPT.write_text(json.dumps(machine | {"rows": kept | fresh}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
