"""Two linked homes at rest whose terms list the dialogue, and the pages of either."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from django.conf import settings as django_settings
from pytest_django import Settings

from parley.ledger.dialogues import thread_of
from parley.ledger.drafts import Draft
from parley.ledger.releasing import UNSEALED
from parley.node.projector import Projector, projections
from parley.protocol.act import id_text
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import digest_of
from parley.protocol.strictjson import JsonValue
from tests.dialogue.signing import say_signed
from tests.inquiries.page_desk import OFFICER, PageDesk
from tests.two_nodes.pair import LINK

PROMISE: Final[Mapping[str, str]] = {
    "en": "B answers within 20 working days.",
    "zh": "乙方在二十个工作日内答复。",
    "measure_en": "Nine of ten answers come in time.",
    "measure_zh": "十份答复中有九份按时。",
    "owners": "B",
    "due": "+30d",
}
MEETING: Final[Mapping[str, str]] = {
    "number": "3",
    "host": "A",
    "begins": "2027-03-01T09:00+08:00",
    "ends": "2027-03-02T17:00+08:00",
    "en": "In the guest house.",
    "zh": "在宾馆。",
}


class PageTable(PageDesk):
    """Both homes; `send_to` presses a button of whoever has the pages now."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__(folder, settings)
        self.keys = 0
        self.digest = ""

    def at(self, node: str) -> Self:
        """Let the pages be those of `node`."""
        super().at(node)
        return self

    def tell(self) -> None:
        """Tell all rows anew, as the projector does."""
        with self.reader() as reader:
            projector = Projector(reader=reader, modules=projections(django_settings.PROJECTIONS))
            projector.empty()
            projector.catch_up()

    def send_to(self, path: str, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - Django's own answer
        self.keys += 1
        answer = self.clients[OFFICER].post(path, {"key": f"{self.keys:032x}", **fields})
        self.tell()
        return answer

    def tells(self, path: str, fields: Mapping[str, object]) -> str:
        """Say what must be taken, carry it, and return its place as addresses have it."""
        answer = self.send_to(path, fields)
        assert answer.status_code == 303, answer.text
        self.carry()
        return re.search(r"saved=([^#]+)", answer.headers["Location"])[1]  # type: ignore[index] # it matches

    def promise(self) -> str:
        return self.tells(f"/commitments/new/{LINK}/", PROMISE)

    def meeting(self) -> str:
        return self.tells(f"/rounds/new/{LINK}/", MEETING)

    def listed(self) -> str:
        """Agree on a round with one clause, and return its place; the pages are then those of A."""
        place = self.meeting()
        self.at("b.example")
        self.say_on(place, "round-agreed", place)
        clause = self.say_on(
            place, "outcome-clause_proposed", place, place="1", en=PROMISE["en"], zh=PROMISE["zh"]
        )
        self.at("a.example")
        self.say_on(place, "outcome-agreed", clause)
        return place

    def freeze(self, place: str, *, release: int) -> None:
        """Have persons of both sides freeze the list of the round at `place`."""
        self.freeze_apart(place, dict.fromkeys(self.homes, release))

    def freeze_apart(self, place: str, releases: Mapping[str, int]) -> None:
        """Have each of these nodes freeze the list as it stands, with a release of its own."""
        for node, release in releases.items():
            on = self.at(node).statement(place)
            with self.reader() as reader:
                meeting = thread_of(reader, LINK, on)
            assert isinstance(meeting, Round)
            found = meeting.outcome.outcomes(release)
            assert found is not None
            self.digest = id_text(digest_of(found.text()))
            d: dict[str, JsonValue] = {"release": release, "digest": self.digest}
            draft = Draft(id=f"freeze-{node}", link=LINK, kind="outcome.frozen", d=d, re=on)
            say_signed(self.homes[node], draft)
            self.carry()

    def release(self, node: str, place: str, *, at: int) -> None:
        """Have `node` make the list public at another time than now."""
        d: dict[str, JsonValue] = {"release": at, "digest": self.digest, "note": UNSEALED}
        self.say("outcome.released", d, node=node, on=place, now=at)
        self.carry()

    def say_on(self, thread: str, kind: str, on: str, **fields: object) -> str:
        """Open the form of a kind about the statement `on`, and send it."""
        return self.tells(f"/dialogue/{LINK}/{thread}/{on}/{kind}/", fields)
