"""Write `docs/protocol/vectors/line-*.json`, the same bytes every time: two logs, and the tests of the line.

Run from the checkout: `PYTHONPATH=src:. python tests/protocol/make_line_vectors.py`. The days are told here;
the form of the logs is that of the fold vectors. `tests` holds the account at some cuts, and its digest.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parley.protocol.linetests.account import account, digest
from parley.protocol.strictjson import JsonValue
from tests.protocol.days import DESK, FIRST, WRONG, Days, history_of
from tests.protocol.make_fold_vectors import PLACE, SIDES, entry, rows
from tests.protocol.samples import SUITE
from tests.protocol.world import DAY, HOUR, MINUTE, A, B


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file: what it shows, how it is told, and at which cuts it is looked at, in seconds."""

    name: str
    spec: str
    about: str
    tell: Callable[[Days], None]
    cuts: tuple[int, ...]


def results(days: Days) -> None:
    """Tell of every test and every result, and of clocks that lie."""
    days.echoes(days.probes())
    call = days.tries()
    days.answers(call, host=WRONG)
    days.answers(call)
    for rung in DESK:
        days.says(call, "notification", by=A, to=rung.value)
        days.takes(call, rung=rung.value)
    days.at(1)
    days.echoes(days.probes(by=A))
    days.echoes(days.probes(by=B))
    days.at(2)
    probe = days.probes(heard=False)
    days.at(2, 20)
    days.pen(B).skew = -20 * 60
    days.echoes(probe)
    days.pen(B).skew = 0
    days.at(3)
    days.probes(by=B)
    days.at(6)
    days.pen(A).skew = -2 * DAY
    days.echoes(days.probes())
    days.pen(A).skew = 0
    days.takes(days.tries(by=B, to="minister"), by=A, rung="minister")


def tickets(days: Days) -> None:
    """Tell of failures with both readings, of causes, and of tests that mend."""
    days.echoes(days.probes())
    days.takes(days.tries())
    days.at(2)
    days.probes(heard=False)
    lost = days.tries(by=B, heard=False)
    days.at(3)
    days.declares(B, "human", 3000, "unknown")
    days.declares(B, "human", 3000, "staffing")
    days.declares(A, "machine", 21_001, "line_fault")
    days.closes(lost, "not_reached", by=B, cause="line_fault")
    days.echoes(days.probes(by=B))
    days.at(8)
    days.answers(days.tries(by=B))
    days.at(14)
    days.tries(heard=False)
    days.at(15)


STORIES = (
    Story(
        name="results",
        spec="§13.1 to §13.4, §13.7",
        about="every test and every result; echoes and openings that are dated back; cuts between",
        tell=results,
        cuts=(FIRST + MINUTE, FIRST + 2 * DAY + 10 * MINUTE, FIRST + 6 * DAY + HOUR, FIRST + 120 * DAY),
    ),
    Story(
        name="tickets",
        spec="§13.5",
        about="tickets with both readings, causes by both sides, and later tests that mend",
        tell=tickets,
        cuts=(FIRST + 2 * HOUR, FIRST + 3 * DAY + HOUR, FIRST + 15 * DAY),
    ),
)


def told(story: Story) -> dict[str, JsonValue]:
    """Return the content of one file."""
    days = Days(sides=SIDES, suite=SUITE)
    story.tell(days)
    world = days.world
    found = [history_of(world.record(), world.terms, cut=cut) for cut in story.cuts]
    return {
        "spec": story.spec,
        "about": story.about,
        "sides": [
            {"node": each.node, "origin": each.origin, "card": each.card.text().decode()}
            for each in (SIDES.one, SIDES.two)
        ],
        "logs": {pen.node: [entry(each, unread=False) for each in pen.log] for pen in (world.a, world.b)},
        "rows": {pen.node: rows(world.record(), pen.node) for pen in (world.a, world.b)},
        "tests": [{"account": account(each), "digest": digest(each).hex()} for each in found],
    }


def texts(stories: Sequence[Story] = STORIES) -> dict[str, str]:
    """Return the content of each file by its name."""
    return {
        f"line-{story.name}.json": json.dumps(told(story), indent=1, ensure_ascii=False) + "\n"
        for story in stories
    }


def main() -> None:
    for name, text in texts().items():
        (PLACE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
