"""How the person at the keyboard wants to be spoken to: language, form, and of which home.

`--home`, `--lang`, `--json` and `--plain` belong to every command and may stand anywhere on the line. They
are taken out before the command itself is looked at: by then the language and the home must be known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

LANGUAGES: Final = {"en": "en", "zh": "zh-hans"}
"""What `--lang` takes, and what Django calls it."""


class MannerError(Exception):
    """`option` came without a value that it can take."""

    def __init__(self, option: str, value: str) -> None:
        super().__init__(f"{option} cannot be {value!r}")
        self.option = option
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What was asked for; `home` None means the one that `PARLEY_HOME` names, or the usual place."""

    language: str = "en"
    json: bool = False
    plain: bool = False
    home: Path | None = None


def take_manner(words: Sequence[str], *, environ: Mapping[str, str]) -> tuple[Manner, tuple[str, ...]]:
    """Return the manner that `words` and `environ` ask for, and the words that are left for the command.

    What follows a bare `--` is left as it is.

    Raises:
        MannerError: `--lang` or `--home` has no usable value.
    """
    manner = Manner(language=language_of(environ))
    rest: list[str] = []
    coming = iter(words)
    for word in coming:
        name = word.partition("=")[0]
        if word == "--":
            rest += [word, *coming]
        elif word == "--json":
            manner = replace(manner, json=True)
        elif word == "--plain":
            manner = replace(manner, plain=True)
        elif name == "--home":
            manner = replace(manner, home=_folder(_value(word, coming)))
        elif name == "--lang":
            manner = replace(manner, language=_language(_value(word, coming)))
        else:
            rest.append(word)
    return manner, tuple(rest)


def language_of(environ: Mapping[str, str]) -> str:
    """Return the language that the terminal is set to, English if it is none of ours."""
    spoken = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return LANGUAGES.get(spoken[:2], "en")


def _value(word: str, coming: Iterator[str]) -> str:
    _name, equals, value = word.partition("=")
    return value if equals else next(coming, "")


def _folder(value: str) -> Path:
    if not value:
        raise MannerError("--home", value)
    return Path(value)


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise MannerError("--lang", value)
    return LANGUAGES[value]
