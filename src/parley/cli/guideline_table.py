"""parley guideline list, show, propose, withdraw, sign: texts on the table of a link, until one holds."""

from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.guideline import Text, read_text
from parley.cli.looking import Link, chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, Rows, result
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell, understood
from parley.cli.together import Person, signed, tell_saved, tell_signing
from parley.guidelines import actions
from parley.guidelines.policy import Move, Stand
from parley.guidelines.queries import (
    Changes,
    DraftRow,
    ShownField,
    UnknownDraftError,
    base_of,
    changes_of,
    drafts,
    find_draft,
)
from parley.ledger.drafts import Appended
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Target
from parley.links.queries.signing import Signing
from parley.protocol.places import heard_place
from parley.protocol.strictjson import JsonValue
from parley.ui import times
from parley.ui.words import is_chinese
from parley.work import clock

NO_CHANGES: Final = Changes(fields=(), clauses=(), readings=())
Place = Annotated[str, typer.Argument(metavar="PLACE", help=_("The text on the table: A-112."))]


def list_texts(*, link: Link = None) -> int:
    require_home()
    with reading() as reader:
        row = chosen_link(reader, link)
        found = drafts(reader, row, now=clock.now())
    titles = (_("Text"), _("Side"), _("In force from"), _("How it stands"), _("Whose move"))
    result(
        {"link": row.name, "texts": [as_json(each) for each in found]},
        Rows(titles=titles, rows=tuple(_cells(each, row) for each in found)),
    )
    return Exit.DONE


def show(place: Place, *, link: Link = None) -> int:
    require_home()
    with reading() as reader:
        row = chosen_link(reader, link)
        found = found_text(reader, row, place)
        base = base_of(reader, row, now=clock.now())
    changes = NO_CHANGES if base is None or found.text is None else changes_of(base.text, found.text)
    result(
        {
            **as_json(found),
            "base": None if base is None else base.place,
            "fields": [[each.path, each.before, each.after] for each in changes.fields],
            "clauses": [[before.number, after.number] for before, after in changes.clauses],
        },
        "  ".join(_cells(found, row)),
        *(_field(each) for each in changes.fields),
        *(f"{before.number or '–'} → {after.number or '–'}" for before, after in changes.clauses),
        *(f"{after.number}: {after.zh if is_chinese() else after.en}" for _old, after in changes.readings),
        _("Digest of the text: %(digest)s") % {"digest": found.digest},
    )
    return Exit.DONE


@spread
def propose(
    file: Text,
    *,
    voice: Voice,
    link: Link = None,
    instead_of: Annotated[
        str | None, typer.Option("--instead-of", metavar="PLACE", help=_("The draft that it would replace."))
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="WORDS", help=_("What we say to it."))] = None,
) -> int:
    home = require_home()
    text = read_text(file)
    with reading() as reader, understood():
        row = chosen_link(reader, link)
        of = None if instead_of is None else found_text(reader, row, instead_of)
        hand = voice.hand(home)
        if of is None:
            said = actions.propose(row.name, text, by=hand, note=_note(note))
        else:
            on = Target(link=row.name, statement=of.statement)
            said = actions.amend(on, text, by=hand, note=_note(note))
        return tell(reader, row, said, wait=voice.wait)


@spread
def withdraw(place: Place, *, voice: Voice, link: Link = None) -> int:
    home = require_home()
    with reading() as reader, understood():
        row = chosen_link(reader, link)
        on = Target(link=row.name, statement=found_text(reader, row, place).statement)
        return tell(reader, row, actions.withdraw(on, by=voice.hand(home)), wait=voice.wait)


@spread
def sign(place: Place, *, person: Person, link: Link = None) -> int:
    home = require_home()
    with reading() as reader, signed():
        row = chosen_link(reader, link)
        on = Target(link=row.name, statement=found_text(reader, row, place).statement)
        by, secret = person.by(f"sign-{place}")
        try:
            found = actions.sign(home, on, by=by, secret=secret)
        except actions.UnreadableTextError as error:
            raise FaultError(
                "unreadable_text",
                Exit.REFUSED,
                what=_("The text that this draft names is not here: nobody can sign it."),
                safe=_("Nothing was signed, and nothing was said."),
                do=_("Ask the other side to put it on the table once more."),
            ) from error
        if isinstance(found, Signing):
            return tell_signing(found)
        assert isinstance(found, Appended), "it destroys nothing"
        return tell_saved(reader, found)


def as_json(row: DraftRow) -> dict[str, JsonValue]:
    """Return a text on the table as an object."""
    return {
        "place": row.place,
        "is_ours": row.is_ours,
        "since": row.since,
        "digest": row.digest,
        "instead_of": row.amends or None,
        "stand": row.stand.value,
        "move": row.move.value,
        "is_readable": row.text is not None,
    }


def stand_words(stand: Stand) -> str:
    """Return how a text stands, in words."""
    return {
        Stand.PROPOSED: _("on the table"),
        Stand.SIGNED_BY_US: _("signed by us"),
        Stand.SIGNED_BY_THEM: _("signed by them"),
        Stand.AGREED: _("agreed, not in force yet"),
        Stand.IN_FORCE: _("in force"),
        Stand.SUPERSEDED: _("superseded"),
        Stand.WITHDRAWN: _("withdrawn"),
        Stand.LAPSED: _("lapsed: its day came without both signatures"),
    }[stand]


def _cells(row: DraftRow, link: LinkRow) -> tuple[str, ...]:
    moves = {
        Move.US: _("our move"),
        Move.THEM: _("their move"),
        Move.BOTH: _("both sides' move"),
        Move.NOBODY: _("nobody's move"),
    }
    side = link.my_letter if row.is_ours else link.their_letter
    return (row.place, side, times.zulu(row.since), stand_words(row.stand), moves[row.move])


def _field(each: ShownField) -> str:
    return f"{each.name} ({each.path}): {each.before or '–'} → {each.after or '–'}"


def found_text(reader: Reader, link: LinkRow, spoken: str) -> DraftRow:
    """Return the text on the table at a place as people say it.

    Raises:
        FaultError: there is none.
    """
    heard = heard_place(spoken.strip())
    try:
        return find_draft(reader, link, (heard.text if heard else spoken).replace(" ", "-"), now=clock.now())
    except UnknownDraftError as error:
        raise FaultError(
            "unknown_text",
            Exit.NOT_FOUND,
            what=_("No text on the table is called “%(name)s”.") % {"name": spoken},
            do=_("Look at: parley guideline list."),
        ) from error


def _note(text: str | None) -> dict[str, JsonValue] | None:
    return None if text is None else {"lang": "zh-Hans" if is_chinese() else "en", "text": text}
