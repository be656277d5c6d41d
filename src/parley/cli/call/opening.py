"""parley call open, open-principal: calling the other side's desk, or the office of a principal there."""

import uuid
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.call.faults import heard
from parley.cli.call.fields import FieldOptions, read_fields
from parley.cli.call.noun import call
from parley.cli.exits import Exit
from parley.cli.looking import Link, chosen_link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, result
from parley.cli.persons import As, SecretFile, acting_with_secret, require_home
from parley.cli.saying import Voice, tell
from parley.cli.thread import Ref
from parley.cli.together import signed, tell_saved, tell_signing
from parley.hotline import actions
from parley.hotline.actions import Calling
from parley.hotline.policy import usual_lane
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.typed import read_code
from parley.ledger.drafts import Appended
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Hand, Trial
from parley.links.queries.signing import Signing
from parley.protocol.clauses import Level
from parley.protocol.hotline.codes import Nature, nature_of
from parley.protocol.hotline.mark import SALT_BYTES
from parley.protocol.suite import Standard
from parley.protocol.terms import URGENCIES
from parley.work import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a call beside its five fields."""

    urgency: Annotated[
        str,
        typer.Option("--urgency", metavar="U0|U1|U2|U3", help=_("How fast; U0 rings up the ladder first.")),
    ]
    link: Link = None
    inquiry: Annotated[
        str | None,
        typer.Option(
            "--inquiry", metavar="INQUIRY", help=_("The inquiry that led to it: A-112, id, number.")
        ),
    ] = None
    scope: Annotated[
        str | None,
        typer.Option(
            "--scope", metavar="CODE", help=_("Without an inquiry: which agreed test of scope it passes.")
        ),
    ] = None
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="WORDS", help=_("What is said in words: 200 words, 400 characters.")),
    ] = None
    authority: Annotated[
        str | None, typer.Option("--authority", metavar="NAME", help=_("Which of our authorities calls."))
    ] = None
    ref: Ref = None


@call.command("open", help=_("Call the other side: their desk rings until a person takes it."))
@spread
def open_(opening: Opening, fields: FieldOptions, voice: Voice) -> int:
    with reading() as reader, heard():
        link = chosen_link(reader, opening.link)
        calling = _calling(reader, link, opening, fields=fields)
        said = actions.open_call(link.name, calling, by=voice.hand(require_home()))
        return tell(reader, link, said, wait=voice.wait)


@call.command(
    "open-principal", help=_("Call the office of a principal there; another of our persons signs too.")
)
@spread
def open_principal(
    opening: Opening,
    fields: FieldOptions,
    *,
    to: Annotated[str, typer.Option("--to", metavar="LEVEL", help=_("vice_minister or minister."))],
    officer: As,
    secret_file: SecretFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show exactly what would be said; write and send nothing."))
    ] = False,
) -> int:
    home = require_home()
    with reading() as reader, signed(), heard():
        link = chosen_link(reader, opening.link)
        level = read_code(to, Level)
        calling = _calling(reader, link, opening, fields=fields)
        person, secret = acting_with_secret(officer, secret_file=secret_file)
        hand = Hand(officer=person, key=uuid.uuid4().hex, now=clock.now(), door=Trial(home=home))
        if dry_run:
            act = actions.draft_principal(link.name, calling, to=level, by=hand).act().decode()
            result(
                {"would_say": act, "saved": False},
                _("Would say: %(act)s") % {"act": act},
                _("Nothing was written, and nothing was sent."),
            )
            return Exit.DONE
        said = actions.open_principal(home, link.name, calling, to=level, by=hand, secret=secret)
        if isinstance(said, Signing):
            return tell_signing(said)
        assert isinstance(said, Appended), "it destroys nothing"
        return tell_saved(reader, said)


def _calling(reader: Reader, link: LinkRow, opening: Opening, *, fields: FieldOptions) -> Calling:
    five = read_fields(fields, now=clock.now())
    if opening.urgency not in URGENCIES:
        raise FaultError(
            "not_read",
            Exit.NEEDS_A_PERSON,
            what=_("“%(text)s” cannot be read here.") % {"text": opening.urgency},
            do=_("There are: %(codes)s.") % {"codes": ", ".join(URGENCIES)},
        )
    inquiry = None
    if opening.inquiry is not None:
        _row, inquiry = find_statement(reader, opening.inquiry, link=link.name)
    _check_grounds(opening, is_real=nature_of(five.what) is Nature.REAL)
    return Calling(
        urgency=opening.urgency,
        fields=five,
        salt=Standard().dice(SALT_BYTES),
        inquiry=inquiry,
        scope=opening.scope,
        text=text_of(opening.text) if opening.text else None,
        authority=text_of(opening.authority) if opening.authority else None,
        ref=opening.ref,
        lane=usual_lane(reader.open_lanes(link.name)),
    )


def _check_grounds(opening: Opening, *, is_real: bool) -> None:
    """Check that a call which is meant arose from an inquiry or passes the test of scope, and only that one.

    Raises:
        FaultError: it has neither or both, or is about the line and has one.
    """
    grounds = [opening.inquiry, opening.scope].count(None)
    if grounds == (1 if is_real else 2):
        return
    raise FaultError(
        "grounds",
        Exit.NEEDS_A_PERSON,
        what=_("A call that is meant has one ground: the inquiry that led to it, or a test of scope.")
        if is_real
        else _("A call about the line itself, or a test, has no inquiry and no test of scope."),
        do=_("Give either --inquiry INQUIRY or --scope CODE.")
        if is_real
        else _("Leave out --inquiry and --scope."),
    )
