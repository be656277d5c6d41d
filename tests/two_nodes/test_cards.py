"""A node moves: its next card travels as a statement, and partners take up where it is reached."""

import pytest

from parley.ledger.cards import renew_card
from parley.ledger.drafts import Appended
from parley.ledger.reading import Reader
from parley.protocol.breach import BreachError
from parley.work.home import Home, HomeError
from tests.two_nodes.pair import INQUIRY, Pair


def url_at(home: Home) -> str | None:
    reader = Reader(home)
    try:
        return reader.links()[0].peer_url
    finally:
        reader.close()


def renew(pair: Pair, url: str) -> None:
    pair.ledgers["a.example"].stop()
    results = renew_card(pair.homes["a.example"], url=url, tls_sha256=None)
    assert all(isinstance(result, Appended) for result in results)
    pair.start("a.example")
    pair.settle()


def test_a_partner_takes_up_the_new_address_and_the_link_goes_on(pair: Pair) -> None:
    renew(pair, "http://127.0.0.1:2/parley/v1")
    renew(pair, "http://127.0.0.1:3/parley/v1")

    pair.say("b.example", "inquiry.sent", INQUIRY, body={"title": "after the move"})
    pair.settle()

    assert url_at(pair.homes["b.example"]) == "http://127.0.0.1:3/parley/v1"
    assert not pair.ledgers["b.example"].has_news("a-b")


def test_a_card_that_leads_out_of_the_demo_is_not_made(pair: Pair) -> None:
    with pytest.raises(HomeError, match="loopback"):
        renew_card(pair.homes["a.example"], url="http://192.0.2.7/parley/v1", tls_sha256=None)


def test_an_address_that_cannot_stand_on_a_card_is_refused_before_anything_is_said(pair: Pair) -> None:
    size = pair.standing("a.example").mine.size

    with pytest.raises(BreachError):
        renew_card(pair.homes["a.example"], url="http://127.0.0.1/\n", tls_sha256=None)

    assert pair.standing("a.example").mine.size == size
