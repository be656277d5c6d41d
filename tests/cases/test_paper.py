"""A joint case on paper: the same bytes on both nodes, all that both hold, and nothing of one side alone."""

from pathlib import Path
from typing import Final

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.cases import actions
from parley.cases.actions import Alternative
from parley.cases.forms.texts import Both
from parley.cases.queries import dossier_of
from parley.cases.views.showing.casepaper import paper_of
from parley.inquiries.forms.letter import text_of
from parley.ledger.drafts import Appended
from parley.protocol.act import id_text
from parley.protocol.cases import account
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Confidence, Likelihood, Linked, Position, Reason, Responsibility, Sort
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import write
from parley.protocol.suite import Standard
from parley.ui import words
from parley.ui.paper.printing import printed
from tests import papers
from tests.cases.desks import TITLE, Desks, held, task
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import LINK, MONDAY, A, B, Pair, make_home

pytestmark = pytest.mark.django_db(databases=["default", "view"])

NEWER: Final = Both(en="A gang did it.", zh="系一个团伙所为。")
CHANGED: Final = Both(en="The logs name a gang.", zh="日志指向一个团伙。")
NOTE: Final = "The prosecutor doubts all of it."


@pytest.fixture(name="client")
def fixture_client(desks: Desks, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    Officer.objects.create(number=5, name="Qian", role=Role.VIEWER, language="zh-hans", password="!")
    return signed_in(4)


def signed_in(officer: int) -> Client:
    client = Client(headers={"host": "localhost"})
    assert client.post(f"/sign-in/{officer}/").status_code == 302
    return client


def page_of(desks: Desks) -> str:
    assert desks.case is not None
    return f"/cases/{LINK}/{desks.case.place.replace(' ', '-')}/"


def paper(desks: Desks, client: Client, node: str) -> bytes:
    """Return the paper that the page of the case at `node` leads to."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    path = f"{page_of(desks)}pdf/"
    assert f'href="{path}"' in client.get(page_of(desks)).text
    got = client.get(path)
    assert (got.status_code, got["Content-Type"]) == (200, "application/pdf")
    assert got["Cache-Control"] == "no-store"
    return bytes(got.content)


def made(desks: Desks, node: str, *, language: str, now: int) -> bytes:
    """Return the paper as `node` makes it at `now`."""
    desks.tell(node)
    with desks.pair.reader(node) as reader, override(language):
        (link,) = reader.links()
        return printed(paper_of(reader, dossier_of(reader, link, desks.on.statement, now=now)))


def words_of(file: bytes) -> str:
    """Return what stands in a file without its blanks, since a line may end anywhere."""
    return papers.words_of(file).replace(" ", "")


def bare(text: str) -> str:
    return text.replace(" ", "")


def worked(desks: Desks) -> Appended:
    """Have both work on a case with a lead, evidence, a task, and a finding that B does not concur with."""
    inquiry = desks.pair.sends()
    desks.pair.settle()
    desks.propose(origins=(inquiry.statement,), ref="2026-J3")
    desks.say(B, actions.join)
    lead = desks.say(B, actions.note, Sort.LEAD, text=text_of("A wallet twice."))
    exhibit = Place(statement=id_text(lead.statement), part=0)
    desks.say(A, actions.link_to, Linked.EVIDENCE, exhibit)
    set_ = desks.say(A, actions.set_task, task(due=1_793_800_000))
    desks.say(B, actions.agree_task, on=set_)
    first = desks.give(A, held(evidence=(exhibit,)))
    other = Alternative(
        responsibility=Responsibility.NO_STATE, likelihood=Likelihood.UNLIKELY, text=text_of("One man alone.")
    )
    holding = held(
        statement=NEWER,
        confidence=Confidence.HIGH,
        alternatives=(other,),
        dissent=text_of("Wu doubts the times."),
    )
    revised = actions.draft_revised(
        desks.at(first), holding, reasons=(Reason.NEW_EVIDENCE,), changed=CHANGED, by=desks.hand(A)
    )
    version = desks.sign(A, revised)
    answered = actions.draft_answered(
        desks.at(version),
        Position.DOES_NOT_CONCUR,
        is_public=False,
        by=desks.hand(B),
        text=text_of("The logs are not ours."),
    )
    return desks.sign(B, answered)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_nodes_print_the_same_bytes_and_so_they_do_once_a_task_is_overdue(
    desks: Desks, client: Client, language: str
) -> None:
    worked(desks)
    reader = client if language == "en" else signed_in(5)
    first = made(desks, A, language=language, now=MONDAY)

    later = [made(desks, node, language=language, now=MONDAY + 40 * 86_400) for node in (A, B)]

    assert later == [first, first]
    assert paper(desks, reader, B) == first


def test_the_paper_tells_all_that_both_hold_of_the_case(desks: Desks, client: Client) -> None:
    answer = worked(desks)
    told = words_of(paper(desks, client, B))
    in_chinese = words_of(paper(desks, signed_in(5), B))

    for both in (TITLE, held().statement, NEWER, CHANGED, task().title):
        assert bare(both.en) in told
        assert both.zh in told
    for said in (
        "Side A a.example",
        "2026-J3",
        "Arose from A",
        "Leads",
        "A wallet twice.",
        "rests on".capitalize() + "A E1 B",
        "Considered no state has a part in it · unlikely, 20–45 % · One man alone.",
        "Dissent of the author's own side Wu doubts the times.",
        f"Position of side B does not concur · {answer.place} · The logs are not ours.",
        "Why it was revised new evidence",
        "(replaced)",
        "Shall we?",
    ):
        assert bare(said) in told, said
    assert account.digest(desks.fold(A)).hex() in told
    for word in ("线索", "作出方内部的不同意见", "B方立场不同意", "共同开始时间", "状态摘要"):
        assert word in in_chinese, word


class FarApart(Desks):
    """Desks whose sides are thirteen hours apart."""

    def __post_init__(self) -> None:
        for node, minutes in ((A, 8 * 60), (B, -5 * 60)):
            days = make_home(self.folder / node[0], node).root / "calendar.json"
            days.write_bytes(write(default_calendar(offset_minutes=minutes)))
        self.pair = Pair(self.folder, suite=Standard())


def test_a_joint_start_stands_there_on_the_clocks_of_both_sides(tmp_path: Path, settings: Settings) -> None:
    desks = FarApart(tmp_path)
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    desks.open()
    set_ = desks.say(A, actions.set_task, task())
    desks.say(B, actions.agree_task, on=set_)

    told = words_of(paper(desks, signed_in(4), B))
    desks.stop()

    east, west = "Side A: Tue 3 Nov 2026 18:00 (UTC+8)", "Side B: Tue 3 Nov 2026 05:00 (UTC-5)"
    assert bare(f"Joint start Tue 3 Nov 2026 10:00Z · {east} · {west}") in told


def test_a_note_of_ours_is_on_no_paper(desks: Desks, client: Client) -> None:
    desks.open()
    before = paper(desks, client, A)

    said = client.post(f"{page_of(desks)}notes/", {"note": NOTE, "key": "k"})

    assert said.status_code in {302, 303}
    assert NOTE in client.get(page_of(desks)).text
    assert paper(desks, client, A) == before
    assert bare(NOTE) not in words_of(before)


def test_what_was_said_without_effect_stands_there_with_the_reason(desks: Desks, client: Client) -> None:
    case = desks.open()
    forger = Forger(desks.pair, B, A)
    act = act_of("case.task_agreed", {}, re=case.statement)
    forger.write(act, body=None, seen=forger.seen(case.index + 1))
    forger.tell()

    told = words_of(paper(desks, client, A))

    assert bare(f"without effect: {words.label('no-target', words.VOIDS)}") in told


def test_there_is_a_paper_of_a_case_alone(desks: Desks, client: Client) -> None:
    inquiry = desks.pair.sends()
    desks.open()
    desks.tell(A)

    for place in (inquiry.place.replace(" ", "-"), "A-999"):
        assert client.get(f"/cases/{LINK}/{place}/pdf/").status_code == 404
    assert client.post(f"{page_of(desks)}pdf/").status_code == 405
