"""One page for principals, and the same as a PDF file: seven lines on one link, and five before a talk.

Every line leads to the page that shows the rest, and no line is longer than what can be said in one breath.
The paper is of one side and one moment: it is ours, and no copy of it is on the other node.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.dialogue.queries.summary import Date, Next, Sides, Summary, Talk, summary_of, talk_of
from parley.dialogue.views.finding import opened_link
from parley.hotline.queries import CallRow
from parley.inquiries.queries import InquiryRow
from parley.ledger.home import read_config
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.ledger.reading import Reader
from parley.ui import dialoguewords, times, words
from parley.ui.paper.blocks import Facts, Heading, Paper, Paragraph
from parley.ui.paper.printing import MEDIA_TYPE, printed
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """One line: what it is about, what is so, where the rest is shown. `is_pressing`: somebody should act."""

    name: str
    text: str
    href: str
    is_pressing: bool = False


@require_safe
def summary(request: PersonRequest, link: str) -> HttpResponse:
    found, page = _told(request, link)
    return render(
        request,
        "dialogue/summary.html",
        {"row": found.row, "side": side_name(found.row), "now": request.now, **page},
    )


@require_safe
def summary_paper(request: PersonRequest, link: str) -> HttpResponse:
    """Answer with the page as a PDF file, in the language of whoever asks."""
    found, page = _told(request, link)
    seven, five = (
        Facts(rows=tuple((each.name, each.text) for each in page[part])) for part in ("seven", "five")
    )
    paper = Paper(
        title=_title(side_name(found.row)),
        lang="zh" if words.is_chinese() else "en",
        running=f"{read_config(settings.HOME).node} · {found.row.peer}",
        foot=_("Ours alone, as of %(instant)s") % {"instant": times.zulu(request.now)},
        at=request.now,
        blocks=(
            seven,
            Heading(text=_before_talk(side_name(found.row))),
            five,
            Paragraph(text=_("Read from the record at one moment. All times are UTC."), is_quiet=True),
        ),
    )
    return HttpResponse(
        printed(paper),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="summary-{link}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _told(request: PersonRequest, link: str) -> tuple[OpenLink, dict[str, tuple[SummaryLine, ...]]]:
    found, reader = opened_link(link), reader_of(settings.HOME)
    if reader is None:
        raise Http404
    seven, five = summary_lines(settings.HOME, reader, found, now=request.now)
    return found, {"seven": seven, "five": five}


def summary_lines(
    home: Home, reader: Reader, link: OpenLink, *, now: int
) -> tuple[tuple[SummaryLine, ...], tuple[SummaryLine, ...]]:
    """Return the seven lines on a link at `now`, and the five before a talk."""
    told, side = summary_of(home, reader, link, now=now), side_name(link.row)
    talk = talk_of(link, now=now)
    return (
        tuple(_seven(told, side=side, now=now)),
        tuple(_five(talk, link=link.row.link, side=side, now=now)),
    )


def _title(side: str) -> str:
    return _("On one page: %(side)s") % {"side": side}


def _before_talk(side: str) -> str:
    return _("Five lines before you speak with %(side)s") % {"side": side}


# ---- Seven lines


def _seven(told: Summary, *, side: str, now: int) -> Iterator[SummaryLine]:
    link = told.link.row.link
    inquiries = reverse("inquiries:list", kwargs={"link": link})
    yield _link_line(told, now=now)
    urgent = told.urgent.us + told.urgent.them + len(told.calls)
    calls = ngettext("%(number)d call", "%(number)d calls", len(told.calls)) % {"number": len(told.calls)}
    yield SummaryLine(
        name=_("Open and urgent"),
        text=words.clauses((_asked(told.urgent, side=side), calls)) if urgent else _("nothing"),
        href=reverse("hotline:list") if told.calls else f"{inquiries}?{urlencode({'standing': 'open'})}",
        is_pressing=bool(urgent),
    )
    yield SummaryLine(
        name=_("Overdue"),
        text=_owed(told.overdue, side=side),
        href=f"{inquiries}?{urlencode({'overdue': 1})}",
        is_pressing=bool(told.overdue.us),
    )
    yield _round_line(told)
    yield SummaryLine(
        name=_("Commitments overdue"),
        text=_owed(told.late, side=side),
        href=f"{reverse('dialogue:commitments')}?{urlencode({'link': link})}",
        is_pressing=bool(told.late.us),
    )
    yield _exercise_line(told)
    yield _next_line(told.next, link=link)


def _link_line(told: Summary, *, now: int) -> SummaryLine:
    row = told.link.row
    if not row.is_active:
        text = _("the link is not open")
    elif told.heard_at is None:
        text = _("open; their node was not heard yet")
    else:
        text = _("open; their node was heard %(span)s ago") % {
            "span": times.span(max(now - told.heard_at, 0))
        }
    if told.stopped:
        text = words.clauses((text, _("something is suspended")))
    page = "links:suspensions" if told.stopped else "links:link"
    href = reverse(page, kwargs={"link": row.link})
    return SummaryLine(
        name=_("Link"), text=text, href=href, is_pressing=bool(told.stopped) or not row.is_active
    )


def _asked(sides: Sides, *, side: str) -> str:
    told = {"ours": sides.us, "theirs": sides.them, "side": side}
    return _("asked by us: %(ours)d; by %(side)s: %(theirs)d") % told


def _owed(sides: Sides, *, side: str) -> str:
    if not sides.us and not sides.them:
        return _("nothing")
    return _("ours to do: %(us)d; %(side)s: %(them)d") % {"us": sides.us, "them": sides.them, "side": side}


def _round_line(told: Summary) -> SummaryLine:
    meeting = told.meeting
    if meeting is None:
        text, href = _("none was proposed yet"), reverse("dialogue:rounds")
        return SummaryLine(name=_("This round"), text=text, href=href)
    text = words.clauses(
        (
            _("round %(number)d") % {"number": meeting.number},
            words.label(meeting.state, dialoguewords.ROUND_STATES),
            words.label(meeting.outcome, dialoguewords.OUTCOME_STATES),
        )
    )
    href = reverse("dialogue:round", kwargs={"link": meeting.link, "place": meeting.place_path})
    return SummaryLine(name=_("This round"), text=text, href=href, is_pressing=meeting.is_my_move)


def _exercise_line(told: Summary) -> SummaryLine:
    if told.is_exercise:
        text = _("yes: all that stands here is an exercise")
    elif told.tests:
        text = ngettext(
            "%(number)d call that is a test is not over",
            "%(number)d calls that are tests are not over",
            len(told.tests),
        ) % {"number": len(told.tests)}
    else:
        text = _("no")
    return SummaryLine(
        name=_("Exercise today"),
        text=text,
        href=reverse("hotline:tests", kwargs={"link": told.link.row.link}),
    )


def _next_line(found: Next | None, *, link: str) -> SummaryLine:
    if found is None:
        text, href = _("none is agreed"), reverse("dialogue:rounds")
        return SummaryLine(name=_("Next date"), text=text, href=href)
    what = {
        Date.ROUND: _("the round begins"),
        Date.NEXT_ROUND: _("the next round begins"),
        Date.RELEASE: _("the outcomes are released"),
        Date.COMMITMENT: _("a commitment is due"),
    }[found.what]
    page = "dialogue:commitment" if found.what is Date.COMMITMENT else "dialogue:round"
    # Both sides act at that very second.
    to = times.SECOND if found.what is Date.RELEASE else times.MINUTE
    return SummaryLine(
        name=_("Next date"),
        text=words.said_of(times.planned(found.at, to=to), what),
        href=reverse(page, kwargs={"link": link, "place": found.place}),
    )


# ---- Five lines before a talk


def _five(talk: Talk, *, link: str, side: str, now: int) -> Iterator[SummaryLine]:
    they_wait = _("%(side)s waits for us") % {"side": side}
    yield _inquiry_line(talk.we_owe, name=they_wait, link=link, now=now)
    we_wait = _("We wait for %(side)s") % {"side": side}
    yield _inquiry_line(talk.they_owe, name=we_wait, link=link, now=now)
    yield _promise_line(talk, link=link)
    yield _case_line(talk)
    yield _call_line(talk.call)


def _inquiry_line(row: InquiryRow | None, *, name: str, link: str, now: int) -> SummaryLine:
    if row is None:
        return SummaryLine(
            name=name, text=_("for nothing"), href=reverse("inquiries:list", kwargs={"link": link})
        )
    told = [row.place, row.title]
    if row.due_at is not None:
        told.append(_("due %(instant)s") % {"instant": times.zulu(row.due_at)})
    if row.is_overdue(now):
        told.append(_("overdue"))
    place = {"link": link, "place": row.place.replace(" ", "-")}
    return SummaryLine(
        name=name,
        text=words.clauses(each for each in told if each),
        href=reverse("inquiries:page", kwargs=place),
    )


def _promise_line(talk: Talk, *, link: str) -> SummaryLine:
    row = talk.concern or talk.late
    if row is None:
        href = f"{reverse('dialogue:commitments')}?{urlencode({'link': link})}"
        return SummaryLine(
            name=_("Commitments"), text=_("none is overdue, and no concern is open"), href=href
        )
    what = _("a concern is open") if row is talk.concern else _("overdue")
    text = words.clauses((row.place, what, row.text_zh if words.is_chinese() else row.text_en))
    href = reverse("dialogue:commitment", kwargs={"link": link, "place": row.place_path})
    return SummaryLine(name=_("Commitments"), text=text, href=href, is_pressing=True)


def _case_line(talk: Talk) -> SummaryLine:
    row = talk.case
    if row is None:
        return SummaryLine(name=_("Joint cases"), text=_("none is open"), href=reverse("cases:list"))
    title = (row.title.zh or row.title.en) if words.is_chinese() else (row.title.en or row.title.zh)
    return SummaryLine(
        name=_("Joint cases"),
        text=words.clauses((*_counted(talk), row.place, *([title] if title else []))),
        href=reverse("cases:page", kwargs={"link": row.link, "place": row.place_path}),
    )


def _counted(talk: Talk) -> Iterator[str]:
    if talk.joined:
        yield ngettext("%(number)d is open", "%(number)d are open", talk.joined) % {"number": talk.joined}
    if talk.proposed:
        yield ngettext(
            "%(number)d is proposed and not joined", "%(number)d are proposed and not joined", talk.proposed
        ) % {"number": talk.proposed}


def _call_line(row: CallRow | None) -> SummaryLine:
    if row is None:
        return SummaryLine(name=_("Last call"), text=_("none yet"), href=reverse("hotline:list"))
    told = [row.place, times.zulu(row.opened_at), _("going on") if row.is_open else _("call closed")]
    return SummaryLine(
        name=_("Last call"),
        text=words.clauses(told),
        href=reverse("hotline:page", kwargs={"link": row.link, "place": row.place_path}),
        is_pressing=row.is_open,
    )
