"""Whoever was started in the background hears no Ctrl-C and no closed terminal, nor does what it starts."""

import signal


def hear_signals() -> None:
    """Let what is started from here on hear SIGINT and SIGHUP as it would at a terminal."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
