"""A principal decides by voice: two officers heard it, both give their secrets, and the record says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.hotline.projection import empty
from parley.hotline.queries import Dossier, call_page
from parley.protocol.clauses import Rung
from parley.protocol.hotline.length import MAX_LENGTH
from parley.work import clock
from tests.hotline.line import Line
from tests.links.office import SECRET, Office, words
from tests.two_nodes.pair import LINK, B

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

CALL = f"/calls/{LINK}/A-hot-1/"
PATH = f"{CALL}voice/"
TWENTY_MINUTES = 1_200
SAID = "Isolate the host at once."


class Room(Office):
    """The pages of B, whom A has called for twenty minutes: it rings at the vice-minister's office."""

    line: Line

    def decide(self, by: Client, **changes: str) -> str:
        """Send the form, and return its words; empty once it is said."""
        usual = {
            "do": "take",
            "rung": "vice_minister",
            "words": SAID,
            "secret": SECRET,
            "second_name": "Wang",
            "second_secret": SECRET,
        }
        answer = by.post(PATH, usual | changes)
        if answer.status_code == 303:
            return ""
        assert answer.status_code == 422
        return words(answer)

    def look(self) -> Dossier:
        empty()
        self.line.project(B)
        return call_page(self.home, LINK, "A-hot-1", now=clock.now())


@pytest.fixture(name="room")
def fixture_room(tmp_path: Path, settings: Settings, transactional_db: None) -> Iterator[Room]:
    line = Line(tmp_path)
    room = Room(line.pair, settings, B)
    room.line = line
    room.set_clocks(clock.now() - TWENTY_MINUTES)
    line.open()
    line.project(B)
    line.pair.ledgers[B].stop()
    yield room
    line.pair.start(B)
    line.stop()


def test_the_office_takes_the_call_and_the_words_say_by_voice_and_who_heard_it(room: Room) -> None:
    chen = room.person()
    room.person("Wang")

    shown = words(chen.get(PATH))
    assert "vice-minister's office" in shown
    assert "203.0.113.7" in shown
    assert f"{PATH}" in chen.get(CALL).text
    assert room.decide(chen) == ""

    dossier = room.look()
    assert dossier.call is not None
    (taking,) = dossier.call.takings
    assert taking.rung is Rung.VICE_MINISTER
    told = dossier.statements[-1].text
    assert told is not None
    assert told.text.startswith("Decided by voice; officers 1 and 2 heard it. 口头决定")
    assert told.text.endswith(SAID)
    witnessed = JournalEntry.objects.get(act="call.witnessed")
    assert (witnessed.officer_id, witnessed.statement) == (2, dossier.statements[-1].statement)


def test_the_office_declines_in_the_same_way(room: Room) -> None:
    chen = room.person()
    room.person("Wang")

    assert room.decide(chen, do="decline") == ""

    said = room.look().statements[-1]
    assert said.kind == "call.closed"
    assert said.text is not None
    assert "officers 1 and 2 heard it" in said.text.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"second_secret": "guessed"}, "A name and a secret do not belong together."),
        ({"secret": "guessed"}, "A name and a secret do not belong together."),
        ({"second_name": "Chen"}, "Two persons must have heard it"),
        ({"second_name": "Wu"}, "A viewer may look, not act."),
        ({"second_name": ""}, "A name and a secret do not belong together."),
        ({"words": " "}, "Write what was decided, as it was said."),
        ({"words": "word " * MAX_LENGTH}, "Too long"),
        ({"rung": "minister"}, "That office is not rung for this call now."),
        ({"rung": "duty_desk"}, "That office is not rung for this call now."),
        ({"do": "everything"}, "Choose what was decided."),
    ],
)
def test_nothing_is_said_before_both_are_there_and_the_office_is_rung(
    room: Room, wrong: dict[str, str], said: str
) -> None:
    chen = room.person()
    room.person("Wang")
    room.person("Wu", role=Role.VIEWER)

    assert said in room.decide(chen, **wrong)

    assert [each.kind for each in room.look().statements] == ["call.opened"]
    assert not JournalEntry.objects.filter(act="call.witnessed").exists()


def test_a_press_that_comes_twice_says_once_and_a_viewer_says_nothing(room: Room) -> None:
    chen = room.person()
    room.person("Wang")
    viewer = room.person("Wu", role=Role.VIEWER)
    key = "0" * 31 + "1"

    assert room.decide(chen, key=key) == ""
    empty()
    room.line.project(B)
    assert "That office is not rung for this call now." in room.decide(chen, key=key)

    assert [each.kind for each in room.look().statements] == ["call.opened", "call.taken"]
    assert viewer.get(PATH).status_code == 403
