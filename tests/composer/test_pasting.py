"""From what a bank sent to inquiries that the other side holds: through the pages, without JavaScript."""

import re
from pathlib import Path

import pytest

from tests.composer.desk import Desk
from tests.composer.world import World

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

TWENTY = "\n".join(f"{n}、hxxp://www[.]s{n}.example/login，" for n in range(1, 21))
HEADER = "序号,被仿冒机构,网址,发现时间\n"


def ready(desk: Desk, *lines: str, purpose: str = "investigate fraud") -> Desk:
    """Take a table in that needs nothing, say what for, and look at the preview."""
    desk.begin().type("paste", HEADER + "\n".join(lines)).press("check").press("go:3")
    return desk.type("purpose", purpose).type("legal_basis", "guidelines, item 3").press("go:4")


def line(address: str, *, bank: str = "第一银行", time: str = "2026-11-02 09:10 +08:00") -> str:
    return f"1,{bank},{address},{time}"


def test_twenty_pasted_sites_are_sent_in_twelve_interactions(desk: Desk, world: World) -> None:
    desk.begin().type("paste", TWENTY).press("check")
    desk.type("all.zone", "+08:00").type("all.time", "2026-11-02 09:10").type("all.brand", "第一银行")
    desk.press("go:3").type("purpose", "investigate fraud").type("legal_basis", "guidelines, item 3")
    desk.press("go:4")
    assert "Send 20 items in 1 inquiry to b under TLP:AMBER" in desk.html
    desk.press("send")
    world.carry()

    assert desk.interactions <= 12
    (letter,) = world.letters()
    assert len(letter["items"]) == 20
    assert letter["title"] == {"lang": "en", "text": "20 sites that pose as 第一银行"}
    assert letter["items"][0]["observed_at"] == 1_793_581_800


def test_a_title_made_from_rows_is_in_the_language_of_whoever_writes(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/a"))
    desk.post(language="zh-hans")
    desk.press("send")
    world.carry()

    (letter,) = world.letters()
    assert letter["title"] == {"lang": "zh-Hans", "text": "1个仿冒第一银行的网站"}


def test_what_was_sent_tells_only_what_is_proved(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/a"), line("two.example/b", bank="第二银行")).press("send")

    assert re.findall(r'<span class="chip proved">(saved[^<]*)</span>', desk.html) == ["saved", "saved"]
    world.carry()
    desk.open(desk.path)
    assert desk.html.count("saved; at their node") == 2
    assert len(re.findall(r"1 item\s*·[^/]*1 sent<", desk.html)) == 2
    assert [act["batch"] for act in world.acts()] == [{"ref": f"A-2026-{desk.number}", "count": 2}] * 2
    assert 'name="do"' not in desk.html
    assert "sent</span>" in desk.open("/l/a-b/new/").html


def test_the_next_draft_knows_what_was_said_before(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/a"), purpose="fraud against banks").press("send")
    world.carry()

    desk.begin()

    assert desk.value("purpose") == "fraud against banks"
    assert desk.value("legal_basis") == "guidelines, item 3"
    assert desk.value("batch") == f"A-2026-{desk.number}"
    assert [name for name, value in desk.values if name.startswith("want.") and value] == [
        "want.confirm",
        "want.mitigate",
    ]


def test_a_chinese_file_with_two_faults_is_mended_in_place(desk: Desk, world: World) -> None:
    rows = [line(f"s{n}.example/") for n in range(1, 19)]
    text = HEADER + "\n".join([*rows, line("not an address"), line("s20.example/", time="2026-11-02 09:10")])

    desk.begin().choose("banks.csv", text.encode("gb18030")).press("check")

    assert "read as GB18030" in desk.html
    assert "2 rows need you" in desk.html
    assert "第一银行" in desk.value("row.1.brand")
    desk.type("row.19.url", "hxxp://s19[.]example/").type("all.zone", "+08:00").press("go:3")
    desk.type("purpose", "x").type("legal_basis", "y").press("go:4").press("send")
    world.carry()
    urls = [item["url"] for item in world.letters()[0]["items"]]
    assert urls[18:] == ["http://s19.example/", "s20.example/"]


def test_a_time_without_a_zone_stops_all_until_it_has_one(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/", time="2026-11-02 09:10"), line("two.example/"))

    assert "“2026-11-02 09:10” has no time zone" in desk.html.replace("&quot;", "“", 1).replace(
        "&quot;", "”", 1
    )
    assert ("do", "send", False) not in desk.buttons
    desk.post(do="send")
    assert desk.status == 409
    assert world.acts() == []

    desk.type("row.1.zone", "+08:00").press("go:4").press("send")
    assert len(world.acts()) == 1


def test_the_same_site_twice_is_sent_once_and_named(desk: Desk, world: World) -> None:
    ready(desk, line("hxxp://one[.]example/a"), line("http://ONE.example:80/a"))

    assert "Row 2 is the same as row 1 and was left out." in desk.html
    desk.press("send")
    world.carry()
    assert len(world.letters()[0]["items"]) == 1
    assert "What became of it" in desk.html
    assert 'id="part-1"' not in desk.html


def test_a_site_that_was_asked_before_needs_a_word(desk: Desk, world: World) -> None:
    ready(desk, line("http://one.example/a")).press("send")
    world.carry()

    desk.begin().type("paste", "hxxp://one[.]example/a").press("save")
    assert "Row 1 was asked before" in desk.html
    assert "/l/a-b/inquiries/A-" in desk.html
    desk.press("check").type("all.time", "2026-11-02 09:10 +08:00").type("all.brand", "第一银行").press(
        "go:4"
    )
    assert ("do", "send", False) not in desk.buttons
    desk.press("set:row.1.again:1").press("go:4").press("send")

    assert len(world.acts()) == 2


def test_what_may_name_a_person_is_masked_or_kept_by_a_word(desk: Desk, world: World) -> None:
    ready(
        desk,
        line("http://victim@one.example/?email=a.b@mail.example"),
        line("http://two.example/?m=c@mail.example"),
    )

    assert ("do", "send", False) not in desk.buttons
    desk.press("set:row.1.mask:1").press("set:row.2.keep:1")
    assert ("do", "set:row.1.mask:", False) in desk.buttons
    desk.press("go:4").press("send")
    world.carry()

    urls = [item["url"] for item in world.letters()[0]["items"]]
    assert urls == ["http://one.example/?email=redacted", "http://two.example/?m=c@mail.example"]


def test_rows_are_left_out_put_back_added_and_filled_from_above(desk: Desk, world: World) -> None:
    ready(desk, line("one.example/"), line("two.example/"))
    desk.tick("row.1.out").press("add").type("row.3.url", "three.example").press("go:2")
    desk.press("above:3")
    assert desk.value("row.3.brand") == "第一银行"
    desk.press("go:4").press("send")
    world.carry()

    assert [item["url"] for item in world.letters()[0]["items"]] == ["two.example/", "three.example"]


@pytest.mark.parametrize(("grouping", "sizes"), [("bank", [2, 1]), ("none", [3]), ("column", [1, 2])])
def test_rows_become_inquiries_as_the_officer_says(
    desk: Desk, world: World, grouping: str, sizes: list[int]
) -> None:
    ready(desk, line("one.example/"), line("two.example/", bank="第二银行"), line("three.example/"))
    for row, group in ((1, "x"), (2, "y"), (3, "y")):
        desk.type(f"row.{row}.group", group)
    desk.type("grouping", grouping).press("go:4").press("send")
    world.carry()

    assert [len(letter["items"]) for letter in world.letters()] == sizes


def test_a_table_comes_back_as_it_went(desk: Desk, world: World) -> None:
    text = "网址,被仿冒机构,发现时间,注册商,线索号\nhxxp://one[.]example/=1,=第一银行,%s,Reg,K-1\n"
    text %= "2026-11-02 09:10 +08:00"
    desk.begin().type("paste", text).press("check")
    raw = desk.client.get(f"/l/a-b/drafts/{desk.number}/rows.csv", headers={"host": "localhost"}).content

    desk.tick("replaces").choose("rows.csv", raw).press("check")

    assert raw.decode("utf-8-sig").splitlines()[1].startswith("hxxp://one[.]example/=1,'=第一银行,2026")
    assert [name for name, _ in desk.values if name.endswith(".url")] == ["row.2.url"]
    assert desk.value("row.2.url") == "hxxp://one[.]example/=1"
    assert desk.value("row.2.brand") == "=第一银行"
    again = desk.client.get(f"/l/a-b/drafts/{desk.number}/rows.csv", headers={"host": "localhost"}).content
    assert again == raw


def test_a_pasted_mail_tells_what_was_found_before_anything_happens(desk: Desk, world: World) -> None:
    desk.begin()
    text = (
        "您好，以下网站仿冒我行：\n" + TWENTY + "\nhxxp://www[.]s1.example/login\nwrite to desk@bank.example"
    )
    answer = desk.client.post(
        desk.path.split("?")[0] + "found/", {"paste": text}, headers={"host": "localhost"}
    ).content.decode()

    assert "21 rows" in answer
    assert "on 20 sites" in answer
    assert "the same as row 1" in answer
    assert "2 lines ignored" in answer
    assert "http://" not in answer
    assert desk.open(desk.path).value("paste") == ""


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.xlsx", b"PK\x03\x04", "This is not a table in text form"),
        ("a.csv", b"", "There is nothing to read"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1), "at most 5242880 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_loses_nothing(
    desk: Desk, world: World, name: str, raw: bytes, said: str
) -> None:
    desk.begin().type("purpose", "typed before").choose(name, raw).press("check")

    assert desk.status == 422
    assert said in desk.html
    assert desk.value("purpose") == "typed before"


@pytest.mark.slow
def test_five_thousand_rows_are_kept_shown_in_part_and_sent(desk: Desk, world: World) -> None:
    lines = "\n".join(line(f"http://s{n}.example/", bank=f"Bank {n % 3}") for n in range(5_000))
    desk.begin().choose("many.csv", (HEADER + lines + "x").encode()).press("check")

    assert "4800 more rows are not on this page" in desk.html
    assert "1 row needs you" in desk.html
    assert desk.value("row.5000.time") == "2026-11-02 09:10 +08:00x"
    desk.type("row.5000.time", "2026-11-02 09:10 +08:00").type("purpose", "x").type("legal_basis", "y")
    desk.press("go:4").press("send")

    assert sum(group["count"] for act in world.acts() for group in act["groups"]) == 5_000


def test_subjects_are_asked_about_in_the_same_way(desk: Desk, world: World) -> None:
    desk.begin().type("type", "information").type(
        "paste", "subject,kind,question\n192.0.2.7,ip,subscriber\n+1-555-0100,phone,ownership\n"
    )
    desk.press("check").type("all.time", "2026-11-02 09:10 +08:00")
    desk.tick("want.information").tick("want.confirm", is_on=False).tick("want.mitigate", is_on=False)
    desk.type("purpose", "x").type("legal_basis", "y").type("facts", "calls").press("go:4").press("send")
    world.carry()

    assert [item["subject"]["value"] for item in world.letters()[0]["items"]] == ["192.0.2.7", "+1-555-0100"]


@pytest.mark.slow
def test_the_corpus_of_banks_becomes_rows_whatever_it_holds(desk: Desk, world: World) -> None:
    corpus = Path(__file__).parents[1] / "gates" / "table" / "corpus"
    desk.begin()
    for path in sorted(corpus.glob("*.csv")):
        desk.press("go:1").choose(path.name, path.read_bytes()).press("check")
        assert desk.status in {200, 422}, path.name
    before = dict(desk.values)

    desk.press("save")

    assert {name: value for name, value in desk.values if name.startswith("row.")} == {
        name: value for name, value in before.items() if name.startswith("row.")
    }
    history = f"/l/a-b/drafts/{desk.number}/history/row.1.url/"
    assert desk.client.get(history, headers={"host": "localhost"}).status_code == 404
