"""Sends every Django app to the one database file in which it lives (`DATABASE_OF_APP` in the settings)."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model


class Router:
    """Django's database router. A table without a home is a mistake in the settings, never a guess."""

    def db_for_read(self, model: type[Model], **_hints: object) -> str:
        return database_of(model._meta.app_label)

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **_hints: object) -> bool:
        return database_of(one._meta.app_label) == database_of(other._meta.app_label)

    def allow_migrate(self, database: str, app_label: str, **_hints: object) -> bool:
        return database_of(app_label) == database


def database_of(app_label: str) -> str:
    """Return the alias of the database in which the tables of `app_label` live.

    Raises:
        ImproperlyConfigured: the settings give the app no database.
    """
    table: dict[str, str] = settings.DATABASE_OF_APP
    if app_label not in table:
        raise ImproperlyConfigured(f"DATABASE_OF_APP names no database for the app {app_label!r}")
    return table[app_label]
