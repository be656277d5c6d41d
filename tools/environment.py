"""Make .venv from a hash-locked list: called by ./run with the checkout, the list's name and its stamp.

It runs on the bare Python that ./run found, before anything is installed: standard library only. The
work is done under a lock that the system takes back when its holder dies, so two first starts at once
make one environment. The marker `unfinished` lies in the environment from the first change to the last,
so the start after a killed one sees it and begins anew.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

UNFINISHED: Final = "unfinished"
MADE_AT: Final = "made-at"


class SetupError(Exception):
    """What keeps the environment from being made, and what to do about it."""

    def __init__(self, text: str, *, exit_code: int) -> None:
        super().__init__(text)
        self.exit_code = exit_code


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def install_venv_module() -> None:
    """Install the part of Python that Debian packages apart, if it is missing.

    Raises:
        SetupError: it is missing and cannot be installed by this user.
    """
    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    apt_get = shutil.which("apt-get")
    if os.geteuid() != 0 or apt_get is None:
        raise SetupError(f"This Python lacks a part. Type:\n  sudo apt-get install {package}", exit_code=2)
    say(f"Installing {package} ...")
    apt = [apt_get, "-q"]
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], check=False, stdout=subprocess.DEVNULL, env=environ)
    words = [*apt, "install", "-y", "--no-install-recommends", package]
    if subprocess.run(words, check=False, stdout=subprocess.DEVNULL, env=environ).returncode != 0:
        raise SetupError(
            f"That failed. Look at the network, then type:\n  apt-get install {package}", exit_code=2
        )


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Hold the lock file `path`; the value is its descriptor, for children that write on if we die."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing .venv; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def belongs_here(folder: Path) -> bool:
    """Return whether `folder` was made whole, at this very path, by a Python that still runs."""
    if (folder / UNFINISHED).exists() or read(folder / MADE_AT) != str(folder):
        return False
    try:
        done = subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "--version"], check=False, capture_output=True
        )
    except OSError:
        return False
    return done.returncode == 0


def read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def make(folder: Path, *, lock: int) -> None:
    """Make an empty environment; what lay in `folder` goes.

    The link goes to the Python with its number (python3.11), so that a later release of the system's
    Python leaves a broken link, which ./run sees, and not a Python without packages.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    (folder / UNFINISHED).touch()
    python = Path(sys.executable).resolve()
    subprocess.run([python, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL, pass_fds=(lock,))
    (folder / MADE_AT).write_text(str(folder))


def install(folder: Path, listed: Path, *, lock: int) -> None:
    """Install what `listed` names, each file checked against its hash, nothing compiled.

    Raises:
        SetupError: the packages could not be fetched.
    """
    say("Installing packages into .venv; only this start takes so long ...")
    python = str(folder / "bin" / "python")
    words = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "--no-user"]
    words += ["--require-hashes", "--only-binary=:all:", "-r", str(listed)]
    if subprocess.run(words, check=False, pass_fds=(lock,)).returncode != 0:
        raise SetupError(
            "The packages could not be installed; pip says why above. Nothing of Parley was started and "
            "nothing outside .venv was changed. Look at the network and type the same command again.",
            exit_code=1,
        )


def prepare(home: Path, *, name: str, stamp: str) -> None:
    """Bring `.venv` in `home` to the list `name`, whatever state it is in."""
    folder, ready = home / ".venv", home / ".venv" / f"ready-{name}"
    with held(home / ".venv.lock") as lock:
        if read(ready) == stamp and belongs_here(folder):
            return
        if not belongs_here(folder):
            install_venv_module()
            make(folder, lock=lock)
        (folder / UNFINISHED).touch()
        for old in folder.glob("ready-*"):
            old.unlink()
        install(folder, home / f"{name}.lock", lock=lock)
        ready.write_text(stamp)
        (folder / UNFINISHED).unlink()


def main() -> int:
    home, name, stamp = sys.argv[1:]
    try:
        prepare(Path(home), name=name, stamp=stamp)
    except SetupError as error:
        say(str(error))
        return error.exit_code
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The environment could not be made: {error}. Nothing outside .venv was changed.")
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next start begins anew.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
