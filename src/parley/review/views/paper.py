"""The figures of a review as a paper, the annex to what both sides sign: the same bytes on both nodes.

Every figure stands with its number, its name, the paragraph that says how it is made, and, of a few, the
places that it counts. Sides are parties here, as in the record. The curves have the limits that held; the
period before is not on it. What both sides said to the figures, and their signatures, stand at the end, as
far as the record has them: so two nodes that hold the same print the same bytes. Source: screens §6.7.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import OpenLink
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.signatures import Signature
from parley.protocol.linetests.figures import Figure
from parley.review.queries import Number, ReviewRow, signatures_of, terms_at
from parley.review.views.contents import Beside, CallsTold, ClockTold, PartTold, Told, told_in
from parley.review.views.defining import definition_of
from parley.review.views.drawing import HEIGHT, WIDTH, Drawing, Tick
from parley.review.views.figures import cut_text
from parley.review.views.finding import Computed
from parley.review.views.tables import chosen
from parley.ui import testwords, times, words
from parley.ui.paper.blocks import Block, Curve, Facts, Heading, Paper, Paragraph, Table, Words
from parley.ui.paper.printing import MEDIA_TYPE, printed

Letters = Mapping[str, str]
_MILLE: Final = 1_000


@require_safe
def paper(request: PersonRequest, link: str, place: str) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer with the paper of a review, in the language of whoever asks."""
    found, reader, row, figures = chosen(link, place)
    answer = HttpResponse(printed(paper_of(reader, found, row, figures=figures)), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="review-{link}-{place}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def paper_of(reader: Reader, link: OpenLink, row: ReviewRow, *, figures: Computed) -> Paper:
    """Return the paper: nothing on it is of one side alone."""
    letters = {link.row.me: link.row.my_letter, link.row.peer: link.row.their_letter}
    beside = Beside(own="", terms=terms_at(reader, link.row, row.cut), before=None, curves={})
    return Paper(
        title=_("Review %(place)s: figures of a period") % {"place": row.place},
        lang="zh" if words.is_chinese() else "en",
        running=" · ".join(sorted(letters)),
        foot=figures.digest,
        at=row.said_at,
        blocks=(
            Facts(
                rows=(
                    (_("Period looked at"), f"{times.zulu(row.cut.since)} – {times.zulu(row.cut.until)}"),
                    (_("Proposed in"), row.place),
                    (_("Looked at"), cut_text(row.cut)),
                    (_("Digest, equal on both nodes"), figures.digest),
                )
            ),
            Paragraph(
                text=_("How each number is made is said in the paragraph of the specification beside it."),
                is_quiet=True,
            ),
            *_parts(figures, beside, letters),
            *_said(row, letters=(link.row.my_letter, link.row.their_letter)),
            *_signatures(signatures_of(reader, link.row, row), row, link.row),
        ),
    )


def _said(row: ReviewRow, *, letters: tuple[str, str]) -> Iterator[Block]:
    """Yield what both sides said to the figures, in the order of their times, ours no sooner than theirs."""
    if row.comments:
        yield Heading(text=_("What both sides say to it"))
    for each in sorted(row.comments, key=lambda said: (said.said_at, said.place)):
        letter = letters[0] if each.is_ours else letters[1]
        told = (_("Side %(letter)s") % {"letter": letter}, each.place, times.zulu(each.said_at), each.figure)
        yield Paragraph(text=" · ".join(filter(None, told)), is_quiet=True)
        yield Words(text=each.text, lang=each.language)


def _signatures(found: Sequence[Signature], row: ReviewRow, link: LinkRow) -> Iterator[Block]:
    if not found:
        return
    yield Heading(text=_("Signatures"))
    yield Table(
        head=(_("Party"), _("Statement"), _("Time"), _("Officers"), _("Digest")),
        rows=tuple(
            (
                link.my_letter if each.is_ours else link.their_letter,
                each.place,
                times.zulu(each.at),
                ", ".join(map(str, each.persons)),
                (row.ours if each.is_ours else row.theirs) or "–",
            )
            for each in found
        ),
        widths=(1, 2, 3, 2, 6),
    )


def _parts(figures: Computed, beside: Beside, letters: Letters) -> Iterator[Block]:
    told = told_in(figures.shown, beside, sides=letters)
    for part in (*told.parts, *told.apart):
        yield from _part(part, letters[part.part.asked])
    for letter in told.silent:
        yield Heading(text=_("Asked of side %(letter)s") % {"letter": letter})
        yield Paragraph(text=_("Nothing in this period."))
    for call in told.calls:
        yield from _call(call, letters[call.calls.caller])
    if told.others:
        yield Heading(text=_("Apart from these"))
        yield _numbers(told.others)
    if told.tests:
        yield Heading(text=_("Line tests of the period"))
        yield _tests([test for _text, test in told.tests])


def _part(part: PartTold, letter: str) -> Iterator[Block]:
    asked = _("Asked of side %(letter)s") % {"letter": letter}
    is_whole = not part.part.of
    yield Heading(text=asked if is_whole else words.said_of(asked, part.text))
    yield _numbers(part.head)
    if part.clocks:
        yield _clocks(part.clocks)
    for clock in part.clocks:
        # Of what is told apart the table is enough; its curve is on the page.
        if is_whole and clock.drawing is not None:
            yield from _curve(clock, clock.drawing)
    for text, numbers in part.groups:
        yield Heading(text=text, level=3)
        yield _numbers(numbers)
    if part.scores:
        yield Heading(text=_("How the answers were rated"), level=3)
        yield Table(
            head=(_("Inquiries rated"), "0", "1", "2", "3"),
            rows=tuple((text, *(str(each.count) for each in row)) for text, row in part.scores),
            widths=(3, 1, 1, 1, 1),
        )


def _numbers(numbers: Sequence[Told]) -> Table:
    return Table(
        head=(_("What"), _("How many"), _("Name of the figure"), _("Definition")),
        rows=tuple(
            (
                told.text,
                words.said_of(str(told.number.count), words.listed(each.text for each in told.few))
                if told.few
                else str(told.number.count),
                told.number.name,
                definition_of(told.number.name),
            )
            for told in numbers
        ),
        widths=(4, 3, 5, 0),
    )


def _clocks(clocks: Sequence[ClockTold]) -> Table:
    return Table(
        head=(
            _("Clock"),
            _("counted"),
            _("in time"),
            _("late"),
            _("open, overdue"),
            _("open, in time"),
            _("Share in time"),
            _("Median"),
            _("Nine of ten within"),
        ),
        rows=tuple(
            (
                clock.text,
                *(str(each.count) for each in _counts(clock)),
                "–" if clock.row.per_cent is None else f"{clock.row.per_cent}%",
                *(_span(seconds) for seconds in (clock.row.median, clock.row.p90)),
            )
            for clock in clocks
        ),
        widths=(3, 1, 1, 1, 1, 1, 1, 2, 2),
    )


def _counts(clock: ClockTold) -> Iterator[Number]:
    row = clock.row
    yield from (row.whole, row.met, row.missed, row.overdue, row.open)


def _span(seconds: int | None) -> str:
    return "–" if seconds is None else times.span(seconds)


def _curve(clock: ClockTold, drawing: Drawing) -> Iterator[Block]:
    caption = _("share still open after so long; open ones are counted")
    yield Heading(text=words.said_of(clock.text, caption), level=3)
    yield Curve(
        alt=words.said_of(clock.text, caption),
        steps=tuple((_across(x), y * _MILLE // HEIGHT) for x, y in drawing.steps),
        ticks=_ticks(drawing.ticks),
        limits=_ticks(drawing.limits),
    )
    if clock.limits:
        yield Paragraph(text=f"{_('Dashed: the limits')} {clock.limits}", is_quiet=True)
    yield Table(
        head=(_("After"), _("Watched longer"), _("Still open"), _("Definition")),
        rows=tuple((each.age, str(each.watched), f"{each.share}%", "§18.5.6") for each in drawing.marks),
        widths=(1, 1, 1, 1),
    )


def _across(x: int) -> int:
    return x * _MILLE // WIDTH


def _ticks(ticks: Sequence[Tick]) -> tuple[tuple[int, str], ...]:
    return tuple((_across(each.x), each.text) for each in ticks)


def _call(call: CallsTold, letter: str) -> Iterator[Block]:
    caller = _("Calls by side %(letter)s") % {"letter": letter}
    yield Heading(text=words.said_of(caller, call.urgency) if call.urgency else caller)
    yield _numbers(call.numbers)
    few = words.clauses(f"{place.text} {times.span(seconds)}" for place, seconds, _is_over in call.few)
    measured = _("half within %(half)s, nine of ten within %(most)s") % {
        "half": _span(call.calls.median),
        "most": _span(call.calls.p90),
    }
    yield Paragraph(text=f"{_('Until a person took it:')} {few or measured}")


def _tests(tests: Sequence[Figure]) -> Table:
    return Table(
        head=(
            _("Test"),
            _("Tests due"),
            _("in time"),
            _("late"),
            _("no answer"),
            _("not held"),
            _("Definition"),
        ),
        rows=tuple(
            (
                words.label(each.test.value, testwords.TESTS),
                *(str(n) for n in (each.total, each.ok, each.late, each.failed, each.not_held)),
                "§18.4.6",
            )
            for each in tests
        ),
        widths=(3, 1, 1, 1, 1, 1, 1),
    )
