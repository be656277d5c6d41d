"""parley pager: by what our people are rung, whether it rings, and what came of it.

Work of the administrator. Nothing here ever says that a person was reached: a machine that takes a text is
a machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.queries import UnknownOfficerError
from parley.cli.exits import Exit
from parley.cli.output import FaultError, JsonValue, Rows, advise, result
from parley.cli.persons import require_home
from parley.cli.ringing import broken_pager, ring_and_wait
from parley.cli.watchwords import (
    Person,
    ceiling_word,
    moment_key,
    officer_called,
    outcome_word,
)
from parley.gates.pager.deliveries import Delivery, VersionError
from parley.gates.pager.house import fresh_code, open_deliveries
from parley.gates.pager.ring import Outcome, Reason, Ring
from parley.gates.pager.settings import Settings, SettingsError, Way, read_settings
from parley.gates.pager.wording import BOTH, word
from parley.ui import words
from parley.watch import actions, queries
from parley.watch.forms import channel_word
from parley.watch.policy import Addressee, Channel
from parley.watch.queries import UnknownContactError
from parley.work import clock

pager = typer.Typer(help=_("By what our people are rung."), no_args_is_help=False, rich_markup_mode=None)

Number = Annotated[int, typer.Argument(metavar="WAY", help=_("The number in: parley pager ways."))]


@pager.command(help=_("Show the channels, their providers, and the very words that each may say."))
def show() -> None:
    home = require_home()
    with _mending():
        settings = read_settings(home)
    titles = (_("Channel"), _("Providers"), _("May say"), _("Such as"))
    result(
        {
            "channels": [
                {
                    "channel": channel.value,
                    "providers": list(way.providers),
                    "ceiling": way.ceiling.value,
                    "says": _sample(settings, way),
                }
                for channel, way in settings.ways.items()
            ]
        },
        Rows(
            titles=titles,
            rows=tuple(
                (
                    channel_word(channel.value),
                    ", ".join(way.providers),
                    ceiling_word(way.ceiling),
                    _sample(settings, way),
                )
                for channel, way in settings.ways.items()
            ),
        ),
        *([] if settings.ways else [_("There is no pager.toml: nobody is rung, and everything else works.")]),
    )


@pager.command(help=_("Show by what people are rung, and when each way was proved."))
def ways(person: Annotated[str | None, typer.Argument(metavar="PERSON")] = None) -> None:
    require_home()
    only = None if person is None else officer_called(person).number
    found = [
        (each.number, contact)
        for each in queries.persons()
        if only in {None, each.number}
        for contact in each.contacts
    ]
    result(
        {
            "ways": [
                {
                    "way": contact.number,
                    "officer": number,
                    "channel": contact.channel.value,
                    "address": contact.address,
                    "proved_at": contact.proved_at,
                }
                for number, contact in found
            ]
        },
        Rows(
            titles=(_("Way"), _("Officer"), _("Channel"), _("Address"), _("Proved")),
            rows=tuple(
                (
                    str(contact.number),
                    str(number),
                    channel_word(contact.channel.value),
                    contact.address,
                    _("never yet") if contact.proved_at is None else words.instant(contact.proved_at),
                )
                for number, contact in found
            ),
        ),
    )


@pager.command(help=_("Write down one more way to ring an officer; it is to be proved then."))
def add(
    person: Person,
    channel: Annotated[Channel, typer.Argument(metavar="CHANNEL")],
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
) -> None:
    require_home()
    row = officer_called(person)
    with _mending():
        number = actions.add_way(row.number, channel=channel, address=address, now=clock.now())
    said = _("Way %(number)d rings %(name)s. Prove it with: parley pager prove %(number)d")
    result({"way": number}, said % {"number": number, "name": row.name})


@pager.command(help=_("Ring nobody by this way any more."))
def remove(number: Number) -> None:
    require_home()
    with _mending():
        actions.remove_way(number, now=clock.now())
    result({"removed": number}, _("Way %(number)d rings nobody any more.") % {"number": number})


@pager.command(help=_("Send a code over a way; with --code, take what the person read there."))
def prove(
    number: Number,
    *,
    code: Annotated[str | None, typer.Option(metavar="CODE", help=_("What came, typed back."))] = None,
) -> int:
    require_home()
    if code is None:
        return _send_code(number)
    with _mending():
        actions.finish_proof(number, code=code.strip(), now=clock.now())
    result({"way": number, "proved": True}, _("Way %(number)d is proved.") % {"number": number})
    return Exit.DONE


@pager.command(help=_("Ring an officer by every way, with a text that says that it is a test."))
def test(
    *, person: Annotated[str, typer.Option(metavar="PERSON", help=_("Number or name of an officer."))]
) -> int:
    row = officer_called(person)
    ring = Ring(key=f"test/{row.number}/{moment_key()}", person=row.number, reason=Reason.TEST)
    advise(_("Ringing…"))
    rows = _rung(ring, queries.ways_of(row.number))
    own = {each.contact for each in rows if each.contact}
    taken = {each.contact for each in rows if each.contact and each.outcome is Outcome.ACCEPTED}
    code = Exit.UNREACHABLE if not taken else Exit.DONE if taken == own else Exit.ATTENTION
    result(
        {"tries": [_try_json(each) for each in rows]},
        _try_rows(rows),
        _("Taken by a carrier is not reached: ask %(name)s whether it rang.") % {"name": row.name}
        if taken
        else _("No carrier took anything: %(name)s was not rung.") % {"name": row.name},
        exit_code=code,
    )
    return code


@pager.command(help=_("Show what was rung last, and what came of it."))
def log(*, last: Annotated[int, typer.Option(min=1, max=1000, help=_("How many."))] = 50) -> None:
    home = require_home()
    with _mending():
        deliveries = open_deliveries(home)
    try:
        rows = deliveries.latest(last)
    finally:
        deliveries.close()
    result({"tries": [_try_json(each) for each in rows]}, _try_rows(rows))


def _send_code(number: int) -> int:
    with _mending():
        way = queries.way(number)
        code = fresh_code()
        actions.begin_proof(number, code=code, now=clock.now())
    key = f"proof/{number}/{moment_key()}"
    ring = Ring(key=key, person=way.person, reason=Reason.PROOF, contact=number, code=code)
    rows = _rung(ring, (way,))
    if not any(each.outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN} for each in rows):
        raise FaultError(
            "not_rung",
            Exit.UNREACHABLE,
            what=_("The code could not be sent: %(why)s.")
            % {"why": "; ".join(each.said for each in rows) or _("no provider rings by this channel")},
            safe=_("Nothing is proved."),
            do=_("Look at: parley pager show, and parley pager log."),
        )
    result(
        {"way": number, "proved": False, "tries": [_try_json(each) for each in rows]},
        _("A code is on its way. Whoever gets it types: parley pager prove %(number)d --code CODE")
        % {"number": number},
        exit_code=Exit.WAITING,
    )
    return Exit.WAITING


def _rung(ring: Ring, addressees: tuple[Addressee, ...]) -> tuple[Delivery, ...]:
    home = require_home()
    with _mending():
        return ring_and_wait(home, ring, addressees)


@contextmanager
def _mending() -> Iterator[None]:
    """Turn what an administrator can put right into a fault."""
    try:
        yield
    except (SettingsError, VersionError) as error:
        raise broken_pager(error) from error
    except UnknownContactError as error:
        raise FaultError(
            "unknown_way",
            Exit.NOT_FOUND,
            what=_("There is no way with this number."),
            do=_("Look at: parley pager ways."),
        ) from error
    except UnknownOfficerError as error:
        raise FaultError(
            "unknown_officer",
            Exit.NOT_FOUND,
            what=_("This officer may not act here."),
            do=_("Look at: parley officer list."),
        ) from error
    except actions.AddressError as error:
        raise FaultError(
            "bad_address",
            Exit.NEEDS_A_PERSON,
            what=_("This is no address for this channel."),
            do=_("A phone number has digits after a plus, a topic of push letters and digits."),
        ) from error
    except actions.CodeError as error:
        raise FaultError(
            "wrong_code",
            Exit.REFUSED,
            what=_("This is not the code that was sent, or it is too old, or was tried too often."),
            safe=_("Nothing is proved."),
            do=_("Send another one with: parley pager prove WAY."),
        ) from error


def _sample(settings: Settings, way: Way) -> str:
    """Return what a call on link a-b of the highest urgency would say."""
    ring = Ring(key="", person=0, reason=Reason.CALL, link="a-b", urgency="U0")
    return word(ring, ceiling=way.ceiling, language=BOTH, world=settings.world).text


def _try_rows(rows: tuple[Delivery, ...]) -> Rows:
    return Rows(
        titles=(_("When"), _("Officer"), _("Channel"), _("Provider"), _("Outcome"), _("It said")),
        rows=tuple(
            (
                words.instant(each.written),
                str(each.person) if each.contact else "–",
                channel_word(each.channel),
                each.provider,
                outcome_word(each.outcome),
                each.said,
            )
            for each in rows
        ),
    )


def _try_json(row: Delivery) -> dict[str, JsonValue]:
    return {
        "at": row.written,
        "key": row.key,
        "officer": row.person,
        "way": row.contact or None,
        "channel": row.channel,
        "provider": row.provider,
        "turn": row.turn,
        "outcome": row.outcome.value,
        "said": row.said,
    }
