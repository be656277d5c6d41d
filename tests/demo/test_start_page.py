"""The start page: what it shows comes from the two records, and nobody elsewhere can drive it."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.demo.country import LINK, country
from parley.demo.sample import FAULTY, read_sheet
from parley.demo.steps import NAMES
from parley.ui.middleware import POLICY
from parley.work import clock
from tests.demo.shown import Shown, started
from tools.languages import texts_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
BY_NODES = {"received", "link.probed", "link.echoed"}
TEMPLATES = Path(__file__).resolve().parents[2] / "src" / "parley" / "demo"


@pytest.fixture(scope="module", name="shown")
def fixture_shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    temp = tmp_path_factory.mktemp("start-page")
    with started(temp / "play", temp=temp):
        found = Shown(temp / "play")
        found.ready()
        yield found


def test_the_page_links_to_both_nodes_and_to_the_people_of_each(shown: Shown) -> None:
    status, headers, text = shown.ask("GET", "/en/")

    assert status == 200
    assert headers["Content-Security-Policy"] == POLICY
    assert re.search(r'href="http://a\.localhost:\d+/sign-in/"[^>]*>陈岚<', text)
    assert re.search(r'href="http://b\.localhost:\d+/sign-in/"[^>]*>Morgan Reed<', text)
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text)


def test_watch_all_watches_every_step_but_looking_around_which_has_no_end(shown: Shown) -> None:
    text = shown.ask("GET", "/en/")[2]

    assert re.findall(r'value="(\w+)"[^>]*>Watch all<', text) == [NAMES[-2]]


def test_the_language_of_the_browser_decides_where_the_address_leads(shown: Shown) -> None:
    for wanted, address in (("zh-CN,zh;q=0.9,en;q=0.8", "/zh/"), ("en-GB", "/en/"), ("fr", "/en/")):
        status, headers, _text = shown.ask("GET", "/", headers={"Accept-Language": wanted})

        assert (status, headers["Location"]) == (303, address)


def test_the_chinese_page_has_no_english_text_left(shown: Shown) -> None:
    english = {text for texts in texts_of(TEMPLATES) for text in texts if len(text) > 12 and "%" not in text}

    page = shown.ask("GET", "/zh/")[2]

    assert [text for text in sorted(english) if f">{text}<" in page] == []
    assert 'lang="zh-Hans"' in page


def test_the_sheet_of_the_bank_is_handed_out_as_a_bank_would_send_it(shown: Shown) -> None:
    status, headers, _text = shown.ask("GET", f"/sample/{FAULTY}")

    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=gb18030")
    assert int(headers["Content-Length"]) == len(read_sheet())


@pytest.mark.parametrize(
    "host", ["evil.example", "a.localhost:{port}", "localhost", "localhost:1", "[::1]:{port}"]
)
def test_another_name_that_leads_here_is_not_answered(shown: Shown, host: str) -> None:
    assert shown.ask("GET", "/en/", headers={"Host": host.format(port=shown.port)})[0] == 421


def test_what_another_page_posts_is_refused(shown: Shown) -> None:
    refused = [
        shown.post("/en/watch", origin=f"http://a.localhost:{shown.port}", upto="same"),
        shown.post("/en/watch", origin="null", upto="same"),
        shown.post("/en/watch", origin=f"http://127.0.0.1:{shown.port}", upto="same"),
        shown.post("/en/watch", token="guessed", upto="same"),
        shown.post("/en/watch", token="", upto="same"),
    ]

    assert refused == [403] * 5
    assert not shown.now()["is_playing"]


def test_a_form_without_an_origin_or_from_another_site_is_refused(shown: Shown) -> None:
    body = f"token={shown.token}&upto=same"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    ours = {"Origin": f"http://{shown.host}"}

    assert shown.ask("POST", "/en/watch", headers=kind, body=body)[0] == 403
    elsewhere = {**kind, **ours, "Sec-Fetch-Site": "cross-site"}
    assert shown.ask("POST", "/en/watch", headers=elsewhere, body=body)[0] == 403


def test_the_steps_stand_as_the_records_say_whether_they_are_walked_or_watched(tmp_path: Path) -> None:
    with started(tmp_path / "play", temp=tmp_path):
        shown = Shown(tmp_path / "play")
        shown.ready()

        _has_begun(shown)
        _is_sent(shown)
        _goes_on_after_a_walker(shown)
        _ends_with_equal_records(shown)
        _says_nothing_twice(shown)
        _calls_and_closes_both_calls(shown)
        _walks_out_and_comes_back(shown)
        _revises_a_finding_in_the_open(shown)
        _signs_meets_and_releases(shown)


def _has_begun(shown: Shown) -> None:
    now, stands = shown.now(), shown.stands()

    assert (stands["pair"], stands["consensus"], stands["paste"]) == ("done", "now", "later")
    assert now["groups"][0] == {"name": "line", "stand": "now", "word": "1 of 2 done"}
    assert now["public"] == ""
    assert now["digits"]["A"] == now["digits"]["B"]
    assert re.fullmatch(r"(\d{5} ){11}\d{5}", now["digits"]["A"])


def _is_sent(shown: Shown) -> None:
    shown.watch("send")

    assert shown.note("consensus") == "Commitments in force: 3 of 3."
    assert shown.note("send") == "B's node has signed a receipt for all of it (inquiries: 5, sites: 19)."
    assert shown.stands()["acknowledge"] == "now"


def _goes_on_after_a_walker(shown: Shown) -> None:
    side = country("B", shown.folder, pause=clock.sleep)
    first = side.do("inquiry", "list", "--link", LINK, "--limit", "200")["inquiries"][-1]["statement"]
    side.act("by-hand", "inquiry", "acknowledge", first)

    walked = shown.note("acknowledge")
    shown.watch("acknowledge")

    (link,) = side.do("record", "show", "--link", LINK)["links"]
    side.hand.stop()
    assert walked == "Acknowledged by a person: 1 of 5 inquiries."
    assert shown.note("acknowledge") == "Acknowledged by a person: 5 of 5 inquiries."
    assert sum(each["kind"] == "inquiry.acknowledged" for each in link["entries"]) == 5


def _ends_with_equal_records(shown: Shown) -> None:
    shown.watch("same")

    now = shown.now()
    assert shown.note("answer") == "Answered: 12 of 19 sites. Refused on ground G09: 1."
    assert now["is_same"]
    assert now["digests"]["A"] == now["digests"]["B"]
    assert shown.stands()["call"] == "now"
    assert now["fault"] == ""


def _says_nothing_twice(shown: Shown) -> None:
    before = _said_by_people(shown)

    assert shown.post("/en/watch", upto="same", speed="fast") == 303
    clock.sleep(2)

    assert _said_by_people(shown) == before


def _said_by_people(shown: Shown) -> list[str]:
    """Return what people said, and where; a node may still say that it received it, or try the line."""
    side = country("A", shown.folder, pause=clock.sleep)
    (link,) = side.do("record", "show", "--link", LINK)["links"]
    side.hand.stop()
    return [f"{each['place']} {each['kind']}" for each in link["entries"] if each["kind"] not in BY_NODES]


def _walks_out_and_comes_back(shown: Shown) -> None:
    shown.watch("suspend")
    assert shown.stands()["resume"] == "now"

    shown.watch("resume")

    assert shown.now()["fault"] == ""
    assert shown.now()["is_same"]
    assert shown.stands()["offer"] == "now"


def _calls_and_closes_both_calls(shown: Shown) -> None:
    shown.watch("call")
    assert shown.stands()["principal"] == "now"

    shown.watch("principal")

    assert shown.now()["fault"] == ""
    assert shown.note("call").endswith(": closed by both.")
    assert shown.note("principal").endswith(": closed by both.")
    assert shown.stands()["suspend"] == "now"


def _revises_a_finding_in_the_open(shown: Shown) -> None:
    shown.watch("finding")
    first = shown.note("finding")

    shown.watch("revise")

    assert shown.now()["fault"] == ""
    assert "confidence: low; its author alone; the other side does not concur." in first
    assert shown.note("finding") == first
    assert shown.note("revise").endswith("confidence: moderate; both sides stand behind it.")
    assert shown.stands()["review"] == "now"


def _signs_meets_and_releases(shown: Shown) -> None:
    shown.watch("next")

    now = shown.now()
    pages = [_public(shown, letter, now["public"]) for letter in "AB"]
    assert now["fault"] == ""
    assert shown.note("outcomes") == "Clauses that both want: 3. The list: released by both."
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"parley-outcomes/v1\nparties a.example b.example\n")
    assert shown.stands()["look"] == "now"


def _public(shown: Shown, letter: str, path: str) -> bytes:
    """Return the released list as the pages of a side hand it out to anybody."""
    host = shown.now()["addresses"][letter].removeprefix("http://")
    connection = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]), timeout=60)
    try:
        connection.request("GET", f"{path}outcomes.txt", headers={"Host": host})
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()
    finally:
        connection.close()


def test_every_button_that_a_step_names_is_one_of_the_pages() -> None:
    folder = TEMPLATES / "templates" / "demo"
    template = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("group_*.html")))
    named = set(re.findall(r'{% translate "([^"]+)" as \w+ %}', template))

    rooms = [path for path in TEMPLATES.parent.iterdir() if path.is_dir() and path != TEMPLATES]

    assert len(named) >= 40
    assert named <= {text for room in rooms for texts in texts_of(room) for text in texts}
