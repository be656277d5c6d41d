"""What is kept of inquiries gives the same figures as counting all anew, whatever happened. Spec §18.3."""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import connections
from pytest_django import Settings

from parley.ledger.drafts import RefusedError
from parley.node.projector import Projector, projections
from parley.protocol.act import id_text
from parley.protocol.review.bodies import CutProposed, Sizes
from parley.protocol.strictjson import JsonValue
from parley.review import projection
from parley.review.models import Kept
from tests.review.keeping import MODULES, SINCE, YEAR, both, forget, newest, tell
from tests.two_nodes.pair import LINK, MONDAY, A, B, Pair
from tests.two_nodes.persons import resumes, suspends

pytestmark = pytest.mark.django_db(databases=["default", "view"])

HOUR = 3600


@pytest.fixture(name="told")
def fixture_told(pair: Pair, settings: Settings) -> Iterator[Pair]:
    settings.HOME = pair.homes[A]
    settings.PROJECTIONS = MODULES
    yield pair
    forget()


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
PLACED = {
    "letter": "A",
    "index": 900,
    "begun": MONDAY,
    "counted": b"not of this record",
    "said_a": 1,
    "said_b": -1,
    "received_a": -1,
    "received_b": -1,
}
PRESERVED: JsonValue = {"items": [0, 1], "code": "preserved", "until": MONDAY + YEAR}
RATING: dict[str, JsonValue] = {"timely": 3, "complete": 2, "usable": 3, "understandable": 1}
SAID: tuple[tuple[str, dict[str, JsonValue]], ...] = (
    ("inquiry.acknowledged", {}),
    ("inquiry.admitted", {"items": "all"}),
    ("inquiry.refused", {"items": "all", "grounds": ["G01"]}),
    ("inquiry.answered", {"findings": [{"items": [0, 1], "code": "already_down"}, PRESERVED]}),
    ("inquiry.withdrawn", {"items": "all", "reason": "solved"}),
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


def spoil(counted: bytes) -> None:
    """Have every row say another thing, so that it shows where a row is looked at."""
    Kept.objects.update(counted=counted.replace(b"fraud_phishing", b"fraud_fishing!"))


def counted_alone() -> bytes:
    """Return what is kept of the only inquiry."""
    (row,) = Kept.objects.all()
    assert row.counted is not None, "no clock of it runs"
    return bytes(row.counted)


def test_rows_that_are_not_whole_or_of_another_record_change_no_figure(told: Pair) -> None:
    for number in range(3):
        inquiry = told.sends(node=B if number else A)
        told.settle()
        asked = A if number else B
        told.say(asked, "inquiry.refused", {"items": "all", "grounds": ["G01"]}, re=inquiry.statement)
        told.settle()
    tell(told)
    gone, other, *_rest = Kept.objects.order_by("key")
    Kept.objects.filter(key=gone.key).delete()
    # As another pair of nodes under the same name would have it, at the same place.
    Kept.objects.filter(key=other.key).update(inquiry=id_text(b"\x07" * 32), counted=b"not of this record")
    Kept.objects.create(key="elsewhere", link=LINK, inquiry=id_text(b"\x08" * 32), lane="main", **PLACED)

    kept, anew = both(told, newest(told))

    assert kept == anew


def test_rows_that_tell_more_than_the_record_are_not_looked_at(told: Pair) -> None:
    """A record that was put back beside the rows of the one that was lost."""
    inquiry = told.sends()
    told.settle()
    told.say(B, "inquiry.refused", {"items": "all", "grounds": ["G01"]}, re=inquiry.statement)
    told.settle()
    tell(told)
    spoil(counted_alone())
    with connections["view"].cursor() as cursor:
        cursor.execute("UPDATE watermark SET seq = seq + 1")

    kept, anew = both(told, newest(told))

    assert kept == anew


def test_what_we_said_beyond_the_cut_is_not_counted_in_it(told: Pair) -> None:
    """Their node had not received it: only how far our own log is looked at leaves it out."""
    inquiry = told.sends()
    told.settle()
    early = newest(told)
    told.say(A, "inquiry.withdrawn", {"items": "all", "reason": "solved"}, re=inquiry.statement)
    tell(told)
    spoil(counted_alone())

    kept, anew = both(told, early)

    assert kept == anew
    assert b"fraud_fishing!" not in kept


def test_what_they_received_beyond_the_cut_is_not_received_in_it(told: Pair) -> None:
    """All that was said is looked at; that it was received, and so when it began, is not."""
    inquiry = told.sends()
    told.say(A, "inquiry.withdrawn", {"items": "all", "reason": "solved"}, re=inquiry.statement)
    said_at = told.clocks[A].time
    for clock in told.clocks.values():
        clock.time += HOUR
    told.settle()
    tell(told)
    one, _two = newest(told).sizes("main")
    early = CutProposed(since=SINCE, until=said_at + 1, cut=(Sizes(lane="main", sizes=(one, 1)),))
    assert counted_alone()

    kept, anew = both(told, early)

    assert kept == anew
    assert b'"inquiries":["A 1"]' in kept


def test_what_was_stopped_meanwhile_or_later_leaves_what_is_kept_as_it_is(told: Pair) -> None:
    """The other side stopped everything before it knew of the refusal: who refused had not heard of it."""
    inquiry = told.sends(node=B)
    told.settle()
    for clock in told.clocks.values():
        clock.time += HOUR
    stop = suspends(told, B)
    for clock in told.clocks.values():
        clock.time += HOUR
    told.say(A, "inquiry.refused", {"items": "all", "grounds": ["G01"]}, re=inquiry.statement)
    told.settle()
    resumes(told, B, stop)
    told.settle()
    tell(told)
    cut = newest(told)

    kept, anew = both(told, cut)
    spoil(counted_alone())

    assert kept == anew
    assert b"fraud_fishing!" in both(told, cut)[0]
