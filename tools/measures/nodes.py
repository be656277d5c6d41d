"""Two nodes as they run at two countries, on this machine: own processes, own files, HTTP between them."""

from collections.abc import Callable

from parley.ledger.reading import Reader
from parley.ledger.rows import LinkStatus
from parley.work import clock
from tests.node.filing import two_served as two_nodes
from tools.measures.draft import LINK

__all__ = ["status", "two_nodes", "until"]

PATIENCE_SECONDS = 1_800


def status(reader: Reader) -> LinkStatus:
    """Return where the link stands at the node of `reader`."""
    found = reader.status(LINK)
    assert found is not None
    return found


def until(is_true: Callable[[], bool], *, every: float = 0.01) -> None:
    """Wait until `is_true`, which is asked `every` so many seconds."""
    end = clock.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert clock.monotonic() < end, "it never came true"
        clock.sleep(every)
