"""Write the vectors of sharing and of cases, the same bytes every time: two logs, and what they come to.

Run from the checkout: `PYTHONPATH=src:. python tests/protocol/make_thread_vectors.py`. The logs are told by
`thread_stories.py`; their form is that of the fold vectors. `offers` and `cases` hold the account of each
that is in effect, with its digest; `reports` the Status Report at some cuts.
"""

import json
from collections.abc import Mapping, Sequence

from parley.protocol import threads
from parley.protocol.cases import account as cases
from parley.protocol.cases.apply import case
from parley.protocol.cases.eye import CaseEye
from parley.protocol.cases.report import digest, status_report
from parley.protocol.record import Record
from parley.protocol.sharing import account as sharing
from parley.protocol.sharing.apply import ShareEye
from parley.protocol.strictjson import JsonValue
from tests.protocol.dealings import eyes_of
from tests.protocol.make_fold_vectors import PLACE, SIDES, entry, rows
from tests.protocol.samples import SUITE
from tests.protocol.thread_stories import STORIES, Story
from tests.protocol.world import CHANNEL, A, B, rows_of


def told(story: Story) -> dict[str, JsonValue]:
    """Return the content of one file."""
    world = story.told(SIDES, SUITE)
    record = world.record()
    lost = {(row.writer, row.index) for row in rows_of(record) if row.verdict.text == "unopened"}
    return {
        "spec": story.spec,
        "about": story.about,
        "sides": [
            {"node": each.node, "origin": each.origin, "card": each.card.text().decode()}
            for each in (SIDES.one, SIDES.two)
        ],
        "logs": {
            pen.node: [entry(each, unread=(pen.node, each.index) in lost) for each in pen.log]
            for pen in (world.a, world.b)
        },
        "rows": {pen.node: rows(record, pen.node) for pen in (world.a, world.b)},
        **found(record),
    }


def found(record: Record) -> dict[str, JsonValue]:
    """Return what the threads of a record come to, and the reports where there are cases."""
    eyes = eyes_of(record)
    shares = [eye.share() for eye in eyes if isinstance(eye, ShareEye)]
    known = [case(eye) for eye in eyes if isinstance(eye, CaseEye)]
    if shares:
        return {
            "offers": [
                {"account": sharing.account(each), "digest": sharing.digest(each).hex()} for each in shares
            ]
        }
    sizes = {node: record.shelf.tip(node).size for node in (A, B)}
    half = {node: size // 2 for node, size in sizes.items()}
    return {
        "cases": [{"account": cases.account(each), "digest": cases.digest(each).hex()} for each in known],
        "reports": [report(record, cut) for cut in (half, sizes)],
    }


def report(record: Record, cut: Mapping[str, int]) -> JsonValue:
    """Return the Status Report at a cut, as text, and its digest."""
    looked = [
        threads.look(record.shelf, record.sides, eye.opened.id, cut=cut)
        for eye in eyes_of(record)
        if isinstance(eye, CaseEye)
    ]
    text = status_report([case(eye) for eye in looked if isinstance(eye, CaseEye)], channel=CHANNEL, cut=cut)
    return {"cut": dict(cut), "report": text.decode(), "digest": digest(text).hex()}


def texts(stories: Sequence[Story] = STORIES) -> dict[str, str]:
    """Return the content of each file by its name."""
    return {
        f"{story.name}.json": json.dumps(told(story), indent=1, ensure_ascii=False) + "\n"
        for story in stories
    }


def main() -> None:
    for name, text in texts().items():
        (PLACE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
