"""parley record fsck: hash everything anew, say in plain words what is damaged, and put it back."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.actions import note_act
from parley.cli.backup import KeyFile, opened_backup, read_key_file
from parley.cli.exits import Exit
from parley.cli.looking import broken_home, no_link
from parley.cli.output import FaultError, JsonValue, Rows, advise, result
from parley.cli.persons import require_home
from parley.cli.progress import Progressing, teller
from parley.ledger.append import LOCK_SECONDS
from parley.ledger.backup.restoring import copy_of_backup
from parley.ledger.fsck.check import Looking, Report, check_record
from parley.ledger.fsck.copies import Copy
from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.fsck.mending import mend
from parley.ledger.fsck.sources import from_parcels
from parley.ledger.keys import KeysError
from parley.ledger.lanes import link_of
from parley.ledger.ledger import BadParcelError
from parley.protocol.breach import BreachError
from parley.protocol.carried import MAGIC
from parley.protocol.suite import Standard
from parley.ui import words
from parley.work import clock
from parley.work.home import Home, HomeError
from parley.work.lock import LockedError, locked

MAX_SHOWN: Final = 50


def fsck(
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help=_("Put back what can be put back, then look again."))
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help=_("Another copy: what the partner carried out, or a backup.")
        ),
    ] = None,
    key: KeyFile = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=_("Go on where the last check was cut off, log by log."))
    ] = False,
    progress: Progressing = None,
) -> int:
    home = require_home()
    if not home.record.exists():
        raise no_link()
    looking = Looking(now=clock.now, resume=resume, tell=teller(progress))
    try:
        mended = _repair(home, source, key=key) if repair else None
        report = check_record(home, looking)
    except (HomeError, KeysError) as error:
        raise broken_home(error) from error
    if mended is not None:
        note_act("record.mended", officer=None, subject=str(mended), now=clock.now())
    return _tell(report, mended=mended)


def _repair(home: Home, source: Path | None, *, key: Path | None) -> int:
    try:
        with (
            locked(home.root / "core.lock", wait_seconds=LOCK_SECONDS, sleep=clock.sleep),
            _copy(home, source, key=key) as copy,
        ):
            return mend(home, copy)
    except LockedError as error:
        raise FaultError(
            "core_runs",
            Exit.CONFLICT,
            what=_("Core runs in this home, and nobody else may write the record meanwhile."),
            do=_("Stop parley serve, then try again."),
        ) from error


@contextmanager
def _copy(home: Home, source: Path | None, *, key: Path | None) -> Iterator[Copy]:
    if source is None:
        with closing(Copy()) as nothing:
            yield nothing
        return
    with opened_backup(source) as file:
        is_carried = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        copy = _carried(home, source, file) if is_carried else _backed_up(home, file, key=key)
    with closing(copy):
        yield copy


def _backed_up(home: Home, file: BinaryIO, *, key: Path | None) -> Copy:
    return copy_of_backup(home, file, read_key_file(key), suite=Standard())


def _carried(home: Home, source: Path, file: BinaryIO) -> Copy:
    try:
        return from_parcels(home, file)
    except (BadParcelError, BreachError) as error:
        raise FaultError(
            "not_parcels",
            Exit.NOT_PROVED,
            what=_("%(file)s is no whole file of parcels (%(why)s).") % {"file": source, "why": error},
            do=_("Ask the other side for: parley link carry out --all."),
        ) from error


def _tell(report: Report, *, mended: int | None) -> int:
    value: Mapping[str, JsonValue] = {
        "entries": report.entries,
        "whole": report.is_whole,
        "damaged": report.count,
        "whole_before": report.whole_before,
        "mended": mended,
        "orphans": report.orphans,
        "findings": [
            {"damage": each.damage.value, "link": link_of(each.link), "place": each.place, "said": each.said}
            for each in report.findings
        ],
    }
    back = [_("Put back: %(count)d.") % {"count": mended}] if mended is not None else []
    titles = (_("Link"), _("Place"), _("What is damaged"), _("What mends it"))
    rows = tuple(_as_text(each) for each in report.findings[:MAX_SHOWN])
    table: list[str | Rows] = [Rows(titles=titles, rows=rows)] if rows else []
    if report.orphans:
        table.append(_apart(report.orphans))
    if report.is_whole:
        result(value, *back, *table, _whole(report.entries))
        return Exit.DONE
    result(value, *back, *table, *_summary(report), exit_code=Exit.NOT_PROVED)
    advise(_("Nothing that is sound was touched. Keep the files, and see “What fsck says” in the handbook."))
    return Exit.NOT_PROVED


def _whole(entries: int) -> str:
    return ngettext(
        "%(count)d entry, and all that proves it, was hashed anew: everything is whole.",
        "%(count)d entries, and all that proves them, were hashed anew: everything is whole.",
        entries,
    ) % {"count": entries}


def _apart(orphans: int) -> str:
    return ngettext(
        "%(count)d statement is kept that is no part of a log any more: parley record orphans",
        "%(count)d statements are kept that are no part of a log any more: parley record orphans",
        orphans,
    ) % {"count": orphans}


def _summary(report: Report) -> Iterator[str]:
    yield ngettext("%(count)d thing is damaged.", "%(count)d things are damaged.", report.count) % {
        "count": report.count
    }
    if report.whole_before is None:
        yield _("Whether it ever was whole is not known: this is the first look.")
    else:
        yield _("It was whole at %(time)s; the damage came after that.") % {
            "time": words.instant(report.whole_before)
        }


def _as_text(finding: Finding) -> tuple[str, ...]:
    return (link_of(finding.link), finding.place, _word(finding.damage), _remedy(finding.damage))


def _word(damage: Damage) -> str:
    return {
        Damage.DATABASE: _("the file itself"),
        Damage.LINK: _("what is known of the link"),
        Damage.CARD: _("a card"),
        Damage.GAP: _("entries are missing"),
        Damage.ENTRY: _("the bytes of an entry"),
        Damage.LEAF: _("the kept hash of an entry"),
        Damage.WEIGHT: _("the kept size of an entry"),
        Damage.HEAD: _("a root, or an entry below it"),
        Damage.NOTE: _("the signature of a head"),
        Damage.RECEIPT: _("a receipt"),
        Damage.PROOF: _("the proof of a fork"),
        Damage.PART: _("content"),
        Damage.KEY: _("the key of content"),
        Damage.STRAY: _("content that no entry names"),
        Damage.FRONTIER: _("the end of the tree"),
        Damage.ROW: _("what was computed from an entry"),
        Damage.HINT: _("a note of our own that proves nothing"),
        Damage.FILE: _("a file in the vault"),
    }[damage]


def _remedy(damage: Damage) -> str:
    if damage.is_derived:
        return "parley record fsck --repair"
    if damage in {Damage.GAP, Damage.ENTRY, Damage.HEAD, Damage.PART, Damage.KEY}:
        return "parley record fsck --repair --from FILE"
    if damage is Damage.HINT:
        return _("nothing is needed")
    return _("restore from a backup")
