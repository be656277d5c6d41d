"""What was prepared here and waits for another officer's signature: about what, on which link, who signed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from parley.drafts.queries import DraftRow
from parley.ledger.readers import reader_of
from parley.links.queries import Standing
from parley.links.queries.signing import Signing, signings_in
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A signature that waits for another officer; `side` is the other side's name.

    `place` is that of the statement that it is about, "" where it is about none that is here.
    """

    waits: Signing
    side: str
    place: str


def to_sign(
    home: Home, links: Mapping[str, Standing], drafts: Mapping[str, Iterable[DraftRow]]
) -> Iterator[ToSign]:
    """Yield what waits in these open drafts of the links, link by link, the oldest first."""
    reader = reader_of(home)
    for link, rows in drafts.items():
        for waits in signings_in(rows):
            about = waits.draft.re
            row = None if about is None or reader is None else reader.row(link, about)
            yield ToSign(waits=waits, side=links[link].side, place="" if row is None else row.place)
