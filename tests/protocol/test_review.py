"""The review: every number knows what it counts, and both nodes print the same. Spec §18."""

import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.act import id_text
from parley.protocol.agreements import Spot, judge
from parley.protocol.cuts import CutError, line_at
from parley.protocol.form import VoidError
from parley.protocol.inquiries.codes import Clock
from parley.protocol.linetests.bodies import CLASSES
from parley.protocol.linetests.trials import Sign
from parley.protocol.record import Record
from parley.protocol.review.account import account, digest, raw
from parley.protocol.review.bodies import MAX_COMMENTS
from parley.protocol.review.figures import Figures
from parley.protocol.review.numbers import ONE, SMALL, Duration, duration_written, survival, written
from parley.protocol.review.standing import account as standing_account
from parley.protocol.review.tally import By, Part
from parley.protocol.strictjson import JsonSource, read
from tests.protocol.arrivals import SCRIPTS, Step, logs_of, play, read_in_any_order
from tests.protocol.callers import Night
from tests.protocol.counted import FOREVER, cut_at, figures_of, lane_of, whole
from tests.protocol.days import Days, sign_of
from tests.protocol.reviewing import Reviewing, answered
from tests.protocol.stops import suspend
from tests.protocol.world import (
    DAY,
    HOUR,
    START,
    A,
    B,
    Wording,
    World,
    fold_of,
    found,
    rows_of,
)

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
DICE = st.integers(0, 2**32).map(random.Random)
DURATIONS = st.lists(
    st.builds(
        lambda seconds, is_over, n: Duration(seconds=seconds, is_over=is_over, place=f"A {n}"),
        st.integers(0, 200 * DAY),
        st.booleans(),
        st.integers(0, 99),
    ),
    max_size=60,
)


def asked_of(figures: Figures, node: str = B) -> Part:
    """Return all that was asked of a node."""
    return figures.parts[node, By.ALL, ""]


def test_what_is_in_time_late_and_still_open_is_counted_apart() -> None:
    world = World()
    answered(world, after=HOUR)
    answered(world, after=13 * HOUR)
    world.a.sends(urgency="U1", wants=["mitigate"])
    world.b.says("received")
    world.wait(HOUR)
    world.b.says("received")

    timing = asked_of(figures_of(world.record())).timings[Clock.MITIGATE]

    assert dict(timing.places) == {"met": ["A 1"], "missed": ["A 2"], "running": ["A 3"]}
    assert [(each.seconds, each.is_over) for each in timing.durations] == [
        (HOUR, True),
        (13 * HOUR, True),
        (HOUR, False),
    ]


def test_what_is_open_beyond_its_limit_is_overdue_by_the_clock_of_who_owes_it() -> None:
    world = World()
    world.a.sends(urgency="U1", wants=["mitigate"])
    world.b.says("received")
    world.wait(13 * HOUR)
    late_by_a = figures_of(world.record())
    world.b.says("received")

    assert "overdue" not in asked_of(late_by_a).timings[Clock.MITIGATE].places
    assert asked_of(figures_of(world.record())).timings[Clock.MITIGATE].places["overdue"] == ["A 1"]


def test_pauses_are_no_time_of_the_asked_side() -> None:
    world = World()
    inquiry = world.a.sends(urgency="U1", wants=["mitigate"])
    world.b.says("received")
    world.wait(HOUR)
    returned = world.b.says("returned", re=inquiry)
    world.wait(5 * DAY)
    world.a.says("supplied", re=returned)
    world.b.says("received")
    world.wait(HOUR)
    world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])

    part = asked_of(figures_of(world.record()))

    assert [each.seconds for each in part.timings[Clock.MITIGATE].durations] == [2 * HOUR]
    assert part.marks["returned"] == ["A 1"]


def test_what_was_withdrawn_or_never_arrived_took_no_time() -> None:
    world = World()
    gone = world.a.sends(wants=["mitigate"])
    world.b.says("received")
    world.a.says("withdrawn", re=gone)
    world.a.sends(wants=["mitigate"])

    timing = asked_of(figures_of(world.record())).timings[Clock.MITIGATE]

    assert timing.durations == []
    assert dict(timing.places) == {"ended": ["A 1"], "not_started": ["A 3"]}


def test_outcomes_scores_and_disputes_are_lists_of_places() -> None:
    world = World()
    inquiry = world.a.sends(wants=["mitigate"], count=3)
    world.b.says("received")
    answer = world.b.says(
        "answered", re=inquiry, findings=[found("mitigated", 0), found("false_positive", 1)]
    )
    world.b.says("refused", re=inquiry, items=[2], grounds=["G09"])
    world.a.says("rated", re=inquiry)
    world.a.says("disputed", re=answer)
    world.a.says("outcome_notified", re=inquiry)
    world.a.says("closed", re=inquiry)

    figures = figures_of(world.record())
    part = asked_of(figures)

    assert part.states == {"answered": ["A 1/0", "A 1/1"], "refused": ["A 1/2"]}
    assert part.findings["false_positive"] == ["A 1/1"]
    assert part.grounds == {"G09": ["A 1/2"]}
    assert part.scores["timely", 3] == part.scores["understandable", 0] == ["A 1"]
    assert {word for word, places in part.marks.items() if places} == {
        "closed",
        "rated",
        "disputed",
        "outcome",
    }
    assert account(figures)["disputed"] == ["A 1"]


def test_directions_items_urgencies_and_types_are_told_apart() -> None:
    world = World()
    world.a.sends(urgency="U1")
    world.a.sends(urgency="U3", item="trade_secrets")
    world.b.sends(urgency="U1")

    parts = figures_of(world.record()).parts

    assert {key: part.inquiries for key, part in parts.items()} == {
        (A, By.ALL, ""): ["B 1"],
        (A, By.ITEM, "fraud_phishing"): ["B 1"],
        (A, By.URGENCY, "U1"): ["B 1"],
        (A, By.TYPE, "phishing_site"): ["B 1"],
        (B, By.ALL, ""): ["A 1", "A 2"],
        (B, By.ITEM, "fraud_phishing"): ["A 1"],
        (B, By.ITEM, "trade_secrets"): ["A 2"],
        (B, By.URGENCY, "U1"): ["A 1"],
        (B, By.URGENCY, "U3"): ["A 2"],
        (B, By.TYPE, "phishing_site"): ["A 1", "A 2"],
    }


def test_an_inquiry_belongs_to_the_period_in_which_the_other_node_had_it() -> None:
    world = World()
    world.wait(HOUR)
    world.a.sends()
    world.wait(DAY)
    world.b.says("received")
    record = world.record()

    first = figures_of(record, whole(record, since=START, until=START + DAY))
    second = figures_of(record, whole(record, since=START + DAY, until=START + 2 * DAY))

    assert first.parts == {}
    assert asked_of(second).inquiries == ["A 1"]


def test_what_comes_after_the_cut_changes_nothing() -> None:
    world = World()
    inquiry = answered(world, after=HOUR)
    open_one = world.a.sends(urgency="U1")
    cut = whole(world.record())
    before = figures_of(world.record(), cut)
    world.b.says("received")
    world.wait(DAY)
    after = [
        world.b.says("answered", re=open_one, findings=[found("mitigated", 0)]),
        world.a.says("rated", re=inquiry),
        world.a.says("disputed", re=inquiry),
        suspend(world.a),
    ]

    assert {world.verdict(each) for each in after} == {"valid"}
    assert digest(figures_of(world.record(), cut)) == digest(before)
    assert digest(figures_of(world.record())) != digest(before)


def test_what_a_suspension_stopped_is_not_counted() -> None:
    world = World()
    inquiry = world.a.sends(wants=["mitigate"])
    suspend(world.a)
    stopped = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])

    assert world.verdict(stopped) == "void:suspended"
    assert asked_of(figures_of(world.record())).states == {"sent": ["A 1"]}


def test_line_tests_go_by_what_stands_before_the_cut() -> None:
    days = Days()
    probe = days.probes()
    early = days.world.record()
    cut = whole(early, since=START - DAY, until=days.world.now + HOUR)
    days.echoes(probe)
    late = days.world.record()

    told = [line_at([lane_of(record, cut)], signs_in(record), cut) for record in (early, late)]

    assert told[0] is not None
    assert told[0] == told[1]


def signs_in(record: Record) -> list[Sign]:
    """Return all valid statements about the line."""
    return [sign_of(row) for row in rows_of(record) if row.kind in CLASSES and row.verdict.is_valid]


def test_a_cut_that_leaves_out_what_one_side_had_seen_is_none() -> None:
    world = World()
    world.a.sends()
    world.b.says("received")
    record = world.record()
    sizes = whole(record).sizes("main")

    with pytest.raises(CutError, match="main"):
        lane_of(record, cut_at(sizes[0] - 1, sizes[1]))


def test_calls_that_are_meant_are_counted_and_tests_stand_apart() -> None:
    night = Night(World())
    night.talking()
    night.opens(by=B)

    figures = figures_of(night.world.record())

    part = figures.calls.parts[A, ""]
    assert len(part.calls) == len(part.marks["taken"]) == 1
    assert len(figures.calls.parts[B, ""].calls) == 1
    assert figures.calls.parts[B, ""].marks == {}
    assert [each.is_over for each in figures.calls.parts[B, ""].taking] == [False]


def test_line_tests_of_the_period_are_among_the_figures() -> None:
    days = Days()
    days.echoes(days.probes())
    days.tries()
    days.world.wait(DAY)
    history = days.history()

    figures = figures_of(days.world.record(), tests=history)

    assert {each.test.value for each in figures.tests} >= {"machine", "human"}
    assert len(figures.calls.tests[A]) == 1
    assert figures.calls.parts == {}


def test_a_few_are_a_list_and_more_are_a_number_with_a_hash_over_them() -> None:
    few = [f"A {n}" for n in range(SMALL - 1)]

    assert written(few) == few
    assert written([*few, "B 1"]) == {"n": SMALL, "of": "rZkmBnemmrSWUhYt6Pq-UIItNikuzkJ3eNragDPYVVk"}


def test_of_a_few_durations_each_is_told_and_no_median() -> None:
    durations = [
        Duration(seconds=9, is_over=False, place="A 2"),
        Duration(seconds=3, is_over=True, place="A 1"),
    ]

    assert duration_written(durations) == {"each": [["A 1", 3, True], ["A 2", 9, False]]}


def test_leaving_the_hard_ones_open_makes_nobody_faster() -> None:
    quick = [Duration(seconds=HOUR, is_over=True, place="A 1")] * 6
    hard = [Duration(seconds=30 * DAY, is_over=False, place="A 2")] * 6

    assert survival(quick).median == HOUR
    assert survival([*quick, *hard]).median == HOUR
    assert survival([*quick, *hard, *hard]).median is None
    assert survival([*quick, *hard]).p90 is None


def test_of_an_even_count_the_median_is_the_lower_one() -> None:
    found = survival([Duration(seconds=n, is_over=True, place="A 1") for n in (1, 2, 3, 4)])

    assert (found.median, found.p90) == (2, 4)


def exact(durations: Sequence[Duration], age: int) -> Fraction:
    """Return the share that is still open at an age, as Kaplan and Meier define it."""
    share = Fraction(1)
    for seconds in sorted({each.seconds for each in durations if each.is_over and each.seconds <= age}):
        at_risk = sum(each.seconds >= seconds for each in durations)
        share *= 1 - Fraction(sum(each.is_over and each.seconds == seconds for each in durations), at_risk)
    return share


@given(DURATIONS)
def test_the_curve_is_that_of_the_source_rounded_down(durations: list[Duration]) -> None:
    for each in survival(durations).curve:
        wanted = exact(durations, each.age) * 10**6
        assert wanted - 1 - Fraction(1, ONE) * 10**8 <= each.millionths <= wanted
        assert each.watched == sum(duration.seconds > each.age for duration in durations)


@given(DURATIONS, st.permutations(range(8)))
def test_the_order_of_durations_does_not_matter(durations: list[Duration], order: list[int]) -> None:
    mixed = sorted(durations, key=lambda each: (order[each.seconds % 8], each.place))

    assert survival(mixed) == survival(durations)
    assert duration_written(mixed) == duration_written(durations)


@given(DURATIONS)
def test_a_median_is_where_half_is_over(durations: list[Duration]) -> None:
    median = survival(durations).median

    if median is None:
        assert exact(durations, FOREVER) > Fraction(1, 2)
    else:
        assert exact(durations, median) <= Fraction(1, 2) < exact(durations, median - 1)


@FEW
@given(script=SCRIPTS, dice=DICE, since=st.integers(0, 40), length=st.integers(1, 400))
def test_both_nodes_print_the_same_digest_however_statements_arrive(
    script: list[Step], dice: random.Random, since: int, length: int
) -> None:
    logs = logs_of(play(script))
    merged, arrived = fold_of(logs), read_in_any_order(logs, dice)
    first = START + since * HOUR

    cut = whole(merged, since=first, until=first + length * DAY)

    assert raw(figures_of(arrived, cut)) == raw(figures_of(merged, cut))


@FEW
@given(script=SCRIPTS, more=SCRIPTS)
def test_who_computes_later_comes_to_the_same_digest(script: list[Step], more: list[Step]) -> None:
    world = play([*script, *[each for each in more if not _takes_back(each)]])
    early = play(script)
    cut = whole(early.record())
    late = World(is_open=False)
    for pen, one, two in ((late.a, early.a, world.a), (late.b, early.b, world.b)):
        pen.log = [*one.log, *two.log[len(one.log) :]]
    before, after = figures_of(early.record(), cut), figures_of(late.record(), cut)

    assert raw(after) == raw(before)


def _takes_back(step: Step) -> bool:
    # What turns out unopened counts for nothing, whenever that is said (Spec §18.3.2).
    return 5 <= step.what < 17


@FEW
@given(script=SCRIPTS)
def test_every_number_adds_up(script: list[Step]) -> None:
    figures = figures_of(play(script).record())

    for part in figures.parts.values():
        assert sum(len(places) for places in part.states.values()) == len(part.items) == len(set(part.items))
        for timing in part.timings.values():
            counted = {word: places for word, places in timing.places.items() if word != "extended"}
            timed = [
                place
                for word, places in counted.items()
                if word not in {"ended", "not_started"}
                for place in places
            ]
            assert sorted(timed) == sorted(each.place for each in timing.durations)
    assert read(raw(figures))["review"] == "parley/review/1"


def test_a_review_is_joint_when_both_signed_the_digest_that_their_nodes_computed() -> None:
    table = Reviewing()
    cut = table.proposes()
    table.pen(B).says("review.cut_agreed", re=cut)
    computed = table.digest()
    table.signs(cut, by=A, digest=computed)
    one_sided = table.review()
    table.signs(cut, by=B, digest=computed)

    assert (one_sided.is_agreed, one_sided.joint) == (True, None)
    assert table.review().joint == computed == table.digest()


def test_a_changed_figure_is_seen() -> None:
    table = Reviewing()
    cut = table.proposes()
    table.pen(B).says("review.cut_agreed", re=cut)
    table.signs(cut, by=A, digest=table.digest())
    table.signs(cut, by=B, digest="A" * 43)
    contradicted = table.review()
    table.signs(cut, by=B, digest=table.digest())

    assert contradicted.is_contradicted
    assert contradicted.joint is None
    # The newest word of a side counts: a mistake in one is mended by the next.
    assert table.review().joint == table.digest()


def test_figures_at_a_cut_that_is_not_agreed_cannot_be_signed() -> None:
    table = Reviewing()
    cut = table.proposes()

    assert table.world.verdict(table.signs(cut, by=A, digest=table.digest())) == "void:wrong-state"


def test_one_person_alone_signs_no_figures() -> None:
    table = Reviewing()
    cut = table.proposes()
    table.pen(B).says("review.cut_agreed", re=cut)

    assert table.world.verdict(table.signs(cut, by=B, digest=table.digest(), roots=(1,))) == "void:threshold"


def test_each_side_may_say_something_to_a_figure() -> None:
    table = Reviewing()
    cut = table.proposes()
    said = [
        table.pen(B).says("review.commented", re=cut, figure="b.example/all/mitigate"),
        table.pen(A).says("review.commented", re=cut, figure=None),
    ]

    assert {table.world.verdict(each) for each in said} == {"valid"}
    assert standing_account(table.review())["comments"] == [
        [id_text(said[1].id), A, None],
        [id_text(said[0].id), B, "b.example/all/mitigate"],
    ]


def test_a_cut_is_agreed_by_the_other_side_and_once() -> None:
    table = Reviewing()
    cut = table.proposes(by=A)
    own = table.pen(A).says("review.cut_agreed", re=cut)
    first, again = (table.pen(B).says("review.cut_agreed", re=cut) for _ in range(2))

    assert [table.world.verdict(each) for each in (own, first, again)] == [
        "void:not-writer",
        "valid",
        "void:wrong-state",
    ]


def test_a_cut_names_nothing_that_its_writer_had_not_seen() -> None:
    table = Reviewing()

    assert table.world.verdict(table.proposes(sizes=(3, 99))) == "void:wrong-state"


def test_a_review_is_held_in_lane_main_alone() -> None:
    # The fold of another lane asks the same, so it is asked here what it would say there.
    table = Reviewing()
    record = table.world.record()
    past = {pen.node: len(pen.log) for pen in (table.world.a, table.world.b)}
    terms = record.shelf.link().terms(past)
    assert terms is not None

    for lane, verdict in (("main", None), ("hot", "wrong-state")):
        spot = Spot(writer=A, lane=lane, at=table.world.now, past=past)
        try:
            judge(whole(record), spot, None, state=record.shelf.link(), terms=terms)
            found = None
        except VoidError as error:
            found = error.verdict.reason and error.verdict.reason.value
        assert found == verdict


@pytest.mark.parametrize(
    "more",
    [
        {"until": START},
        {"cut": []},
        {"cut": [{"lane": "hot", "sizes": [1, 1]}]},
        {"cut": [{"lane": "main", "sizes": [1]}]},
        {"cut": [{"lane": "main", "sizes": [1, 1]}, {"lane": "main", "sizes": [1, 1]}]},
        {"cut": [{"lane": "main", "sizes": [1, 1]}, {"lane": "side", "sizes": [1, 1]}]},
        {"cut": [{"lane": "main", "sizes": [-1, 1]}]},
    ],
    ids=["no period", "no lane", "not main", "one size", "twice", "no such lane", "below nothing"],
)
def test_a_cut_that_is_none_is_void(more: dict[str, JsonSource]) -> None:
    table = Reviewing()

    assert table.world.verdict(table.proposes(more=more)) == "void:schema"


@pytest.mark.parametrize("kind", ["review.cut_agreed", "review.signed", "review.commented"])
def test_what_names_no_cut_of_its_past_is_void(kind: str) -> None:
    table = Reviewing()
    other = table.world.a.sends()
    d: dict[str, dict[str, JsonSource]] = {
        "review.cut_agreed": {},
        "review.signed": {"digest": "A" * 43},
        "review.commented": {"figure": None},
    }
    wording = Wording(kind=kind, re=other.id, log=table.pen(B).side.origin, roots=(1, 2))

    assert table.world.verdict(table.pen(B).words(wording, d[kind])) == "void:no-target"


def test_no_review_is_held_while_it_is_suspended() -> None:
    table = Reviewing()
    suspend(table.pen(B), scope={"forum": "review"})

    assert table.world.verdict(table.proposes()) == "void:suspended"


def test_a_side_cannot_drown_a_review_in_comments() -> None:
    table = Reviewing()
    cut = table.proposes()
    table.pen(B).says("received")
    said = [
        table.pen(B).says("review.commented", re=cut, figure=None, seen=None) for _ in range(MAX_COMMENTS)
    ]

    one_more = table.pen(B).says("review.commented", re=cut, figure=None, seen=None)

    assert {table.world.verdict(each) for each in said} == {"valid"}
    assert table.world.verdict(one_more) == "void:oversize"
