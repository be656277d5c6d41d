"""parley case report: the Status Report on all joint cases of a link, the same bytes on both nodes."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.cases.queries import CutError, StatusReport, status_report
from parley.cases.views.showing.paper import paper_of
from parley.cases.views.showing.telling import in_language
from parley.cli.case.noun import case
from parley.cli.exits import Exit
from parley.cli.exporting import fresh
from parley.cli.looking import Link, chosen_link, reading
from parley.cli.output import FaultError, Rows, result
from parley.inquiries.forms.typed import TypedError
from parley.ledger.casebook import Cut
from parley.ledger.reading import LinkRow
from parley.protocol.act import id_text
from parley.ui import casewords, words
from parley.ui.paper.printing import printed

_CUT: Final = re.compile(r"([0-9]{1,15})/([0-9]{1,15})")


@case.command(help=_("Show the Status Report on joint cases, and its digest; --out writes its bytes."))
def report(
    *,
    link: Link = None,
    cut: Annotated[
        str | None,
        typer.Option(
            "--cut", metavar="A/B", help=_("How many entries of A's log and of B's; else all that both hold.")
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Write the bytes of the report here."))
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help=_("Write a paper to read instead, in the language of --lang."))
    ] = False,
) -> int:
    with reading() as reader:
        row = chosen_link(reader, link)
        try:
            found = status_report(reader, row, cut=None if cut is None else _read_cut(row, cut))
        except (CutError, TypedError) as error:
            raise FaultError(
                "no_such_cut",
                Exit.NEEDS_A_PERSON,
                what=_("This node does not hold the record up to that cut."),
                do=_("Write it as A/B, such as 812/640, and no more than there is: parley link status."),
            ) from error
    if out is not None:
        with fresh(out) as file:
            file.write(printed(paper_of(found)) if pdf else found.bytes)
    result(
        {
            "link": row.name,
            "digest": found.digest,
            "cut": _cut_text(found),
            "held_by_both": found.is_held_by_both,
            "bytes": len(found.bytes),
            "file": None if out is None else str(out),
            "report": found.bytes.decode("ascii"),
        },
        Rows(titles=(_("Place"), _("Title"), _("State"), _("Findings"), _("Tasks")), rows=_rows(found)),
        _("Looked at: %(cut)s") % {"cut": _cut_text(found)},
        _("Digest, equal on both nodes for the same cut: %(digest)s") % {"digest": found.digest},
    )
    return Exit.DONE


def _read_cut(link: LinkRow, text: str) -> Cut:
    found = _CUT.fullmatch(text.strip())
    if found is None:
        raise TypedError("cut", text)
    first, second = sorted((link.me, link.peer))
    return {first: int(found[1]), second: int(found[2])}


def _cut_text(found: StatusReport) -> str:
    return "/".join(str(found.cut[node]) for node in sorted(found.cut))


def _rows(found: StatusReport) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            found.places[id_text(each.id)],
            in_language(found.titles[id_text(each.id)]),
            words.label(each.state.value, casewords.STATES),
            words.clauses(
                words.label(finding.current.standing.value, casewords.STANDINGS) for finding in each.findings
            ),
            words.clauses(words.label(task.state.value, casewords.TASKS) for task in each.tasks),
        )
        for each in found.cases
    )
