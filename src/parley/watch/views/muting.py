"""Ring my phone instead: the screens of whoever has the watch are silent for some minutes.

GET   for how long, and which phone rings instead
POST  do=mute    silent from now on, `minutes` or what is left of the hour's share
      do=sound   the screens sound again, by the word of any officer
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.ui import times
from parley.watch import actions, queries
from parley.watch.beats import Fallback, NobodyAnswersError, stand_in
from parley.watch.forms import channel_word
from parley.watch.policy.mute import HOUR, MUTE_SECONDS, left_of_hour, mute_at
from parley.work.sock import CoreError

MINUTES = (5, 10, 15)


@require_http_methods(["GET", "HEAD", "POST"])
def mute(request: PersonRequest) -> HttpResponse:
    deed = request.POST.get("do", "")
    if request.method != "POST":
        return _page(request, _phone(request), errors=[])
    if deed == "sound":
        actions.sound_again(request.officer.number, now=request.now)
        return HttpResponseRedirect("/desk/")
    phone, minutes = _phone(request), request.POST.get("minutes", "")
    if deed != "mute" or minutes not in {str(each) for each in MINUTES}:
        return _page(request, phone, errors=[("minutes", _("Choose for how long."))], status=400)
    wrong = _tried(lambda: _mute(request, phone, int(minutes)))
    if wrong:
        return _page(request, phone, errors=[("minutes", wrong)], status=422)
    return HttpResponseRedirect("/desk/")


def _phone(request: PersonRequest) -> Fallback | None:
    try:
        return stand_in(settings.HOME, request.officer.number)
    except (NobodyAnswersError, CoreError):
        return None


def _mute(request: PersonRequest, phone: Fallback | None, minutes: int) -> None:
    actions.mute_desk(request.officer.number, seconds=minutes * 60, stand_in=phone, now=request.now)


def _tried(act: Callable[[], None]) -> str:
    """Return what stands in the way of `act`; nothing, once it is done."""
    try:
        act()
    except actions.NotHeldError:
        return _("You do not have the watch: your screens are not what the desk is watched by.")
    except actions.NoPhoneError:
        return _("No phone of yours can be counted on to ring. The desk goes on sounding.")
    except actions.MutedEnoughError as error:
        said = _("The desk was silent for 15 minutes of this hour. It may be muted again at %(time)s.")
        return said % {"time": times.zulu(error.free_at)}
    return ""


def _page(
    request: PersonRequest, phone: Fallback | None, *, errors: list[tuple[str, str]], status: int = 200
) -> HttpResponse:
    mutes, held = queries.mutes(since=request.now - HOUR), queries.watch_now()
    left = left_of_hour(mutes, request.now)
    page = {
        "held": held,
        "is_mine": held is not None and held.officer == request.officer.number,
        "muted": mute_at(mutes, request.now),
        "phone": phone,
        "phone_word": "" if phone is None else channel_word(phone.channel.value),
        "minutes": [each for each in MINUTES if each * 60 <= left],
        "left_minutes": left // 60,
        "most_minutes": MUTE_SECONDS // 60,
        "errors": errors,
    }
    return render(request, "watch/mute.html", page, status=status)
