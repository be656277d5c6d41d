"""The Status Report on the joint cases of a link: a pure function of the record at a cut.

    {"report":"parley/status-report/1","channel":"live/a-b/main","cut":{"a.example":112,"b.example":97},
     "totals":{"states":{…},"tasks":{…},"findings":{…}},"cases":[…]}

A cut is so many entries of each line. Both nodes write the same bytes for it, so one digest says that they
speak of the same report; titles and texts come from the bodies, are shown beside it, and are not in it.
Source: Spec §15.8.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

import msgspec

from parley.protocol.cases.account import account
from parley.protocol.cases.apply import Case
from parley.protocol.cases.codes import Standing, State, TaskState
from parley.protocol.strictjson import JsonObject

VERSION: Final = "parley/status-report/1"


def status_report(cases: Iterable[Case], *, channel: str, cut: Mapping[str, int]) -> bytes:
    """Return the report on `cases`, all that were proposed before the `cut`, folded at that cut.

    `cut` says for both nodes how many entries of the line are in it. In whatever order the cases come,
    they stand by node, then by place.
    """
    ordered = sorted(cases, key=lambda case: (case.proposer, case.proposed.index))
    # Not an act: neither the depth nor the size of strict JSON bounds how many cases there may be.
    return msgspec.json.encode(
        {
            "report": VERSION,
            "channel": channel,
            "cut": {node: cut[node] for node in sorted(cut)},
            "totals": _totals(ordered),
            "cases": [account(case) for case in ordered],
        }
    )


def digest(report: bytes) -> bytes:
    """Return the SHA-256 by which two nodes compare a report."""
    return hashlib.sha256(report).digest()


def _totals(cases: Sequence[Case]) -> JsonObject:
    tasks = [task.state for case in cases for task in case.tasks]
    findings = [finding.current.standing for case in cases for finding in case.findings]
    return {
        "states": _counted(State, [case.state for case in cases]),
        "tasks": _counted(TaskState, tasks),
        "findings": _counted(Standing, findings),
    }


def _counted(words: type[Enum], found: Sequence[Enum]) -> JsonObject:
    return {str(word.value): found.count(word) for word in words}
