"""By which guideline an inquiry or a call runs, in a terminal: place and day of the text, its clauses."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from parley.cli.output import JsonValue
from parley.guidelines.queries import Governing
from parley.ui import words


def governing_text(found: Governing | None, *, clauses: str = "") -> str:
    """Return by which limits a thread runs, in one sentence; `clauses` say all of them."""
    if found is None:
        return _("The limits are those of the terms with which the link was opened.")
    place = (found.place or found.digest) + (words.aside(clauses) if clauses else "")
    told = {"place": place, "since": words.instant(found.since)}
    return _("The limits are those of the guideline %(place)s, in force from %(since)s.") % told


def clauses_text(numbers: Iterable[str]) -> str:
    """Return the clauses that say a limit; "" if there are none."""
    told = ", ".join(numbers)
    return _("clause %(numbers)s") % {"numbers": told} if told else ""


def governing_json(found: Governing | None) -> JsonValue:
    """Return the guideline as an object; None if the terms of the opening hold."""
    if found is None:
        return None
    return {"place": found.place or None, "digest": found.digest, "since": found.since}
