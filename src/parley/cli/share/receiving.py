"""parley share accept, undertake, decline, evaluate, result, clean, ask-release: the receiver's part."""

import uuid
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link, reading
from parley.cli.output import result as shown
from parley.cli.persons import As, SecretFile, acting_with_secret, require_home
from parley.cli.share.about import InShare, find_share, heard, read_grade, statement
from parley.cli.share.noun import verb
from parley.cli.thread import Words
from parley.cli.together import signed, tell_saved, tell_signing
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.typed import read_code, read_codes
from parley.ledger.drafts import Appended
from parley.links.actions.speaking import Hand, Said, Target, Trial
from parley.links.queries.signing import Signing
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.bodies import Cleaned
from parley.protocol.sharing.codes import Audience, Declining, Result
from parley.sharing import actions
from parley.work import clock


@verb(_("Accept an offer that sets no conditions."))
@statement
def accept(found: InShare) -> Said:
    return actions.accept(found.on, by=found.hand, text=found.text)


@verb(_("Undertake the conditions of an offer, or others; a person signs for them."))
def undertake(
    name: Annotated[str, typer.Argument(metavar="OFFER", help=_("Its place (A-3), its id, or the number."))],
    *,
    officer: As,
    secret_file: SecretFile = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition", metavar="CODE", help=_("Others than those of the offer. May be repeated.")
        ),
    ] = None,
    text: Words = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show exactly what would be said; write and send nothing."))
    ] = False,
    link: Link = None,
) -> int:
    home = require_home()
    with reading() as reader, signed(), heard():
        row, _named, share = find_share(reader, name, link=link)
        person, secret = acting_with_secret(officer, secret_file=secret_file)
        hand = Hand(officer=person, key=uuid.uuid4().hex, now=clock.now(), door=Trial(home=home))
        conditions = read_codes(condition or (), Condition) or share.offer.conditions
        on = Target(link=row.name, statement=share.id)
        draft = actions.draft_undertaken(on, conditions, by=hand, text=text_of(text) if text else None)
        if dry_run:
            act = draft.act().decode()
            shown(
                {"would_say": act, "saved": False},
                _("Would say: %(act)s") % {"act": act},
                _("Nothing was written, and nothing was sent."),
            )
            return Exit.DONE
        found = actions.say_undertaken(home, draft, by=hand, secret=secret)
        if isinstance(found, Signing):
            return tell_signing(found)
        assert isinstance(found, Appended), "it destroys nothing"
        return tell_saved(reader, found)


@verb(_("Decline an offer; what was sealed is then destroyed at the offerer."))
@statement
def decline(
    found: InShare,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="CODE", help=_("conditions, not_competent, no_need, own_law."))
    ],
) -> Said:
    return actions.decline(found.on, read_code(reason, Declining), by=found.hand, text=found.text)


@verb(_("Say what we hold of source and information of what was delivered."))
@statement
def evaluate(
    found: InShare,
    *,
    grade: Annotated[
        str, typer.Option("--grade", metavar="GRADE", help=_("Source A, B, C, X by information 1 to 4: B2."))
    ],
) -> Said:
    return actions.evaluate(found.on_delivery, read_grade(grade), by=found.hand, text=found.text)


@verb(_("Say what became of it at our side."))
@statement
def result(
    found: InShare,
    *,
    result: Annotated[
        str,
        typer.Option(
            "--result",
            metavar="CODE",
            help=_("used, measures_taken, case_opened, known_before, not_useful, wrong."),
        ),
    ],
) -> Said:
    return actions.notify_result(found.on_delivery, read_code(result, Result), by=found.hand, text=found.text)


@verb(_("Say how far the clean-up is of what a notice named."))
@statement
def clean(
    found: InShare,
    *,
    informed: Annotated[int, typer.Option("--informed", min=0, help=_("How many were informed."))] = 0,
    cleaned: Annotated[int, typer.Option("--cleaned", min=0, help=_("How many are cleaned."))] = 0,
    patched: Annotated[int, typer.Option("--patched", min=0, help=_("How many are patched."))] = 0,
    not_found: Annotated[int, typer.Option("--not-found", min=0, help=_("How many were not found."))] = 0,
) -> Said:
    counts = Cleaned(informed=informed, cleaned=cleaned, patched=patched, not_found=not_found)
    return actions.report_cleaned(found.on_delivery, counts, by=found.hand, text=found.text)


@verb(_("Ask whether what was delivered may be passed on."), name="ask-release")
@statement
def ask_release(
    found: InShare,
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="CODE", help=_("side, affected, providers, courts, third_party, public.")
        ),
    ],
) -> Said:
    return actions.ask_release(found.on_delivery, read_code(to, Audience), by=found.hand, text=found.text)
