"""Whose page it is: our own officers', or the same inquiry as the other side's page would show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from parley.agencies.queries import list_officers
from parley.inquiries.queries import EventRow
from parley.inquiries.views.finding import Found
from parley.ledger.home import read_config
from parley.ledger.readers import side_name
from parley.ui import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """The letter of the side that looks, what both sides are called, and the names that it knows.

    `officers` are people by number; only one's own have names, of the others a number is told.
    """

    letter: str
    us: str
    them: str
    officers: Mapping[int, str] = field(default_factory=dict)

    def is_own(self, letter: str) -> bool:
        """Return whether what stands under `letter` is said by the side that looks."""
        return letter == self.letter

    def side(self, letter: str) -> str:
        """Return what the side that writes under `letter` is called."""
        return self.us if self.is_own(letter) else self.them

    def who(self, event: EventRow) -> str:
        """Return who said it: one of us by name, one of them by role and number, a node as such."""
        if not event.role:
            return ""
        role = words.label(event.role, words.ROLES)
        if not event.officer:
            return role
        name = self.officers.get(event.officer) if self.is_own(event.letter) else None
        if name is not None:
            return name
        return _("%(role)s %(number)d") % {"role": role, "number": event.officer}


def our_eyes(found: Found) -> Eyes:
    """Return the eyes of our own officers."""
    officers = {officer.number: officer.name for officer in list_officers()}
    return Eyes(letter=found.link.my_letter, us=_own_name(), them=side_name(found.link), officers=officers)


def their_eyes(found: Found) -> Eyes:
    """Return the eyes of the other side, as far as the shared record tells what they see."""
    return Eyes(letter=found.link.their_letter, us=side_name(found.link), them=_own_name())


def _own_name() -> str:
    config = read_config(settings.HOME)
    return config.name_zh if words.is_chinese() else config.name_en
