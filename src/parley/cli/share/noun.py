"""The noun `parley share`, to which the files beside this one add their verbs."""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from django.utils.translation import gettext as _

share = typer.Typer(
    help=_("Spontaneous information: offered, accepted or declined, delivered, evaluated."),
    no_args_is_help=False,
    rich_markup_mode=None,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def verb(shown: str, *, name: str | None = None) -> Callable[[_Command], _Command]:
    """Return what adds a command that takes an OFFER or a PLACE; `shown` is its help.

    One statement id in 64 begins with a dash: it must not be taken for an option (`cli/inquiry/noun.py`).
    """
    return share.command(name, help=shown, context_settings={"ignore_unknown_options": True})
