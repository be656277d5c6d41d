"""Who plays what: always twelve answered, three refused, one returned, as far as there are that many."""

from collections import Counter

import pytest

from parley.demo.casting import Part, cast, wanted_answers
from parley.protocol.act import By
from parley.protocol.inquiries.apply import Inquiry, ItemState
from parley.protocol.inquiries.bodies import Group, Sent
from parley.protocol.inquiries.codes import State, Type, Want
from parley.protocol.inquiries.eye import Fact


def inquiry(number: int, *, items: int) -> Inquiry:
    said = Sent(
        batch=None,
        item="fraud_phishing",
        urgency="U1",
        groups=(Group(count=items, type=Type.PHISHING_SITE, wants=(Want.MITIGATE,)),),
    )
    sent = Fact(
        id=bytes([number]) * 32,
        writer="a.example",
        index=number,
        effective=0,
        cut=0,
        received_at=None,
        kind="inquiry.sent",
        re=None,
        said=said,
        by=By(role="officer", n=1),
        ref=None,
    )
    return Inquiry(
        id=sent.id,
        asker="a.example",
        asked="b.example",
        sent=sent,
        acknowledged_at=None,
        closed_at=None,
        items=tuple(item(n) for n in range(items)),
        timers=(),
        waiting=(),
        disputed=(),
        rated=None,
        outcome=None,
        last_answer_at=None,
    )


def item(n: int) -> ItemState:
    return ItemState(
        n=n,
        type=Type.PHISHING_SITE,
        wants=frozenset({Want.MITIGATE}),
        state=State.SENT,
        crossed=False,
        findings=(),
        grounds=(),
        timers=(),
    )


def parts(*counts: int) -> Counter[Part]:
    return Counter(
        unit.part
        for unit in cast([inquiry(number, items=count) for number, count in enumerate(counts, start=1)])
    )


def test_twenty_inquiries_are_cast_as_a_whole() -> None:
    units = cast([inquiry(number, items=3) for number in range(1, 21)])

    assert [len(unit.items) for unit in units] == [3] * 20
    assert parts(*(3,) * 20) == {Part.ANSWERED: 12, Part.REFUSED: 3, Part.RETURNED: 1, Part.PENDING: 4}


@pytest.mark.parametrize("counts", [(4, 4, 3, 4, 4), (19,), (1,) * 19])
def test_fewer_inquiries_are_cast_site_by_site_however_they_are_grouped(counts: tuple[int, ...]) -> None:
    assert parts(*counts) == {Part.ANSWERED: 12, Part.REFUSED: 3, Part.RETURNED: 1, Part.PENDING: 3}
    assert wanted_answers(sum(counts)) == 12


@pytest.mark.parametrize(
    ("count", "answered", "refused", "returned"),
    [(0, 0, 0, 0), (1, 1, 0, 0), (2, 1, 1, 0), (3, 1, 1, 1), (15, 13, 1, 1), (16, 12, 3, 1)],
)
def test_a_few_sites_are_enough_for_each_part_in_turn(
    count: int, answered: int, refused: int, returned: int
) -> None:
    found = parts(*(1,) * count)

    assert [found[part] for part in (Part.ANSWERED, Part.REFUSED, Part.RETURNED)] == [
        answered,
        refused,
        returned,
    ]


@pytest.mark.parametrize("count", [2, 5, 15, 16, 19])
def test_one_is_always_refused_because_of_own_proceedings(count: int) -> None:
    units = cast([inquiry(number, items=1) for number in range(1, count + 1)])

    assert "G09" in [unit.ground for unit in units if unit.part is Part.REFUSED]
