"""Files with a draft of inquiries: added by its form, kept at home, and sent with each inquiry, once."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow, find_officer
from parley.composer.actions import sending
from parley.composer.actions.sending import NotReadyError, Pressed
from parley.composer.forms.dispatches import write_begun
from parley.composer.queries.composing import composition_of
from parley.composer.queries.work import work_on
from parley.drafts import actions as drafts
from parley.drafts.queries import show_draft
from parley.ledger.append import NobodyWritesError
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.enclosing import all_kept, drop
from parley.ledger.readers import link_called
from parley.links.actions.speaking import Door, Hand, Tried
from parley.ui.middleware import MOST_BYTES
from parley.work import clock
from parley.work.home import Home
from tests.composer.desk import HOST, Desk
from tests.composer.test_pasting import line, ready
from tests.composer.world import World, signed_in
from tests.two_nodes.filing import some_bytes
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

CONTENT = some_bytes(70_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def add(desk: Desk, *, name: str = "mail.eml", content: bytes = CONTENT) -> Any:  # noqa: ANN401 - Django's answer
    """Send the form with a file, as its button does, and show what comes of it."""
    data: dict[str, Any] = {}
    for field, value in desk.values:
        data.setdefault(field, []).append(value)
    data["evidence"] = SimpleUploadedFile(name, content)
    answer = desk.client.post(f"/l/a-b/drafts/{desk.number}/files/", data, headers=HOST)
    if answer.status_code in {302, 303}:
        desk.open(answer.headers["Location"])
    return answer


def vault_files(home: Home) -> set[str]:
    return {path.name for path in home.vault.rglob("*") if path.is_file()}


def held(desk: Desk) -> list[str]:
    return show_draft(desk.number).values.get("files", "").split()


def test_a_file_stands_in_the_draft_with_what_was_typed_and_is_sent_with_each_inquiry(
    desk: Desk, world: World
) -> None:
    ready(desk, line("one.example/"), line("two.example/", bank="第二银行"))
    desk.press("go:3").type("grouping", "bank").type("facts", "typed before")

    add(desk)
    assert (DIGEST in desk.html, desk.value("facts")) == (True, "typed before")
    desk.press("go:4")
    assert "Along with each of 2 inquiries: 1 file." in desk.html
    desk.press("send")
    world.carry()

    letters = world.letters()
    assert [letter["files"][0]["name"] for letter in letters] == ["mail.eml", "mail.eml"]
    assert vault_files(world.homes[B]) == vault_files(world.homes[A]) != set()
    assert list(all_kept(world.homes[A], "a-b")) == []


def test_a_file_that_is_taken_out_is_destroyed_and_not_sent(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    add(desk)
    (digest,) = held(desk)

    desk.press(f"drop_file:{digest}")

    assert vault_files(world.homes[A]) == set()
    assert held(desk) == []
    desk.press("go:4").press("send")
    world.carry()
    assert "files" not in world.letters()[0]
    acts = [row.act for row in JournalEntry.objects.order_by("number") if row.act.startswith("file.")]
    assert acts == ["file.kept", "file.dropped"]


def test_nothing_is_sent_with_a_file_that_is_gone(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    add(desk)
    drop(world.homes[A], bytes.fromhex(held(desk)[0]))

    desk.press("go:4")

    assert "A file of this draft is not here any more." in desk.html
    assert ("do", "send", False) not in desk.buttons


def test_a_sending_that_was_cut_off_is_finished_with_its_files(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    add(desk)
    link = link_called(settings.HOME, "a-b")
    assert link is not None
    by = Pressed(officer=_officer(), session="s", now=clock.now())
    work = work_on(link, desk.number, now=by.now)
    parts = composition_of(work).parts
    drafts.put(desk.number, write_begun(sending._next(work, len(parts)), parts), by=by.typing)  # noqa: SLF001 - a crash

    sending.finish(link, desk.number, by=by)
    sending.finish(link, desk.number, by=by)

    world.carry()
    assert [len(letter["files"]) for letter in world.letters()] == [1]
    assert list(all_kept(world.homes[A], "a-b")) == []


class Cut:
    """A door behind which everything is said, and from which nobody comes back."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:
        self._door.pass_on(drafts, by=by)
        raise NobodyWritesError("cut")


def test_what_was_said_before_the_cut_is_not_said_again_and_its_files_are_still_there(
    desk: Desk, world: World
) -> None:
    ready(desk, line("one.example/"))
    add(desk)
    link = link_called(settings.HOME, "a-b")
    assert link is not None
    by = Pressed(officer=_officer(), session="s", now=clock.now())
    work = work_on(link, desk.number, now=by.now)
    seen = composition_of(work).digest(salt=by.salt)

    with pytest.raises(NobodyWritesError):
        sending.send(link, desk.number, by=replace(by, digest=seen, door=Cut(by.hand("x").door)))
    sending.finish(link, desk.number, by=by)

    world.carry()
    assert [len(letter["files"]) for letter in world.letters()] == [1]
    assert list(all_kept(world.homes[A], "a-b")) == []


def test_a_sending_whose_file_is_gone_says_nothing(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    add(desk)
    link = link_called(settings.HOME, "a-b")
    assert link is not None
    by = Pressed(officer=_officer(), session="s", now=clock.now())
    work = work_on(link, desk.number, now=by.now)
    parts = composition_of(work).parts
    drafts.put(desk.number, write_begun(sending._next(work, len(parts)), parts), by=by.typing)  # noqa: SLF001 - a crash
    drop(world.homes[A], bytes.fromhex(held(desk)[0]))

    with pytest.raises(NotReadyError):
        sending.finish(link, desk.number, by=by)

    assert world.acts() == []


def test_without_a_file_the_form_says_so_and_keeps_what_was_typed(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    desk.press("go:3").type("facts", "typed")

    answer = desk.client.post(
        f"/l/a-b/drafts/{desk.number}/files/", {**dict(desk.values), "evidence": ""}, headers=HOST
    )

    assert answer.status_code == 422
    assert "No file is chosen" in answer.text
    assert show_draft(desk.number).values["facts"] == "typed"


def test_no_page_names_a_file_by_itself(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))

    desk.autosave({"files": "0" * 64}, base=int(desk.value("base")))
    desk.post(files="0" * 64, do="save")

    assert held(desk) == []


def test_a_draft_takes_a_large_file_and_nothing_else_that_is_large(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))

    def status(path: str) -> int:
        length = {"content-length": str(MOST_BYTES + 1)}
        kind = "multipart/form-data; boundary=x"
        return desk.client.generic(
            "POST", path, b"", content_type=kind, headers={**HOST, **length}
        ).status_code

    assert status(f"/l/a-b/drafts/{desk.number}/files/") != 413
    assert status(f"/l/a-b/drafts/{desk.number}/") == 413


def test_a_viewer_and_a_stranger_add_nothing(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    guest = signed_in(9, name="Wu", role=Role.VIEWER)

    for client in (guest, type(guest)()):
        answer = client.post(
            f"/l/a-b/drafts/{desk.number}/files/",
            {"evidence": SimpleUploadedFile("x", CONTENT)},
            headers=HOST,
        )
        assert answer.status_code in {401, 403}
    assert vault_files(world.homes[A]) == set()


def _officer() -> OfficerRow:
    return find_officer("Chen")
