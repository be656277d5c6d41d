"""The outcome list on paper: one to be signed, in both languages, and one for the press, in one.

Both show the digest of the same list, which is what counts: a paper is a copy for reading. Nothing on either
is of one side alone: no names of our people, no clock or language of the reader, no names of countries. So
two nodes that hold the freezing print the same bytes. Each side is in the first place on one of two copies,
with its words to the left, as papers between two countries are signed. Source: screens §3.6, §12.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.dialogue.queries import Earlier, Printable, RoundDossier, printable
from parley.dialogue.views.finding import SoonError, find_thread
from parley.ledger.readers import reader_of
from parley.protocol.act import id_text
from parley.protocol.dialogue.clause import Text
from parley.ui import dialoguewords, times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Lang, Paper, Paragraph, Table, Words
from parley.ui.paper.printing import MEDIA_TYPE, printed

LAST_INSTANT: Final = 4_102_444_800
"""2100-01-01: a paper is not dated by a clock that runs wild."""
CODES: Final = {"en": "en", "zh": "zh-hans"}
LETTERS: Final = ("A", "B")


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
    lang: Lang = "en" if first == LETTERS[0] else "zh"
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
            (_both(_("Made public at"), lang), times.zulu(listed.release)),
            (_both(_("Digest of the list"), lang), found.digest),
        )
    )
    yield Heading(text=_both(_("Clauses"), lang))
    rows = (_columns(str(n), clause, lang) for n, clause in enumerate(listed.clauses, start=1))
    yield Table(head=("", *_languages(lang)), rows=tuple(rows), widths=(0, 10, 10))
    yield Heading(text=_both(_("Commitments as they stood"), lang))
    if found.earlier:
        yield _commitments(found.earlier, lang)
    else:
        yield Paragraph(text=_both(_("None yet."), lang), is_quiet=True)
    yield Heading(text=_both(_("Signatures"), lang))
    yield Facts(rows=tuple((node, "\n\n") for node in nodes))
    yield from (Paragraph(text=_in(_ABOUT, each), is_quiet=True) for each in _order(lang))


_ABOUT: Final = _(
    "A copy for reading. What both sides froze and make public is the list with this digest, the same bytes "
    "on both nodes. All times are UTC."
)


def _commitments(earlier: Sequence[Earlier], lang: Lang) -> Table:
    heads = (_("Place"), *_languages(lang), _("Owner"), _("Due"), _("How far"))
    return Table(
        head=tuple(each if isinstance(each, str) else _both(each, lang) for each in heads),
        rows=tuple(
            (
                *_columns(each.place, each.text or Text(en="–", zh="–"), lang),
                "\n".join(each.owners),
                times.zulu(each.due),
                _coded(each.state, lang),
            )
            for each in earlier
        ),
        widths=(0, 8, 8, 4, 4, 4),
    )


def _columns(name: str, text: Text, lang: Lang) -> tuple[str, str, str]:
    return (name, text.en, text.zh) if lang == "en" else (name, text.zh, text.en)


def _languages(lang: Lang) -> tuple[str, str]:
    return ("English", "中文") if lang == "en" else ("中文", "English")


def _coded(code: str, lang: Lang) -> str:
    en, zh = dialoguewords.COMMITMENT_STATES[code]
    return f"{en} · {zh}" if lang == "en" else f"{zh} · {en}"


def _both(text: "str | Promise", lang: Lang) -> str:
    """Return a text of this program in both languages, that of `lang` first."""
    return " · ".join(_in(text, each) for each in _order(lang))


def _order(lang: Lang) -> tuple[Lang, Lang]:
    return ("en", "zh") if lang == "en" else ("zh", "en")


def _in(text: "str | Promise", lang: Lang) -> str:
    with override(CODES[lang]):
        return str(text)


# ---- For the press, in one language


def press_paper(found: Printable, *, lang: Lang) -> Paper:
    """Return the paper for the press in one language."""
    with override(CODES[lang]):
        title = _("Outcomes of round %(number)s") % {"number": found.outcomes.number}
        return _paper(found, title=str(title), lang=lang, blocks=_to_tell(found, lang))


def _to_tell(found: Printable, lang: Lang) -> Iterator[Block]:
    listed = found.outcomes
    release = times.zulu(listed.release)
    yield Paragraph(text=_in(_("Not to be published before %(instant)s."), lang) % {"instant": release})
    for n, clause in enumerate(listed.clauses, start=1):
        yield Words(text=f"{n}. {clause.en if lang == 'en' else clause.zh}", lang=lang)
    yield Heading(text=_in(_("Check it yourself"), lang))
    yield Facts(
        rows=(
            (_in(_("Parties"), lang), " · ".join(listed.nodes)),
            (_in(_("Made public at"), lang), release),
            (_in(_("Digest of the list"), lang), found.digest),
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
        at=min(found.outcomes.release, LAST_INSTANT),
        blocks=tuple(blocks),
    )
