"""parley token: tokens of our officers, with which other tools of ours ask. Work of the administrator."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.queries import UnknownOfficerError, find_officer
from parley.cli.exits import Exit
from parley.cli.output import FaultError, JsonValue, Rows, advise, result
from parley.cli.persons import require_home
from parley.gates.api import actions, queries
from parley.gates.api.policy import MAX_DAYS, TOKEN_BYTES, USUAL_DAYS, Scope
from parley.protocol.suite import Standard
from parley.ui import words
from parley.work import clock

token = typer.Typer(
    help=_("Tokens, with which other tools of ours ask this node."),
    no_args_is_help=False,
    rich_markup_mode=None,
)


@token.command(help=_("Make a token of an officer for one tool; it is shown once."))
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("The officer whose acts they will be."))],
    *,
    label: Annotated[str, typer.Option("--label", metavar="WORDS", help=_("Which tool holds it."))],
    scope: Annotated[
        Scope,
        typer.Option("--scope", help=_("It reads; it drafts: tries, and lets files wait; or it acts too.")),
    ] = Scope.READ,
    days: Annotated[
        int, typer.Option("--days", min=1, max=MAX_DAYS, help=_("For so many days it holds."))
    ] = USUAL_DAYS,
    network: Annotated[
        str,
        typer.Option("--from", metavar="ADDRESS", help=_("The only address or network from which it holds.")),
    ] = "",
) -> int:
    require_home()
    wish = actions.Wish(label=label, scope=scope, days=days, network=network)
    dice = Standard().dice(TOKEN_BYTES)
    try:
        row, text = actions.add_token(find_officer(name), wish, dice=dice, now=clock.now())
    except UnknownOfficerError as error:
        raise FaultError(
            "unknown_officer",
            Exit.NOT_FOUND,
            what=_("Nobody here is called %(name)s.") % {"name": name},
            do=_("Look at: parley officer list."),
        ) from error
    except actions.TokenTermsError as error:
        raise _terms_fault(error.reason) from error
    result({"token": _as_json(row), "text": text}, text)
    advise(_("Give it to the tool now: it is shown this once, and kept nowhere."))
    return Exit.DONE


def _terms_fault(reason: str) -> FaultError:
    if reason == "viewer":
        return FaultError(
            "viewer",
            Exit.REFUSED,
            what=_("A viewer may look, not act."),
            do=_("Make a token that reads, or one of an officer."),
        )
    return FaultError(
        "token_terms",
        Exit.NEEDS_A_PERSON,
        what=_("No token can be made so: %(option)s.")
        % {"option": "--from" if reason == "network" else "--label"},
        do=_("A label has 1 to 64 signs that print; an address is one of IPv4 or IPv6, or a network."),
    )


@token.command("list", help=_("Show every token, also those that open nothing any more."))
def list_all() -> int:
    require_home()
    rows, now = queries.list_tokens(), clock.now()
    titles = (
        _("Number"),
        _("Officer"),
        _("Tool"),
        _("Scope"),
        _("From"),
        _("Ends"),
        _("Last used"),
        _("State"),
    )
    result(
        {"tokens": [{**_as_json(row), "is_good": row.is_good(now)} for row in rows]},
        Rows(titles=titles, rows=tuple(_as_text(row, now=now) for row in rows)),
    )
    return Exit.DONE


@token.command(help=_("Let a token open nothing from now on."))
def revoke(
    number: Annotated[
        int, typer.Argument(metavar="TOKEN", help=_("Its number, as parley token list shows it."))
    ],
) -> int:
    require_home()
    try:
        row = actions.revoke_token(number, now=clock.now())
    except actions.UnknownTokenError as error:
        raise FaultError(
            "unknown_token",
            Exit.NOT_FOUND,
            what=_("There is no token %(number)d.") % {"number": number},
            do=_("Look at: parley token list."),
        ) from error
    result({"token": _as_json(row)}, _("Token %(number)d opens nothing any more.") % {"number": row.number})
    return Exit.DONE


def _as_json(row: queries.TokenRow) -> dict[str, JsonValue]:
    return {
        "number": row.number,
        "officer": row.officer.name,
        "label": row.label,
        "scope": row.scope.value,
        "from": row.network,
        "made_at": row.made_at,
        "expires_at": row.expires_at,
        "used_at": row.used_at,
        "revoked_at": row.revoked_at,
    }


def _as_text(row: queries.TokenRow, *, now: int) -> tuple[str, ...]:
    return (
        str(row.number),
        row.officer.name,
        row.label,
        row.scope.value,
        row.network,
        words.instant(row.expires_at),
        words.instant(row.used_at) if row.used_at is not None else _("never"),
        _state(row, now=now),
    )


def _state(row: queries.TokenRow, *, now: int) -> str:
    if row.revoked_at is not None:
        return _("revoked")
    if now >= row.expires_at:
        return _("ended")
    return _("active") if row.officer.is_active else _("disabled")
