"""Offering on a page: what is typed is kept, the content lies sealed, and what was declined is gone."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any, Final

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import JournalEntry, Officer
from parley.agencies.policy import Role
from parley.drafts.models import Draft, Saved
from parley.ledger.enclosing import all_kept
from parley.ledger.sealed import all_sealed
from parley.links.actions.speaking import Target
from parley.protocol.act import read_id
from parley.protocol.sharing.codes import Declining
from parley.sharing import actions
from parley.sharing.queries import list_shares
from parley.sharing.tasks import destroy_declined
from tests.sharing.givers import Givers
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

NEW: Final = f"/shared/{LINK}/new/"
ROWS: Final = "203.0.113.71\n203.0.113.72\n203.0.113.73\n"
USUAL: Final = {
    "what": "indicators",
    "title": "Addresses <b>of</b> a botnet",
    "tlp": "AMBER",
    "pap": "GREEN",
    "expects": "consideration",
    "conditions": ["confidential"],
    "rows_of": "ip",
    "rows": ROWS,
}


@pytest.fixture(name="client")
def fixture_client(desks: Givers, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    return client


def send(desks: Givers, client: Client, fields: Mapping[str, object], *, path: str = NEW) -> Any:  # noqa: ANN401 - Django's own answer
    """Send the form; whoever says something is the core for that moment."""
    configured.HOME = desks.pair.homes[A]
    desks.pair.stop()
    answer = client.post(path, {"key": "b" * 32, "page": "c" * 32, **fields})
    for each in (A, B):
        desks.pair.start(each)
    desks.pair.settle()
    return answer


def kept_names(desks: Givers) -> list[str]:
    return [each.name for each in all_kept(desks.pair.homes[A], LINK)]


def shape(client: Client, path: str = NEW) -> str:
    return str(client.get(path).content.decode())


def test_rows_and_a_file_are_offered_and_none_of_it_leaves(desks: Givers, client: Client) -> None:
    file = SimpleUploadedFile("samples.zip", b"PK" * 500)
    added = client.post(f"{NEW}files/", {**USUAL, "page": "c" * 32, "evidence": file})
    page = shape(client, added.headers["Location"].partition("#")[0])
    digest = re.search(r'name="files" value="(\w{64})"', page)
    number = re.search(r'name="draft" value="(\d+)"', page)
    assert digest is not None
    assert number is not None

    answer = send(desks, client, {**USUAL, "files": digest[1], "draft": number[1]})

    assert answer.status_code == 303, unescape(answer.content.decode()).partition("error-title")[2][:600]
    desks.tell(B)
    (theirs,) = list_shares().rows
    assert (theirs.counts, theirs.files, theirs.conditions) == ((("ip", 3),), 2, ("confidential",))
    assert (theirs.tlp, theirs.pap, theirs.title) == ("AMBER", "GREEN", "Addresses <b>of</b> a botnet")
    sealed = sorted(each.name for each in all_sealed(desks.pair.homes[A], LINK))
    assert (sealed, kept_names(desks)) == (["rows.csv", "samples.zip"], [])
    vault = desks.pair.ledgers[B].files.vault
    assert {vault.size(each.hash) for each in all_sealed(desks.pair.homes[A], LINK)} == {None}
    assert Draft.objects.get().outcome == "said"


def test_who_offered_is_led_to_the_offer(desks: Givers, client: Client) -> None:
    path = send(desks, client, USUAL).headers["Location"]
    place = path.partition("saved=")[2]
    desks.tell(A)

    notice = re.search(r'class="notice good".*?href="([^"]*)"', client.get(path).content.decode())

    assert notice is not None
    assert notice[1] == f"/shared/{LINK}/{place}/"
    assert client.get(notice[1]).status_code == 200


def test_the_same_form_sent_twice_is_one_offer(desks: Givers, client: Client) -> None:
    answers = [send(desks, client, USUAL).status_code for _ in range(2)]

    desks.tell(B)
    assert (answers, len(list_shares().rows)) == ([303, 303], 1)
    assert (kept_names(desks), Draft.objects.count()) == ([], 1)


def test_rows_stand_in_no_draft_and_are_found_again_as_they_were_typed(desks: Givers, client: Client) -> None:
    page = shape(client)
    save = re.search(r'data-autosave="([^"]*)"', page)
    assert save is not None
    said = [
        json.loads(client.post(unescape(save[1]), {"rows": text, "base": "0"}).content)
        for text in ("203.0.113.7", ROWS)
    ]

    again = shape(client, f"{NEW}?draft={said[1]['number']}")

    assert f"\n{ROWS}</textarea>" in again
    assert not Saved.objects.filter(value__contains="203.0.113").exists()
    # What was typed before is gone: a draft keeps every version, and the content of an offer none.
    assert kept_names(desks) == ["rows.csv"]
    assert Saved.objects.filter(field="rows").count() == 1


def test_what_they_will_see_is_told_before_and_nothing_is_said_by_that(desks: Givers, client: Client) -> None:
    answer = send(desks, client, {**USUAL, "look": "1", "until": "+30d"})

    preview = re.search(
        r'<section class="panel" id="preview".*?</section>', answer.content.decode(), re.DOTALL
    )
    assert preview is not None
    assert "3 IP addresses" in preview[0]
    assert "Addresses &lt;b&gt;of&lt;/b&gt; a botnet" in preview[0]
    assert "203.0.113" not in preview[0]
    desks.tell(A)
    assert list_shares().rows == ()
    assert not JournalEntry.objects.filter(act__startswith="sharing.").exists()


def test_what_is_missing_is_named_at_its_field_and_every_word_comes_again(
    desks: Givers, client: Client
) -> None:
    # What is missing, and where the page says so.
    wanting = {"title": "title", "what": "what", "rows": "counts", "rows_of": "counts", "tlp": "tlp"}

    for number, (without, field) in enumerate(wanting.items()):
        answer = client.post(NEW, {**USUAL, without: "", "why": "Seen <here>.", "page": f"{number:032}"})
        page = answer.content.decode()
        assert (answer.status_code, f'href="#{field}"' in page) == (422, True), without
        assert "Seen &lt;here&gt;." in page
    nothing = client.post(NEW, {**USUAL, "rows": "", "counts_ip": "3", "page": "d" * 32})

    assert (nothing.status_code, 'href="#files-title"' in nothing.content.decode()) == (422, True)
    desks.tell(A)
    assert list_shares().rows == ()
    assert Saved.objects.filter(field="why", value="Seen <here>.").count() == len(wanting)


def test_rows_that_are_too_long_are_not_sealed_and_stay_on_the_page(desks: Givers, client: Client) -> None:
    answer = send(desks, client, {**USUAL, "rows": "x" * (1024 * 1024 + 1)})

    assert answer.status_code == 413
    assert "Add them as a file instead" in answer.content.decode()
    assert kept_names(desks) == []


def test_nothing_of_a_file_is_kept_that_comes_without_the_token_of_the_form(
    desks: Givers, client: Client
) -> None:
    stranger = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    stranger.cookies = client.cookies

    answer = stranger.post(f"{NEW}files/", {**USUAL, "evidence": SimpleUploadedFile("x.zip", b"PK" * 500)})

    assert answer.status_code == 403
    assert kept_names(desks) == []
    assert found_on_disk(desks, (b"PKPKPK", ROWS.encode())) == set()
    assert not Draft.objects.exists()


def test_a_file_that_is_taken_out_is_destroyed(desks: Givers, client: Client) -> None:
    file = SimpleUploadedFile("samples.zip", b"PK" * 500)
    client.post(f"{NEW}files/", {**USUAL, "page": "c" * 32, "evidence": file})
    page = shape(client)
    digest = re.search(r'name="files" value="(\w{64})"', page)
    assert digest is not None

    client.post(NEW, {**USUAL, "page": "c" * 32, "files": digest[1], "drop_file": digest[1]})

    assert kept_names(desks) == ["rows.csv"]
    assert f'name="files" value="{digest[1]}"' not in shape(client)


def test_what_was_declined_is_nowhere_on_the_disk_of_who_offered_it(desks: Givers, client: Client) -> None:
    send(desks, client, USUAL)
    home = desks.pair.homes[A]
    (lying,) = all_sealed(home, LINK)
    ciphertext = desks.pair.ledgers[A].files.vault.stretch(lying.hash, 0, size=64)
    key = lying.wrapped.hex().encode()
    traces = (ciphertext, key, lying.wrapped, ROWS.encode(), lying.plain_sha256)
    before = found_on_disk(desks, traces)

    decline(desks)
    with desks.pair.reader(A) as reader:
        destroyed = destroy_declined(home, reader)

    assert (before, destroyed) == ({ciphertext, key}, (lying.hash,))
    assert found_on_disk(desks, traces) == set()
    assert not Saved.objects.filter(value__contains="203.0.113.7").exists()


def decline(desks: Givers) -> None:
    """Let B decline the one offer there is."""
    desks.tell(B)
    (row,) = list_shares().rows
    on = Target(link=LINK, statement=read_id(row.share))
    desks.said(actions.decline(on, Declining.NO_NEED, by=desks.hand(B)))


def found_on_disk(desks: Givers, traces: tuple[bytes, ...]) -> set[bytes]:
    """Return which of these bytes lie in any file of A, in logs that go ahead of a table as well."""
    files = [path.read_bytes() for path in desks.pair.homes[A].root.rglob("*") if path.is_file()]
    return {trace for trace in traces for file in files if trace in file}
