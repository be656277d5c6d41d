"""No template of the house can be made to run anything, or to lead anywhere that nobody chose."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.template.base import Lexer, Token, TokenType

import parley

SOURCE: Final = Path(parley.__file__).parent
TEMPLATES: Final = sorted(SOURCE.glob("*/templates/**/*.html"))
NAMES: Final = [str(path.relative_to(SOURCE)) for path in TEMPLATES]
ADDRESSES: Final = frozenset({"url", "static", "without_query"})
"""The tags that write an address of this node."""
MADE: Final = re.compile(r"(?:^|[._])href$")
"""A view may make the address itself, with `reverse`, where a tag for each of fifty rows costs too much."""
CHECKED: Final = frozenset(
    {
        # Where to go on after signing in: held to this node by `agencies.views._next`, or the request's own.
        "agencies/go_on.html: next",
        "agencies/once_more.html: next",
        # The page before and after, and the quick filters: a query of the same page.
        "inquiries/_rows.html: move.value",
        "inquiries/list.html: each.value",
        "inquiries/list.html: query",
        "inquiries/list.html: inquiries_query",
        "inquiries/batch.html: other",
        # The start page of the demonstration leads to the two nodes that it has started.
        "demo/player.html: language",
        "demo/start.html: language",
        "demo/sides.html: side.address",
        "demo/group_round.html: side.public",
    }
)
ATTRIBUTE: Final = re.compile(
    r"""\b(?:href|src|action|formaction|hx-get|hx-post)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)"""
)
HERE: Final = frozenset({"request.path", "request.get_full_path"})


def tokens(path: Path) -> list[Token]:
    return Lexer(path.read_text(encoding="utf-8")).tokenize()


def flat(path: Path) -> str:
    """Return the template with its tags for addresses as ~, its variables as ‹name›, and no other tags."""

    def shown(token: Token) -> str:
        match token.token_type:
            case TokenType.TEXT:
                return token.contents
            case TokenType.VAR:
                return f"‹{token.contents.partition('|')[0].strip()}›"
            case TokenType.BLOCK:
                return "~" if token.split_contents()[0] in ADDRESSES else ""
            case _:
                return ""

    return "".join(shown(token) for token in tokens(path))


def named(path: Path) -> set[str]:
    """Return the variables that hold an address which a tag of the template itself made."""
    parts = (token.split_contents() for token in tokens(path) if token.token_type is TokenType.BLOCK)
    return {words[-1] for words in parts if words[0] == "url" and words[-2:-1] == ["as"]}


def is_foreign(name: str, known: set[str]) -> bool:
    return name not in known and not MADE.search(name)


def foreign(path: Path) -> Iterator[str]:
    """Yield the variables that decide where something leads, and that no tag made."""
    known = named(path) | HERE
    for value in ATTRIBUTE.findall(flat(path)):
        bare = value.strip("\"'")
        # What follows a ? or # of this very page cannot lead elsewhere.
        if bare[:1] in {"?", "#"}:
            continue
        beginning = re.split(r"[?#]", bare)[0]
        yield from (name for name in re.findall("‹(.*?)›", beginning) if is_foreign(name, known))


def test_there_are_templates() -> None:
    assert "ui/templates/ui/base.html" in NAMES


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_nothing_is_inline(path: Path) -> None:
    text = flat(path)

    assert not re.search(r"<style\b", text, re.IGNORECASE)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text, re.IGNORECASE)
    assert not re.search(r"<[^>]*\sstyle\s*=", text, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text, re.IGNORECASE)
    assert "javascript:" not in text.lower()
    assert "hx-on" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_nothing_is_called_safe(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe(?:seq)?\b", text)
    assert "autoescape" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_addresses_are_made_here(path: Path) -> None:
    found = {f"{path.parent.name}/{path.name}: {name}" for name in foreign(path)}

    assert found - CHECKED == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_new_tab_knows_nothing_of_this_one(path: Path) -> None:
    links = re.findall(r"<a\b[^>]*target\s*=\s*[\"']?_blank[^>]*>", flat(path))

    assert all("noopener" in link for link in links)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_form_that_does_something_has_its_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forms = re.findall(
        r"<form\b[^>]*method\s*=\s*[\"']?post[^>]*>.*?</form>", text, re.IGNORECASE | re.DOTALL
    )

    assert all("{% csrf_token %}" in form or "{% include" in form for form in forms)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_page_has_at_most_one_headline_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    branches = len(re.findall(r"{% (?:else|elif)", text))

    assert len(re.findall(r"<h1\b", text)) <= 1 + branches
