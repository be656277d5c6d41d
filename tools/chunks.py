"""What long runs of the simulator found, in two files of the same form, one JSON object for each line.

campaign.jsonl        what this checkout played, a line for each hundred seeds; git ignores it
docs/campaign.jsonl   what is kept, a line for each span of seeds without a gap, however long it took

A run of days is many runs on machines that come and go: what is kept here is not played again, as long as the
core is the same (tools/core.py), and is counted with what comes after it. It also counts for a core that
differs from it by nothing but a check that refused what is right and accepts it now (`SUCCESSORS`): what
holds by the stricter check holds by the other. A hundred in which something failed is then played again.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

Row = dict[str, Any]

CHUNK: Final = 100
PLAYED: Final = "campaign.jsonl"
KEPT: Final = f"docs/{PLAYED}"
# Named with the seed that showed it, which every run of the tests plays; gone as soon as the core changes.
SUCCESSORS: Final[Mapping[str, str]] = {}


def read_rows(folder: Path) -> list[Row]:
    """Return all lines of a checkout, each seed of a kind and a core once, the newest core last.

    Of two lines with the same seeds the one in which something failed counts, or else what is kept.
    """
    rows = [*_read(folder / KEPT), *_read(folder / PLAYED)]
    newest = {_name(row): (row["date"], place) for place, row in enumerate(rows)}
    known, again = dict[tuple[str, str], set[int]](), set[int]()
    for place in sorted(range(len(rows)), key=lambda place: not rows[place]["failures"]):
        seeds, others = _seeds(rows[place]), known.setdefault(_name(rows[place]), set())
        if seeds & others:
            again.add(place)
        else:
            others |= seeds
    once = [row for place, row in enumerate(rows) if place not in again]
    return sorted(once, key=lambda row: newest[_name(row)])


def _read(path: Path) -> Iterator[Row]:
    if path.exists():
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        yield from (now for now in map(_counted, rows) if now is not None)


def _counted(row: Row) -> Row | None:
    """Return a line as one of the newest core for which it counts; nothing if it is to be played again."""
    core = str(row.get("core"))
    while core in SUCCESSORS:
        core = SUCCESSORS[core]
    if core == str(row.get("core")):
        return row
    return None if row["failures"] else row | {"core": core}


def _name(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["kind"], row.get("core") or row["commit"]


def _seeds(row: Mapping[str, Any]) -> set[int]:
    """Return the first seeds of the hundreds in a line; a search for broken cores has none."""
    return set(range(row["first"], row["first"] + row["count"], CHUNK)) if "first" in row else set()


def done(rows: Iterable[Row], kind: str, core: str) -> set[int]:
    """Return the first seeds of the hundreds that were played on this core."""
    return set[int]().union(*(_seeds(row) for row in rows if _name(row) == (kind, core)))


def keep(folder: Path) -> list[Row]:
    """Write what was played to what is kept, for each kind that of its newest core, and return it."""
    rows = [row for row in read_rows(folder) if "first" in row]
    newest = {row["kind"]: _name(row) for row in rows}
    spans = [
        span
        for kind in sorted(newest)
        for span in _spans(sorted((row for row in rows if _name(row) == newest[kind]), key=_first))
    ]
    text = "".join(json.dumps(span) + "\n" for span in spans)
    (folder / KEPT).write_text(text, encoding="utf-8")
    return spans


def _first(row: Mapping[str, Any]) -> int:
    return int(row["first"])


def _spans(rows: Sequence[Row]) -> list[Row]:
    spans = list[Row]()
    for row in rows:
        if spans and spans[-1]["first"] + spans[-1]["count"] == row["first"]:
            spans[-1] = _joined(spans[-1], row)
        else:
            spans.append(row)
    return spans


def _joined(one: Row, two: Row) -> Row:
    # Of one day the later seeds are the newer ones: they are played in their order.
    newer = two if two["date"] >= one["date"] else one
    return {
        **newer,
        "first": one["first"],
        "count": one["count"] + two["count"],
        "seconds": round(one["seconds"] + two["seconds"], 1),
        "statements": one["statements"] + two["statements"],
        "faults": dict(sorted((Counter(one["faults"]) + Counter(two["faults"])).items())),
        "failures": [*one["failures"], *two["failures"]],
    }
