"""The calls that go on, each folded from the record as it is now."""

from typing import Final

from parley.hotline.queries.listing import list_open
from parley.hotline.queries.rows import CallRow
from parley.ledger.readers import OpenLink, links_of, reader_of
from parley.protocol.act import read_id
from parley.protocol.hotline.apply import Call
from parley.work.home import Home

MOST: Final = 1_000


def open_calls(home: Home, *, now: int) -> tuple[tuple[OpenLink, Call, CallRow], ...]:
    """Return the calls that are not over at `now`, the worst first, with their link and their fold.

    Which calls there are is asked of the rows, which may lag a moment behind the record; who is to be
    rung is for core alone, and it asks the record (`node/ringer.py`).
    """
    reader = reader_of(home)
    if reader is None:
        return ()
    links = {link.row.link: link for link in links_of(home)}
    rows = list_open(now=now, limit=MOST)
    folded = ((row, reader.call(row.link, read_id(row.call))) for row in rows if row.link in links)
    return tuple((links[row.link], call, row) for row, call in folded if call is not None)
