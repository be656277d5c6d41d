"""What keeps a list from being released: a suspension, by either side, of the link or of outcomes (§7.7)."""

from typing import Final

from parley.dialogue.queries.dossier import RoundDossier
from parley.ledger.reading import Reader
from parley.links.queries.suspending import Suspension, in_force

_FORUM: Final = "outcome"


def stop_of(dossier: RoundDossier, reader: Reader) -> Suspension | None:
    """Return the newest suspension under which nobody releases the list; None while both may."""
    if not dossier.link.was_stopped:
        return None
    found = in_force(reader, dossier.link.row)
    return next((each for each in found if each.wide == "link" or each.code == _FORUM), None)
