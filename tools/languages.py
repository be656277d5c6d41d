"""Bring the Chinese catalogue up to the texts in the code (./run shell python tools/languages.py).

New texts are added without a translation and printed, so that somebody writes one; texts that are gone are
dropped; `django.mo`, which is what Django reads, is written anew. tests/house/test_languages.py looks on.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polib
from django.template.base import Lexer, TokenType

SOURCE: Final = Path(__file__).resolve().parent.parent / "src" / "parley"
CATALOGUE: Final = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MARKS: Final = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}
"""The functions that mark a text for translation, and how many of their arguments are texts."""


def texts_in(code: str, *, name: str) -> Iterator[tuple[str, ...]]:
    """Yield every text that `code`, called `name`, marks for translation: one, or singular and plural."""
    for node in ast.walk(ast.parse(code, name)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            words = node.args[: MARKS[node.func.id]]
            texts = tuple(word.value for word in words if isinstance(word, ast.Constant))
            if len(texts) != len(words) or not all(isinstance(text, str) for text in texts):
                raise ValueError(f"{name}:{node.lineno}: only a plain text can be translated")
            yield tuple(str(text) for text in texts)


def texts_in_template(text: str, *, name: str) -> Iterator[tuple[str, ...]]:
    """Yield every text that the template `text`, called `name`, marks for translation."""
    parts: list[list[str]] = []
    for token in Lexer(text).tokenize():
        words = token.split_contents() if token.token_type is TokenType.BLOCK else [""]
        if words[0] in {"translate", "trans"}:
            if words[1][:1] not in {'"', "'"} or "context" in words:
                raise ValueError(f"{name}:{token.lineno}: only a plain text can be translated")
            yield (words[1][1:-1].replace("%", "%%"),)
        elif words[0] in {"blocktranslate", "blocktrans"}:
            if "trimmed" in words or "context" in words:
                raise ValueError(f"{name}:{token.lineno}: a text stands as it is, on one line")
            parts = [[]]
        elif words[0] in {"endblocktranslate", "endblocktrans"}:
            yield tuple("".join(part) for part in parts)
            parts = []
        elif parts and words[0] == "plural":
            parts.append([])
        elif parts and token.token_type is TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
        elif parts and token.token_type is TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")


def texts_of(folder: Path) -> set[tuple[str, ...]]:
    """Return every text that the Python files and the templates in `folder` mark for translation."""
    found: set[tuple[str, ...]] = set()
    for path in sorted(folder.rglob("*.py")):
        found.update(texts_in(path.read_text(encoding="utf-8"), name=str(path)))
    for path in sorted(folder.rglob("templates/**/*.*")):
        found.update(texts_in_template(path.read_text(encoding="utf-8"), name=str(path)))
    return found


def update(catalogue: Path, texts: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Write `catalogue` and its .mo for `texts`, and return those that have no translation yet."""
    old = polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()
    known = {entry.msgid: entry for entry in old}
    new = polib.POFile(wrapwidth=0)
    new.metadata = {
        "Project-Id-Version": "parley",
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for text in sorted(texts):
        new.append(known.get(text[0]) or empty(text))
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(catalogue))
    new.save_as_mofile(str(catalogue.with_suffix(".mo")))
    return tuple(entry.msgid for entry in new if not entry.translated())


def empty(text: tuple[str, ...]) -> polib.POEntry:
    if len(text) == 1:
        return polib.POEntry(msgid=text[0], msgstr="")
    return polib.POEntry(msgid=text[0], msgid_plural=text[1], msgstr_plural={0: ""})


def main() -> int:
    missing = update(CATALOGUE, texts_of(SOURCE))
    for text in missing:
        print(f"no translation yet: {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
