"""Two linked nodes, and the pages of either as an officer and a viewer see them: lists, batches, search."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypedDict, Unpack

from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import Letter, Site, Text, text_of, write_letter
from parley.ledger.drafts import Appended, Draft
from parley.node.projector import projectors
from parley.protocol.inquiries.codes import Want
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import LINK, Pair

A, B = "a.example", "b.example"
OFFICER, VIEWER = 4, 5
LIST: Final = f"/l/{LINK}/inquiries/"
WANTS: Final = (Want.CONFIRM,)


class Cover(TypedDict, total=False):
    """What an inquiry says beside its addresses."""

    title: str
    purpose: str
    facts: str
    authority: str
    brand: str
    batch: tuple[str, int]
    urgency: str
    ref: str


class ListDesk:
    """Both nodes, one of which the settings name."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.pair = Pair(folder)
        self._settings = settings
        self._drafts = 0
        self.language_cookie = str(settings.LANGUAGE_COOKIE_NAME)
        for number, role in ((OFFICER, Role.OFFICER), (VIEWER, Role.VIEWER)):
            Officer.objects.create(number=number, name=role.value, role=role, language="en", password="!")
        self.at(A)
        self.clients = {number: Client(headers={"host": "localhost"}) for number in (OFFICER, VIEWER)}
        for number, client in self.clients.items():
            assert client.post(f"/sign-in/{number}/").status_code == 302

    def at(self, node: str) -> "ListDesk":
        """Let the pages be those of `node`, with every row told anew."""
        self.node = node
        self._settings.HOME = self.pair.homes[node]
        return self.tell(anew=True)

    def tell(self, *, anew: bool = False) -> "ListDesk":
        with self.pair.reader(self.node) as reader:
            for projector in projectors(reader):
                if anew:
                    projector.empty()
                projector.catch_up()
        return self

    def settle(self) -> "ListDesk":
        """Carry everything, and tell it."""
        for clock in self.pair.clocks.values():
            clock.time += 60
        self.pair.settle()
        return self.tell()

    # ---- What is said behind the pages

    def sends(self, *urls: str, node: str = A, **cover: Unpack[Cover]) -> Appended:
        """Have `node` send an inquiry about sites, `cover` of which goes into the letter or the act."""
        (said,) = self.send_all([urls], node=node, **cover)
        return said

    def send_all(
        self, groups: Sequence[tuple[str, ...]], *, node: str = A, **cover: Unpack[Cover]
    ) -> Sequence[Appended]:
        """Have `node` send one inquiry for each group of addresses, in one go."""
        drafts = [self._draft(urls, **cover) for urls in groups]
        said = self.pair.ledgers[node].append(drafts)
        assert all(isinstance(each, Appended) for each in said), said
        return tuple(each for each in said if isinstance(each, Appended))

    def _draft(self, urls: tuple[str, ...], **cover: Unpack[Cover]) -> Draft:
        self._drafts += 1
        brand = _said(cover.get("brand", "Bank 1"))
        items = tuple(Site(url=url, observed_at=1_793_000_000, brand=brand) for url in urls)
        asked = compose.Asked(
            item="fraud_phishing", urgency=cover.get("urgency", "U2"), wants=WANTS, batch=cover.get("batch")
        )
        letter = Letter(
            title=_said(cover.get("title", f"{len(urls)} sites")),
            purpose=_said(cover.get("purpose", "Find out who runs them.")),
            facts=_said(cover["facts"]) if "facts" in cover else None,
            authority=_said(cover.get("authority", "Police")),
            items=items,
        )
        return Draft(
            id=f"l{self._drafts}",
            link=LINK,
            kind="inquiry.sent",
            d=compose.sent_of(items, asked),
            ref=cover.get("ref"),
            body=write_letter(letter),
        )

    def say(
        self,
        kind: str,
        d: Mapping[str, JsonValue],
        *,
        re: Appended,
        node: str = B,
        body: Mapping[str, JsonValue] | None = None,
    ) -> Appended:
        said = self.pair.say(node, f"inquiry.{kind}", d, re=re.statement, body=body)
        self.settle()
        return said

    # ---- Pages

    def get(
        self, path: str, query: Mapping[str, str] | None = None, *, by: int = OFFICER, language: str = "en"
    ) -> HttpResponse:
        """Return the answer to a request."""
        self.clients[by].cookies[self.language_cookie] = language
        return self.clients[by].get(path, query)  # type: ignore[return-value] # the stubs have a class of their own

    def page(self, path: str, *, language: str = "en", **query: str) -> str:
        """Return a page, which must be there."""
        answer = self.get(path, query, language=language)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def stop(self) -> None:
        self.pair.stop()


def _said(words: str) -> Text:
    # A partner writes what it likes: nothing is composed or checked here.
    return Text(language=text_of(words).language, text=words)
