"""What the doctor says of how the record is kept: hashed anew, copied elsewhere, and restored in a drill."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.health import Found, Health
from parley.ledger.checks import BACKUP, DRILL, FSCK, checked_at
from parley.ledger.home import DEMO
from parley.ui import words
from parley.work import clock
from parley.work.home import Home, node_world

# One night may be missed, one weekly backup and one monthly drill may be late.
HASHED_SECONDS: Final = 2 * 86_400
BACKUP_SECONDS: Final = 8 * 86_400
DRILL_SECONDS: Final = 35 * 86_400


def hashed(home: Home) -> Iterator[Found]:
    """Tell when everything was hashed last, and whether it was whole."""
    what = _("hashed anew")
    at = checked_at(home, FSCK)
    if at is None:
        if home.record.exists() and node_world(home) != DEMO:
            yield Found(what=what, health=Health.WARN, said=_("never yet"), do="parley record fsck")
        return
    damaged = checked_at(home, FSCK, key="findings") or 0
    said = words.instant(at)
    if damaged:
        said = ngettext("%(count)d thing is damaged", "%(count)d things are damaged", damaged) % {
            "count": damaged
        }
        yield Found(what=what, health=Health.FAIL, said=said, do="parley record fsck")
    elif clock.now() - at > HASHED_SECONDS:
        yield Found(what=what, health=Health.WARN, said=said, do="parley record fsck")
    else:
        yield Found(what=what, health=Health.OK, said=said)


def backed_up(home: Home) -> Iterator[Found]:
    """Tell when a backup was last restored in a drill: nothing else shows that one restores."""
    if not home.record.exists() or node_world(home) == DEMO:
        return
    what, now = _("backup"), clock.now()
    made, drilled = checked_at(home, BACKUP), checked_at(home, DRILL)
    if made is None or now - made > BACKUP_SECONDS:
        said = _("never made") if made is None else _("last made %(time)s") % {"time": words.instant(made)}
        yield Found(what=what, health=Health.WARN, said=said, do="parley backup create FILE")
    if drilled is None:
        said = _("never restored in a drill")
        yield Found(what=what, health=Health.WARN, said=said, do="parley backup drill FILE --key KEY")
        return
    late = now - drilled > DRILL_SECONDS
    yield Found(
        what=what,
        health=Health.WARN if late else Health.OK,
        said=_("restored in a drill %(time)s") % {"time": words.instant(drilled)},
        do="parley backup drill FILE --key KEY" if late else "",
    )
