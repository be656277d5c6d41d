"""Every door of the pages: who may come in without a name, who may act, and what is not there for anybody."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from parley.agencies import actions
from parley.agencies.middleware import IDLE_SECONDS, MAX_KEPT, TOTAL_SECONDS
from parley.agencies.models import JournalEntry, Officer
from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.ledger.home import Config, create_home
from parley.protocol.suite import Standard
from parley.work import clock
from parley.work.home import Home
from parley.work.limit import Limit
from tests.two_nodes.pair import LINK, A, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])

SECRET: Final = "correct-horse-battery"
PUBLIC: Final = {
    *("agencies:language", "agencies:sign_in", "agencies:sign_in_as", "healthz"),
    # A list that both sides agreed to make public, once this node has released it, and not before.
    *("dialogue:public", "dialogue:public_file", "dialogue:public_lists"),
    # It asks for a token, and takes no cookie: tests/gates/api/test_door.py.
    "api:answer",
}
"""Everything that answers without a person. Whoever adds a line here has thought about it."""
OF_VIEWERS: Final = {"agencies:language", "agencies:looks", "agencies:sign_out"}
"""Everything that a viewer may send: what is set for oneself alone."""
SAMPLES: Final[Mapping[str, str]] = {
    "link": LINK,
    "place": "A-0",
    "verb": "acknowledge",
    "ref": "A-2026-0117",
    "field": "title",
    "number": "1",
    "part": "1",
    "on": "A-0",
    "kind": "commitment-agreed",
    "digest": "A" * 43,
    "name": "outcomes.txt",
    "path": "inquiries",
}
NOWHERE: Final[Mapping[str, str]] = {**SAMPLES, "link": "no-link", "number": "999999"}
NOT_HERE: Final[Mapping[str, str]] = {**SAMPLES, "place": "A-9999", "ref": "never-sent", "number": "999999"}
_PART: Final = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, kw_only=True)
class Door:
    """An address of ours: its name, and what it looks like."""

    name: str
    route: str
    view: Any

    def path(self, values: Mapping[str, str] = SAMPLES) -> str:
        return "/" + _PART.sub(lambda part: values[part[1]], self.route)

    @property
    def kwargs(self) -> set[str]:
        return set(_PART.findall(self.route))


def doors() -> tuple[Door, ...]:
    return tuple(_walk(get_resolver().url_patterns, route="", space=""))


def _walk(patterns: list[Any], *, route: str, space: str) -> Iterator[Door]:
    for each in patterns:
        here = route + str(each.pattern)
        if isinstance(each, URLResolver):
            below = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, route=here, space=below)
        else:
            assert isinstance(each, URLPattern)
            yield Door(name=f"{space}{each.name}", route=here, view=each.callback)


DOORS: Final = {door.name: door for door in doors()}


@pytest.fixture(name="homes", scope="module")
def fixture_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two nodes for all tests here, since nobody who is shown a door says anything."""
    pair = Pair(tmp_path_factory.mktemp("pair"))
    before = pair.digest(A)
    yield pair
    assert pair.digest(A) == before, "somebody said something"
    pair.stop()


@pytest.fixture(name="pair")
def fixture_pair(homes: Pair, settings: Settings) -> Pair:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = homes.homes[A]
    return homes


@pytest.fixture(autouse=True)
def fixture_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has the sign-in page's tries for itself."""
    monkeypatch.setattr("parley.agencies.views.TRIES", Limit(times=20, seconds=60))


def browser(**headers: str) -> Client:
    return Client(headers={"host": "localhost", "Sec-Fetch-Mode": "navigate"} | headers)


def person(name: str = "Chen", *, role: Role = Role.OFFICER) -> OfficerRow:
    return actions.add_officer(name, role=role, language="en", secret=SECRET, now=1)


def signed_in(officer: OfficerRow, client: Client | None = None) -> Client:
    client = client or browser()
    answer = client.post("/sign-in/", {"name": officer.name, "secret": SECRET})
    assert answer.status_code == 302, answer.text
    return client


# ---- Every address


def test_what_is_public_is_exactly_this() -> None:
    assert {name for name, door in DOORS.items() if getattr(door.view, "is_public", False)} == PUBLIC


def test_what_a_viewer_may_send_is_exactly_this() -> None:
    found = {name for name, door in DOORS.items() if getattr(door.view, "viewer_may", False)}

    assert found | {"agencies:language"} == OF_VIEWERS


@pytest.mark.parametrize("name", sorted(set(DOORS) - PUBLIC))
def test_without_a_person_a_door_is_shut(pair: Pair, name: str) -> None:
    path = DOORS[name].path()

    looked, sent = browser().get(path), browser().post(path, {"a": "b"})
    asked = browser(**{"Sec-Fetch-Mode": "cors"}).get(path)

    assert 'action="/sign-in/"' in looked.text
    assert (looked.status_code, sent.status_code, asked.status_code) == (200, 401, 401)
    assert asked.content == b""


@pytest.mark.parametrize("name", sorted(set(DOORS) - PUBLIC - OF_VIEWERS))
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_viewer_sends_nothing(pair: Pair, name: str, method: str) -> None:
    viewer = signed_in(person(role=Role.VIEWER))

    answer = getattr(viewer, method)(DOORS[name].path(), {})

    assert answer.status_code == 403
    assert "A viewer may look, not act." in answer.text


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("values", [NOWHERE, NOT_HERE], ids=["no such link", "nothing of that name"])
def test_what_is_not_there_is_there_for_nobody(pair: Pair, role: Role, values: Mapping[str, str]) -> None:
    client = signed_in(person(role=role))
    named = {key for key in values if values[key] != SAMPLES[key]} - {"number"}
    wanted = [door for door in DOORS.values() if door.kwargs & named and door.name not in PUBLIC]

    found = {door.name: client.get(door.path(values)).status_code for door in wanted}

    assert found
    # 405: the address takes forms only. 403: it is no viewer's, whatever stands in it.
    said_no = {404, 405} if role is Role.OFFICER else {403, 404, 405}
    assert {name: code for name, code in found.items() if code not in said_no} == {}


def test_a_draft_that_is_not_there_is_no_page(pair: Pair) -> None:
    client = signed_in(person())

    for door in DOORS.values():
        if "number" in door.kwargs and "link" in door.kwargs:
            assert client.get(door.path(NOT_HERE)).status_code in {404, 405}, door.name


@pytest.mark.parametrize("name", sorted(set(DOORS) - PUBLIC))
def test_looking_changes_nothing_in_the_journal(pair: Pair, name: str) -> None:
    client = signed_in(person())
    before = _journal()

    client.get(DOORS[name].path())

    assert _journal() == before


def _journal() -> int:
    return JournalEntry.objects.count()


# ---- Signing in


def test_the_right_secret_opens_a_session_under_a_new_key(pair: Pair) -> None:
    client = browser()
    client.get("/sign-in/")
    client.cookies[django_settings.SESSION_COOKIE_NAME] = "a" * 32

    signed_in(person(), client)

    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != "a" * 32
    assert client.get("/me/").status_code == 200


def test_signing_in_again_ends_the_session_before(pair: Pair) -> None:
    officer = person()
    client = signed_in(officer)
    old = client.cookies[django_settings.SESSION_COOKIE_NAME].value

    signed_in(officer, client)

    thief = browser()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = old
    assert 'action="/sign-in/"' in thief.get("/me/").text


@pytest.mark.parametrize(("name", "secret"), [("Chen", "wrong"), ("Nobody", SECRET), ("", ""), ("Chen", "")])
def test_a_wrong_secret_and_an_unknown_name_look_alike(pair: Pair, name: str, secret: str) -> None:
    person()

    answer = browser().post("/sign-in/", {"name": name, "secret": secret})

    assert answer.status_code == 401
    assert "Name and secret do not belong together." in answer.text
    assert "Error:" in answer.text.partition("</title>")[0]


def test_five_wrong_secrets_make_the_account_wait(pair: Pair) -> None:
    officer = person()
    client = browser()
    for _try in range(5):
        client.post("/sign-in/", {"name": "Chen", "secret": "wrong"})

    answer = client.post("/sign-in/", {"name": officer.name, "secret": SECRET})

    assert answer.status_code == 429
    assert "Too many wrong secrets: wait" in answer.text


def test_one_address_tries_twenty_times_a_minute(pair: Pair) -> None:
    client = browser()

    codes = [client.post("/sign-in/", {"name": f"n{n}", "secret": "x"}).status_code for n in range(22)]

    assert codes == [401] * 20 + [429] * 2


def test_the_cards_are_there_in_world_demo_alone(pair: Pair, settings: Settings, tmp_path: Path) -> None:
    officer = person()
    in_demo = browser().get("/sign-in/").text

    live = Home(root=tmp_path / "live")
    config = Config(
        node="a.example",
        world="live",
        name_en="Country A",
        name_zh="甲国",
        pages="127.0.0.1:0",
        partner="127.0.0.1:0",
        url="http://127.0.0.1:1/parley/v1",
    )
    create_home(live, config, suite=Standard())
    settings.HOME = live

    assert f"/sign-in/{officer.number}/" in in_demo
    assert f"/sign-in/{officer.number}/" not in browser().get("/sign-in/").text
    assert browser().post(f"/sign-in/{officer.number}/").status_code == 404


def test_a_card_of_somebody_who_left_signs_nobody_in(pair: Pair) -> None:
    officer = person()
    actions.disable_officer("Chen", now=2)

    assert browser().post(f"/sign-in/{officer.number}/").status_code == 404
    assert browser().post("/sign-in/", {"name": "Chen", "secret": SECRET}).status_code == 401


@pytest.mark.parametrize(
    "wanted",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "x"],
)
def test_signing_in_leads_to_no_other_host(pair: Pair, wanted: str) -> None:
    person()

    answer = browser().post("/sign-in/", {"name": "Chen", "secret": SECRET, "next": wanted})

    assert answer.headers["Location"] == "/"


def test_signing_in_leads_back_to_the_page(pair: Pair) -> None:
    person()

    answer = browser().post("/sign-in/", {"name": "Chen", "secret": SECRET, "next": "/links/?a=b"})

    assert answer.headers["Location"] == "/links/?a=b"


def test_a_form_needs_our_token(pair: Pair) -> None:
    person()
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})

    answer = strict.post("/sign-in/", {"name": "Chen", "secret": SECRET})

    assert answer.status_code == 403
    assert "This form did not come from a page of ours." in answer.text
    assert 'action="/sign-in/"' in strict.get("/me/").text


def test_cookies_are_for_this_host_and_no_script(pair: Pair) -> None:
    client = signed_in(person())
    client.get("/me/")

    names = {django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME}
    assert names <= set(client.cookies)
    for name in names:
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Strict", "")
        assert "a-example" in name


# ---- The end of a session


def shift(client: Client, **seconds: int) -> None:
    """Let the session have begun, or been seen, so many seconds earlier."""
    session = client.session
    for name, by in seconds.items():
        session[name] -= by
    session.save()


def is_in(client: Client) -> bool:
    return "/sign-out/" in client.get("/me/").text


def test_a_session_that_nobody_touches_ends(pair: Pair) -> None:
    officer = person()
    idle, quick = signed_in(officer), signed_in(officer)

    shift(idle, seen=IDLE_SECONDS)
    shift(quick, seen=IDLE_SECONDS - 30)

    assert (is_in(idle), is_in(quick)) == (False, True)


@pytest.mark.parametrize("shifted", [{"seen": IDLE_SECONDS}, {"seen": TOTAL_SECONDS, "begun": TOTAL_SECONDS}])
def test_no_session_ends_by_time_while_its_officer_has_the_watch_u_34(
    pair: Pair, shifted: dict[str, int]
) -> None:
    officer = person()
    client, over = signed_in(officer), signed_in(officer)
    shift(over, seen=IDLE_SECONDS + TOTAL_SECONDS + 60)
    Officer.objects.update(watch_from=clock.now() - TOTAL_SECONDS - 1)

    shift(client, **shifted)

    # One that was over before the watch began stays over.
    assert (is_in(client), is_in(over)) == (True, False)


def test_a_session_ends_in_any_case_after_a_day_of_work(pair: Pair) -> None:
    client = signed_in(person())

    shift(client, begun=TOTAL_SECONDS)

    assert not is_in(client)


def test_looking_keeps_a_session_alive_and_news_do_not(pair: Pair) -> None:
    client = signed_in(person())
    shift(client, seen=600)

    client.get("/news", headers={"Sec-Fetch-Mode": "cors"})
    unattended = client.session["seen"]
    client.get("/me/")

    assert unattended <= clock.now() - 600
    assert client.session["seen"] > unattended


def test_signing_out_ends_this_session_alone(pair: Pair) -> None:
    officer = person()
    here, there = signed_in(officer), signed_in(officer)

    here.post("/sign-out/")

    assert (is_in(here), is_in(there)) == (False, True)


def test_signing_out_everywhere_ends_every_session(pair: Pair) -> None:
    officer = person()
    here, there = signed_in(officer), signed_in(officer)

    here.post("/sign-out/", {"everywhere": "1"})

    assert (is_in(here), is_in(there)) == (False, False)


def test_whoever_is_disabled_is_out_at_once(pair: Pair) -> None:
    client = signed_in(person())

    actions.disable_officer("Chen", now=2)

    assert not is_in(client)


def test_what_was_typed_is_kept_through_signing_in(pair: Pair) -> None:
    officer = person()
    client = signed_in(officer)
    shift(client, seen=IDLE_SECONDS)
    typed = {"group-2": "12345", "note": "<b>两行\nlines</b>", "csrfmiddlewaretoken": "t"}

    asked = client.post(f"/links/{LINK}/verify/", typed)
    kept = {f"kept-{name}": value for name, value in typed.items() if name != "csrfmiddlewaretoken"}
    answer = client.post(
        "/sign-in/", {"name": "Chen", "secret": SECRET, "next": f"/links/{LINK}/verify/"} | kept
    )

    assert asked.status_code == 401
    assert 'name="kept-group-2" value="12345"' in asked.text
    assert "kept-csrfmiddlewaretoken" not in asked.text
    assert f'action="/links/{LINK}/verify/"' in answer.text
    assert 'name="group-2" value="12345"' in answer.text
    assert "<b>" not in answer.text.partition("<main")[2]


def test_what_is_too_long_is_not_carried_along(pair: Pair) -> None:
    answer = browser().post("/links/", {"note": "x" * (MAX_KEPT + 1)})

    assert answer.status_code == 401
    assert "kept-note" not in answer.text


def test_a_link_from_another_host_is_asked_once_more_from_a_page_of_ours(pair: Pair) -> None:
    client = signed_in(person())
    stranger = browser(**{"Sec-Fetch-Site": "cross-site"})

    answer = stranger.get("/me/")

    assert 'http-equiv="refresh"' in answer.text
    assert is_in(client)
