"""What each entry of two whole logs had truly seen of the other log.

Only what is true is waited for when two logs are read together: a lie about what the other
log will hold must not keep an honest entry from being read after all that it had seen. Two
true ones never wait for each other, since neither can contain a hash of the other. What an
untrue `seen` means is left to `record.py`. Source: Spec §4.4, §6.4 (rules H2, H9).
"""

from collections.abc import Mapping, Sequence

from parley.protocol import tree
from parley.protocol.breach import BreachError
from parley.protocol.entry import parse
from parley.protocol.line import Line

# For each node, the bytes of its entries and of their acts, None where an act was not opened.
Logs = Mapping[str, Sequence[tuple[bytes, bytes | None]]]


def true_pasts(logs: Logs, lines: Mapping[str, Line]) -> Mapping[str, Sequence[int]]:
    """Return for each entry how many of the other line its own `seen` lines truly name, else 0.

    `lines` are those of the two nodes; `logs` hold the entries of each along its line.
    """
    one, two = lines
    others = {one: two, two: one}
    seen = {node: [_seen_of(raw, lines[others[node]]) for raw, _ in log] for node, log in logs.items()}
    roots = {
        node: _roots(
            logs.get(node, ()),
            lines[node],
            sizes={each[0] for rows in seen.get(others[node], ()) for each in rows},
        )
        for node in lines
    }
    return {
        node: [
            max((size for size, root in each if roots[others[node]].get(size) == root), default=0)
            for each in rows
        ]
        for node, rows in seen.items()
    }


def _seen_of(raw: bytes, line: Line) -> Sequence[tuple[int, bytes]]:
    """Return what an entry says to have seen of `line`: sizes along it, and the roots there."""
    try:
        seen = parse(raw).entry.seen
    except BreachError:
        return ()
    found = ((line.size_of(each.origin, each.size), each.root) for each in seen)
    return [(size, root) for size, root in found if size is not None]


def _roots(log: Sequence[tuple[bytes, bytes | None]], line: Line, *, sizes: set[int]) -> Mapping[int, bytes]:
    bases = {epoch.base for epoch in line.epochs}
    frontier, found = tree.EMPTY, {}
    for index, (raw, _) in enumerate(log):
        frontier = (tree.EMPTY if index in bases else frontier).push(tree.leaf_hash(raw))
        if index + 1 in sizes:
            found[index + 1] = frontier.root()
    return found
