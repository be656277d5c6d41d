"""parley call export: one call as a file, for a judge or for a reader.

Without a word more it is the evidence of the call, to be checked by whoever trusts neither side (Spec §11).
With `--pdf` it is a paper: a copy that is read, filed and handed round, and the same bytes on both nodes.
"""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.actions import note_act
from parley.cli.call.case import find_call
from parley.cli.call.noun import verb
from parley.cli.exits import Exit
from parley.cli.exporting import Target, fresh, write_export
from parley.cli.looking import Link, bring_up_to_date, reading
from parley.cli.output import result
from parley.cli.persons import require_home
from parley.hotline.queries import dossier_of
from parley.hotline.views.showing.paper import paper_of
from parley.ledger.chosen import Choice
from parley.ledger.readers import OpenLink
from parley.ledger.reading import LinkRow, Reader
from parley.ui.paper.printing import printed
from parley.work import clock

Pdf = Annotated[
    bool, typer.Option("--pdf", help=_("A paper to read, in the language of --lang; proves nothing."))
]


@verb(_("Write one call into a file: its evidence, or a paper to read (--pdf)."), name="export")
def export(
    name: Annotated[
        str, typer.Argument(metavar="CALL", help=_("Its place (A-hot-3), its id, or the registry number."))
    ],
    file: Target,
    *,
    link: Link = None,
    pdf: Pdf = False,
) -> int:
    with reading() as reader:
        row, thread, _named, _call = find_call(reader, name, link=link)
        write = _write_paper if pdf else _write_evidence
        size = write(reader, row, file, thread=thread)
    note_act("evidence.exported", officer=None, subject=f"{row.name} {name}", now=clock.now())
    told = {"file": file, "bytes": size}
    result({"file": str(file), "bytes": size}, _("%(file)s: %(bytes)d bytes.") % told)
    return Exit.DONE


def _write_paper(reader: Reader, row: LinkRow, file: Path, *, thread: bytes) -> int:
    bring_up_to_date(reader)
    opened = OpenLink(row=row, terms=reader.terms(row.name))
    file_bytes = printed(paper_of(dossier_of(reader, opened, thread, now=clock.now())))
    with fresh(file) as out:
        return out.write(file_bytes)


def _write_evidence(reader: Reader, row: LinkRow, file: Path, *, thread: bytes) -> int:
    lane = reader.lane_of(row.name, thread)
    return write_export(require_home(), reader, lane, file=file, choice=Choice(thread=thread)).size
