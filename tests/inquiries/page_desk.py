"""Two linked homes at rest, and the pages of either: whoever says something is the core for that moment.

desk.at(A)      the pages are now those of A, its rows told anew from its record
desk.carry()    everything goes to the other side and back, until nobody has anything to say
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import Letter, Site, text_of, write_letter
from parley.inquiries.projection import empty
from parley.ledger.drafts import Appended, Draft
from parley.ledger.ledger import Ledger
from parley.ledger.reading import EntryRow, Reader
from parley.ledger.slot import Slot
from parley.ledger.writer import Job
from parley.node.projector import projections
from parley.protocol.inquiries.codes import Want
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from parley.work.home import Home
from tests.two_nodes.pair import LINK, open_pair
from tests.two_nodes.persons import signed_by

A, B = "a.example", "b.example"
HOST: Final = {"host": "localhost"}
OFFICER, VIEWER = 4, 5
WANTS: Final = (Want.CONFIRM, Want.MITIGATE, Want.PRESERVE)


class PageDesk:
    """Both homes, one of which the settings name."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        # Nothing runs here, so that the files of two nodes that have opened their link are all it takes.
        self.homes = {node: Home(root=folder / node[0]) for node in (A, B)}
        for home in self.homes.values():
            shutil.copytree(open_pair() / home.root.name, home.root)
        self.node = A
        self._settings = settings
        self._drafts = 0
        for number, name, role in ((OFFICER, "Zhao", Role.OFFICER), (VIEWER, "Wu", Role.VIEWER)):
            Officer.objects.create(number=number, name=name, role=role, language="en", password="!")
        self.clients = _SignedIn()
        self.at(A)

    def at(self, node: str) -> "PageDesk":
        """Let the pages be those of `node`."""
        self.node = node
        self._settings.HOME = self.homes[node]
        self.tell()
        return self

    def tell(self) -> None:
        """Tell all rows of the inquiries anew, as the projector does."""
        empty()
        (module,) = projections(("parley.inquiries.projection",))
        with self.reader() as reader:
            for link in reader.links():
                for thread in reader.threads(link.name):
                    module.project(reader, link, thread, reader.thread(link.name, thread))

    def reader(self) -> "ClosingReader":
        return ClosingReader(self.homes[self.node])

    def carry(self) -> None:
        """Carry until neither side has anything to say."""
        ledgers = {node: Ledger(home) for node, home in self.homes.items()}
        for ledger in ledgers.values():
            ledger.start()
        try:
            while any([_carry(ledgers[A], ledgers[B]), _carry(ledgers[B], ledgers[A])]):
                pass
        finally:
            for ledger in ledgers.values():
                ledger.stop()
        self.tell()

    # ---- What is said behind the pages

    def send(self, *urls: str, wants: tuple[Want, ...] = WANTS, urgency: str = "U2", **cover: object) -> str:
        """Have A send an inquiry about these sites, and carry it; return its place as addresses have it."""
        items = tuple(Site(url=url, observed_at=1_793_000_000, brand=text_of("First Bank")) for url in urls)
        asked = compose.Asked(item="fraud_phishing", urgency=urgency, wants=wants, batch=("A-17", 5))
        letter = Letter(
            **{"title": text_of("Sites of First Bank"), "tlp": "AMBER", **cover},  # type: ignore[arg-type] # as the test says
            items=items,
        )
        said = self.say("inquiry.sent", compose.sent_of(items, asked), body=write_letter(letter), node=A)
        self.carry()
        return said.place.replace(" ", "-")

    def say(
        self,
        kind: str,
        d: Mapping[str, JsonValue],
        *,
        node: str,
        on: str | None = None,
        body: Mapping[str, JsonValue] | None = None,
        now: int | None = None,
        signs: str | None = None,
    ) -> Appended:
        """Have `node` say something, as its core would; officer 4 signs it with a key under `signs`."""
        self._drafts += 1
        re = None if on is None else self.statement(on)
        draft = Draft(
            id=f"d{self._drafts}", link=LINK, kind=kind, d=d, re=re, body=body, role="officer", officer=4
        )
        if signs is not None:
            draft = signed_by(self.homes[node], draft, OFFICER, secret=signs, now=now or clock.now())
        ledger = Ledger(self.homes[node]) if now is None else Ledger(self.homes[node], now=lambda: now)
        ledger.start()
        try:
            (said,) = ledger.append([draft])
        finally:
            ledger.stop()
        assert isinstance(said, Appended), said
        return said

    def force(self, kind: str, d: dict[str, JsonValue], *, node: str, on: str) -> None:
        """Have `node` write what is void: a partner without manners."""
        re = self.statement(on)

        def write(slot: Slot) -> None:
            slot._say(kind, d, re=re, now=clock.now())  # type: ignore[arg-type] # noqa: SLF001 - past the door
            slot.settle()

        ledger = Ledger(self.homes[node])
        ledger.start()
        try:
            ledger._writer.submit(Job(link=LINK, run=write)).result()  # noqa: SLF001 - likewise
        finally:
            ledger.stop()

    def statement(self, place: str) -> bytes:
        return next(row.statement for row in self.rows() if row.place == place.replace("-", " "))

    def rows(self) -> Sequence[EntryRow]:
        """Return every statement that the side whose pages these are holds."""
        with self.reader() as reader:
            return reader.rows(LINK)

    def said(self, kind: str) -> list[EntryRow]:
        return [row for row in self.rows() if row.kind == f"inquiry.{kind}"]

    def body(self, row: EntryRow) -> Mapping[str, JsonValue] | None:
        with self.reader() as reader:
            return reader.body(LINK, row.statement)

    # ---- Pages

    def get(self, path: str, *, by: int = OFFICER) -> str:
        """Return the page, which must be there."""
        answer = self.clients[by].get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def status(self, path: str, *, by: int = OFFICER) -> int:
        return self.clients[by].get(path).status_code

    def page(self, place: str, query: str = "") -> str:
        return self.get(f"/l/{LINK}/inquiries/{place}/{query}")

    def form(self, place: str, verb: str, query: str = "") -> dict[str, list[str]]:
        """Open a form, and return its fields as a browser would send them."""
        return fields_of(self.get(f"/l/{LINK}/inquiries/{place}/say/{verb}/{query}"))

    def post(self, place: str, verb: str, fields: Mapping[str, object]):  # type: ignore[no-untyped-def] # noqa: ANN201 - Django's own answer
        """Send a form; what stands in the rows is told anew."""
        answer = self.clients[OFFICER].post(f"/l/{LINK}/inquiries/{place}/say/{verb}/", fields)
        self.tell()
        return answer


class _SignedIn(dict[int, Client]):
    """Browsers by officer; each signs in when it is first asked for."""

    def __missing__(self, number: int) -> Client:
        client = self[number] = Client(headers=HOST)
        assert client.post(f"/sign-in/{number}/").status_code == 302
        return client


class ClosingReader(Reader):
    """A reader that closes itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _carry(one: Ledger, two: Ledger) -> bool:
    parcel = one.compose(LINK)
    if parcel is None:
        return False
    one.take_answer(LINK, two.accept(parcel).parcel)
    return True


_FORM: Final = re.compile(r'<form method="post" data-no-enter hx-post.*?</form>', re.DOTALL)
_INPUT: Final = re.compile(r"<input ([^>]*)>")
_SELECT: Final = re.compile(r"<select ([^>]*)>(.*?)</select>", re.DOTALL)
_AREA: Final = re.compile(r"<textarea ([^>]*)>(.*?)</textarea>", re.DOTALL)


def fields_of(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the form on `page`, with nothing touched."""
    form = _FORM.search(page)
    assert form is not None, "there is no form"
    found: dict[str, list[str]] = {}
    for tag in _INPUT.findall(form[0]):
        is_box = 'type="checkbox"' in tag or 'type="radio"' in tag
        if not is_box or " checked" in tag:
            found.setdefault(_attribute(tag, "name"), []).append(_attribute(tag, "value"))
    for tag, options in _SELECT.findall(form[0]):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options)
        found.setdefault(_attribute(tag, "name"), []).append(chosen[1] if chosen else "")
    for tag, text in _AREA.findall(form[0]):
        found.setdefault(_attribute(tag, "name"), []).append(text)
    found.pop("csrfmiddlewaretoken", None)
    return found


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""
