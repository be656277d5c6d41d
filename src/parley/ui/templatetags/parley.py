"""What templates may say beyond Django's own words. Everything that others wrote comes out harmless.

{{ url|defang }}              hxxp://bank[.]example/a, never a link
{{ text|visible }}            hidden and turning characters made visible; line ends stay
{% prose said %}              words of people, with their language
{{ code|word:"STATES" }}      the word of `ui.words`
{{ seconds|zulu }}            <time> in UTC; with what the clocks of both sides show: {% when seconds %}
{{ seconds|exact }}           the same to the second, for what both sides do at one instant
{{ seconds|span }}            2 d 3 h
{% due seconds %}             in 2 d 3 h · Wed 7 Oct 2026 21:00Z
{% ringing seconds %}         01:42, since then; {% countdown seconds %}, until then
{% chip "soon" text %}        a label with its sign; {% direction row %}, {% move row %} for inquiries
{% state_counts row.states %} 12 answered · 8 sent; {% meter done total %} as a bar
{{ row.place|place_path }}    A-112, as it stands in an address

How they look is decided in `ui/pieces.py` and `static/ui/components.css`.
"""

from collections.abc import Sequence

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from parley.ui import pieces, times, words
from parley.ui.defang import defang as defanged

register = template.Library()
register.filter(pieces.visible)
register.filter(pieces.grouped)
register.filter(pieces.exact)
register.simple_tag(pieces.chip)
register.simple_tag(pieces.direction)
register.simple_tag(pieces.move)
register.simple_tag(pieces.flags)
register.simple_tag(pieces.state_counts)
register.simple_tag(pieces.meter)
register.simple_tag(pieces.prose)
register.simple_tag(pieces.field_error)


@register.simple_tag(takes_context=True)
def ringing(context: template.Context, seconds: int) -> str:
    """Write for how long something has gone on since an instant, as a counter does: ``01:42``."""
    return times.counter(_now(context) - seconds)


@register.simple_tag(takes_context=True)
def countdown(context: template.Context, seconds: int) -> str:
    """Write how long it is until an instant, likewise."""
    return times.counter(seconds - _now(context))


@register.simple_tag
def gap() -> str:
    """Write what stands between two sentences: a space, and nothing in Chinese."""
    return "" if words.is_chinese() else " "


@register.simple_tag
def aside(text: str) -> str:
    """Write `text` in the brackets of the language, to follow what it explains."""
    return words.aside(pieces.visible(text))


@register.filter
def defang(address: str) -> str:
    return pieces.visible(defanged(address))


@register.filter
def word(code: str, table: str) -> str:
    labels: words.Labels = getattr(words, table)
    return words.label(code, labels)


@register.filter
def zulu(seconds: int | None) -> SafeString | str:
    return pieces.instant(seconds, clocks=())


@register.filter
def span(seconds: int | None) -> str:
    return "–" if seconds is None else times.span(seconds)


@register.filter
def place_path(place: str) -> str:
    """Return a place as it stands in an address: ``A 112`` is ``A-112``."""
    return place.replace(" ", "-")


@register.simple_tag(takes_context=True)
def when(context: template.Context, seconds: int | None) -> SafeString | str:
    """Write an instant in UTC, with what the clocks of the sides on this page show then as its title."""
    return pieces.instant(seconds, clocks=_clocks(context))


@register.simple_tag(takes_context=True)
def sides(context: template.Context, seconds: int | None) -> SafeString | str:
    """Write an instant in UTC and on the clock of each side, one line each."""
    return pieces.sides(seconds, clocks=_clocks(context))


@register.simple_tag(takes_context=True)
def sides_exactly(context: template.Context, seconds: int | None) -> SafeString | str:
    """Write the same to the second."""
    return pieces.sides(seconds, clocks=_clocks(context), to=times.SECOND)


@register.simple_tag(takes_context=True)
def due(
    context: template.Context, seconds: int | None, *, now: int | None = None, short: bool = False
) -> SafeString | str:
    """Write a due time: how long from `now` (of the request, if it is not given), and when."""
    return pieces.due(
        seconds, now=_now(context) if now is None else now, clocks=_clocks(context), short=short
    )


@register.simple_tag(takes_context=True)
def without_query(context: template.Context, *names: str) -> str:
    """Return the query of this page without the parameters `names`, to append others: ``a=1&``."""
    request: HttpRequest = context["request"]
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""


def _clocks(context: template.Context) -> Sequence[pieces.Clock]:
    return getattr(context.get("shell"), "clocks", ())


def _now(context: template.Context) -> int:
    return int(getattr(context.get("request"), "now", 0))
