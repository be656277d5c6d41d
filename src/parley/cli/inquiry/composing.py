"""What an officer says about all rows together: for whom, why, what is wanted; and the inquiries from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.lanes import Lane
from parley.cli.output import FaultError
from parley.composer.forms import letters
from parley.inquiries.actions import Sending
from parley.inquiries.forms import compose, typed
from parley.inquiries.forms.letter import TLP
from parley.ledger.home import read_config
from parley.ledger.readers import side_name
from parley.ledger.reading import LinkRow, Reader
from parley.protocol.inquiries.codes import Want
from parley.protocol.terms import URGENCIES, Terms
from parley.ui import words

# The option that supplies what a letter must say, by its field.
_OPTIONS: Final = {
    "title": "--title",
    "purpose": "--purpose",
    "facts": "--facts",
    "legal_basis": "--legal-basis",
    "urgency_reason": "--urgency-reason",
    "target_brand": "--brand",
    "observed_at": "--observed-at",
    "questions": "--question",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is wanted of all rows."""

    item: Annotated[
        str,
        typer.Option(
            "--item", metavar="CODE", help=_("The agreed item of cooperation, such as fraud_phishing.")
        ),
    ]
    urgency: Annotated[str, typer.Option(metavar="U0|U1|U2|U3", help=_("How urgent; U3 is routine."))]
    want: Annotated[
        list[str],
        typer.Option(help=_("What is wanted: confirm, mitigate, preserve … With commas, or repeated.")),
    ]
    batch: Annotated[
        str | None, typer.Option(metavar="NUMBER", help=_("Our number for all that is sent together."))
    ] = None
    group: Annotated[
        compose.Grouping | None,
        typer.Option(help=_("Which rows become one inquiry: those of one bank, as a column says, or all.")),
    ] = None
    lane: Annotated[
        Lane | None,
        typer.Option(help=_("By which lane it goes; without it, by main, and more than 200 by bulk.")),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What every letter says."""

    purpose: Annotated[str | None, typer.Option(metavar="WORDS", help=_("What for."))] = None
    legal_basis: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help=_("Instrument and article. May be repeated."))
    ] = None
    facts: Annotated[str | None, typer.Option(metavar="WORDS", help=_("What happened, in short."))] = None
    title: Annotated[
        str | None, typer.Option(metavar="WORDS", help=_("One line; without it, one is made from the rows."))
    ] = None
    authority: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("Who asks; without it, the name of this node."))
    ] = None
    case: Annotated[str | None, typer.Option(metavar="NUMBER", help=_("The number of the case at home."))] = (
        None
    )
    tlp: Annotated[str, typer.Option(metavar="CODE", help=_("How far it may be passed on."))] = "AMBER"
    urgency_reason: Annotated[
        str | None, typer.Option(metavar="WORDS", help=_("Why it is urgent; needed for U0 to U2."))
    ] = None
    ref: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help=_("Our registry number; several inquiries get /1, /2 … behind it.")
        ),
    ] = None


def open_terms(reader: Reader, link: LinkRow, *, item: str) -> Terms:
    """Return the terms of the link, under which `item` is agreed.

    Raises:
        FaultError: the link is not open, or the item is not agreed.
    """
    terms = reader.terms(link.name)
    if terms is None:
        raise FaultError(
            "not_active",
            Exit.REFUSED,
            what=_("The link %(link)s is not open: both sides must sign the same opening.")
            % {"link": link.name},
            safe=_("Nothing was sent."),
            do=_("Look at: parley link status."),
        )
    if item not in terms.items:
        agreed = ", ".join(sorted(terms.items))
        raise FaultError(
            "outside_items",
            Exit.REFUSED,
            what=_("“%(item)s” is not an agreed item with %(side)s.")
            % {"item": item, "side": side_name(link)},
            safe=_("Nothing was sent."),
            do=_("Choose an agreed item: %(items)s.") % {"items": agreed},
        )
    return terms


def compose_all(
    rows: Sequence[compose.Row], asking: Asking, cover: Cover, *, terms: Terms
) -> tuple[Sending, ...]:
    """Return the inquiries that `rows` become.

    Raises:
        FaultError: there is no row, or something that the terms require is not said.
        TypedError: an option cannot be read.
    """
    if not rows:
        raise FaultError(
            "no_rows",
            Exit.NEEDS_A_PERSON,
            what=_("No row is ready."),
            safe=_("Nothing was sent."),
            do=_("Mend the rows, or name another file."),
        )
    _check(asking, cover)
    try:
        sendings = letters.compose_all(rows, _ask(asking), _cover(cover))
    except letters.RefError as error:
        raise FaultError(
            "ref_not_taken",
            Exit.NEEDS_A_PERSON,
            what=_("“%(ref)s” cannot be a registry number on the wire.") % {"ref": error.ref},
            safe=_("Nothing was sent."),
            do=_("Take at most %(count)d ASCII signs.") % {"count": letters.MAX_REF},
        ) from error
    _check_complete(sendings, terms, urgency=asking.urgency)
    return sendings


def _ask(asking: Asking) -> letters.Ask:
    return letters.Ask(
        item=asking.item,
        urgency=asking.urgency,
        wants=typed.read_codes(asking.want, Want),
        batch=asking.batch,
        grouping=asking.group,
    )


def _cover(cover: Cover) -> letters.Cover:
    return letters.Cover(
        authority=cover.authority or letters.own_name(read_config(settings.HOME)),
        purpose=cover.purpose,
        legal_basis=tuple(cover.legal_basis or ()),
        facts=cover.facts,
        title=cover.title,
        case=cover.case,
        tlp=cover.tlp,
        urgency_reason=cover.urgency_reason,
        ref=cover.ref,
    )


def _check(asking: Asking, cover: Cover) -> None:
    if asking.urgency not in URGENCIES:
        raise typed.TypedError("code", asking.urgency, choices=URGENCIES)
    if cover.tlp not in TLP:
        raise typed.TypedError("code", cover.tlp, choices=TLP)


def _check_complete(sendings: Sequence[Sending], terms: Terms, *, urgency: str) -> None:
    found = letters.missing_in(sendings, terms.required, urgency=urgency)
    if found:
        options = ", ".join(_OPTIONS.get(field, field) for field in found)
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("The letter does not say: %(fields)s.") % {"fields": words.labelled(found, words.FIELDS)},
            safe=_("Nothing was sent."),
            do=_("Add %(options)s.") % {"options": options},
        )
