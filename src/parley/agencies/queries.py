"""What a page or a command shows of our own people; reads only."""

from dataclasses import dataclass

from parley.agencies.models import START_OF_CHAIN, Hold, JournalEntry, Officer
from parley.agencies.policy import Role


class UnknownOfficerError(Exception):
    """No officer has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRow:
    """An officer as lists show him or her, and since when he or she has the watch, in unix seconds."""

    number: int
    name: str
    role: Role
    language: str
    is_active: bool
    watch_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A legal hold on a statement: `statement` is its id as text, `at` in unix seconds."""

    link: str
    statement: str
    place: str
    reason: str
    officer: int = 0
    at: int = 0


def holds() -> tuple[HoldRow, ...]:
    """Return every legal hold that is in force, the oldest first."""
    return tuple(
        HoldRow(
            link=row.link,
            statement=row.statement,
            place=row.place,
            reason=row.reason,
            officer=row.officer_id,
            at=row.at,
        )
        for row in Hold.objects.filter(released_at=None).order_by("at", "id")
    )


def list_officers() -> tuple[OfficerRow, ...]:
    """Return every officer, disabled ones too, by number."""
    return tuple(row_of(officer) for officer in Officer.objects.order_by("number"))


def find_officer(name: str) -> OfficerRow:
    """Return the officer called `name`.

    Raises:
        UnknownOfficerError: there is none.
    """
    officer = Officer.objects.filter(name=name).first()
    if officer is None:
        raise UnknownOfficerError(f"no officer is called {name!r}")
    return row_of(officer)


def officer_of_session(number: int, *, begun: int) -> OfficerRow | None:
    """Return the officer whose session began at `begun`; None if disabled, or signed out everywhere since."""
    officer = Officer.objects.filter(number=number, is_active=True, sessions_from__lte=begun).first()
    return None if officer is None else row_of(officer)


def active_officers() -> tuple[OfficerRow, ...]:
    """Return everybody who may sign in, by number."""
    return tuple(row_of(officer) for officer in Officer.objects.filter(is_active=True).order_by("number"))


def row_of(officer: Officer) -> OfficerRow:
    return OfficerRow(
        number=officer.number,
        name=officer.name,
        role=Role(officer.role),
        language=officer.language,
        is_active=officer.is_active,
        watch_from=officer.watch_from,
    )


def first_broken_link() -> int | None:
    """Return the number of the first journal row at which the chain does not hold, None if it holds.

    A row that is missing from the end leaves no trace here (see `models`).
    """
    previous = START_OF_CHAIN
    for expected, row in enumerate(JournalEntry.objects.order_by("number").iterator(), start=1):
        if (row.number, row.previous, row.digest) != (expected, previous, row.computed_digest()):
            return expected
        previous = row.digest
    return None
