"""Two linked homes at rest with calls between them, and the pages of either.

desk.call()        A calls B, through the form of its pages, and everything is carried
desk.at(B).take()  whoever has the pages now takes the call
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Self

from django.conf import settings

from parley.hotline.queries import Dossier, call_page
from parley.node.projector import Projector, projections
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.inquiries.page_desk import OFFICER, PageDesk
from tests.two_nodes.pair import LINK

CALL: Final[Mapping[str, object]] = {
    "what": "data_theft",
    "object_type": "ip",
    "object": "203.0.113.77",
    "where": "B",
    "since": "2026-11-02T18:40Z",
    "by": "2026-11-02T20:00Z",
    "ask": ["isolate_host", "preserve"],
    "text": "We see outbound data.",
    "scope": "attack_in_progress",
    "urgency": "U0",
    "level": "desk",
    "authority": "Cyber Desk",
}
READING: Final[Mapping[str, object]] = {
    "what": "data_theft",
    "tail": "77",
    "where": "B",
    "since": "1840",
    "by": "2000",
    "ask": ["isolate_host", "preserve"],
}
FIELDS: Final[Mapping[str, JsonValue]] = {
    "what": "unexplained_activity",
    "object": {"type": "none", "mark": None},
    "where": "unknown",
    "when": {"since": None, "by": None},
    "ask": ["confirm_or_deny"],
}


class CallDesk(PageDesk):
    """Both homes, the rows of their calls, and one call whose place is `place`."""

    place = ""
    keys = 0

    def at(self, node: str) -> Self:
        """Let the pages be those of `node`."""
        super().at(node)
        return self

    def tell(self) -> None:
        """Tell all rows anew, as the projector does."""
        with self.reader() as reader:
            projector = Projector(reader=reader, modules=projections(settings.PROJECTIONS))
            projector.empty()
            projector.catch_up()

    # ---- Speaking through pages

    def call(self, **changes: object) -> str:
        """Have A call B, carry it, and return its place as addresses have it."""
        answer = self.compose(**changes)
        assert answer.status_code == 303, faults(answer.text)
        self.place = re.search(r"/calls/a-b/([^/]+)/", answer.headers["Location"])[1]  # type: ignore[index] # it matches
        self.carry()
        return self.place

    def compose(self, **changes: object) -> Any:  # noqa: ANN401 - Django's own answer
        """Send the form that opens a call."""
        return self.send_to(f"/calls/new/{LINK}/", {**CALL, **changes})

    def take(self, **fields: object) -> Any:  # noqa: ANN401 - Django's own answer
        return self.send_to(f"{self.path}take/", fields)

    def press(self, verb: str, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - Django's own answer
        """Send a form of the call."""
        return self.send_to(f"{self.path}say/{verb}/", fields)

    def say_all(self, verb: str, fields: Mapping[str, object]) -> str:
        """Say something that must be taken, carry it, and return its place."""
        answer = self.press(verb, fields)
        assert answer.status_code == 303, faults(answer.text)
        self.carry()
        return re.search(r"saved=([^#]+)", answer.headers["Location"])[1]  # type: ignore[index] # it matches

    def taken(self) -> None:
        """Have B take the call."""
        self.at("b.example")
        assert self.take().status_code == 303
        self.carry()

    def send_to(self, path: str, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - Django's own answer
        self.keys += 1
        keyed = {"key": f"{self.keys:032x}", **fields}
        answer = self.clients[OFFICER].post(path, keyed)
        self.tell()
        return answer

    # ---- Looking

    @property
    def path(self) -> str:
        return f"/calls/{LINK}/{self.place}/"

    def look(self, query: str = "") -> str:
        """Return the page of the call."""
        return self.get(self.path + query)

    @property
    def dossier(self) -> Dossier:
        return call_page(self.homes[self.node], LINK, self.place, now=clock.now())

    def kinds(self) -> list[str]:
        """Return the kinds of all valid statements of the call."""
        return [each.kind for each in self.dossier.statements if each.is_valid]

    # ---- The other side, without our pages

    def opened_at(
        self, at: int, *, node: str, d: Mapping[str, JsonValue] | None = None, **body: JsonValue
    ) -> str:
        """Have `node` open a call at another time, or one that no form of ours would make."""
        opened: Mapping[str, JsonValue] = {
            "nature": "real",
            "urgency": "U0",
            "inquiry": None,
            "scope": "attack_in_progress",
            "fields": dict(FIELDS),
            **(d or {}),
        }
        said = self.say("call.opened", opened, node=node, body=body or None, now=at)
        self.carry()
        self.place = said.place.replace(" ", "-")
        return self.place


def faults(page: str) -> list[str]:
    """Return what the summary of errors says."""
    summary = re.search(r'class="error-summary".*?</div>', page, re.DOTALL)
    return [] if summary is None else re.findall(r">([^<>]+)<", summary[0])
