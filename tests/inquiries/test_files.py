"""Evidence on the pages: added to a form, kept at home, sent, saved at the other side; and what may not."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import JournalEntry
from parley.drafts.queries import list_begun, show_draft
from parley.ui.middleware import FEW_BYTES, FILE_BYTES, MOST_BYTES
from tests.inquiries.page_desk import HOST, OFFICER, VIEWER, A, B, PageDesk
from tests.two_nodes.filing import some_bytes

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

CONTENT = some_bytes(100_000)
FORM: Mapping[str, object] = {"words": "see the file"}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageDesk:
    return PageDesk(tmp_path, settings)


@pytest.fixture(name="place")
def fixture_place(desk: PageDesk) -> str:
    """An inquiry that side B, whose pages these are, has to answer."""
    found = desk.send("http://one.example/a")
    desk.at(B)
    return found


def files_address(place: str, verb: str = "acknowledge") -> str:
    return f"/l/a-b/inquiries/{place}/say/{verb}/files/"


def add(
    desk: PageDesk, place: str, *, name: str = "mail.eml", content: bytes = CONTENT, **fields: object
) -> dict[str, list[str]]:
    """Add a file to the form, and return the form as it stands then."""
    sent = {
        **desk.form(place, "acknowledge"),
        **FORM,
        **fields,
        "evidence": SimpleUploadedFile(name, content),
    }
    answer = desk.clients[OFFICER].post(files_address(place), sent)
    assert answer.status_code == 303, answer.status_code
    at = answer.headers["Location"]
    assert at.endswith("#files-title")
    query = at.partition("?")[2].partition("#")[0]
    return desk.form(place, "acknowledge", f"?{query}")


def saved_by(client: Client, said: str) -> bytes:
    """Return the file of a statement as a browser saves it."""
    return client.get(f"/l/a-b/files/{said}/1/").getvalue()


def vault_files(desk: PageDesk, node: str = B) -> list[str]:
    return sorted(path.name for path in desk.homes[node].vault.rglob("*") if path.is_file())


# ---- In the draft


def test_a_file_that_is_added_stands_in_the_form_and_nothing_is_sent(desk: PageDesk, place: str) -> None:
    form = add(desk, place)

    page = desk.get(f"/l/a-b/inquiries/{place}/say/acknowledge/?draft={form['draft'][0]}")
    assert hashlib.sha256(CONTENT).hexdigest() in page
    assert "mail.eml" in page
    assert form["words"] == ["see the file"]
    assert desk.said("acknowledged") == []


def test_what_lies_in_the_vault_is_sealed_and_has_no_name_of_anybodys(desk: PageDesk, place: str) -> None:
    form = add(desk, place, content=b"the very words of a witness")

    assert set(vault_files(desk)) == set(form["files"])
    raw = b"".join(path.read_bytes() for path in desk.homes[B].vault.rglob("*") if path.is_file())
    assert b"the very words" not in raw


def test_a_colleague_finds_the_file_in_the_draft(desk: PageDesk, place: str) -> None:
    form = add(desk, place)

    (draft,) = list_begun("a-b", purposes="say:")
    assert show_draft(draft.number).values["files"] == form["files"][0]


def test_a_file_that_is_taken_out_is_destroyed(desk: PageDesk, place: str) -> None:
    form = add(desk, place)

    answer = desk.post(place, "acknowledge", {**form, "drop_file": form["files"][0]})

    assert answer.status_code == 303
    assert vault_files(desk) == []
    assert "files" not in desk.form(place, "acknowledge", f"?draft={form['draft'][0]}")
    acts = [row.act for row in JournalEntry.objects.order_by("number") if row.act.startswith("file.")]
    assert acts == ["file.kept", "file.dropped"]


def test_only_a_file_of_the_form_can_be_taken_out(desk: PageDesk, place: str) -> None:
    form = add(desk, place)

    answer = desk.post(place, "acknowledge", {**form, "files": [], "drop_file": form["files"][0]})

    assert answer.status_code == 404
    assert len(set(vault_files(desk))) == 1


def test_nothing_is_sent_with_a_file_that_is_gone(desk: PageDesk, place: str) -> None:
    form = add(desk, place)
    for path in desk.homes[B].vault.rglob("*"):
        if path.is_file():
            path.unlink()

    answer = desk.post(place, "acknowledge", form)

    assert answer.status_code == 422
    assert "not here any more" in answer.text
    assert desk.said("acknowledged") == []


def test_without_a_file_the_form_says_so_and_keeps_what_was_typed(desk: PageDesk, place: str) -> None:
    sent = {**desk.form(place, "acknowledge"), **FORM, "evidence": ""}

    answer = desk.clients[OFFICER].post(files_address(place), sent)

    assert answer.status_code == 422
    assert "No file is chosen" in answer.text
    assert "see the file" in answer.text


def test_a_file_that_took_long_stands_in_the_draft_whatever_was_typed_meanwhile(
    desk: PageDesk, place: str
) -> None:
    page = desk.form(place, "acknowledge")
    save = f"/l/a-b/inquiries/{place}/say/acknowledge/save/?page={page['page'][0]}"
    typed = {"words": "typed while it came", "base": "0", "stroke": "2"}
    assert desk.clients[OFFICER].post(save, typed).status_code == 200

    form = add(desk, place, page=page["page"], base="0", stroke="1")

    assert len(form["files"]) == 1
    assert form["words"] == ["typed while it came"]


# ---- Said


def test_a_file_goes_with_the_statement_and_can_be_saved_at_the_other_side(
    desk: PageDesk, place: str
) -> None:
    form = add(desk, place)

    answer = desk.post(place, "acknowledge", form)
    said = answer.url.partition("saved=")[2]
    before = desk.page(place)
    desk.carry()

    assert "not yet said to be at their node" in before
    assert "their node says that it has it whole" in desk.page(place)
    desk.at(A)
    assert "mail.eml" in desk.page(place)
    assert saved_by(desk.clients[OFFICER], said) == CONTENT
    assert vault_files(desk, A) == form["files"]


def test_a_form_with_a_file_that_is_sent_twice_is_one_statement(desk: PageDesk, place: str) -> None:
    form = add(desk, place)

    first = desk.post(place, "acknowledge", form)
    second = desk.post(place, "acknowledge", form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert len(desk.said("acknowledged")) == 1


def test_a_look_shows_the_file_and_sends_nothing(desk: PageDesk, place: str) -> None:
    form = add(desk, place)

    page = desk.post(place, "acknowledge", {**form, "look": "1"}).text

    assert "&quot;name&quot;:&quot;mail.eml&quot;" in page
    assert desk.said("acknowledged") == []
    assert len(set(vault_files(desk))) == 1


# ---- Saving


NAMES = {
    "../../etc/passwd": "passwd",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    '"><script>alert(1)</script>.html': "script_.html",
    "x.html": "x.html",
    "a\\b\\c.svg": "c.svg",
    "名单 (最终).xlsx": "%E5%90%8D%E5%8D%95%20%28%E6%9C%80%E7%BB%88%29.xlsx",
    "CON.txt": "_CON.txt",
}


@pytest.mark.parametrize(("name", "saved_as"), NAMES.items())
def test_whatever_it_is_called_it_is_saved_and_never_shown(
    desk: PageDesk, place: str, name: str, saved_as: str
) -> None:
    said = desk.post(place, "acknowledge", add(desk, place, name=name)).url.partition("saved=")[2]

    answer = desk.clients[OFFICER].get(f"/l/a-b/files/{said}/1/")
    answer.close()
    page = desk.page(place)

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert saved_as in disposition
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert "<script>alert" not in page
    assert "\u202e" not in page + disposition


@pytest.mark.parametrize("path", ["B-99999/1", "A-0/1", "x/1", "{said}/0", "{said}/2", "{said}/999999999999"])
def test_what_is_no_file_of_a_statement_is_not_found(desk: PageDesk, place: str, path: str) -> None:
    said = desk.post(place, "acknowledge", add(desk, place)).url.partition("saved=")[2]

    assert desk.status(f"/l/a-b/files/{path.format(said=said)}/") == 404
    assert desk.status(f"/l/a-c/files/{said}/1/") == 404


def test_a_file_that_is_not_here_says_why(desk: PageDesk, place: str) -> None:
    form = add(desk, place)
    said = desk.post(place, "acknowledge", form).url.partition("saved=")[2]
    (desk.homes[B].vault / form["files"][0][:2] / form["files"][0]).unlink()

    answer = desk.clients[OFFICER].get(f"/l/a-b/files/{said}/1/")

    assert answer.status_code == 409
    assert "missing from the disk" in answer.text


def test_a_viewer_may_save_and_may_not_add(desk: PageDesk, place: str) -> None:
    said = desk.post(place, "acknowledge", add(desk, place)).url.partition("saved=")[2]
    before = vault_files(desk)

    refused = desk.clients[VIEWER].post(files_address(place), {"evidence": SimpleUploadedFile("x", CONTENT)})

    assert saved_by(desk.clients[VIEWER], said) == CONTENT
    assert refused.status_code == 403
    assert vault_files(desk) == before


# ---- Strangers


def test_nobody_s_file_is_read_before_it_is_known_who_asks(desk: PageDesk, place: str) -> None:
    stranger = Client(headers=HOST)
    stranger.cookies[live_settings.SESSION_COOKIE_NAME] = "x"

    answer = stranger.post(files_address(place), {"evidence": SimpleUploadedFile("x", CONTENT)})

    assert answer.status_code == 401
    assert vault_files(desk) == []
    assert not getattr(answer.wsgi_request, "_read_started", True)


def test_a_form_without_our_token_leaves_nothing(desk: PageDesk, place: str) -> None:
    client = Client(headers=HOST, enforce_csrf_checks=True)
    client.cookies = desk.clients[OFFICER].cookies

    answer = client.post(files_address(place), {"evidence": SimpleUploadedFile("x", CONTENT)})

    assert answer.status_code == 403
    assert vault_files(desk) == []


@pytest.mark.parametrize(
    ("size", "cookie", "is_read"),
    [
        (FEW_BYTES + 1, False, False),
        (MOST_BYTES + 1, True, True),
        (FILE_BYTES + 1, True, False),
    ],
)
def test_evidence_may_be_large_and_nothing_else(
    desk: PageDesk, place: str, *, size: int, cookie: bool, is_read: bool
) -> None:
    client = Client(headers=HOST)
    if cookie:
        client.cookies[live_settings.SESSION_COOKIE_NAME] = "x"

    def status(path: str) -> int:
        kind = "multipart/form-data; boundary=x"
        length = {"content-length": str(size)}
        return client.generic("POST", path, b"", content_type=kind, headers=length).status_code

    assert (status(files_address(place)) != 413) is is_read
    assert status(f"/l/a-b/inquiries/{place}/say/acknowledge/") == 413
