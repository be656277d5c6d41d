"""Two linked nodes, and the rows of one of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import Letter, Site, text_of, write_letter
from parley.ledger.drafts import Appended
from parley.ledger.reading import Reader
from parley.node.projector import projections
from parley.protocol.inquiries.codes import Want
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import Pair

A, B = "a.example", "b.example"


class Desk:
    """Two nodes, and what side A reads of them."""

    def __init__(self, folder: Path) -> None:
        self.pair = Pair(folder)
        self.readers = {node: Reader(home) for node, home in self.pair.homes.items()}

    def send(
        self, *urls: str, wants: tuple[Want, ...] = (Want.CONFIRM,), batch: str | None = None
    ) -> Appended:
        items = tuple(Site(url=url, observed_at=5, brand=text_of("First Bank")) for url in urls)
        asked = compose.Asked(
            item="fraud_phishing", urgency="U2", wants=wants, batch=None if batch is None else (batch, 1)
        )
        letter = Letter(title=text_of(f"{len(urls)} sites"), items=items)
        return self.pair.say(A, "inquiry.sent", compose.sent_of(items, asked), body=write_letter(letter))

    def say(
        self, node: str, kind: str, d: Mapping[str, JsonValue], *, re: Appended, settle: bool = True
    ) -> Appended:
        said = self.pair.say(node, f"inquiry.{kind}", d, re=re.statement)
        if settle:
            self.settle()
        return said

    def settle(self) -> None:
        for clock in self.pair.clocks.values():
            clock.time += 60
        self.pair.settle()

    @property
    def now(self) -> int:
        return self.pair.clocks[A].time

    def project(self, node: str = A) -> None:
        """Tell all rows of `node` as the projector does."""
        reader = self.readers[node]
        (link,) = reader.links()
        (module,) = projections(("parley.inquiries.projection",))
        for thread in reader.threads(link.name):
            module.project(reader, link, thread, reader.thread(link.name, thread))

    def stop(self) -> None:
        for reader in self.readers.values():
            reader.close()
        self.pair.stop()


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.stop()
