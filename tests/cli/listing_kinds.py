"""Terms that list other kinds than the default ones, signed by the roots of nodes that nobody serves."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from parley.ledger import cosigning
from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.preparing import prepare
from parley.ledger.reading import Reader
from parley.protocol.strictjson import JsonObject, JsonValue, read
from parley.protocol.suite import Standard
from parley.protocol.terms import default_terms
from parley.work import clock
from tests.cli.side import LINK, Side, Sides
from tests.two_nodes.persons import line_of


def list_kinds(sides: Sides, kinds: Mapping[str, int]) -> None:
    """Have both sides open the link anew, on terms that list `kinds` and no others."""
    terms = ""
    for side in (sides.a, sides.b):
        reader = Reader(side.home)
        act = next(row.act for row in reader.rows(LINK) if row.kind == "link.opened")
        reader.close()
        assert act is not None
        terms = terms or _terms(read(str(act.d["terms"]).encode()), kinds)
        _open(side, {**act.d, "terms": terms})
    sides.carry()


def _terms(before: JsonObject, kinds: Mapping[str, int]) -> str:
    calendars = before["calendars"]
    assert isinstance(calendars, dict)
    found = {node: calendar for node, calendar in calendars.items() if isinstance(calendar, dict)}
    return default_terms(found, world=str(before["world"]), kinds=kinds)


def _open(side: Side, d: Mapping[str, JsonValue]) -> None:
    draft = Draft(id=f"open-{side.letter}", link=LINK, kind="link.opened", d=d)
    made = prepare(side.home, draft, now=clock.now())
    keys = read_keys(side.home.keys, read_config(side.home).node)
    for root, _seed in keys.roots:
        made = cosigning.signed(made, partial(line_of, keys, root, suite=Standard()))
    (outcome,) = append(side.home, [replace(draft, prepared=made)])
    assert isinstance(outcome, Appended), outcome
