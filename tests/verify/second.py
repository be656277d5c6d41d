"""The second verifier, written in another language from the specification alone, held against the first.

    python -m tests.verify.second [COUNT]      from the root, with src on PYTHONPATH

COUNT (10,000) mutants go to both. Neither may accept one, and both must refuse it alike. Where only the
steps differ, it is printed and no fault: a file that breaks two rules is refused by either.
"""

import json
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import playwright

from parley.protocol.verify.findings import Findings, as_json
from parley.protocol.verify.members import Found
from parley.protocol.verify.reading import Shown, shown
from tests.protocol.samples import SUITE
from tests.verify.book import judge
from tests.verify.mutants import mutant, rich

ROOT: Final = Path(__file__).resolve().parents[2]
# The program that drives the browser in the tests of the pages: one version wherever the tests run.
NODE: Final = Path(playwright.__file__).parent / "driver" / "node"
CHECK: Final = ROOT / "verifier" / "check.js"
COUNT: Final = 10_000
AT_ONCE: Final = 250
STATES: Final = {
    Found.WITHHELD: "withheld",
    Found.ERASED: "erased",
    Found.UNOPENABLE: "unopenable",
    Found.DISCLOSED: "disclosed",
    Found.FILE: "disclosed",
}


def told(exports: Iterable[tuple[bytes, str]]) -> Iterator[Mapping[str, Any]]:
    """Yield what the second verifier says of each (export, digits): `findings` and `statements`."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            (NODE, CHECK, "--many"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        path = Path(folder) / "export.zip"
        for raw, digits in exports:
            path.write_bytes(raw)
            process.stdin.write(f"{path}\t{digits}\n")
            process.stdin.flush()
            yield json.loads(process.stdout.readline())
        process.stdin.close()


def findings(found: Findings) -> Mapping[str, Any]:
    """Return the findings of the first verifier as the object of Spec §11.6.5."""
    plain: Mapping[str, Any] = json.loads(json.dumps(as_json(found)))
    return plain


def statements(found: Findings) -> list[Mapping[str, Any]]:
    """Return the statements of the first verifier as the second prints them, without kinds of no envelope."""
    assert found.told is not None
    return [_statement(each) for each in shown(found.told, SUITE, worths=None)]


def _statement(each: Shown) -> Mapping[str, Any]:
    return {
        "place": each.place,
        "id": b64encode(each.statement).decode(),
        "writer": each.node,
        "time": each.time,
        "signed_at": each.written_by,
        "received_at": each.held_by,
        "kind": each.act.k if each.act else None,
        "persons": sorted(each.persons),
        "unknown": each.unknown_lines,
        "parts": [STATES[part] for part in each.parts],
        "ordered": list(each.ordered),
    }


def plain(told_there: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the statements of the second verifier, without what the first tells elsewhere."""
    return [
        {key: value for key, value in each.items() if key != "seen"} | {"persons": sorted(each["persons"])}
        for each in told_there
    ]


def differences(numbers: range) -> tuple[Counter[str], list[str], list[str]]:
    """Return how these mutants came out, those not refused alike, and those refused at other steps."""
    book = rich()
    honest = book.members()
    mutants = [mutant(number, book=book, honest=honest) for number in numbers]
    outcomes: Counter[str] = Counter()
    differ, elsewhere = [], []
    digits = " ".join(book.digits)
    for (how, raw), said in zip(mutants, told((raw, digits) for _, raw in mutants), strict=True):
        here, there = said["findings"], findings(judge(raw, book.digits))
        outcomes[f"step {here['step']}"] += 1
        line = f"{how}: {here['result']} {here['step']}, {there['result']} {there['step']}"
        if here["result"] != there["result"] or here["step"] is None:
            differ.append(line)
        elif here != there:
            elsewhere.append(line)
    return outcomes, differ, elsewhere


def main() -> int:
    """Look at them all, print what came out, and end with 1 if the two differ."""
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else COUNT
    outcomes: Counter[str] = Counter()
    differ: list[str] = []
    elsewhere: list[str] = []
    for at in range(0, count, AT_ONCE):
        some, others, steps = differences(range(at, min(at + AT_ONCE, count)))
        outcomes += some
        differ += others
        elsewhere += steps
    result = {"mutants": count, "differ": differ, "at other steps": elsewhere, "outcomes": outcomes}
    sys.stdout.write(json.dumps(result, indent=1, sort_keys=True) + "\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
