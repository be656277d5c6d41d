"""Small pieces of a page that many pages show: a label with its sign, a due time, a count, words of people.

Each is a function from values to HTML that nothing written by others can leave. A state is
never told by colour alone: the sign in front of a label comes from the style sheet, the word
is here.

    ▲ act   ● soon   ■ ours   □ theirs   ◆ check   ✔ proved   ✖ failed   ▒ stays

Source: screens §5.5, §13; security I5.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.ui import times, words
from parley.ui.letters import CONTROL, HIDDEN

SIGNS: Final = frozenset({"act", "soon", "ours", "theirs", "check", "proved", "failed", "plain", "stays"})
"""The kinds of labels that `ui/components.css` draws."""
SOON_SECONDS: Final = 86_400
GROUP: Final = 5

_UNSEEN: Final = re.compile(f"[{HIDDEN}{CONTROL}\u2028\u2029\ud800-\udfff]")
_LANGUAGES: Final = frozenset({"en", "zh-Hans"})


class Clock(Protocol):
    """A side's clock as the frame of the page knows it."""

    @property
    def name(self) -> str: ...

    def offset_at(self, seconds: int) -> int: ...


class Row(Protocol):
    """What is shown of an inquiry beside its title."""

    @property
    def is_ours(self) -> bool: ...

    @property
    def move(self) -> str: ...

    @property
    def urgency(self) -> str: ...

    @property
    def crossed(self) -> int: ...

    @property
    def disputed(self) -> int: ...

    @property
    def is_closed(self) -> bool: ...


def visible(text: str) -> str:
    """Return `text` with what hides, turns or controls made visible; line ends stay."""
    return _UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def chip(kind: str, text: str) -> SafeString:
    """Return a label. Its sign is drawn by its class.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in SIGNS:
        raise ValueError(f"expected one of {', '.join(sorted(SIGNS))}, found {kind!r}")
    return format_html('<span class="chip {}">{}</span>', kind, text)


def instant(seconds: int | None, *, clocks: Iterable[Clock], text: str | None = None) -> SafeString | str:
    """Return an instant as `text`, or in UTC, with what the clocks of the sides show then as its title."""
    moment = None if seconds is None else times.moment_of(seconds)
    shown = times.zulu(seconds) if text is None else text
    if seconds is None or moment is None:
        return shown
    title = " · ".join(on_clocks(seconds, clocks))
    machine = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if not title:
        return format_html('<time datetime="{}">{}</time>', machine, shown)
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, shown)


def exact(seconds: int | None) -> SafeString | str:
    """Return an instant in UTC to the second, and nothing of any side: the same on every node."""
    return instant(seconds, clocks=(), text=times.zulu(seconds, to=times.SECOND))


def on_clocks(seconds: int, clocks: Iterable[Clock], *, to: str = times.MINUTE) -> tuple[str, ...]:
    """Return what the clock of each side shows at an instant, each with the side's name."""
    return tuple(
        words.said_of(each.name, times.local(seconds, offset=each.offset_at(seconds), to=to))
        for each in clocks
    )


def sides(seconds: int | None, *, clocks: Iterable[Clock], to: str = times.MINUTE) -> SafeString | str:
    """Return an instant as a list: in UTC, and on the clock of each side."""
    if seconds is None:
        return times.zulu(None)
    lines = (times.planned(seconds, to=to), *on_clocks(seconds, clocks, to=to))
    return format_html(
        '<ul class="instants">{}</ul>', format_html_join("", "<li>{}</li>", ((x,) for x in lines))
    )


def due(seconds: int | None, *, now: int, clocks: Iterable[Clock], short: bool = False) -> SafeString | str:
    """Return a due time as people plan with it: how long from `now`, and when. `short`: no date."""
    if seconds is None:
        return "–"
    left = seconds - now
    if left < 0:
        kind, said = "act", _("overdue by %(span)s") % {"span": times.span(left)}
    else:
        kind, said = "soon" if left < SOON_SECONDS else "plain", _("in %(span)s") % {"span": times.span(left)}
    if short:
        return format_html('<span class="due {}">{}</span>', kind, instant(seconds, clocks=clocks, text=said))
    at = instant(seconds, clocks=clocks, text=times.planned(seconds))
    return format_html('<span class="due {}">{}</span> <span class="due-at">{}</span>', kind, said, at)


def direction(row: Row) -> SafeString:
    """Return which side asks."""
    return chip("ours", _("we ask")) if row.is_ours else chip("theirs", _("they ask"))


def move(row: Row) -> SafeString:
    """Return whose move it is."""
    whose = str(row.move)
    if whose == "nobody":
        return chip("plain", _("nobody's move"))
    if whose == "both":
        return chip("ours", _("both sides' move"))
    return (
        chip("ours", _("our move")) if (whose == "asker") == row.is_ours else chip("theirs", _("their move"))
    )


def flags(row: Row) -> SafeString:
    """Return what is out of the ordinary about an inquiry: its urgency, crossed, disputed, closed."""
    found = (
        ("act" if row.urgency == "U0" else "soon", words.urgency(row.urgency), row.urgency in {"U0", "U1"}),
        ("check", _("crossed"), row.crossed),
        ("check", _("disputed"), row.disputed),
        ("plain", _("closed"), row.is_closed),
    )
    return format_html_join(" ", "{}", ((chip(kind, text),) for kind, text, is_so in found if is_so))


def state_counts(states: Mapping[str, int]) -> SafeString:
    """Return how many items are in each state, the states in the order of their table."""
    order = [
        *(state for state in words.STATES if state in states),
        *(each for each in states if each not in words.STATES),
    ]
    lines = (
        _("%(count)d %(state)s") % {"count": states[state], "state": words.label(state, words.STATES)}
        for state in order
    )
    return format_html_join(" · ", '<span class="nowrap">{}</span>', ((line,) for line in lines))


def meter(done: int, total: int) -> SafeString:
    """Return how far `done` of `total` items are, as a bar and in words."""
    text = ngettext("%(done)d of %(total)d item", "%(done)d of %(total)d items", total) % {
        "done": done,
        "total": total,
    }
    return format_html(
        '<span class="meter"><progress max="{}" value="{}" aria-label="{}"></progress>'
        " <span>{}</span></span>",
        max(total, 1),
        done,
        text,
        text,
    )


def prose(said: object, *, inline: bool = False) -> SafeString:
    """Return words of people, with their language: a body's ``{"lang": …, "text": …}``, or bare text."""
    language, text = ("", said) if not isinstance(said, Mapping) else (said.get("lang"), said.get("text"))
    name = "span" if inline else "div"
    mark = format_html(' lang="{}"', language) if language in _LANGUAGES else SafeString("")
    shown = visible("" if text is None else str(text))
    return format_html('<{} class="prose"{}>{}</{}>', SafeString(name), mark, shown, SafeString(name))


def field_error(errors: Sequence[tuple[str, str]], field: str) -> SafeString | str:
    """Return what is wrong with `field`, to stand at it; nothing where nothing is."""
    found = [text for anchor, text in errors if anchor == field]
    if not found:
        return ""
    lines = format_html_join("", "<span>{}</span>", ((text,) for text in found))
    return format_html('<p class="error" id="{}-error">{}</p>', field, lines)


def grouped(text: str) -> SafeString:
    """Return a long name in groups of five, so that two people can compare it by voice."""
    groups = (text[start : start + GROUP] for start in range(0, len(text), GROUP))
    return format_html(
        '<span class="mono grouped">{}</span>', format_html_join(" ", "{}", ((each,) for each in groups))
    )
