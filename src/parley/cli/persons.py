"""Whose act a command is: `--as NAME` and the secret, because a command alone proves no person.

Where a program asks with a token (`asked`), the token has shown whose it is. It opens no officer's key: what
a person signs can then be tried, and not said.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from parley.agencies.actions import WaitError, WrongSecretError, recognise_officer
from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow
from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.work import clock
from parley.work.home import Home

As = Annotated[str, typer.Option("--as", metavar="NAME", help=_("The officer whose act this is."))]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        "--secret-file", metavar="FILE", help=_("Where the secret stands; without it, it is asked for.")
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """For whom a program asks."""

    officer: OfficerRow
    is_trial: bool
    """Nothing is to be said, only tried."""
    is_repeated: bool
    """The same was asked before under the same key, and may have been said then."""


_bearer: ContextVar[Bearer | None] = ContextVar("bearer", default=None)


@contextmanager
def borne(bearer: Bearer) -> Iterator[None]:
    """Let every command until the end of the block be the act of the `bearer`."""
    before = _bearer.set(bearer)
    try:
        yield
    finally:
        _bearer.reset(before)


def is_repeated(key: str | None) -> bool:
    """Return whether what comes under `key` may have been said before: always, if a person names the key."""
    bearer = _bearer.get()
    return key is not None and (bearer is None or bearer.is_repeated)


def acting_officer(name: str, *, secret_file: Path | None) -> OfficerRow:
    """Return the officer `name`, who has shown the secret and may act for this node.

    Raises:
        FaultError: not that person, too many attempts, or a viewer.
    """
    bearer = _bearer.get()
    if bearer is not None:
        return _who_may_act(bearer.officer)
    return acting_with_secret(name, secret_file=secret_file)[0]


def acting_with_secret(
    name: str, *, secret_file: Path | None, option: str = "--secret-file"
) -> tuple[OfficerRow, str]:
    """Return the officer `name`, who may act for this node, and the secret, which opens his or her key.

    `option` is the one by which the file with the secret was to be named.

    Raises:
        FaultError: as `acting_officer`; or a token stands for the officer, and it is no trial.
    """
    require_home()
    bearer = _bearer.get()
    if bearer is not None:
        return _who_may_act(bearer.officer), _no_secret(bearer)
    secret = read_secret(secret_file, asked=_("Secret of %(name)s: ") % {"name": name}, option=option)
    try:
        officer = recognise_officer(name, secret=secret, now=clock.now())
    except WrongSecretError as error:
        raise FaultError(
            "wrong_secret",
            Exit.REFUSED,
            what=_("This name and this secret do not belong together."),
            do=_("Check both; after five wrong attempts the node makes you wait."),
        ) from error
    except WaitError as error:
        raise FaultError(
            "wait",
            Exit.REFUSED,
            what=_("There were too many wrong secrets for this name."),
            do=_("Wait %(seconds)d seconds, then try again.") % {"seconds": error.seconds},
        ) from error
    return _who_may_act(officer), secret


def _who_may_act(officer: OfficerRow) -> OfficerRow:
    if not may_act(officer.role):
        raise FaultError(
            "viewer",
            Exit.REFUSED,
            what=_("%(name)s may look, not act.") % {"name": officer.name},
            do=_("Ask an officer of this node to act."),
        )
    return officer


def _no_secret(bearer: Bearer) -> str:
    if not bearer.is_trial:
        raise FaultError(
            "persons_key",
            Exit.REFUSED,
            what=_("A person signs this with a key of his or her own; a token is no person."),
            safe=_("Nothing was signed, and nothing was said."),
            do=_("Try it with dry_run=true; then an officer says it on the page, or with parley."),
        )
    return ""


def read_secret(
    file: Path | None, *, twice: bool = False, asked: str = "", option: str = "--secret-file"
) -> str:
    """Return the secret from `file`, or from the person at the terminal (`twice`: it is a new one).

    `asked` are the words before which the person types it, `option` is the one that names the file.

    Raises:
        FaultError: the file cannot be read, there is no terminal, or the two differ.
    """
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").removesuffix("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise FaultError(
                "unreadable_file",
                Exit.NEEDS_A_PERSON,
                what=_("%(file)s cannot be read.") % {"file": file},
                do=_("Name a text file that holds the secret and nothing else."),
            ) from error
    if not sys.stdin.isatty():
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("The secret is missing, and there is no terminal to ask for it."),
            do=_("Add %(option)s FILE.") % {"option": option},
        )
    secret = getpass(asked or _("Secret: "))
    if twice and getpass(_("The same again: ")) != secret:
        raise FaultError(
            "secrets_differ",
            Exit.NEEDS_A_PERSON,
            what=_("The two secrets differ."),
            do=_("Start again."),
        )
    return secret


def require_home() -> Home:
    """Return the home of this node.

    Raises:
        FaultError: there is none yet.
    """
    home: Home = settings.HOME
    if not home.settings_file.exists():
        raise FaultError(
            "no_home",
            Exit.NOT_FOUND,
            what=_("There is no node in %(folder)s.") % {"folder": home.root},
            do=_("Make one with: parley init. Or name its folder with --home DIR."),
        )
    return home
