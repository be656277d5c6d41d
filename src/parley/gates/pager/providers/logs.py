"""Lines to a collector of logs. Syslog has no answer, so nothing is ever said to have been taken."""

import socket
from contextlib import closing

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.providers.trust import context
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Syslog
from parley.gates.pager.translate.logline import framed, line

SENT = Answer(outcome=Outcome.UNKNOWN, said="sent; syslog never answers")


def log(attempt: Attempt, syslog: Syslog) -> Answer:
    """Send the text as one line.

    Raises:
        OSError, GivenUpError: nobody is there.
    """
    message = line(attempt.invitation.text, at=attempt.at)
    if syslog.transport == "udp":
        return _datagram(attempt, syslog, message)
    tls = context(syslog.ca) if syslog.transport == "tls" else None
    with closing(attempt.connect(syslog.host, syslog.port, tls=tls)) as connection:
        attempt.commit()
        connection.sendall(framed(message))
    return SENT


def _datagram(attempt: Attempt, syslog: Syslog, message: bytes) -> Answer:
    found = socket.getaddrinfo(syslog.host, syslog.port, type=socket.SOCK_DGRAM)
    family, kind, protocol, _name, address = found[0]
    with socket.socket(family, kind, protocol) as door:
        door.settimeout(attempt.left())
        attempt.commit()
        door.sendto(message, address)
    return SENT
