"""One thread on paper, as neither side's: its statements in one order, its instants on both sides' clocks.

Nothing on such a paper is of one side alone: no names of our people, no clock of the reader, nothing of what
is proved here and not yet there. So two nodes that hold the same record, and the same words of it, print the
same bytes in the same language. What a statement says in words, each room tells. Source: screens §12, D27.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.telling import effect_text, hand_text, kind_text
from parley.inquiries.views.showing.proving import Proven, foot_of, running_of
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.timeline import Timeline, Told
from parley.protocol.officetime import Calendar
from parley.ui import pieces, times, words
from parley.ui.paper.blocks import Block, Heading, Paper, Paragraph, Words, dated


@dataclass(frozen=True, slots=True, kw_only=True)
class SideClock:
    """The clock of a side by its calendar in the terms."""

    name: str
    calendar: Calendar

    def offset_at(self, seconds: int) -> int:
        """Return the minutes from UTC that its clocks show then."""
        return self.calendar.offset(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread that is printed: `place` is that of its opening, `statements` by their times."""

    link: LinkRow
    place: str
    statements: tuple[Told, ...]
    unshown: int
    clocks: tuple[SideClock, ...]

    @property
    def proven(self) -> tuple[Proven, ...]:
        """Return the statements as the last page names them."""
        return tuple(map(_proven, self.statements))

    def side(self, node: str) -> str:
        """Return a side as papers call it."""
        return _side(self.link.my_letter if node == self.link.me else self.link.their_letter)

    def on_both(self, seconds: int) -> str:
        """Return an instant in UTC and on the clocks of both sides."""
        return " · ".join((times.planned(seconds), *pieces.on_clocks(seconds, self.clocks)))


def thread_of(reader: Reader, link: LinkRow, place: str, *, timeline: Timeline) -> Thread:
    """Return the thread that was opened at `place`, with the clocks by which both sides work now."""
    terms = reader.terms(link.name)
    letters = {link.my_letter: link.me, link.their_letter: link.peer}
    clocks = () if terms is None else ((each, terms.calendars[letters[each]]) for each in sorted(letters))
    return Thread(
        link=link,
        place=place,
        statements=tuple(sorted(timeline.statements, key=lambda each: _proven(each).order)),
        unshown=timeline.unshown,
        clocks=tuple(SideClock(name=_side(letter), calendar=calendar) for letter, calendar in clocks),
    )


def paper_in(
    thread: Thread, *, title: str, blocks: Iterable[Block], told: tuple[str, ...] = (), marking: str = ""
) -> Paper:
    """Return the paper of a thread; `told` stands over each page, behind its place."""
    return Paper(
        title=title,
        lang="zh" if words.is_chinese() else "en",
        running=running_of(thread.link, thread.place, *told),
        foot=foot_of(thread.proven),
        at=dated(*(each.effective for each in thread.statements)),
        marking=marking,
        blocks=tuple(blocks),
    )


def all_said(
    thread: Thread, *, codes: Callable[[Told], str], texts: Callable[[Told], Iterable[Text]]
) -> Iterator[Block]:
    """Yield what both sides said: of each statement who, when and what, by its codes and in words."""
    yield Heading(text=_("What was said"))
    yield Paragraph(
        text=_("Times without a zone are UTC, each by the clock of the side that spoke."), is_quiet=True
    )
    if thread.unshown:
        yield Paragraph(
            text=ngettext(
                "%(count)d more statement without effect is not printed.",
                "%(count)d more statements without effect are not printed.",
                thread.unshown,
            )
            % {"count": thread.unshown}
        )
    for each in thread.statements:
        side = thread.side(thread.link.me if each.is_ours else thread.link.peer)
        yield Heading(text=" · ".join((each.place, side, kind_text(each.kind))), level=3)
        yield Paragraph(text=" · ".join(filter(None, _when(each))), is_quiet=True)
        told = " · ".join(filter(None, (effect_text(each.verdict), codes(each))))
        if told:
            yield Paragraph(text=told)
        yield from (Words(text=text.text, lang=text.language) for text in texts(each))


def _when(told: Told) -> Iterator[str]:
    yield hand_text(told.role, told.officer, told.signers)
    yield _("said %(at)s") % {"at": times.stamp(told.effective)}
    if told.answers:
        yield _("answers %(place)s") % {"place": told.answers}
    if told.ref:
        yield words.said_of(_("Registry number"), pieces.visible(told.ref))


def _proven(told: Told) -> Proven:
    return Proven(place=told.place, statement=told.statement, at=told.effective, verdict=told.verdict)


def _side(letter: str) -> str:
    return _("Side %(letter)s") % {"letter": letter}
