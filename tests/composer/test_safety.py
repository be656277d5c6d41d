"""What cannot happen by mistake: nothing is lost, nothing is said twice, nothing goes to the wrong side."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pytest

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.composer.actions import sending
from parley.composer.actions.sending import Pressed
from parley.composer.queries.composing import composition_of
from parley.composer.queries.work import work_on
from parley.drafts import actions as drafts
from parley.drafts.queries import Origin, find_draft, history_of, show_draft
from parley.ledger.append import NobodyWritesError
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.readers import OpenLink, link_called
from parley.links.actions.speaking import Hand, Record, Tried
from parley.work import clock
from tests.composer.desk import HOST, Desk
from tests.composer.test_pasting import line, ready
from tests.composer.world import World, signed_in
from tests.two_nodes.pair import A

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


# ---- Nothing is lost


def test_the_first_button_of_the_form_only_saves(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))

    assert desk.implicit == ("do", "save")
    desk.type("facts", "typed").press("save")

    assert desk.value("facts") == "typed"
    assert world.acts() == []


def test_a_page_saves_itself_and_is_told_when(desk: Desk, world: World) -> None:
    desk.begin()
    base = int(desk.value("base"))

    said = desk.autosave({"purpose": "线索\r\n二", "nonsense": "x", "row.9.url": "x"}, base=base).json()

    assert said["revision"] == base + 1
    assert said["number"] == desk.number
    assert re.fullmatch(r"\d\d:\d\d:\d\dZ", said["shown"])
    assert said["conflicts"] == []
    assert show_draft(desk.number).values["purpose"] == "线索\n二"
    assert "nonsense" not in show_draft(desk.number).values


def test_a_second_tab_keeps_both_texts_and_a_person_chooses(desk: Desk, other: Desk, world: World) -> None:
    desk.begin()
    other.open(desk.path)
    desk.type("purpose", "Chen's").type("facts", "Chen's too").press("save")

    other.type("purpose", "Zhao's").press("save")

    assert "Two texts for the same field" in other.html
    assert "Chen&#x27;s" in other.html
    assert other.value("facts") == "Chen's too"
    (mine,) = [value for _name, value, _off in other.buttons if value.endswith(":mine")]
    assert ("do", "send", False) not in other.press("go:4").buttons
    other.press(mine)
    assert other.value("purpose") == "Zhao's"
    texts = {each.value for each in history_of(desk.number, "purpose")}
    assert {"Chen's", "Zhao's"} <= texts
    shown = desk.open(f"/l/a-b/drafts/{desk.number}/history/purpose/").html
    assert "Zhao&#x27;s" in shown


def test_a_page_that_saves_itself_is_told_of_the_other_text_and_may_keep_its_own(
    desk: Desk, other: Desk, world: World
) -> None:
    desk.begin()
    base = int(desk.value("base"))
    desk.autosave({"purpose": "one", "facts": "new"}, base=base, page="a")

    said = other.open(desk.path.split("?")[0])
    first = other.autosave({"purpose": "two"}, base=base, page="b").json()
    again = other.autosave({"purpose": "two"}, base=first["revision"], page="b").json()

    assert said.status == 200
    assert [(each["field"], each["theirs"], each["by"]) for each in first["conflicts"]] == [
        ("purpose", "one", "Chen"),
        ("facts", "new", "Chen"),
    ]
    assert again["conflicts"] == []
    assert show_draft(desk.number).values["purpose"] == "two"


def test_a_row_that_two_people_change_is_chosen_by_line(desk: Desk, other: Desk, world: World) -> None:
    ready(desk, line("one.example/"), line("two.example/"))
    other.open(desk.path)
    desk.type("row.1.brand", "Bank A").press("save")

    other.type("row.1.brand", "Bank B").type("row.2.brand", "Bank C").press("save")

    assert "Row 1: Impersonated institution" in other.html
    assert other.value("row.2.brand") == "Bank C"


def test_a_session_that_ends_while_somebody_types_loses_nothing_and_sends_nothing(
    desk: Desk, world: World
) -> None:
    ready(desk, line("one.example/"))
    assert ("do", "send", False) in desk.buttons
    session = desk.client.session
    session["seen"] = session["begun"] = clock.now() - 3600
    session.save()
    data = dict([*desk.values, ("facts", "typed at the end"), ("do", "send")])

    out = desk.client.post(desk.path, data, headers=HOST)
    assert out.status_code == 401
    kept = dict(
        re.findall(r'<input type="hidden" name="kept-([^"]+)" value="([^"]*)">', out.content.decode())
    )
    assert kept["facts"] == "typed at the end"
    client = signed_in(4, name="Chen")
    again = client.post(desk.path, kept, headers=HOST, follow=True)

    assert "typed at the end" in again.content.decode()
    assert world.acts() == []


def test_a_script_without_a_session_is_told_so(desk: Desk, world: World) -> None:
    desk.begin()
    session = desk.client.session
    session["seen"] = clock.now() - 3600
    session.save()

    answer = desk.client.post(
        f"/l/a-b/drafts/{desk.number}/save/", {"facts": "x"}, headers=HOST | {"sec-fetch-mode": "cors"}
    )

    assert answer.status_code == 401


def test_a_limit_says_so_and_the_text_stays_on_the_page(desk: Desk, world: World) -> None:
    desk.begin().type("facts", "x" * 2_100_000).press("save")

    assert desk.status == 413
    assert "“Facts” has more than 2 MB" in desk.html
    assert len(desk.value("facts")) == 2_100_000
    assert desk.autosave({"facts": "x" * 2_100_000}, base=0).status_code == 413
    assert "facts" not in show_draft(desk.number).values


def test_what_is_typed_into_a_draft_that_was_closed_is_shown_back(
    desk: Desk, other: Desk, world: World
) -> None:
    ready(desk, line("one.example/"))
    other.open(desk.path)
    desk.press("put_away")

    other.type("facts", "too late").press("save")

    assert other.status == 409
    assert "too late" in other.html
    assert "What you typed" in other.html
    assert other.html.count("draft-text") == 1
    assert other.autosave({"facts": "x"}, base=0).status_code == 422


# ---- Nothing is said twice, and nothing that was not seen


@dataclass(frozen=True, kw_only=True)
class Crashing:
    """A door at which the process dies, before or after the record was written."""

    door: Record
    after: bool

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:
        if self.after:
            self.door.pass_on(drafts, by=by)
        raise NobodyWritesError("the process died")


@dataclass(frozen=True, kw_only=True)
class Refusing:
    """A door that does not take the first draft."""

    door: Record

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:
        return [RefusedError("schema", "because"), *self.door.pass_on(drafts[1:], by=by)]


def officer() -> OfficerRow:
    return OfficerRow(number=4, name="Chen", role=Role.OFFICER, language="en", is_active=True)


def link(world: World) -> OpenLink:
    found = link_called(world.homes[A], "a-b")
    assert found is not None
    return found


def pressed(world: World, number: int, door: Crashing | Refusing) -> Pressed:
    now = clock.now()
    composition = composition_of(work_on(link(world), number, now=now))
    return Pressed(
        officer=officer(), session="page", now=now, salt="s", digest=composition.digest(salt="s"), door=door
    )


@pytest.mark.parametrize("after", [True, False])
def test_whoever_is_killed_while_sending_says_it_once(desk: Desk, world: World, *, after: bool) -> None:
    ready(desk, line("one.example/"), line("two.example/", bank="第二银行"))
    door = Crashing(door=Record(home=world.homes[A]), after=after)
    with pytest.raises(NobodyWritesError):
        sending.send(link(world), desk.number, by=pressed(world, desk.number, door))
    assert len(world.acts()) == (2 if after else 0)

    desk.open(desk.path)
    assert "it is not known whether all of it was written" in desk.html
    assert ("do", "send", False) not in desk.buttons
    for _twice in range(2):
        desk.post(do="finish")

    assert len(world.acts()) == 2
    assert "A 1" in desk.html
    assert find_draft(desk.number).outcome == "sent"


def test_a_second_press_on_the_same_page_is_harmless(desk: Desk, other: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    path, again = desk.path, {"do": ["send"]}
    for name, value in desk.values:
        again.setdefault(name, []).append(value)
    desk.press("send")

    answer = desk.client.post(path, again, headers=HOST, follow=True)

    assert answer.status_code == 200
    assert "What became of it" in answer.content.decode()
    assert len(world.acts()) == 1


def test_what_is_refused_stays_with_its_reason_and_the_rest_is_sent(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"), line("two.example/", bank="第二银行"))
    door = Refusing(door=Record(home=world.homes[A]))

    sending.send(link(world), desk.number, by=pressed(world, desk.number, door))

    desk.open(f"/l/a-b/drafts/{desk.number}/?part=2")
    assert "Row 1 was not sent: it would be void (the fields do not fit the kind; because)" in desk.html
    assert [name for name, _value in desk.values if name.endswith(".url")] == ["row.1.url"]
    assert desk.value("batch") == f"A-2026-{desk.number}-2"
    desk.press("go:4").press("send")
    assert len(world.acts()) == 2
    assert find_draft(desk.number).outcome == "sent"


def test_what_changed_behind_the_preview_is_looked_at_again(desk: Desk, other: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    other.open(desk.path).type("facts", "new facts").press("save")

    desk.press("send")

    assert desk.status == 409
    assert "What would be sent is not what you saw." in desk.html
    assert world.acts() == []
    desk.press("send")
    assert len(world.acts()) == 1


def test_a_press_without_a_preview_sends_nothing(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))

    desk.values = [(name, value) for name, value in desk.values if name != "seen"]
    desk.post(do="send")

    assert world.acts() == []


def test_a_number_that_was_used_is_not_taken_again(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/")).press("send")
    world.carry()

    ready(desk, line("two.example/")).type("batch", "A-2026-1").press("go:4")
    assert "A batch A-2026-1 was sent to b before." in desk.html
    desk.type("batch", "编号").press("go:4")
    assert "cannot be a registry number" in desk.html
    assert ("do", "send", False) not in desk.buttons


def test_the_count_of_checks_is_that_of_the_lines_below_it(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    assert counted(desk) == (7, 7, 0)

    desk.type("purpose", "").press("go:4")
    done, total, failed = counted(desk)
    assert total == done + failed
    assert failed


def counted(desk: Desk) -> tuple[int, int, int]:
    """Return the two numbers in the heading of the checks, and how many of the lines below are not done."""
    found = re.search(r"Checks: (\d+) of (\d+)", desk.html)
    lines = desk.html.partition('<ul class="checks">')[2].partition("</ul>")[0]
    assert found is not None
    assert lines.count("<li>") == int(found[2])
    return int(found[1]), int(found[2]), lines.count("chip failed")


# ---- Nobody writes to the wrong side, and who may not does not


def test_a_draft_of_another_link_says_whose_it_is(desk: Desk, world: World) -> None:
    begun = drafts.begin(
        "a-c", purpose="inquiries", fields={}, by=drafts.Hand(officer=4, session="s", now=clock.now())
    )

    desk.open(f"/l/a-b/drafts/{begun.number}/")

    assert desk.status == 404
    assert "This text belongs to a-c. You are writing to b. Nothing was sent." in desk.html
    for path in ("", "save/", "found/", "clocks/"):
        answer = desk.client.post(f"/l/a-b/drafts/{begun.number}/{path}", {"link": "a-c"}, headers=HOST)
        assert answer.status_code == 404


def test_the_link_is_that_of_the_address_whatever_the_form_says(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))

    desk.post(do="send", link="a-c")

    assert len(world.acts()) == 1
    assert desk.open("/l/a-c/new/").status == 404
    assert desk.open("/l/a-b/drafts/99/").status == 404


def test_a_viewer_sees_no_draft_and_makes_none(desk: Desk, world: World) -> None:
    desk.begin()
    viewer = signed_in(6, name="Wu", role=Role.VIEWER)

    for path in ("/l/a-b/new/", f"/l/a-b/drafts/{desk.number}/", f"/l/a-b/drafts/{desk.number}/rows.csv"):
        assert viewer.get(path, headers=HOST).status_code == 403
    assert viewer.post("/l/a-b/new/", headers=HOST).status_code == 403
    assert viewer.post(f"/l/a-b/drafts/{desk.number}/save/", {"facts": "x"}, headers=HOST).status_code == 403


def test_an_item_that_is_not_agreed_keeps_the_draft_and_says_so(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/")).type("item", "copyright").press("go:4")

    assert "“copyright” is not an agreed item with b. The draft is kept." in desk.html
    assert ("do", "send", False) not in desk.buttons
    assert desk.value("item") == "copyright"


# ---- What others wrote is harmless, in both languages


def test_what_is_pasted_and_typed_is_shown_and_never_run(desk: Desk, world: World) -> None:
    text = f"url,bank,observed at,state,note,group,{XSS}\n"
    cell = XSS.replace('"', '""')
    text += ",".join(f'"{each}"' for each in ("http://one.example/" + cell, *[cell] * 6)) + "\n"
    text += f'"http://two.example/{cell}","{cell}",2026-11-02 09:10Z,up,"{cell}","{cell}","{cell}"\n'
    desk.begin().type("paste", text).press("save").press("check")
    for name in ("purpose", "legal_basis", "facts", "title", "authority", "case", "urgency_reason", "batch"):
        desk.type(name, XSS)
    for name in ("all.time", "all.brand", "item", "tlp", "urgency", "grouping", "all.zone", "type"):
        desk.type(name, XSS)
    for part in ("go:1", "go:2", "go:3", "go:4"):
        desk.press(part)
        assert "<script>alert" not in desk.html
        assert "<img src=x" not in desk.html
        assert "{{7*7}}" in desk.html
        assert not re.search(r'(?:href|src|action)="[^"]*(?:one|two)\.example', desk.html)
        assert 'style="' not in desk.html
    history = desk.client.get(f"/l/a-b/drafts/{desk.number}/history/facts/", headers=HOST).content.decode()
    assert "<script>alert" not in history


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_part_is_there_in_both_languages(desk: Desk, world: World, language: str) -> None:
    desk.client.post("/language/", {"language": language, "next": "/"}, headers=HOST)
    ready(desk, line("one.example/"), line("two.example/", bank="第二银行"))

    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in desk.html
    assert Officer.objects.get(number=4).language == language
    for part in ("part-1", "part-2", "part-3", "part-4"):
        assert f'id="{part}"' in desk.html
    assert desk.press("send").status == 200


def test_a_link_that_is_not_open_takes_drafts_and_sends_none(desk: Desk, shut: World) -> None:
    ready(desk, line("one.example/"))

    assert "is not open: both sides must sign the same opening" in desk.html
    assert ("do", "send", False) not in desk.buttons
    desk.post(do="send")
    assert desk.status == 409


def test_after_a_fork_nothing_is_sent(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"))
    with closing(sqlite3.connect(world.homes[A].record)) as db, db:
        db.execute("INSERT INTO fork SELECT id, 1, x'01', x'02' FROM log")

    desk.press("send")

    assert desk.status == 409
    assert "signed two different histories. Sending is held" in desk.html
    assert world.acts() == []


def test_without_a_script_the_other_language_saves_first(desk: Desk) -> None:
    desk.begin().type("purpose", "stop the fraud")

    desk.post(language="zh-hans")

    assert '<html lang="zh-Hans"' in desk.html
    assert desk.value("purpose") == "stop the fraud"
    assert 'form="draft" name="language" value="en"' in desk.html
    assert 'class="languages leaves"' in desk.html
    assert all(name != "language" for name, _value, _off in desk.buttons)


def test_the_list_of_drafts_has_those_of_inquiries_alone(desk: Desk) -> None:
    desk.begin()
    origin = Origin(link="a-b", purpose="say:refuse", about="i" * 43)
    kept = drafts.keep(origin, {"words": "no"}, by=drafts.Hand(officer=4, session="page", now=1))

    desk.open("/l/a-b/new/")

    assert f"Draft {kept.number}<" not in desk.html
    assert desk.open(f"/l/a-b/drafts/{kept.number}/").status == 404
