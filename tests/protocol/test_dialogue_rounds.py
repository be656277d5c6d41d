"""Rounds and outcome lists: who may say what, from which state, and what comes of it. Spec §17.6 to §17.9."""

import base64
from collections.abc import Callable, Mapping

import pytest

from parley.protocol.act import id_text
from parley.protocol.dialogue import meeting as meetings
from parley.protocol.dialogue import outcome as outcomes
from parley.protocol.dialogue.bodies import Source, Stance
from parley.protocol.dialogue.meeting import alternates
from parley.protocol.dialogue.release import digest_of
from parley.protocol.strictjson import JsonSource
from tests.protocol.rounds import CLAUSE, OTHER, RELEASE_IN, WORDS, Dialogue, plan
from tests.protocol.world import DAY, A, B, Statement

ID = "A" * 43
MEMBERS: list[JsonSource] = [{"role": "minister", "count": 1}, {"role": "adviser", "count": 4}]


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


def test_a_round_is_agreed_by_both(dialogue: Dialogue) -> None:
    meeting = dialogue.invites()

    assert dialogue.round(meeting).state is meetings.State.PROPOSED
    dialogue.says("round.agreed", meeting, by=B)
    assert dialogue.round(meeting).state is meetings.State.AGREED


def test_another_plan_holds_once_both_want_it(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()
    later = plan(dialogue.world.now + DAY, host="B")
    replanned = dialogue.says("round.replanned", meeting, later, by=B)

    assert dialogue.round(meeting).plan.host == "A"
    dialogue.says("round.agreed", replanned, by=A)
    assert (dialogue.round(meeting).plan.host, dialogue.round(meeting).proposed.number) == ("B", 3)


@pytest.mark.parametrize("liar", [A, B])
@pytest.mark.parametrize("ends", range(2**40, 2**40 + 5))
def test_no_date_decides_which_of_two_plans_that_crossed_holds(
    dialogue: Dialogue, liar: str, ends: int
) -> None:
    meeting = dialogue.meets()
    dialogue.pen(liar).skew = 1000 * DAY
    one, two = (
        dialogue.says("round.replanned", meeting, said, by=by, heard=False, seen=None)
        for by, said in ((by, plan(dialogue.world.now, host=by[0].upper(), ends=ends)) for by in (A, B))
    )
    dialogue.says("round.agreed", one, by=B, heard=False)
    dialogue.says("round.agreed", two, by=A, heard=False)

    assert dialogue.round(meeting).plan.host == ("A" if one.id < two.id else "B")
    again = dialogue.says("round.replanned", two, plan(dialogue.world.now, host="B"), by=A)
    dialogue.says("round.agreed", again, by=B)
    assert dialogue.round(meeting).plan.ends == dialogue.world.now + 4 * DAY


def test_delegations_agenda_papers_and_reports_are_kept_by_role_and_by_source(dialogue: Dialogue) -> None:
    meeting = dialogue.invites()
    dialogue.says("round.delegated", meeting, by=B, chair="minister", members=MEMBERS)
    items = [
        dialogue.says("round.item_proposed", meeting, by=A, source=source.value, of=None, text=WORDS)
        for source in Source
    ]
    dialogue.says("round.agreed", items[0], by=B)
    for stance in Stance:
        dialogue.says("round.stated", items[0], by=B, stance=stance.value)
    report = dialogue.says("round.group_reported", meeting, by=A, group="experts", text=WORDS)
    dialogue.says("round.agreed", report, by=B)

    found = dialogue.round(meeting)
    assert found.delegations[B].chair == "minister"
    assert len(found.stated[B]) == 2
    assert {made.status.value for made in found.offers.made.values()} == {"open", "agreed"}


def test_the_next_round_is_set_by_both_and_alternates(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()
    following = plan(dialogue.world.now + 180 * DAY, host="B")
    proposed = dialogue.says("round.next_proposed", meeting, following, by=A)

    assert dialogue.round(meeting).next is None
    dialogue.says("round.agreed", proposed, by=B)
    found = dialogue.round(meeting)
    assert found.next is not None
    assert alternates(found.proposed, found.next.host)
    assert not alternates(found.proposed, "A")


def test_a_round_is_closed_by_both_and_its_list_outlives_it(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    dialogue.says("round.closed", meeting, by=A)
    assert dialogue.round(meeting).state is meetings.State.AGREED
    dialogue.says("round.closed", meeting, by=B)
    assert dialogue.round(meeting).state is meetings.State.CLOSED

    late = dialogue.says("round.delegated", meeting, by=B, chair="minister", members=MEMBERS)
    assert dialogue.verdict(late) == "void:wrong-state"
    assert dialogue.verdict(dialogue.freezes(meeting, by=A)) == "valid"


def test_a_closed_round_is_closed_once_and_answers_nothing_more(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()
    item = dialogue.says("round.item_proposed", meeting, by=A, source="other", of=None, text=WORDS)
    dialogue.says("round.closed", meeting, by=A)
    dialogue.world.wait(1)
    assert dialogue.verdict(dialogue.says("round.closed", meeting, by=A)) == "void:wrong-state"

    dialogue.says("round.closed", meeting, by=B)
    assert dialogue.verdict(dialogue.says("round.agreed", item, by=B)) == "void:wrong-state"


def test_a_view_is_of_the_round_or_of_an_item(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()
    decided = dialogue.says("round.decided", meeting, by=A, guideline=None, text=WORDS)

    assert dialogue.verdict(dialogue.says("round.stated", decided, by=B, stance="view")) == "void:no-target"


def test_a_role_stands_once_and_the_chair_is_one_of_them(dialogue: Dialogue) -> None:
    meeting = dialogue.invites()
    for chair, members in (("minister", [MEMBERS[0], MEMBERS[0]]), ("nobody", MEMBERS)):
        said = dialogue.says("round.delegated", meeting, by=A, chair=chair, members=members)
        assert dialogue.verdict(said) == "void:schema"


# ---- the table of moves: every kind from every state

STATES: Mapping[str, Callable[[Dialogue], Statement]] = {
    "proposed": lambda d: d.invites(),
    "declined": lambda d: _then(d, d.invites(), ("round.declined", B)),
    "withdrawn": lambda d: _then(d, d.invites(), ("round.withdrawn", A)),
    "agreed": lambda d: d.meets(),
    "closed": lambda d: _then(d, d.meets(), ("round.closed", A), ("round.closed", B)),
}
BOTH = {"proposed", "agreed"}
PLAN: Mapping[str, JsonSource] = {"host": "A", "begins": 1, "ends": 2, "text": WORDS}
MOVES: tuple[tuple[str, Mapping[str, JsonSource], set[str]], ...] = (
    ("round.replanned", PLAN, BOTH),
    ("round.item_proposed", {"source": "review", "of": None, "text": WORDS}, BOTH),
    ("round.group_reported", {"group": "experts", "text": WORDS}, BOTH),
    ("round.decided", {"guideline": ID, "text": WORDS}, {"agreed"}),
    ("round.next_proposed", PLAN, {"agreed"}),
    ("round.agreed", {}, {"proposed", "declined"}),
    ("round.declined", {}, {"proposed"}),
    ("round.delegated", {"chair": "minister", "members": MEMBERS}, BOTH),
    ("round.stated", {"stance": "view"}, BOTH),
    ("round.closed", {}, {"agreed"}),
    ("outcome.clause_proposed", {"place": 1, "clause": CLAUSE}, {"agreed", "closed"}),
    ("outcome.frozen", {"release": 2**40, "digest": ID}, set()),
)


def _then(dialogue: Dialogue, meeting: Statement, *moves: tuple[str, str]) -> Statement:
    for kind, by in moves:
        dialogue.says(kind, meeting, by=by)
    return meeting


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("kind", "d", "allowed"), MOVES, ids=[row[0] for row in MOVES])
def test_every_move_is_tried_from_every_state(
    dialogue: Dialogue, state: str, kind: str, d: Mapping[str, JsonSource], allowed: set[str]
) -> None:
    meeting = STATES[state](dialogue)
    assert dialogue.round(meeting).state.value == state

    verdict = dialogue.verdict(dialogue.says(kind, meeting, d, by=B))

    assert verdict == ("valid" if state in allowed else "void:wrong-state")


def test_who_offered_withdraws_while_it_is_not_agreed(dialogue: Dialogue) -> None:
    meeting = dialogue.invites()

    assert dialogue.verdict(dialogue.says("round.withdrawn", meeting, by=B)) == "void:not-writer"
    dialogue.says("round.declined", meeting, by=B)
    assert dialogue.verdict(dialogue.says("round.withdrawn", meeting, by=A)) == "valid"
    assert dialogue.verdict(dialogue.says("round.agreed", meeting, by=B)) == "void:wrong-state"


# ---- the list


def test_the_list_is_the_clauses_that_both_want_in_their_order(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()
    clauses = [dialogue.adds(meeting, place=place) for place in (4, 2, 5, 1, 6, 3)]
    for clause in clauses[:-1]:
        dialogue.says("outcome.agreed", clause, by=B)

    found = dialogue.round(meeting).outcome.clauses
    assert [each.id for each in found] == [clauses[n].id for n in (3, 1, 0, 2, 4)]


def test_a_round_has_room_for_256_clauses(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()
    clauses = [dialogue.adds(meeting, place=1 + n, heard=False) for n in range(257)]

    assert [dialogue.verdict(each) for each in clauses[-2:]] == ["valid", "void:wrong-state"]


def test_an_amendment_holds_once_both_want_it_and_may_strike_the_clause_out(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    (clause,) = dialogue.round(meeting).outcome.clauses
    amended = dialogue.says("outcome.amended", clause.id, by=B, place=4, clause=OTHER)

    assert dialogue.round(meeting).outcome.clauses[0].said.place == 1
    dialogue.says("outcome.agreed", amended, by=A)
    assert dialogue.round(meeting).outcome.clauses[0].version == amended.id
    struck = dialogue.says("outcome.amended", amended, by=A, place=4, clause=None)
    dialogue.says("outcome.agreed", struck, by=B)
    assert dialogue.round(meeting).outcome.clauses == ()


def test_an_answer_to_a_clause_is_of_its_own_page(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()
    clause = dialogue.adds(meeting)

    assert dialogue.verdict(dialogue.says("round.agreed", clause, by=B)) == "void:no-target"
    assert dialogue.verdict(dialogue.says("outcome.agreed", meeting, by=B)) == "void:no-target"


def test_a_list_is_frozen_when_both_froze_the_same_bytes(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    dialogue.freezes(meeting, by=A)

    assert dialogue.round(meeting).outcome.state is outcomes.State.HALF_FROZEN
    dialogue.freezes(meeting, by=B, release=dialogue.world.now + 2 * DAY)
    assert dialogue.round(meeting).outcome.state is outcomes.State.HALF_FROZEN
    again = dialogue.freezes(meeting, by=B)
    assert dialogue.verdict(again) == "valid"
    assert dialogue.round(meeting).outcome.state is outcomes.State.FROZEN


def test_one_person_alone_freezes_no_list(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()

    assert dialogue.verdict(dialogue.freezes(meeting, by=A, roots=(1,))) == "void:threshold"


def test_nobody_freezes_another_list_than_the_one_it_sees(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    release = dialogue.world.now + RELEASE_IN
    before = dialogue.digest(meeting, release)
    clause = dialogue.adds(meeting, place=2, clause=OTHER)
    dialogue.says("outcome.agreed", clause, by=B)

    old = dialogue.freezes(meeting, by=A, release=release, digest=before)
    assert dialogue.verdict(old) == "void:wrong-state"
    # Who has not seen the clause yet freezes what it sees; it is not what the other side can freeze.
    assert dialogue.round(meeting).outcome.state is outcomes.State.DRAFTED


def test_a_release_that_is_over_is_not_frozen_and_an_empty_list_neither(dialogue: Dialogue) -> None:
    meeting, empty = dialogue.concludes(), dialogue.meets()
    now = dialogue.world.now

    assert dialogue.verdict(dialogue.freezes(meeting, by=A, release=now)) == "void:wrong-state"
    assert dialogue.verdict(dialogue.freezes(empty, by=A, digest=ID)) == "void:wrong-state"


def test_nobody_freezes_the_same_twice_and_nobody_for_ever(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    now = dialogue.world.now
    dialogue.freezes(meeting, by=A)
    dialogue.world.wait(1)
    again = dialogue.freezes(meeting, by=A, release=now + RELEASE_IN)
    assert dialogue.verdict(again) == "void:wrong-state"

    digests = [dialogue.digest(meeting, now + n * DAY) for n in range(1, 65)]
    last = [
        dialogue.freezes(meeting, by=A, release=now + n * DAY, digest=digest)
        for n, digest in enumerate(digests, start=1)
    ]
    assert [dialogue.verdict(each) for each in last[-2:]] == ["valid", "void:wrong-state"]


def test_a_frozen_list_changes_no_more(dialogue: Dialogue) -> None:
    meeting = dialogue.agrees_on_list()
    (clause,) = dialogue.round(meeting).outcome.clauses
    said = [
        dialogue.adds(meeting),
        dialogue.says("outcome.amended", clause.id, by=B, place=1, clause=OTHER),
        dialogue.freezes(meeting, by=A, release=dialogue.world.now + DAY),
    ]

    assert [dialogue.verdict(each) for each in said] == ["void:wrong-state"] * 3


def test_a_change_that_crossed_the_freezing_leaves_what_both_signed(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    release = dialogue.world.now + RELEASE_IN
    digest = dialogue.digest(meeting, release)
    seen = len(dialogue.world.b.log)
    dialogue.freezes(meeting, by=A)
    dialogue.freezes(meeting, by=B)
    late = dialogue.adds(meeting, by=B, clause=OTHER)
    crossed = dialogue.says("outcome.clause_proposed", meeting, by=A, seen=seen, place=7, clause=OTHER)

    assert (dialogue.verdict(late), dialogue.verdict(crossed)) == ("void:wrong-state", "void:wrong-state")
    frozen = dialogue.round(meeting).outcome.agreed
    assert frozen is not None
    assert frozen.digest == digest


def test_what_both_froze_is_made_public_though_a_clause_crossed_it(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    clause = dialogue.adds(meeting, place=2, clause=OTHER)
    release = dialogue.world.now + RELEASE_IN
    digest = dialogue.digest(meeting, release)
    seen = len(dialogue.world.a.log)
    dialogue.freezes(meeting, by=A, release=release, heard=False)
    # B freezes what it had seen, and agrees to one more clause before it hears of A's freezing.
    dialogue.freezes(meeting, by=B, release=release, heard=False, seen=seen)
    crossed = dialogue.says("outcome.agreed", clause, by=B, seen=seen)

    assert dialogue.verdict(crossed) == "valid"
    found = dialogue.round(meeting).outcome
    assert found.state is outcomes.State.FROZEN
    assert found.public is not None
    assert id_text(digest_of(found.public.text())) == digest
    assert [len(each.clauses) for each in (found, found.public)] == [2, 1]


# ---- the release


def test_nobody_releases_before_the_instant_and_both_seals_make_it_joint(dialogue: Dialogue) -> None:
    meeting = dialogue.agrees_on_list()
    early = dialogue.releases(meeting, by=A)
    assert dialogue.verdict(early) == "void:wrong-state"

    dialogue.world.wait(RELEASE_IN)
    dialogue.releases(meeting, by=A)
    assert dialogue.round(meeting).outcome.state is outcomes.State.HALF_RELEASED
    dialogue.releases(meeting, by=B)
    assert dialogue.round(meeting).outcome.state is outcomes.State.RELEASED


def test_a_list_that_one_side_alone_froze_is_released_by_nobody(dialogue: Dialogue) -> None:
    meeting = dialogue.concludes()
    dialogue.freezes(meeting, by=A)
    dialogue.world.wait(RELEASE_IN)

    assert dialogue.verdict(dialogue.releases(meeting, by=A)) == "void:wrong-state"


def test_a_seal_of_another_key_list_link_or_time_is_none(dialogue: Dialogue) -> None:
    meeting = dialogue.agrees_on_list()
    frozen = dialogue.round(meeting).outcome.agreed
    assert frozen is not None
    dialogue.world.wait(RELEASE_IN)
    seals = [
        dialogue.seal(B, release=frozen.release, digest=frozen.digest, at=dialogue.world.now),
        dialogue.seal(A, release=frozen.release, digest=ID, at=dialogue.world.now),
        dialogue.seal(A, release=frozen.release - 1, digest=frozen.digest, at=frozen.release - 1),
        dialogue.seal(
            A, release=frozen.release, digest=frozen.digest, at=dialogue.world.now, link="ex-1/a-b"
        ),
        b"no note at all",
    ]

    for seal in seals:
        assert dialogue.verdict(dialogue.releases(meeting, by=A, seal=seal)) == "void:schema"


def test_a_seal_on_a_list_that_was_not_frozen_releases_nothing(dialogue: Dialogue) -> None:
    meeting = dialogue.agrees_on_list()
    release = dialogue.world.now + RELEASE_IN
    dialogue.world.wait(RELEASE_IN)
    made = dialogue.seal(A, release=release, digest=ID, at=dialogue.world.now)
    said: dict[str, JsonSource] = {
        "release": release,
        "digest": ID,
        "note": base64.b64encode(made).decode(),
    }

    assert dialogue.verdict(dialogue.says("outcome.released", meeting, said, by=A)) == "void:wrong-state"


def test_nobody_releases_twice(dialogue: Dialogue) -> None:
    meeting = dialogue.agrees_on_list()
    dialogue.world.wait(RELEASE_IN)
    dialogue.releases(meeting, by=A)
    dialogue.world.wait(1)

    assert dialogue.verdict(dialogue.releases(meeting, by=A)) == "void:wrong-state"
