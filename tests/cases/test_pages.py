"""The pages of joint cases, the same on both sides, by a person who is signed in."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.cases import actions
from parley.cases.forms.texts import Both
from parley.inquiries.forms.letter import text_of
from parley.ledger.drafts import Appended
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Ending, Linked, Position, Reason, Sort, Unlinking
from tests.cases.desks import TITLE, Desks, held, task
from tests.two_nodes.pair import LINK, A, B
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.django_db(databases=["default", "view"])


@pytest.fixture(name="client")
def fixture_client(desks: Desks, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    return client


def look(desks: Desks, client: Client, node: str, path: str) -> Any:  # noqa: ANN401 - Django's own answer
    """Return a page of `node`, its rows told anew."""
    settings.HOME = desks.pair.homes[node]
    desks.tell(node)
    return client.get(path)


def text(answer: Any) -> str:  # noqa: ANN401 - Django's own answer
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_tells_each_side_whose_move_it_is(desks: Desks, client: Client, settings: Settings) -> None:
    case = desks.open()
    desks.say(A, actions.set_task, task())
    desks.say(B, actions.note, Sort.LEAD, text=text_of("A wallet <b>twice</b>."))
    path = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"

    ours, theirs = (text(look(desks, client, node, path)) for node in (A, B))

    for page in (ours, theirs):
        assert TITLE.zh in page
        assert "A wallet &lt;b&gt;twice&lt;/b&gt;." in page
        assert "whether to agree to a task" in page
    moves = [re.search(r'moves-title">.*?</section>', page)[0] for page in (ours, theirs)]  # type: ignore[index] # it matches
    assert ['"chip theirs"' in moves[0], '"chip ours"' in moves[1]] == [True, True]


def test_a_replaced_finding_stays_struck_through_with_what_changed(desks: Desks, client: Client) -> None:
    case = desks.open()
    first = desks.give(A, held())
    desks.sign(
        B, actions.draft_answered(desks.at(first), Position.NO_POSITION, is_public=False, by=desks.hand(B))
    )
    revised = actions.draft_revised(
        desks.at(first), held(), reasons=(Reason.NEW_ANALYSIS,), changed=TITLE, by=desks.hand(A)
    )
    desks.sign(A, revised)

    page = text(look(desks, client, B, f"/cases/{LINK}/{case.place.replace(' ', '-')}/"))

    assert "<s><span" in page
    assert "What changed" in page
    assert "new analysis" in page
    assert "likely, 55–80 %" in page
    assert "takes no position" in page


def test_the_log_says_which_version_was_given_or_answered_and_with_which_position(
    desks: Desks, client: Client
) -> None:
    case = desks.open()
    first = desks.give(A, held())
    refused = actions.draft_answered(
        desks.at(first), Position.DOES_NOT_CONCUR, is_public=False, by=desks.hand(B)
    )
    desks.sign(B, refused)
    second = desks.sign(
        A,
        actions.draft_revised(
            desks.at(first), held(), reasons=(Reason.NEW_ANALYSIS,), changed=TITLE, by=desks.hand(A)
        ),
    )
    concurs = actions.draft_answered(desks.at(second), Position.CONCURS, is_public=False, by=desks.hand(B))
    desks.sign(B, concurs)

    page = text(look(desks, client, B, f"/cases/{LINK}/{case.place.replace(' ', '-')}/"))
    log = page.partition('id="log"')[2]

    links = re.findall(r'href="#(version-[AB]-\d+)">([^<]+)</a>(?: · <strong>([^<]+))?', log)
    one, two = (f"version-{each.place.replace(' ', '-')}" for each in (first, second))
    assert links == [
        (one, "A F1 v1", ""),
        (one, "A F1 v1", "does not concur"),
        (two, "A F1 v2", ""),
        (two, "A F1 v2", "concurs"),
    ]
    assert [page.count(f'id="{each}"') for each in (one, two)] == [1, 1]


def test_a_finding_shows_on_what_each_version_rests_and_what_was_taken_away_and_why(
    desks: Desks, client: Client
) -> None:
    case = desks.open()
    lead = desks.say(B, actions.note, Sort.LEAD, text=text_of("A wallet."))
    exhibit = Place(statement=id_text(lead.statement), part=0)
    linked = desks.say(A, actions.link_to, Linked.EVIDENCE, exhibit)
    nowhere = Place(statement=id_text(bytes(32)), part=None)
    first = desks.give(A, held(evidence=(exhibit, nowhere)))
    desks.say(A, actions.unlink, Unlinking.FORGED, on=linked)
    reasons = (Reason.EVIDENCE_WITHDRAWN,)
    revised = actions.draft_revised(
        desks.at(first), held(evidence=(nowhere,)), reasons=reasons, changed=TITLE, by=desks.hand(A)
    )
    desks.sign(A, revised)

    path = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"
    page = text(look(desks, client, B, path))

    mark = (
        f'<strong>A E1</strong> <a class="id" href="{path}#{lead.place.replace(" ", "-")}">{lead.place}</a>'
    )
    new, old = page.split('id="version-')[1:3]
    assert "evidence withdrawn; taken away: " + mark in new
    assert ("Rests on: " + mark in new, "Rests on: " + mark in old) == (False, True)
    assert f"</strong> · <strong>evidence</strong> {mark}" in page.partition('id="log"')[2]
    assert "withdrawn: forged" in old
    assert [each.count("not on this link") for each in (new, old)] == [1, 1]


def test_a_finding_whose_languages_name_different_figures_says_so_on_both_sides(
    desks: Desks, client: Client
) -> None:
    case = desks.open()
    desks.give(A, held(statement=Both(en="12 machines.", zh="24台机器。")))
    path = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"

    pages = [text(look(desks, client, node, path)) for node in (A, B)]

    told = "The two languages name different figures: only in English: 12; only in Chinese: 24."
    assert [page.count(told) for page in pages] == [1, 1]


@pytest.mark.django_db(databases=["default", "view"], transaction=True)
def test_each_side_reads_which_officer_gave_and_signed_a_finding_and_which_answered(
    desks: Desks, client: Client
) -> None:
    case = desks.open()
    by, secret = desks.hand(A), "correct-horse-battery"
    draft = actions.draft_given(desks.on, held(), by=by)
    desks.pair.ledgers[A].stop()
    enrol(desks.pair.homes[A], 4, secret=secret, now=by.now)
    given = actions.say_finding(desks.pair.homes[A], draft, by=by, secret=secret)
    desks.pair.start(A)
    assert isinstance(given, Appended)
    desks.said(given)
    answer = actions.draft_answered(desks.at(given), Position.CONCURS, is_public=False, by=desks.hand(B))
    desks.sign(B, answer)

    page = text(look(desks, client, B, f"/cases/{LINK}/{case.place.replace(' ', '-')}/"))

    version = page.partition('id="version-')[2].partition("</tr>")[0]
    line = page.partition('id="log"')[2].partition(f'id="{given.place.replace(" ", "-")}"')[2]
    assert "officer 4 · signed by officer 4" in version
    assert version.count("officer 4") == 3, "a root signed the answer, and has no number"
    assert "officer 4 · signed by officer 4" in line.partition("</div></li>")[0]


def test_the_log_says_in_words_what_the_codes_of_a_statement_say(desks: Desks, client: Client) -> None:
    case = desks.open()
    desks.say(B, actions.note, Sort.LEAD, text=text_of("A wallet."))
    desks.say(A, actions.set_task, task(due=1_793_800_000))
    desks.say(A, actions.close, Ending.SOLVED)

    log = text(look(desks, client, B, f"/cases/{LINK}/{case.place.replace(' ', '-')}/")).partition(
        'id="log"'
    )[2]

    said = re.findall(r"<p><strong>[^<]+</strong> · <strong>([^<]+)</strong>", log)
    both = "both, each its half; from 3 Nov 2026 10:00Z; until 4 Nov 2026 13:46Z"
    assert said == ["lead", both, "solved"]


def test_the_list_and_the_page_of_an_inquiry_lead_to_the_case(desks: Desks, client: Client) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    case = desks.propose(origins=(inquiry.statement,))

    listed = text(look(desks, client, B, "/cases/"))
    about = text(look(desks, client, B, f"/l/{LINK}/inquiries/{inquiry.place.replace(' ', '-')}/"))

    path = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"
    assert path in listed
    assert path in about
    assert look(desks, client, B, "/cases/?link=nobody").status_code == 404
    assert look(desks, client, B, f"/cases/{LINK}/A-999/").status_code == 404
    assert look(desks, client, B, f"/cases/{LINK}/{inquiry.place.replace(' ', '-')}/").status_code == 404


def test_both_nodes_serve_the_same_report_and_print_the_same_paper(desks: Desks, client: Client) -> None:
    desks.open()
    desks.give(A, held())
    path = f"/cases/{LINK}/report/"
    page = text(look(desks, client, A, path))
    cut = re.search(r"\?cut=(\d+/\d+)", page)[1]  # type: ignore[index] # it matches

    files = {
        name: [look(desks, client, node, f"{path}{name}/?cut={cut}").content for node in (A, B)]
        for name in ("json", "pdf")
    }

    assert files["json"][0] == files["json"][1]
    assert files["pdf"][0] == files["pdf"][1]
    assert files["pdf"][0].startswith(b"%PDF")
    for wrong in ("1", "a/b", "99999/1", "9" * 40 + "/1"):
        assert look(desks, client, A, f"{path}?cut={wrong}").status_code == 404


def test_the_report_is_printed_at_every_cut_that_is_here_and_at_no_other(
    desks: Desks, client: Client
) -> None:
    before = look(desks, client, A, f"/cases/{LINK}/report/pdf/").status_code
    desks.open()
    desks.say(A, actions.set_task, task())
    desks.give(A, held())
    with desks.pair.reader(A) as reader:
        status = reader.status(LINK)
        assert status is not None
    ours, theirs = status.my_size, status.their_size

    cuts = {(one, two) for one in range(ours + 2) for two in range(theirs + 2)}
    codes = {cut: client.get(f"/cases/{LINK}/report/pdf/?cut={cut[0]}/{cut[1]}").status_code for cut in cuts}

    assert before == 200
    assert {cut for cut, code in codes.items() if code == 404} == {
        (one, two) for one, two in cuts if one > ours or two > theirs
    }
    assert set(codes.values()) == {200, 404}
