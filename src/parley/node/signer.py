"""The signer as a process: the keys, the anchor, and a counter at `signer.sock`.

`supervisor` starts it before core, and starts it again. It may be killed at any moment: what it
answered is in the anchor, and what it did not answer is asked again. Told to end, it goes on for
those who are connected until they hang up, since core is told to end at the same moment.
"""

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

from parley.node.logs import log_to_stderr
from parley.node.start import BAD_HOME, TRY_LATER, die_with_parent
from parley.protocol.suite import Standard
from parley.signer.counter import Counter
from parley.signer.desk import NoSignerError
from parley.signer.keys import KeysError
from parley.signer.opening import HomeDesk
from parley.work.home import Home, HomeError
from parley.work.lock import LockedError

LOCK_SECONDS: Final = 30
"""A command may be the signer for a moment; longer than this is no moment."""

_log = logging.getLogger("parley.node.signer")  # run with -m, its name would be __main__


def _serve(home: Home) -> None:
    desk = HomeDesk(home, suite=Standard(), wait_seconds=LOCK_SECONDS)
    counter = Counter(desk, home.signer_socket, uid=os.getuid())
    for lost in desk.lost():
        _log.error(
            "the anchor of %s is damaged; nothing is signed in it before officers confirm a head", lost
        )
    threading.Thread(target=_answer, args=(counter,), daemon=True).start()
    _log.info("the signer is up")
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    counter.stop()
    desk.close()


def _answer(counter: Counter) -> None:
    try:
        counter.serve()
    finally:
        # A signer that hears nobody is to be started again.
        os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """Be the signer of the home that `PARLEY_HOME` names, until SIGTERM, and return the exit code."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    die_with_parent()
    log_to_stderr()
    os.umask(0o077)
    try:
        _serve(Home(root=Path(os.environ["PARLEY_HOME"]).absolute()))
    except (HomeError, KeysError) as error:
        _log.critical("%s", error)
        return BAD_HOME
    except (LockedError, NoSignerError) as error:
        _log.critical("%s", error)
        return TRY_LATER
    return 0


if __name__ == "__main__":
    sys.exit(main())
