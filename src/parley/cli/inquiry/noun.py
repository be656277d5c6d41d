"""The noun `parley inquiry`, to which the files beside this one add their verbs."""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from django.utils.translation import gettext as _

inquiry = typer.Typer(
    help=_("Inquiries: what was asked, and what became of it."), no_args_is_help=False, rich_markup_mode=None
)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def verb(shown: str, *, name: str | None = None) -> Callable[[_Command], _Command]:
    """Return what adds a command that takes an INQUIRY; `shown` is its help.

    One statement id in 64 begins with a dash. It must not be taken for an option, so what is
    no option of the command counts as an argument; a misspelt option is then one too many.
    """
    return inquiry.command(name, help=shown, context_settings={"ignore_unknown_options": True})
