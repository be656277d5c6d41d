"""parley link sign: what was prepared or decided by one officer and waits for another."""

from collections.abc import Sequence
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.queries import list_officers
from parley.cli.exits import Exit
from parley.cli.looking import reading
from parley.cli.output import FaultError, Rows, result
from parley.cli.persons import SecretFile, require_home
from parley.cli.together import (
    Person,
    decision_as_json,
    signed,
    signing_as_json,
    tell_saved,
    tell_signing,
)
from parley.ledger.drafts import Appended
from parley.ledger.reading import Reader
from parley.links import actions
from parley.links.queries.deciding import Decision, decisions
from parley.links.queries.signing import Signing, signing, signings
from parley.protocol.erasing import ORDERED
from parley.ui import words
from parley.work import clock
from parley.work.home import Home


def sign(
    number: Annotated[
        int | None, typer.Argument(metavar="DRAFT", help=_("The number of what was prepared."))
    ] = None,
    *,
    officer: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help=_("The officer whose act this is."))
    ] = None,
    secret_file: SecretFile = None,
    put_away: Annotated[
        bool, typer.Option("--put-away", help=_("Sign nothing: put it away; nothing was said."))
    ] = False,
) -> int:
    home = require_home()
    with reading() as reader, signed():
        if number is None or officer is None:
            return _list(reader)
        by, secret = Person(officer=officer, secret_file=secret_file).by(f"sign-{number}")
        if put_away:
            _put_away(reader, number, by=by)
            result({"draft": number, "put_away": True}, _("Put away. Nothing was said."))
            return Exit.DONE
        return _sign(home, reader, number, by=by, secret=secret)


def _put_away(reader: Reader, number: int, *, by: actions.By) -> None:
    for link in reader.links():
        if any(each.number == number for each in decisions(link.name, now=by.now)):
            actions.put_decision_away(link.name, number, by=by)
            return
    actions.put_away(number, by=by)


def _sign(home: Home, reader: Reader, number: int, *, by: actions.By, secret: str) -> int:
    if signing(number).draft.kind == ORDERED:
        # Whoever destroys has typed what, and that it is for good.
        raise FaultError(
            "for_good",
            Exit.NEEDS_A_PERSON,
            what=_("This text asks that content be destroyed."),
            safe=_("Nothing was signed, and nothing was destroyed."),
            do=_("Give the command of the first officer: parley record erase PLACE… --for-good --as NAME"),
        )
    found = actions.sign_prepared(home, number, by=by, pen=actions.Pen(secret=secret))
    if isinstance(found, Signing):
        return tell_signing(found)
    assert isinstance(found, Appended), "it destroys nothing"
    return tell_saved(reader, found)


def _list(reader: Reader) -> int:
    names = [link.name for link in reader.links()]
    prepared = [each for name in names for each in signings(name)]
    decided = [each for name in names for each in decisions(name, now=clock.now())]
    titles = (_("Draft"), _("Link"), _("Kind"), _("Text"), _("Signed by"))
    value = [*(signing_as_json(each) for each in prepared), *(decision_as_json(each) for each in decided)]
    result({"waiting": value}, Rows(titles=titles, rows=_rows(prepared, decided)))
    return Exit.DONE


def _rows(prepared: Sequence[Signing], decided: Sequence[Decision]) -> tuple[tuple[str, ...], ...]:
    names = {each.number: each.name for each in list_officers()}
    return (
        *(
            (
                str(each.number),
                each.draft.link,
                words.label(each.draft.kind, words.KINDS),
                each.spoken,
                ", ".join(names.get(person, str(person)) for person in each.persons),
            )
            for each in prepared
        ),
        *(
            (
                str(each.number),
                each.decided.link,
                words.label(each.decided.deed.value, words.DEEDS),
                "",
                each.officer_name,
            )
            for each in decided
        ),
    )
