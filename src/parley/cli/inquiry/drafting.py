"""parley inquiry draft: what a table or a pasted text lists waits at home, until an officer sends it."""

import uuid
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.inquiry.noun import inquiry
from parley.cli.inquiry.sheets import sheet_fault
from parley.cli.looking import Link, bring_up_to_date, chosen_link, links_of, reading
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.cli.persons import As, SecretFile, acting_officer
from parley.composer.actions.beginning import begin
from parley.composer.actions.editing import take_in
from parley.composer.forms.intake import Source, read_upload
from parley.composer.queries.work import PURPOSE, choices_on
from parley.drafts.actions import Hand, LimitError
from parley.drafts.queries import DraftRow, find_draft, list_drafts
from parley.gates.table.translate import SheetError
from parley.ledger.readers import OpenLink
from parley.ui import words
from parley.work import clock


@inquiry.command(help=_("Let what a table or a pasted text lists wait as a draft; nothing is sent."))
def draft(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or text."))],
    *,
    officer: As,
    secret_file: SecretFile = None,
    link: Link = None,
) -> int:
    who, now = acting_officer(officer, secret_file=secret_file), clock.now()
    with reading() as reader:
        row = chosen_link(reader, link)
        opened = OpenLink(row=row, terms=reader.terms(row.name))
        bring_up_to_date(reader)
    by = Hand(officer=who.number, session=uuid.uuid4().hex, now=now)
    # Read before anything is begun: what cannot be read leaves no draft behind.
    source = _read(file, opened, now=now)
    number = begin(opened, by=by).number
    try:
        take_in(number, source, by=by)
    except SheetError as error:
        raise sheet_fault(error) from error
    except LimitError as error:
        raise FaultError(
            "draft_full",
            Exit.NEEDS_A_PERSON,
            what=_("That is more than a draft takes."),
            do=_("Send it in parts."),
        ) from error
    found = find_draft(number)
    count = ngettext("%(count)d row", "%(count)d rows", found.count) % {"count": found.count}
    result(
        _as_json(found),
        _("Draft %(number)d waits with %(rows)s. An officer looks at it and sends it: %(address)s")
        % {"number": number, "rows": count, "address": _address(found)},
    )
    return Exit.DONE


def _read(file: Path, link: OpenLink, *, now: int) -> Source:
    try:
        return read_upload(file.name, file.read_bytes(), choices_on(link, {}, (), now=now))
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("%(file)s cannot be read.") % {"file": file},
            do=_("Check the name of the file, then try again."),
        ) from error
    except SheetError as error:
        raise sheet_fault(error) from error


@inquiry.command(help=_("Show the drafts of inquiries that wait for an officer."))
def drafts(*, link: Link = None) -> int:
    with reading() as reader:
        names = [row.name for row in links_of(reader, link)]
    found = [each for name in names for each in list_drafts(name, purpose=PURPOSE)]
    titles = (_("Number"), _("Link"), _("Rows"), _("Saved by"), _("Saved at"))
    result(
        {"drafts": [_as_json(each) for each in found]},
        Rows(
            titles=titles,
            rows=tuple(
                (str(each.number), each.link, str(each.count), each.saved_by, words.instant(each.saved_at))
                for each in found
            ),
        ),
    )
    return Exit.DONE


def _as_json(row: DraftRow) -> dict[str, JsonValue]:
    return {
        "number": row.number,
        "link": row.link,
        "rows": row.count,
        "revision": row.revision,
        "created_at": row.created_at,
        "created_by": row.officer_name,
        "saved_at": row.saved_at,
        "saved_by": row.saved_by,
        "page": _address(row),
    }


def _address(row: DraftRow) -> str:
    return f"/l/{row.link}/drafts/{row.number}/"
