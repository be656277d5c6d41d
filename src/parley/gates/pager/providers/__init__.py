"""What hands a text over to another machine, one function for each kind of provider.

A function returns how it went, or lets an `OSError` fly; whether something may have left the house by then
the attempt itself knows.
"""

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.providers.command import run
from parley.gates.pager.providers.logs import log
from parley.gates.pager.providers.mail import post
from parley.gates.pager.providers.smpp import submit_text
from parley.gates.pager.providers.web import publish, tell
from parley.gates.pager.ring import Answer
from parley.gates.pager.settings import Command, Mail, Ntfy, Provider, Smpp, Syslog, Webhook


def send(attempt: Attempt, provider: Provider) -> Answer:
    """Hand `attempt` over to `provider` and return how it went.

    Raises:
        OSError: the connection failed.
        GivenUpError: no time is left.
        ValueError: the other machine does not speak as it must.
    """
    match provider:
        case Smpp():
            return submit_text(attempt, provider)
        case Mail():
            return post(attempt, provider)
        case Ntfy():
            return publish(attempt, provider)
        case Webhook():
            return tell(attempt, provider)
        case Syslog():
            return log(attempt, provider)
        case Command():
            return run(attempt, provider)
