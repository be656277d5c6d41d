"""Terms that list other kinds than the default ones, signed by the roots of nodes that nobody serves."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from parley.ledger import cosigning
from parley.ledger.drafts import Appended, Draft
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.ledger import Ledger
from parley.ledger.preparing import prepare
from parley.ledger.reading import Reader
from parley.protocol.strictjson import JsonObject, read
from parley.protocol.suite import Standard
from parley.protocol.terms import default_terms
from parley.work import clock
from parley.work.home import Home
from tests.cli.side import LINK
from tests.two_nodes.persons import line_of


def list_kinds(homes: Iterable[Home], kinds: Mapping[str, int]) -> None:
    """Have both nodes open the link anew, on terms that list `kinds` and no others; carry it afterwards."""
    terms = ""
    for home in homes:
        reader = Reader(home)
        act = next(row.act for row in reader.rows(LINK) if row.kind == "link.opened")
        reader.close()
        assert act is not None
        terms = terms or _terms(read(str(act.d["terms"]).encode()), kinds)
        say_signed(home, Draft(id="open-anew", link=LINK, kind="link.opened", d={**act.d, "terms": terms}))


def _terms(before: JsonObject, kinds: Mapping[str, int]) -> str:
    calendars = before["calendars"]
    assert isinstance(calendars, dict)
    found = {node: calendar for node, calendar in calendars.items() if isinstance(calendar, dict)}
    return default_terms(found, world=str(before["world"]), kinds=kinds)


def say_signed(home: Home, draft: Draft) -> Appended:
    """Have a node that nobody serves say what all its roots signed."""
    made = prepare(home, draft, now=clock.now())
    keys = read_keys(home.keys, read_config(home).node)
    for root, _seed in keys.roots:
        made = cosigning.signed(made, partial(line_of, keys, root, suite=Standard()))
    ledger = Ledger(home)
    ledger.start()
    try:
        (outcome,) = ledger.append([replace(draft, prepared=made)])
    finally:
        ledger.stop()
    assert isinstance(outcome, Appended), outcome
    return outcome
