"""Two nodes as they run at two countries, on this machine: own processes, own files, HTTP between them."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from parley.ledger.offers import write_offer
from parley.ledger.reading import Reader
from parley.ledger.rows import LinkStatus
from parley.work import clock
from parley.work.home import Home
from tests.node.served import Served, make_home, served
from tests.two_nodes.pair import WORLD, A, B, offer_of
from tools.measures.draft import LINK

PATIENCE_SECONDS = 1_800


@contextmanager
def two_nodes(folder: Path) -> Iterator[tuple[Served, Served]]:
    """Yield nodes A and B, whose link is open on both sides."""
    homes = make_home(folder / "a", A), make_home(folder / "b", B)
    with served(homes[0]) as a, served(homes[1]) as b:
        for node, other in ((a, b), (b, a)):
            offers = {"mine": _offer(node.home), "theirs": _offer(other.home)}
            node.ask(ask="add_link", world=WORLD, name=None, **offers)
            node.ask(ask="verify_link", link=LINK)
            node.ask(ask="sign_opening", link=LINK, draft="open", **offers)
        until(lambda: _is_open(a) and _is_open(b))
        yield a, b


def _offer(home: Home) -> str:
    offer = offer_of(home)
    raw = write_offer(note=offer.note, epoch=offer.epoch, names=offer.names, calendar=offer.calendar)
    return raw.decode()


def _is_open(node: Served) -> bool:
    with closing(Reader(node.home)) as reader:
        return reader.links()[0].is_active


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
