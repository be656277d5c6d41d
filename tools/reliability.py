"""Collects what the long runs found: `./run reliability [--keep [NAME...]]`.

Each harness writes its own results, which git ignores; this reads them, and shows for each figure how many
tries there were, how many failed, and what follows from that. `--keep` writes it, for all figures or for
those that are named, to docs/reliability.json, and the page docs/reliability.md from that file.

campaign.jsonl      ./run campaign honest | hostile | broken, beside docs/campaign.jsonl (tools/chunks.py)
system.jsonl        ./run test --system       (SCALE=10 for ten times as much)
fuzz.jsonl          ./run fuzz
docs/mutants.json   ./run mutate --keep

Only results of one commit are counted together: those of the newest line of each figure. Where a harness
names the core that it tried (tools/core.py), it is those of one core, and the commit is the newest of them.
A long run of an earlier core stays until one of a later core is as long, or fails; beside it stands what the
newest core was tried with (`LATER`).
"""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools import chunks

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = ROOT / "docs" / "reliability.json"
PAGE: Final = ROOT / "docs" / "reliability.md"
HEAD: Final = """# What holds, and how often it was tried

Made from [reliability.json](reliability.json) by `./run reliability --keep`; nothing here is written by
hand. What each harness does is in the file named beside it, the words of the simulator are in
[its handbook](handbook/simulator.md), and what is not held is in [threats.md](threats.md).

Where nothing failed in N tries, fewer than 3 in N are to be expected (the rule of three, with 95 %
confidence). A figure is of one commit, or of all that have the core that is named: a hash of all code of ours
that took part ([tools/core.py](../tools/core.py)), whatever else changed meanwhile. A commit that ends in
`-dirty` had changes that were committed later. The longest run of the simulator may be of an earlier core; a
line of its own says how far the newest core has come since.
What was not run is said so.

| figure | what was tried | with | tries | failed | bound | seeds | commit | date |
|---|---|---|---|---|---|---|---|---|
"""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: `what` is tried, `harness` the file that does it, `command` the way to do it again.

    `source` is the file of results, and `counts` whether a line of it belongs here. Where `finds`, each try
    is a fault that was put in, and a failure is one that was not found; no bound follows from that.
    """

    what: str
    harness: str
    command: str
    source: str
    counts: Callable[[Row], bool]
    finds: bool = False


def of_kind(kind: str) -> Callable[[Row], bool]:
    return lambda row: row.get("kind") == kind and "commit" in row


def of_test(*names: str) -> Callable[[Row], bool]:
    return lambda row: any(name in row["test"] for name in names)


def system(what: str, *names: str) -> Figure:
    return Figure(
        what=what,
        harness=f"tests/system/{names[0].partition('::')[0]}",
        command="./run test --system",
        source="system.jsonl",
        counts=of_test(*names),
    )


def campaign(what: str, kind: str, *, finds: bool = False) -> Figure:
    return Figure(
        what=what,
        harness="tools/campaign.py",
        command=f"./run campaign {kind}",
        source=chunks.PLAYED,
        counts=of_kind(kind),
        finds=finds,
    )


FIGURES: Final[Mapping[str, Figure]] = {
    "F1": campaign("schedules of two honest sides on a world that fails", "honest"),
    "F1 newest": campaign("the same, with the newest core that was tried", "honest"),
    "F2": campaign("schedules with a partner that holds valid keys and lies", "hostile"),
    "F2 newest": campaign("the same, with the newest core that was tried", "hostile"),
    "F3": campaign("cores with one rule taken out, each to be found", "broken", finds=True),
    "F5": system("images of a disk after a power cut", "test_power_cut.py::test_a_power_cut"),
    "F6": system("processes killed under load", "test_killed.py"),
    "F7": system("nodes set back to an old copy", "test_restored.py"),
    "F8 flips": system("bits of the record turned over", "test_bits.py"),
    "F8 full": system("a disk that is really full", "test_disk_full.py"),
    "F8 errors": system("images of a disk whose syncs fail, and ends before a write", "test_disk_refuses.py"),
    "F9": system("clocks ten years off, or twice as fast", "test_clocks.py"),
    "F10": system("lines that are cut, lossy, slow, reset, and healed", "test_network.py"),
    "F13": Figure(
        what="runs of every parser on bytes nobody wrote",
        harness="tools/fuzz.py",
        command="./run fuzz all 200000",
        source="fuzz.jsonl",
        counts=lambda _row: True,
    ),
    "judge": Figure(
        what="exports that were tampered with, none to be accepted",
        harness="tools/mutate.py",
        command="./run mutate --keep",
        source="docs/mutants.json",
        counts=lambda _row: True,
    ),
}

LATER: Final = {"F1": "F1 newest", "F2": "F2 newest"}


def read(name: str, *, folder: Path) -> list[Row]:
    """Return the results in a file, one for each line, none where there is no such file."""
    path = folder / name
    if name == chunks.PLAYED:
        return chunks.read_rows(folder)
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return [json.loads(text)] if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]


def tries(row: Row) -> int:
    """Return how many tries a line of results tells of."""
    names = ("tries", "mutants", "count")
    return int(next(row[name] for name in names if name in row))


def failed(row: Row) -> int:
    """Return how many of them failed."""
    if "failures" in row:
        return len(row["failures"])
    return int(row["accepted"]) if "accepted" in row else int(row["outcome"] != "passed")


def collect(figure: Figure, *, folder: Path = ROOT) -> Row | None:
    """Return what the results in `folder` say of a figure, None if they say nothing."""
    rows = [row for row in read(figure.source, folder=folder) if figure.counts(row)]
    if not rows:
        return None
    rows = [row for row in rows if core(row) == core(rows[-1])]
    found: Row = {"tries": sum(map(tries, rows)), "failures": sum(map(failed, rows)), "seeds": seeds(rows)}
    named = {"core": rows[-1]["core"]} if "core" in rows[-1] else {}
    return {**found, **named, "commit": rows[-1]["commit"], "date": max(row.get("date", "") for row in rows)}


def core(row: Row) -> str:
    """Return what was tried: the core by its name, or all of a commit."""
    return str(row.get("core") or row["commit"])


def seeds(rows: Sequence[Row]) -> str:
    """Return the seeds of a figure as people read them: a span, or one for each run."""
    if "first" in rows[0]:
        first = min(row["first"] for row in rows)
        return f"{first:,} to {max(row['first'] + row['count'] for row in rows) - 1:,}"
    given = [str(row["seed"]) for row in rows if row.get("seed") is not None]
    return ", ".join(given[:5]) + (f" and {len(given) - 5} more" if len(given) > 5 else "") or "–"


def bound(figure: Figure, found: Row) -> str:
    """Return what follows for all tries: 3/N where nothing failed."""
    if figure.finds:
        return f"{found['tries'] - found['failures']} of {found['tries']} found"
    return f"{3 / found['tries']:.2g}" if found["failures"] == 0 else "none"


def page(kept: Row) -> str:
    """Return the page of what is kept."""
    lines = [line(name, figure, kept["figures"].get(name)) for name, figure in FIGURES.items()]
    machine = f"\nPython {kept['python']}, {kept['cores']} cores, shared with other work.\n"
    return HEAD + "".join(lines) + machine


def line(name: str, figure: Figure, found: Row | None) -> str:
    """Return the row of a figure."""
    start = f"| {name} | {figure.what} | [{figure.harness}](../{figure.harness}), `{figure.command}` |"
    if found is None:
        return f"{start} not run | – | – | – | – | – |\n"
    loss = f"**{found['failures']}**" if found["failures"] else "0"
    made = f"core {found['core']}, {found['commit']}" if "core" in found else found["commit"]
    end = f"{found['seeds']} | {made} | {found['date'] or '–'}"
    return f"{start} {found['tries']:,} | {loss} | {bound(figure, found)} | {end} |\n"


def is_shorter(name: str, found: Row, before: Row | None) -> bool:
    """Return whether it is a shorter run than what is kept, without a failure, and has a line of its own."""
    return name in LATER and before is not None and not found["failures"] and found["tries"] < before["tries"]


def keep(found: Mapping[str, Row]) -> None:
    """Write what was found, and leave what was not as it was kept before; then make the page."""
    before = json.loads(KEPT.read_text(encoding="utf-8"))["figures"] if KEPT.exists() else {}
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    fresh = {name: each for name, each in found.items() if not is_shorter(name, each, before.get(name))}
    kept = machine | {"figures": before | fresh}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")


def main(words: Sequence[str]) -> int:
    """Print what the results say, keep it if asked to; 1 if anything failed."""
    names = [word for word in words if word != "--keep"] or list(FIGURES)
    if not set(names) <= set(FIGURES):
        sys.stderr.write(f"usage: ./run reliability [--keep] [{'|'.join(FIGURES)}]...\n")
        return 2
    all_found = {name: collect(FIGURES[name]) for name in names}
    found = {name: each for name, each in all_found.items() if each is not None}
    for name in names:
        print(line(name, FIGURES[name], found.get(name)), end="")
    if "--keep" in words:
        keep(found)
    return 1 if any(each["failures"] for each in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
