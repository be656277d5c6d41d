"""What was prepared and waits for persons to sign it, and whose keys count on a link."""

from collections.abc import Iterable
from dataclasses import dataclass

from parley.drafts.queries import DraftRow, UnknownDraftError, find_draft, list_drafts, values_of
from parley.ledger.cosigning import read_prepared, spoken
from parley.ledger.drafts import Draft
from parley.ledger.home import own_card
from parley.ledger.reading import Reader
from parley.protocol import card as cards
from parley.protocol.act import id_text, read_id
from parley.protocol.form import read_statement
from parley.protocol.names import MAIN
from parley.protocol.strictjson import JsonObject, read
from parley.work.home import Home

PURPOSE = "links"
FIELDS = ("said", "prepared", "signed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A statement that was prepared in draft `number`, and the numbers of the persons who signed it so far.

    `statement` is the id of the text, `spoken` its first eight characters: persons compare them.
    """

    number: int
    draft: Draft
    persons: tuple[int, ...]
    statement: str
    spoken: str
    prepared_by: str
    prepared_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of something that was prepared: `outcome` is ``said`` or ``put_away``, `by` whom, when."""

    prepared: Signing
    outcome: str
    by: str
    at: int


def signing(number: int) -> Signing:
    """Return what was prepared in draft `number` and waits.

    Raises:
        UnknownDraftError: there is none.
    """
    row = find_draft(number)
    if row.closed_at is not None:
        raise UnknownDraftError(f"draft {number} waits for no signature")
    return _signing(row)


def ended(number: int) -> Ended:
    """Return what became of what was prepared in draft `number`, and waits no more.

    Raises:
        UnknownDraftError: there is none.
    """
    row = find_draft(number)
    if row.closed_at is None:
        raise UnknownDraftError(f"draft {number} still waits")
    return Ended(prepared=_signing(row), outcome=row.outcome, by=row.saved_by, at=row.closed_at)


def _signing(row: DraftRow) -> Signing:
    number = row.number
    if row.purpose != PURPOSE:
        raise UnknownDraftError(f"draft {number} waits for no signature")
    said, prepared, signed = (_object(number, field) for field in FIELDS)
    made = read_prepared(prepared)
    match said, signed:
        case (
            {
                "kind": str(kind),
                "d": dict(d),
                "re": str() | None as re,
                "body": dict(body),
                "role": str(role),
                "officer": int(officer),
            },
            {"persons": list(persons)},
        ):
            draft = Draft(
                id=str(number),
                link=row.link,
                lane=str(said.get("lane", MAIN)),
                kind=kind,
                d=d,
                re=None if re is None else read_id(re),
                role=role,
                officer=officer,
                body=body,
                prepared=made,
            )
        case _:
            raise UnknownDraftError(f"draft {number} waits for no signature")
    return Signing(
        number=number,
        draft=draft,
        persons=tuple(person for person in persons if isinstance(person, int)),
        statement=id_text(read_statement(made.text).leaf),
        spoken=spoken(made),
        prepared_by=row.officer_name,
        prepared_at=row.created_at,
    )


def _object(number: int, field: str) -> JsonObject:
    return read(values_of(number, [field])[field].encode())


def signings(link: str) -> tuple[Signing, ...]:
    """Return all that was prepared on `link` and waits, the oldest first."""
    return signings_in(list_drafts(link, purpose=PURPOSE))


def signings_in(rows: Iterable[DraftRow]) -> tuple[Signing, ...]:
    """Return what was prepared in those of these open drafts that hold such, the oldest first."""
    found = sorted((row for row in rows if row.purpose == PURPOSE), key=lambda row: row.number)
    return tuple(signing(row.number) for row in found)


def persons_wanted(home: Home, draft: Draft) -> int:
    """Return how many persons the terms in force ask for a statement of this kind, at least one."""
    reader = Reader(home)
    try:
        terms = reader.terms(draft.link)
    finally:
        reader.close()
    return max(1, 0 if terms is None else terms.persons.get(draft.kind, 0))


def is_enrolled(
    home: Home, link: str, officer: int, *, kind: str, now: int, public: bytes | None = None
) -> bool:
    """Return whether the officer has a key in force on `link`, in a role that may sign `kind`.

    With `public` that very key is meant, otherwise any.
    """
    reader = Reader(home)
    try:
        row, terms, status = reader.link(link), reader.terms(link), reader.status(link)
        if row is None or status is None:
            return False
        roles = None if terms is None else terms.roles.get(kind)
        roster = reader.link_state(link).roster(
            row.me, status.my_size, paired=cards.parse(own_card(home)).card, among={officer}
        )
    finally:
        reader.close()
    return any(
        term.holds(now)
        and public in {None, term.said.public}
        and (roles is None or not set(roles).isdisjoint(term.said.roles))
        for term in roster.terms
    )
