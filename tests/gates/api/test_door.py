"""The door for other tools: who comes in, what a token does, and that it is done once."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.actions import disable_officer
from parley.agencies.models import JournalEntry, Officer
from parley.gates.api import actions
from parley.gates.api.models import Answered, Token
from parley.gates.api.policy import TIMES, Scope, read_bearer
from parley.work import clock
from parley.work.limit import Limit
from tests.gates.api.desk import ApiDesk, Tool, json_of
from tests.inquiries.page_desk import OFFICER, VIEWER, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

SITES: Final = "url,bank,observed at\nhttp://login.bank.example/a,First Bank,2026-11-02 09:10 +08:00\n"
ASKING: Final[dict[str, Any]] = {
    "file": {"name": "sites.csv", "text": SITES},
    "item": "fraud_phishing",
    "urgency": "U3",
    "want": ["confirm"],
    "purpose": "investigate fraud",
    "legal_basis": ["guidelines, item 3"],
    "batch": "A-2026-18",
}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> ApiDesk:
    return ApiDesk(tmp_path, settings)


@pytest.fixture(autouse=True)
def fixture_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has the tries of its address for itself."""
    monkeypatch.setattr("parley.gates.api.views.RATE", Limit(times=TIMES, seconds=60))
    monkeypatch.setattr("parley.gates.api.views.GUESSES", Limit(times=20, seconds=60))


def said(desk: ApiDesk) -> int:
    return len(desk.rows())


# ---- Who comes in


def test_without_a_token_there_is_nothing_and_it_is_said_in_both_languages(desk: ApiDesk) -> None:
    english = Tool(None).get("/inquiries")
    chinese = Tool(None, **{"Accept-Language": "zh-Hans"}).get("/inquiries")

    assert (english.status_code, english.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert english.headers["Content-Type"] == "application/problem+json"
    problem = json_of(english)
    assert (problem["code"], problem["detail"]) == ("no_token", "Nothing was done.")
    assert json_of(chinese)["code"] == "no_token"
    assert chinese.headers["Content-Language"] == "zh-hans"


def test_a_token_that_is_revoked_over_foreign_or_of_somebody_disabled_opens_nothing(desk: ApiDesk) -> None:
    row, revoked = desk.token()
    actions.revoke_token(row.number, now=clock.now())
    over_row, over = desk.token()
    Token.objects.filter(number=over_row.number).update(expires_at=clock.now())
    foreign, good = desk.token(network="203.0.113.0/24")[1], desk.token()[1]

    codes = {text: Tool(text).get("/version").status_code for text in (revoked, over, foreign, good)}
    disable_officer("Zhao", now=clock.now())

    assert codes == {revoked: 401, over: 401, foreign: 401, good: 200}
    assert Tool(good).get("/version").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        *("", "Bearer", "Bearer ", "Basic eDp5", "Bearer 1", "Bearer 4", "Bearer Zhao", "Bearer %s "),
        *("%s", "Token %s", "Bearer %s,%s", "Bearer %s0"),
    ],
)
def test_no_other_header_and_no_name_or_number_is_a_token(desk: ApiDesk, header: str) -> None:
    _row, text = desk.token()

    answer = Tool(None, Authorization=header.replace("%s", text)).get("/version")

    assert answer.status_code == 401


def test_a_token_with_one_sign_wrong_is_told_from_a_guess_without_a_look(desk: ApiDesk) -> None:
    _row, text = desk.token()
    other = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]

    assert read_bearer(f"Bearer {text}") == text
    assert read_bearer(f"Bearer {other}") is None
    assert Token.objects.filter(digest__contains=text[:20]).count() == 0


def test_a_cookie_opens_nothing_here_and_none_is_set(desk: ApiDesk) -> None:
    browser = desk.clients[OFFICER]
    strict = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    strict.cookies = browser.cookies

    looked = browser.get("/api/v1/inquiries")
    sent = strict.post(
        "/api/v1/cases", "{}", content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    assert (looked.status_code, sent.status_code) == (401, 401)
    assert not any(answer.cookies for answer in (looked, sent))


def test_a_cookie_takes_nothing_away_from_a_token_either(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    cookies = desk.clients[VIEWER].cookies.output(header="", sep=";")

    answer = Tool(desk.token()[1], Cookie=cookies).post(f"/inquiries/{theirs}/acknowledge")

    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json")


def test_the_paper_for_people_is_a_page_and_the_token_is_no_person(desk: ApiDesk) -> None:
    page = desk.get("/api/docs/")
    _row, text = desk.token()

    answer = Client(headers={"host": "localhost", "Authorization": f"Bearer {text}"}).get("/api/docs/")

    assert "POST /api/v1/inquiries/{place}/acknowledge" in page
    assert "The officer whose act this is" not in page
    assert 'action="/sign-in/"' in answer.text


def test_too_often_is_too_often_for_each_token_and_for_whoever_has_none(desk: ApiDesk) -> None:
    tool, other = desk.tool(Scope.READ), desk.tool(Scope.READ)
    for _time in range(TIMES):
        tool.get("/version")

    late, guesses = tool.get("/version"), [Tool(None).get("/version").status_code for _ in range(21)]

    assert (late.status_code, json_of(late)["code"]) == (429, "too_many")
    assert int(late.headers["Retry-After"]) >= 1
    assert other.get("/version").status_code == 200
    assert guesses == [401] * 20 + [429]


# ---- What a token does


def test_a_scope_opens_what_it_says_and_no_more(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    reads, drafts, acts = (desk.tool(scope) for scope in Scope)
    path, before = f"/inquiries/{theirs}/acknowledge", said(desk)

    looked = [tool.get(f"/inquiries/{theirs}").status_code for tool in (reads, drafts, acts)]
    tried = [tool.attempt(path).status_code for tool in (reads, drafts, acts)]
    meant = [tool.post(path).status_code for tool in (reads, drafts)]
    meanwhile = said(desk)
    done = acts.post(path)

    assert (looked, tried, meant) == ([200] * 3, [403, 200, 200], [403, 403])
    assert (meanwhile, said(desk), done.status_code) == (before, before + 1, 201)


def test_an_officer_who_became_a_viewer_looks_and_no_more(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    tool = desk.tool()
    Officer.objects.filter(number=OFFICER).update(role="viewer")

    answer = tool.post(f"/inquiries/{theirs}/acknowledge")

    assert (answer.status_code, json_of(answer)["code"]) == (403, "out_of_scope")
    assert tool.get(f"/inquiries/{theirs}").status_code == 200


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/calls", "hotline"),
        ("/calls/B-1/take", "hotline"),
        ("/calls/B-1/read-back", "hotline"),
        ("/links/a-b/verify", "keys"),
        ("/links/rotate", "keys"),
        ("/links/a-b/suspend", "two_persons"),
        ("/links/a-b/sign", "two_persons"),
        ("/guidelines/A-1/sign", "two_persons"),
        ("/outcomes/A-1/freeze", "two_persons"),
        ("/outcomes/A-1/release", "release"),
        ("/offers/A-1/permit-release", "release"),
        ("/record/erase", "two_persons"),
    ],
)
def test_what_is_for_persons_is_for_no_token_whatever_its_scope(desk: ApiDesk, path: str, code: str) -> None:
    answer = desk.tool().post(path)

    problem = json_of(answer)
    assert (answer.status_code, problem["code"]) == (403, code)
    assert problem["fix"].startswith("Have ")
    assert said(desk) == 2


def test_a_tool_begins_a_draft_and_an_officer_goes_on_with_it_on_its_page(desk: ApiDesk) -> None:
    tool, before = desk.tool(Scope.DRAFT), said(desk)

    made = json_of(tool.post("/drafts", {"file": {"name": "a.txt", "text": SITES}}))
    none = tool.post("/drafts", {"file": {"name": "a.txt", "text": ""}})
    listed = json_of(tool.get("/drafts"))["items"]

    assert (made["rows"], [each["number"] for each in listed]) == (1, [made["number"]])
    assert "First Bank" in desk.get(f"{made['page']}?part=2")
    assert none.status_code == 422
    assert said(desk) == before


def test_a_finding_is_tried_by_a_tool_and_signed_by_a_person(desk: ApiDesk) -> None:
    tool = desk.tool()
    case = json_of(tool.post("/cases", {"item": ["fraud_phishing"], "title_en": "Kits", "title_zh": "工具"}))[
        "place"
    ].replace(" ", "-")
    finding = {"en": "One hand.", "zh": "同一人所为。", "likelihood": "likely", "confidence": "low"}

    tried = desk.tool(Scope.DRAFT).attempt(f"/cases/{case}/findings", finding)
    meant = tool.post(f"/cases/{case}/findings", finding)

    assert (tried.status_code, json_of(tried)["saved"]) == (200, False)
    assert "finding.given" in json_of(tried)["would_say"]
    assert (meant.status_code, json_of(meant)["code"]) == (403, "persons_key")
    assert [row.kind for row in desk.rows() if row.kind and row.kind.startswith("finding")] == []


def test_no_value_names_a_file_of_this_machine(desk: ApiDesk, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="ascii")
    _ours, theirs = desk.ask_each_other()
    tool = desk.tool()

    answers = [
        tool.post(f"/inquiries/{theirs}/acknowledge", {"enclose": [str(secret)]}),
        tool.post(f"/inquiries/{theirs}/answer", {"file": str(secret)}),
        tool.post("/inquiries", {**ASKING, "file": str(secret)}),
        tool.post("/inquiries", {**ASKING, "file": {"name": f"../../{secret}", "text": ""}}),
        tool.post("/files", {"path": str(secret)}),
        tool.get("/cases:report", {"out": str(tmp_path / "out")}),
        tool.post(f"/inquiries/{theirs}/acknowledge", {"secret_file": str(secret)}),
    ]

    assert [(answer.status_code, json_of(answer)["code"]) for answer in answers] == [
        *[(422, "wrong_type")] * 5,
        *[(422, "unknown_member")] * 2,
    ]
    assert not any(b"secret\n" in answer.content for answer in answers)


def test_a_value_is_never_taken_for_an_option(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    tool, words = desk.tool(Scope.DRAFT), "--as=Wu --dry-run"

    tried = json_of(tool.attempt(f"/inquiries/{theirs}/acknowledge", {"text": words, "ref": "--key"}))
    odd = tool.get("/inquiries/--help")

    assert json.loads(tried["words"])["text"]["text"] == words
    assert json.loads(tried["would_say"])["ref"] == "--key"
    assert odd.status_code == 404


@pytest.mark.parametrize("digest", ["x", "0" * 64, "zz"])
def test_a_file_that_does_not_wait_is_told_as_one_that_is_not_there(desk: ApiDesk, digest: str) -> None:
    answer = desk.tool(Scope.DRAFT).post(f"/files/{digest}/remove")

    assert (answer.status_code, json_of(answer)["code"]) == (404, "no_such_file")


# ---- Once


def test_what_says_something_needs_a_key(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    tool = desk.tool()

    answers = [
        tool.send(f"/inquiries/{theirs}/acknowledge", "{}", **headers)
        for headers in (
            {},
            {"Idempotency-Key": ""},
            {"Idempotency-Key": "键"},
            {"Idempotency-Key": "k" * 201},
        )
    ]

    assert [(answer.status_code, json_of(answer)["code"]) for answer in answers] == [(428, "no_key")] * 4


def test_the_same_key_is_the_same_statement_and_the_same_answer(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    tool, before, key = desk.tool(), said(desk), {"Idempotency-Key": "one"}
    path = f"/inquiries/{theirs}/progress"

    first, again = (tool.post(path, {"code": "working"}, **key) for _time in range(2))
    other = tool.post(path, {"code": "holding"}, **key)
    elsewhere = tool.post(f"/inquiries/{theirs}/acknowledge", {}, **key)

    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [(each.status_code, json_of(each)["code"]) for each in (other, elsewhere)] == [
        (409, "key_reused")
    ] * 2
    assert said(desk) == before + 1


def test_the_key_of_one_token_is_not_that_of_another(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    one, two, before = desk.tool(), desk.tool(), said(desk)

    places = {
        json_of(tool.post(f"/inquiries/{theirs}/progress", {}, **{"Idempotency-Key": "same"}))["place"]
        for tool in (one, two)
    }

    assert (len(places), said(desk)) == (2, before + 2)


def test_a_request_that_was_cut_off_is_done_once_when_it_comes_again(desk: ApiDesk) -> None:
    tool, key = desk.tool(), {"Idempotency-Key": "cut"}
    first = tool.post("/inquiries", ASKING, **key)
    # As if the node had ended between the record and the answer.
    Answered.objects.update(status=None, body="", at=clock.now() - 3600)

    again = tool.post("/inquiries", ASKING, **key)

    statements = [json_of(answer)["inquiries"][0]["statement"] for answer in (first, again)]
    assert (again.status_code, statements[0]) == (201, statements[1])
    assert len(desk.said("sent")) == 1


def test_while_it_is_done_nobody_does_it_beside(desk: ApiDesk) -> None:
    tool, key = desk.tool(), {"Idempotency-Key": "twice"}
    assert tool.post("/inquiries", ASKING, **key).status_code == 201
    Answered.objects.update(status=None, body="", at=clock.now())

    answer = tool.post("/inquiries", ASKING, **key)

    assert (answer.status_code, json_of(answer)["code"]) == (409, "key_running")


def test_a_batch_that_was_sent_is_not_sent_again_under_a_new_key(desk: ApiDesk) -> None:
    tool = desk.tool()
    tool.post("/inquiries", ASKING)

    answer = tool.post("/inquiries", {**ASKING, "again": ["1"]})

    assert (answer.status_code, json_of(answer)["code"]) == (409, "batch_exists")
    assert len(desk.said("sent")) == 1


def test_what_was_refused_may_come_again_mended_under_the_same_key(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    tool, key = desk.tool(), {"Idempotency-Key": "mended"}

    wrong = tool.post(f"/inquiries/{theirs}/answer", {"finding": ["0=nonsense"]}, **key)
    right = tool.post(f"/inquiries/{theirs}/answer", {"finding": ["0=no_data"]}, **key)

    assert (wrong.status_code, json_of(wrong)["code"]) == (422, "not_read")
    assert right.status_code == 201


def test_the_journal_tells_which_token_acted_for_whom(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    row, text = desk.token()

    Tool(text).post(f"/inquiries/{theirs}/acknowledge", {}, **{"Idempotency-Key": "abc"})

    acts = [(each.act, each.officer_id, each.subject) for each in JournalEntry.objects.order_by("number")]
    assert ("token.acted", OFFICER, f"token {row.number} tests: abc") in acts
    assert acts[-1][:2] != ("token.acted", OFFICER), "the act itself is written down too"


# ---- What comes in, and what is told


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        ("[]", 400, "malformed"),
        ('{"text":"a","text":"b"}', 400, "malformed"),
        ('{"text":1.5}', 400, "malformed"),
        ('{"a":' * 9 + "1" + "}" * 9, 400, "malformed"),
        ('{"text":"\\u0000"}', 400, "malformed"),
        (b'{"text":"\xff"}', 400, "malformed"),
        ('{"text":1}', 422, "wrong_type"),
        ('{"text":["a"]}', 422, "wrong_type"),
        ('{"enclose":"a"}', 422, "wrong_type"),
        ('{"dry_run":true}', 422, "unknown_member"),
        ('{"officer":"Wu"}', 422, "unknown_member"),
        ('{"as":"Wu"}', 422, "unknown_member"),
        ('{"key":"a"}', 422, "unknown_member"),
    ],
)
def test_a_body_is_one_object_of_known_members(
    desk: ApiDesk, raw: str | bytes, status: int, code: str
) -> None:
    answer = desk.tool().send("/inquiries/B-2/acknowledge", raw, **{"Idempotency-Key": "k"})

    assert (answer.status_code, json_of(answer)["code"]) == (status, code)


def test_what_is_too_large_or_of_unknown_size_is_not_read(desk: ApiDesk) -> None:
    tool, key = desk.tool(), {"Idempotency-Key": "k"}

    large = tool.send("/files", "{" + " " * (2 * 1024 * 1024) + "}", **key)
    unknown = tool.send("/files", "{}", **key, **{"Transfer-Encoding": "chunked"})
    form = tool.send("/files", "a=b", content_type="application/x-www-form-urlencoded", **key)

    answers = [(each.status_code, json_of(each)["code"]) for each in (large, unknown, form)]
    assert answers == [(413, "too_large"), (413, "too_large"), (415, "not_json")]


def test_an_address_that_is_none_and_a_method_that_is_none_are_told_as_problems(desk: ApiDesk) -> None:
    tool = desk.tool()

    nowhere, backup = tool.get("/nowhere"), tool.post("/backup/create")
    wrong = tool.get("/inquiries/B-2/acknowledge")

    assert [(each.status_code, json_of(each)["code"]) for each in (nowhere, backup)] == [
        (404, "not_there")
    ] * 2
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")


def test_a_trial_says_nothing_and_needs_no_key(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    before = said(desk)

    tried = desk.tool().attempt(f"/inquiries/{theirs}/acknowledge", {"text": "Seen."})

    body = json_of(tried)
    assert (tried.status_code, body["dry_run"], body["saved"]) == (200, True, False)
    assert "inquiry.acknowledged" in body["would_say"]
    assert said(desk) == before


def test_rows_that_need_a_person_come_back_one_by_one_and_nothing_is_sent(desk: ApiDesk) -> None:
    rows = SITES + "http://user:pass@bank.example/b,First Bank,2026-11-02 09:10\n"

    answer = desk.tool().post("/inquiries", {**ASKING, "file": {"name": "a.csv", "text": rows}})

    problem = json_of(answer)
    assert (answer.status_code, problem["code"]) == (422, "rows_need_you")
    assert [row["result"] for row in problem["result"]["rows"]] == ["ok", "needs"]
    assert problem["advice"][0].startswith("Reading a.csv ")
    assert desk.said("sent") == []


def test_who_holds_the_same_already_is_told_so_in_a_line(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    tool = desk.tool()
    first = tool.get("/inquiries")

    same = tool.get("/inquiries", held=first.headers["ETag"])
    tool.post(f"/inquiries/{theirs}/acknowledge")
    moved = tool.get("/inquiries", held=first.headers["ETag"])

    assert (same.status_code, same.content, moved.status_code) == (304, b"", 200)
    assert json_of(moved)["as_of_entry"] > json_of(first)["as_of_entry"]


def test_a_tool_that_follows_hears_which_threads_moved_and_nothing_of_what_was_said(desk: ApiDesk) -> None:
    _ours, theirs = desk.ask_each_other()
    tool = desk.tool()
    before = json_of(tool.get("/events"))
    thread = json_of(tool.post(f"/inquiries/{theirs}/acknowledge", {"text": "A secret."}))["statement"]
    rows = json_of(tool.get("/inquiries"))["items"]
    (opening,) = (row["statement"] for row in rows if row["place"] == theirs.replace("-", " "))

    since = tool.get("/events", {"after": str(before["last"])})
    again = json_of(tool.get("/events", {"after": str(json_of(since)["last"])}))

    assert (before["is_all"], again["changes"]) == (True, [])
    assert opening in {each["thread"] for each in json_of(since)["changes"]}
    assert thread != opening
    assert b"secret" not in since.content


def test_a_list_is_paged_and_tells_whether_it_moved_meanwhile(desk: ApiDesk) -> None:
    for _time in range(3):
        desk.send("http://one.example/a")
    tool = desk.tool()
    first = json_of(tool.get("/inquiries", {"limit": "2"}))
    still = json_of(tool.get("/inquiries", {"limit": "2", "after": first["next"]}))
    desk.say("inquiry.acknowledged", {}, node=B, on="A-1")
    desk.carry()
    moved = json_of(tool.get("/inquiries", {"limit": "2", "after": first["next"]}))
    bad = [tool.get("/inquiries", {"after": after}) for after in ("x", "A-1", ".A 1", "1.nonsense")]

    assert [len(page["items"]) for page in (first, still, moved)] == [2, 1, 1]
    assert (still["next"], still["began_at_entry"]) == (None, still["as_of_entry"])
    assert moved["began_at_entry"] == first["as_of_entry"] < moved["as_of_entry"]
    assert {answer.status_code for answer in bad} == {422}
    assert tool.get("/inquiries", {"limit": "201"}).status_code == 422
