"""Write `docs/protocol/vectors/call-*.json`, the same bytes every time: two logs, and the calls in them.

Run from the checkout: `PYTHONPATH=src:. python tests/protocol/make_call_vectors.py`. The logs are told by
`call_stories.py`; their form is that of the fold vectors. `calls` holds the account of each call that is in
effect, its digest, and who is rung at some instants: by time alone, with a full roster or another one.
"""

import json
from collections.abc import Collection, Sequence

from parley.protocol.clauses import Rung
from parley.protocol.hotline.account import account, digest
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.ladder import FULL, due, is_one_sided, ringing
from parley.protocol.record import Record
from parley.protocol.strictjson import JsonValue
from tests.protocol.call_stories import STORIES, Story
from tests.protocol.make_fold_vectors import PLACE, SIDES, entry, rows
from tests.protocol.nights import calls_of
from tests.protocol.samples import SUITE
from tests.protocol.world import DAY, HOUR, MINUTE

# After the last statement; and, for one of them, a roster with holes.
WAITS = (0, MINUTE, 6 * MINUTE, HOUR, 3 * DAY)
HOLES = frozenset({Rung.DUTY_PHONE, Rung.DIRECTOR})


def told(story: Story) -> dict[str, JsonValue]:
    """Return the content of one file."""
    night = story.told(SIDES, SUITE)
    pens = (night.world.a, night.world.b)
    record = night.world.record()
    return {
        "spec": story.spec,
        "about": story.about,
        "sides": [
            {"node": each.node, "origin": each.origin, "card": each.card.text().decode()}
            for each in (SIDES.one, SIDES.two)
        ],
        "logs": {
            pen.node: [entry(each, unread=(pen.node, each.index) in story.unread) for each in pen.log]
            for pen in pens
        },
        "rows": {pen.node: rows(record, pen.node) for pen in pens},
        "calls": calls(record, night.world.now),
    }


def calls(record: Record, now: int) -> list[JsonValue]:
    """Return every call that is in effect, in the order of the logs, and who is rung in it."""
    return [
        {
            "account": account(call),
            "digest": digest(call).hex(),
            "times": [
                *(moment(call, now + wait, FULL) for wait in WAITS),
                moment(call, now + HOUR, HOLES),
            ],
        }
        for call in calls_of(record)
    ]


def moment(call: Call, now: int, roster: Collection[Rung]) -> JsonValue:
    """Return who is rung at one instant, where each side can ring just the `roster`."""
    return {
        "now": now,
        "roster": [rung.value for rung in Rung if rung in roster],
        "ringing": {
            node: [
                [each.rung.value, each.cause.value, each.since, each.strokes]
                for each in ringing(call, node, now, roster=roster)
            ]
            for node in (call.caller, call.called)
        },
        "due": due(call, now, rosters=dict.fromkeys((call.caller, call.called), roster)),
        "one_sided": is_one_sided(call, now),
    }


def texts(stories: Sequence[Story] = STORIES) -> dict[str, str]:
    """Return the content of each file by its name."""
    return {
        f"call-{story.name}.json": json.dumps(told(story), indent=1, ensure_ascii=False) + "\n"
        for story in stories
    }


def main() -> None:
    for name, text in texts().items():
        (PLACE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
