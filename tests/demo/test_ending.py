"""How it ends: Ctrl-C leaves nothing behind, and a folder that is kept goes on, also after kill -9."""

import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.demo.shown import SECONDS, Shown, end, family, is_alive, started, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_ctrl_c_ends_every_process_and_deletes_the_folder(tmp_path: Path) -> None:
    with started(None, temp=tmp_path) as process:
        until(lambda: any(tmp_path.glob("parley-demo-*/place.json")))
        Shown(next(tmp_path.glob("parley-demo-*"))).ready()
        everybody = family(process.pid)

        code = end(process)

        assert len(everybody) >= 9
        assert code == 0, told(tmp_path)
        assert [pid for pid in everybody if is_alive(pid)] == []
        assert list(tmp_path.glob("parley-demo-*")) == []


def test_ctrl_c_while_the_nodes_are_being_made_leaves_nothing_either(tmp_path: Path) -> None:
    with started(None, temp=tmp_path) as process:
        until(lambda: any(tmp_path.glob("parley-demo-*/a/home/parley.toml")))
        everybody = family(process.pid)

        code = end(process)

        assert code == 0, told(tmp_path)
        assert [pid for pid in everybody if is_alive(pid)] == []
        assert list(tmp_path.glob("parley-demo-*")) == []


def test_a_folder_that_is_kept_goes_on_after_kill_9_at_the_same_addresses(tmp_path: Path) -> None:
    with started(tmp_path / "play", temp=tmp_path) as first:
        shown = Shown(tmp_path / "play")
        shown.ready()
        shown.watch("send")
        before = shown.now()
        everybody = [first.pid, *family(first.pid)]
        for pid in everybody:
            # Whose parent is gone may have ended by itself.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        first.wait()
    until(lambda: not any(is_alive(pid) for pid in everybody))

    with started(tmp_path / "play", temp=tmp_path) as second:
        again = Shown(tmp_path / "play")
        again.ready()
        after = again.now()
        again.watch("acknowledge")
        everybody = family(second.pid)

        assert end(second, number=signal.SIGTERM) == 0, told(tmp_path)
    assert [pid for pid in everybody if is_alive(pid)] == []
    assert again.port == shown.port
    assert after["addresses"] == before["addresses"]
    assert after["digits"] == before["digits"]
    assert (tmp_path / "play" / "place.json").exists()


def test_a_killed_host_comes_back_and_a_second_play_in_its_folder_is_refused(tmp_path: Path) -> None:
    with started(tmp_path / "play", temp=tmp_path) as process:
        shown = Shown(tmp_path / "play")
        shown.ready()
        (host,) = [pid for pid in family(process.pid) if _parent(pid) == process.pid]

        os.kill(host, signal.SIGKILL)
        until(lambda: not is_alive(host))
        shown.ready()
        with started(tmp_path / "play", temp=tmp_path) as second:
            assert second.wait(SECONDS) == 8
        everybody = family(process.pid)

        assert "[demo_plays_already]" in told(tmp_path)
        assert end(process, number=signal.SIGHUP) == 0, told(tmp_path)
    assert [pid for pid in everybody if is_alive(pid)] == []


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        with started(None, "--port", port, temp=tmp_path) as process:
            assert process.wait(SECONDS) == 8

    assert "[port_taken]" in told(tmp_path)


def told(temp: Path) -> str:
    return (temp / "told").read_text(encoding="utf-8")


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()[1])
