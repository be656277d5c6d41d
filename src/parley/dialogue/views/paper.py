"""The outcome list on paper: one to be signed, in both languages, and one for the press, in one.

Both show the digest of the same list, which is what counts: a paper is a copy for reading. Nothing on either
is of one side alone: no names of our people, no clock or language of the reader, no names of countries. So
two nodes that hold the freezing print the same bytes. Each side is in the first place on one of two copies,
with its words to the left, as papers between two countries are signed. Source: screens §3.6, §12.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.dialogue.queries import Earlier, Met, Printable, Reporting, RoundDossier, printable
from parley.dialogue.views.finding import SoonError, find_thread
from parley.ledger.readers import reader_of
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.commitment import State
from parley.ui import dialoguewords, times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Lang, Paper, Paragraph, Table, Words, dated
from parley.ui.paper.copies import CODES, LETTERS, columns, heads, in_language, language_of, order, told
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def signing(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the paper to be signed; ``?first=B`` is the copy with that party in the first place."""
    found = _printable(request, link, place)
    first = request.GET.get("first", found.link.my_letter)
    if first not in LETTERS:
        raise Http404
    return _file(signing_paper(found, first=first), f"outcomes-{found.outcomes.number}-{first}.pdf")


@require_safe
def press(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the paper for the press, in the language of whoever asks."""
    lang: Lang = "zh" if words.is_chinese() else "en"
    found = _printable(request, link, place)
    return _file(press_paper(found, lang=lang), f"outcomes-{found.outcomes.number}-press-{lang}.pdf")


def _printable(request: PersonRequest, link: str, place: str) -> Printable:
    reader = reader_of(settings.HOME)
    try:
        dossier = find_thread(link, place, now=request.now)
    except SoonError as error:
        raise Http404 from error
    if reader is None or not isinstance(dossier, RoundDossier) or dossier.round is None:
        raise Http404
    found = printable(reader, dossier.link.row, dossier.round)
    if found is None:
        raise Http404
    return found


def _file(paper: Paper, name: str) -> HttpResponse:
    with override(CODES[paper.lang]):
        content = printed(paper)
    return HttpResponse(
        content,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


# ---- To be signed, in both languages


def signing_paper(found: Printable, *, first: str) -> Paper:
    """Return the paper to be signed, with the party of the letter `first` in the first place."""
    lang = language_of(first)
    with override(CODES[lang]):
        title = _both(_("Outcomes of round %(number)s"), lang) % {"number": found.outcomes.number}
        return _paper(found, title=title, lang=lang, blocks=_to_sign(found, lang))


def _to_sign(found: Printable, lang: Lang) -> Iterator[Block]:
    listed = found.outcomes
    nodes = listed.nodes if lang == "en" else listed.nodes[::-1]
    yield Facts(
        rows=(
            (_both(_("Parties"), lang), " · ".join(nodes)),
            (_both(_("Round"), lang), f"{listed.number} · {id_text(listed.round)}"),
            *_met(found.met, lang),
            (_both(_("Made public at"), lang), times.zulu(listed.release, to=times.SECOND)),
            (_both(_("Digest of the list"), lang), found.digest),
            ("SHA-256", read_id(found.digest).hex()),
        )
    )
    yield Heading(text=_both(_("Clauses"), lang))
    rows = (
        columns(str(n), en=clause.en, zh=clause.zh, lang=lang)
        for n, clause in enumerate(listed.clauses, start=1)
    )
    yield Table(head=("", *heads(lang)), rows=tuple(rows), widths=(0, 10, 10))
    yield Heading(text=_both(_("Commitments as they stood"), lang))
    if found.earlier:
        yield _commitments(found.earlier, lang)
    else:
        yield Paragraph(text=_both(_("None yet."), lang), is_quiet=True)
    yield Heading(text=_both(_("Signatures"), lang))
    yield Facts(rows=tuple((node, f"{_signer(found, node, lang)}\n\n") for node in nodes))
    yield from (Paragraph(text=_in(_ABOUT, each), is_quiet=True) for each in order(lang))


def _met(met: Met, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield where and when both met, by the plan that held when the list was frozen."""
    text = met.text or Text(en="–", zh="–")
    yield _both(_("Host"), lang), met.host
    yield _both(_("When"), lang), f"{times.zulu(met.begins)} – {times.zulu(met.ends)}"
    yield _both(_("Where"), lang), "\n".join(columns("", en=text.en, zh=text.zh, lang=lang)[1:])


def _signer(found: Printable, node: str, lang: Lang) -> str:
    """Return who leads the delegation of `node`, by role; nothing where it named none."""
    if node not in found.chairs:
        return ""
    return told(lambda: gettext("co-chair: %(role)s") % {"role": _role(found.chairs[node])}, lang)


def _role(code: str) -> str:
    return words.label(code, dialoguewords.ROLES)


_ABOUT: Final = _(
    "A copy for reading. What both sides froze and make public is the list with this digest, the same bytes "
    "on both nodes. All times are UTC."
)


def _commitments(earlier: Sequence[Earlier], lang: Lang) -> Table:
    names = (_("Place"), *heads(lang), _("Owner"), _("Due"), _("How far"))
    return Table(
        head=tuple(each if isinstance(each, str) else _both(each, lang) for each in names),
        rows=tuple(_commitment(each, lang) for each in earlier),
        widths=(0, 8, 8, 4, 4, 6),
    )


def _commitment(each: Earlier, lang: Lang) -> tuple[str, ...]:
    text = each.text or Text(en="–", zh="–")
    return (
        *columns(each.place, en=text.en, zh=text.zh, lang=lang),
        "\n".join(each.owners),
        times.zulu(each.due),
        "\n".join([_coded(each.state, lang), *_reports(each, lang)]),
    )


def _reports(each: Earlier, lang: Lang) -> Iterator[str]:
    """Yield what each node reported and what the other said of it; what is fulfilled needs no more words."""
    if each.state == State.FULFILLED.value:
        return
    for report in each.reports:
        yield from (in_language(partial(_reported, report), other) for other in order(lang))


def _reported(report: Reporting) -> str:
    standing = words.label(report.standing, dialoguewords.STANDINGS)
    return words.said_of(
        report.node, words.clauses((standing, words.label(report.word, dialoguewords.REPORT_WORDS)))
    )


def _coded(code: str, lang: Lang) -> str:
    en, zh = dialoguewords.COMMITMENT_STATES[code]
    return f"{en} · {zh}" if lang == "en" else f"{zh} · {en}"


def _both(text: "str | Promise", lang: Lang) -> str:
    """Return a text of this program in both languages, that of `lang` first."""
    return told(lambda: str(text), lang)


def _in(text: "str | Promise", lang: Lang) -> str:
    return in_language(lambda: str(text), lang)


# ---- For the press, in one language


def press_paper(found: Printable, *, lang: Lang) -> Paper:
    """Return the paper for the press in one language."""
    with override(CODES[lang]):
        title = _("Outcomes of round %(number)s") % {"number": found.outcomes.number}
        return _paper(found, title=str(title), lang=lang, blocks=_to_tell(found, lang))


def _to_tell(found: Printable, lang: Lang) -> Iterator[Block]:
    listed = found.outcomes
    release = times.zulu(listed.release, to=times.SECOND)
    yield Paragraph(text=_in(_("Not to be published before %(instant)s."), lang) % {"instant": release})
    for n, clause in enumerate(listed.clauses, start=1):
        yield Words(text=f"{n}. {clause.en if lang == 'en' else clause.zh}", lang=lang)
    yield Heading(text=_in(_("Check it yourself"), lang))
    yield Facts(
        rows=(
            (_in(_("Parties"), lang), " · ".join(listed.nodes)),
            (_in(_("Made public at"), lang), release),
            (_in(_("Digest of the list"), lang), found.digest),
            ("SHA-256", read_id(found.digest).hex()),
        )
    )
    yield Paragraph(text=_in(_CHECK, lang), is_quiet=True)


_CHECK: Final = _(
    "Both sides publish the list with this digest under /public/outcomes/, with a page that checks it in any "
    "browser, without a network. Both languages are equally authentic."
)


def _paper(found: Printable, *, title: str, lang: Lang, blocks: Iterator[Block]) -> Paper:
    world = found.link.world
    heard = (
        [] if world == "live" else [_in(_("WORLD: %(world)s, not the real thing"), lang) % {"world": world}]
    )
    digest = found.digest
    short = f"{digest[:8]} … {digest[-8:]}"
    return Paper(
        title=title,
        lang=lang,
        running=" · ".join([*heard, *found.outcomes.nodes]),
        foot=_in(_("Digest of the list: %(digest)s"), lang) % {"digest": short},
        at=dated(found.outcomes.release),
        blocks=tuple(blocks),
    )
