"""A core that answers each thing it is asked as a test wants, at the socket of a home."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from parley.protocol.strictjson import JsonObject, JsonSource
from parley.watch.beats import AlarmRow, Beat, Fallback, write_beat
from parley.watch.policy import Channel, WatchState
from parley.watch.policy.mute import Mute
from parley.work.home import Home
from parley.work.sock import LENGTH, read_body, read_length, write_frame

NOW = 1_795_342_800
PHONE = Fallback(channel=Channel.SMS, ending="17", proved_at=NOW - 3 * 86_400)


def alarm(**how: object) -> AlarmRow:
    """Return a call of A that nobody has taken, but for what `how` says."""
    plain: dict[str, object] = {
        "link": "a-b",
        "call": "A" * 43,
        "place": "A hot 1",
        "nature": "real",
        "urgency": "U0",
        "cause": "take",
        "rung": "duty_desk",
        "since": NOW - 42,
        "next_rung": "second_officer",
        "next_at": NOW + 18,
        "is_ours": False,
    }
    return AlarmRow(**plain | how)  # type: ignore[arg-type]  # whatever a test puts there


def says(
    *alarms: AlarmRow,
    watch: WatchState = WatchState.WATCHED,
    fallback: Fallback | None = PHONE,
    muted: Mute | None = None,
) -> dict[str, JsonSource]:
    """Return a beat with these calls that ring."""
    told = Beat(
        seq=812,
        now=NOW,
        world="demo",
        watch=watch,
        on_watch=None,
        fallback=fallback,
        alarms=alarms,
        more=0,
        muted=muted,
    )
    return dict(write_beat(told))


class Core:
    """What is listened to. `asked` is what it was asked, in order."""

    def __init__(self, answers: Mapping[str, Mapping[str, JsonSource]]) -> None:
        self.answers = dict(answers)
        self.asked: list[JsonObject] = []

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                line, _address = listening.accept()
            except OSError:
                return
            with line:
                request = read_body(line.recv(read_length(line.recv(LENGTH.size))))
                self.asked.append(request)
                answer = self.answers.get(str(request["ask"]))
                error: Mapping[str, JsonSource] = {"error": {"code": "blind", "reason": "no answer"}}
                line.sendall(write_frame(error if answer is None else {"answer": answer}))


@contextmanager
def core_that_answers(home: Home, **answers: Mapping[str, JsonSource]) -> Iterator[Core]:
    """Listen at the home's socket, and answer by what is asked; to anything else say no."""
    core = Core(answers)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(home.core_socket))
        listening.listen()
        threading.Thread(target=core.serve, args=(listening,), daemon=True).start()
        try:
            yield core
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            home.core_socket.unlink()
