"""Webhooks and ntfy: what is posted, what an answer is worth, and that no redirect leads anywhere."""

import base64
import hashlib
import hmac
import http.client
from pathlib import Path

import pytest

from parley.gates.pager.attempt import GivenUpError
from parley.gates.pager.providers.web import publish, tell
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Ntfy, Webhook
from tests.pager.servers import Web, certificate, dripping, hanging, nobody, running
from tests.pager.trying import NOON, REFERENCE, trying


def told(web: Web, *, to: str = "", secret: str = "", path: str = "/ring?board=1") -> Answer:
    with running(web.serve) as server:
        hook = Webhook(url=f"http://127.0.0.1:{server.port}{path}", secret=secret)
        return tell(trying("Parley：请登录。", to=to), hook)


def test_a_board_gets_the_text_and_an_id_and_nothing_else() -> None:
    web = Web()

    answer = told(web)

    (got,) = web.got
    assert answer == Answer(outcome=Outcome.ACCEPTED, said="HTTP 200")
    assert got.path == "/ring?board=1"
    assert got.json == {"id": REFERENCE, "text": "Parley：请登录。"}


def test_a_program_of_the_house_learns_whom_to_ring() -> None:
    web = Web()

    told(web, to="wang")

    assert web.got[0].json["to"] == "wang"


def test_what_is_posted_can_be_checked_with_the_shared_secret() -> None:
    web = Web()

    told(web, secret="of the house")

    (got,) = web.got
    signed = f"{REFERENCE}.{NOON}.".encode() + got.body
    expected = base64.b64encode(hmac.digest(b"of the house", signed, hashlib.sha256)).decode()
    assert got.headers["webhook-id"] == REFERENCE
    assert got.headers["webhook-timestamp"] == str(NOON)
    assert got.headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("status", [204, 299])
def test_every_yes_is_a_yes(status: int) -> None:
    web = Web(answer=f"HTTP/1.1 {status} Yes\r\n\r\n".encode())

    assert told(web).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("status", [300, 400, 401, 404, 429, 500, 503])
def test_everything_else_is_a_no(status: int) -> None:
    web = Web(answer=f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())

    assert told(web) == Answer(outcome=Outcome.REFUSED, said=f"HTTP {status}")


def test_a_redirect_is_a_no_and_nobody_is_asked_elsewhere() -> None:
    elsewhere = Web()

    with running(elsewhere.serve) as other:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{other.port}/\r\n\r\n"
        answer = told(Web(answer=moved.encode()))

        assert other.connected == 0
    assert answer.outcome is Outcome.REFUSED


@pytest.mark.parametrize("answer", [b"", b"hello\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_without_an_answer_that_means_something_it_may_have_gone(answer: bytes) -> None:
    with running(Web(answer=answer).serve) as server:
        attempt = trying()
        with pytest.raises((OSError, http.client.HTTPException)):
            tell(attempt, Webhook(url=f"http://127.0.0.1:{server.port}/"))

    assert attempt.is_committed


def test_an_answer_without_end_is_not_read() -> None:
    web = Web(answer=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"5\r\nhello\r\n" * 10_000)

    assert told(web).outcome is Outcome.ACCEPTED


def test_a_server_that_never_answers_costs_no_more_than_the_deadline() -> None:
    with hanging() as server:
        attempt = trying(seconds=2)
        with pytest.raises((TimeoutError, GivenUpError)):
            tell(attempt, Webhook(url=f"http://127.0.0.1:{server.port}/"))

    assert attempt.is_committed


def test_where_nobody_listens_nothing_is_sent() -> None:
    attempt = trying()

    with pytest.raises(ConnectionRefusedError):
        tell(attempt, Webhook(url=f"http://127.0.0.1:{nobody()}/"))

    assert not attempt.is_committed


def test_a_server_that_is_no_server_of_tls_gets_nothing(tmp_path: Path) -> None:
    ca, _tls = certificate(tmp_path, "board")

    with dripping() as server:
        attempt = trying()
        with pytest.raises(OSError, match="SSL"):
            tell(attempt, Webhook(url=f"https://127.0.0.1:{server.port}/", ca=str(ca)))

    assert not attempt.is_committed


def test_https_is_believed_only_with_the_certificate_of_the_house(tmp_path: Path) -> None:
    ca, tls = certificate(tmp_path, "board")
    other, _tls = certificate(tmp_path, "other")
    web = Web()

    with running(web.serve, tls=tls) as server:
        url = f"https://127.0.0.1:{server.port}/"
        answer = tell(trying(), Webhook(url=url, ca=str(ca)))
        with pytest.raises(OSError, match="certificate verify failed"):
            tell(trying(), Webhook(url=url, ca=str(other)))

    assert answer.outcome is Outcome.ACCEPTED
    assert len(web.got) == 1


def test_ntfy_gets_the_text_under_the_topic_of_the_person() -> None:
    web = Web()

    with running(web.serve) as server:
        ntfy = Ntfy(url=f"http://127.0.0.1:{server.port}/base/", token="tk_house")
        answer = publish(trying("Parley：请登录。", to="wang-7f3a"), ntfy)

    (got,) = web.got
    assert answer.outcome is Outcome.ACCEPTED
    assert got.path == "/base/wang-7f3a"
    assert got.body.decode() == "Parley：请登录。"
    assert got.headers["authorization"] == "Bearer tk_house"
    assert got.headers["priority"] == "5"
