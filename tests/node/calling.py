"""Two homes with a call between them that is some minutes old, and people in one: for nodes that run."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from parley.protocol.names import HOT, MAIN
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.house.tree import ROOT
from tests.node.served import make_home
from tests.two_nodes.pair import A, B, Clock, Nodes

OPENING: Final[Mapping[str, JsonValue]] = {
    "nature": "real",
    "urgency": "U0",
    "inquiry": None,
    "scope": "attack_in_progress",
    "fields": {
        "what": "data_theft",
        "object": {"type": "none", "mark": None},
        "where": "B",
        "when": {"since": None, "by": None},
        "ask": ["isolate_host"],
    },
}
SECRET: Final = "correct-horse-battery"
PEOPLE: Final = """
import sys
import django
django.setup()
from parley.agencies.actions import add_officer
from parley.agencies.policy import Role
from parley.node.tables import bring_up_to_date
from parley.watch import actions
from parley.watch.policy import Channel, Post, Shift
from parley.work import clock
bring_up_to_date()
now = clock.now()
for name, post in (("Chen", Post.DESK), ("Wang", Post.SECOND), ("Li", Post.DIRECTOR)):
    number = add_officer(name, role=Role.OFFICER, language="en", secret=sys.argv[1], now=now).number
    for channel, address in ((Channel.SMS, f"+9995550{number}"), (Channel.MAIL, f"{number}@house.example")):
        way = actions.add_way(number, channel=channel, address=address, now=now)
        actions.begin_proof(way, code="482913", now=now)
        actions.finish_proof(way, code="482913", now=now)
    shift = Shift(number=0, post=post, person=number, begins=now - 60, ends=now + 86400)
    actions.add_shifts([shift], now=now)
"""


def make_homes(folder: Path) -> Nodes:
    """Return two nodes at rest, their link open for an hour, in homes that can be served."""
    for name, node in (("a", A), ("b", B)):
        make_home(folder / name, node)
    nodes = Nodes(folder, lanes=(MAIN, HOT))
    nodes.clocks.update({node: nodes.clocks[node] for node in (A, B)})
    for each in nodes.clocks.values():
        each.time = clock.now() - 3600
    nodes.link(A, B)
    nodes.open(A, B)
    return nodes


def call(nodes: Nodes, *, seconds_ago: int) -> bytes:
    """Have A call B, so long ago, and B's node have it at once; return the call."""
    for each in nodes.clocks.values():
        assert isinstance(each, Clock)
        each.time = clock.now() - seconds_ago
    opened = nodes.say(A, "call.opened", OPENING, lane=HOT).statement
    nodes.settle()
    return opened


def staff(home: Path) -> None:
    """Give the home a desk officer (1), a second (2) and a director (3), each with two proved ways."""
    environ = os.environ | {
        "PARLEY_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "parley.node.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    subprocess.run([sys.executable, "-c", PEOPLE, SECRET], env=environ, check=True, cwd="/")
