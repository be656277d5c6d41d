"""How gunicorn serves the pages: its configuration, read as ``python:parley.node.pages``.

One process with threads, since pages wait for SQLite and for core and not for the processor. Most
threads are for those who wait for news: `news.MAX_WAITING` of them at most, and so never all.
gunicorn starts its worker anew when that dies; `supervisor` starts gunicorn anew.
"""

import os
from typing import Final, Protocol

from parley.node.start import PARENT, die_with_parent


class Worker(Protocol):
    """What is asked of gunicorn's worker: whether it goes on serving."""

    alive: bool


ADDRESS: Final = "PARLEY_PAGES"
"""The environment variable that says where to listen, as host:port."""

wsgi_app = "parley.node.wsgi:application"
bind = os.environ.get(ADDRESS, "127.0.0.1:8401")
worker_class = "gthread"
workers = 1
threads = 64
timeout = 60
graceful_timeout = 5
keepalive = 30
umask = 0o077
# To stderr, and no line for each request: an address may name a case.
errorlog = "-"
accesslog = None
loglevel = "warning"
# It would be a door that nobody watches.
control_socket_disable = True


def on_starting(_server: object) -> None:
    """Let gunicorn die with the supervisor."""
    die_with_parent()
    os.environ[PARENT] = str(os.getpid())


def post_fork(_server: object, _worker: object) -> None:
    """Let the worker die with gunicorn, even if that is killed and cannot say so."""
    die_with_parent()


def post_worker_init(worker: Worker) -> None:
    """Send those home who wait for news, as soon as the worker is told to end."""
    # Only here, in the worker: Django's settings need a home, and gunicorn's own process has none to show.
    from parley.node.news import WATCH  # noqa: PLC0415

    WATCH.leave_when(lambda: not worker.alive)
