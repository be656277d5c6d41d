"""The desk beside inquiries: what waits in the other rooms, for whom, until when, and where it is done."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from parley.cases import actions as cases
from parley.dialogue.actions import commitments
from parley.inquiries.forms.letter import text_of
from parley.ledger.drafts import Appended
from parley.node.projector import Projector, projections
from parley.protocol.cases.codes import Result
from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.text import Guideline
from parley.protocol.inquiries.codes import Condition
from parley.protocol.strictjson import JsonValue, read
from parley.work import clock
from tests.cases.desks import Desks, held, task
from tests.dialogue.table import DAY, Table
from tests.dialogue.table import words as along
from tests.links.office import Office, core_that_says, courier, words
from tests.sharing.givers import Givers
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed

pytestmark = pytest.mark.django_db(databases=["default", "view"])

Looks = Callable[[Any, str], str]


@pytest.fixture(name="looks")
def fixture_looks(settings: Settings) -> Looks:
    """Return the desk of a node, in words; its rows are told anew."""
    people: dict[str, Client] = {}
    told: list[tuple[str, int]] = []

    def look(pair: Pair, node: str) -> str:
        settings.HOME = pair.homes[node]
        if node not in people:
            people[node] = Office(pair, settings, node).person(f"Chen of {node}")
        with pair.reader(node) as reader:
            stand = (node, reader.last_change())
        if told[-1:] != [stand]:
            tell(pair, node)
            told.append(stand)
        with core_that_says(pair.homes[node], courier(succeeded_at=clock.now())):
            return words(people[node].get("/"))

    return look


def tell(pair: Pair, node: str) -> None:
    with pair.reader(node) as reader:
        projector = Projector(reader=reader, modules=projections(configured.PROJECTIONS))
        projector.empty()
        projector.catch_up()


def begun(hands: Any, settings: Settings) -> Any:  # noqa: ANN401 - any of the three rooms' nodes
    """Return two nodes whose clocks are those of this machine."""
    Office(hands.pair, settings)
    return hands


@pytest.fixture(name="table")
def fixture_table(tmp_path: Path, settings: Settings) -> Iterator[Table]:
    table = begun(Table(tmp_path), settings)
    yield table
    table.stop()


@pytest.fixture(name="desks")
def fixture_desks(tmp_path: Path, settings: Settings) -> Iterator[Desks]:
    desks = begun(Desks(tmp_path), settings)
    yield desks
    desks.stop()


@pytest.fixture(name="givers")
def fixture_givers(tmp_path: Path, settings: Settings) -> Iterator[Givers]:
    givers = begun(Givers(tmp_path), settings)
    yield givers
    givers.stop()


def now_of(text: str) -> str:
    return text.partition("Now: needs a person of ours")[2].partition("Due in the next 14 days")[0]


def due_of(text: str) -> str:
    return text.partition("Due in the next 14 days")[2].partition("New from the other side")[0]


def new_of(text: str) -> str:
    return text.partition("New from the other side")[2].partition("Leaving the building")[0]


# ---- What is shared


def test_an_offer_needs_the_receiver_and_not_its_offerer(givers: Givers, looks: Looks) -> None:
    offer = givers.offer(conditions=(Condition.CONFIDENTIAL,))

    theirs, ours = now_of(looks(givers.pair, B)), now_of(looks(givers.pair, A))

    assert f"an answer to the offer information offered {offer.place} Addresses of a botnet" in theirs
    assert "our move" in theirs
    assert "Nothing." not in theirs
    assert offer.place not in ours


def test_what_was_undertaken_needs_the_offerer_and_then_a_word_of_the_receiver(
    givers: Givers, looks: Looks
) -> None:
    offer = givers.offer(conditions=(Condition.CONFIDENTIAL,))
    givers.undertake(Condition.CONFIDENTIAL)

    assert f"the delivery information offered {offer.place}" in now_of(looks(givers.pair, A))

    givers.deliver()

    assert f"an evaluation information offered {offer.place}" in now_of(looks(givers.pair, B))
    assert offer.place not in now_of(looks(givers.pair, A))


# ---- Joint cases


def test_a_case_needs_who_was_asked_to_join_and_a_finding_who_was_asked_what_it_holds(
    desks: Desks, looks: Looks
) -> None:
    case = desks.propose()

    asked = now_of(looks(desks.pair, B))
    desks.say(B, cases.join)
    desks.give(A, held())

    assert f"whether to join joint case {case.place} Theft of personnel records" in asked
    assert f"a position on a finding joint case {case.place}" in now_of(looks(desks.pair, B))
    assert case.place not in now_of(looks(desks.pair, A))


def test_a_task_with_a_day_falls_due_on_both_desks_and_needs_nobody_before(
    desks: Desks, looks: Looks
) -> None:
    case = desks.open()
    begun_at = clock.now()
    said = desks.say(A, cases.set_task, task(start=begun_at + 60, due=begun_at + 5 * DAY))
    desks.say(B, cases.agree_task, on=said)

    ours, theirs = looks(desks.pair, B), looks(desks.pair, A)

    for text in (ours, theirs):
        assert f"our side a task to be done joint case {case.place}" in due_of(text)
        assert "a task to be done" not in now_of(text)


def test_a_joint_start_draws_near_on_both_desks_until_both_have_begun(desks: Desks, looks: Looks) -> None:
    case, now = desks.open(), clock.now()
    said = desks.say(A, cases.set_task, task(start=now + 2 * DAY))
    row = f"both sides joint start of a task joint case {case.place}"

    before = [due_of(looks(desks.pair, node)) for node in (A, B)]
    desks.say(B, cases.agree_task, on=said)
    agreed = [looks(desks.pair, node) for node in (A, B)]
    for node in (A, B):
        desks.say(node, cases.finish_task, Result.DONE, on=said)
    done = [due_of(looks(desks.pair, node)) for node in (A, B)]

    assert [row in text for text in (*before, *done)] == [False] * 4
    for text in agreed:
        assert row in due_of(text)
        assert "joint start" not in now_of(text)


def test_a_joint_start_that_is_over_is_late_for_nobody(desks: Desks, looks: Looks) -> None:
    desks.open()
    said = desks.say(A, cases.set_task, task(start=clock.now() - DAY))
    desks.say(B, cases.agree_task, on=said)

    assert all("joint start" not in looks(desks.pair, node) for node in (A, B))


# ---- The dialogue


def test_a_commitment_falls_due_for_who_gave_it_and_needs_nobody_before(table: Table, looks: Looks) -> None:
    promise = table.promises(due=table.now + 10 * DAY)
    row = f"to do it, and report commitment {promise.place} B answers within 20 working days."

    ours, theirs = looks(table.pair, B), looks(table.pair, A)

    assert f"our side {row}" in due_of(ours)
    assert f"b {row}" in due_of(theirs)
    assert promise.place not in now_of(ours)


def test_what_is_overdue_stands_first_with_us_and_on_top_of_what_they_owe(table: Table, looks: Looks) -> None:
    table.pass_to(table.now - 2 * DAY)
    late = table.promises(due=table.now + DAY)
    waits = table.proposes()

    ours, theirs = looks(table.pair, B), looks(table.pair, A)

    told = now_of(ours)
    assert told.index(f"to do it, and report commitment {late.place}") < told.index(
        f"to answer what was offered commitment {waits.place}"
    )
    assert "overdue by" in told
    assert late.place not in due_of(ours)
    assert f"b to do it, and report commitment {late.place}" in due_of(theirs)
    assert "overdue by" in due_of(theirs)


def test_a_concern_needs_an_answer_and_the_answer_a_word(table: Table, looks: Looks) -> None:
    promise = table.promises()
    concern = table.says(A, commitments.raise_concern, promise, along=along("Late again."))

    asked = now_of(looks(table.pair, B))
    table.says(B, commitments.answer_concern, concern, along=along("It will not be."))

    assert f"to answer a concern commitment {promise.place}" in asked
    assert f"to say whether the answer is enough commitment {promise.place}" in now_of(looks(table.pair, A))
    assert promise.place not in now_of(looks(table.pair, B))


def test_a_round_begins_for_both_and_its_list_is_frozen_and_released_in_time(
    table: Table, looks: Looks
) -> None:
    meeting = table.meets()
    table.clause(meeting)
    release = table.now + 2 * DAY
    table.freezes(A, meeting, release=release)

    half = looks(table.pair, B)
    table.freezes(B, meeting, release=release)
    frozen = looks(table.pair, B)

    row = f"round {meeting.place} no. 3 · In the guest house of the host."
    assert f"both sides the round begins {row}" in due_of(half)
    assert f"to sign the outcome list {row}" in now_of(half)
    assert f"our side to release at the agreed time {row}" in due_of(frozen)
    assert f"a to release at the agreed time {row}" in due_of(frozen)
    assert meeting.place not in now_of(frozen)


# ---- Guidelines and reviews


def test_a_text_needs_both_and_then_who_has_not_signed_until_its_day_comes(
    table: Table, looks: Looks
) -> None:
    drafted, text = drafted_by_a(table.pair, since=table.now + 10 * DAY)

    both = [now_of(looks(table.pair, node)) for node in (A, B)]
    sign(table.pair, A, drafted, text)
    half = [now_of(looks(table.pair, node)) for node in (A, B)]
    sign(table.pair, B, drafted, text)
    agreed = looks(table.pair, A)

    asked = f"to sign, or to answer with another text guideline {drafted.place}"
    assert all(asked in each for each in both)
    assert drafted.place not in half[0]
    assert f"to sign: they have signed guideline {drafted.place}" in half[1]
    assert f"both sides comes into force guideline {drafted.place}" in due_of(agreed)
    assert drafted.place not in now_of(agreed)


def test_a_cut_needs_who_was_asked_and_then_the_signatures_of_both(table: Table, looks: Looks) -> None:
    pair = table.pair
    cut: list[JsonValue] = [{"lane": "main", "sizes": [1, 1]}]
    said = pair.say(A, "review.cut_proposed", {"since": 1_700_000_000, "until": 1_800_000_000, "cut": cut})
    pair.settle()

    asked = [now_of(looks(pair, node)) for node in (A, B)]
    pair.say(B, "review.cut_agreed", {}, re=said.statement)
    pair.settle()

    row = f"review {said.place} 2023-11-14 – 2027-01-15"
    assert f"to agree to the cut {row}" in asked[1]
    assert said.place not in asked[0]
    assert all(f"to sign the figures {row}" in now_of(looks(pair, node)) for node in (A, B))


def drafted_by_a(pair: Pair, *, since: int) -> tuple[Appended, Guideline]:
    """Have A put a text on the table that takes effect at `since`."""
    with pair.reader(A) as reader:
        terms = reader.terms(LINK)
    assert terms is not None
    text = first_text(terms.text, since=since)
    d: dict[str, JsonValue] = {"text": text.digest, "terms": text.terms.text, "since": since}
    said = pair.say(A, "guideline.proposed", d, body={"text": read(text.raw), "note": None})
    pair.settle()
    return said, text


def sign(pair: Pair, node: str, said: Appended, text: Guideline) -> None:
    draft = prepared_draft(pair, node, "guideline.signed", {"text": text.digest}, re=said.statement)
    bring(pair, node, signed(pair, node, draft))
    pair.settle()


# ---- Leaving, new, and what others wrote


def test_what_was_begun_in_a_room_stays_here_and_goes_on_from_its_matter_or_its_own_form(
    desks: Desks, looks: Looks, settings: Settings
) -> None:
    case = desks.open()
    looks(desks.pair, B)
    page = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"
    zhao = Office(desks.pair, settings, B).person("Zhao")
    for form, page_id in ((f"{page}say/note/", "a" * 32), (f"/cases/{LINK}/new/", "b" * 32)):
        typed = {"text": "Half a sentence.", "title_en": "Another", "page": page_id, "do": "save"}
        assert zhao.post(form, typed).status_code == 303

    leaving = looks(desks.pair, B).partition("Leaving the building")[2]
    shown = zhao.get("/").text

    assert f"draft, stays here joint case {case.place} Theft of personnel records · saved by Zhao" in leaving
    assert "draft, stays here joint case, draft 2 · saved by Zhao" in leaving
    assert f'href="{page}"' in shown
    assert f'href="/cases/{LINK}/new/?draft=2"' in shown
    assert "Half a sentence" not in shown
    assert zhao.get(f"/cases/{LINK}/new/?draft=2").status_code == 200


def test_what_is_new_leads_to_what_it_is_about(desks: Desks, looks: Looks) -> None:
    case = desks.open()
    given = desks.give(A, held())

    told = new_of(looks(desks.pair, B))

    assert f"{given.place} finding given → joint case {case.place} Theft of personnel records" in told


def test_a_signature_under_a_text_leads_to_the_text(table: Table, looks: Looks) -> None:
    drafted, text = drafted_by_a(table.pair, since=table.now + 10 * DAY)
    sign(table.pair, A, drafted, text)

    told = new_of(looks(table.pair, B))

    assert f"guideline signed → guideline {drafted.place}" in told


def test_a_title_of_the_other_side_shows_what_hides_in_it(givers: Givers, looks: Looks) -> None:
    givers.offer(conditions=(Condition.CONFIDENTIAL,), title=text_of("<script>alert(1)</script>\u202e"))

    told = looks(givers.pair, B)

    assert "<script>alert(1)</script>" in told, "as words: markup is gone from what `words` reads"
    assert "\u202e" not in told
