"""The small parts of pages: right words, right order, and nothing that others wrote becomes markup."""

import re
from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils import translation

from parley.ui import pieces

NOW = 1_790_586_840
BAD = '<img src=x onerror=alert(1)>"\u202e{{ 7|add:7 }}'
SAFE = "&lt;img src=x onerror=alert(1)&gt;&quot;&lt;U+202E&gt;{{ 7|add:7 }}"


@dataclass(frozen=True, kw_only=True)
class Clock:
    name: str
    minutes: int

    def offset_at(self, _seconds: int) -> int:
        return self.minutes


@dataclass(frozen=True, kw_only=True)
class Row:
    is_ours: bool = True
    move: str = "asked"
    urgency: str = "U3"
    crossed: int = 0
    disputed: int = 0
    is_closed: bool = False


CLOCKS = (Clock(name="A", minutes=480), Clock(name="B", minutes=-240))


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def rendered(template: str, **values: object) -> str:
    return Template(template).render(Context(values))


@pytest.mark.parametrize("kind", sorted(pieces.SIGNS))
def test_a_label_carries_its_word(kind: str) -> None:
    assert pieces.chip(kind, "<b>") == f'<span class="chip {kind}">&lt;b&gt;</span>'


def test_a_label_of_an_unknown_kind_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="found 'red'"):
        pieces.chip("red", "x")


def test_an_instant_tells_the_clocks_of_both_sides() -> None:
    shown = pieces.instant(NOW, clocks=CLOCKS)

    assert 'datetime="2026-09-28T09:14:00Z"' in shown
    assert 'title="A: Mon 28 Sep 2026 17:14 (UTC+8) · B: Mon 28 Sep 2026 05:14 (UTC-4)"' in shown
    assert text_of(shown) == "28 Sep 2026 09:14Z"


def test_an_instant_may_be_unknown_or_no_day_at_all() -> None:
    assert pieces.instant(None, clocks=CLOCKS) == "–"
    assert pieces.instant(2**60, clocks=CLOCKS) == str(2**60)
    assert pieces.due(None, now=NOW, clocks=()) == "–"
    assert str(2**60) in text_of(pieces.due(2**60, now=NOW, clocks=()))


@pytest.mark.parametrize(
    ("left", "kind", "english"),
    [
        (183_600, "plain", "in 2 d 3 h Wed 30 Sep 2026 12:14Z"),
        (7_200, "soon", "in 2 h Mon 28 Sep 2026 11:14Z"),
        (0, "soon", "in 0 s Mon 28 Sep 2026 09:14Z"),
        (-10_800, "act", "overdue by 3 h Mon 28 Sep 2026 06:14Z"),
    ],
)
def test_a_due_time_says_how_long_and_when(left: int, kind: str, english: str) -> None:
    shown = pieces.due(NOW + left, now=NOW, clocks=())

    assert f'class="due {kind}"' in shown
    assert text_of(shown) == english


def test_a_short_due_time_keeps_the_instant_for_machines() -> None:
    shown = pieces.due(NOW + 7_200, now=NOW, clocks=CLOCKS, short=True)

    assert text_of(shown) == "in 2 h"
    assert 'datetime="2026-09-28T11:14:00Z"' in shown


@pytest.mark.parametrize(
    ("is_ours", "move", "english"),
    [
        (True, "asker", "our move"),
        (True, "asked", "their move"),
        (False, "asker", "their move"),
        (False, "asked", "our move"),
        (True, "both", "both sides' move"),
        (False, "nobody", "nobody's move"),
    ],
)
def test_whose_move_it_is_depends_on_who_asks(*, is_ours: bool, move: str, english: str) -> None:
    shown = pieces.move(Row(is_ours=is_ours, move=move))

    assert text_of(shown) == english.replace("'", "&#x27;")


def test_direction_and_flags_are_words() -> None:
    row = Row(is_ours=False, urgency="U0", crossed=2, disputed=1, is_closed=True)

    assert text_of(pieces.direction(row)) == "they ask"
    assert text_of(pieces.flags(row)) == "U0 FLASH crossed disputed closed"
    assert pieces.flags(Row()) == ""


def test_states_are_counted_in_the_order_of_their_table() -> None:
    counts = {"answered": 12, "sent": 8, "newer": 1}

    assert text_of(pieces.state_counts(counts)) == "8 sent · 12 answered · 1 newer"
    with translation.override("zh-hans"):
        assert text_of(pieces.state_counts(counts)) == "8项已发出 · 12项答复完毕 · 1项newer"


def test_a_bar_says_what_it_shows() -> None:
    shown = pieces.meter(12, 20)

    assert '<progress max="20" value="12" aria-label="12 of 20 items">' in shown
    assert text_of(shown).strip() == "12 of 20 items"
    assert 'max="1"' in pieces.meter(0, 0)


def test_words_of_people_keep_their_language_and_nothing_else() -> None:
    said = {"lang": "zh-Hans", "text": f"您好\n{BAD}"}

    assert pieces.prose(said) == f'<div class="prose" lang="zh-Hans">您好\n{SAFE}</div>'
    assert pieces.prose({"lang": '"><b>', "text": "x"}) == '<div class="prose">x</div>'
    assert pieces.prose(BAD, inline=True) == f'<span class="prose">{SAFE}</span>'
    assert pieces.prose(None) == '<div class="prose"></div>'


def test_an_error_stands_at_its_field() -> None:
    errors = (("title", "No <title>."), ("", "Something else."))

    assert pieces.field_error(errors, "title") == (
        '<p class="error" id="title-error"><span>No &lt;title&gt;.</span></p>'
    )
    assert pieces.field_error(errors, "facts") == ""
    assert rendered('{% field_error errors "title" %}') == ""


def test_long_names_are_told_in_groups() -> None:
    assert text_of(pieces.grouped("0123456789ab")) == "01234 56789 ab"


def test_tags_take_the_clocks_of_the_page_and_the_time_of_the_request() -> None:
    request = type("Request", (), {"now": NOW})()
    shell = type("Shell", (), {"clocks": CLOCKS})()

    assert "UTC-4" in rendered("{% when at %}", at=NOW, shell=shell)
    assert text_of(rendered("{% due at %}", at=NOW + 60, request=request)).startswith("in 1 min")
    assert text_of(rendered("{% due at now=0 short=True %}", at=60)) == "in 1 min"
    assert rendered("{% sides at %}", at=NOW, shell=shell).count("<li>") == 3


def test_filters_leave_no_address_and_no_sign_alive() -> None:
    assert rendered("{{ url|defang }}", url="http://bank.example/a") == "hxxp://bank[.]example/a"
    assert rendered("{{ text|visible }}", text=BAD) == SAFE
    assert rendered("{{ place|place_path }}", place="A 112") == "A-112"
    assert rendered('{{ code|word:"STATES" }}', code="answered") == "answered"
    assert text_of(rendered("{{ at|zulu }} {{ left|span }} {{ none|span }}", at=NOW, left=61, none=None)) == (
        "28 Sep 2026 09:14Z 1 min 1 s –"
    )


def test_an_error_summary_leads_to_the_fields() -> None:
    template = '{% include "ui/error_summary.html" %}'

    shown = rendered(template, errors=(("title", BAD), ("", "b")))

    assert '<a href="#title">' in shown
    assert "<img" not in shown
    assert 'tabindex="-1"' in shown
    assert rendered(template, errors=()).strip() == ""
