"""parley link: card out, card in, compare the digits, see how the link stands."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.looking import broken_home, chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, Rows, advise, result
from parley.cli.pairing import compare, read_groups
from parley.cli.persons import require_home
from parley.cli.saying import Voice, advise_waiting, understood
from parley.cli.suspending import suspension_lines
from parley.cli.their_desk import desk_json, desk_lines, their_desks
from parley.ledger.drafts import Appended
from parley.ledger.home import read_config
from parley.ledger.keys import KeysError
from parley.ledger.links import LeavesDemoError, LinkExistsError
from parley.ledger.offers import Offer, read_offer
from parley.ledger.readers import side_name
from parley.ledger.reading import LinkRow, LinkStatus, Reader
from parley.links.actions import By, add_link, note_differing_digits, open_link, own_offer, own_offer_bytes
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.protocol.names import MAIN
from parley.protocol.suite import Standard
from parley.ui import words
from parley.work import clock
from parley.work.home import HomeError

link = typer.Typer(
    help=_("Links: pairing with another node, and how a link stands."),
    no_args_is_help=False,
    rich_markup_mode=None,
)

Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help=_("Write it there; otherwise it is printed."))
]


@link.command(help=_("Make the offer that the other side loads: our card, name and calendar."))
def card(*, out: Out = None) -> int:
    home = require_home()
    try:
        raw = own_offer_bytes(home)
    except (HomeError, BreachError) as error:
        raise broken_home(error) from error
    if out is None:
        result({"offer": raw.decode()}, raw.decode().strip())
        return Exit.DONE
    try:
        _write_new(out, raw)
    except OSError as error:
        raise FaultError(
            "unwritable_file",
            Exit.FAILED,
            what=_("%(file)s cannot be written: %(why)s.") % {"file": out, "why": error.strerror},
            do=_("Name another file."),
        ) from error
    result(
        {"file": str(out), "bytes": len(raw)},
        _("Our offer is in %(file)s. It holds no secret.") % {"file": out},
    )
    advise(_("Hand it to the other side, by whatever way: the digits are compared before it is trusted."))
    return Exit.DONE


def _write_new(path: Path, raw: bytes) -> None:
    # Whole or not at all: half an offer would be read as a broken one, far away.
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(raw)
    os.replace(fresh, path)  # noqa: PTH105 - says what it does


@link.command(help=_("Load the other side's offer. Nothing is trusted before the digits are compared."))
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The offer of the other side."))],
    *,
    name: Annotated[
        str | None, typer.Option("--name", metavar="LINK", help=_("What the link is called, on both sides."))
    ] = None,
) -> int:
    home = require_home()
    theirs = _read_theirs(file)
    with understood():
        try:
            config = read_config(home)
            added = add_link(home, own_offer(home), theirs, world=config.world, name=name)
        except LinkExistsError as error:
            raise FaultError(
                "link_exists",
                Exit.CONFLICT,
                what=_("This cannot be a new link: %(why)s.") % {"why": error},
                do=_("Look at: parley link status."),
            ) from error
        except LeavesDemoError as error:
            raise FaultError(
                "leaves_demo",
                Exit.REFUSED,
                what=_("World demo stays on this computer, and %(url)s does not.") % {"url": error},
                do=_("Ask for an offer with a loopback address, or make nodes of another world."),
            ) from error
        except (HomeError, KeysError) as error:
            raise broken_home(error) from error
    note_act("link.added", officer=None, subject=f"{added} {theirs.node}", now=clock.now())
    with reading() as reader:
        row = chosen_link(reader, added)
    result(
        {"link": row.name, "peer": row.peer, "digits": list(row.digits)},
        _("This is what they say they are. Nothing is trusted yet."),
        _("Name: %(name)s (%(node)s)") % {"name": side_name(row), "node": row.peer},
        _("Reached at: %(url)s") % {"url": row.peer_url or _("nowhere; their node calls ours")},
        _("Link: %(link)s, world: %(world)s") % {"link": row.name, "world": row.world},
    )
    advise(_("Now compare the digits with them, by voice: parley link verify %(link)s") % {"link": row.name})
    return Exit.DONE


def _read_theirs(file: Path) -> Offer:
    try:
        return read_offer(file.read_bytes(), suite=Standard())
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("%(file)s cannot be read.") % {"file": file},
            do=_("Name the file that the other side made with: parley link card."),
        ) from error
    except BreachError as error:
        raise FaultError(
            "bad_offer",
            Exit.NOT_PROVED,
            what=_("%(file)s is not an offer (Spec §%(paragraph)s: %(reason)s).")
            % {"file": file, "paragraph": error.paragraph, "reason": error.reason},
            do=_("Ask the other side for the file once more."),
        ) from error


@link.command(help=_("Compare the digits with the other side; equal, and we sign the opening."))
@spread
def verify(
    name: Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))],
    *,
    voice: Voice,
    digits: Annotated[
        str | None,
        typer.Option(
            "--digits",
            metavar="FILE",
            help=_("The groups that the other side read out: all twelve, or the six of theirs; - is stdin."),
        ),
    ] = None,
) -> int:
    with reading() as reader, understood():
        row = chosen_link(reader, name)
        hand = voice.hand(require_home())
        given = None if digits is None else read_groups(digits)
        by = By(officer=hand.officer, key=hand.key, now=hand.now)
        if not compare(row.digits, is_first=row.my_letter == "A", given=given):
            note_differing_digits(row.name, by=by)
            raise FaultError(
                "digits_differ",
                Exit.NOT_PROVED,
                what=_("The digits differ: somebody may stand between the two nodes."),
                safe=_("Nothing was signed, and nothing is sent on this link."),
                do=_("Do not go on on this channel. Exchange the cards anew, in person."),
            )
        if voice.dry_run:
            result(
                {"link": row.name, "equal": True, "saved": False},
                _("The digits are equal. Nothing was signed."),
            )
            return Exit.DONE
        said = open_link(require_home(), row.name, theirs=reader.offer(row.name), by=by)
        _tell_opened(reader, row, said)
    return Exit.DONE


def _tell_opened(reader: Reader, row: LinkRow, said: Appended) -> None:
    now_open = chosen_link(reader, row.name).is_active
    result(
        {
            "link": row.name,
            "equal": True,
            "place": said.place,
            "statement": id_text(said.statement),
            "is_active": now_open,
        },
        _("All twelve groups are equal."),
        _("%(place)s saved: we open the link on the default terms.") % {"place": said.place},
        *([_("The link is open: both sides signed the same.")] if now_open else []),
    )
    if not now_open:
        advise(_("The link opens when their opening is here too, and is equal."))
        advise_waiting(1)


@link.command(
    help=_("Show how the links stand: what is at their node, whether their desk is watched, what was odd.")
)
def status(
    name: Annotated[str | None, typer.Argument(metavar="LINK", help=_("Only this one."))] = None,
) -> int:
    if not require_home().record.exists():
        result({"links": []}, _("This node has no link yet."))
        return Exit.DONE
    with reading() as reader:
        rows = reader.lanes() if name is None else reader.lanes(chosen_link(reader, name).name)
        found = [(row, reader.status(row.name)) for row in rows]
        whole = [row for row in rows if row.lane == MAIN]
        stopped = {row.name: suspension_lines(reader, row) for row in whole}
        desks = their_desks(reader, whole, now=clock.now())
    standings = [(row, at) for row, at in found if at is not None]
    forked = any(at.forks for _row, at in standings)
    code = Exit.NOT_PROVED if forked else Exit.DONE
    result(
        {
            "links": [
                {
                    **link_json(row, at),
                    "suspended": list(stopped[row.name]),
                    "their_desk": desk_json(desks.get(row.name)),
                    "lanes": [lane_json(lane, found) for lane, found in standings if lane.link == row.name],
                }
                for row, at in standings
                if row.lane == MAIN
            ]
        },
        Rows(titles=_titles(), rows=tuple(_as_text(row, at) for row, at in standings)),
        *(line for lines in stopped.values() for line in lines),
        *(line for desk in desks.values() for line in desk_lines(desk)),
        *(line for row, at in standings for line in alarm_lines(row, at)),
        exit_code=code,
    )
    return code


def _titles() -> tuple[str, ...]:
    return (
        _("Link"),
        _("Side"),
        _("State"),
        _("Ours"),
        _("At their node"),
        _("Theirs here"),
        _("Last heard"),
    )


def _as_text(row: LinkRow, at: LinkStatus) -> tuple[str, ...]:
    return (
        row.name,
        f"{side_name(row)} ({row.peer})" if row.lane == MAIN else "",
        link_state(row),
        str(at.my_size),
        str(at.my_receipted),
        str(at.their_size),
        words.instant(at.last_heard_at),
    )


def link_state(row: LinkRow) -> str:
    """Return in a word how far a link is."""
    if row.is_active:
        return _("open")
    return _("waits for the other opening") if row.verified_at is not None else _("digits not compared")


def alarm_lines(row: LinkRow, at: LinkStatus) -> tuple[str, ...]:
    """Return what was odd on a link. A fork is a proof; everything else accuses nobody."""
    lines = [
        ngettext(
            "%(link)s: %(code)s, %(count)d time (%(at)s)",
            "%(link)s: %(code)s, %(count)d times (last %(at)s)",
            each.times,
        )
        % {
            "link": row.name,
            "code": words.label(each.code, words.ALARMS),
            "count": each.times,
            "at": words.instant(each.last_at),
        }
        for each in at.alarms
    ]
    if at.forks:
        lines.append(
            _("%(link)s: their node signed two different histories. The proof is kept.") % {"link": row.name}
        )
    return tuple(lines)


def lane_json(row: LinkRow, at: LinkStatus) -> Mapping[str, JsonValue]:
    """Return how one lane of a link stands, for `--json`."""
    return {
        "lane": row.lane,
        "is_active": row.is_active,
        "my_size": at.my_size,
        "my_receipted": at.my_receipted,
        "waiting": at.waiting,
        "their_size": at.their_size,
        "last_heard_at": at.last_heard_at,
        "forks": at.forks,
    }


def link_json(row: LinkRow, at: LinkStatus) -> Mapping[str, JsonValue]:
    """Return a link for `--json`."""
    return {
        "name": row.name,
        "channel": row.channel,
        "world": row.world,
        "peer": row.peer,
        "peer_names": dict(row.peer_names),
        "peer_url": row.peer_url,
        "my_letter": row.my_letter,
        "digits": list(row.digits),
        "added_at": row.added_at,
        "verified_at": row.verified_at,
        "is_active": row.is_active,
        "my_size": at.my_size,
        "my_receipted": at.my_receipted,
        "my_receipted_at": at.my_receipted_at,
        "waiting": at.waiting,
        "their_size": at.their_size,
        "last_heard_at": at.last_heard_at,
        "forks": at.forks,
        "alarms": [
            {"code": each.code, "times": each.times, "first_at": each.first_at, "last_at": each.last_at}
            for each in at.alarms
        ],
    }
