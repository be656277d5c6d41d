"""The desk: what needs a person of ours, what falls due, what is new, what is about to leave."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from parley.agencies.policy import Role
from parley.drafts.queries import list_begun
from parley.ledger.drafts import Appended
from parley.ledger.home import Config, create_home
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Standard
from parley.work import clock
from parley.work.home import Home
from tests.links.office import Office, core_that_says, courier, words
from tests.two_nodes.forger import Forger
from tests.two_nodes.pair import A, B, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])

INQUIRY: Final[Mapping[str, JsonValue]] = {
    "batch": None,
    "item": "fraud_phishing",
    "urgency": "U1",
    "groups": [{"count": 2, "type": "phishing_site", "wants": ["mitigate", "preserve"]}],
}
HOUR = 3600


class Desk(Office):
    """The office of B, whom A asks; and of A, who asks."""

    person_of_ours: Client

    def asks(self, node: str, *, title: str = "two sites", hours_ago: int = 0) -> Appended:
        """Have `node` ask about two sites, and the other one receive it then."""
        now = clock.now()
        self.set_clocks(now - hours_ago * HOUR)
        said = self.pair.say(
            node,
            "inquiry.sent",
            INQUIRY,
            body={"title": {"lang": "en", "text": title}},
        )
        self.pair.settle()
        self.set_clocks(now)
        return said

    def says(self, node: str, kind: str, on: Appended, **d: JsonValue) -> Appended:
        said = self.pair.say(node, f"inquiry.{kind}", d, re=on.statement)
        self.pair.settle()
        return said

    def look(self, person: Client | None = None) -> str:
        self.project()
        with core_that_says(self.home, courier(succeeded_at=clock.now())):
            return words((person or self.person_of_ours).get("/"))


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings, db: None) -> Iterator[Desk]:
    pair = Pair(tmp_path)
    desk = Desk(pair, settings, B)
    desk.pair.carry(A, B, prompt=True)
    desk.person_of_ours = desk.person()
    yield desk
    pair.stop()


def part(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def now_of(text: str) -> str:
    return part(text, "Now: needs a person of ours", "Due in the next 14 days")


def due_of(text: str) -> str:
    return part(text, "Due in the next 14 days", "New from the other side")


def new_of(text: str) -> str:
    return part(text, "New from the other side", "Leaving the building")


def leaving_of(text: str) -> str:
    return part(text, "Leaving the building", "As of")


# ---- NOW


def test_an_empty_desk_says_that_nothing_waits(desk: Desk) -> None:
    text = desk.look()

    assert "Nothing. Everything of theirs is acknowledged, nothing is overdue" in now_of(text)
    assert "No clock falls due." in due_of(text)
    assert "link opened" in new_of(text)
    assert "Nothing is on its way" in leaving_of(text)


def test_what_is_not_acknowledged_needs_us_with_its_limit(desk: Desk) -> None:
    said = desk.asks(A)

    text = now_of(desk.look())

    assert f"to acknowledge {said.place}" in text
    assert "they ask two sites" in text
    assert "2 items" in text
    assert "in 1 h 59 min" in text or "in 2 h" in text


def test_what_is_acknowledged_needs_nobody_until_it_is_overdue(desk: Desk) -> None:
    said = desk.asks(A)
    desk.says(B, "acknowledged", said)

    assert "Nothing." in now_of(desk.look())


def test_overdue_with_us_stands_first_and_names_the_clock(desk: Desk) -> None:
    late = desk.asks(A, title="late", hours_ago=20)
    desk.says(B, "acknowledged", late)
    fresh = desk.asks(A, title="fresh")

    text = now_of(desk.look())

    assert text.index(f"admit {late.place}") < text.index(f"to acknowledge {fresh.place}")
    assert "overdue by" in text


def test_a_status_that_is_asked_needs_an_answer(desk: Desk) -> None:
    said = desk.asks(A)
    desk.says(B, "acknowledged", said)
    desk.says(B, "admitted", said, items="all")
    desk.says(A, "status_asked", said)

    assert f"they ask how it stands {said.place}" in now_of(desk.look())


@pytest.mark.parametrize(
    ("kind", "d", "expected"),
    [
        (
            "returned",
            {"items": [0], "fields": [{"field": "url", "reason": "unclear"}]},
            "returned to us: supply what is missing",
        ),
        (
            "conditioned",
            {"items": "all", "codes": ["this_case_only"], "due": 4_000_000_000},
            "conditions offered: accept or decline",
        ),
        (
            "postponed",
            {"items": "all", "ground": "P01", "until": 4_000_000_000},
            "they need more time: agree or not",
        ),
    ],
)
def test_what_is_asked_back_of_us_needs_us(
    desk: Desk, kind: str, d: dict[str, JsonValue], expected: str
) -> None:
    said = desk.asks(B)
    desk.says(A, "acknowledged", said)
    desk.says(A, "admitted", said, items="all")
    desk.says(A, kind, said, **d)

    assert f"{expected} {said.place} we ask" in now_of(desk.look())


def test_two_histories_stand_above_everything(desk: Desk) -> None:
    desk.asks(A, title="late", hours_ago=20)
    forger = Forger(desk.pair, A, B)
    forger.send(forger.piece(note=forger.head(root=b"r" * 32)))

    text = now_of(desk.look()).strip()

    assert text.startswith("records differ Link with")


def test_seven_rows_and_how_many_more(desk: Desk) -> None:
    for number in range(10):
        desk.asks(A, title=f"number {number}")

    text = now_of(desk.look())

    assert text.count("they ask") == 7
    assert "+3 more, the oldest of all was sent at" in text


# ---- DUE


def test_clocks_of_both_sides_stand_apart(desk: Desk) -> None:
    theirs = desk.asks(A, title="asked by them")
    ours = desk.asks(B, title="asked by us")

    text = due_of(desk.look())

    for name in ("acknowledge", "admit", "mitigate", "preserve"):
        assert f"our side {name} {theirs.place} asked by them 2 items" in text
        assert f"a {name} {ours.place} asked by us 2 items" in text


def test_a_clock_on_some_items_counts_these_items(desk: Desk) -> None:
    said = desk.asks(A)
    desk.says(B, "acknowledged", said)
    desk.says(B, "admitted", said, items=[0])

    text = due_of(desk.look())

    assert f"admit {said.place} two sites 1 item" in text


def test_what_they_let_lapse_is_shown_as_overdue(desk: Desk) -> None:
    said = desk.asks(B, hours_ago=5)

    text = due_of(desk.look())

    assert "overdue by" in text
    assert f"a acknowledge {said.place}" in text


# ---- NEW and LEAVING


def looks_again(person: Client, *, seconds: int) -> int:
    """Let so much time pass since the person looked; return since when things are new to that person."""
    session = person.session
    since, at = session["looked"]
    session["looked"] = [since, at - seconds]
    session.save()
    return int(since)


def test_new_is_what_came_since_somebody_looked(desk: Desk) -> None:
    before = desk.asks(A, title="before", hours_ago=2)
    person = desk.person("Zhao")
    desk.look(person)
    looks_again(person, seconds=HOUR)
    after = desk.asks(A, title="after")

    text = new_of(desk.look(person))

    assert "1 statement since you looked" in text
    fresh, _sign, old = text.partition(f"{before.place} inquiry sent")
    assert f"{after.place} inquiry sent" in fresh
    assert fresh.count(" new ") == 1
    assert " new " not in old


def test_who_never_looked_finds_everything_new(desk: Desk) -> None:
    desk.asks(A)

    assert "2 statements since you looked" in new_of(desk.look(desk.person("Zhao")))


def test_new_stays_new_while_somebody_works_on(desk: Desk) -> None:
    person = desk.person("Zhao")
    desk.look(person)
    first = looks_again(person, seconds=5 * 60)

    desk.look(person)

    assert looks_again(person, seconds=0) == first


def test_a_page_that_refreshes_itself_looks_at_nothing(desk: Desk) -> None:
    person = desk.person("Zhao")

    person.get("/", headers={"HX-Request": "true"})

    assert "looked" not in person.session


def test_machines_are_no_news(desk: Desk) -> None:
    desk.asks(B)

    assert "received by the node" not in new_of(desk.look())


def test_what_is_saved_and_not_there_yet_is_leaving(desk: Desk) -> None:
    desk.pair.sends(node=B)

    assert "saved, not at their node yet 1 statement to a" in leaving_of(desk.look())


def test_twelve_of_the_new_ones_and_how_many_more(desk: Desk) -> None:
    person = desk.person("Zhao")
    desk.look(person)
    looks_again(person, seconds=HOUR)
    for number in range(15):
        desk.asks(A, title=f"number {number}")

    text = new_of(desk.look(person))

    # The opening of the link is one of them.
    assert "16 statements since you looked" in text
    assert text.count("inquiry sent") == 12
    assert "+4 more All with a" in text


def test_what_was_begun_and_is_not_said_stands_apart_from_drafts_of_inquiries(desk: Desk) -> None:
    said = desk.asks(A)
    desk.project()
    path = f"/l/a-b/inquiries/{said.place.replace(' ', '-')}/say/refuse/"
    desk.person_of_ours.post(path, {"words": "half a sentence", "items": ["0"], "do": "save"})

    text = leaving_of(desk.look())
    page = desk.person_of_ours.get("/").text

    (draft,) = list_begun("a-b", purposes="say:")
    assert f"draft, stays here “Refuse” about {said.place}, not said yet two sites · saved by Chen" in text
    assert f'href="{path}?draft={draft.number}"' in page
    assert f"Draft {draft.number}" not in text
    assert "half a sentence" not in page
    assert f"Draft {draft.number}" not in words(desk.person_of_ours.get("/l/a-b/new/"))


def test_a_draft_of_inquiries_counts_its_rows(desk: Desk) -> None:
    desk.person_of_ours.post("/l/a-b/new/")

    assert "draft, stays here Draft 1 a · 0 rows · saved by Chen" in leaving_of(desk.look())


# ---- Nothing yet


def test_an_open_link_without_an_inquiry_says_what_to_do_first(desk: Desk) -> None:
    before = now_of(desk.look())
    viewer = now_of(desk.look(desk.person("Wu", role=Role.VIEWER)))
    desk.asks(B)

    assert "Nobody has asked anything on the link with a yet. Write the first inquiry to a" in before
    assert "Write the first inquiry" not in viewer
    assert "Write the first inquiry" not in now_of(desk.look())


def test_the_lists_of_an_open_link_without_an_inquiry_say_so(desk: Desk) -> None:
    listed = words(desk.person_of_ours.get("/l/a-b/inquiries/"))

    assert "Nobody has asked anything on this link yet. Write the first inquiry to a" in listed


def test_a_node_without_a_link_says_how_one_begins(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    home = Home(root=tmp_path / "alone")
    config = Config(
        node="c.example",
        world="demo",
        name_en="Country C",
        name_zh="丙国",
        pages="127.0.0.1:0",
        partner="127.0.0.1:0",
        url="http://127.0.0.1:1/parley/v1",
    )
    create_home(home, config, suite=Standard())
    settings.HOME = home

    text = words(desk.person_of_ours.get("/"))

    assert "This node has no link yet." in text
    assert "parley link add FILE" in text
    assert "Everything of theirs is acknowledged" not in text
    assert "This node has no link yet." in words(desk.person_of_ours.get("/links/"))
    assert desk.person_of_ours.get("/search/").status_code == 200
    assert "Nothing was found" in words(desk.person_of_ours.get("/search/?q=anything"))


# ---- The page


def test_a_viewer_sees_the_desk(desk: Desk) -> None:
    said = desk.asks(A)

    assert said.place in desk.look(desk.person("Wu", role=Role.VIEWER))


def test_a_title_runs_nowhere(desk: Desk) -> None:
    desk.asks(A, title="<script>alert(1)</script>\u202e")
    desk.project()

    page = desk.person_of_ours.get("/").text

    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_the_desk_asks_the_tables_little(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        desk.asks(A, title=f"{number}")
        desk.asks(B, title=f"{number}")
    desk.look()

    with (
        # Four of them are the other rooms': offers, cases, commitments, rounds.
        django_assert_max_num_queries(12, using="view"),
        django_assert_max_num_queries(5, using="default"),
    ):
        desk.person_of_ours.get("/")
