"""Where tables lie, and how they are made."""

import os
import sqlite3
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from parley.node.router import database_of
from tests.house.tree import SOURCE

MAKE = "import django; django.setup(); from parley.node.tables import bring_up_to_date as up; up(); up()"

# Dies where a step is noted, for the first time in a table of ours.
DIE = """
import os, django
django.setup()
from django.db import connection
from parley.node.tables import bring_up_to_date as up

def dying(execute, sql, params, many, context):
    if sql.startswith('INSERT INTO "django_migrations"') and "agencies" in params:
        os._exit(9)
    return execute(sql, params, many, context)

with connection.execute_wrapper(dying):
    up()
"""


def test_every_app_has_a_database() -> None:
    labels = {app.label for app in apps.get_app_configs()}

    assert {database_of(label) for label in labels} <= set(settings.DATABASES)
    assert labels == set(settings.DATABASE_OF_APP)


def test_an_app_without_a_database_is_a_mistake_not_a_guess() -> None:
    with pytest.raises(ImproperlyConfigured, match="'elsewhere'"):
        database_of("elsewhere")


@pytest.mark.django_db(databases=["default", "view"])
def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_sqlite_is_set_to_survive_a_power_cut_and_to_hold_its_references() -> None:
    with connection.cursor() as cursor:
        answers = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")]

    assert answers == [2, 1]


def test_a_new_home_gets_its_tables_readable_by_its_owner_alone(tmp_path: Path) -> None:
    environ = os.environ | {"PARLEY_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}

    subprocess.run([sys.executable, "-c", MAKE], env=environ, check=True)

    files = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert files == {"house.db": 0o600, "view.db": 0o600}
    tables = sqlite3.connect(tmp_path / "house.db").execute(
        "SELECT name FROM sqlite_master WHERE type='table'"
    )
    assert {("agencies_officer",), ("agencies_journalentry",)} <= set(tables)
    assert sqlite3.connect(tmp_path / "house.db").execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_was_killed_while_it_made_tables_makes_them_when_it_starts_again(tmp_path: Path) -> None:
    environ = os.environ | {"PARLEY_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}

    died = subprocess.run([sys.executable, "-c", DIE], env=environ, check=False).returncode
    again = subprocess.run([sys.executable, "-c", MAKE], env=environ, check=False).returncode

    assert (died, again) == (9, 0)


def test_every_projection_can_be_told_and_emptied() -> None:
    names = settings.PROJECTIONS + settings.LATER_PROJECTIONS
    modules = [import_module(name) for name in names]

    assert modules
    for module in modules:
        assert callable(module.project)
        assert callable(module.empty)
    there = [*SOURCE.glob("*/projection.py"), *SOURCE.glob("*/projection/__init__.py")]
    assert {path.relative_to(SOURCE).parts[0] for path in there} == {name.split(".")[1] for name in names}
