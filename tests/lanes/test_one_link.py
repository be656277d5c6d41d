"""To people there is one link: one ceremony opens it, an answer finds its lane, one digest covers it."""

from dataclasses import replace

import pytest

from parley.ledger.drafts import UnknownLinkError
from parley.protocol.names import BULK, HOT, LANES, MAIN
from tests.two_nodes.pair import INQUIRY, LINK, MONDAY, A, B, Pair

ORDER = ("link.opened", "link.opened")


def kinds(pair: Pair, node: str, lane: str) -> list[str | None]:
    return [row.kind for row in pair.rows(node, LINK if lane == MAIN else f"{LINK}/{lane}")]


def test_one_ceremony_opens_every_lane_on_the_same_terms(pair: Pair) -> None:
    for node in (A, B):
        with pair.reader(node) as reader:
            rows = reader.lanes(LINK)
            terms = [reader.terms(row.name) for row in rows]

        assert [row.lane for row in rows] == list(LANES)
        assert all(row.is_active for row in rows)
        assert terms[0] is not None
        assert all(each == terms[0] for each in terms)
        assert {row.my_origin.rsplit("/", 1)[1] for row in rows} == {pair.offer(node).epoch}


def test_there_is_one_link_in_the_list(pair: Pair) -> None:
    with pair.reader(A) as reader:
        assert [row.name for row in reader.links()] == [LINK]


@pytest.mark.parametrize("lane", LANES)
def test_an_answer_goes_in_the_lane_of_what_it_answers(pair: Pair, lane: str) -> None:
    sent = pair.sends(lane=lane)
    pair.settle()

    said = pair.say(B, "inquiry.acknowledged", {}, re=sent.statement)
    pair.settle()

    assert (sent.link, sent.lane) == (said.link, said.lane) == (LINK, lane)
    with pair.reader(A) as reader:
        folded = reader.thread(LINK, sent.statement)
        assert folded is not None
        assert [row.place for row in reader.rows(LINK, thread=sent.statement)] == [sent.place, said.place]
    assert pair.is_settled()


def test_what_is_said_in_one_lane_is_in_no_other(pair: Pair) -> None:
    pair.sends(lane=HOT)
    pair.settle()

    for node in (A, B):
        # Besides the openings: what was asked, and that the machine of B had it.
        assert kinds(pair, node, HOT) == ["link.opened", "inquiry.sent", "link.opened", "received"]
        assert kinds(pair, node, MAIN) == kinds(pair, node, BULK) == list(ORDER)


def test_a_place_says_its_lane_unless_it_is_main(pair: Pair) -> None:
    places = [pair.sends(lane=lane).place for lane in LANES]

    assert places == ["A 1", "A hot 1", "A bulk 1"]
    with pair.reader(A) as reader:
        found = [reader.find(LINK, place) for place in places]
        rows = [reader.row(LINK, each) for each in found if each is not None]
    assert [row.place for row in rows if row is not None] == places


def test_the_digest_covers_all_lanes(pair: Pair) -> None:
    before = pair.digest(A)

    pair.sends(lane=BULK)

    assert pair.digest(A).text != before.text
    assert pair.digest(A).inquiries == 1
    assert pair.digest(B).text == before.text
    pair.settle()
    assert pair.digest(A) == pair.digest(B)


def test_a_draft_that_comes_twice_is_one_entry_whatever_lane_it_asks_for(pair: Pair) -> None:
    draft = pair.draft("inquiry.sent", INQUIRY)
    (first,) = pair.ledgers[A].append([draft])

    (said,) = pair.ledgers[A].append([replace(draft, lane=BULK)])

    assert said == first


def test_no_lane_is_made_by_naming_it(pair: Pair) -> None:
    with pytest.raises(UnknownLinkError):
        pair.sends(lane="fast")


def test_the_digits_count_for_every_lane(pair: Pair) -> None:
    with pair.reader(A) as reader:
        rows = reader.lanes(LINK)

    assert len({row.digits for row in rows}) == 1
    assert {row.verified_at for row in rows} == {MONDAY}
