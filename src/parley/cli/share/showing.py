"""parley share show: what is offered, on which conditions, to whom it may be passed on, and what was said."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link, bring_up_to_date, reading
from parley.cli.output import JsonValue, Rows, result
from parley.cli.persons import require_home
from parley.cli.share.about import find_share
from parley.cli.share.listing import share_json
from parley.cli.share.noun import verb
from parley.cli.timeline import told_json, told_rows
from parley.ledger.readers import side_name
from parley.ledger.sealed import all_sealed
from parley.links.queries.timeline import Told
from parley.protocol.act import id_text, read_id, short_id
from parley.protocol.sharing.account import account, digest
from parley.sharing.policy import content_of
from parley.sharing.queries import Dossier, dossier_of
from parley.sharing.views.showing.telling import counts_text, owed_lines, said_text, state_text
from parley.ui import sharewords, words
from parley.work import clock


@verb(_("Show one offer: its marks and conditions, what was said, and to whom it may be passed on."))
def show(
    name: Annotated[str, typer.Argument(metavar="OFFER", help=_("Its place (A-3), its id, or the number."))],
    *,
    link: Link = None,
) -> int:
    with reading() as reader:
        row, _named, share = find_share(reader, name, link=link)
        bring_up_to_date(reader)
        dossier = dossier_of(reader, row, share.id, now=clock.now())
        lying = {id_text(each.hash) for each in all_sealed(require_home(), row.name)}
    sealed = len(lying.intersection(content_of(share.offer)))
    result(
        _as_json(dossier, sealed=sealed),
        *_head(dossier, sealed=sealed),
        *_passing(dossier),
        "",
        told_rows(dossier.timeline.statements, in_words=partial(_words, dossier)),
    )
    return Exit.DONE


def _head(dossier: Dossier, *, sealed: int) -> Iterator[str]:
    row = dossier.row
    direction = _("ours, to %(side)s") if row.is_ours else _("theirs, from %(side)s")
    side = direction % {"side": side_name(dossier.link)}
    what = words.label(row.what, sharewords.CLASSES)
    yield " · ".join((row.place, short_id(read_id(row.share)), what, side))
    if row.title:
        yield row.title
    yield words.said_of(_("How much"), counts_text(row))
    yield words.said_of(_("Marking"), f"TLP:{row.tlp} PAP:{row.pap}")
    yield words.said_of(_("Expected"), words.label(row.expects, sharewords.EXPECTS))
    if row.grade:
        yield words.said_of(_("The offerer's own word"), row.grade)
    if dossier.about:
        places = (each.place or short_id(read_id(each.statement)) for each in dossier.about)
        yield words.said_of(_("Belongs to"), words.listed(places))
    if row.conditions:
        yield words.said_of(_("Conditions"), words.labelled(row.conditions, words.CODES))
    yield words.said_of(_("State"), state_text(row, now=dossier.now))
    yield from owed_lines(row)
    if row.until is not None:
        yield words.said_of(_("Lapses"), words.instant(row.until))
    if sealed:
        yield _("Files that lie sealed here and were not sent: %(count)d.") % {"count": sealed}
    if row.evaluation:
        yield words.said_of(_("Evaluated by the receiver"), row.evaluation)
    if row.result:
        yield words.said_of(_("Result"), words.label(row.result, sharewords.RESULTS))
    if row.cleaned:
        told = (f"{n} {words.label(name, sharewords.CLEANED)}" for name, n in row.cleaned.items())
        yield words.said_of(_("Clean-up"), words.listed(told))


def _passing(dossier: Dossier) -> Iterator[str | Rows]:
    if dossier.passing:
        yield ""
        yield Rows(
            titles=(_("Passing on to"), _("Whether")),
            rows=tuple(
                (
                    words.label(to.value, sharewords.AUDIENCES),
                    words.label(found.value, sharewords.PASSINGS),
                )
                for to, found in dossier.passing.items()
            ),
        )


def _words(dossier: Dossier, told: Told) -> str:
    found = dossier.words[told.statement]
    parts = (found.title, found.why, found.conditions, found.text)
    texts = (each.text for each in parts if each is not None)
    return " · ".join(filter(None, (said_text(told), *texts)))


def _as_json(dossier: Dossier, *, sealed: int) -> dict[str, JsonValue]:
    share = dossier.share
    return {
        "offer": share_json(dossier.row, now=dossier.now),
        "account": {} if share is None else account(share),
        "digest": "" if share is None else digest(share).hex(),
        "sealed_here": sealed,
        "passing": {to.value: found.value for to, found in dossier.passing.items()},
        "timeline": [told_json(each, text=_words(dossier, each)) for each in dossier.timeline.statements],
    }
