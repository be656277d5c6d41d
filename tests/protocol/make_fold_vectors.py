"""Write `docs/protocol/vectors/fold-*.json`, the same bytes every time: two logs, and what they come to.

Run from the checkout: `PYTHONPATH=src:. python tests/protocol/make_fold_vectors.py`. The logs are
told by `fold_stories.py`. Keys are those of the other vectors; acts stand open beside their
entries, and the hashes of their ciphertexts are made up, since no fold reads a ciphertext.
An act that is `unread` its receiver could not open: with it or without, the fold is the same.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from parley.protocol.act import id_text
from parley.protocol.card import Card, card_hash
from parley.protocol.erasing import ORDERED
from parley.protocol.inquiries.account import account
from parley.protocol.notation import write_base64
from parley.protocol.record import Record, Side, Sides
from parley.protocol.strictjson import JsonValue
from tests.protocol.fold_stories import STORIES, Story
from tests.protocol.samples import CARD_A, CARD_B, LOG_A, LOG_B, SUITE
from tests.protocol.world import Statement, rows_of

PLACE = Path(__file__).parents[2] / "docs" / "protocol" / "vectors"


def side(card: Card, origin: str) -> Side:
    """Return the side that writes `origin`, by its card."""
    return Side(node=card.node, origin=origin, card=card, card_hash=card_hash(card))


SIDES = Sides(one=side(CARD_A, LOG_A), two=side(CARD_B, LOG_B))


def told(story: Story) -> dict[str, JsonValue]:
    """Return the content of one file."""
    world = story.told(SIDES, SUITE)
    record = world.record()
    return {
        "spec": story.spec,
        "about": story.about,
        "sides": [
            {"node": each.node, "origin": each.origin, "card": each.card.text().decode()}
            for each in (SIDES.one, SIDES.two)
        ],
        "logs": {
            pen.node: [entry(each, unread=(pen.node, each.index) in story.unread) for each in pen.log]
            for pen in (world.a, world.b)
        },
        "rows": {pen.node: rows(record, pen.node) for pen in (world.a, world.b)},
        "inquiries": states(record),
        **({"erasures": found} if (found := erasures(record)) else {}),
    }


def entry(statement: Statement, *, unread: bool) -> dict[str, JsonValue]:
    """Return an entry with its act, null if it opens nowhere."""
    act = statement.act.decode("latin-1") if statement.act else None
    return {"entry": write_base64(statement.raw), "act": act, **({"unread": True} if unread else {})}


def rows(record: Record, node: str) -> list[JsonValue]:
    """Return what becomes of each entry of a log."""
    return [
        {
            "id": id_text(row.id),
            "verdict": row.verdict.text,
            "effective": row.effective,
            "cut": row.cut,
            "received_at": row.received_at,
        }
        for row in rows_of(record)
        if row.writer == node
    ]


def states(record: Record) -> list[JsonValue]:
    """Return the state of every inquiry that is in effect, in the order of the logs."""
    roots = [row.id for row in rows_of(record) if row.thread == row.id]
    folds = (record.settle(root) for root in roots)
    return [account(folded.inquiry) for folded in folds if folded is not None]


def erasures(record: Record) -> list[JsonValue]:
    """Return what became of every order to erase that is in effect, in the order of the logs."""
    orders = [row.id for row in rows_of(record) if row.kind == ORDERED and row.thread == row.id]
    return [
        {
            "order": id_text(found.order.id),
            "by": found.order.writer,
            "erased_by": [*sorted(found.erased_by)],
            "refused_by": {node: ground.value for node, ground in sorted(found.refused_by.items())},
        }
        for order in orders
        if (found := record.erasure(order)) is not None
    ]


def texts(stories: Sequence[Story] = STORIES) -> dict[str, str]:
    """Return the content of each file by its name."""
    return {
        f"fold-{story.name}.json": json.dumps(told(story), indent=1, ensure_ascii=False) + "\n"
        for story in stories
    }


def main() -> None:
    for name, text in texts().items():
        (PLACE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
