"""The clause that may be left out, read by both verifiers: true or not there, and nothing else."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from parley.ledger.chosen import Choice
from parley.ledger.offers import Offer
from parley.protocol.breach import BreachError
from parley.protocol.clauses import default_clauses, read_clauses
from parley.protocol.strictjson import JsonObject, JsonValue
from parley.protocol.verify.findings import Result
from tests.house.tree import ROOT
from tests.two_nodes.pair import A, B, Pair
from tests.verify.book import judge
from tests.verify.second import NODE, findings, told
from tests.verify.test_two_nodes import exported

# Node's own script: an object with the clauses and the kinds on each line, yes or no for each.
SECOND: Final = f"""
import {{ are_clauses }} from "{ROOT}/verifier/src/clauses.js";
import {{ strict_json }} from "{ROOT}/verifier/src/strictjson.js";
import {{ readFileSync }} from "node:fs";
for (const line of readFileSync(0, "utf8").trim().split("\\n")) {{
  const told = strict_json(new TextEncoder().encode(line));
  console.log(are_clauses(told.get("hotline"), told.get("kinds")));
}}
"""
WRONG: Final[tuple[JsonValue, ...]] = (False, None, 1, 0, "true", [True], {"on": True})
VARIANTS: Final[Mapping[str, JsonObject]] = {
    "left out": default_clauses(),
    "true": default_clauses(watch_shown=True),
    **{json.dumps(wrong): {**default_clauses(), "watch_shown": wrong} for wrong in WRONG},
    "another key": {**default_clauses(), "desk_shown": True},
    "one too few": {key: value for key, value in default_clauses(watch_shown=True).items() if key != "texts"},
}


class Agreed(Pair):
    """A pair whose offers both propose that each tells of its desk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, is_open=False)
        self.open(A, B)

    def offer(self, node: str) -> Offer:
        return replace(super().offer(node), watch_shown=True)


def is_read(clauses: JsonObject) -> bool:
    try:
        read_clauses(clauses)
    except BreachError:
        return False
    return True


def test_both_readers_take_the_clause_left_out_or_true_and_no_other() -> None:
    lines = "\n".join(
        json.dumps({"hotline": each, "kinds": {"call.opened": 1}}) for each in VARIANTS.values()
    )
    words = (NODE, "--input-type=module", "-e", SECOND)

    second = subprocess.run(words, input=lines, capture_output=True, text=True, check=True).stdout.split()

    first = [str(is_read(each)).lower() for each in VARIANTS.values()]
    assert dict(zip(VARIANTS, second, strict=True)) == dict(zip(VARIANTS, first, strict=True))
    assert [name for name, each in VARIANTS.items() if is_read(each)] == ["left out", "true"]


def test_an_export_under_such_terms_is_proved_by_both_readers(tmp_path: Path) -> None:
    pair = Agreed(tmp_path)
    pair.sends()
    pair.settle()
    made, raw = exported(pair, B, Choice())
    pair.stop()

    first = judge(raw, made.listing.digits)
    (second,) = told([(raw, " ".join(made.listing.digits))])

    assert first.result is Result.PROVED
    assert second["findings"] == findings(first)
