"""parley doctor: looks at everything that can be looked at, and says what to do about what is wrong.

It repairs nothing. Exit 0 if all is well, 10 if something needs a person.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.queries import first_broken_link, list_officers
from parley.cli.aged import aged
from parley.cli.exits import Exit
from parley.cli.health import Found, Health
from parley.cli.kept import backed_up, hashed
from parley.cli.output import Rows, result
from parley.cli.persons import require_home
from parley.cli.ringing import rung
from parley.cli.running import core_runs
from parley.ledger.digest import logs_of
from parley.ledger.home import own_calendar, own_card, read_config
from parley.ledger.keys import KeysError, read_keys
from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.standing import LinkFacts, SqlHeads
from parley.node.projector import watermark
from parley.protocol import card as cards
from parley.protocol.breach import BreachError
from parley.protocol.note import parse, read_checkpoint
from parley.protocol.suite import Standard
from parley.signer.client import DistantDesk
from parley.signer.desk import NoSignerError, SigningDesk
from parley.signer.place import Place, compare
from parley.ui import words
from parley.work import clock
from parley.work.home import Home, HomeError
from parley.work.sock import BrokenCoreError, CoreError, NoCoreError, call

# 2026-01-01: an earlier clock is certainly wrong.
EARLIEST: Final = 1_767_225_600
ENOUGH_BYTES: Final = 1 << 30
ASK_SECONDS: Final = 5


def doctor() -> int:
    home = require_home()
    found = list(_settings(home))
    if not _failed(found):
        # Without settings there is nothing that could be looked at.
        found += [each for look in _LOOKS for each in look(home)]
    failures = sum(each.health is Health.FAIL for each in found)
    warnings = sum(each.health is Health.WARN for each in found)
    code = Exit.ATTENTION if failures or warnings else Exit.DONE
    result(
        {
            "looks": [
                {"what": each.what, "health": each.health.value, "said": each.said, "do": each.do}
                for each in found
            ],
            "failures": failures,
            "warnings": warnings,
        },
        Rows(titles=("", _("What"), _("Found"), _("Do")), rows=tuple(_as_text(each) for each in found)),
        _("%(failures)s, %(warnings)s.")
        % {
            "failures": ngettext("%(count)d failure", "%(count)d failures", failures) % {"count": failures},
            "warnings": ngettext("%(count)d warning", "%(count)d warnings", warnings) % {"count": warnings},
        },
        exit_code=code,
    )
    return code


def _failed(found: Iterable[Found]) -> bool:
    return any(each.health is Health.FAIL for each in found)


def _as_text(found: Found) -> tuple[str, ...]:
    shown = {Health.OK: _("ok"), Health.WARN: _("WARN"), Health.FAIL: _("FAIL")}[found.health]
    return (shown, found.what, found.said, found.do)


def _settings(home: Home) -> Iterator[Found]:
    what = _("settings")
    try:
        config = read_config(home)
        own_calendar(home)
    except HomeError as error:
        yield Found(what=what, health=Health.FAIL, said=str(error), do=_("Mend parley.toml."))
        return
    yield Found(what=what, health=Health.OK, said=f"{config.node}, {config.world}")


def _folder(home: Home) -> Iterator[Found]:
    if home.root.stat().st_mode & 0o077:
        yield Found(
            what=_("folder"),
            health=Health.FAIL,
            said=_("others on this machine can look into %(folder)s") % {"folder": home.root},
            do=f"chmod 700 {home.root}",
        )


def _keys(home: Home) -> Iterator[Found]:
    what = _("keys")
    try:
        config = read_config(home)
        keys = read_keys(home.keys, config.node)
        signed = cards.parse(own_card(home))
        cards.check_first(signed, suite=Standard())
    except (HomeError, KeysError, BreachError) as error:
        yield Found(
            what=what, health=Health.FAIL, said=str(error), do=_("Restore keys/ and card from a backup.")
        )
        return
    fits = keys.holds(signed.card, Standard())
    said = _("card and keys fit") if fits else _("the card is not that of these keys")
    yield Found(what=what, health=Health.OK if fits else Health.FAIL, said=said)
    loose = [path.name for path in home.keys.iterdir() if path.stat().st_mode & 0o077]
    if loose:
        yield Found(
            what=what,
            health=Health.FAIL,
            said=_("others can read: %(files)s") % {"files": ", ".join(loose)},
            do=f"chmod 600 {home.keys}/*",
        )


def _clock(home: Home) -> Iterator[Found]:
    now = clock.now()
    newest = _newest(home)
    health, said, do = Health.OK, words.instant(now), ""
    if now < EARLIEST:
        health, said, do = Health.FAIL, words.instant(now), _("Set the clock of this machine.")
    elif now + 60 < newest:
        health = Health.WARN
        said = _("%(now)s, but the record goes to %(newest)s") % {
            "now": words.instant(now),
            "newest": words.instant(newest),
        }
        do = _("Check the clock of this machine, and theirs.")
    yield Found(what=_("clock"), health=health, said=said, do=do)


def _newest(home: Home) -> int:
    if not home.record.exists():
        return 0
    reader = Reader(home)
    try:
        (newest,) = reader.connection.execute("SELECT COALESCE(MAX(effective), 0) FROM tip").fetchone()
    finally:
        reader.close()
    return int(newest)


def _disk(home: Home) -> Iterator[Found]:
    free = shutil.disk_usage(home.root).free
    said = _("%(count)d MiB free") % {"count": free >> 20}
    if free < ENOUGH_BYTES:
        yield Found(
            what=_("disk"), health=Health.WARN, said=said, do=_("Make room; a full disk stops the node.")
        )
    else:
        yield Found(what=_("disk"), health=Health.OK, said=said)


def _officers(_home: Home) -> Iterator[Found]:
    count = sum(row.is_active for row in list_officers())
    said = ngettext("%(count)d person may work here", "%(count)d persons may work here", count) % {
        "count": count
    }
    if count:
        yield Found(what=_("people"), health=Health.OK, said=said)
    else:
        yield Found(what=_("people"), health=Health.WARN, said=said, do="parley officer add NAME")


def _journal(_home: Home) -> Iterator[Found]:
    broken = first_broken_link()
    if broken is None:
        yield Found(what=_("journal"), health=Health.OK, said=_("every row fits the one before"))
    else:
        yield Found(
            what=_("journal"),
            health=Health.FAIL,
            said=_("it does not hold from row %(row)d on: somebody changed it") % {"row": broken},
            do=_("Keep house.db as it is, and compare it with a backup."),
        )


def _record(home: Home) -> Iterator[Found]:
    what = _("record")
    if not home.record.exists():
        yield Found(what=what, health=Health.WARN, said=_("there is no link yet"), do="parley link add FILE")
        return
    try:
        reader = Reader(home)
    except (HomeError, KeysError, sqlite3.DatabaseError) as error:
        yield Found(what=what, health=Health.FAIL, said=str(error), do=_("Restore record.db from a backup."))
        return
    try:
        yield _integrity(reader)
        for lane in reader.lanes():
            yield from _proofs(reader, lane.name)
        yield _lag(home, reader)
    except sqlite3.DatabaseError as error:
        yield Found(what=what, health=Health.FAIL, said=str(error), do=_("Restore record.db from a backup."))
    finally:
        reader.close()


def _integrity(reader: Reader) -> Found:
    (answer,) = reader.connection.execute("PRAGMA quick_check").fetchone()
    health = Health.OK if answer == "ok" else Health.FAIL
    do = "" if answer == "ok" else _("Restore record.db from a backup.")
    return Found(what=_("record"), health=health, said=str(answer), do=do)


def _proofs(reader: Reader, link: str) -> Iterator[Found]:
    """Tell whether the entries that are held give the root of the newest head that was signed."""
    held = {root: size for size, root in logs_of(reader, link).values()}
    for note in reader.head_notes(link):
        if note is None:
            continue
        origin, size, root = read_checkpoint(parse(note).text)
        proves = held.get(root) == size
        said = (
            _("%(log)s: %(size)d entries, the head proves")
            if proves
            else _("%(log)s: the head does not prove")
        )
        yield Found(
            what=link,
            health=Health.OK if proves else Health.FAIL,
            said=said % {"log": origin.split("/", 1)[0], "size": size},
            do="" if proves else _("Stop, keep the files, and compare with a backup."),
        )
    at = reader.status(link)
    for alarm in at.alarms if at else ():
        yield Found(
            what=link,
            health=Health.WARN,
            said=_("%(code)s, %(count)d times")
            % {
                "code": words.label(alarm.code, words.ALARMS),
                "count": alarm.times,
            },
            do="parley link status",
        )
    if at and at.forks:
        yield Found(
            what=link,
            health=Health.FAIL,
            said=_("their node signed two different histories"),
            do=_("Tell the persons who hold the root keys."),
        )


def _lag(home: Home, reader: Reader) -> Found:
    late = reader.last_change() - (watermark() if home.view.exists() else 0)
    said = _("up to date") if not late else _("%(count)d changes behind") % {"count": late}
    return Found(what=_("views"), health=Health.OK, said=said)


def _core(home: Home) -> Iterator[Found]:
    if core_runs(home):
        yield Found(what=_("core"), health=Health.OK, said=_("runs"))
    else:
        yield Found(what=_("core"), health=Health.WARN, said=_("does not run"), do="parley serve")


def _signer(home: Home) -> Iterator[Found]:
    what = _("signer")
    desk = DistantDesk(home.signer_socket, patience_seconds=0)
    try:
        lost = desk.lost()
        yield Found(what=what, health=Health.OK, said=_("runs"))
        for origin in lost:
            yield Found(
                what=what,
                health=Health.FAIL,
                said=_("the anchor of %(log)s is damaged; nothing is signed in it") % {"log": origin},
                do="parley link recover LINK",
            )
        yield from _places(home, desk)
        yield from _unsigned(home)
    except NoSignerError:
        yield Found(what=what, health=Health.WARN, said=_("does not run"), do="parley serve")
    finally:
        desk.close()


def _places(home: Home, desk: SigningDesk) -> Iterator[Found]:
    """Tell for which links the record is not the one that was signed."""
    texts = {
        Place.BEHIND: _("the record lacks what was signed: it was restored from a copy"),
        Place.BRANCHED: _("the record holds something else than was signed"),
        Place.LOST: _("nothing says any more how far the record was signed"),
    }
    if not home.record.exists():
        return
    with closing(Reader(home)) as reader:
        for facts in read_facts(reader.connection, reader.node):
            place = _place(reader, facts, desk)
            if place in texts:
                do = f"parley link recover {facts.name}"
                yield Found(what=facts.name, health=Health.FAIL, said=texts[place], do=do)


def _place(reader: Reader, facts: LinkFacts, desk: SigningDesk) -> Place:
    epoch, heads = facts.line(facts.me).current, SqlHeads(reader.connection, facts)
    found = reader.connection.execute(
        "SELECT size FROM tip WHERE log = ?", (facts.logs[facts.me],)
    ).fetchone()
    size = max(found[0] - epoch.base, 0) if found else 0
    anchored = desk.anchor(epoch.origin)
    return compare(anchored, size=size, root_at=lambda at: heads.root_at(epoch.origin, at) or b"")


def _unsigned(home: Home) -> Iterator[Found]:
    """Tell for which links core has committed what the signer does not sign."""
    try:
        unsigned = call(home.core_socket, {"ask": "status"}, seconds=ASK_SECONDS).get("unsigned")
    except (NoCoreError, BrokenCoreError, CoreError):
        return
    for link, why in unsigned.items() if isinstance(unsigned, dict) else ():
        said = _("what was said is kept, and not signed: %(reason)s") % {"reason": why}
        yield Found(what=link, health=Health.FAIL, said=said, do="parley link recover LINK")


_LOOKS: Final[tuple[Callable[[Home], Iterator[Found]], ...]] = (
    _folder,
    _keys,
    aged,
    _clock,
    _disk,
    _officers,
    rung,
    _journal,
    _record,
    hashed,
    backed_up,
    _core,
    _signer,
)
