"""The figures of a review from the command line: the very files that its page gives."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from pytest_django import Settings

from parley.cli.app import run
from parley.cli.manner import Manner
from tests.links.office import Office
from tests.review.test_pages import proposed
from tests.two_nodes.pair import A, B, Pair

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, transactional_db: None) -> Iterator[Office]:
    office = Office(pair, settings)
    pair.sends(node=A)
    pair.settle()
    pair.ledgers[A].stop()
    yield office
    pair.start(A)


def test_the_command_writes_what_the_page_gives_on_either_node(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    person = office.person("Chen")
    address = proposed(office, person)
    office.pair.start(A)
    office.pair.settle()
    office.pair.ledgers[A].stop()
    place = address.rstrip("/").rpartition("/")[2]

    for name, words in (("pdf/", ()), ("table.csv", ("--csv",))):
        page = person.get(f"{address}{name}").content
        for node in (A, B):
            settings.HOME = office.pair.homes[node]
            file = tmp_path / f"{node}-{len(words)}"
            with redirect_stdout(StringIO()):
                typed = run(("review", "print", place, str(file), *words), manner=Manner())
            assert (typed, file.read_bytes()) == (0, page)
        settings.HOME = office.home
