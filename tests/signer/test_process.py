"""The signer as it runs: a process of its own, which alone reads the keys, and which may be killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from parley.ledger.digest import digest
from parley.ledger.reading import Reader
from parley.protocol.note import parse, read_checkpoint
from parley.protocol.strictjson import JsonObject
from parley.protocol.suite import Standard
from parley.signer.anchor import NAME_BYTES, SLOT_BYTES
from parley.signer.client import DistantDesk
from parley.signer.opening import HomeDesk, open_desk
from parley.work.home import Home
from parley.work.lock import LockedError
from parley.work.sock import BrokenCoreError, NoCoreError
from tests.node.served import Served, make_home, served, until
from tests.node.test_two_served import write
from tests.two_nodes.pair import LINK, WORLD, A, B

pytestmark = pytest.mark.slow


@dataclass
class Speaker:
    """A served node whose partner never comes: it opens the link again and again."""

    node: Served
    offers: dict[str, str]

    def says(self, draft: str) -> JsonObject:
        answer = self.node.ask(ask="sign_opening", link=LINK, draft=draft, **self.offers)
        match answer:
            case {"results": [dict(said)]}:
                return said
            case other:
                raise AssertionError(other)

    def answers(self) -> bool:
        with suppress(NoCoreError, BrokenCoreError):
            return bool(self.node.ask(ask="ping"))
        return False

    def kill(self, name: str) -> None:
        before = self.node.pids()[name]
        os.kill(before, signal.SIGKILL)
        until(lambda: self.node.pids()[name] != before)


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    home, other = make_home(tmp_path / "a", A), make_home(tmp_path / "b", B)
    with served(home) as node:
        offers = {"mine": write(home), "theirs": write(other)}
        node.ask(ask="add_link", world=WORLD, name=None, **offers)
        node.ask(ask="verify_link", link=LINK)
        yield Speaker(node=node, offers=offers)


def proved(speaker: Speaker) -> int:
    """Return the size of our newest head, which has the root of the entries; 0 if there is none yet."""
    with closing(Reader(speaker.node.home)) as reader:
        (note, _theirs) = reader.head_notes(LINK)
        if note is None:
            return 0
        _, size, root = read_checkpoint(parse(note).text)
        assert (size, root) in digest(reader, LINK).logs.values()
        return size


def test_a_killed_signer_loses_nothing_and_doubles_nothing(speaker: Speaker) -> None:
    with ThreadPoolExecutor(4) as threads:
        said = []
        for number in range(6):
            some = [threads.submit(speaker.says, f"{number}-{each}") for each in range(4)]
            speaker.kill("signer")
            said += [int(str(each.result()["index"])) for each in some]

    assert sorted(said) == list(range(24))
    assert proved(speaker) == 24
    assert speaker.node.ask(ask="status")["unsigned"] == {}


def test_the_keys_that_sign_are_read_by_the_signer_alone(speaker: Speaker) -> None:
    keys = speaker.node.home.keys
    for path in (*keys.glob("write-*"), *keys.glob("receipt-*")):
        path.rename(path.with_name(f"away-{path.name}"))

    speaker.kill("core")
    until(speaker.answers)

    assert speaker.says("one")["index"] == 0
    # After a start core waits ten seconds for a partner before it has anything signed (rule H15).
    until(lambda: proved(speaker) == 1)


def test_the_doctor_sees_the_signer_and_what_it_lost(speaker: Speaker) -> None:
    speaker.says("one")
    with closing(DistantDesk(speaker.node.home.signer_socket, patience_seconds=1)) as desk:
        (origin,) = [each for each in desk.origins() if "/main/" in each]
    assert [look for look in looks(speaker.node.home) if look[0] in {"signer", LINK}] == [
        (LINK, "ok", "a.example: 1 entries, the head proves"),
        ("signer", "ok", "runs"),
    ]
    path = speaker.node.home.anchor / "anchor"
    raw = bytearray(path.read_bytes())
    for slot in (NAME_BYTES, NAME_BYTES + SLOT_BYTES):
        raw[slot + 100] ^= 1
    path.write_bytes(raw)

    speaker.kill("signer")
    until(speaker.node.home.signer_socket.exists)

    said = f"the anchor of {origin} is damaged; nothing is signed in it"
    assert {
        ("signer", "fail", said),
        (LINK, "fail", "nothing says any more how far the record was signed"),
    } <= {*looks(speaker.node.home)}


def looks(home: Home) -> list[tuple[str, str, str]]:
    """Return what the doctor finds."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "parley.cli", "--home", str(home.root), "--json", "doctor"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
        text=True,
    )
    return [
        (look["what"], look["health"], look["said"]) for look in json.loads(done.stdout)["result"]["looks"]
    ]


def test_a_home_has_one_signer_and_a_command_asks_it(speaker: Speaker) -> None:
    with pytest.raises(LockedError):
        HomeDesk(speaker.node.home, suite=Standard(), wait_seconds=0)

    with closing(open_desk(speaker.node.home, suite=Standard())) as desk:
        assert isinstance(desk, DistantDesk)
        # One log of our own in each lane; of the partner's nothing came yet.
        assert [origin.split("/")[0] for origin in desk.origins()] == [A, A, A]
