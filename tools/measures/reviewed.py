"""The figures of the node in `PARLEY_HOME`, with what is kept of its inquiries and without. Prints JSON."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import django
from msgspec.structs import replace

T = TypeVar("T")
LINK = "a-b"
FOREVER = 2**50


def main() -> None:
    """Measure within this process, whose settings are those of the node."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - only after the set-up

    from parley.ledger.reading import Reader  # noqa: PLC0415 - likewise
    from parley.ledger.reviewing import figures_of, newest_cut  # noqa: PLC0415 - likewise
    from parley.node.projector import Projector, projections  # noqa: PLC0415 - likewise
    from parley.node.tables import bring_up_to_date  # noqa: PLC0415 - likewise
    from parley.protocol.review.account import digest  # noqa: PLC0415 - likewise
    from parley.review.queries import all_reviews, figures_kept  # noqa: PLC0415 - likewise

    bring_up_to_date()
    with closing(Reader(settings.HOME)) as reader:
        projector = Projector(reader=reader, modules=projections(("parley.review.projection",)))
        whole = newest_cut(reader, LINK, since=0, until=FOREVER)
        (link,) = reader.links()
        reviews = all_reviews(reader, link)
        last = replace(whole, since=reviews[0].cut.since, until=reviews[0].cut.until)
        anew, found = seconds(lambda: digest(figures_of(reader, LINK, whole)))
        told, _none = seconds(projector.catch_up)
        kept, same = seconds(lambda: digest(figures_kept(reader, LINK, whole)))
        assert same == found
        spans = {
            "kept_seconds": kept,
            "one_round_seconds": seconds(lambda: digest(figures_kept(reader, LINK, last)))[0],
            "anew_seconds": anew,
            "rows_told_seconds": told,
            "list_seconds": seconds(lambda: all_reviews(reader, link))[0],
        }
    sys.stdout.write(json.dumps(spans | {"reviews": len(reviews)}))


def seconds(run: Callable[[], T]) -> tuple[float, T]:
    """Return how long `run` takes, and what it returns."""
    begun = time.perf_counter()
    found = run()
    return time.perf_counter() - begun, found


if __name__ == "__main__":
    main()
