"""Brings the tables in Django's files to what this Parley expects: on `parley init`, and on a start."""

import os

from django.core.management import call_command
from django.db import connections
from django.db.transaction import atomic


def bring_up_to_date() -> None:
    """Make or migrate every table in `house.db` and `view.db`; safe to repeat, and to do twice at once.

    Each file changes whole or not at all, even if this is killed. The files are readable by
    their owner alone.
    """
    before = os.umask(0o077)
    try:
        for alias in connections:
            _migrate(alias)
    finally:
        os.umask(before)


def _migrate(alias: str) -> None:
    # By itself Django notes that a step is done after the step is written: killed in between, it
    # finds tables that it means to make, and never starts again. Inside one transaction the checks
    # of references cannot be put off, which changing a table needs, so they are put off before it.
    connection = connections[alias]
    connection.disable_constraint_checking()
    try:
        with atomic(using=alias):
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    finally:
        connection.enable_constraint_checking()
