"""Which guideline is in force: signed by two persons of each side, from its day on. Spec §16.3, §16.5."""

import random
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.guidelines.bodies import MAX_DRAFTS
from parley.protocol.guidelines.text import Guideline
from parley.protocol.strictjson import JsonSource
from tests.protocol.arrivals import logs_of, read_in_any_order, summary
from tests.protocol.guided import QUICKER, SLOWER, TERMS, Table, text_of
from tests.protocol.stops import resume, suspend
from tests.protocol.world import DAY, HOUR, START, A, B, Statement, Wording, World, fold_of

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
LATER = START + DAY


def test_a_text_that_both_sides_signed_is_in_force_from_its_day_on() -> None:
    table = Table()
    table.agrees()

    assert table.terms(at=LATER - 1) == TERMS
    assert table.terms(at=LATER) == SLOWER


def test_a_text_that_one_side_signed_is_not_in_force() -> None:
    table = Table()
    draft = table.drafts()
    table.signs(draft, by=A)

    assert table.terms(at=LATER) == TERMS


def test_one_person_alone_signs_no_text() -> None:
    table = Table()
    draft = table.drafts()
    table.signs(draft, by=A)

    alone = table.signs(draft, by=B, roots=(1,))

    assert table.verdict(alone) == "void:threshold"
    assert table.terms(at=LATER) == TERMS


def test_an_inquiry_keeps_the_terms_that_were_in_force_when_it_was_sent() -> None:
    table = Table()
    world = table.world
    before = world.a.sends(urgency="U0")
    table.agrees()
    world.wait(DAY)
    after = world.a.sends(urgency="U0")
    world.b.says("received")

    assert world.timer(before, "acknowledge").limit == "30m"
    assert world.timer(after, "acknowledge").limit == "24h"


def test_the_clock_of_the_writer_decides_by_which_text_it_speaks() -> None:
    # Two inquiries that cross, one on each side of the day: each lives by what its own writer's clock said.
    table = Table()
    world = table.world
    table.agrees()
    world.a.says("received")
    world.wait(DAY)
    world.b.skew = -2 * HOUR
    late, early = world.a.sends(urgency="U0", seen=None), world.b.sends(urgency="U0", seen=None)
    world.a.says("received")
    world.b.says("received")

    assert world.timer(late, "acknowledge").limit == "24h"
    assert world.timer(early, "acknowledge").limit == "30m"


def test_each_side_may_find_the_text_in_a_draft_of_its_own() -> None:
    table = Table()
    mine, theirs = table.drafts(by=A), table.drafts(by=B)
    table.signs(mine, by=A)
    table.signs(theirs, by=B)

    assert table.terms(at=LATER) == SLOWER


def test_a_digest_that_stands_beside_other_terms_agrees_to_nothing() -> None:
    # A lying draft: the digest of the text that the other side signs, and terms of its own beside it.
    table = Table()
    honest = table.drafts(by=A)
    lying = table.drafts(by=B, more={"terms": QUICKER})
    table.signs(honest, by=A)
    table.signs(lying, by=B)

    assert table.terms(at=LATER) == TERMS


def test_a_later_text_takes_the_place_of_an_earlier_one() -> None:
    table = Table()
    second = text_of(QUICKER, since=LATER + DAY)
    table.agrees()
    table.agrees(second, by=B)

    assert [table.terms(at=at) for at in (START, LATER, LATER + DAY)] == [TERMS, SLOWER, QUICKER]


def test_a_text_that_is_signed_later_for_an_earlier_day_supersedes_nothing() -> None:
    table = Table()
    table.agrees(text_of(QUICKER, since=START + HOUR))
    table.agrees(text_of(SLOWER, since=START + HOUR // 2))

    assert table.terms(at=LATER) == QUICKER


def test_an_amended_text_is_another_text() -> None:
    table = Table()
    other = text_of(QUICKER)
    draft = table.drafts()
    amended = table.drafts(other, by=B, re=draft)
    table.signs(amended, by=B, text=other)
    wrong = table.signs(amended, by=A)
    table.signs(amended, by=A, text=other)

    assert table.verdict(wrong) == "void:schema"
    assert table.terms(at=LATER) == QUICKER


def test_a_draft_that_is_withdrawn_cannot_be_signed() -> None:
    table = Table()
    draft = table.drafts()
    withdrawn = table.withdraws(draft)

    assert table.verdict(withdrawn) == "valid"
    assert table.verdict(table.signs(draft, by=B)) == "void:wrong-state"
    assert table.verdict(table.signs(draft, by=A)) == "void:wrong-state"
    assert table.verdict(table.withdraws(draft)) == "void:wrong-state"


def test_a_signature_that_crosses_the_withdrawal_stands_and_binds_nobody() -> None:
    table = Table()
    draft = table.drafts()
    table.pen(B).says("received")
    table.withdraws(draft, seen=None)
    signed = table.signs(draft, by=B, seen=None)

    assert table.verdict(signed) == "valid"
    assert table.terms(at=LATER) == TERMS


def test_who_has_signed_cannot_withdraw() -> None:
    table = Table()
    draft = table.drafts()
    table.signs(draft, by=A)

    assert table.verdict(table.withdraws(draft)) == "void:wrong-state"


def test_the_draft_of_the_other_side_is_not_mine_to_withdraw() -> None:
    table = Table()

    assert table.verdict(table.withdraws(table.drafts(by=A), by=B)) == "void:not-writer"


def test_an_offer_ends_when_its_day_has_come() -> None:
    table = Table()
    draft = table.drafts()
    table.signs(draft, by=A)
    table.world.wait(DAY + 1)

    kept_in_a_drawer = table.signs(draft, by=B)

    assert table.verdict(kept_in_a_drawer) == "void:wrong-state"
    assert table.terms() == TERMS


def test_a_side_signs_a_draft_once() -> None:
    table = Table()
    draft = table.drafts()
    table.signs(draft)

    assert table.verdict(table.signs(draft)) == "void:wrong-state"


@pytest.mark.parametrize("kind", ["guideline.amended", "guideline.signed", "guideline.withdrawn"])
def test_what_names_no_draft_of_its_past_is_void(kind: str) -> None:
    table = Table()
    table.drafts(by=B)
    unseen = table.drafts(text_of(QUICKER), by=B)
    draft = text_of(QUICKER).draft
    d: dict[str, dict[str, JsonSource]] = {
        "guideline.amended": {"text": draft.text, "terms": draft.terms, "since": draft.since},
        "guideline.signed": {"text": draft.text},
        "guideline.withdrawn": {},
    }
    wording = Wording(kind=kind, re=unseen.id, log=table.pen(A).side.origin, roots=(1, 2))

    said = table.pen(A).words(wording, d[kind], seen=len(table.pen(B).log) - 1)

    assert table.verdict(said) == "void:no-target"


@pytest.mark.parametrize(
    "more",
    [
        {"terms": "{}"},
        {"terms": TERMS.replace("b.example", "c.example")},
        {"terms": TERMS.replace('"world":"live"', '"world":"demo"')},
        {"text": "short"},
        {"since": -1},
        {"more": 1},
    ],
    ids=["no terms", "other nodes", "another world", "no digest", "no instant", "a field too many"],
)
def test_a_draft_that_is_none_is_void(more: dict[str, JsonSource]) -> None:
    table = Table()

    assert table.verdict(table.drafts(more=more)) == "void:schema"


def test_nothing_is_agreed_while_the_link_is_suspended() -> None:
    table = Table()
    draft = table.drafts()
    stop = suspend(table.pen(A), scope={"forum": "guideline"})
    stopped = [table.drafts(text_of(QUICKER)), table.signs(draft), table.withdraws(draft)]
    resume(table.pen(A), stop)
    after = table.signs(draft)

    assert {table.verdict(each) for each in stopped} == {"void:suspended"}
    assert table.verdict(after) == "valid"


def test_a_new_opening_of_both_sides_ends_what_was_agreed() -> None:
    table = Table()
    table.agrees()
    for pen in (table.world.a, table.world.b):
        pen.opens()

    assert table.terms(at=LATER) == TERMS


def test_a_text_whose_signature_could_not_be_opened_is_not_in_force() -> None:
    table = Table()
    draft = table.drafts()
    table.signs(draft, by=A)
    table.signs(draft, by=B)
    table.pen(A).says("unopened", re=table.pen(B).log[-1])

    assert table.terms(at=LATER) == TERMS


def test_a_side_cannot_fill_the_table() -> None:
    table = Table()
    table.pen(A).says("received")
    text = text_of()
    drafts = [table.drafts(text, seen=None) for _ in range(MAX_DRAFTS)]

    one_more = table.drafts(text, seen=None)

    assert {table.verdict(each) for each in drafts} == {"valid"}
    assert table.verdict(one_more) == "void:oversize"


def test_terms_that_do_not_list_them_make_them_unknown() -> None:
    table = Table(World(terms=TERMS.replace('"guideline.proposed":1,', "", 1)))

    assert table.verdict(table.drafts()) == "unknown"


TEXTS = (text_of(SLOWER), text_of(QUICKER), text_of(QUICKER, since=START + 3 * HOUR), text_of(TERMS))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: who, what, about which draft, having seen how much, after how long."""

    by_a: bool
    what: int
    target: int
    seen: int
    wait: int


STEPS = st.builds(
    Step, st.booleans(), st.integers(0, 9), st.integers(0, 9), st.integers(0, 5), st.integers(0, 3)
)
SCRIPTS = st.lists(STEPS, min_size=1, max_size=20)


def play(script: list[Step]) -> Table:
    """Return the table after the script."""
    table = Table()
    drafts: list[tuple[Statement, Guideline]] = [(table.drafts(), TEXTS[0])]
    for step in script:
        table.world.wait((0, 1, HOUR, 5 * HOUR)[step.wait])
        node = A if step.by_a else B
        pen = table.pen(node)
        seen = None if step.seen == 0 else max(1, len(pen.other.log) - step.seen + 1)
        draft, text = drafts[step.target % len(drafts)]
        match step.what:
            case 0 | 1:
                other = TEXTS[step.target % len(TEXTS)]
                re = draft if step.what else None
                drafts.append((table.drafts(other, by=node, re=re, seen=seen), other))
            case 2:
                table.withdraws(draft, by=node, seen=seen)
            case 3:
                pen.says("unopened", re=pen.other.log[-1 - step.target % min(3, len(pen.other.log))])
            case 4:
                pen.sends(urgency="U0", seen=seen)
            case 5:
                pen.opens(seen=seen)
            case 6:
                suspend(pen, scope=({"link": True}, {"forum": "guideline"})[step.target % 2], seen=seen)
            case _:
                table.signs(draft, by=node, text=text, seen=seen, roots=(1, 2) if step.target else (1,))
    return table


@FEW
@given(script=SCRIPTS, dice=st.integers(0, 2**32).map(random.Random))
def test_both_nodes_come_to_the_same_terms_however_statements_arrive(
    script: list[Step], dice: random.Random
) -> None:
    table = play(script)
    logs = logs_of(table.world)
    merged, arrived = fold_of(logs), read_in_any_order(logs, dice)

    assert summary(arrived) == summary(merged)
    past = {pen.node: len(pen.log) for pen in (table.world.a, table.world.b)}
    for at in (START, START + 3 * HOUR, LATER):
        one, two = (record.shelf.link().terms(past, at=at) for record in (merged, arrived))
        assert (one and one.text) == (two and two.text)


@FEW
@given(script=SCRIPTS, wait=st.integers(0, 3))
def test_no_text_is_in_force_that_two_persons_of_each_side_did_not_sign(
    script: list[Step], wait: int
) -> None:
    # Seen without the fold: whatever holds, both logs hold a signature of it by two persons.
    table = play([replace(each, wait=wait) if not each.what else each for each in script])
    terms = table.terms(at=LATER + DAY)

    if terms not in {None, TERMS}:
        signed = {
            pen.node: {row.re for row in table.world.record().shelf.link().said if row.writer == pen.node}
            for pen in (table.world.a, table.world.b)
        }
        assert all(signed.values())
        for pen in (table.world.a, table.world.b):
            valid = [
                each
                for each in pen.log
                if b'"guideline.signed"' in each.act and table.verdict(each) == "valid"
            ]
            assert valid
