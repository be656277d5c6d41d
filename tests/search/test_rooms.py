"""Search over the rooms beside inquiries: what was said there in words is found, and leads to its page."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import Settings

from parley.cases import actions as cases
from parley.cases.forms.texts import Both
from parley.dialogue.actions import commitments, outcomes
from parley.inquiries.forms.letter import text_of
from parley.node.projector import projectors
from parley.protocol.cases.codes import Reason, Sort
from parley.protocol.dialogue.clause import Text
from parley.protocol.guidelines.prose import first_text
from parley.protocol.inquiries.codes import Condition
from parley.protocol.strictjson import JsonValue, read
from parley.search.models import Document
from tests.cases.desks import Desks, held
from tests.dialogue.table import DAY, Table
from tests.dialogue.table import words as along
from tests.links.office import Office
from tests.sharing.givers import Givers
from tests.two_nodes.pair import LINK, A, B, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])

Looks = Callable[..., Any]


@pytest.fixture(name="looks")
def fixture_looks(settings: Settings) -> Looks:
    """Return what search on a node answers, after all is told."""
    people: dict[str, Client] = {}
    told: list[tuple[str, int]] = []

    def look(pair: Pair, node: str, query: str, *, language: str = "en", **more: str) -> Any:  # noqa: ANN401 - Django's own answer
        settings.HOME = pair.homes[node]
        if node + language not in people:
            people[node + language] = Office(pair, settings, node).person(
                f"{node} {language}", language=language
            )
        with pair.reader(node) as reader:
            stand = (node, reader.last_change())
        if told[-1:] != [stand]:
            tell(pair, node)
            told.append(stand)
        return people[node + language].get("/search/", {"q": query, **more})

    return look


def tell(pair: Pair, node: str) -> None:
    with pair.reader(node) as reader:
        for projector in projectors(reader):
            projector.empty()
            projector.catch_up()


@pytest.fixture(name="desks")
def fixture_desks(tmp_path: Path) -> Iterator[Desks]:
    desks = Desks(tmp_path)
    yield desks
    desks.stop()


@pytest.fixture(name="table")
def fixture_table(tmp_path: Path) -> Iterator[Table]:
    table = Table(tmp_path)
    yield table
    table.stop()


@pytest.fixture(name="givers")
def fixture_givers(tmp_path: Path) -> Iterator[Givers]:
    givers = Givers(tmp_path)
    yield givers
    givers.stop()


def found(answer: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - Django's own answer
    """Return the address and the words of each matter that was found."""
    assert answer.status_code == 200, answer.headers
    rows = re.findall(
        r'<th scope="row" class="id"><a href="([^"]*)">.*?</th>\n<td>(.*?)</td>', answer.text, re.DOTALL
    )
    return [(href, " ".join(strip_tags(text).split())) for href, text in rows]


def test_a_case_is_found_by_its_words_in_both_languages_and_opens_by_its_place(
    desks: Desks, looks: Looks
) -> None:
    case = desks.open()
    lead = desks.say(B, cases.note, Sort.LEAD, text=text_of("A wallet was used twice."))
    page = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"

    for node in (A, B):
        ((href, text),) = found(looks(desks.pair, node, "personnel records"))
        assert (href, text[:42]) == (page, "joint case Theft of personnel records titl")
        ((href, text),) = found(looks(desks.pair, node, "失窃案", language="zh-hans"))
        assert (href, "人事档案失窃案" in text) == (page, True)
        ((href, text),) = found(looks(desks.pair, node, "wallet"))
        assert (href, f"{lead.place} · statement: A wallet was used twice." in text) == (page, True)
        for name in (case.place, lead.place):
            answer = looks(desks.pair, node, name)
            assert (answer.status_code, answer.headers.get("Location")) == (302, page)


def test_a_superseded_finding_is_found_by_who_asks_for_it_and_struck_through(
    desks: Desks, looks: Looks
) -> None:
    desks.open()
    given = desks.give(A, held())
    draft = cases.draft_revised(
        desks.at(given),
        held(statement=Both(en="Criminals alone.", zh="刑事犯罪，非国家行为。")),
        reasons=(Reason.NEW_EVIDENCE,),
        changed=Both(en="A laptop was seized.", zh="查获笔记本电脑。"),
        by=desks.hand(A),
    )
    desks.sign(A, draft)

    for query in ("sponsored", "国家支持"):
        assert found(looks(desks.pair, B, query)) == []
        answer = looks(desks.pair, B, query, superseded="1")
        ((_href, text),) = found(answer)
        assert f"{given.place} · superseded finding" in text
        assert re.search(r"<s>.*<mark>.*</s>", answer.text) is not None
    for query in ("criminals", "非国家行为", "laptop"):
        assert len(found(looks(desks.pair, B, query))) == 1
    assert looks(desks.pair, B, "sponsored", superseded="1").text.count("checked") == 1


def test_an_offer_is_found_by_its_title_and_by_what_was_said_of_it(givers: Givers, looks: Looks) -> None:
    offer = givers.offer(
        conditions=(Condition.CONFIDENTIAL,), why=text_of("They call home to your net."), ref="B-2026-7"
    )
    page = f"/shared/{LINK}/{offer.place.replace(' ', '-')}/"

    for query in ("botnet", "call home"):
        ((href, text),) = found(looks(givers.pair, B, query))
        assert (href, text.startswith("information offered Addresses of a botnet")) == (page, True)
    assert looks(givers.pair, B, "B-2026-7").headers["Location"] == page


def test_commitments_concerns_rounds_and_clauses_are_found_in_both_languages(
    table: Table, looks: Looks
) -> None:
    promise = table.promises()
    table.says(A, commitments.raise_concern, promise, along=along("Nothing was heard since spring."))
    meeting = table.meets(number=3)
    clause = table.says(A, outcomes.propose_clause, meeting, 1, CLAUSE)
    pages = [
        f"/commitments/{LINK}/{promise.place.replace(' ', '-')}/",
        f"/rounds/{LINK}/{meeting.place.replace(' ', '-')}/",
    ]

    for query, page in (
        ("within 20 working", pages[0]),
        ("二十个工作日", pages[0]),
        ("nine of ten", pages[0]),
        ("since spring", pages[0]),
        ("guest house", pages[1]),
        ("宾馆", pages[1]),
        ("theft of trade", pages[1]),
        ("窃取商业秘密", pages[1]),
    ):
        assert [href for href, _text in found(looks(table.pair, B, query))] == [page], query
    assert f"{clause.place} · clause" in found(looks(table.pair, B, "trade secrets"))[0][1]
    assert looks(table.pair, B, clause.place).headers["Location"] == pages[1]


CLAUSE = Text(en="Neither side supports theft of trade secrets.", zh="双方均不支持窃取商业秘密。")


def test_a_text_on_the_table_is_found_by_its_clauses_and_never_one_that_is_not_what_was_named(
    table: Table, looks: Looks
) -> None:
    pair = table.pair
    with pair.reader(A) as reader:
        terms = reader.terms(LINK)
    assert terms is not None
    text = first_text(terms.text, since=table.now + 10 * DAY)
    named: dict[str, JsonValue] = {"text": text.digest, "terms": text.terms.text, "since": text.since}
    forged = text.raw.replace(b"cybercrime", b"cyberfraud")
    assert forged != text.raw
    false = pair.say(A, "guideline.proposed", named, body={"text": read(forged), "note": None})
    true = pair.say(A, "guideline.proposed", named, body={"text": read(text.raw), "note": None})
    pair.settle()

    pages = [f"/l/{LINK}/guidelines/{each.place.replace(' ', '-')}/" for each in (true, false)]
    for query in ("cybercrime", "热线"):
        assert [href for href, _text in found(looks(pair, B, query))] == [pages[0]]
    assert found(looks(pair, B, "cyberfraud")) == []
    assert looks(pair, B, true.place).headers["Location"] == pages[0]


def test_what_is_told_step_by_step_is_what_is_told_at_once(desks: Desks, looks: Looks) -> None:
    with desks.pair.reader(A) as reader:
        later = projectors(reader)
        desks.open()
        for projector in later:
            projector.catch_up()
        desks.give(A, held())
        for projector in later:
            projector.catch_up()
    stepwise = list(Document.objects.order_by("number").values_list())

    tell(desks.pair, A)

    assert list(Document.objects.order_by("number").values_list()) == stepwise
    assert len(stepwise) == 1


def test_words_of_the_other_side_do_nothing(desks: Desks, looks: Looks) -> None:
    desks.propose(A, title=Both(en="<script>alert(1)</script>\u202e theft", zh="失窃案"))

    page = looks(desks.pair, B, "theft").text

    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
