"""What the processes of a node agree on before they talk: addresses, exit codes, and who dies with whom."""

import ctypes
import os
import signal
import sys
from typing import Final

from parley.work.home import HomeError

BAD_HOME: Final = 78
"""Exit code (EX_CONFIG): only a person can put it right, so there is no use in starting again."""
TRY_LATER: Final = 75
"""Exit code (EX_TEMPFAIL): another process holds the home, or its address."""

PARENT: Final = "PARLEY_PARENT"
"""The environment variable in which a process tells its children its own id."""

_PR_SET_PDEATHSIG: Final = 1


def address_of(text: str) -> tuple[str, int]:
    """Return host and port of an address such as ``127.0.0.1:8441`` or ``[::1]:8441``.

    Raises:
        HomeError: it is none.
    """
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise HomeError(f"expected host:port, found {text!r}")
    return host.strip("[]"), int(port)


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent is gone; end at once if it is gone already.

    To be called first thing in a process that may not live alone. Without `PARENT` in the
    environment it was started by hand, and is left alone.
    """
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if parent != str(os.getppid()):
        sys.exit(0)
