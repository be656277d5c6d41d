"""The five fields as options: what happened, to what, where, when, and what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.hotline.forms.five import FiveFields
from parley.inquiries.forms.typed import read_code, read_codes, read_time
from parley.protocol.hotline.codes import Ask, Subject, What, Where
from parley.protocol.hotline.mark import canonical

NONE = Subject.NONE.value
MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOptions:
    """The five fields, as they are typed. What is left out is missing, or stays as it was."""

    what: Annotated[
        str | None, typer.Option("--what", metavar="CODE", help=_("WHAT happened: intrusion, phishing …"))
    ] = None
    object: Annotated[
        str | None,
        typer.Option("--object", metavar="KIND:VALUE", help=_("The OBJECT: ip:203.0.113.7, domain:…, none.")),
    ] = None
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="CODE", help=_("WHERE it is: A, B, both, elsewhere, unknown.")),
    ] = None
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help=_("Since WHEN it goes on, with its zone; or none.")),
    ] = None
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="TIME", help=_("By WHEN they are asked to act, with its zone; or none.")
        ),
    ] = None
    ask: Annotated[
        list[str] | None,
        typer.Option("--ask", metavar="CODE", help=_("What is ASKed, 1 to 4 of them. May be repeated.")),
    ] = None

    @property
    def is_empty(self) -> bool:
        """Return whether none of them was typed."""
        return not any((self.what, self.object, self.where, self.since, self.by, self.ask))


def read_fields(typed: FieldOptions, *, now: int) -> FiveFields:
    """Return the five fields, each of which was typed but for times, which may be unknown.

    Raises:
        TypedError, UnreadableError: one cannot be read. FaultError: one is missing.
    """
    missing = [name for name in ("what", "object", "where", "ask") if not getattr(typed, name)]
    if missing:
        raise _missing(missing)
    subject, named = _object(typed.object or "")
    return FiveFields(
        what=read_code(typed.what or "", What),
        subject=subject,
        object=named,
        where=read_code(typed.where or "", Where),
        since=_time(typed.since, now=now),
        by=_time(typed.by, now=now),
        ask=read_codes(typed.ask or (), Ask),
    )


def changed_fields(typed: FieldOptions, before: FiveFields, *, now: int) -> FiveFields:
    """Return the fields `before` with those that were typed.

    Raises:
        TypedError, UnreadableError: one cannot be read.
    """
    subject, named = (before.subject, before.object) if typed.object is None else _object(typed.object)
    return FiveFields(
        what=before.what if typed.what is None else read_code(typed.what, What),
        subject=subject,
        object=named,
        where=before.where if typed.where is None else read_code(typed.where, Where),
        since=before.since if typed.since is None else _time(typed.since, now=now),
        by=before.by if typed.by is None else _time(typed.by, now=now),
        ask=before.ask if typed.ask is None else read_codes(typed.ask, Ask),
    )


def _object(text: str) -> tuple[Subject, str]:
    kind, _colon, named = text.partition(":")
    subject = read_code(kind, Subject)
    if subject is Subject.NONE:
        return subject, ""
    # Its form is asked for here, so that whoever types hears of it before anything is composed.
    canonical(subject, named)
    return subject, named.strip()


def _time(text: str | None, *, now: int) -> int | None:
    """Return the instant, of whole minutes: nobody reads back a second."""
    if text is None or text.strip() == NONE:
        return None
    return read_time(text, now=now) // MINUTE_SECONDS * MINUTE_SECONDS


def _missing(names: Sequence[str]) -> FaultError:
    return FaultError(
        "missing_option",
        Exit.NEEDS_A_PERSON,
        what=_("Of the five fields are missing: %(names)s.") % {"names": ", ".join(names)},
        do=_("Add: %(options)s.") % {"options": " ".join(f"--{name} …" for name in names)},
    )
