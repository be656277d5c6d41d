"""What each entry of two whole logs had truly seen of the other log.

Only what is true is waited for when two logs are read together: a lie about what the other
log will hold must not keep an honest entry from being read after all that it had seen. Two
true ones never wait for each other, since neither can contain a hash of the other. What an
untrue `seen` means is left to `record.py`. Source: Spec §4.4, §6.4 (rules H2, H9).
"""

from collections.abc import Mapping, Sequence

from parley.protocol import tree
from parley.protocol.breach import BreachError
from parley.protocol.entry import Seen, parse

# For each node, the bytes of its entries and of their acts, None where an act was not opened.
Logs = Mapping[str, Sequence[tuple[bytes, bytes | None]]]


def true_pasts(logs: Logs, origins: Mapping[str, str]) -> Mapping[str, Sequence[int]]:
    """Return for each entry how many of the other log its own `seen` truly names, else 0.

    `origins` are the names of the two logs by their nodes.
    """
    one, two = origins
    others = {one: two, two: one}
    seen = {node: [_seen_of(raw, origins[others[node]]) for raw, _ in log] for node, log in logs.items()}
    roots = {
        node: _roots(logs.get(node, ()), {each.size for each in seen.get(others[node], ()) if each})
        for node in origins
    }
    return {
        node: [each.size if each and roots[others[node]].get(each.size) == each.root else 0 for each in rows]
        for node, rows in seen.items()
    }


def _seen_of(raw: bytes, origin: str) -> Seen | None:
    try:
        return next((seen for seen in parse(raw).entry.seen if seen.origin == origin), None)
    except BreachError:
        return None


def _roots(log: Sequence[tuple[bytes, bytes | None]], sizes: set[int]) -> Mapping[int, bytes]:
    frontier, found = tree.EMPTY, {}
    for raw, _ in log:
        frontier = frontier.push(tree.leaf_hash(raw))
        if frontier.size in sizes:
            found[frontier.size] = frontier.root()
    return found
