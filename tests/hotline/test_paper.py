"""A call on paper: the same bytes on both nodes, all that was said, in both languages, and nothing hidden."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from django.utils.translation import override
from pytest_django import Settings

from parley.hotline.actions import Closing, Message, Minute
from parley.hotline.forms.five import FiveFields
from parley.hotline.views.showing.paper import paper_of
from parley.inquiries.forms.letter import text_of
from parley.ledger.home import read_config
from parley.protocol.act import read_id
from parley.protocol.hotline import account
from parley.protocol.hotline.codes import Ending, Sort, Subject
from parley.protocol.names import MAIN
from parley.ui.paper.printing import printed
from parley.work import clock
from tests.hotline.line import FIVE, SALT, Line, typed
from tests.hotline.page_desk import CallDesk
from tests.inquiries.page_desk import OFFICER, VIEWER
from tests.papers import words_of
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import LINK, A, B
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.django_db(databases=["default", "view"])

SECRET: Final = "correct-horse-battery"
SITE: Final = replace(FIVE, subject=Subject.URL, object="https://phish.example/login")


def file_of(line: Line, node: str, settings: Settings, *, language: str = "en") -> bytes:
    """Return the paper of the call as `node` prints it, by the name that it offered to the other side."""
    settings.HOME = home = line.pair.homes[node]
    named = read_config(home)
    toml = home.root / "parley.toml"
    text = toml.read_text("utf-8").replace(named.name_en, home.root.name)
    toml.write_text(text.replace(named.name_zh, home.root.name), "utf-8")
    with override(language):
        return printed(paper_of(line.page(node)))


def talked(line: Line, fields: FiveFields = FIVE) -> None:
    """Have a call opened, taken, read back wrongly and rightly, talked out and closed by both."""
    line.open(fields=fields)
    line.take()
    line.read_back(typed(fields, by=1_793_613_700))
    line.read_back(fields)
    line.say(A, Message(sort=Sort.RESTRAINT, text=text_of("请勿公开。"), next_word=line.now + 600))
    line.say(B, Message(sort=Sort.SUBSTANTIVE, text=text_of("The host is isolated.")))
    minute = Minute(since=line.now - 60, until=line.now, lines=("Both hosts are off.",), salt=SALT)
    line.minute(A, minute)
    line.close(A, Closing(ending=Ending.ANSWERED))
    line.close(B, Closing(ending=Ending.ANSWERED))


def test_both_nodes_print_the_same_bytes_and_so_they_do_tomorrow(line: Line, settings: Settings) -> None:
    talked(line)

    ours, theirs = file_of(line, A, settings), file_of(line, B, settings)
    line.pass_time(86_400)

    assert hashlib.sha256(ours).digest() == hashlib.sha256(theirs).digest()
    assert file_of(line, A, settings) == ours
    assert file_of(line, A, settings, language="zh-hans") == file_of(line, B, settings, language="zh-hans")
    assert file_of(line, A, settings, language="zh-hans") != ours


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("calls", "What was said", "not the same", "next word came in time", "Digest of the state")),
        ("zh-hans", ("呼叫", "往来声明", "不一致", "已按时答复", "状态摘要")),
    ],
)
def test_all_that_was_said_stands_there_with_place_time_and_what_became_of_it(
    line: Line, settings: Settings, language: str, told: tuple[str, ...]
) -> None:
    talked(line)

    text = words_of(file_of(line, B, settings, language=language))

    for word in (*told, "请勿公开。", "The host is isolated.", "1. Both hosts are off.", "TLP:RED"):
        assert word in text, word
    for both in ("attack on a service", "攻击网络服务", "REAL 实战", "203.0.113.7"):
        assert both in text, both
    for row in line.page(B).statements:
        assert row.place in text
        assert row.statement in text.replace(" ", "")
    assert "2026-" in text


def test_the_digests_on_the_paper_are_those_of_the_record(line: Line, settings: Settings) -> None:
    talked(line)
    rows = sorted(line.page(A).statements, key=lambda row: (row.effective, row.place))
    digest = hashlib.sha256(b"".join(read_id(row.statement) for row in rows)).hexdigest()

    text = words_of(file_of(line, A, settings)).replace(" ", "")

    assert digest in text
    assert f"{digest[:8]}…{digest[-8:]}" in text
    assert account.digest(line.fold(B)).hex() in text


def test_an_address_is_printed_so_that_no_program_follows_it(line: Line, settings: Settings) -> None:
    line.open(fields=SITE)

    file = file_of(line, B, settings)

    assert "hxxps://phish[.]example/login" in words_of(file)
    assert b"/URI" not in file
    assert "phish.example" not in words_of(file)


def test_what_nobody_received_yet_says_so(line: Line, settings: Settings) -> None:
    line.open(settle=False)

    assert "the other node has not said that it received it" in words_of(file_of(line, A, settings))


def test_a_statement_without_effect_is_printed_with_the_reason(tmp_path: Path, settings: Settings) -> None:
    line = Line(tmp_path, lanes=(MAIN,))
    opened = line.open()
    partner = Forger(line.pair, B, A)
    act = act_of("call.closed", {"ending": "cancelled"}, re=opened.statement)
    partner.write(act, body=None, seen=partner.seen(opened.index + 1))
    partner.tell()

    text = words_of(file_of(line, A, settings))

    line.stop()
    assert "without effect" in text


@pytest.mark.django_db(databases=["default", "view"], transaction=True)
def test_page_and_paper_say_who_signed_with_a_key_of_their_own(tmp_path: Path, settings: Settings) -> None:
    desk = CallDesk(tmp_path, settings)
    desk.opened_at(clock.now(), node=A)
    enrol(desk.homes[B], OFFICER, secret=SECRET, now=clock.now())
    taken = desk.say("call.taken", {"rung": "duty_desk"}, node=B, on=desk.place, signs=SECRET)
    desk.carry()

    paper = words_of(printed(paper_of(desk.at(A).dossier)))
    line = desk.look().partition(f'id="{taken.place.replace(" ", "-")}"')[2].partition("</li>")[0]

    assert paper.count("officer 4 · signed by officer 4") == 1
    assert "officer 4 · signed by officer 4" in line


@pytest.mark.django_db(databases=["default", "view"], transaction=True)
def test_the_page_hands_out_the_paper_as_a_file_to_whoever_may_look(
    tmp_path: Path, settings: Settings
) -> None:
    desk = CallDesk(tmp_path, settings)
    place = desk.call()
    assert f'href="{desk.path}pdf/"' in desk.look()

    for person in (OFFICER, VIEWER):
        answer = desk.clients[person].get(f"{desk.path}pdf/")

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="call-{LINK}-{place}.pdf"'
        assert answer.headers["Cache-Control"] == "no-store"
        assert "203.0.113.77" in words_of(answer.content)
    assert desk.clients[OFFICER].get(f"/calls/{LINK}/A-hot-99/pdf/").status_code == 404
    assert desk.clients[OFFICER].post(f"{desk.path}pdf/").status_code == 405
