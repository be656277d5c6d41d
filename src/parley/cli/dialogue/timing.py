"""parley outcome schedule, unschedule: a list that this node releases at its second, by itself."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.cli.dialogue.about import Name, find_thread
from parley.cli.dialogue.faults import heard
from parley.cli.dialogue.nouns import outcome, verb
from parley.cli.dialogue.outcomes import list_of, not_frozen
from parley.cli.exits import Exit
from parley.cli.looking import Link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, result
from parley.cli.persons import As, SecretFile, acting_officer, require_home
from parley.dialogue.actions import timing
from parley.ledger.reading import Reader
from parley.links.actions.speaking import Hand, Record, Target
from parley.protocol.dialogue.bodies import Frozen
from parley.ui import words
from parley.work import clock
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which round is meant, and whose act it is."""

    name: Name
    officer: As
    secret_file: SecretFile = None
    link: Link = None


@verb(outcome, _("Have this node release the list at its second, by itself; nothing is sealed before."))
@spread
def schedule(about: About) -> int:
    with reading() as reader, heard():
        target, frozen, hand, home = _found(reader, about)
        if frozen is None:
            raise not_frozen()
        try:
            made = timing.order(target, frozen, by=hand)
        except timing.PastError as error:
            raise FaultError(
                "too_late",
                Exit.REFUSED,
                what=_("The second at which both make the list public has come already."),
                safe=_("Nothing was sealed, and nothing was said."),
                do=_("Release it now: parley outcome release."),
            ) from error
    is_heard = timing.tell_core(home)
    result(
        {"release": frozen.release, "draft": made.number, "core": is_heard},
        _("This node releases the list at %(at)s.") % {"at": words.instant(frozen.release)},
        _("Take it back until then: parley outcome unschedule.")
        if is_heard
        else _("No core runs here now. It must run at that second: parley serve."),
    )
    return Exit.DONE


@verb(outcome, _("Take that back: a person releases the list."))
@spread
def unschedule(about: About) -> int:
    with reading() as reader, heard():
        target, _frozen, hand, home = _found(reader, about)
        try:
            timing.take_back(target, by=hand)
        except timing.NoOrderError as error:
            raise FaultError(
                "not_scheduled",
                Exit.NOT_FOUND,
                what=_("This node was not told to release this list by itself, or has done so."),
                do=_("Look at: parley outcome show."),
            ) from error
    timing.tell_core(home)
    result({"taken_back": True}, _("A person releases the list; this node does not do it by itself."))
    return Exit.DONE


def _found(reader: Reader, about: About) -> tuple[Target, Frozen | None, Hand, Home]:
    home = require_home()
    officer = acting_officer(about.officer, secret_file=about.secret_file)
    row, opening, _named, thread = find_thread(reader, about.name, link=about.link)
    by = Hand(officer=officer, key=uuid.uuid4().hex, now=clock.now(), door=Record(home=home))
    return Target(link=row.name, statement=opening), list_of(thread).agreed, by, home
