"""E-mail to a relay: what its answers are worth, and that nothing but the text is in a message."""

import contextlib
import smtplib
from pathlib import Path
from threading import Event, Thread
from typing import Literal

import pytest

from parley.gates.pager.attempt import GivenUpError
from parley.gates.pager.providers.mail import MAX_ANSWERS, post
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Mail
from tests.pager.servers import Relay, certificate, dripping, hanging, nobody, running
from tests.pager.trying import NOON, REFERENCE, trying

TO = "wang@house.example"


def relay_at(
    port: int, *, tls: Literal["none", "starttls", "tls"] = "none", ca: Path | None = None, user: str = ""
) -> Mail:
    return Mail(
        host="127.0.0.1",
        port=port,
        sender="parley@house.example",
        tls=tls,
        ca=str(ca) if ca else None,
        user=user,
        password=user,
    )


def handed_to(relay: Relay, text: str = "Parley: sign in.") -> Answer:
    with running(relay.serve) as server:
        return post(trying(text, to=TO), relay_at(server.port))


@pytest.mark.parametrize("text", ["Parley: sign in.", "Parley：请登录。"])
def test_the_relay_gets_the_text_as_subject_and_body_and_nothing_else(text: str) -> None:
    relay = Relay()

    answer = handed_to(relay, text)

    (got,) = relay.got
    assert answer.outcome is Outcome.ACCEPTED
    assert got["Subject"] == text
    assert got.get_content().strip() == text
    assert got["Message-ID"] == f"<{REFERENCE}@house.example>"
    assert got["Date"].datetime.timestamp() == NOON
    assert {name.lower() for name in got} == {
        *("from", "to", "subject", "date", "message-id", "auto-submitted"),
        *("content-type", "content-transfer-encoding", "mime-version"),
    }


def test_this_machine_does_not_tell_its_name() -> None:
    relay = Relay()

    handed_to(relay)

    assert relay.greeted == [b"parley"]


@pytest.mark.parametrize(
    "relay",
    [
        Relay(greeting=b"554 not now\r\n"),
        Relay(recipient=b"550 no such person\r\n"),
        Relay(recipient=b"451 later\r\n"),
        Relay(after_message=b"554 spam\r\n"),
        Relay(after_message=b"452 full\r\n"),
    ],
)
def test_a_no_of_the_relay_is_a_no_wherever_it_comes(relay: Relay) -> None:
    assert handed_to(relay).outcome is Outcome.REFUSED


def test_a_relay_that_hangs_up_after_the_message_may_have_taken_it() -> None:
    with running(Relay(after_message=None).serve) as server:
        attempt = trying(to=TO)

        with pytest.raises(smtplib.SMTPServerDisconnected):
            post(attempt, relay_at(server.port))

    assert attempt.is_committed


def test_a_relay_that_talks_without_end_is_cut_off() -> None:
    relay = Relay(hello=b"250-more\r\n" * (MAX_ANSWERS // 10 + 1))

    with running(relay.serve) as server:
        attempt = trying(to=TO)
        with pytest.raises(smtplib.SMTPServerDisconnected, match="talks too much"):
            post(attempt, relay_at(server.port))

    assert not attempt.is_committed


def test_a_relay_that_never_speaks_costs_no_more_than_the_deadline() -> None:
    with hanging() as server:
        attempt = trying(to=TO, seconds=0.2)
        with pytest.raises((TimeoutError, GivenUpError, smtplib.SMTPServerDisconnected)):
            post(attempt, relay_at(server.port))

    assert not attempt.is_committed


def test_a_relay_that_drips_is_ended_from_outside() -> None:
    with dripping() as server:
        attempt = trying(to=TO)
        came_back = Event()

        def run() -> None:
            with contextlib.suppress(OSError, GivenUpError):
                post(attempt, relay_at(server.port))
            came_back.set()

        Thread(target=run, daemon=True).start()
        assert not came_back.wait(0.2)
        may_have_left = attempt.give_up()

        assert came_back.wait(5)
    assert not may_have_left


def test_where_nobody_listens_nothing_is_sent() -> None:
    attempt = trying(to=TO)

    with pytest.raises(ConnectionRefusedError):
        post(attempt, relay_at(nobody()))

    assert not attempt.is_committed


def test_starttls_is_believed_only_with_the_certificate_of_the_house(tmp_path: Path) -> None:
    ca, tls = certificate(tmp_path, "relay")
    other, _tls = certificate(tmp_path, "other")
    relay, strange = Relay(starts_tls=tls), Relay(starts_tls=tls)

    with running(relay.serve) as server:
        taken = post(trying(to=TO), relay_at(server.port, tls="starttls", ca=ca))
    with running(strange.serve) as server, pytest.raises(OSError, match="certificate verify failed"):
        post(trying(to=TO), relay_at(server.port, tls="starttls", ca=other))

    assert taken.outcome is Outcome.ACCEPTED
    assert relay.was_encrypted
    assert strange.raw == []


def test_a_relay_that_takes_starttls_back_gets_neither_password_nor_message() -> None:
    relay = Relay()

    with running(relay.serve) as server:
        answer = post(trying(to=TO), relay_at(server.port, tls="starttls", user="parley"))

    assert answer == Answer(outcome=Outcome.REFUSED, said="STARTTLS is not offered")
    assert relay.raw == []


def test_tls_from_the_first_byte_works_too(tmp_path: Path) -> None:
    ca, tls = certificate(tmp_path, "relay")
    relay = Relay()

    with running(relay.serve, tls=tls) as server:
        answer = post(trying(to=TO), relay_at(server.port, tls="tls", ca=ca))

    assert answer.outcome is Outcome.ACCEPTED
