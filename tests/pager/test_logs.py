"""Lines to collectors of logs, which never answer."""

import re
import socket
from pathlib import Path
from queue import SimpleQueue

import pytest

from parley.gates.pager.providers.logs import SENT, log
from parley.gates.pager.ring import Outcome
from parley.gates.pager.settings import Syslog
from parley.gates.pager.translate.logline import framed, line
from tests.pager.servers import certificate, collector, nobody, running
from tests.pager.trying import NOON, trying

LINE = re.compile(rb"<133>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ parley parley - ring - \xef\xbb\xbf(.*)")


def test_a_datagram_holds_one_line() -> None:
    with collector() as (port, got):
        answer = log(trying("Parley：请登录。"), Syslog(host="127.0.0.1", port=port))
        datagram = got.get(timeout=60)

    found = LINE.fullmatch(datagram)
    assert found
    assert found[1].decode() == "Parley：请登录。"
    assert answer.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_stream_says_how_long_each_line_is(tmp_path: Path, *, is_encrypted: bool) -> None:
    ca, tls = certificate(tmp_path, "logs")
    got: SimpleQueue[bytes] = SimpleQueue()

    def serve(connection: socket.socket) -> None:
        got.put(connection.makefile("rb").read())

    with running(serve, tls=tls if is_encrypted else None) as server:
        settings = Syslog(
            host="127.0.0.1", port=server.port, transport="tls" if is_encrypted else "tcp", ca=str(ca)
        )
        answer = log(trying(), settings)
        length, _space, rest = got.get(timeout=60).partition(b" ")

    assert int(length) == len(rest)
    assert LINE.fullmatch(rest)
    assert answer == SENT


def test_where_nobody_listens_nothing_is_sent() -> None:
    attempt = trying()

    with pytest.raises(ConnectionRefusedError):
        log(attempt, Syslog(host="127.0.0.1", port=nobody(), transport="tcp"))

    assert not attempt.is_committed


def test_no_sign_begins_a_second_line() -> None:
    message = line("one\n<0>1 - - - - - - two", at=NOON)

    assert b"\n" not in message
    assert framed(message).startswith(b"%d <133>1 " % len(message))
