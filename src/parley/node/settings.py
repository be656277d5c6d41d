"""Django's settings for one node. Everything that differs between nodes comes from the home (`parley.toml`).

`PARLEY_HOME` names the folder; without it, it is `~/.local/share/parley`.
"""

import os
from pathlib import Path
from typing import Any, Final

from parley.node.hosts import cookie_name, hosts_of, is_secure, origins_of, secret_of
from parley.work.home import Home

PACKAGE: Final = Path(__file__).resolve().parent.parent

HOME: Final = Home(root=Path(os.environ.get("PARLEY_HOME") or Path.home() / ".local/share/parley").absolute())

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "parley.ui",
    "parley.agencies",
    "parley.watch",
    "parley.drafts",
    "parley.notes",
    "parley.links",
    "parley.guidelines",
    "parley.inquiries",
    "parley.hotline",
    "parley.review",
    "parley.sharing",
    "parley.cases",
    "parley.dialogue",
    "parley.search",
    "parley.today",
    "parley.composer",
    "parley.gates.api",
]

# ---- Files. Each Django app lives in one database file; an app that is missing here cannot be used at all.
# `record.db` is not in the list: it is evidence, and core alone writes it, without Django.

DATABASE_OF_APP: Final = {
    "sessions": "default",
    "agencies": "default",
    "watch": "default",
    "drafts": "default",
    "notes": "default",
    "gates": "default",
    "inquiries": "view",
    "hotline": "view",
    "review": "view",
    "sharing": "view",
    "cases": "view",
    "dialogue": "view",
    "search": "view",
    # These have pages or files, and no tables.
    "staticfiles": "default",
    "ui": "default",
    "links": "default",
    "guidelines": "default",
    "today": "default",
    "composer": "default",
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

PROJECTIONS: Final = (
    "parley.inquiries.projection",
    "parley.hotline.projection",
    "parley.review.projection",
    "parley.sharing.projection",
    "parley.cases.projection",
    "parley.dialogue.projection",
)
# These take their time, and have a watermark of their own: a list never waits for the index of words.
LATER_PROJECTIONS: Final = ("parley.search.projection",)

# ---- Who gives the commands that other tools of ours ask for (`gates/api`): the third arrow that points up.

API_COMMANDS: Final = "parley.cli.asked.Asked"

# ---- What a higher room shows on the page of a lower one (`ui/slots.py`), in this order.

SLOTS: Final = {
    "inquiry": (
        "parley.hotline.views.about.calls_of_inquiry",
        "parley.sharing.views.about.shares_of_inquiry",
        "parley.cases.views.about.cases_of_thread",
    ),
    "call": ("parley.cases.views.about.cases_of_thread",),
    "share": ("parley.cases.views.about.cases_of_thread",),
    "review": ("parley.dialogue.views.about.commitments_of_review",),
}

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

# Each process says by itself where its log goes (`node/logs.py`); Django would write e-mail.
LOGGING_CONFIG = None
ROOT_URLCONF = "parley.node.urls"
WSGI_APPLICATION = "parley.node.wsgi.application"
ALLOWED_HOSTS = hosts_of(HOME)
MIDDLEWARE = [
    "parley.ui.middleware.Headers",  # outermost: every answer carries them, errors too
    "parley.gates.api.middleware.Edge",  # before anything looks at a cookie
    "parley.ui.middleware.Bounds",  # before anything reads a form
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "parley.agencies.middleware.Languages",
    "django.middleware.csrf.CsrfViewMiddleware",
    "parley.agencies.middleware.People",  # after the check of the form's token: a kept text is one of ours
    "parley.node.news.Since",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "node" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "parley.node.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "parley.ui.templatetags.parley",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

STATIC_URL = "static/"
# One process serves the few files from where they lie; nothing is collected or built.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 30 * 86_400
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {"staticfiles": {"BACKEND": "parley.ui.files.Versioned"}}

# A paste of 5,000 rows and the words of a whole inquiry. `ui.middleware.Bounds` looks first.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1

SECRET_KEY = secret_of(HOME)
IS_SECURE: Final = is_secure(HOME)
SESSION_COOKIE_NAME = cookie_name(HOME, "session")
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = cookie_name(HOME, "form")
CSRF_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "parley.node.views.form_refused"
CSRF_TRUSTED_ORIGINS = origins_of(HOME)
LANGUAGE_COOKIE_NAME = cookie_name(HOME, "language")
