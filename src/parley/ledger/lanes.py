"""The lanes of a link: a channel each, with logs, heads and receipts of its own, and folded alone.

    a-b         lane main, and the link as people know it
    a-b/hot     what never waits
    a-b/bulk    what may wait for everything else

People say "the link", and mean all of them. Where a lane matters, it stands behind the link's name; a
slash cannot occur in a link's own name (Spec §3.1). Source: rule H16.
"""

from parley.protocol.names import MAIN


def named(link: str, lane: str) -> str:
    """Return the name of `link` in `lane`."""
    return link if lane == MAIN else f"{link}/{lane}"


def link_of(name: str) -> str:
    """Return the link that `name` stands for, whatever the lane."""
    return name.partition("/")[0]


def lane_of(name: str) -> str:
    """Return the lane that `name` stands for."""
    return name.partition("/")[2] or MAIN
