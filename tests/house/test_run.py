"""./run makes its environment once, wherever the checkout lies, and hands over.

The lists are empty here, so nothing is fetched; what is tried is everything around the fetching.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ECHO = 'import sys; print("here:", *sys.argv[1:])\n'
UNREACHABLE = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0"}


@pytest.fixture(name="checkout")
def fixture_checkout(tmp_path: Path) -> Path:
    """A checkout with a space in its path, whose `parley` says what it was given."""
    return lay(tmp_path)


@pytest.fixture(name="laid", scope="module")
def fixture_laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose environment was made, and a copy of it, which no test changes."""
    checkout = lay(tmp_path_factory.mktemp("laid"))
    start(checkout, "parley")
    shutil.copytree(checkout, checkout.with_name("copy"), symlinks=True)
    return checkout


@pytest.fixture(name="made")
def fixture_made(laid: Path) -> Path:
    """A checkout at the place at which its environment was made."""
    shutil.rmtree(laid, ignore_errors=True)
    shutil.copytree(laid.with_name("copy"), laid, symlinks=True)
    return laid


def lay(folder: Path) -> Path:
    checkout = folder / "a checkout"
    for name in ("run", "tools/environment.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, checkout / name)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (checkout / name).write_text("# nothing\n")
    (checkout / "src/parley/cli").mkdir(parents=True)
    (checkout / "src/parley/cli/__main__.py").write_text(ECHO)
    return checkout


def start(checkout: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | more
    return subprocess.run(
        [checkout / "run", *words], env=environ, cwd="/", capture_output=True, text=True, check=False
    )


def told(folder: Path) -> dict[str, int]:
    """Return when each file of a folder was last written."""
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*") if path.suffix != ".pyc"}


def test_the_first_start_makes_the_environment_and_the_second_hands_over_at_once(checkout: Path) -> None:
    first = start(checkout, "parley", "a b", "--json")

    made = told(checkout / ".venv")
    second = start(checkout, "demo", "--headless")

    assert (first.returncode, first.stdout) == (0, "here: a b --json\n"), first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (0, "here: demo --headless\n", "")
    assert told(checkout / ".venv") == made, "something was made a second time"


def test_a_moved_checkout_makes_its_environment_anew(made: Path) -> None:
    moved = made.rename(made.with_name("elsewhere"))

    done = start(moved, "parley", "x")

    assert (done.returncode, done.stdout) == (0, "here: x\n")
    assert "Installing" in done.stderr
    assert str(moved) in (moved / ".venv/bin/pip").read_text()


def test_a_start_after_an_interrupted_one_begins_anew(made: Path) -> None:
    (made / ".venv/unfinished").touch()
    (made / ".venv/ready-requirements").unlink()
    stray = made / ".venv/half-installed"
    stray.touch()

    done = start(made, "parley", "x")

    assert (done.returncode, done.stdout) == (0, "here: x\n")
    assert not stray.exists()


def test_an_environment_whose_python_is_gone_is_made_anew(made: Path) -> None:
    python = made / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3")

    done = start(made, "parley", "x")

    assert (done.returncode, done.stdout) == (0, "here: x\n")


def test_a_new_list_is_installed_into_the_environment_that_is_there(made: Path) -> None:
    kept = made / ".venv/kept"
    kept.touch()
    (made / "requirements.lock").write_text("# another nothing\n")

    done = start(made, "parley", "x")

    assert (done.returncode, done.stdout) == (0, "here: x\n")
    assert "Installing" in done.stderr
    assert kept.exists()


def test_two_first_starts_at_once_make_one_environment(checkout: Path) -> None:
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    both = [
        subprocess.Popen([checkout / "run", "parley", name], env=environ, stdout=-1, stderr=-1, text=True)
        for name in ("one", "two")
    ]
    told = [each.communicate() for each in both]

    assert [each.returncode for each in both] == [0, 0], told
    assert [out for out, _err in told] == ["here: one\n", "here: two\n"]
    assert sum("Installing" in err for _out, err in told) == 1


def test_without_a_network_it_says_so_and_the_next_start_mends_it(checkout: Path) -> None:
    listed = checkout / "requirements.lock"
    listed.write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")

    failed = start(checkout, "parley", "x", **UNREACHABLE)
    listed.write_text("# nothing\n")
    done = start(checkout, "parley", "x")

    assert (failed.returncode, failed.stdout) == (1, "")
    assert "Look at the network and type the same command again" in failed.stderr
    assert (done.returncode, done.stdout) == (0, "here: x\n")


@pytest.mark.parametrize("words", [(), ("nothing",), ("--help",), ("check", "more"), ("test", "more")])
def test_what_it_does_not_know_is_answered_with_what_it_does(checkout: Path, words: tuple[str, ...]) -> None:
    done = start(checkout, *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: ./run COMMAND" in done.stderr
    assert not (checkout / ".venv").exists()


def test_without_python_it_prints_the_line_to_type(checkout: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "cat", "cksum"):
        (tools / name).symlink_to(shutil.which(name) or "")
    (tools / "id").write_text("#!/bin/sh\necho 1000\n")
    (tools / "id").chmod(0o755)

    done = start(checkout, "parley", PATH=str(tools))

    assert done.returncode == 2
    assert "  sudo apt-get install python3 python3-venv\n" in done.stderr
