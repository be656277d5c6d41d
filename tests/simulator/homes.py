"""Nodes that have opened their link, made once a process: homes on a real disk, records as images in memory.

`lean` terms lack kinds, as those of an older version do.
"""

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from parley.ledger.drafts import Appended, Draft
from parley.ledger.lanes import named
from parley.ledger.offers import Offer, link_name
from parley.protocol.act import id_text
from parley.protocol.kinds import VERSIONS
from parley.protocol.names import HOT, LANES, MAIN, Channel
from parley.protocol.suite import Standard, Suite
from parley.protocol.terms import default_terms
from parley.work.home import Home
from tests.simulator.auditor import Auditor
from tests.simulator.disk import Disk
from tests.simulator.node import Node
from tests.two_nodes.pair import MEMORY, WORLD, A, B, C, make_home, offer_of
from tests.two_nodes.toy import Toy

LEFT_OUT: Final = frozenset({"inquiry.rated", "inquiry.disputed", "inquiry.progressed", "inquiry.referred"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Homes by node, and what each record holds when a schedule begins."""

    homes: Mapping[str, Home]
    images: Mapping[str, bytes]
    anchors: Mapping[str, bytes]
    links: tuple[tuple[str, str], ...]


@cache
def homes(*, is_real: bool) -> Mapping[str, Home]:
    """Return homes for three nodes, with the keys of one suite."""
    folder = Path(tempfile.mkdtemp(prefix="parley-sim-", dir=MEMORY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    suite: Suite = Standard() if is_real else Toy("homes")
    return {node: make_home(folder / node[0], node, suite=suite) for node in (A, B, C)}


@cache
def template(*, is_real: bool, is_lean: bool, is_trio: bool, lanes: tuple[str, ...] = (MAIN,)) -> Template:
    """Return a pair, or a trio in which A has a link with each of the others, all links open in `lanes`."""
    suite: Suite = Standard() if is_real else Toy(f"template {is_lean} {is_trio}")
    found = homes(is_real=is_real)
    links = ((A, B), (A, C)) if is_trio else ((A, B),)
    auditor = Auditor()
    nodes = {
        node: Node(found[node], disk=Disk(), suite=suite, auditor=auditor)
        for node in sorted({each for link in links for each in link})
    }
    for link in links:
        _open(nodes, link, openings=_openings(nodes, link, suite=suite, is_lean=is_lean, lanes=lanes))
    for node in nodes.values():
        node.stop()
    images = {name: node.disk.image() for name, node in nodes.items()}
    anchors = {name: node.disk.anchor.durable for name, node in nodes.items()}
    return Template(homes=found, images=images, anchors=anchors, links=links)


def _open(nodes: Mapping[str, Node], link: tuple[str, str], *, openings: Sequence[Draft]) -> None:
    name, lanes = link_name(*link), tuple(each.lane for each in openings)
    for node, other in (link, reversed(link)):
        ledger, suite = nodes[node].up(), nodes[node].suite
        offers = (offer_of(nodes[each].home, suite=suite) for each in (node, other))
        ledger.add_link(*offers, world=WORLD, lanes=lanes)
        ledger.verify_link(name)
        assert all(isinstance(each, Appended) for each in ledger.append(openings))
    for node, other in (link, reversed(link), link, reversed(link)):
        for each in (named(name, lane) for lane in lanes):
            raw = nodes[node].up().compose(each, prompt=True)
            assert raw is not None
            nodes[node].up().take_answer(each, nodes[other].up().accept(raw).parcel)


def _openings(
    nodes: Mapping[str, Node], link: tuple[str, str], *, suite: Suite, is_lean: bool, lanes: tuple[str, ...]
) -> list[Draft]:
    offers = [offer_of(nodes[node].home, suite=suite) for node in sorted(link)]
    kinds = {kind: v for kind, v in VERSIONS.items() if not (is_lean and kind in LEFT_OUT)}
    return [_opening(offers, link_name(*link), lane=lane, kinds=kinds) for lane in lanes]


def _opening(offers: Sequence[Offer], link: str, *, lane: str, kinds: Mapping[str, int]) -> Draft:
    channel = Channel(world=WORLD, link=link, lane=lane)
    return Draft(
        id="open",
        link=link,
        lane=lane,
        kind="link.opened",
        d={
            "channel": channel.text,
            "origins": [*sorted(offer.origin(channel) for offer in offers)],
            "cards": [id_text(offer.hash) for offer in offers],
            "protocol": "parley/v1",
            "terms": default_terms({each.node: each.calendar for each in offers}, world=WORLD, kinds=kinds),
        },
        body={"name": {"en": "a", "zh": "甲"}},
    )


def prepare() -> None:
    """Make the templates of the toy suite now, by a core that is whole."""
    for lanes in ((MAIN,), (MAIN, HOT), LANES):
        template(is_real=False, is_lean=False, is_trio=True, lanes=lanes)
        for is_lean in (False, True):
            template(is_real=False, is_lean=is_lean, is_trio=False, lanes=lanes)
