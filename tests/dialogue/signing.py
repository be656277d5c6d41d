"""What all roots of a node signed, said by a node that nobody serves."""

from dataclasses import replace
from functools import partial

from parley.ledger import cosigning
from parley.ledger.drafts import Appended, Draft
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.ledger import Ledger
from parley.ledger.preparing import prepare
from parley.protocol.suite import Standard
from parley.work import clock
from parley.work.home import Home
from tests.two_nodes.persons import line_of


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
