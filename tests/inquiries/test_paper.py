"""A letter on paper: both languages, the same bytes on both nodes, and nothing that a program follows."""

from pathlib import Path
from typing import Final

import pytest
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.inquiries.forms.letter import Remark, text_of, write_remark
from parley.ledger.home import read_config
from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonValue
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B, PageDesk
from tests.papers import words_of
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"])

URL: Final = "https://secure.bank.example/login"


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageDesk:
    desk = PageDesk(tmp_path, settings)
    for node, home in desk.homes.items():
        # By the names that each offered to the other side.
        named, toml = read_config(home), home.root / "parley.toml"
        text = toml.read_text("utf-8").replace(named.name_en, node[0])
        toml.write_text(text.replace(named.name_zh, node[0]), "utf-8")
    return desk


def file_of(desk: PageDesk, node: str, place: str, *, what: str = "letter", by: int = VIEWER) -> bytes:
    answer = desk.at(node).clients[by].get(f"/l/{LINK}/inquiries/{place}/{what}.pdf")
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["Content-Type"] == "application/pdf"
    return answer.content


def asked(desk: PageDesk, *, title: str = "Sites of First Bank") -> str:
    return desk.send(
        URL,
        "http://bank.example.net/a?b=1",
        purpose=text_of("To take both sites down."),
        facts=text_of("Victims typed their cards.\nIt goes on."),
        legal_basis=("Guideline 2015, 4.2",),
        title=text_of(title),
    )


def answered(desk: PageDesk, place: str) -> None:
    desk.say("inquiry.acknowledged", {}, node=B, on=place)
    desk.say("inquiry.admitted", {"items": "all"}, node=B, on=place)
    body = write_remark(Remark(text=text_of("第一个网站已停止访问。"), notes=((0, text_of("记录已保全。")),)))
    findings: list[JsonValue] = [
        {"items": [0], "code": "mitigated", "measure": "content_removed", "at": 1_793_100_000}
    ]
    desk.say("inquiry.answered", {"findings": findings}, node=B, on=place, body=body)
    desk.say("inquiry.refused", {"items": [1], "grounds": ["G09"]}, node=B, on=place)
    desk.carry()


def test_both_nodes_print_the_same_bytes_in_whatever_language_they_are_asked_for(desk: PageDesk) -> None:
    Officer.objects.filter(number=OFFICER).update(language="zh-hans")
    place = asked(desk)
    answered(desk, place)

    assert 'lang="zh-Hans"' in desk.page(place)
    for what in ("letter", "answer"):
        ours, theirs = (file_of(desk, node, place, what=what) for node in (A, B))
        chinese = file_of(desk, A, place, what=what, by=OFFICER)
        assert ours == theirs == chinese


def test_what_a_person_wrote_stands_in_the_column_of_its_language_and_is_marked_as_the_original(
    desk: PageDesk,
) -> None:
    place = asked(desk)
    answered(desk, place)

    letter, answer = (words_of(file_of(desk, B, place, what=what)) for what in ("letter", "answer"))

    assert letter.index("English · original 原文") < letter.index("Asking side: a · a.example")
    assert "请求方：a · a.example" in letter
    assert "Purpose: To take both sites down." in letter
    assert "请求目的：（仅有英文原文，记录中无译文）" in letter
    assert "Victims typed their cards. It goes on." in letter
    assert "中文 · original 原文" in answer
    assert "文字说明：第一个网站已停止访问。" in answer
    assert "事项 0：记录已保全。" in answer
    assert "In words: (in Chinese only: the record holds no translation)" in answer


def test_codes_stand_in_both_languages_with_clocks_by_whose_calendar_and_grounds(desk: PageDesk) -> None:
    place = asked(desk)
    answered(desk, place)

    letter, answer = (words_of(file_of(desk, A, place, what=what)) for what in ("letter", "answer"))

    for each in (
        "Agreed item: fraud and phishing",
        "合作事项：网络诈骗与仿冒",
        "U2 PRIORITY",
        "U2 加急",
        "mitigate 处置",
        "3 working days of the calendar of b",
        "3 个工作日，按b日历计算",
        "TLP:AMBER",
        "The machine record prevails over this print. 本打印件与机器记录不一致的，以机器记录为准。",
    ):
        assert each.replace(" ", "") in letter.replace(" ", ""), each
    for each in (
        "Answer to inquiry A 1",
        "mitigated (content removed, 2026-10-27 11:20:00Z)",
        "已处置（内容已删除、2026-10-27 11:20:00Z）",
        "G09 own proceedings or final judgment",
        "G09 本国正在办理或已有生效裁判",
        "partly answered 部分答复",
    ):
        assert each.replace(" ", "") in answer.replace(" ", ""), each
    for kind, text in (("inquiry.sent", letter), ("inquiry.answered", answer), ("inquiry.refused", answer)):
        (row,) = (each for each in desk.rows() if each.kind == kind)
        assert id_text(row.statement) in text.replace(" ", "")


def test_addresses_do_nothing_and_what_hides_is_printed_by_its_number(desk: PageDesk) -> None:
    place = asked(desk, title="Sites\u202e of #First *Bank")

    text = words_of(file_of(desk, B, place)).replace(" ", "")

    assert "hxxps://secure[.]bank[.]example/login" in text
    assert "https://" not in text.replace("hxxps://", "")
    assert "Sites<U+202E>of#First*Bank" in text


def test_a_refusal_of_everything_is_called_one_and_nothing_remains_open(desk: PageDesk) -> None:
    place = asked(desk)
    desk.say("inquiry.acknowledged", {}, node=B, on=place)
    desk.say("inquiry.refused", {"items": "all", "grounds": ["G09"]}, node=B, on=place)
    desk.carry()

    text = words_of(file_of(desk, A, place, what="answer"))

    assert "Refusal of inquiry A 1 · 对协查请求的拒绝 A 1" in text
    assert "Nothing remains open. 无未办结事项。" in text
    assert "original" not in text, "nobody wrote a word"


def test_there_is_no_answer_on_paper_before_there_is_one(desk: PageDesk) -> None:
    place = asked(desk)
    path = f"/l/{LINK}/inquiries/{place}/answer.pdf"
    before, page = desk.status(path), desk.page(place)
    answered(desk, place)
    desk.tell()

    assert (before, desk.status(path)) == (404, 200)
    assert (path in page, path in desk.page(place)) == (False, True)
    assert f"/l/{LINK}/inquiries/{place}/letter.pdf" in page
