"""The nouns of the dialogue, to which the files beside this one add their verbs."""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from django.utils.translation import gettext as _


def _noun(shown: str) -> typer.Typer:
    return typer.Typer(help=shown, no_args_is_help=False, rich_markup_mode=None)


commitment = _noun(_("Commitments: proposed, agreed, reported on, fulfilled when both say so."))
concern = _noun(_("Concerns under a commitment: raised, answered, settled."))
round_ = _noun(_("Rounds of the dialogue: where, when, about what, and what was decided."))
outcome = _noun(_("The outcome list of a round: clause by clause, frozen by both, released by both."))

_Command = TypeVar("_Command", bound=Callable[..., Any])


def verb(noun: typer.Typer, shown: str, *, name: str | None = None) -> Callable[[_Command], _Command]:
    """Return what adds a command to `noun`; `shown` is its help.

    One statement id in 64 begins with a dash: it must not be taken for an option (`cli/inquiry/noun.py`).
    """
    return noun.command(name, help=shown, context_settings={"ignore_unknown_options": True})
