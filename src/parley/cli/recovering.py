"""parley link recover: what is lost of our own log on a link, and what two officers decide about it.

Each of them gives the same command with a secret of his or her own; after the second it is done.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.output import FaultError, advise, result
from parley.cli.persons import SecretFile, require_home
from parley.cli.together import Person, signed, tell_decision
from parley.ledger.lanes import named
from parley.ledger.losses import recover
from parley.ledger.regaining import NotLostError, OtherDigitsError, TooEarlyError
from parley.links import actions
from parley.links.queries.deciding import Decided, Decision, Deed
from parley.protocol.names import MAIN
from parley.protocol.strictjson import JsonObject, JsonValue


def recover_link(
    name: Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))],
    *,
    digits: Annotated[
        str | None,
        typer.Option(
            "--digits", metavar="DIGITS", help=_("The sixty digits that two officers compared with them.")
        ),
    ] = None,
    alone: Annotated[
        bool,
        typer.Option("--alone", help=_("They do not answer: end our log and go on in a new one.")),
    ] = False,
    lane: Annotated[
        str, typer.Option("--lane", metavar="LANE", help=_("Which of its logs: main, hot or bulk."))
    ] = MAIN,
    officer: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help=_("The officer whose act this is."))
    ] = None,
    secret_file: SecretFile = None,
) -> int:
    home = require_home()
    with reading() as reader:
        link = named(chosen_link(reader, name).name, lane)
    with _understood(link):
        if not alone and digits is None:
            return _tell(link, recover(home, link))
        deed = Deed.END_ALONE if alone else Deed.CONFIRM_HEAD
        about = "" if alone else "".join((digits or "").split())
        by, _secret = Person(officer=_named(officer), secret_file=secret_file).by("recover")
        done = actions.decide(home, Decided(link=link, deed=deed, about=about), by=by)
    if isinstance(done, Decision):
        return tell_decision(done)
    assert done.lost is not None, "it was done"
    return _tell(link, done.lost)


def _named(officer: str | None) -> str:
    if officer is None:
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("Two officers decide this together."),
            safe=_("Nothing was changed."),
            do=_("Give the command twice, each time with the name and the secret of another: --as NAME."),
        )
    return officer


def _tell(link: str, found: JsonObject) -> int:
    lost = found["lost"]
    result({"link": link, **found}, *_told(link, found))
    if isinstance(lost, dict):
        _advise_lost(link, lost)
    return Exit.DONE


@contextmanager
def _understood(link: str) -> Iterator[None]:
    """Turn what may go wrong here into sentences.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with signed():
        try:
            yield
        except NotLostError as error:
            raise FaultError(
                "not_lost",
                Exit.CONFLICT,
                what=_("Nothing of our log on %(link)s is lost.") % {"link": link},
                safe=_("Nothing was changed."),
                do=_("Look at: parley link status."),
            ) from error
        except OtherDigitsError as error:
            raise FaultError(
                "other_digits",
                Exit.NOT_PROVED,
                what=_("No head of ours that waits has these digits."),
                safe=_("Nothing was changed."),
                do=_("Read them again, all twelve groups: parley link recover %(link)s") % {"link": link},
            ) from error
        except TooEarlyError as error:
            raise FaultError(
                "too_early",
                Exit.REFUSED,
                what=_("The partner still has %(seconds)d seconds to answer.") % {"seconds": error.seconds},
                safe=_("Nothing was changed. The node goes on asking by itself."),
                do=_("Call them, and try again after that time."),
            ) from error


def _told(link: str, found: Mapping[str, JsonValue]) -> tuple[str, ...]:
    lost = found["lost"]
    if lost is None:
        first = _("Our log on %(link)s is whole.") % {"link": link}
    else:
        first = _("Something of our log on %(link)s is lost. The node asks for it in every parcel.") % {
            "link": link
        }
    lines = [first]
    if found["orphans"]:
        lines.append(
            _("Statements of ours that are no part of it any more: %(count)d. Say them again if need be.")
            % {"count": found["orphans"]}
        )
    if isinstance(lost, dict) and lost["digits"] is not None:
        lines.append(
            _("Newest head of ours that is known: entry %(size)s, digits %(digits)s")
            % {"size": lost["size"], "digits": lost["digits"]}
        )
    if isinstance(offered := found.get("offered"), dict):
        lines.append(
            _("They show a head of a log of ours that ended: entry %(size)s, digits %(digits)s")
            % {"size": offered["size"], "digits": offered["digits"]}
        )
    return tuple(lines)


def _advise_lost(link: str, lost: Mapping[str, JsonValue]) -> None:
    if lost["is_sealed"]:
        advise(
            _("It ends where both sides can prove it, as soon as the partner agrees; nothing is to be done.")
        )
        return
    advise(
        _("Until then nothing can be said on this link; reading goes on. What was typed stays a draft."),
    )
    if lost["cause"] in {"lost", "elsewhere"}:
        advise(
            _("Two officers compare the digits with the partner: parley link recover %(link)s --digits …")
            % {"link": link}
        )
