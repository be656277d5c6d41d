"""parley officer: who may look and act here. Work of the administrator, whom the machine itself let in."""

from typing import Annotated

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.agencies import actions, queries
from parley.agencies.policy import Role
from parley.cli.exits import Exit
from parley.cli.manner import LANGUAGES
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.cli.persons import SecretFile, read_secret, require_home
from parley.work import clock

officer = typer.Typer(help=_("The people of this node."), no_args_is_help=False, rich_markup_mode=None)

Name = Annotated[
    str, typer.Argument(help=_("What the officer is called here; the other side sees the number only."))
]


@officer.command(help=_("Give a person a name, a number and a secret."))
def add(
    name: Name,
    *,
    role: Annotated[
        Role, typer.Option(help=_("An officer acts for the node, a viewer looks."))
    ] = Role.OFFICER,
    language: Annotated[str, typer.Option(help=_("The person's language: en or zh."))] = "",
    secret_file: SecretFile = None,
) -> None:
    require_home()
    spoken = LANGUAGES.get(language) if language else get_language()
    if spoken is None:
        raise FaultError(
            "unknown_language",
            Exit.NEEDS_A_PERSON,
            what=_("“%(language)s” is not a language of this node.") % {"language": language},
            do=_("Take en or zh."),
        )
    secret = read_secret(secret_file, twice=True)
    try:
        row = actions.add_officer(name, role=role, language=spoken, secret=secret, now=clock.now())
    except actions.OfficerExistsError as error:
        raise FaultError(
            "officer_exists",
            Exit.CONFLICT,
            what=_("An officer is already called %(name)s.") % {"name": name},
            do=_("Take another name; a name is never given twice."),
        ) from error
    except actions.OfficerNameError as error:
        raise FaultError(
            "officer_name",
            Exit.NEEDS_A_PERSON,
            what=_("A name has 1 to 64 signs that print, and no space at its ends."),
            do=_("Write the name differently."),
        ) from error
    except actions.WeakSecretError as error:
        raise FaultError(
            "weak_secret", Exit.NEEDS_A_PERSON, what=" ".join(error.reasons), do=_("Take a longer secret.")
        ) from error
    result(
        {"officer": _as_json(row)},
        _("%(name)s is officer %(number)d.") % {"name": row.name, "number": row.number},
    )


@officer.command("list", help=_("Show everybody, also those who may no longer act."))
def list_all() -> None:
    require_home()
    rows = queries.list_officers()
    titles = (_("Number"), _("Name"), _("Role"), _("Language"), _("State"))
    result(
        {"officers": [_as_json(row) for row in rows]},
        Rows(titles=titles, rows=tuple(_as_text(row) for row in rows)),
    )


@officer.command(help=_("Take from a person the right to act and to look. The number is not given again."))
def disable(name: Name) -> None:
    require_home()
    try:
        row = actions.disable_officer(name, now=clock.now())
    except queries.UnknownOfficerError as error:
        raise FaultError(
            "unknown_officer",
            Exit.NOT_FOUND,
            what=_("Nobody here is called %(name)s.") % {"name": name},
            do=_("Look at: parley officer list."),
        ) from error
    result({"officer": _as_json(row)}, _("%(name)s may no longer act or look.") % {"name": row.name})


def _as_json(row: queries.OfficerRow) -> dict[str, JsonValue]:
    return {
        "number": row.number,
        "name": row.name,
        "role": row.role,
        "language": row.language,
        "active": row.is_active,
    }


def _as_text(row: queries.OfficerRow) -> tuple[str, ...]:
    role = {Role.OFFICER: _("officer"), Role.VIEWER: _("viewer")}[row.role]
    return (str(row.number), row.name, role, row.language, _("active") if row.is_active else _("disabled"))
