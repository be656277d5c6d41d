"""A side stops a link by itself and at once; what it stops, what it does not, and clocks. Spec §7.7, §8.6."""

from collections.abc import Mapping

import pytest

from parley.protocol.inquiries.clocks import Phase
from parley.protocol.judgement import MAX_LASTING
from parley.protocol.kinds import KINDS
from parley.protocol.record import Record
from parley.protocol.shelf import MemoryShelf
from parley.protocol.strictjson import JsonSource, read, write
from tests.protocol.stops import FORUM, ITEM, LINK, OTHER, resume, suspend
from tests.protocol.toy import TOY
from tests.protocol.world import (
    DAY,
    HOUR,
    SIDES,
    Statement,
    Wording,
    World,
    date_text,
    fold_of,
    found,
    usual_terms,
)

STOPPED = "void:suspended"


def closing(*stays: str) -> World:
    """Return an open link on whose terms only these stay open."""
    value = read(usual_terms().encode())
    return World(terms=write({**value, "open_while_suspended": list(stays)}).decode())


# ---- what is said


@pytest.mark.parametrize("scope", [LINK, FORUM, ITEM, OTHER])
def test_a_side_suspends_alone_and_at_once(scope: Mapping[str, JsonSource]) -> None:
    world = World()

    assert world.verdict(suspend(world.b, scope=scope)) == "valid"


@pytest.mark.parametrize(
    "change",
    [
        {"scope": {}},
        {"scope": {"link": False}},
        {"scope": {"link": None}},
        {"scope": {"link": True, "forum": "inquiry"}},
        {"scope": {"forum": "Inquiry"}},
        {"scope": {"item": "dissent"}},
        {"scope": {"lane": "hot"}},
        {"scope": "link"},
        {"reason": "because"},
        {"until": -1},
        {"note": "x"},
    ],
)
def test_a_suspension_that_is_not_in_its_form_is_void(change: Mapping[str, JsonSource]) -> None:
    world = World()

    wording = Wording(kind="link.suspended", log=SIDES.one.origin, roots=(1, 2))
    said = {"scope": LINK, "reason": "policy", "until": None, **change}
    assert world.verdict(world.a.words(wording, said)) == "void:schema"


@pytest.mark.parametrize("roots", [(), (1,), (1, 1)])
def test_nobody_suspends_or_resumes_by_himself(roots: tuple[int, ...]) -> None:
    world = World()
    few = suspend(world.a, roots=roots)
    enough = suspend(world.a)
    lifted_by_few = resume(world.a, enough, roots=roots)

    assert [world.verdict(each) for each in (few, enough, lifted_by_few)] == [
        "void:threshold",
        "valid",
        "void:threshold",
    ]


def test_a_suspension_names_its_log() -> None:
    world = World()
    said: Mapping[str, JsonSource] = {"scope": LINK, "reason": "policy", "until": None}

    assert world.verdict(world.a.words(Wording(kind="link.suspended"), said)) == "void:wrong-log"


def test_each_side_lifts_its_own_suspensions_each_once() -> None:
    world = World()
    mine, theirs = suspend(world.a), suspend(world.b)
    said = [
        resume(world.a, theirs),
        resume(world.a, world.a.log[0]),
        resume(world.a, None),
        resume(world.a, mine),
        resume(world.a, mine),
        resume(world.b, theirs, why="x"),
        resume(world.b, theirs),
    ]

    verdicts = [world.verdict(each).removeprefix("void:") for each in said]
    assert verdicts == ["no-target", "no-target", "schema", "valid", "wrong-state", "schema", "valid"]


def test_a_void_suspension_stops_nothing_and_cannot_be_lifted() -> None:
    world = World()
    void = suspend(world.a, roots=(1,))

    assert world.verdict(resume(world.a, void)) == "void:no-target"
    assert world.verdict(world.a.sends()) == "valid"


def test_one_side_suspends_so_often_and_no_more() -> None:
    world = World()
    for until in range(MAX_LASTING):
        suspend(world.a, until=until, scope=OTHER)

    assert [world.verdict(suspend(pen)) for pen in (world.a, world.b)] == ["void:oversize", "valid"]


def test_nothing_is_suspended_before_the_link_is_open() -> None:
    world = World(is_open=False)

    assert world.verdict(suspend(world.a)) == "void:not-active"


# ---- what it stops


@pytest.mark.parametrize(
    ("scope", "stops"),
    [(LINK, True), (FORUM, True), (ITEM, True), (OTHER, False), ({"forum": "guideline"}, False)],
)
def test_a_suspension_stops_the_business_of_its_scope_on_both_sides(
    scope: Mapping[str, JsonSource], *, stops: bool
) -> None:
    world = World()
    inquiry = world.a.sends()
    suspend(world.b, scope=scope)
    said = [
        world.b.says("admitted", re=inquiry),
        world.b.sends(),
        world.a.says("status_asked", re=inquiry),
        world.a.sends(),
    ]

    assert [world.verdict(each) for each in said] == [STOPPED if stops else "valid"] * 4


def test_either_side_stops_both() -> None:
    world = World()
    mine, theirs = suspend(world.a), suspend(world.b)
    resume(world.a, mine)
    between = [world.a.sends(), world.b.sends()]
    resume(world.b, theirs)
    after = [world.b.sends(), world.a.sends()]

    assert [world.verdict(each) for each in (*between, *after)] == [STOPPED, STOPPED, "valid", "valid"]


def test_each_of_several_suspensions_is_lifted_for_itself() -> None:
    world = World()
    stops = [suspend(world.a, scope=LINK), suspend(world.a, scope=LINK), suspend(world.a, scope=ITEM)]
    verdicts = []
    for stop in stops:
        resume(world.a, stop)
        verdicts.append(world.verdict(world.b.sends()))

    assert verdicts == [STOPPED, STOPPED, "valid"]


def test_what_had_not_seen_the_suspension_stands() -> None:
    world = World()
    inquiry = world.a.sends()
    cut = len(world.a.log)
    suspend(world.a)
    answered = world.b.says("answered", re=inquiry, seen=cut)
    late = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])

    assert [world.verdict(answered), world.verdict(late)] == ["valid", STOPPED]
    assert world.states(inquiry) == ("answered",)


def test_what_had_not_seen_the_resumption_is_still_stopped() -> None:
    world = World()
    stop = suspend(world.a)
    cut = len(world.a.log)
    resume(world.a, stop)

    assert world.verdict(world.b.sends(seen=cut)) == STOPPED
    assert world.verdict(world.b.sends()) == "valid"


def test_a_suspension_that_could_not_be_opened_never_was() -> None:
    world = World()
    stop = suspend(world.a)
    stopped = world.a.sends()
    world.b.says("unopened", re=stop)

    assert [world.verdict(stop), world.verdict(stopped)] == ["unopened", "valid"]


def test_a_resumption_that_could_not_be_opened_never_was() -> None:
    world = World()
    stop = suspend(world.a)
    lifted = resume(world.a, stop)
    world.b.says("unopened", re=lifted)

    assert [world.verdict(world.b.sends()), world.verdict(resume(world.a, stop))] == [STOPPED, "valid"]


def test_an_announced_end_ends_nothing() -> None:
    world = World()
    suspend(world.a, until=world.now + HOUR)
    world.wait(2 * HOUR)

    assert world.verdict(world.b.sends()) == STOPPED


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if not kind.startswith("inquiry.") and kind != "unopened"]
)
def test_what_is_no_business_is_never_stopped(kind: str) -> None:
    world = World()
    inquiry = world.a.sends()
    suspend(world.a)
    target = inquiry.id if KINDS[kind].targets else None

    assert world.verdict(world.b.words(Wording(kind=kind, re=target), {})) != STOPPED


def test_the_machine_goes_on_and_the_link_can_be_mended() -> None:
    world = World()
    lost = world.a.sends()
    suspend(world.a)
    said = [world.b.says("unopened", re=lost), world.b.says("received"), suspend(world.b), world.b.opens()]

    assert [world.verdict(each) for each in said] == ["valid"] * 4


def test_stopped_statements_cost_a_thread_nothing() -> None:
    # Nobody needs to be patient with a partner that goes on talking: each is looked at once.
    world = World()
    inquiry = world.a.sends()
    stop = suspend(world.a)
    for _ in range(1_100):
        world.b.says("progressed", re=inquiry)
    resume(world.a, stop)

    assert world.verdict(world.b.says("progressed", re=inquiry)) == "valid"


def test_who_could_not_open_the_inquiry_comes_to_the_same() -> None:
    world = World()
    inquiry = world.a.sends()
    suspend(world.a)
    stopped = world.b.says("admitted", re=inquiry)
    world.a.says("received")
    lost = world.b.sends()
    over = world.b.says("withdrawn", re=lost)

    blind = fold_of(world.logs(without={lost.id})).shelf.row(over.id)
    assert blind is not None
    assert (world.verdict(stopped), world.verdict(lost), world.verdict(over)) == (
        STOPPED,
        STOPPED,
        "void:no-target",
    )
    assert blind.verdict.text == "void:no-target"


# ---- what stays open by the terms


PRESERVED = found("preserved", 0)


@pytest.mark.parametrize("stays", ["", "preservation", "safety_of_life", "hotline"])
def test_safety_of_life_goes_on_where_the_terms_say_so(stays: str) -> None:
    world = closing(*filter(None, [stays]))
    before = world.a.sends(urgency="U0")
    urgent = world.a.sends(urgency="U1")
    suspend(world.b)
    said = [world.b.says("admitted", re=before), world.a.sends(urgency="U0"), world.a.sends(urgency="U1")]
    said.append(world.b.says("admitted", re=urgent))

    goes_on = "valid" if stays == "safety_of_life" else STOPPED
    assert [world.verdict(each) for each in said] == [goes_on, goes_on, STOPPED, STOPPED]


@pytest.mark.parametrize("stays", ["", "preservation", "safety_of_life", "hotline"])
def test_preservation_goes_on_where_the_terms_say_so(stays: str) -> None:
    world = closing(*filter(None, [stays]))
    only = world.a.sends(wants=("preserve",))
    mixed = world.a.sends(wants=("mitigate", "preserve"))
    other = world.a.sends()
    suspend(world.b)
    goes_on = [
        world.a.sends(wants=("preserve",)),
        world.b.says("acknowledged", re=mixed),
        world.b.says("extended", re=mixed, clock="preserve", until=world.now + DAY),
        world.b.says("answered", re=mixed, findings=[PRESERVED]),
        world.b.says("admitted", re=only),
        world.a.says("status_asked", re=only),
    ]
    stopped = [
        world.a.sends(wants=("mitigate", "preserve")),
        world.b.says("admitted", re=mixed),
        world.b.says("extended", re=mixed, clock="mitigate", until=world.now + DAY),
        world.b.says("answered", re=mixed, findings=[PRESERVED, found("mitigated", 0)]),
        world.b.says("acknowledged", re=other),
        world.a.says("status_asked", re=mixed),
    ]

    expected = ["valid" if stays == "preservation" else STOPPED] * 6
    assert [world.verdict(each) for each in goes_on] == expected
    assert [world.verdict(each) for each in stopped] == [STOPPED] * 6


# ---- clocks


WANTS = ("mitigate", "preserve", "operator", "subscriber")
CLOCKS = ("acknowledge", "admit", "mitigate", "evidence", "subscriber", "status")


def asked(world: World) -> Statement:
    """Return an inquiry with a question about how it stands, both received on a Monday at 10:00."""
    inquiry = world.a.sends(urgency="U1", wants=WANTS)
    world.a.says("status_asked", re=inquiry)
    world.b.says("received")
    return inquiry


def test_clocks_stand_still_from_the_debtors_suspension_to_its_resumption() -> None:
    world = World()
    inquiry = asked(world)
    world.wait(HOUR)
    stop = suspend(world.b)
    began = world.now
    world.wait(10 * HOUR)
    stood = {clock: world.timer(inquiry, clock) for clock in CLOCKS}
    resume(world.b, stop)

    assert {timer.phase for timer in stood.values()} == {Phase.PAUSED}
    assert {timer.paused_since for timer in stood.values()} == {began}
    assert world.due(inquiry, "mitigate") == "2026-11-17 08:00"
    assert world.due(inquiry, "acknowledge") == "2026-11-16 22:00"
    assert [world.timer(inquiry, clock).pauses for clock in CLOCKS] == [((began, world.now),)] * 6


def test_the_other_sides_suspension_counts_from_when_the_debtor_had_it() -> None:
    world = World()
    inquiry = asked(world)
    world.a.skew = 5 * HOUR
    stop = suspend(world.a)
    unseen = world.due(inquiry, "mitigate")
    world.wait(HOUR)
    world.b.says("received")
    began = world.now
    world.wait(2 * HOUR)
    resume(world.a, stop)
    still = world.timer(inquiry, "mitigate").phase
    world.wait(HOUR)
    world.b.says("received")

    assert (unseen, still) == ("2026-11-16 22:00", Phase.PAUSED)
    assert world.timer(inquiry, "mitigate").pauses == ((began, world.now),)
    assert world.due(inquiry, "mitigate") == "2026-11-17 01:00"


def test_suspensions_of_both_sides_and_a_return_are_one_pause() -> None:
    world = World()
    inquiry = asked(world)
    began = world.now
    returned = world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    one = suspend(world.a)
    two = suspend(world.b, scope=ITEM)
    world.wait(HOUR)
    resume(world.a, one)
    world.b.says("received")
    world.wait(HOUR)
    resume(world.b, two)
    world.wait(HOUR)
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert world.timer(inquiry, "mitigate").pauses == ((began, world.now),)
    assert world.timer(inquiry, "acknowledge").pauses == ()


def test_the_suspension_of_another_item_pauses_nothing() -> None:
    world = World()
    inquiry = asked(world)
    suspend(world.b, scope=OTHER)

    assert {world.timer(inquiry, clock).phase for clock in CLOCKS} == {Phase.RUNNING}


def test_the_clock_for_preserving_runs_on_where_it_stays_open() -> None:
    runs, stands = World(), closing()
    for world in (runs, stands):
        inquiry = asked(world)
        suspend(world.b)
        phase = world.timer(inquiry, "preserve").phase
        assert phase is (Phase.RUNNING if world is runs else Phase.PAUSED)


def test_every_clock_of_what_stays_open_altogether_runs_on() -> None:
    world = World()
    life, only = world.a.sends(urgency="U0"), world.a.sends(wants=("preserve",))
    world.b.says("received")
    suspend(world.b)

    for inquiry, clocks in (
        (life, ("acknowledge", "admit", "mitigate")),
        (only, ("acknowledge", "admit", "preserve")),
    ):
        assert {world.timer(inquiry, clock).phase for clock in clocks} == {Phase.RUNNING}


def test_an_inquiry_that_crossed_the_suspension_starts_standing() -> None:
    world = World()
    world.b.says("received")
    stop = suspend(world.b)
    cut = len(world.b.log) - 1
    inquiry = world.a.sends(urgency="U1", seen=cut)
    world.wait(HOUR)
    world.b.says("received")
    standing = world.timer(inquiry, "mitigate")
    world.wait(HOUR)
    resume(world.b, stop)

    assert (standing.phase, standing.left) == (Phase.PAUSED, 12 * HOUR)
    assert world.due(inquiry, "mitigate") == "2026-11-17 00:00"


def test_a_suspension_that_is_over_leaves_no_trace_in_later_inquiries() -> None:
    world = World()
    stop = suspend(world.b)
    world.wait(DAY)
    resume(world.b, stop)
    inquiry = asked(world)

    assert world.timer(inquiry, "mitigate").pauses == ()


def test_a_suspension_of_years_leaves_what_was_left() -> None:
    world = World()
    inquiry = asked(world)
    world.wait(HOUR)
    stop = suspend(world.b)
    world.wait(3 * 365 * DAY)
    resume(world.b, stop)

    assert world.due(inquiry, "mitigate") == date_text(world.now + 11 * HOUR)
    world.wait(11 * HOUR)
    answered = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    assert world.verdict(answered) == "valid"
    assert world.timer(inquiry, "mitigate").phase is Phase.MET


def test_days_stand_still_too() -> None:
    world = World()
    inquiry = world.a.sends(urgency="U2", wants=("operator",))
    world.b.says("received")
    before = world.due(inquiry, "evidence")
    world.wait(DAY)
    stop = suspend(world.b)
    world.wait(10 * DAY)
    resume(world.b, stop)

    assert (before, world.due(inquiry, "evidence")) == ("2026-12-17 00:00", "2026-12-27 00:00")


def test_what_was_answered_before_the_suspension_has_no_pause() -> None:
    world = World()
    inquiry = asked(world)
    world.wait(HOUR)
    world.b.says("answered", re=inquiry, findings=[found("no_data", 0)])
    suspend(world.b)

    assert world.timer(inquiry, "mitigate").phase is Phase.MET
    assert world.timer(inquiry, "mitigate").pauses == ()


def test_an_extension_is_judged_by_what_was_due_with_the_standstill() -> None:
    world = World()
    inquiry = asked(world)
    stop = suspend(world.b)
    world.wait(20 * HOUR)
    resume(world.b, stop)
    world.b.says("extended", re=inquiry, clock="mitigate", until=world.now + 14 * HOUR)

    assert world.timer(inquiry, "mitigate").extended
    assert world.due(inquiry, "mitigate") == date_text(world.now + 14 * HOUR)


def test_who_reads_on_is_told_that_clocks_may_have_changed() -> None:
    world = World()
    inquiry = world.a.sends()
    stop = suspend(world.a)
    world.b.says("received")
    world.b.says("progressed", re=inquiry)
    resume(world.a, stop)
    world.b.says("received")
    record = Record(MemoryShelf(), SIDES, TOY)
    order = [
        *world.a.log[:1],
        *world.b.log[:1],
        *world.a.log[1:3],
        *world.b.log[1:3],
        world.a.log[3],
        world.b.log[3],
    ]

    changes = [record.absorb(each.writer, each.raw, each.act).link_changed for each in order]

    assert changes == [True, True, False, True, True, False, True, True]
