"""What templates may say beyond Django's own words. Everything that others wrote comes out harmless.

{{ url|defang }}              hxxp://bank[.]example/a, never a link
{{ text|visible }}            hidden and turning characters made visible; line ends stay
{{ code|word:"STATES" }}      the word of `ui.words`
{{ seconds|zulu }}            <time> in UTC; with the shell's calendars on demand: {% when seconds %}
{{ seconds|span }}            2 d 3 h
"""

import re
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parley.ui import times, words
from parley.ui.defang import defang as defanged
from parley.ui.letters import CONTROL, HIDDEN

register = template.Library()

_UNSEEN: Final = re.compile(f"[{HIDDEN}{CONTROL}\u2028\u2029\ud800-\udfff]")


@register.filter
def defang(address: str) -> str:
    return visible(defanged(address))


@register.filter
def visible(text: str) -> str:
    return _UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


@register.filter
def word(code: str, table: str) -> str:
    labels: words.Labels = getattr(words, table)
    return words.label(code, labels)


@register.filter
def zulu(seconds: int | None) -> SafeString | str:
    moment = None if seconds is None else times.moment_of(seconds)
    if moment is None:
        return times.zulu(seconds)
    return format_html(
        '<time datetime="{}">{}</time>', moment.strftime("%Y-%m-%dT%H:%M:%SZ"), times.zulu(seconds)
    )


@register.filter
def span(seconds: int | None) -> str:
    return "–" if seconds is None else times.span(seconds)


@register.simple_tag(takes_context=True)
def when(context: template.RequestContext, seconds: int | None) -> SafeString | str:
    """Write an instant in UTC, with what the clocks of the sides on this page show then as its title."""
    moment = None if seconds is None else times.moment_of(seconds)
    if seconds is None or moment is None:
        return times.zulu(seconds)
    clocks: tuple[Any, ...] = getattr(context.get("shell"), "clocks", ())
    shown = [f"{each.name}: {times.local(seconds, offset=each.offset_at(seconds))}" for each in clocks]
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        " · ".join(shown),
        times.zulu(seconds),
    )
