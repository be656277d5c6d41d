"""parley link renew: this node moves, and its partners learn where it is reached from now on."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.init import key_of
from parley.cli.looking import broken_home
from parley.cli.options import spread
from parley.cli.output import advise, result
from parley.cli.persons import require_home
from parley.cli.rotating import roots_fault
from parley.cli.saying import Voice, understood
from parley.ledger.cards import RootsMissingError, renew_card
from parley.ledger.drafts import Appended
from parley.ledger.keys import KeysError
from parley.work import clock
from parley.work.home import HomeError


@spread
def renew(
    *,
    voice: Voice,
    url: Annotated[
        str, typer.Option("--url", metavar="URL", help=_("Where partners reach this node from now on."))
    ],
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--tls-cert", metavar="FILE", help=_("Its TLS certificate; partners pin the key in it.")
        ),
    ] = None,
) -> int:
    home = require_home()
    hand = voice.hand(home)
    with understood():
        try:
            pin = None if certificate is None else key_of(certificate)
            results = renew_card(home, url=url, tls_sha256=pin)
        except RootsMissingError as error:
            raise roots_fault(error) from error
        except (HomeError, KeysError) as error:
            raise broken_home(error) from error
    note_act("link.carded", officer=hand.officer.number, subject=url, now=clock.now())
    said = [each for each in results if isinstance(each, Appended)]
    refused = [str(each) for each in results if not isinstance(each, Appended)]
    result(
        {"said": [{"link": each.link, "place": each.place} for each in said], "refused": refused},
        *(_("%(place)s saved on %(link)s.") % {"place": each.place, "link": each.link} for each in said),
        *(_("Refused: %(why)s") % {"why": each} for each in refused),
        exit_code=Exit.DONE if not refused else Exit.FAILED,
    )
    advise(_("Keep the old address until every partner has signed for this: parley link status."))
    return Exit.DONE if not refused else Exit.FAILED
