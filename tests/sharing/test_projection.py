"""The record to rows, both sides' lists, and where the sealed content of an offer lies at every step."""

import pytest

from parley.ledger.enclosing import all_kept, drop, find_kept
from parley.ledger.sealed import NotSealedError, all_sealed
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.bodies import Grade
from parley.protocol.sharing.codes import Audience, Class, Declining, Result, Source
from parley.sharing import actions
from parley.sharing.actions import NothingAgreedError
from parley.sharing.models import Mention, Share
from parley.sharing.queries import count_shares, dossier_of, list_shares, shares_about
from parley.sharing.tasks import destroy_declined
from tests.sharing.givers import Givers, dump
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def waits(desks: Givers) -> dict[str, list[list[str]]]:
    """Return what each side reads of whose move it is."""
    found = {}
    for node in (A, B):
        desks.tell(node)
        found[node] = Share.objects.get().owed
    return found


def test_the_rows_are_the_same_told_at_every_step_or_at_once(desks: Givers) -> None:
    inquiry = desks.pair.sends()
    desks.offer(conditions=(Condition.CONFIDENTIAL,), about=(inquiry.statement,))
    desks.tell(B)
    desks.undertake(Condition.CONFIDENTIAL)
    desks.tell(B, anew=False)
    delivery = desks.deliver()
    desks.say(B, actions.evaluate, Grade(source=Source.B, information=2), on=delivery)
    desks.tell(B, anew=False)
    stepwise = dump()
    desks.tell(B)

    assert stepwise == dump()
    row = Share.objects.get()
    assert (row.state, row.evaluation, row.conditions) == ("delivered", "B2", ["confidential"])
    assert len(shares_about(LINK, Mention.objects.get().statement)) == 1
    assert desks.is_same()


def test_both_sides_read_whose_move_it_is_at_every_step(desks: Givers) -> None:
    desks.offer(conditions=(Condition.CONFIDENTIAL,))
    steps = [waits(desks)[A]]
    other = desks.undertake(Condition.NO_THIRD_PARTY)
    steps.append(waits(desks)[A])
    desks.say(A, actions.confirm, on=other)
    steps.append(waits(desks)[A])
    delivery = desks.deliver()
    steps.append(waits(desks)[A])
    desks.say(B, actions.evaluate, Grade(source=Source.A, information=1), on=delivery)
    desks.say(B, actions.notify_result, Result.MEASURES_TAKEN, on=delivery)
    asked = desks.say(B, actions.ask_release, Audience.PUBLIC, on=delivery)
    last = waits(desks)
    desks.say(A, actions.refuse_release, on=asked)

    assert steps == [
        [["them", "answer"]],
        [["us", "confirm"]],
        [["us", "deliver"]],
        [["them", "evaluate"], ["them", "result"]],
    ]
    assert last == {A: [["us", "permit"]], B: [["them", "permit"]]}
    assert waits(desks) == {A: [], B: []}
    assert (count_shares(is_open=True), len(list_shares(is_open=False).rows)) == (0, 1)


def test_the_content_lies_aside_until_it_is_delivered_and_nothing_else_takes_it_along(desks: Givers) -> None:
    desks.offer()
    home, kept = desks.pair.homes[A], desks.kept
    assert kept is not None
    aside = [each.hash for each in all_sealed(home, LINK)]
    drop(home, kept.hash)
    with pytest.raises(NothingAgreedError):
        desks.deliver()
    desks.say(B, actions.accept)
    desks.deliver()

    assert aside == [kept.hash]
    assert (find_kept(home, LINK, kept.hash), list(all_kept(home, LINK))) == (None, [])
    assert list(all_sealed(home, LINK)) == []
    assert desks.is_sealed_here(A)
    assert desks.is_sealed_here(B)
    with desks.pair.reader(A) as reader:
        assert destroy_declined(home, reader) == ()


def test_a_warning_is_delivered_at_once(desks: Givers) -> None:
    desks.offer(what=Class.WARNING)

    desks.deliver()

    assert desks.fold(B).state.value == "delivered"


def test_what_was_declined_is_destroyed_and_what_is_offered_elsewhere_stays(desks: Givers) -> None:
    desks.offer()
    gone = desks.kept
    desks.say(B, actions.decline, Declining.NO_NEED)
    declined = desks.offered
    desks.offer()
    home = desks.pair.homes[A]
    assert gone is not None
    with desks.pair.reader(A) as reader:
        destroyed = destroy_declined(home, reader)
        again = destroy_declined(home, reader)

    assert (destroyed, again) == ((gone.hash,), ())
    assert desks.is_sealed_here()
    desks.offered, desks.kept = declined, gone
    assert not desks.is_sealed_here()


def test_what_was_withdrawn_is_destroyed_with_the_word(desks: Givers) -> None:
    desks.offer()

    desks.withdraw()

    assert not desks.is_sealed_here()
    assert list(all_sealed(desks.pair.homes[A], LINK)) == []
    assert waits(desks) == {A: [], B: []}


def test_content_that_is_not_here_any_more_is_told_before_anything_is_said(desks: Givers) -> None:
    desks.offer()
    desks.say(B, actions.accept)
    for path in (desks.pair.homes[A].vault / "offered").iterdir():
        path.unlink()

    with pytest.raises(NotSealedError):
        desks.deliver()

    assert desks.fold(A).state.value == "accepted"


def test_the_page_says_to_whom_it_may_be_passed_on(desks: Givers) -> None:
    desks.offer(what=Class.NOTICE)
    desks.deliver()
    desks.tell(B)
    with desks.pair.reader(B) as reader:
        page = dossier_of(reader, reader.links()[0], desks.on.statement, now=desks.pair.clocks[B].time)

    assert (page.passing[Audience.AUTHORITY].value, page.passing[Audience.PUBLIC].value) == ("free", "ask")
    assert [each.kind for each in page.timeline.statements][:2] == ["sharing.offered", "sharing.delivered"]
    assert page.words[page.row.share].title is not None
    assert not page.is_expired
