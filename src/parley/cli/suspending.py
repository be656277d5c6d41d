"""parley link suspend, resume: stopping and going on again, which several persons sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.together import Person, signed, tell_saved, tell_signing
from parley.inquiries.forms.typed import TypedError, read_code, read_time
from parley.ledger.drafts import Appended
from parley.ledger.reading import LinkRow, Reader
from parley.links import actions
from parley.links.forms import read_scope
from parley.links.queries.signing import Signing
from parley.links.queries.suspending import Suspension, in_force
from parley.protocol.strictjson import JsonValue as Json
from parley.protocol.suspension import Reason
from parley.ui import words
from parley.work import clock

SCOPES = ("link", "item:CODE", "forum:CODE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The options with what our side states, in both languages."""

    text: Annotated[str, typer.Option("--text", metavar="WORDS", help=_("What our side states, in English."))]
    text_zh: Annotated[str, typer.Option("--text-zh", metavar="WORDS", help=_("The same in Chinese."))]
    public: Annotated[bool, typer.Option("--public", help=_("The statement may be published."))] = False

    def words(self) -> actions.Words:
        """Return the statement."""
        return actions.Words(en=self.text, zh=self.text_zh, is_public=self.public)


@spread
def suspend(
    name: Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))],
    *,
    person: Person,
    statement: Statement,
    scope: Annotated[str, typer.Option("--scope", metavar="SCOPE", help=_("link, item:CODE or forum:CODE."))],
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help=_("Why, as a code."))],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help=_("Until when, announced; it ends nothing by itself.")),
    ] = None,
) -> int:
    home = require_home()
    with reading() as reader, signed():
        link = chosen_link(reader, name)
        stop = actions.Stop(
            scope=_read_scope(scope),
            reason=read_code(reason, Reason).value,
            until=None if until is None else read_time(until, now=clock.now()),
            words=statement.words(),
        )
        by, secret = person.by("suspend")
        return _tell(reader, actions.prepare_suspension(home, link.name, stop, by=by, secret=secret))


@spread
def resume(
    name: Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))],
    place: Annotated[
        str | None,
        typer.Argument(metavar="PLACE", help=_("The suspension to lift, if there are several: A-112.")),
    ] = None,
    *,
    person: Person,
    statement: Statement,
) -> int:
    home = require_home()
    with reading() as reader, signed():
        link = chosen_link(reader, name)
        lifted = _ours(in_force(reader, link), place)
        by, secret = person.by("resume")
        found = actions.prepare_resumption(
            home, link.name, lifted.statement, words=statement.words(), by=by, secret=secret
        )
        return _tell(reader, found)


def _read_scope(text: str) -> dict[str, Json]:
    found = read_scope(text)
    if found is None:
        raise TypedError("scope", text, choices=SCOPES)
    return found


def _ours(found: Sequence[Suspension], place: str | None) -> Suspension:
    ours = [each for each in found if each.is_ours]
    named = [each for each in ours if place is None or each.place == place.upper().replace("-", " ")]
    if len(named) == 1:
        return named[0]
    raise FaultError(
        "no_suspension" if not named else "several_statements",
        Exit.NOT_FOUND if not named else Exit.NEEDS_A_PERSON,
        what=_("No suspension of ours is in force under this name.")
        if not named
        else _("Several suspensions of ours are in force."),
        do=_("There are: %(places)s.") % {"places": ", ".join(each.place for each in ours) or "–"},
    )


def _tell(reader: Reader, found: Signing | actions.Said) -> int:
    if isinstance(found, Signing):
        return tell_signing(found)
    assert isinstance(found, Appended), "it destroys nothing"
    return tell_saved(reader, found)


def suspension_lines(reader: Reader, row: LinkRow) -> tuple[str, ...]:
    """Return what is suspended on a link, one sentence for each suspension in force."""
    return tuple(
        _("%(link)s: suspended by %(side)s since %(since)s (%(place)s, %(scope)s, %(reason)s)")
        % {
            "link": row.name,
            "side": row.my_letter if each.is_ours else row.their_letter,
            "since": words.instant(each.since),
            "place": each.place,
            "scope": each.scope,
            "reason": words.label(each.reason, words.SUSPENSION_REASONS),
        }
        for each in in_force(reader, row)
    )


__all__ = ["resume", "suspend", "suspension_lines"]
