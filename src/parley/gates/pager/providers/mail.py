"""E-mail through a relay of the house: the text is the subject and the body, and there is nothing else.

What an answer of the relay is worth: "250" after the message, that the relay took it. Anything before the
message: certainly not sent. Silence after it: unknown.
"""

import smtplib
import socket
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import IO, Final

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.providers.trust import context
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Mail

MAX_ANSWERS: Final = 64 * 1024
"""So many bytes of answers a relay may send in one connection."""
_TOOK: Final = 250
_FORWARDS: Final = 251


class _Refused(Exception):  # noqa: N818 - an answer on its way up, no fault
    """The relay said no."""


def post(attempt: Attempt, mail: Mail) -> Answer:
    """Hand the text over to the relay and return what it said.

    Raises:
        OSError, GivenUpError: no answer.
    """
    relay = _Relay(attempt, mail)
    try:
        relay.enter()
        relay.envelope(attempt.to)
        attempt.commit()
        code, said = relay.data(_message(attempt, mail))
        relay.leave()
    except _Refused as error:
        return Answer(outcome=Outcome.REFUSED, said=str(error))
    except smtplib.SMTPResponseException as error:
        return Answer(outcome=Outcome.REFUSED, said=_said(error.smtp_code, error.smtp_error))
    finally:
        relay.close()
    return Answer(outcome=Outcome.ACCEPTED if code == _TOOK else Outcome.REFUSED, said=_said(code, said))


def _message(attempt: Attempt, mail: Mail) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    message["To"] = attempt.to
    message["Subject"] = attempt.invitation.text
    message["Date"] = format_datetime(datetime.fromtimestamp(attempt.at, tz=UTC))
    # The same for every try of one ring: a relay or a reader may see that two are one.
    message["Message-ID"] = f"<{attempt.reference}@{mail.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(attempt.invitation.text, cte="base64")
    return message.as_bytes()


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"SMTP {code} {text}"


class _Bounded:
    """The relay's answers, until they are too many: a reply may have any number of lines."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = MAX_ANSWERS

    def readline(self, size: int) -> bytes:
        found = self._stream.readline(min(size, self._left + 1))
        self._left -= len(found)
        if self._left < 0:
            raise ConnectionError("the relay talks too much")
        return found

    def close(self) -> None:
        self._stream.close()


class _Relay(smtplib.SMTP):
    """`smtplib` on a connection that somebody else may end, with answers that have an end."""

    def __init__(self, attempt: Attempt, mail: Mail) -> None:
        self._attempt = attempt
        self._mail = mail
        self._answers: _Bounded | None = None
        super().__init__(local_hostname=mail.helo, timeout=attempt.left())
        # STARTTLS checks the certificate against this name; only a constructor that also connects sets it.
        self._host = mail.host

    @property  # smtplib sets it to a new stream on every connection, and to None
    def file(self) -> _Bounded | None:
        return self._answers

    @file.setter
    def file(self, stream: IO[bytes] | None) -> None:
        self._answers = None if stream is None else _Bounded(stream)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del timeout  # the attempt knows how much is left
        return self._attempt.connect(
            host, port, tls=context(self._mail.ca) if self._mail.tls == "tls" else None
        )

    def enter(self) -> None:
        """Connect, be greeted, and show who this is, as far as the relay asks."""
        code, said = self.connect(self._mail.host, self._mail.port)
        if code != 220:
            raise _Refused(_said(code, said))
        self.ehlo_or_helo_if_needed()
        if self._mail.tls == "starttls":
            # A relay, or whoever stands before it, that offers no TLS is not talked to in the open.
            if not self.has_extn("starttls"):
                raise _Refused("STARTTLS is not offered")
            self.starttls(context=context(self._mail.ca))
            self._attempt.hold(self._shut)
            self.ehlo_or_helo_if_needed()
        if self._mail.user:
            self.login(self._mail.user, self._mail.password)

    def _shut(self) -> None:
        if self.sock is not None:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def envelope(self, to: str) -> None:
        """Name the sender and the one recipient."""
        code, said = self.mail(self._mail.sender)
        if code == _TOOK:
            code, said = self.rcpt(to)
        if code not in {_TOOK, _FORWARDS}:
            raise _Refused(_said(code, said))

    def leave(self) -> None:
        """Say good-bye; what the relay took it has taken, whether or not it hears this."""
        try:
            self.putcmd("quit")
        except OSError:
            return
