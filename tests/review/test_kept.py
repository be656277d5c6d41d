"""What is kept of inquiries gives the same figures as counting all anew, whatever happened. Spec §18.3."""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import connections
from pytest_django import Settings

from parley.ledger.drafts import RefusedError
from parley.ledger.reviewing import figures_of, newest_cut
from parley.node.projector import Projector, projections
from parley.protocol.review.account import raw
from parley.protocol.review.bodies import CutProposed, Sizes
from parley.protocol.strictjson import JsonValue
from parley.review import projection
from parley.review.models import Kept
from parley.review.queries.kept import figures_kept
from tests.two_nodes.pair import LINK, MONDAY, A, B, Pair
from tests.two_nodes.persons import resumes, suspends

pytestmark = pytest.mark.django_db(databases=["default", "view"])

YEAR = 366 * 86_400
SINCE, UNTIL = MONDAY - YEAR, MONDAY + YEAR
MODULES = ("parley.review.projection",)
HOUR = 3600


@pytest.fixture(name="told")
def fixture_told(pair: Pair, settings: Settings) -> Iterator[Pair]:
    settings.HOME = pair.homes[A]
    settings.PROJECTIONS = MODULES
    yield pair
    with connections["view"].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS watermark")


def tell(pair: Pair) -> None:
    with pair.reader(A) as reader:
        Projector(reader=reader, modules=projections(MODULES)).catch_up()


def both(pair: Pair, cut: CutProposed) -> tuple[bytes, bytes]:
    """Return the account with what is kept, and counted anew."""
    with pair.reader(A) as reader:
        return raw(figures_kept(reader, LINK, cut)), raw(figures_of(reader, LINK, cut))


def newest(pair: Pair) -> CutProposed:
    with pair.reader(A) as reader:
        return newest_cut(reader, LINK, since=SINCE, until=UNTIL)


def step(pair: Pair, dice: random.Random) -> None:
    """Let something happen that is sometimes void, and sometimes crosses."""
    for clock in pair.clocks.values():
        clock.time += dice.randrange(1, 5 * HOUR)
    node = dice.choice((A, B))
    with pair.reader(A) as reader:
        sent = [row for row in reader.rows(LINK) if row.kind == "inquiry.sent"]
    if not sent or dice.random() < 0.3:
        pair.sends(node=node)
        return
    one = dice.choice(sent)
    kind, d = dice.choice(SAID)
    asked = B if one.letter == "A" else A
    who = one.writer if kind in ASKER else asked
    # What the door refuses did not happen.
    with suppress(RefusedError):
        pair.say(who, kind, d, re=one.statement)


ASKER = {"inquiry.withdrawn", "inquiry.closed", "inquiry.rated", "inquiry.status_asked"}
RATING: dict[str, JsonValue] = {"timely": 3, "complete": 2, "usable": 3, "understandable": 1}
SAID: tuple[tuple[str, dict[str, JsonValue]], ...] = (
    ("inquiry.acknowledged", {}),
    ("inquiry.admitted", {"items": "all"}),
    ("inquiry.refused", {"items": "all", "grounds": ["G01"]}),
    ("inquiry.withdrawn", {"items": "all", "reason": "resolved"}),
    ("inquiry.closed", {}),
    ("inquiry.rated", RATING),
)


@pytest.mark.parametrize("seed", range(4))
def test_at_any_cut_the_account_is_the_same_bytes(told: Pair, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
    cuts = []
    for number in range(60):
        step(told, dice)
        if number % 3 == 0:
            told.settle()
            cuts.append(newest(told))
        if number % 7 == 0:
            tell(told)
        if number in {20, 45}:
            stop = suspends(told, B)
            told.settle()
            for clock in told.clocks.values():
                clock.time += HOUR
            resumes(told, B, stop)
            told.settle()
    # The rows are late now, and then they are not.
    cuts = [*dice.sample(cuts, 6), newest(told)]
    late = [both(told, cut) for cut in cuts]
    tell(told)
    whole = [both(told, cut) for cut in cuts]

    assert all(kept == anew for kept, anew in (*late, *whole))
    assert late == whole
    assert Kept.objects.exclude(counted=None).exists()


def test_what_is_kept_is_used_where_the_cut_takes_it_in_and_only_there(told: Pair) -> None:
    inquiry = told.sends()
    told.settle()
    early = newest(told)
    told.say(B, "inquiry.refused", {"items": "all", "grounds": ["G01"]}, re=inquiry.statement)
    told.settle()
    tell(told)
    (row,) = Kept.objects.all()
    assert row.counted is not None
    # A row that says another thing shows where it is looked at.
    Kept.objects.update(counted=bytes(row.counted).replace(b"fraud_phishing", b"fraud_fishing!"))

    late, now = both(told, early), both(told, newest(told))

    assert late[0] == late[1]
    assert b"fraud_fishing!" in now[0]


def test_the_rows_are_the_same_told_at_every_step_or_at_once(told: Pair) -> None:
    dice = random.Random(7)  # noqa: S311 - chance that can be repeated, no secret
    for _number in range(25):
        step(told, dice)
        told.settle()
        tell(told)
    stepwise = dump()
    projection.empty()
    assert dump() == []
    with told.reader(A) as reader:
        projector = Projector(reader=reader, modules=projections(MODULES))
        projector.empty()
        projector.catch_up()

    assert dump() == stepwise


def dump() -> list[tuple[object, ...]]:
    with connections["view"].cursor() as cursor:
        found: list[tuple[object, ...]] = cursor.execute("SELECT * FROM review_kept ORDER BY key").fetchall()
    return found


def test_without_rows_all_is_counted_anew(told: Pair) -> None:
    told.sends()
    told.settle()
    cut = newest(told)

    assert len(set(both(told, cut))) == 1
    assert Sizes(lane="main", sizes=cut.sizes("main")) in cut.cut
