"""parley init: a new node, with keys of its own. Asks what it must know, or takes it as options."""

import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.options import spread
from parley.cli.output import FaultError, advise, result
from parley.gates.peer.tls import key_hash
from parley.gates.table.translate import read_zone
from parley.ledger.home import Config, check_config, create_home
from parley.ledger.keys import KeysError
from parley.node.start import address_of
from parley.node.tables import bring_up_to_date
from parley.protocol.breach import BreachError
from parley.protocol.card import MAX_THRESHOLD
from parley.protocol.officetime import default_calendar, read_calendar
from parley.protocol.strictjson import JsonValue, read
from parley.protocol.suite import Standard
from parley.work import clock
from parley.work.home import Home, HomeError

LIVE: Final = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who the node is. What is missing is asked for where there is a terminal."""

    node: Annotated[
        str | None, typer.Option("--node", metavar="NAME", help=_("The node's name, such as a.example."))
    ] = None
    name_en: Annotated[
        str | None, typer.Option("--name-en", metavar="NAME", help=_("What this side is called, in English."))
    ] = None
    name_zh: Annotated[
        str | None, typer.Option("--name-zh", metavar="NAME", help=_("What this side is called, in Chinese."))
    ] = None
    world: Annotated[
        str, typer.Option("--world", metavar="WORLD", help=_("live, or demo for this computer alone."))
    ] = LIVE
    persons: Annotated[
        int, typer.Option("--persons", min=1, max=MAX_THRESHOLD, help=_("How many persons hold a root key."))
    ] = 2
    utc_offset: Annotated[
        str | None,
        typer.Option(
            "--utc-offset", metavar="+08:00", help=_("The office's difference to UTC; hours 9 to 17.")
        ),
    ] = None
    calendar: Annotated[
        Path | None,
        typer.Option("--calendar", metavar="FILE", help=_("Office hours and holidays as JSON (Spec §7.4).")),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where the node listens, and where it is reached."""

    pages: Annotated[str, typer.Option("--pages", metavar="HOST:PORT", help=_("Where pages are served."))] = (
        "127.0.0.1:8401"
    )
    partner: Annotated[
        str, typer.Option("--partner", metavar="HOST:PORT", help=_("Where the other node comes in."))
    ] = "127.0.0.1:8441"
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help=_("Where the other node reaches us; on the card.")),
    ] = None
    poll: Annotated[
        bool, typer.Option("--poll", help=_("Keep a request open at the other node, which cannot dial us."))
    ] = False
    tls_cert: Annotated[
        Path | None,
        typer.Option("--tls-cert", metavar="PEM", help=_("The certificate; its key is on the card.")),
    ] = None
    tls_key: Annotated[Path | None, typer.Option("--tls-key", metavar="PEM", help=_("Its private key."))] = (
        None
    )


@spread
def init(who: Who, *, where: Where) -> int:
    home: Home = settings.HOME
    if home.settings_file.exists():
        raise FaultError(
            "home_exists",
            Exit.CONFLICT,
            what=_("There is a node in %(folder)s already.") % {"folder": home.root},
            do=_("Name another folder with --home DIR."),
        )
    try:
        config = _config(who, where)
        calendar = _calendar(who)
        tls_sha256 = None if where.tls_cert is None else key_of(where.tls_cert)
        create_home(
            home,
            config,
            suite=Standard(),
            persons=who.persons,
            calendar=calendar,
            tls_sha256=tls_sha256,
            furnish=bring_up_to_date,
        )
    except (HomeError, KeysError, OSError) as error:
        raise _not_made(error) from error
    except BreachError as error:
        raise _not_made(error) from error
    note_act("node.made", officer=None, subject=config.node, now=clock.now())
    result(
        {
            "node": config.node,
            "home": str(home.root),
            "world": config.world,
            "persons": who.persons,
            "pages": config.pages,
            "partner": config.partner,
            "url": config.url,
        },
        _("The node %(node)s is in %(folder)s.") % {"node": config.node, "folder": home.root},
        _("%(count)d root keys are in keys/root-*; each belongs to one person.") % {"count": who.persons},
        _("The keys after these are made and promised, so that partners can check your first change."),
    )
    advise(_("Next: parley officer add NAME, then parley link card --out FILE, then parley serve."))
    return Exit.DONE


def _not_made(error: Exception) -> FaultError:
    return FaultError(
        "node_not_made",
        Exit.NEEDS_A_PERSON,
        what=_("The node could not be made: %(why)s.") % {"why": error},
        do=_("Change the option, then try again."),
    )


def _config(who: Who, where: Where) -> Config:
    if (where.tls_cert is None) != (where.tls_key is None):
        raise HomeError("--tls-cert and --tls-key go together")
    asked = {
        "node": (who.node, "--node", _("The node's name, such as a.example: ")),
        "name_en": (who.name_en, "--name-en", _("What this side is called, in English: ")),
        "name_zh": (who.name_zh, "--name-zh", _("What this side is called, in Chinese: ")),
    }
    said = _ask(asked)
    for address in (where.pages, where.partner):
        address_of(address)
    return check_config(
        Config(
            node=said["node"],
            world=who.world,
            name_en=said["name_en"],
            name_zh=said["name_zh"],
            pages=where.pages,
            partner=where.partner,
            url=where.url,
            tls_cert=None if where.tls_cert is None else where.tls_cert.absolute(),
            tls_key=None if where.tls_key is None else where.tls_key.absolute(),
            poll=where.poll,
        )
    )


def _ask(asked: Mapping[str, tuple[str | None, str, str]]) -> dict[str, str]:
    missing = [option for value, option, _question in asked.values() if not value]
    if missing and not sys.stdin.isatty():
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("There is no terminal to ask at, and this is missing: %(options)s.")
            % {"options": ", ".join(missing)},
            do=_("Add %(options)s.") % {"options": ", ".join(missing)},
        )
    return {name: value or _typed(question) for name, (value, _option, question) in asked.items()}


def _typed(question: str) -> str:
    while True:
        sys.stderr.write(question)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        if line.strip():
            return line.strip()


def _calendar(who: Who) -> Mapping[str, JsonValue]:
    if who.calendar is not None:
        days = read(who.calendar.read_bytes().strip())
        read_calendar(days)
        return days
    minutes = 0 if who.utc_offset is None else read_zone(who.utc_offset)
    if minutes is None:
        raise HomeError(f"expected --utc-offset +08:00, found {who.utc_offset!r}")
    return default_calendar(offset_minutes=minutes)


def key_of(certificate: Path) -> bytes:
    try:
        found = key_hash(ssl.PEM_cert_to_DER_cert(certificate.read_text(encoding="ascii")))
    except (ValueError, UnicodeDecodeError):
        found = b""
    if not found:
        raise HomeError(f"expected a certificate in {certificate}, found none")
    return found
