"""The noun `parley call`, to which the files beside this one add their verbs."""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from django.utils.translation import gettext as _

call = typer.Typer(
    help=_("Calls on the hotline: opened, taken, read back, talked out, closed by both."),
    no_args_is_help=False,
    rich_markup_mode=None,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def verb(shown: str, *, name: str | None = None) -> Callable[[_Command], _Command]:
    """Return what adds a command that takes a CALL; `shown` is its help.

    One statement id in 64 begins with a dash: it must not be taken for an option (`cli/inquiry/noun.py`).
    """
    return call.command(name, help=shown, context_settings={"ignore_unknown_options": True})
