"""What one side sees coming from the other's own territory, each way, with what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.ledger.readers import link_called, side_name
from parley.sharing.queries import Notices, notices
from parley.sharing.views.listing import Line, line_of
from parley.ui import sharewords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The notices of one way, in words."""

    notices: Notices
    lines: tuple[Line, ...]
    counts: tuple[tuple[str, int], ...]
    cleaned: tuple[tuple[str, int], ...]


@require_safe
def noticed(request: PersonRequest, link: str) -> HttpResponse:
    found = link_called(settings.HOME, link)
    if found is None:
        raise Http404
    side = side_name(found.row)
    page = {
        "link": link,
        "side": side,
        "ours": _way(link, side, is_ours=True, now=request.now),
        "theirs": _way(link, side, is_ours=False, now=request.now),
        "may_act": may_act(request.officer.role) and found.terms is not None,
    }
    return render(request, "sharing/notices.html", page)


def _way(link: str, side: str, *, is_ours: bool, now: int) -> Way:
    found = notices(link, is_ours=is_ours)
    return Way(
        notices=found,
        lines=tuple(line_of(row, {link: side}, now=now) for row in found.rows),
        counts=_worded(found.counts, sharewords.THINGS),
        cleaned=_worded(found.cleaned, sharewords.CLEANED),
    )


def _worded(numbers: Mapping[str, int], labels: words.Labels) -> tuple[tuple[str, int], ...]:
    return tuple((words.label(code, labels), numbers[code]) for code in labels if code in numbers)
