"""Brings the tables in Django's files to what this Parley expects: on `parley init`, and on a start."""

import os

from django.core.management import call_command
from django.db import connections


def bring_up_to_date() -> None:
    """Make or migrate every table in `house.db` and `view.db`; safe to repeat, and to do twice at once.

    The files are readable by their owner alone.
    """
    before = os.umask(0o077)
    try:
        for alias in connections:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    finally:
        os.umask(before)
