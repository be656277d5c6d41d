"""What holds for the link is said in every lane by one action, since each lane is folded alone (H16)."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.lanes import named
from parley.protocol.inquiries.bodies import read_said
from parley.protocol.names import BULK, HOT, LANES, MAIN
from parley.protocol.strictjson import JsonValue
from parley.protocol.suspension import stays_open
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.persons import bring, enrol, prepared_draft, resumes, signed, suspends

STOP: Mapping[str, JsonValue] = {"scope": {"link": True}, "reason": "policy", "until": None}


def kinds(pair: Pair, node: str, lane: str) -> list[str | None]:
    return [row.kind for row in pair.rows(node, named(LINK, lane))]


def refusal(pair: Pair, node: str, lane: str) -> str | None:
    """Return why `node` may not send an inquiry now, or None."""
    try:
        pair.sends(node=node, lane=lane)
    except RefusedError as error:
        return error.code
    return None


def test_a_suspension_is_said_in_every_lane_and_stops_all_but_the_hotline(pair: Pair) -> None:
    suspends(pair, A)
    pair.settle()

    for node in (A, B):
        assert [kinds(pair, node, lane).count("link.suspended") for lane in LANES] == [1, 1, 1]
        assert [refusal(pair, node, lane) for lane in LANES] == ["suspended", None, "suspended"]


def test_one_resumption_lifts_it_in_every_lane(pair: Pair) -> None:
    stop = suspends(pair, A)
    pair.settle()

    resumes(pair, A, stop)
    pair.settle()

    for node in (A, B):
        assert [kinds(pair, node, lane).count("link.resumed") for lane in LANES] == [1, 1, 1]
        assert [refusal(pair, node, lane) for lane in LANES] == [None, None, None]


def test_a_second_suspension_stands_when_the_first_is_lifted(pair: Pair) -> None:
    first, _second = suspends(pair, A), suspends(pair, A, {"item": "fraud_phishing"})

    resumes(pair, A, first)
    pair.settle()

    assert [refusal(pair, B, lane) for lane in LANES] == ["suspended", None, "suspended"]


@pytest.mark.parametrize(("opens", "is_open"), [((), False), (("hotline",), True)])
def test_terms_that_leave_no_hotline_open_stop_hot_like_the_others(
    opens: tuple[str, ...], *, is_open: bool
) -> None:
    sent = read_said("inquiry.sent", INQUIRY)

    assert stays_open(sent, sent, opens=opens, lane=HOT) is is_open  # type: ignore[arg-type]  # it was sent
    assert not stays_open(sent, sent, opens=opens, lane=MAIN)  # type: ignore[arg-type]  # likewise


def test_an_officer_is_enrolled_in_every_lane_by_one_action(pair: Pair) -> None:
    pair.ledgers[A].stop()
    enrol(pair.homes[A], 21, secret="a long secret", now=pair.clocks[A].time)
    pair.start(A)
    pair.settle()

    assert [kinds(pair, B, lane).count("officer.enrolled") for lane in LANES] == [1, 1, 1]


def test_the_signatures_for_one_lane_count_in_no_other(pair: Pair) -> None:
    made = signed(pair, A, prepared_draft(pair, A, "link.suspended", STOP)).prepared
    assert made is not None
    assert [lane for lane, _ in made.others] == [HOT, BULK]

    texts = {made.text, *(other.text for _, other in made.others)}
    moved = prepared_draft(pair, A, "link.suspended", STOP, link=named(LINK, BULK))
    assert moved.prepared is not None
    assert len(texts) == 3
    with pytest.raises(RefusedError, match="wrong-log"):
        bring(pair, A, replace(moved, prepared=made))


def test_where_one_lane_cannot_be_written_the_others_are_and_it_follows_when_it_can(
    pair: Pair,
) -> None:
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    old = copies.keep(A)
    pair.sends(lane=BULK)
    pair.settle()
    copies.restore(A, old)
    draft = signed(
        pair,
        A,
        prepared_draft(pair, A, "link.suspended", STOP),
    )

    (told,) = pair.ledgers[A].append([draft])
    before = [kinds(pair, A, lane).count("link.suspended") for lane in LANES]
    pair.settle()
    (again,) = pair.ledgers[A].append([draft])

    assert isinstance(told, RefusedError)
    assert told.code == "recovering"
    assert before == [1, 1, 0]
    assert isinstance(again, Appended)
    assert [kinds(pair, A, lane).count("link.suspended") for lane in LANES] == [1, 1, 1]
