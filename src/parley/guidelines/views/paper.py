"""A text on the table as a paper: both languages beside each other, in two copies, as two countries sign it.

What counts is the text that its digest names; a paper is a copy for reading. Nothing on it is of one side
alone, and nothing depends on the clock or the language of whoever prints it: two nodes that hold the same
print the same bytes. How the text stands is told by the record: whether it is signed, and from when until
when it holds, never whether that day has come. Source: decision 34; screens §12.
"""

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.guidelines.policy import Stand
from parley.guidelines.queries import DraftRow, Reign, articles_of, reign_of, signatures_of
from parley.guidelines.views.finding import drafted, opened
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.signatures import Signature
from parley.protocol.guidelines.text import Guideline
from parley.ui import times
from parley.ui.paper.blocks import Block, Facts, Heading, Lang, Paper, Paragraph, Table, dated
from parley.ui.paper.copies import CODES, LETTERS, columns, heads, in_language, language_of, order, told
from parley.ui.paper.printing import MEDIA_TYPE, printed


@require_safe
def paper(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the paper of a text; ``?first=B`` is the copy with that party in the first place."""
    found, reader = opened(link)
    row = drafted(reader, found, place, now=request.now)
    first = request.GET.get("first", found.row.my_letter)
    if row.text is None or first not in LETTERS:
        raise Http404
    made = paper_of(reader, found.row, row, text=row.text, first=first)
    answer = HttpResponse(file_of(made), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="guideline-{link}-{place}-{first}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def file_of(made: Paper) -> bytes:
    """Return the PDF file of a paper, the same in whatever language it is asked for."""
    with override(CODES[made.lang]):
        return printed(made)


def paper_of(reader: Reader, link: LinkRow, row: DraftRow, *, text: Guideline, first: str) -> Paper:
    """Return the paper of `text`, which stands on the table of `link` as `row`.

    The party of the letter `first` is in the first place, its language to the left.
    """
    lang, signatures = language_of(first), signatures_of(reader, link, text)
    reign = reign_of(reader, link, text)
    return Paper(
        title=" · ".join(text.title.en if each == "en" else text.title.zh for each in order(lang)),
        lang=lang,
        running=" · ".join([*_world(link, lang), *_nodes(link, lang)]),
        foot=in_language(lambda: _foot(row.digest), lang),
        at=dated(row.said_at, *(each.at for each in signatures)),
        blocks=(
            *_head(link, row, signatures, lang=lang),
            *(Paragraph(text=in_language(lambda: _standing(link, row, reign), each)) for each in order(lang)),
            *(Paragraph(text=in_language(_about, each), is_quiet=True) for each in order(lang)),
            *_articles(text, lang),
            *_end(link, lang),
        ),
    )


def _world(link: LinkRow, lang: Lang) -> Iterator[str]:
    if link.world != "live":
        yield told(lambda: _("WORLD: %(world)s, not the real thing") % {"world": link.world}, lang)


def _nodes(link: LinkRow, lang: Lang) -> tuple[str, ...]:
    nodes = {link.my_letter: link.me, link.their_letter: link.peer}
    found = tuple(nodes[letter] for letter in LETTERS)
    return found if lang == "en" else found[::-1]


def _head(link: LinkRow, row: DraftRow, signatures: tuple[Signature, ...], *, lang: Lang) -> Iterator[Block]:
    yield Facts(
        rows=(
            (told(lambda: _("Parties"), lang), " · ".join(_nodes(link, lang))),
            (told(lambda: _("Proposed in"), lang), f"{row.place} · {_when(row.said_at, lang)}"),
            *(((told(lambda: _("Instead of"), lang), row.amends),) if row.amends else ()),
            (told(lambda: _("In force from"), lang), _when(row.since, lang)),
            *(_signed(link, each, lang=lang) for each in signatures),
            (told(lambda: _("Digest of the text"), lang), row.digest),
        )
    )


def _signed(link: LinkRow, each: Signature, *, lang: Lang) -> tuple[str, str]:
    letter = link.my_letter if each.is_ours else link.their_letter
    numbers = ", ".join(map(str, each.persons))
    # A root signs without a number.
    persons = [told(lambda: _("Officers"), lang) + f" {numbers}"] if numbers else []
    return (
        told(lambda: _("Signed by party"), lang) + f" {letter}",
        " · ".join([each.place, _when(each.at, lang), *persons]),
    )


def _when(seconds: int, lang: Lang) -> str:
    return told(lambda: times.zulu(seconds), lang)


def _standing(link: LinkRow, row: DraftRow, reign: Reign | None) -> str:
    """Return how a text stands in one sentence, in the language in force, without a look at any clock."""
    signed = {link.my_letter: row.is_signed_by_us, link.their_letter: row.is_signed_by_them}
    letters = [letter for letter in LETTERS if signed[letter]]
    since = times.zulu(row.since)
    if reign is not None:
        return _reign(reign)
    if len(letters) == len(LETTERS):
        return _("Signed by both sides; it ended when the link was opened anew.")
    if row.stand is Stand.WITHDRAWN:
        return _("Withdrawn by the side that wrote it; not signed by both.")
    if letters:
        return _(
            "On the table, signed by party %(letter)s alone. "
            "It never holds if the other has not signed by %(since)s."
        ) % {"letter": letters[0], "since": since}
    return _("On the table, not signed. It never holds if both have not signed by %(since)s.") % {
        "since": since
    }


def _reign(reign: Reign) -> str:
    told_of = {"since": times.zulu(reign.since), "until": times.zulu(reign.until), "place": reign.then}
    if reign.until is None:
        return _("Signed by both sides, in force from %(since)s.") % told_of
    if reign.until == reign.since:
        return _("Signed by both sides, and never in force: %(place)s holds from the same instant.") % told_of
    return (
        _("Signed by both sides, in force from %(since)s to %(until)s, when %(place)s takes its place.")
        % told_of
    )


def _articles(text: Guideline, lang: Lang) -> Iterator[Block]:
    for article in articles_of(text):
        names = (article.en, article.zh) if lang == "en" else (article.zh, article.en)
        yield Heading(text=f"{article.number}. " + " · ".join(names))
        yield Table(
            head=("", *heads(lang)),
            rows=tuple(columns(each.number, en=each.en, zh=each.zh, lang=lang) for each in article.clauses),
            widths=(0, 10, 10),
            langs=("", *order(lang)),
        )


def _end(link: LinkRow, lang: Lang) -> Iterator[Block]:
    yield Heading(text=told(lambda: _("Signatures"), lang))
    yield Facts(rows=tuple((node, "\n\n") for node in _nodes(link, lang)))


def _foot(digest: str) -> str:
    return _("Digest of the text: %(digest)s") % {"digest": f"{digest[:8]} … {digest[-8:]}"}


def _about() -> str:
    return _("A copy for reading. What both sides sign is the text with this digest. All times are UTC.")
