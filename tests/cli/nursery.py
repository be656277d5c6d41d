"""Where processes of `parley lines` begin for tests: copies of one that has read most of the house already.

    python -P tests/cli/nursery.py FD     FD is one end of a socket pair; of each message one process is born

A message is the environment of the process as JSON, with two files: what it reads and what it writes. What
depends on a home or on its settings is read by each process for itself, as it would be without all this.
Secrets are hashed as in all tests (`tests/hashing.py`).
"""

import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
from importlib import import_module
from typing import Final

from django.conf import settings

import parley.ledger
import parley.protocol

FOREIGN: Final = (
    "asyncio",
    "csv",
    "django.contrib.messages",
    "django.contrib.sessions.middleware",
    "django.contrib.auth.hashers",
    "django.contrib.auth.password_validation",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms",
    "django.template.loader",
    "django.test.signals",
    "django.utils.translation.trans_real",
    "django.shortcuts",
    "django.views.generic",
    "getpass",
    "importlib.metadata",
    "pydantic.main",
    "pydantic.type_adapter",
    "rich.console",
    "rich.table",
    "typer",
    "typst",
    "zipfile",
    "zoneinfo",
)
MOST: Final = 1024 * 1024


def read_ahead() -> None:
    """Read what no setting changes."""
    for name in FOREIGN:
        import_module(name)
    for room in (parley.protocol, parley.ledger):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            import_module(found.name)


def become(environ: dict[str, str], files: list[int]) -> None:
    """Become `parley lines` with this environment, reading and writing these files."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environ)
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.node.settings"
    settings.PASSWORD_HASHERS = ["tests.hashing.Cheap"]
    sys.argv = ["parley", "lines"]
    runpy.run_module("parley.cli", run_name="__main__", alter_sys=True)


def main() -> None:
    """Bear a process for each message, until nobody can send one any more."""
    read_ahead()
    # Nobody here asks how one of them ended: whoever typed sees it in what it wrote.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[1])) as door:
        while True:
            raw, files, _, _ = socket.recv_fds(door, MOST, 2)
            if not raw:
                return
            if os.fork() == 0:
                door.close()
                become(json.loads(raw), files)
                return
            for file in files:
                os.close(file)


if __name__ == "__main__":
    main()
