"""The figures of docs/bench.json as the table of the README: `./run shell python tools/measures/table.py`.

Names of figures end in their unit, and so are told with it: `bare_milliseconds` is "bare 8.14 ms".
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ROOT / "docs" / "bench.json"
PAGE: Final = ROOT / "README.md"
PLACE: Final = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)

TITLES: Final[Mapping[str, str]] = {
    "append_batch": "256 statements of ours, from the draft to the signed head",
    "receive_batch": "256 statements of theirs, from the parcel to the signed receipt",
    "one_inquiry_to_receipt": "one inquiry of three items, until their signed receipt is here",
    "bulk_of_5000": "5,000 inquiries at once, and who waits behind them",
    "start_with_100000": "a start with 100,000 inquiries, and the memory of all processes",
    "list_of_100000": "the list of 100,000 inquiries in a browser: first page, last page",
    "search_in_100000": "a search in 100,000 inquiries, with its page",
    "hot_while_bulk_runs": "a word on lane hot until its receipt is here, alone and while bulk runs",
    "verify": "verification of a million statements, 256 to a head, from an export",
    "file": "a file from one node to the other, sealed, opened and hashed",
    "ring_to_sounding": "a call until the other side's open desk is told to sound, alone and while bulk runs",
    "sweep_of_open_calls": "who is to be rung for 1,000 open calls: at a start, and every two seconds",
    "review_of_100000": "a review of 100,000 inquiries and 50 rounds, from kept values and anew",
    "peer_nats_jetstream": "the same message through a broker that signs nothing",
}
UNITS: Final[Mapping[str, str]] = {
    "milliseconds": "ms",
    "seconds": "s",
    "mebibytes": "MiB",
    "kilobytes": "kB",
}
PHRASES: Final[Mapping[str, str]] = {
    "per_second": "{} a second",
    "of_bare_rate": "{} of the bare rate",
    "of_bare_writing": "{} of the bare rate of writing",
    "times_bare": "{} times the bare one",
    "times_peer": "{} times the broker",
    "singles": "{} single ones meanwhile",
    "inquiries": "{} inquiries",
    "statements": "{} statements",
    "reviews": "{} reviews",
    "bulk_per_second": "bulk at {} a second",
    "ratio": "{} times as long",
    "bare_per_second": "bare {} a second",
    "kills": "{} kills on the way",
    "seal_mib_per_second": "sealed at {} MiB a second",
    "mib_per_second": "crosses at {} MiB a second",
    "bare_mib_per_second": "bare {} MiB a second",
}


def table(kept: Mapping[str, Any]) -> str:
    """Return the Markdown of `kept`, which is what docs/bench.json holds; ends with a line feed.

    Raises:
        KeyError: a measure has no title, or a figure no phrase and no unit.
    """
    head = ["| measured | found | gate | within |", "|---|---|---|---|"]
    rows = [
        f"| {TITLES[row['name']]} | {found(row['figures'])} | {row['gate']} | {within(row)} |"
        for row in kept["rows"].values()
    ]
    told = f"Python {kept['python']}, {kept['cores']} cores, shared with other work."
    return "\n".join([*head, *rows, "", told, ""])


def found(figures: Mapping[str, float]) -> str:
    return "; ".join(figure(name, value) for name, value in figures.items()) or "–"


def figure(name: str, value: float) -> str:
    """Return a figure with its unit: `told_seconds` 346.1 is "told 346.1 s"."""
    number = f"{value:,}"
    if name in PHRASES:
        return PHRASES[name].format(number)
    *words, unit = name.split("_")
    return " ".join([*words, number, UNITS[unit]])


def within(row: Mapping[str, Any]) -> str:
    if row["gate"].startswith(("no gate", "not measured")):
        return "–"
    return "yes" if row["is_within"] else "**no**"


def shown(page: str, kept: Mapping[str, Any]) -> str:
    """Return `page` with the table of `kept` in its place."""
    return PLACE.sub(lambda _: table(kept), page)


def main() -> int:
    """Write the table into the README and return the exit code."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    PAGE.write_text(shown(PAGE.read_text(encoding="utf-8"), kept), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
