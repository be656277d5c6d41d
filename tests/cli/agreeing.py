"""Two typed nodes whose terms list more kinds than the default ones, and whose officers have a key each."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from parley.ledger import cosigning
from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.preparing import prepare
from parley.ledger.reading import Reader
from parley.protocol.kinds import VERSIONS
from parley.protocol.suite import Standard
from parley.protocol.terms import default_terms
from parley.work import clock
from tests.cli.side import LINK, SECRET, WORLD, Side, Sides
from tests.two_nodes.pair import offer_of
from tests.two_nodes.persons import enrol, line_of


def agree(sides: Sides, kinds: Iterable[str]) -> None:
    """Have both open the link anew, on terms that list `kinds` too, and enrol the officer of each desk."""
    both = (sides.a, sides.b)
    calendars = {side.node: offer_of(side.home).calendar for side in both}
    terms = default_terms(calendars, world=WORLD, kinds={**VERSIONS, **dict.fromkeys(kinds, 1)})
    for side in both:
        _open(side, terms)
    sides.carry()
    for side in both:
        enrol(side.home, 1, secret=SECRET, now=clock.now())
    sides.carry()


def _open(side: Side, terms: str) -> None:
    reader = Reader(side.home)
    act = next(row.act for row in reader.rows(LINK) if row.kind == "link.opened")
    reader.close()
    assert act is not None
    draft = Draft(id="agree", link=LINK, kind="link.opened", d={**act.d, "terms": terms})
    made = prepare(side.home, draft, now=clock.now())
    keys = read_keys(side.home.keys, read_config(side.home).node)
    for root, _seed in keys.roots:
        made = cosigning.signed(made, partial(line_of, keys, root, suite=Standard()))
    (outcome,) = append(side.home, [replace(draft, prepared=made)])
    assert isinstance(outcome, Appended), outcome
