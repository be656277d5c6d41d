"""parley review list, propose, agree, sign, comment: one cut, and one digest that both sides sign."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link, chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import Rows, result
from parley.cli.persons import require_home
from parley.cli.review import Cut, Name, Since, Until, chosen_cut, found_review, held
from parley.cli.saying import Voice, tell, understood
from parley.cli.together import Person, signed, tell_saved, tell_signing
from parley.ledger.drafts import Appended
from parley.ledger.reading import LinkRow
from parley.links.actions.speaking import Target
from parley.links.queries.signing import Signing
from parley.protocol.strictjson import JsonValue
from parley.review import actions
from parley.review.policy import Move, Stand
from parley.review.queries import ReviewRow, all_reviews, find_review
from parley.ui import times
from parley.ui.words import is_chinese

Place = Annotated[str, typer.Argument(metavar="PLACE", help=_("The review, by the place of its cut: A-112."))]
Note = Annotated[str | None, typer.Option("--note", metavar="WORDS", help=_("What we say to it."))]


def list_reviews(*, link: Link = None) -> int:
    require_home()
    with reading() as reader:
        row = chosen_link(reader, link)
        found = [find_review(reader, row, each.slug) for each in all_reviews(reader, row)]
    titles = (_("Review"), _("Side"), _("From"), _("Until"), _("How it stands"), _("Whose move"))
    result(
        {"link": row.name, "reviews": [_as_json(each) for each in found]},
        Rows(titles=titles, rows=tuple(_cells(each, row) for each in found)),
    )
    return Exit.DONE


@spread
def propose(
    name: Name, *, voice: Voice, since: Since, until: Until = None, cut: Cut = None, note: Note = None
) -> int:
    home = require_home()
    with reading() as reader, understood():
        row = chosen_link(reader, name)
        chosen = chosen_cut(reader, row, since=since, until=until, cut=cut)
        said = actions.propose(row.name, chosen, by=voice.hand(home), note=_words(note))
        return tell(reader, row, said, wait=voice.wait)


@spread
def agree(place: Place, *, voice: Voice, link: Link = None) -> int:
    home = require_home()
    with reading() as reader, understood(), held():
        row = chosen_link(reader, link)
        found = found_review(reader, row, place)
        on = Target(link=row.name, statement=found.statement)
        said = actions.agree(reader, on, found.cut, by=voice.hand(home))
        return tell(reader, row, said, wait=voice.wait)


@spread
def sign(place: Place, *, person: Person, link: Link = None) -> int:
    home = require_home()
    with reading() as reader, signed(), held():
        row = chosen_link(reader, link)
        review = found_review(reader, row, place)
        by, secret = person.by(f"sign-{place}")
        on = Target(link=row.name, statement=review.statement)
        found = actions.sign(home, on, review.cut, by=by, secret=secret)
        if isinstance(found, Signing):
            return tell_signing(found)
        assert isinstance(found, Appended), "it destroys nothing"
        return tell_saved(reader, found)


@spread
def comment(
    place: Place,
    text: Annotated[str, typer.Argument(metavar="WORDS", help=_("What we say to it."))],
    *,
    voice: Voice,
    link: Link = None,
    figure: Annotated[
        str | None,
        typer.Option("--figure", metavar="NAME", help=_("To which figure, as its table names it.")),
    ] = None,
) -> int:
    home = require_home()
    with reading() as reader, understood():
        row = chosen_link(reader, link)
        on = Target(link=row.name, statement=found_review(reader, row, place).statement)
        said = actions.comment(on, figure, _words(text) or {}, by=voice.hand(home))
        return tell(reader, row, said, wait=voice.wait)


def _as_json(row: ReviewRow) -> dict[str, JsonValue]:
    return {
        "place": row.place,
        "is_ours": row.is_ours,
        "since": row.cut.since,
        "until": row.cut.until,
        "cut": [{"lane": each.lane, "sizes": [*each.sizes]} for each in row.cut.cut],
        "stand": row.stand.value,
        "move": row.move.value,
        "signed_by_us": row.ours,
        "signed_by_them": row.theirs,
        "comments": [[each.place, each.figure or None, each.text] for each in row.comments],
    }


def _cells(row: ReviewRow, link: LinkRow) -> tuple[str, ...]:
    stands = {
        Stand.PROPOSED_BY_US: _("cut proposed by us"),
        Stand.PROPOSED_BY_THEM: _("cut proposed by them"),
        Stand.AGREED: _("cut agreed"),
        Stand.SIGNED_BY_US: _("signed by us"),
        Stand.SIGNED_BY_THEM: _("signed by them"),
        Stand.JOINT: _("joint: both signed the same figures"),
        Stand.CONTRADICTED: _("the sides signed different figures"),
    }
    moves = {
        Move.US: _("our move"),
        Move.THEM: _("their move"),
        Move.BOTH: _("both sides' move"),
        Move.NOBODY: _("nobody's move"),
    }
    side = link.my_letter if row.is_ours else link.their_letter
    period = (times.zulu(row.cut.since), times.zulu(row.cut.until))
    return (row.place, side, *period, stands[row.stand], moves[row.move])


def _words(text: str | None) -> dict[str, JsonValue] | None:
    return None if text is None else {"lang": "zh-Hans" if is_chinese() else "en", "text": text}
