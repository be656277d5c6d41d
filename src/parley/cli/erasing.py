"""parley record erase, erasures, hold: content that is to go for ever, and content that must not.

    erase PLACE…        we order it: both sides are asked, and here it is destroyed at once
    erase --request PLACE an order that is in the record, of either side, is carried out here
    --refuse GROUND     it is not, and the other side is told why
    hold PLACE          a legal hold: nothing of it can be destroyed here before it is lifted

Two officers show their secrets in one command, since nothing can be undone afterwards; without `--for-good`
nothing happens but that one sees what would. Nothing that a partner orders is destroyed before our own
people say so. Source: Spec §7.8.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies import actions, queries
from parley.agencies.queries import OfficerRow
from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.persons import acting_with_secret, require_home
from parley.cli.running import core_runs
from parley.cli.saying import STEP_SECONDS, understood
from parley.inquiries.forms.typed import read_code
from parley.ledger import erasures
from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft, Prepared, RefusedError
from parley.ledger.erasing import ERASED, Destroyed, NoOrderError
from parley.ledger.erasures import OrderRow
from parley.ledger.persons import NoKeyError, WrongKeySecretError, sign_as
from parley.ledger.preparing import prepare
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.node.projector import projectors
from parley.node.scrubbing import is_scrubbed, scrub
from parley.node.tables import bring_up_to_date
from parley.protocol.act import id_text
from parley.protocol.erasing import ORDERED
from parley.protocol.erasure import Ground, Objection
from parley.protocol.strictjson import JsonValue as Json
from parley.ui import words
from parley.work import clock
from parley.work.home import Home

PERSONS = 2
RETOLD_SECONDS = 20.0
# The bodies of these hold what the record is checked with: names of sides, cards.
KEPT = frozenset({"link", "officer", "record"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """The options that say who decides it, each with his or her secret."""

    names: Annotated[
        list[str],
        typer.Option("--as", metavar="NAME", help=_("Who decides it. Twice: two officers decide together.")),
    ]
    secret_files: Annotated[
        list[Path] | None,
        typer.Option(
            "--secret-file",
            metavar="FILE",
            help=_("Where the secrets stand, in the same order; without it, they are asked for."),
        ),
    ] = None

    def shown(self) -> tuple[tuple[OfficerRow, str], ...]:
        """Return the officers with their secrets.

        Raises:
            FaultError: one is not that person or may not act, or there are not two of them.
        """
        files: Sequence[Path | None] = self.secret_files or [None] * len(self.names)
        if len(set(self.names)) < PERSONS or len(files) != len(self.names):
            raise FaultError(
                "two_officers",
                Exit.REFUSED,
                what=_("Two officers decide this together."),
                safe=_("Nothing was destroyed."),
                do=_("Name both: --as NAME --as NAME, with a --secret-file for each or with none."),
            )
        pairs = zip(self.names, files, strict=True)
        return tuple(acting_with_secret(name, secret_file=file) for name, file in pairs)


@spread
def erase(
    places: Annotated[
        list[str] | None, typer.Argument(metavar="PLACE", help=_("The statements whose content is to go."))
    ] = None,
    *,
    persons: Persons,
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
    with reading() as reader, _decided():
        if order is None:
            meant = _meant(reader, places or [], link=link)
            decided = Decided(home=home, reader=reader, link=meant[0], persons=persons, for_good=for_good)
            return _order(decided, meant[1], ground=read_code(ground, Ground))
        row, found = _ordered(reader, order, link=link)
        decided = Decided(home=home, reader=reader, link=row, persons=persons, for_good=for_good)
        if refuse is not None:
            return _refuse(decided, found, ground=read_code(refuse, Objection))
        return _carry_out(decided, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What two officers decide about one link, and where."""

    home: Home
    reader: Reader
    link: LinkRow
    persons: Persons
    for_good: bool

    def note(self, act: str, officers: Sequence[OfficerRow], said: Appended | None) -> None:
        """Write a row into the journal for each officer."""
        for officer in officers:
            actions.note_act(
                act,
                officer=officer.number,
                subject=self.link.name if said is None else f"{self.link.name} {said.place}",
                now=clock.now(),
                statement="" if said is None else id_text(said.statement),
            )


def _meant(
    reader: Reader, places: Sequence[str], *, link: str | None
) -> tuple[LinkRow, tuple[EntryRow, ...]]:
    found = [find_statement(reader, place, link=link) for place in places]
    rows = [reader.row(row.name, statement) for row, statement in found]
    names = {row.name for row, _statement in found}
    if len(names) != 1:
        raise FaultError(
            "one_link",
            Exit.NEEDS_A_PERSON,
            what=_("A request to destroy names statements of one link, at least one."),
            safe=_("Nothing was destroyed."),
            do=_("Name them by their places, such as A-112, and the link with --link."),
        )
    return found[0][0], tuple(row for row in rows if row is not None)


def _order(decided: Decided, rows: Sequence[EntryRow], *, ground: Ground) -> int:
    _check_free(decided.link, rows)
    if not decided.for_good:
        return _preview(rows)
    shown = decided.persons.shown()
    named: list[Json] = [{"statement": id_text(row.statement), "parts": "all"} for row in rows]
    draft = Draft(
        id=uuid.uuid4().hex,
        link=decided.link.name,
        kind=ORDERED,
        d={"parts": named, "ground": ground.value},
        role="officer",
        officer=shown[0][0].number,
    )
    made = prepare(decided.home, draft, now=clock.now())
    lines = tuple(
        sign_as(decided.home, officer.number, secret=secret, text=made.text) for officer, secret in shown
    )
    signed = replace(draft, prepared=Prepared(text=made.text, parts=made.parts, lines=lines))
    done = erasures.order(decided.home, signed)
    decided.note("record.erasure_ordered", [officer for officer, _secret in shown], done.order)
    return _told(decided, done)


def _carry_out(decided: Decided, found: OrderRow) -> int:
    rows = [decided.reader.row(decided.link.name, each.id) for each in found.said.parts]
    known = tuple(row for row in rows if row is not None)
    _check_free(decided.link, known)
    if not decided.for_good:
        return _preview(known)
    officers = [officer for officer, _secret in decided.persons.shown()]
    done = erasures.carry_out(
        decided.home, decided.link.name, found.order.statement, officer=officers[0].number
    )
    decided.note("record.erased", officers, done.erased)
    return _told(decided, done)


def _refuse(decided: Decided, found: OrderRow, *, ground: Objection) -> int:
    officers = [officer for officer, _secret in decided.persons.shown()]
    draft = Draft(
        id=f"refused-{id_text(found.order.statement)}",
        link=decided.link.name,
        kind="record.erasure_refused",
        d={"ground": ground.value},
        re=found.order.statement,
        role="officer",
        officer=officers[0].number,
    )
    (said,) = append(decided.home, [draft])
    if isinstance(said, RefusedError):
        raise said
    decided.note("record.erasure_refused", officers, said)
    result(
        {"refused": said.place, "destroyed": False},
        _("%(place)s: refused. Nothing was destroyed here.") % {"place": said.place},
    )
    return Exit.DONE


def _check_free(link: LinkRow, rows: Sequence[EntryRow]) -> None:
    """Check that nothing holds these statements, and that the record does not need their words."""
    held = {hold.statement: hold for hold in queries.holds() if hold.link == link.name}
    for row in rows:
        ids = [id_text(row.statement), *([id_text(row.thread)] if row.thread else [])]
        hold = next((held[each] for each in ids if each in held), None)
        if hold is not None:
            raise FaultError(
                "held",
                Exit.REFUSED,
                what=_("%(place)s is under legal hold: %(reason)s")
                % {"place": row.place, "reason": hold.reason},
                safe=_("Nothing was destroyed."),
                do=_("Refuse a request with --refuse legal_hold, or lift it: parley record hold --release."),
            )
        if (row.kind or "").split(".")[0] in KEPT:
            raise FaultError(
                "kept",
                Exit.REFUSED,
                what=_("%(place)s is about the link itself; its words are needed to check the record.")
                % {"place": row.place},
                safe=_("Nothing was destroyed."),
                do=_("Name statements of inquiries. A request for this is refused: --refuse own_law."),
            )


def _ordered(reader: Reader, place: str, *, link: str | None) -> tuple[LinkRow, OrderRow]:
    row, statement = find_statement(reader, place, link=link)
    for found in erasures.orders(reader, row.name):
        if found.order.statement == statement:
            return row, found
    raise NoOrderError(place)


# ---- What is told


def _preview(rows: Sequence[EntryRow]) -> int:
    places = ", ".join(f"{row.place} ({words.label(row.kind or '', words.KINDS)})" for row in rows)
    result(
        {"would_destroy": [row.place for row in rows], "destroyed": False},
        _("Would be destroyed, words and files: %(places)s") % {"places": places},
        _("The entries stay, and prove what they proved. Nothing brings the content back."),
        _("Nothing was said, and nothing was destroyed. To do it: --for-good"),
    )
    return Exit.DONE


def _told(decided: Decided, done: Destroyed) -> int:
    is_clean = done.is_clean and _retold(decided)
    said = [each for each in (done.order, done.erased) if each is not None]
    value: dict[str, JsonValue] = {
        "order": None if done.order is None else done.order.place,
        "erased": None if done.erased is None else done.erased.place,
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


def _kinds(done: Destroyed) -> tuple[str, ...]:
    return (*([ORDERED] if done.order else []), *([ERASED] if done.erased else []))


def _retold(decided: Decided) -> bool:
    """Have the lists and the index of words told anew; return whether nothing of the old ones is left."""
    home, reader = decided.home, decided.reader
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
def _decided() -> Iterator[None]:
    """Turn what may go wrong here into sentences.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood():
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
        except NoKeyError as error:
            raise FaultError(
                "no_officer_key",
                Exit.REFUSED,
                what=_("One of these officers has no key of his or her own."),
                safe=_("Nothing was said, and nothing was destroyed."),
                do=_("Make one for a principal: parley officer key NAME --role principal."),
            ) from error
        except WrongKeySecretError as error:
            raise FaultError(
                "wrong_key_secret",
                Exit.REFUSED,
                what=_("The secret does not open this officer's key."),
                safe=_("Nothing was said, and nothing was destroyed."),
                do=_("Use the secret under which the key was made."),
            ) from error
