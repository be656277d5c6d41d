"""The watch is taken, handed over and left, by persons: each shown by name and secret, on one page for both.

take        nobody has it: whoever comes hears the sound, answers from the record, gives the secret
hand over   the officer who goes gives his or her secret too; in between nobody is without a watch
relieve     the officer who has it is away: whoever comes takes it, and the journal names both. Not while a
            screen of that officer is in view
leave       nobody comes: from then on phones ring at once
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parley.agencies.actions import WaitError, WrongSecretError
from parley.agencies.middleware import PersonRequest
from parley.watch import actions, queries
from parley.watch.beats import NobodyAnswersError, handing
from parley.watch.forms import path_word
from parley.watch.policy import NO_PHONES, NONE, Handing, Question
from parley.watch.policy.mute import mute_at
from parley.watch.queries import WatchRow
from parley.work.sock import CoreError

DEEDS: Final = ("take", "hand_over", "relieve", "leave")
MAX_TYPED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the page asks it, and what was typed."""

    name: str
    text: str
    typed: str


Errors = list[tuple[str, str]]
"""The field to which each leads, and what is wrong."""


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: PersonRequest) -> HttpResponse:
    held = queries.watch_now()
    try:
        said = handing(settings.HOME)
    except (NobodyAnswersError, CoreError):
        return _page(request, held, None, errors=[], status=503)
    if request.method != "POST":
        return _page(request, held, said, errors=[])
    deed = request.POST.get("do", "")
    if deed not in DEEDS:
        return _page(request, held, said, errors=[("", _("Choose what to do."))], status=400)
    errors = _tried(lambda: _do(deed, request, said))
    if errors:
        return _page(request, queries.watch_now(), said, errors=errors, status=422)
    return HttpResponseRedirect(reverse("watch:handover") if deed == "leave" else "/desk/")


def _do(deed: str, request: PersonRequest, said: Handing) -> None:
    now, outgoing = request.now, _secret(request, "outgoing")
    if deed == "leave":
        actions.leave_watch(outgoing, now=now)
        return
    taking = actions.Taking(
        incoming=_secret(request, "incoming"),
        sound_heard_at=now if request.POST.get("heard") == "yes" else 0,
        handing=said,
        answers={each: _answer(request.POST.get(each.value, "")) for each in Question},
        screen=request.POST.get("screen", "")[:64],
    )
    if deed == "hand_over":
        actions.hand_over(taking, outgoing=outgoing, now=now)
    else:
        actions.take_watch(taking, relieves=deed == "relieve", now=now)


def _secret(request: PersonRequest, who: str) -> actions.Secret:
    return actions.Secret(
        name=request.POST.get(f"{who}_name", ""), secret=request.POST.get(f"{who}_secret", "")
    )


def _answer(typed: str) -> str:
    """Return an answer as the record has it, whichever language it is typed in."""
    said = typed.strip()[:MAX_TYPED]
    if said in {_("none"), "无", "没有"}:
        return NONE
    return NO_PHONES if said in {_("phones"), "电话"} else said


def _question_text(question: Question) -> str:
    return {
        Question.OPEN_CALL: _("Which call is open?"),
        Question.DUE_FIRST: _("What of ours falls due first?"),
        Question.DEGRADED: _("Which path is degraded?"),
    }[question]


def _tried(act: Callable[[], None]) -> Errors:
    """Return what stands in the way of `act`; nothing, once it is done."""
    try:
        act()
    except actions.WrongAnswersError as error:
        return [(each.value, _wrong(each)) for each in error.questions]
    except actions.PresentError as error:
        return [("", _present(error))]
    except actions.HeldError as error:
        return [("", _("%(name)s has the watch, and hands it over.") % {"name": error.held.name})]
    except WaitError as error:
        return [("", _waits(error.seconds))]
    except tuple(_plain()) as error:
        return [_plain()[type(error)]]
    return []


def _present(error: actions.PresentError) -> str:
    said = _(
        "A screen of %(name)s is in view: nobody who is there is relieved. Have the watch handed over, "
        "with the name and secret of both. If nobody sits there, close that page; 20 s later it can be done."
    )
    return said % {"name": error.held.name}


def _waits(seconds: int) -> str:
    said = ngettext(
        "Too many wrong secrets: wait %(wait)s second.",
        "Too many wrong secrets: wait %(wait)s seconds.",
        seconds,
    )
    return said % {"wait": seconds}


def _plain() -> Mapping[type[Exception], tuple[str, str]]:
    return {
        WrongSecretError: ("incoming_name", _("A name and a secret do not belong together.")),
        actions.NotHeldError: ("outgoing_name", _("The officer who should hand it over does not have it.")),
        actions.SamePersonError: ("incoming_name", _("Nobody hands the watch over to himself or herself.")),
        actions.MayNotWatchError: ("incoming_name", _("Whoever may only look takes no calls, and no watch.")),
        actions.SoundError: ("heard", _("Play the sound, and say that you heard it.")),
        actions.UntestedError: (
            "phone",
            _("No phone of whoever takes the watch was tested within a day. The administrator tests one."),
        ),
    }


def _wrong(question: Question) -> str:
    said = _("Not what the record says: %(question)s Look again, and type it.")
    return said % {"question": _question_text(question)}


def _page(
    request: PersonRequest, held: WatchRow | None, said: Handing | None, *, errors: Errors, status: int = 200
) -> HttpResponse:
    tested_at = queries.phone_tested(request.officer.number)
    page = {
        "held": held,
        "is_mine": held is not None and held.officer == request.officer.number,
        "said": said,
        "degraded": () if said is None else tuple(path_word(each) for each in said.degraded),
        "muted": mute_at(queries.mutes(since=request.now), request.now),
        "is_present": held is not None and said is not None and held.officer in said.in_view,
        "asked": tuple(
            Asked(name=each.value, text=_question_text(each), typed=request.POST.get(each.value, ""))
            for each in Question
        ),
        "errors": errors,
        "wrong": {anchor for anchor, _text in errors},
        "tested_at": tested_at or None,
        "incoming_name": request.POST.get("incoming_name", ""),
        "outgoing_name": request.POST.get("outgoing_name", ""),
    }
    return render(request, "watch/handover.html", page, status=status)
