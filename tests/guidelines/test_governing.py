"""Which text governs an inquiry or a call is told on its page and in a terminal, alike on both nodes."""

import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from parley.cli.app import run
from parley.cli.manner import take_manner
from parley.guidelines.queries import governing
from parley.ledger.drafts import Appended
from parley.ledger.readers import reader_of
from parley.node.projector import Projector, projections
from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.text import Guideline
from parley.protocol.names import HOT, MAIN
from parley.protocol.strictjson import JsonValue, read
from tests.links.office import Office, words
from tests.two_nodes.pair import INQUIRY, LINK, MONDAY, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed
from tests.two_nodes.test_calls import FIELDS, OPENING

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

DAY: Final = 86_400
NODES: Final = (A, B)
BY_OPENING: Final = "the terms with which the link was opened"


@pytest.fixture(name="lanes")
def fixture_lanes(tmp_path: Path, transactional_db: None) -> Iterator[Pair]:
    lanes = Pair(tmp_path, lanes=(MAIN, HOT))
    lanes.settle()
    yield lanes
    lanes.stop()


def set_clocks(lanes: Pair, time: int) -> None:
    for each in lanes.clocks.values():
        each.time = time


def proposed(lanes: Pair) -> tuple[Appended, Guideline]:
    """Have A propose that what is urgent be dealt with within seven hours, from tomorrow on."""
    with lanes.reader(A) as reader:
        terms = reader.terms(LINK)
    assert terms is not None
    mitigate = re.sub(r'("mitigate":{[^}]*"U1":)"[^"]*"', r'\1"7h"', terms.text, count=1)
    text = first_text(mitigate, since=lanes.clocks[A].time + DAY)
    d: dict[str, JsonValue] = {"text": text.digest, "terms": text.terms.text, "since": text.since}
    said = lanes.say(A, "guideline.proposed", d, body={"text": read(text.raw), "note": None})
    lanes.settle()
    return said, text


def sign(lanes: Pair, node: str, draft: Appended, text: Guideline) -> None:
    said = prepared_draft(lanes, node, "guideline.signed", {"text": text.digest}, re=draft.statement)
    bring(lanes, node, signed(lanes, node, said))


def asked(lanes: Pair) -> Appended:
    said = lanes.say(A, "inquiry.sent", INQUIRY)
    lanes.settle()
    return said


def called(lanes: Pair) -> Appended:
    # Its day is no matter here, but a call asks for nothing that is over.
    fields: dict[str, JsonValue] = {**FIELDS, "when": {"since": None, "by": lanes.clocks[A].time + DAY}}
    said = lanes.say(A, "call.opened", {**OPENING, "fields": fields}, lane=HOT)
    lanes.settle()
    return said


def typed(*line: str) -> str:
    """Return what a command prints, after the lists have followed the record."""
    # One view.db serves both homes here, and the tests before: its rows may be those of another record.
    reader = reader_of(django_settings.HOME)
    assert reader is not None
    Projector(reader=reader, modules=projections(django_settings.PROJECTIONS)).empty()
    said, (manner, command) = StringIO(), take_manner(line, environ={})
    with redirect_stdout(said):
        assert run(command, manner=manner) == 0
    return said.getvalue()


def shown(*line: str) -> Any:  # noqa: ANN401 - a test looks into it as it likes
    return json.loads(typed(*line, "--json"))["result"]


def slug(said: Appended) -> str:
    return said.place.replace(" ", "-")


def test_what_was_begun_before_keeps_its_terms_and_what_comes_after_names_the_text(
    lanes: Pair, settings: Settings
) -> None:
    before, call_before = asked(lanes), called(lanes)
    text, guideline = proposed(lanes)
    for node in NODES:
        sign(lanes, node, text, guideline)
        lanes.settle()
    set_clocks(lanes, MONDAY + 2 * DAY)
    after, call_after = asked(lanes), called(lanes)
    lanes.stop()

    for node in NODES:
        office = Office(lanes, settings, node=node)
        person = office.person(f"Chen of {node}")
        for old, new, path, clause in (
            (before, after, f"/l/{LINK}/inquiries", "4.4"),
            (call_before, call_after, f"/calls/{LINK}", "6.5"),
        ):
            noun = "inquiry" if old is before else "call"
            told = typed(noun, "show", slug(new))
            assert f"The limits are those of the guideline {text.place}" in told
            assert f"clause {clause}" in told
            assert BY_OPENING in typed(noun, "show", slug(old))
            assert BY_OPENING in words(person.get(f"{path}/{slug(old)}/"))

            page = person.get(f"{path}/{slug(new)}/")

            assert BY_OPENING not in words(page)
            assert f'href="/l/{LINK}/guidelines/{slug(text)}/"' in page.text
            assert f"{text.place} · clause {clause} · in force from" in words(page)
            assert shown(noun, "show", slug(new))["guideline"]["place"] == text.place
            assert shown(noun, "show", slug(old))["guideline"] is None


def test_who_had_not_seen_the_other_sides_signature_asked_under_what_held_until_then(lanes: Pair) -> None:
    draft, text = proposed(lanes)
    sign(lanes, A, draft, text)
    lanes.settle()
    sign(lanes, B, draft, text)
    set_clocks(lanes, MONDAY + 2 * DAY)

    crossed, later = asked(lanes), asked(lanes)

    for node in NODES:
        with lanes.reader(node) as reader:
            (link,) = reader.links()
            assert governing(reader, link, crossed.statement) is None
            found = governing(reader, link, later.statement)
        assert found is not None
        assert (found.place, found.digest, found.since) == (draft.place, text.digest, text.since)
