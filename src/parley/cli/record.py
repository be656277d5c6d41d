"""parley record: what both sides said, entry by entry; and whether all that is derived from it is right."""

from collections.abc import Mapping
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, links_of, reading
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.cli.persons import require_home
from parley.cli.retelling import Retelling, retell
from parley.ledger.append import LOCK_SECONDS
from parley.ledger.digest import digest
from parley.ledger.reading import EntryRow, Reader
from parley.ledger.rebuild import Comparison, rebuild
from parley.node.projector import projectors
from parley.protocol.act import id_text, short_id
from parley.ui import words
from parley.work import clock
from parley.work.lock import LockedError, locked

record = typer.Typer(
    help=_("The record: what both sides said, and its proofs."), no_args_is_help=False, rich_markup_mode=None
)

# A record that is wrong everywhere is not printed whole.
MAX_SHOWN: Final = 50


@record.command(help=_("Show the statements of a link, or of one inquiry, and one digest of it all."))
def show(
    *,
    link: Link = None,
    thread: Annotated[
        str | None, typer.Option("--thread", metavar="INQUIRY", help=_("Only what belongs to this inquiry."))
    ] = None,
    after: Annotated[
        int, typer.Option("--after", min=0, metavar="N", help=_("Leave out so many entries of each log."))
    ] = 0,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help=_("So many of each log at most."))
    ] = 1_000,
) -> int:
    with reading() as reader:
        if thread is not None:
            row, statement = find_statement(reader, thread, link=link)
            entry = reader.row(row.name, statement)
            root = entry.thread if entry and entry.thread else statement
            entries = {row.name: reader.rows(row.name, thread=root)}
        else:
            rows = links_of(reader, link)
            entries = {row.name: _all_lanes(reader, row.name, after=after, limit=limit) for row in rows}
        digests = {name: digest(reader, name) for name in entries}
    result(
        {
            "links": [
                {"name": name, "digest": digests[name].text, "entries": [_as_json(row) for row in found]}
                for name, found in entries.items()
            ]
        },
        Rows(
            titles=(_("Link"), _("Place"), _("When"), _("What"), _("Worth"), _("Inquiry"), _("Id")),
            rows=tuple(_as_text(name, row) for name, found in entries.items() for row in found),
        ),
        *(
            _("Digest of %(link)s: %(digest)s") % {"link": name, "digest": found.text}
            for name, found in digests.items()
        ),
    )
    return Exit.DONE


def _all_lanes(reader: Reader, link: str, *, after: int, limit: int) -> tuple[EntryRow, ...]:
    rows = [
        each for lane in reader.lane_names(link) for each in reader.rows(lane, after=after - 1, limit=limit)
    ]
    # Within a lane the order stays (Spec §6.4); between lanes there is none but that of the times.
    return tuple(sorted(rows, key=lambda row: row.effective))


def _as_text(link: str, row: EntryRow) -> tuple[str, ...]:
    return (
        link,
        row.place,
        words.instant(row.effective),
        words.label(row.kind, words.KINDS) if row.kind else _("could not be opened"),
        _worth(row),
        short_id(row.thread) if row.thread else "",
        short_id(row.statement),
    )


def _worth(row: EntryRow) -> str:
    if row.verdict.is_valid:
        return _("valid")
    reason = row.verdict.reason
    if reason is None:
        return words.label(row.verdict.text, words.KINDS)
    return _("void: %(reason)s") % {"reason": words.label(reason.value, words.VOIDS)}


def _as_json(row: EntryRow) -> Mapping[str, JsonValue]:
    act = row.act
    return {
        "place": row.place,
        "letter": row.letter,
        "lane": row.lane,
        "index": row.index,
        "statement": id_text(row.statement),
        "thread": id_text(row.thread) if row.thread else None,
        "kind": row.kind,
        "verdict": row.verdict.text,
        "remark": row.verdict.remark,
        "effective": row.effective,
        "received_at": row.received_at,
        "by": {"role": act.by.role, "n": act.by.n} if act else None,
        "ref": act.ref if act else None,
        "d": act.d if act else None,
    }


@record.command("rebuild", help=_("Compute everything anew that is derived from the evidence."))
def rebuild_all(
    *,
    compare: Annotated[
        bool, typer.Option("--compare", help=_("Only compare, row by row; leave everything as it is."))
    ] = False,
) -> int:
    home = require_home()
    try:
        with (
            locked(home.root / "core.lock", wait_seconds=LOCK_SECONDS, sleep=clock.sleep),
            reading() as reader,
        ):
            folded = rebuild(home, compare=compare)
            told = _retell(reader, compare=compare)
    except LockedError as error:
        raise FaultError(
            "core_runs",
            Exit.CONFLICT,
            what=_("Core runs in this home, and nobody else may fold meanwhile."),
            do=_("Stop parley serve, then try again."),
        ) from error
    if not compare:
        note_act("record.rebuilt", officer=None, subject="", now=clock.now())
    return _tell(folded, told, compare=compare)


def _retell(reader: Reader, *, compare: bool) -> Retelling:
    return retell(projectors(reader), keep=not compare)


def _tell(folded: Comparison, told: Retelling, *, compare: bool) -> int:
    differences = len(folded.differences) + len(told.differences)
    same = _("No row differs.")
    lines = [
        ngettext("%(count)d row of the record", "%(count)d rows of the record", folded.rows)
        % {"count": folded.rows},
        ngettext("%(count)d row of the views", "%(count)d rows of the views", told.rows)
        % {"count": told.rows},
        ngettext("%(count)d row differs.", "%(count)d rows differ.", differences) % {"count": differences}
        if differences
        else same,
    ]
    for each in (*folded.differences, *told.differences)[:MAX_SHOWN]:
        lines += [f"  {each.table} {each.key}", f"  - {each.kept}", f"  + {each.folded}"]
    code = Exit.NOT_PROVED if differences and compare else Exit.DONE
    result(
        {
            "record_rows": folded.rows,
            "view_rows": told.rows,
            "rebuilt": not compare,
            "differences": [
                {
                    "table": each.table,
                    "key": repr(each.key),
                    "kept": repr(each.kept),
                    "folded": repr(each.folded),
                }
                for each in (*folded.differences, *told.differences)
            ],
        },
        *lines,
        exit_code=code,
    )
    return code
