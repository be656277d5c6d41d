"""Servers that say anything at all: there is an answer in time, and none of it is taken for a yes."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.gates.pager.providers import send
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Mail, Ntfy, Provider, Smpp, Webhook
from tests.pager.servers import running
from tests.pager.trying import trying

PIECES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b"220 relay\r\n",
                b"250 ok\r\n",
                b"354 go\r\n",
                b"250-more\r\n",
                b"HTTP/1.1 100 Continue\r\n\r\n",
                b"HTTP/1.1 200",
                b"\x00\x00\x00\x10\x80\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01",
                b"\x00\x00\x00\x10\x80\x00\x00\x04\x00\x00\x00\x05\x00\x00\x00\x02",
                b"\x00\x00\x00\x10\x00\x00\x00\x15\x00\x00\x00\x00\x00\x00\x00\x09",
                b"\xff\xff\xff\xff\x80\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x02",
            ]
        ),
    ),
    max_size=8,
).map(b"".join)


def providers(port: int) -> dict[str, Provider]:
    return {
        "smpp": Smpp(host="127.0.0.1", port=port, user="p", source="Parley"),
        "mail": Mail(host="127.0.0.1", port=port, sender="p@house.example"),
        "webhook": Webhook(url=f"http://127.0.0.1:{port}/"),
        "ntfy": Ntfy(url=f"http://127.0.0.1:{port}"),
    }


@pytest.mark.parametrize("kind", ["smpp", "mail", "webhook", "ntfy"])
@settings(max_examples=25)
@given(talk=PIECES)
def test_whatever_a_server_says_there_is_an_answer_and_no_false_yes(kind: str, talk: bytes) -> None:
    to = "wang@house.example" if kind == "mail" else "5551"
    answer = Answer(outcome=Outcome.FAILED)
    attempt = trying(to=to, seconds=5)

    with running(lambda connection: connection.sendall(talk)) as server, contextlib.suppress(Exception):
        answer = send(attempt, providers(server.port)[kind])

    # A yes takes an exchange: who has not been asked cannot give it, and the web needs one whole line.
    is_yes = answer.outcome is Outcome.ACCEPTED
    assert not is_yes or (kind in {"webhook", "ntfy"} and b"HTTP/1.1 200" in talk) or kind == "mail"
    assert not is_yes or attempt.is_committed
