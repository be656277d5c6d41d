"""A head of ours in a log that ended, which they still show: on a healthy node its digits can be compared."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from parley.ledger.losses import recover
from parley.ledger.lost import LostRow, lost_rows, offered_rows
from parley.protocol.parcel import Piece
from tests.links.office import SECRET, Office, words
from tests.two_nodes.forger import Forger
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.test_recovery import is_recovering

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

PAGE = f"/links/{LINK}/"
RECOVER = f"/links/{LINK}/recover/"


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, tmp_path: Path) -> Iterator[Office]:
    """Give the office of A, whose log ended and goes on in another; B kept a head beyond that end back."""
    copies = Copies(pair=pair, folder=tmp_path / "copies")
    theirs, old = copies.keep(B), copies.keep(A)
    pair.sends(node=A)
    pair.settle()
    hidden, end = pair.standing(A).head_note, pair.standing(A).mine.size
    copies.restore(B, theirs)
    copies.restore(A, old)
    pair.settle()
    assert hidden is not None
    Forger(pair, B, A).send(Piece(note=hidden, start=end))
    assert not is_recovering(pair, A)
    pair.ledgers[A].stop()
    yield Office(pair, settings)
    pair.start(A)


def offered(office: Office) -> LostRow:
    with office.pair.reader(A) as reader:
        assert lost_rows(reader, LINK) == ()
        (row,) = offered_rows(reader, LINK)
    return row


def test_the_pages_show_its_digits_and_that_nothing_is_lost(office: Office) -> None:
    chen, row = office.person("Chen"), offered(office)

    link, page = words(chen.get(PAGE)), words(chen.get(RECOVER))

    assert "They show a head of a log of ours that ended" in link
    assert "Nothing is lost here" in page
    assert all(group in page for group in row.digits[::2])
    assert "Let our log end without them" not in page


def test_two_officers_who_compared_them_follow_it(office: Office) -> None:
    chen, wu, row = office.person("Chen"), office.person("Wu"), offered(office)
    heard = {f"group-{number}": row.digits[number - 1] for number in range(2, 13, 2)}
    typed = {**heard, "lane": "main", "do": "confirm", "secret": SECRET}

    first = chen.post(RECOVER, typed)
    told = recover(office.home, LINK)
    second = wu.post(RECOVER, typed)

    assert (first.status_code, second.status_code) == (302, 302)
    assert (told["lost"], told["offered"]) == (None, {"digits": " ".join(row.digits), "size": row.size})
    with office.pair.reader(A) as reader:
        assert [each.cause for each in lost_rows(reader, LINK)] == ["elsewhere"]
        assert offered_rows(reader, LINK) == ()


def test_a_healthy_node_without_such_a_head_tells_of_none(pair: Pair) -> None:
    pair.stop()

    told = recover(pair.homes[A], LINK)
    pair.start(A)

    assert (told["lost"], told["offered"]) == (None, None)
