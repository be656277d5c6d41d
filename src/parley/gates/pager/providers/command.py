"""A program of the house: a modem's spool, a SIP gateway, whatever has a command.

    environment   PARLEY_TO, PARLEY_TEXT, PARLEY_ID, PATH, LANG; nothing else of this node's
    stdin         the text
    exit          0 taken · 75 not now, nothing was sent · anything else: refused

Address and text stand in no argument: these anybody on the machine can list. No shell reads them. At the
deadline the program is killed, with all that it started.
"""

import os
import signal
import subprocess
from typing import Final

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Command

NOT_NOW: Final = 75
_PATH: Final = "/usr/local/bin:/usr/bin:/bin"


def run(attempt: Attempt, command: Command) -> Answer:
    """Run the program and return what its exit says.

    Raises:
        OSError, GivenUpError: it did not end in time.
    """
    environ = {
        "PATH": os.environ.get("PATH", _PATH),
        "LANG": "C.UTF-8",
        "PARLEY_TO": attempt.to,
        "PARLEY_TEXT": attempt.invitation.text,
        "PARLEY_ID": attempt.reference,
    }
    attempt.commit()
    try:
        process = subprocess.Popen(  # noqa: S603 - the administrator's own program, and no shell
            command.command,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return Answer(outcome=Outcome.FAILED, said=f"it did not start: {error.strerror}")
    with process:
        attempt.hold(lambda: _kill(process))
        try:
            process.communicate(attempt.invitation.text.encode(), timeout=attempt.left())
        except subprocess.TimeoutExpired as error:
            _kill(process)
            raise TimeoutError("it did not end in time") from error
    said = f"exit {process.returncode}"
    outcomes = {0: Outcome.ACCEPTED, NOT_NOW: Outcome.FAILED}
    return Answer(outcome=outcomes.get(process.returncode, Outcome.REFUSED), said=said)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
