"""parley share offer, confirm, withdraw, deliver, permit-release, refuse-release: the offerer's part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.enclosed import enclosed
from parley.cli.exits import Exit
from parley.cli.looking import Link, chosen_link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell
from parley.cli.share.about import InShare, heard, read_grade, statement
from parley.cli.share.noun import share, verb
from parley.cli.thread import Ref
from parley.inquiries.forms.letter import Text, text_of
from parley.inquiries.forms.typed import TypedError, read_code, read_codes, read_time
from parley.ledger.reading import Reader
from parley.links.actions.speaking import Said
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.codes import Class, Expects, Pap, Thing, Tlp, Withdrawing
from parley.sharing import actions
from parley.sharing.actions import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What is offered, as it is typed."""

    what: Annotated[
        str, typer.Option("--what", metavar="CODE", help=_("lead, victims, warning, indicators, notice."))
    ]
    count: Annotated[
        list[str],
        typer.Option("--count", metavar="THING=N", help=_("How many of what: ip=300. May be repeated.")),
    ]
    title: Annotated[str, typer.Option("--title", metavar="WORDS", help=_("What it is, in one line."))]
    enclose: Annotated[
        list[str],
        typer.Option(
            "--enclose", metavar="FILE", help=_("The content: sealed here, and not sent. May be repeated.")
        ),
    ]
    tlp: Annotated[
        str, typer.Option("--tlp", metavar="MARK", help=_("Who may read it: CLEAR, GREEN, AMBER, RED …"))
    ] = Tlp.AMBER.value
    pap: Annotated[
        str, typer.Option("--pap", metavar="MARK", help=_("What may be done with it: CLEAR to RED."))
    ] = Pap.AMBER.value
    expects: Annotated[
        str, typer.Option("--expects", metavar="CODE", help=_("nothing, consideration, action_at_once."))
    ] = Expects.CONSIDERATION.value
    condition: Annotated[
        list[str] | None,
        typer.Option("--condition", metavar="CODE", help=_("What is to be undertaken. May be repeated.")),
    ] = None
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help=_("When the offer lapses, such as +30d."))
    ] = None
    grade: Annotated[
        str | None,
        typer.Option("--grade", metavar="GRADE", help=_("Our own word on source and information: B2.")),
    ] = None
    about: Annotated[
        list[str] | None,
        typer.Option("--about", metavar="PLACE", help=_("What it belongs to. May be repeated.")),
    ] = None
    why: Annotated[str | None, typer.Option("--why", metavar="WORDS", help=_("Why it is offered."))] = None
    conditions: Annotated[
        str | None, typer.Option("--conditions", metavar="WORDS", help=_("The conditions in words."))
    ] = None
    ref: Ref = None

    def offer(self, reader: Reader, link: str, *, now: int) -> Offer:
        """Return what was typed as an offer.

        Raises:
            TypedError, FaultError: something cannot be read, or is not in the record.
        """
        about = [find_statement(reader, each, link=link)[1] for each in self.about or ()]
        return Offer(
            what=read_code(self.what, Class),
            counts=_read_counts(self.count),
            tlp=read_code(self.tlp, Tlp),
            pap=read_code(self.pap, Pap),
            expects=read_code(self.expects, Expects),
            title=text_of(self.title),
            conditions=read_codes(self.condition or (), Condition),
            until=None if self.until is None else read_time(self.until, now=now),
            grade=None if self.grade is None else read_grade(self.grade),
            about=tuple(dict.fromkeys(about)),
            why=_text(self.why),
            conditions_text=_text(self.conditions),
            ref=self.ref,
        )


def _text(words: str | None) -> Text | None:
    return text_of(words) if words else None


def _read_counts(texts: Sequence[str]) -> dict[Thing, int]:
    found: dict[Thing, int] = {}
    for text in texts:
        thing, _equals, number = text.partition("=")
        if not (number.isascii() and number.isdecimal()):
            raise TypedError("count", text, choices=("ip=300",))
        found[read_code(thing, Thing)] = int(number)
    return found


@share.command(help=_("Offer information unasked: its content is sealed here, and nothing of it is sent."))
@spread
def offer(offering: Offering, *, link: Link = None, voice: Voice) -> int:
    home = require_home()
    with reading() as reader, heard():
        row = chosen_link(reader, link)
        hand = voice.hand(home)
        what = offering.offer(reader, row.name, now=hand.now)
        with enclosed(home, row.name, offering.enclose) as files:
            said = actions.offer(home, row.name, what, files=files, by=hand)
        return tell(reader, row, said, wait=voice.wait)


@verb(_("Take the other conditions that they undertook; name that undertaking."))
@statement
def confirm(found: InShare) -> Said:
    return actions.confirm(found.on_named, by=found.hand, text=found.text)


@verb(_("Take an offer of ours back; what was sealed is destroyed."))
@statement
def withdraw(
    found: InShare,
    *,
    reason: Annotated[
        str,
        typer.Option("--reason", metavar="CODE", help=_("sent_in_error, wrong, outdated, source_at_risk.")),
    ],
) -> Said:
    _check_ours(found)
    code = read_code(reason, Withdrawing)
    return actions.withdraw(
        require_home(), found.share, found.lane, reason=code, by=found.hand, text=found.text
    )


@verb(_("Deliver the content of an offer of ours, under what was agreed."))
@statement
def deliver(found: InShare) -> Said:
    _check_ours(found)
    return actions.deliver(require_home(), found.share, found.lane, by=found.hand, text=found.text)


def _check_ours(found: InShare) -> None:
    if found.share.offerer != found.link.me:
        raise FaultError(
            "not_our_offer",
            Exit.REFUSED,
            what=_("This offer is theirs."),
            do=_("Look at: parley share show."),
        )


@verb(_("Say that it may be passed on, as the question that is named asks."), name="permit-release")
@statement
def permit_release(found: InShare) -> Said:
    return actions.permit_release(found.on_named, by=found.hand, text=found.text)


@verb(_("Say that it may not be passed on."), name="refuse-release")
@statement
def refuse_release(found: InShare) -> Said:
    return actions.refuse_release(found.on_named, by=found.hand, text=found.text)
