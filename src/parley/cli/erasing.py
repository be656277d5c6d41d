"""parley record erase: content that is to go for ever, by two officers who type the same one after another.

    erase PLACE…          we order it: both sides are asked, and here it is destroyed at once
    erase --request PLACE an order that is in the record, of either side, is carried out here
    --refuse GROUND       it is not, and the other side is told why

The first command with `--for-good` only prepares: nothing is said, and nothing destroyed, before another
officer gives the same one with a secret of his or her own. Without `--for-good` one sees what would go.
Nothing that a partner orders is destroyed before our own people say so. Source: Spec §7.8.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.persons import require_home
from parley.cli.running import core_runs
from parley.cli.saying import STEP_SECONDS
from parley.cli.together import Person, signed, tell_decision, tell_signing
from parley.inquiries.forms.typed import read_code
from parley.ledger import erasures
from parley.ledger.drafts import Appended
from parley.ledger.erasing import ERASED, Destroyed, NoOrderError
from parley.ledger.erasures import OrderRow
from parley.ledger.reading import LinkRow, Reader
from parley.links import actions
from parley.links.queries.deciding import Decided, Decision, Deed
from parley.links.queries.doomed import HeldError, KeptError, check_free, doomed
from parley.links.queries.signing import Signing
from parley.node.projector import projectors
from parley.node.scrubbing import is_scrubbed, scrub
from parley.node.tables import bring_up_to_date
from parley.protocol.act import id_text
from parley.protocol.erasing import ORDERED
from parley.protocol.erasure import Ground, Objection
from parley.ui import words
from parley.work import clock
from parley.work.home import Home

RETOLD_SECONDS = 20.0


@spread
def erase(
    places: Annotated[
        list[str] | None, typer.Argument(metavar="PLACE", help=_("The statements whose content is to go."))
    ] = None,
    *,
    person: Person,
    ground: Annotated[
        str, typer.Option("--ground", metavar="CODE", help=_("Why, as a code."))
    ] = Ground.PURPOSE_MET.value,
    order: Annotated[
        str | None,
        typer.Option("--request", metavar="PLACE", help=_("Carry out this request of the record.")),
    ] = None,
    refuse: Annotated[
        str | None, typer.Option("--refuse", metavar="CODE", help=_("Do not carry it out, for this reason."))
    ] = None,
    for_good: Annotated[
        bool, typer.Option("--for-good", help=_("Destroy it. Nothing brings it back."))
    ] = False,
    link: Link = None,
) -> int:
    home = require_home()
    with reading() as reader, _understood():
        if order is None:
            row, meant = _meant(reader, places or [], link=link)
            desk = Desk(home=home, reader=reader, link=row, person=person, for_good=for_good)
            return _order(desk, actions.Going(statements=meant, ground=read_code(ground, Ground)))
        row, found = _ordered(reader, order, link=link)
        desk = Desk(home=home, reader=reader, link=row, person=person, for_good=for_good)
        if refuse is not None:
            return _refuse(desk, found, ground=read_code(refuse, Objection))
        return _carry_out(desk, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who decides about which link, and where."""

    home: Home
    reader: Reader
    link: LinkRow
    person: Person
    for_good: bool


def _meant(reader: Reader, places: Sequence[str], *, link: str | None) -> tuple[LinkRow, tuple[bytes, ...]]:
    found = [find_statement(reader, place, link=link) for place in places]
    if len({row.name for row, _statement in found}) != 1:
        raise FaultError(
            "one_link",
            Exit.NEEDS_A_PERSON,
            what=_("A request to destroy names statements of one link, at least one."),
            safe=_("Nothing was destroyed."),
            do=_("Name them by their places, such as A-112, and the link with --link."),
        )
    return found[0][0], tuple(statement for _row, statement in found)


def _order(desk: Desk, going: actions.Going) -> int:
    if not desk.for_good:
        return _preview(desk, going.statements)
    check_free(desk.home, desk.link.name, going.statements)
    by, secret = desk.person.by("erase")
    done = actions.order_erasure(desk.home, desk.link.name, going, by=by, secret=secret)
    if isinstance(done, Signing):
        code = tell_signing(done)
        advise(_("Nothing is destroyed before another officer gives the same command: --as NAME"))
        return code
    assert isinstance(done, Destroyed), "an order destroys"
    return _told(desk, done)


def _carry_out(desk: Desk, found: OrderRow) -> int:
    if not desk.for_good:
        return _preview(desk, [each.id for each in found.said.parts])
    done = _decide(desk, found, Deed.ERASE)
    if isinstance(done, Decision):
        return tell_decision(done)
    assert done.destroyed is not None, "it was carried out"
    return _told(desk, done.destroyed)


def _refuse(desk: Desk, found: OrderRow, *, ground: Objection) -> int:
    done = _decide(desk, found, Deed.REFUSE_TO_ERASE, ground=ground.value)
    if isinstance(done, Decision):
        return tell_decision(done)
    assert done.said is not None, "it was said"
    result(
        {"refused": done.said.place, "destroyed": False},
        _("%(place)s: refused. Nothing was destroyed here.") % {"place": done.said.place},
    )
    return Exit.DONE


def _decide(desk: Desk, found: OrderRow, deed: Deed, *, ground: str = "") -> Decision | actions.Done:
    decided = Decided(link=desk.link.name, deed=deed, about=id_text(found.order.statement), ground=ground)
    by, _secret = desk.person.by("erase")
    return actions.decide(desk.home, decided, by=by)


def _ordered(reader: Reader, place: str, *, link: str | None) -> tuple[LinkRow, OrderRow]:
    row, statement = find_statement(reader, place, link=link)
    for found in erasures.orders(reader, row.name):
        if found.order.statement == statement:
            return row, found
    raise NoOrderError(place)


# ---- What is told


def _preview(desk: Desk, statements: Sequence[bytes]) -> int:
    check_free(desk.home, desk.link.name, statements)
    rows = doomed(desk.reader, desk.link.name, statements)
    places = ", ".join(f"{row.place} ({words.label(row.kind, words.KINDS)})" for row in rows)
    result(
        {"would_destroy": [row.place for row in rows], "destroyed": False},
        _("Would be destroyed, words and files: %(places)s") % {"places": places},
        _("The entries stay, and prove what they proved. Nothing brings the content back."),
        _("Nothing was said, and nothing was destroyed. To do it: --for-good"),
    )
    return Exit.DONE


def _told(desk: Desk, done: Destroyed) -> int:
    is_clean = done.is_clean and _retold(desk)
    said = [each for each in (done.order, done.erased) if each is not None]
    value: dict[str, JsonValue] = {
        "order": _place(done.order),
        "erased": _place(done.erased),
        "destroyed": True,
        "is_clean": is_clean,
    }
    lines = [
        f"{each.place} {words.label(kind, words.KINDS)}"
        for each, kind in zip(said, _kinds(done), strict=True)
    ]
    lines.append(_("It is destroyed here. The other side answers for itself: parley record erasures."))
    result(value, *lines)
    if not is_clean:
        advise(_("Somebody is still reading, so copies remain until the next start: restart parley serve."))
    advise(_("Drafts and notes of your own people, backups, and files that were handed out are not reached."))
    return Exit.DONE


def _place(said: Appended | None) -> str | None:
    return None if said is None else said.place


def _kinds(done: Destroyed) -> tuple[str, ...]:
    return (*([ORDERED] if done.order else []), *([ERASED] if done.erased else []))


def _retold(desk: Desk) -> bool:
    """Have the lists and the index of words told anew; return whether nothing of the old ones is left."""
    home, reader = desk.home, desk.reader
    if not core_runs(home):
        bring_up_to_date()
        for projector in projectors(reader):
            projector.catch_up()
        return scrub(reader)
    end = clock.monotonic() + RETOLD_SECONDS
    while not is_scrubbed(reader):
        if clock.monotonic() >= end:
            return False
        clock.sleep(STEP_SECONDS)
    return True


@contextmanager
def _understood() -> Iterator[None]:
    """Turn what may go wrong here into sentences.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with signed():
        try:
            yield
        except NoOrderError as error:
            raise FaultError(
                "no_order",
                Exit.NOT_FOUND,
                what=_("No request to destroy content that is in effect is called so."),
                safe=_("Nothing was destroyed."),
                do=_("Look at: parley record erasures."),
            ) from error
        except HeldError as error:
            raise FaultError(
                "held",
                Exit.REFUSED,
                what=_("%(place)s is under legal hold: %(reason)s")
                % {"place": error.place, "reason": error.reason},
                safe=_("Nothing was destroyed."),
                do=_("Refuse a request with --refuse legal_hold, or lift it: parley record hold --release."),
            ) from error
        except KeptError as error:
            raise FaultError(
                "kept",
                Exit.REFUSED,
                what=_("%(place)s is about the link itself; its words are needed to check the record.")
                % {"place": error.place},
                safe=_("Nothing was destroyed."),
                do=_("Name statements of inquiries. A request for this is refused: --refuse own_law."),
            ) from error
