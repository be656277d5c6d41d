"""Short messages to a carrier: bind, submit, unbind, on a connection of its own for each text.

No library serves: what there is counts a message as sent before the centre has answered, reads whatever
length it is told, cuts signs in half, and has no deadline for the whole. Texts are short and few, so
that a connection need not be kept. Source: SMPP v3.4 §2, §4.
"""

import socket
from contextlib import closing
from itertools import count
from typing import Final

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.providers.trust import context
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Smpp
from parley.gates.pager.translate import pdu
from parley.gates.pager.translate.gsm import shorten

MAX_STRANGE: Final = 16
"""So many messages that nobody asked for are passed over while an answer is awaited."""


def submit_text(attempt: Attempt, smpp: Smpp) -> Answer:
    """Hand the text over to the carrier in as many parts as it needs, and return what the centre said.

    Raises:
        OSError, GivenUpError, PduError: no answer, or none that means anything.
    """
    short = shorten(
        attempt.invitation.text,
        reference=int(attempt.reference[:2], 16),
        only_ucs2=smpp.alphabet == "ucs2",
    )
    tls = context(smpp.ca) if smpp.tls else None
    with closing(attempt.connect(smpp.host, smpp.port, tls=tls)) as connection:
        centre = _Centre(attempt, connection)
        let_in = centre.ask(
            pdu.BIND_TRANSMITTER,
            pdu.bind(system_id=smpp.user, password=smpp.password, system_type=smpp.system_type),
        )
        if let_in.status != pdu.OK:
            return _refused(let_in)
        for part in short.parts:
            body = pdu.submit(
                source=smpp.source,
                to=attempt.to,
                coding=short.coding,
                payload=part,
                is_joined=short.is_joined,
                minutes=smpp.minutes,
            )
            attempt.commit()
            answer = centre.ask(pdu.SUBMIT, body)
            if answer.status != pdu.OK:
                return _refused(answer)
        centre.leave()
    return Answer(outcome=Outcome.ACCEPTED)


def _refused(answer: pdu.Pdu) -> Answer:
    why = pdu.STATUSES.get(answer.status, "")
    return Answer(outcome=Outcome.REFUSED, said=f"SMPP status 0x{answer.status:08x} {why}".strip())


def _is_answer(found: pdu.Pdu, command: int) -> bool:
    # A "no" that carries the status of a yes is neither.
    return found.command == command | pdu.RESPONSE or (found.command == pdu.NACK and found.status != pdu.OK)


class _Centre:
    """The carrier's side of a connection."""

    def __init__(self, attempt: Attempt, connection: socket.socket) -> None:
        self._attempt = attempt
        self._connection = connection
        self._numbers = count(1)

    def ask(self, command: int, body: bytes) -> pdu.Pdu:
        """Send a message and return the answer to that one, whatever else comes in between."""
        number = next(self._numbers)
        self._send(pdu.pack(command, body, sequence=number))
        for _ in range(MAX_STRANGE):
            found = self._read()
            if found.command == pdu.ENQUIRE_LINK:
                self._send(pdu.pack(pdu.ENQUIRE_LINK | pdu.RESPONSE, sequence=found.sequence))
            elif found.sequence == number and _is_answer(found, command):
                return found
        raise pdu.PduError("expected an answer, found only other messages")

    def leave(self) -> None:
        """Say good-bye; what the centre took it has taken, whether or not it hears this."""
        try:
            self._send(pdu.pack(pdu.UNBIND, sequence=next(self._numbers)))
        except OSError:
            return

    def _send(self, message: bytes) -> None:
        self._connection.settimeout(self._attempt.left())
        self._connection.sendall(message)

    def _read(self) -> pdu.Pdu:
        header = self._exactly(pdu.HEADER)
        return pdu.unpack(header, self._exactly(pdu.body_length(header)))

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            self._connection.settimeout(self._attempt.left())
            more = self._connection.recv(size - len(found))
            if not more:
                raise ConnectionError("the centre hung up")
            found += more
        return found
