"""Verbs: one statement each, in the record and in the journal, or in neither."""

from pathlib import Path

import pytest

from parley.agencies.models import JournalEntry, Officer
from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.inquiries import actions
from parley.inquiries.actions import Sending, Words
from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import Letter, Remark, Site, text_of
from parley.inquiries.policy import NotAllowedError
from parley.ledger.append import InTransactionError
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.ledger import Ledger
from parley.links.actions.speaking import Hand, Record, Target, Trial, Tried
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.protocol.inquiries.codes import Lack, Want
from parley.work.home import Home
from tests.inquiries.conftest import A, B, Desk

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

NOON = 1_793_610_000


@pytest.fixture(name="homes")
def fixture_homes(tmp_path: Path) -> dict[str, Home]:
    """Two linked homes at rest: nobody is core, so whoever acts is it for the moment."""
    desk = Desk(tmp_path)
    desk.stop()
    return desk.pair.homes


@pytest.fixture(name="officer")
def fixture_officer() -> OfficerRow:
    row = Officer.objects.create(number=4, name="Chen", role=Role.OFFICER, language="en", password="!")
    return OfficerRow(number=row.number, name="Chen", role=Role.OFFICER, language="en", is_active=True)


def hand(officer: OfficerRow, home: Home, *, key: str = "k1", trial: bool = False) -> Hand:
    return Hand(officer=officer, key=key, now=NOON, door=Trial(home=home) if trial else Record(home=home))


def sending(*urls: str) -> Sending:
    items = tuple(Site(url=url, observed_at=1, brand=text_of("First Bank")) for url in urls)
    asked = compose.Asked(item="fraud_phishing", urgency="U3", wants=(Want.CONFIRM,))
    return Sending(d=compose.sent_of(items, asked), letter=Letter(items=items), ref="A-7")


def journal() -> list[tuple[int | None, str, str]]:
    rows = JournalEntry.objects.order_by("number").values_list("officer_id", "act", "statement")
    return [(officer, act, statement) for officer, act, statement in rows]


def size(home: Home, node: str) -> int:
    ledger = Ledger(home)
    try:
        return ledger._slot("a-b").standing.mine.size  # noqa: SLF001 - a test may look behind a door
    finally:
        ledger.stop()


def test_what_is_sent_is_saved_and_in_the_journal_before_and_after(
    homes: dict[str, Home], officer: OfficerRow
) -> None:
    (sent,) = actions.send("a-b", [sending("http://one.example/")], by=hand(officer, homes[A]))

    assert isinstance(sent, Appended)
    assert journal() == [
        (4, "inquiry.sent:begun", ""),
        (4, "inquiry.sent:saved", id_text(sent.statement)),
    ]


def test_the_same_key_is_the_same_statement(homes: dict[str, Home], officer: OfficerRow) -> None:
    sendings = [sending("http://one.example/"), sending("http://two.example/")]

    first = actions.send("a-b", sendings, by=hand(officer, homes[A]))
    again = actions.send("a-b", sendings, by=hand(officer, homes[A]))

    assert first == again
    assert size(homes[A], A) == 1 + 2


def test_a_trial_writes_nothing_anywhere(homes: dict[str, Home], officer: OfficerRow) -> None:
    before = size(homes[A], A)

    (tried,) = actions.send("a-b", [sending("http://one.example/")], by=hand(officer, homes[A], trial=True))

    assert isinstance(tried, Tried)
    assert tried.draft.officer == 4
    assert size(homes[A], A) == before
    assert journal() == []


def test_what_would_be_void_is_refused_and_the_journal_says_so(
    homes: dict[str, Home], officer: OfficerRow
) -> None:
    (sent,) = actions.send("a-b", [sending("http://one.example/")], by=hand(officer, homes[A]))
    assert isinstance(sent, Appended)
    on = Target(link="a-b", statement=sent.statement)

    for trial in (True, False):
        with pytest.raises(RefusedError) as refused:
            actions.acknowledge(on, by=hand(officer, homes[A], key=f"k{trial}", trial=trial))
        assert refused.value.code == "not-writer"

    assert [act for _officer, act, _statement in journal()][2:] == [
        "inquiry.acknowledged:begun",
        "inquiry.acknowledged:refused",
    ]


def test_one_refused_inquiry_does_not_hold_up_the_others(homes: dict[str, Home], officer: OfficerRow) -> None:
    outside = Sending(d={**sending("http://x.example/").d, "item": "copyright"}, letter=Letter())

    outcomes = actions.send("a-b", [outside, sending("http://one.example/")], by=hand(officer, homes[A]))

    assert isinstance(outcomes[0], RefusedError)
    assert isinstance(outcomes[1], Appended)


def test_an_act_of_another_shape_reaches_neither_journal_nor_record(
    homes: dict[str, Home], officer: OfficerRow
) -> None:
    before = size(homes[B], B)

    with pytest.raises(BreachError, match="fields"):
        actions.return_(
            Target(link="a-b", statement=bytes(32)),
            [0],
            fields=[("Not A Code", Lack.MISSING)],
            by=hand(officer, homes[B]),
        )

    assert journal() == []
    assert size(homes[B], B) == before


def test_a_viewer_says_nothing(homes: dict[str, Home], officer: OfficerRow) -> None:
    viewer = OfficerRow(number=4, name="Chen", role=Role.VIEWER, language="en", is_active=True)

    with pytest.raises(NotAllowedError):
        actions.send("a-b", [sending("http://one.example/")], by=hand(viewer, homes[A]))
    with pytest.raises(NotAllowedError):
        actions.close(Target(link="a-b", statement=bytes(32)), by=hand(viewer, homes[A], trial=True))

    assert journal() == []


def test_words_go_into_the_body_and_the_number_into_the_act(
    homes: dict[str, Home], officer: OfficerRow
) -> None:
    (sent,) = actions.send("a-b", [sending("http://one.example/")], by=hand(officer, homes[A]))
    assert isinstance(sent, Appended)
    words = Words(ref="A-8", remark=Remark(text=text_of("不再需要")))

    tried = actions.ask_status(
        Target(link="a-b", statement=sent.statement),
        by=hand(officer, homes[A], key="k2", trial=True),
        words=words,
    )

    assert isinstance(tried, Tried)
    assert (tried.draft.ref, tried.draft.body) == ("A-8", {"text": {"lang": "zh-Hans", "text": "不再需要"}})


@pytest.mark.django_db(databases=["default", "view"])
def test_nothing_is_said_inside_an_open_transaction(homes: dict[str, Home], officer: OfficerRow) -> None:
    before = size(homes[A], A)

    with pytest.raises(InTransactionError):
        actions.send("a-b", [sending("http://one.example/")], by=hand(officer, homes[A]))

    assert size(homes[A], A) == before
