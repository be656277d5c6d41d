"""The bare list: fifty rows read from the tables and put into the page's own table. Prints JSON."""

import json
import statistics
import sys
import time

import django

ROUNDS = 40


def main() -> None:
    """Measure within this process, whose settings are those of the node in `PARLEY_HOME`."""
    django.setup()
    from django.template.loader import get_template  # noqa: PLC0415 - only after the set-up

    from parley.inquiries.queries.listing import Filter  # noqa: PLC0415 - likewise
    from parley.inquiries.queries.paging import Sort, Spot, page_of  # noqa: PLC0415 - likewise
    from parley.inquiries.views.lines import lines_of  # noqa: PLC0415 - likewise

    table = get_template("inquiries/_rows.html")
    spans = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        now = 1_795_000_000
        page = page_of(Filter(link="a-b"), sort=Sort.NEWEST, spot=Spot(), now=now)
        lines = lines_of(page.rows, link="a-b", now=now)
        text = table.render({"lines": lines, "caption": "Inquiries", "with_batch": True})
        assert text.count("<tr") > 50
        spans.append(1000 * (time.perf_counter() - begun))
    sys.stdout.write(json.dumps({"milliseconds": statistics.median(spans[1:])}))


if __name__ == "__main__":
    main()
