"""parley serve and parley status: run the node, and see in a moment whether it runs as it should."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.link import alarm_lines, link_json, link_state
from parley.cli.looking import broken_home, reading
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.persons import require_home
from parley.ledger.home import read_config
from parley.ledger.readers import side_name
from parley.ledger.reading import LinkRow, LinkStatus
from parley.node.logs import log_to_stderr
from parley.node.projector import watermark
from parley.node.start import die_with_parent
from parley.node.supervisor import serve as supervise
from parley.protocol.names import MAIN
from parley.work.home import Home, HomeError
from parley.work.lock import LockedError
from parley.work.sock import BrokenCoreError, CoreError, NoCoreError, call

PING_SECONDS = 5


def serve() -> int:
    # Under somebody who started it (the demonstration does), it ends with them; by hand, it stays.
    die_with_parent()
    home = require_home()
    log_to_stderr()
    try:
        config = read_config(home)
        advise(
            _("%(node)s: pages at http://%(pages)s/, partners at %(partner)s. Ctrl-C ends it.")
            % {"node": config.node, "pages": config.pages, "partner": config.partner}
        )
        code = supervise(home)
    except HomeError as error:
        raise broken_home(error) from error
    except LockedError as error:
        raise FaultError(
            "served_already",
            Exit.CONFLICT,
            what=_("This node is served already."),
            do=_("Look at: parley status."),
        ) from error
    return Exit.DONE if code == 0 else Exit.FAILED


def status() -> int:
    home = require_home()
    try:
        config = read_config(home)
    except HomeError as error:
        raise broken_home(error) from error
    runs = core_runs(home)
    lanes: list[tuple[LinkRow, LinkStatus]] = []
    late = 0
    if home.record.exists():
        with reading() as reader:
            lanes = [(row, at) for row in reader.lanes() if (at := reader.status(row.name)) is not None]
            late = reader.last_change() - (watermark() if home.view.exists() else 0)
    links = [(row, at) for row, at in lanes if row.lane == MAIN]
    odd = [line for row, at in lanes for line in alarm_lines(row, at)]
    code = Exit.DONE if runs and not odd else Exit.ATTENTION
    value: dict[str, JsonValue] = {
        "node": config.node,
        "world": config.world,
        "core_runs": runs,
        "changes_not_shown_yet": late,
        "links": [link_json(row, at) for row, at in links],
    }
    result(
        value,
        f"{config.node} ({config.world}): " + (_("runs") if runs else _("does not run: parley serve")),
        *(_link_line(row, at) for row, at in links),
        *([_("Lists lag behind the record by %(count)d changes.") % {"count": late}] if late else []),
        *odd,
        exit_code=code,
    )
    return code


def core_runs(home: Home) -> bool:
    """Return whether core answers at its socket."""
    try:
        call(home.core_socket, {"ask": "ping"}, seconds=PING_SECONDS)
    except (NoCoreError, BrokenCoreError, CoreError, OSError):
        return False
    return True


def _link_line(row: LinkRow, at: LinkStatus) -> str:
    waiting = ngettext(
        "%(count)d entry of ours has no receipt yet",
        "%(count)d entries of ours have no receipt yet",
        at.waiting,
    ) % {"count": at.waiting}
    said = _("%(link)s with %(side)s: %(state)s; ") % {
        "link": row.name,
        "side": side_name(row),
        "state": link_state(row),
    }
    return said + (waiting if at.waiting else _("all of ours is at their node"))
