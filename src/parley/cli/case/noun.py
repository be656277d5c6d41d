"""The noun `parley case`, to which the files beside this one add their verbs."""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from django.utils.translation import gettext as _

case = typer.Typer(
    help=_("Joint cases: proposed, joined, worked on by both, closed by both."),
    no_args_is_help=False,
    rich_markup_mode=None,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def verb(shown: str, *, name: str | None = None) -> Callable[[_Command], _Command]:
    """Return what adds a command that takes a CASE or a PLACE; `shown` is its help.

    One statement id in 64 begins with a dash: it must not be taken for an option (`cli/inquiry/noun.py`).
    """
    return case.command(name, help=shown, context_settings={"ignore_unknown_options": True})
