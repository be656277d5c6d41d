"""Having the record hashed anew now: core does it, in a process of its own (`node.nightly`)."""

from parley.agencies.actions import note_act
from parley.links.actions.opening import By
from parley.work.home import Home
from parley.work.sock import BrokenCoreError, CoreError, FrameError, NoCoreError, call

ASK_SECONDS = 3.0


def check_record(home: Home, link: str, *, by: By) -> bool:
    """Ask core to look at the record of `home` now; return whether it took that on.

    Pressed on the page of `link`, but what is looked at is the whole record.
    """
    try:
        call(home.core_socket, {"ask": "check_record"}, seconds=ASK_SECONDS)
    except (NoCoreError, BrokenCoreError, CoreError, FrameError, OSError):
        return False
    note_act("record.checked", officer=by.officer.number, subject=link, now=by.now)
    return True
