"""Forms of a case keep what is typed: found again, by a colleague too, and not lost when things move on."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.cases import actions
from parley.cases.actions import Alternative
from parley.drafts.models import Draft, Saved
from parley.inquiries.forms.letter import text_of
from parley.ledger.attached import Attachments
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Likelihood, Linked, Reason, Responsibility, Sort
from tests.cases.desks import Desks, held, task
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="client")
def fixture_client(desks: Desks, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    return sit_down(4, "Zhao")


def sit_down(number: int, name: str) -> Client:
    Officer.objects.create(number=number, name=name, role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post(f"/sign-in/{number}/").status_code == 302
    return client


def at(desks: Desks, node: str = A) -> str:
    """Let the pages be those of `node`, and return the address of the case."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    assert desks.case is not None
    return f"/cases/{LINK}/{desks.case.place.replace(' ', '-')}/"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def type_in(client: Client, path: str, fields: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """Type into the form at `path` as its page saves it by itself."""
    found = re.search(r'data-autosave="([^"]*)" data-revision="(\d+)"', page(client, path))
    assert found is not None
    answer = client.post(found[1], {**fields, "base": found[2]})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def value_of(shown: str, name: str) -> str:
    """Return what stands in a field: of a text, a list or a box."""
    text = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)
    listed = re.search(rf'<select[^>]*name="{name}".*?</select>', shown, re.DOTALL)
    chosen = None if listed is None else re.search(r'value="([^"]*)" selected', listed[0])
    line = re.search(rf'<input class="form-control"[^>]*name="{name}"[^>]* value="([^"]*)"', shown)
    return next((each[1] for each in (text, chosen, line) if each is not None), "")


def test_a_finding_that_was_begun_is_found_again_on_the_case_and_by_a_colleague(
    desks: Desks, client: Client
) -> None:
    desks.open()
    form = f"{at(desks)}say/give/"
    said = type_in(client, form, {"statement_en": "It was <criminals>.", "likelihood": "likely"})
    colleague = sit_down(5, "Chen")

    mine, case, theirs = page(client, form), page(colleague, at(desks)), page(colleague, form)
    gone_on = page(colleague, f"{form}?draft={said['number']}")

    assert value_of(mine, "statement_en") == value_of(gone_on, "statement_en") == "It was <criminals>."
    assert value_of(mine, "likelihood") == "likely"
    # A colleague begins anew, unless he goes on with it.
    assert value_of(theirs, "statement_en") == ""
    for shown in (case, theirs):
        assert f"{form}?draft={said['number']}" in shown
        assert f"Draft {said['number']} by Zhao, last saved" in shown


def test_no_button_loses_a_word_and_a_secret_is_never_kept(desks: Desks, client: Client) -> None:
    desks.open()
    form = f"{at(desks)}say/give/"
    fields = {"statement_en": "It was criminals.", "exhibits": "", "secret": "horse", "page": "d" * 32}

    saved = client.post(form, {**fields, "do": "save"})
    switched = client.post(form, {**fields, "language": "zh-hans"})
    back = page(client, saved.headers["Location"])

    assert (saved.status_code, switched.status_code) == (303, 302)
    assert value_of(back, "statement_en") == "It was criminals."
    assert "作出结论" in back
    assert not Saved.objects.filter(value__contains="horse").exists()
    assert Draft.objects.count() == 1


def test_two_texts_for_one_field_are_both_kept_until_somebody_chooses(desks: Desks, client: Client) -> None:
    desks.open()
    form = f"{at(desks)}say/give/"
    number = type_in(client, form, {"statement_en": "Criminals."})["number"]
    colleague = sit_down(5, "Chen")
    open_here = page(colleague, f"{form}?draft={number}")
    revision = re.search(r'data-revision="(\d+)"', open_here)
    assert revision is not None
    type_in(client, f"{form}?draft={number}", {"statement_en": "Criminals of two states."})

    fields = {"draft": str(number), "base": revision[1], "page": "e" * 32}
    answer = colleague.post(form, {**fields, "statement_en": "Nobody knows."})

    shown = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Two texts for the same field" in shown
    assert "Criminals of two states." in shown
    assert "Nobody knows." in shown
    assert desks.fold(A).findings == ()


def test_what_was_typed_is_shown_when_it_cannot_be_said_any_more(desks: Desks, client: Client) -> None:
    desks.open()
    first = desks.give(B, held())
    on = first.place.replace(" ", "-")
    form = f"{at(desks)}say/answer/?on={on}"
    type_in(client, form, {"text": "We see <no> state in it."})
    revised = actions.draft_revised(
        desks.at(first), held(), reasons=(Reason.ERROR,), changed=held().statement, by=desks.hand(B)
    )
    desks.sign(B, revised)
    at(desks)

    looked = client.get(form)
    pressed = client.post(form, {"text": "We see no state at all.", "page": "f" * 32})

    assert (looked.status_code, pressed.status_code) == (409, 409)
    assert "We see &lt;no&gt; state in it." in looked.content.decode()
    assert "We see no state at all." in pressed.content.decode()
    assert client.get(f"{at(desks)}say/answer/?on=A-999").status_code == 404


def test_a_revision_begins_with_what_is_held_so_far(desks: Desks, client: Client) -> None:
    desks.open()
    noted = desks.say(A, actions.note, Sort.LEAD, text=text_of("A wallet."))
    where = Place(statement=id_text(noted.statement), part=0)
    desks.say(A, actions.link_to, Linked.EVIDENCE, where)
    other = Alternative(
        responsibility=Responsibility.NO_STATE, likelihood=Likelihood.UNLIKELY, text=text_of("Why not.")
    )
    given = desks.give(A, held(evidence=(where,), alternatives=(other,), dissent=text_of("One of us.")))
    desks.say(A, actions.set_task, task())

    form = page(client, f"{at(desks)}say/revise/?on={given.place.replace(' ', '-')}")

    assert value_of(form, "statement_zh") == held().statement.zh
    assert (value_of(form, "likelihood"), value_of(form, "confidence")) == ("likely", "low")
    assert (value_of(form, "alternative_1_step"), value_of(form, "alternative_1_text")) == (
        "no_state",
        "Why not.",
    )
    assert value_of(form, "dissent") == "One of us."
    exhibit = f"{noted.place.replace(' ', '-')}/0"
    assert re.search(rf'name="exhibits" value="{exhibit}" checked', form)
    assert value_of(form, "changed_en") == ""


def test_an_alternative_that_is_not_whole_is_named_and_nothing_is_said(desks: Desks, client: Client) -> None:
    desks.open()
    fields = {
        "statement_en": "x",
        "statement_zh": "x",
        "likelihood": "likely",
        "confidence": "low",
        "alternative_2_step": "no_state",
    }
    answer = client.post(f"{at(desks)}say/give/", fields)

    assert answer.status_code == 422
    assert 'href="#alternative_2_step"' in answer.content.decode()


def test_a_time_without_a_zone_and_a_place_where_nothing_stands_are_refused_by_name(
    desks: Desks, client: Client
) -> None:
    desks.open()
    task_of = {"title_en": "x", "title_zh": "x", "owner": "both", "start": "2026-11-24T09:00"}

    unzoned = client.post(f"{at(desks)}say/task/", task_of).content.decode()
    nowhere = client.post(f"{at(desks)}say/link/", {"to": "inquiry", "place": "A-777"}).content.decode()

    assert "“2026-11-24T09:00” names no zone." in unzoned
    assert 'href="#start"' in unzoned
    assert "Nothing stands at “A-777” in this record." in nowhere
    assert 'href="#place"' in nowhere


def test_a_note_takes_a_file_along_which_the_other_side_can_save(desks: Desks, client: Client) -> None:
    desks.open()
    form = f"{at(desks)}say/note/"
    file = SimpleUploadedFile("payments.csv", b"a,b\n")
    typed = {"sort": "lead", "text": "The payments.", "page": "a" * 32}
    added = client.post(f"{form}files/", {**typed, "evidence": file})
    shown = page(client, added.headers["Location"].partition("#")[0])
    hidden = dict(re.findall(r'<input type="hidden" name="(files|draft|page|base)" value="([^"]*)"', shown))

    desks.pair.stop()
    answer = client.post(form, {**typed, **hidden, "key": "b" * 32})
    for each in (A, B):
        desks.pair.start(each)
    desks.pair.settle()

    assert answer.status_code == 303, answer.content.decode().partition("error-title")[2][:400]
    assert value_of(shown, "text") == "The payments."
    with desks.pair.reader(B) as reader:
        (note,) = desks.fold(B).notes
        files = Attachments(desks.pair.homes[B], reader).of(LINK, note.id)
    assert [each.named.name for each in files if each.named] == ["payments.csv"]
