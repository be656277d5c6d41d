"""Django's settings for one node. Everything that differs between nodes comes from the home (`parley.toml`).

`PARLEY_HOME` names the folder; without it, it is `~/.local/share/parley`.
"""

import os
from pathlib import Path
from typing import Any, Final

from parley.work.home import Home

PACKAGE: Final = Path(__file__).resolve().parent.parent

HOME: Final = Home(root=Path(os.environ.get("PARLEY_HOME") or Path.home() / ".local/share/parley").absolute())

INSTALLED_APPS = [
    "parley.agencies",
    "parley.inquiries",
]

# ---- Files. Each Django app lives in one database file; an app that is missing here cannot be used at all.
# `record.db` is not in the list: it is evidence, and core alone writes it, without Django.

DATABASE_OF_APP: Final = {
    "agencies": "default",
    "inquiries": "view",
}

# IMMEDIATE: a transaction that reads and then writes takes the write lock at its start; otherwise SQLite
# gives up at once when two of them meet, whatever the timeout. FULL: an answered write survives a power cut.
_SQLITE: Final[dict[str, Any]] = {
    "ENGINE": "django.db.backends.sqlite3",
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}
DATABASES = {
    "default": _SQLITE | {"NAME": HOME.house},
    "view": _SQLITE | {"NAME": HOME.view},
}
DATABASE_ROUTERS = ["parley.node.router.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- What is told from the record, in this order: the one arrow that points up the house, written down.

PROJECTIONS: Final = ("parley.inquiries.projection",)

# ---- People

AUTH_USER_MODEL = "agencies.Officer"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ---- Languages and time

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ---- Pages

ROOT_URLCONF = "parley.node.urls"
WSGI_APPLICATION = "parley.node.wsgi.application"
# Real host names come with the pages; until then a node answers this machine only.
ALLOWED_HOSTS = ["127.0.0.1", "[::1]", ".localhost"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",  # it alone looks at every request's host name
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "node" / "templates"],
    },
]
# No SECRET_KEY: nothing signs a cookie yet, and Django stops by itself as soon as something wants to.
