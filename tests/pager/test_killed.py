"""A node that is killed in the middle of a ring, by the kernel and without a word."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT
from tests.pager.conftest import BY_SMS, Room, channels, smpp
from tests.pager.servers import Centre, running
from tests.pager.test_pager import wait_until

CHILD = """
import sys
from pathlib import Path
from parley.gates.pager.deliveries import Deliveries
from parley.gates.pager.pager import Pager
from parley.gates.pager.settings import parse
from tests.pager.conftest import BY_SMS, call
pager = Pager(parse(sys.argv[1], world="live"), Deliveries(Path(sys.argv[2])), ways=lambda _: (BY_SMS,))
pager.start()
pager.ring(call())
pager.wait("H-1/0", seconds=60)
"""


def test_after_a_kill_what_is_due_rings_at_once_and_what_was_taken_does_not_ring_twice(room: Room) -> None:
    silent, second = Centre(silent_at_submit=True), Centre()

    with running(silent.serve) as server, running(second.serve) as other:
        text = channels(sms="carrier") + smpp("carrier", server.port, seconds=60)
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, text, str(room.path)],
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            cwd=Path("/"),
        )
        wait_until(lambda: len(silent.got) == 1, seconds=30)
        child.send_signal(signal.SIGKILL)
        child.wait()

        text = channels(sms="carrier") + smpp("carrier", other.port)
        for _ in range(2):
            pager = room.pager(room.settings(text), ways=lambda _: (BY_SMS,))
            assert pager.wait("H-1/0", seconds=60)

    assert room.rows() == [("sms", "carrier", "unknown"), ("sms", "carrier", "accepted_by_carrier")]
    assert len(second.got) == 1
