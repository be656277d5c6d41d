"""One offer on paper, for a meeting: what it is, how it may be handled, and what became of it.

The content is never on it, whether it was delivered or not: it is handled as the marks and conditions say
that stand on every page. Of what was not delivered there is no more than the offer itself says. What lies
sealed at the offerer, and whether it has lapsed by now, is of one side alone, and so not on it
(`inquiries/views/showing/thread.py`).
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.telling import effect_text
from parley.inquiries.views.showing.proving import State, channel_of, proof
from parley.inquiries.views.showing.thread import Thread, all_said, paper_in, thread_of
from parley.ledger.reading import Reader
from parley.links.queries.timeline import Told
from parley.protocol.act import read_id, short_id
from parley.protocol.sharing.account import digest
from parley.protocol.sharing.apply import Share
from parley.sharing.policy import owed
from parley.sharing.queries import Dossier
from parley.sharing.views.delivered import files_delivered, handling
from parley.sharing.views.showing.telling import counts_text, said_text
from parley.ui import sharewords, times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Paper, Paragraph, Table
from parley.ui.pieces import visible


def paper_of(reader: Reader, dossier: Dossier) -> Paper:
    """Return the paper of an offer, in the language in force."""
    row, share = dossier.row, dossier.share
    thread = thread_of(reader, dossier.link, row.place, timeline=dossier.timeline)
    state = None if share is None else State(digest=digest(share).hex(), paragraph="14.7")
    name = _("Offer %(place)s") % {"place": row.place}
    return paper_in(
        thread,
        title=" · ".join(filter(None, (name, row.title))),
        told=(handling(dossier),),
        marking=f"TLP:{row.tlp}" if row.tlp else "",
        blocks=(
            *_head(thread, dossier),
            *_delivered(dossier),
            *_passing(dossier),
            *all_said(thread, codes=said_text, texts=lambda told: _texts(dossier, told)),
            *proof(channel_of(dossier.link, row.place), thread.proven, state=state),
        ),
    )


def _head(thread: Thread, dossier: Dossier) -> Iterator[Block]:
    row, share, link = dossier.row, dossier.share, dossier.link
    by, to = (link.me, link.peer) if row.is_ours else (link.peer, link.me)
    rows = [
        (_("What it is"), words.label(row.what, sharewords.CLASSES)),
        (_("Offered by"), f"{thread.side(by)} · {by} · {times.stamp(row.offered_at)}"),
        (_("Offered to"), f"{thread.side(to)} · {to}"),
        (_("How much"), counts_text(row)),
        (_("Marking"), f"TLP:{row.tlp} · PAP:{row.pap}"),
        (_("Conditions"), words.labelled(row.conditions, words.CODES) or "–"),
        (_("Expected"), words.label(row.expects, sharewords.EXPECTS)),
        (
            _("Belongs to"),
            words.listed(each.place or short_id(read_id(each.statement)) for each in dossier.about),
        ),
        (_("Lapses"), "" if row.until is None else thread.on_both(row.until)),
        (_("The offerer's own word"), row.grade),
        (_("Registry number"), visible(row.ref)),
    ]
    rows += [(_("State"), effect_text(row.verdict))] if share is None else [*_became(thread, dossier, share)]
    yield Facts(rows=tuple((name, value) for name, value in rows if value))


def _became(thread: Thread, dossier: Dossier, share: Share) -> Iterator[tuple[str, str]]:
    row = dossier.row
    crossed = [_("crossed")] if share.crossed else []
    yield _("State"), words.clauses([words.label(share.state.value, sharewords.STATES), *crossed])
    yield _("Evaluated by the receiver"), row.evaluation
    yield _("Result"), words.label(row.result, sharewords.RESULTS) if row.result else ""
    told = (f"{n} {words.label(name, sharewords.CLEANED)}" for name, n in row.cleaned.items())
    yield _("Clean-up"), words.listed(told)
    for each in owed(share):
        waits = words.label(each.what.value, sharewords.OWINGS)
        yield _("Next move"), words.said_of(thread.side(each.node), waits)


def _delivered(dossier: Dossier) -> Iterator[Block]:
    files = files_delivered(dossier)
    if not files:
        yield Paragraph(text=_("Its content was not delivered."))
        return
    yield Heading(text=_("What was delivered"))
    yield Paragraph(
        text=_("The content is not on this paper. Handle it so: %(how)s.") % {"how": handling(dossier)}
    )
    yield Table(
        head=(_("File"), _("Size in bytes"), "SHA-256"),
        widths=(4, 2, 6),
        rows=tuple(
            (visible(each.name), "–" if each.size is None else str(each.size), each.sha256 or "–")
            for each in files
        ),
    )


def _passing(dossier: Dossier) -> Iterator[Block]:
    if dossier.passing:
        yield Heading(text=_("To whom it may be passed on"))
        yield Facts(
            rows=tuple(
                (words.label(to.value, sharewords.AUDIENCES), words.label(found.value, sharewords.PASSINGS))
                for to, found in dossier.passing.items()
            )
        )


def _texts(dossier: Dossier, told: Told) -> Iterator[Text]:
    found = dossier.words[told.statement]
    parts = (found.title, found.why, found.conditions, found.text)
    yield from (each for each in parts if each is not None)
