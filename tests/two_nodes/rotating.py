"""Nodes that change their keys: whose keys sign what, and a partner who has keys that it should not have."""

from collections.abc import Mapping
from contextlib import nullcontext

from parley.ledger.cards import Issued, Issuing, revoke_keys, rotate_keys
from parley.ledger.home import own_card
from parley.ledger.slot import Slot
from parley.protocol import note
from parley.protocol.card import Card, parse
from parley.signer.keys import FolderSets, SignerKeys
from tests.two_nodes.pair import LINK, A, Nodes, Pair


def issuing(nodes: Nodes, node: str = A) -> Issuing:
    """Return where `node` issues its cards, beside its running ledger."""
    ledger = nodes.ledgers[node]
    desk = ledger._desk  # noqa: SLF001 - one process holds the keys, here the ledger's
    return Issuing(
        home=nodes.homes[node],
        suite=nodes.suite,
        desk=lambda: nullcontext(desk),
        say=ledger.append,
        revoke=ledger.revoke,
    )


def rotate(nodes: Nodes, node: str = A, *, breaks_promise: bool = False) -> Issued:
    issued = rotate_keys(issuing(nodes, node), breaks_promise=breaks_promise)
    assert not issued.refused
    return issued


def revoke(
    nodes: Nodes, node: str = A, *, sizes: Mapping[str, int] | None = None, breaks_promise: bool = False
) -> Issued:
    return revoke_keys(issuing(nodes, node), sizes=sizes or {}, breaks_promise=breaks_promise)


def slot(nodes: Nodes, node: str, link: str = LINK) -> Slot:
    return nodes.ledgers[node]._slot(link)  # noqa: SLF001 - a test may look behind a door


def known_card(nodes: Nodes, node: str, of: str) -> Card:
    """Return the card of `of` that is in force at `node`."""
    at = slot(nodes, node)
    reach = at.standing.mine if of == node else at.standing.theirs
    return at.cards.of(of, reach.size).newest


def own(nodes: Nodes, node: str = A) -> Card:
    return parse(own_card(nodes.homes[node])).card


def signing_set(nodes: Nodes, node: str, number: int) -> SignerKeys:
    return FolderSets(nodes.homes[node].keys, node, suite=nodes.suite).read()[number - 1]


def ids(raw: bytes | None) -> set[bytes]:
    """Return the key ids of the lines of a note."""
    assert raw is not None
    return {line.key_id for line in note.parse(raw).lines}


def is_calm(pair: Pair) -> bool:
    """Return whether both hold the same, and nobody raised an alarm."""
    return pair.is_settled() and not any(pair.alarms(node) for node in pair.names)
