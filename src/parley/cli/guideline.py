"""parley guideline: a text whose fields are the terms, before it is signed: written, read, compared."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.output import FaultError, Rows, result
from parley.cli.persons import require_home
from parley.cli.review import Cut, Name, Since, Until, chosen_cut, held
from parley.cli.saying import understood
from parley.inquiries.forms.typed import read_time
from parley.ledger.reviewing import effects_of
from parley.protocol.breach import BreachError
from parley.protocol.guidelines.compare import ClauseChange, FieldChange, compare
from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.replay import Effect
from parley.protocol.guidelines.text import Guideline, read_guideline
from parley.protocol.guidelines.words import Language
from parley.protocol.strictjson import JsonValue
from parley.ui import words
from parley.work import clock

Text = Annotated[Path, typer.Argument(metavar="FILE", help=_("The file with the text."))]

guideline = typer.Typer(
    help=_("Guidelines: one text in two languages whose fields are the terms."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@guideline.command(help=_("Write the terms of a link as a text, to begin from; nothing is said."))
def write(
    name: Name,
    file: Text,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help=_("From when on it would be in force."))
    ],
) -> int:
    require_home()
    with reading() as reader, understood():
        link = chosen_link(reader, name)
        terms = reader.terms(link.name)
        if terms is None:
            raise FaultError(
                "no_terms",
                Exit.NOT_FOUND,
                what=_("The link %(link)s is not open: it has no terms.") % {"link": link.name},
                do=_("Look at: parley link status."),
            )
        text = first_text(terms.text, since=read_time(since, now=clock.now()))
    try:
        with file.open("xb") as new:
            new.write(text.raw)
    except OSError as error:
        raise FaultError(
            "unwritable_file",
            Exit.FAILED,
            what=_("The file %(file)s cannot be written: %(why)s.") % {"file": file, "why": error.strerror},
            do=_("Name a new file in a folder that you may write to."),
        ) from error
    result(
        {"file": str(file), "digest": text.digest},
        _("Written: %(file)s") % {"file": file},
        _("Digest of the text: %(digest)s") % {"digest": text.digest},
    )
    return Exit.DONE


@guideline.command(help=_("Check a text, and show it as people read it; no node is needed."))
def read(file: Text) -> int:
    text = read_text(file)
    language = _language()
    result(
        {
            "digest": text.digest,
            "since": text.since,
            "terms": text.terms.text,
            "clauses": {number: _both(text, number) for number, _clause in text.numbered()},
        },
        *(f"{number}  {text.rendered(clause, language)}" for number, clause in text.numbered()),
        _("Digest of the text: %(digest)s") % {"digest": text.digest},
    )
    return Exit.DONE


@guideline.command(
    "compare", help=_("Show what one text changes in another, field by field, clause by clause.")
)
def compare_(
    file: Text,
    other: Annotated[Path, typer.Argument(metavar="OTHER", help=_("The text that would take its place."))],
) -> int:
    found = compare(read_text(file), read_text(other))
    result(
        {
            "fields": [_field_json(each) for each in found.fields],
            "clauses": [[each.number_before, each.number_after] for each in found.clauses],
        },
        *(_field(each) for each in found.fields),
        *(_clause(each) for each in found.clauses),
        *([_("Nothing is changed.")] if found.is_empty else []),
    )
    return Exit.DONE


@guideline.command("try", help=_("Show who would have been late in a period under this text."))
def try_(name: Name, file: Text, *, since: Since, until: Until = None, cut: Cut = None) -> int:
    require_home()
    text = read_text(file)
    with reading() as reader, understood():
        link = chosen_link(reader, name)
        agreed = chosen_cut(reader, link, since=since, until=until, cut=cut)
        with held():
            found = effects_of(reader, link.name, agreed, terms=text.terms)
    letters = {link.me: link.my_letter, link.peer: link.their_letter}
    result(
        {"text": text.digest, "effects": [_effect_json(each) for each in found]},
        Rows(titles=_titles(), rows=tuple(_effect(each, letters[each.asked]) for each in found)),
        *_places(found, letters),
    )
    return Exit.DONE


def read_text(file: Path) -> Guideline:
    """Return the text in `file`.

    Raises:
        FaultError: it cannot be read, or is no guideline.
    """
    try:
        return read_guideline(file.read_bytes())
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("The file %(file)s cannot be read: %(why)s.") % {"file": file, "why": error.strerror},
            do=_("Look at its name."),
        ) from error
    except BreachError as error:
        raise FaultError(
            "bad_guideline",
            Exit.NEEDS_A_PERSON,
            what=_("%(file)s is no guideline (Spec %(paragraph)s): %(reason)s.")
            % {"file": file, "paragraph": f"§{error.paragraph}", "reason": error.reason},
            do=_("Mend that clause in both languages, or begin anew with: parley guideline write."),
        ) from error


def _language() -> Language:
    return Language.ZH if (get_language() or "").startswith("zh") else Language.EN


def _both(text: Guideline, number: str) -> dict[str, JsonValue]:
    clause = dict(text.numbered())[number]
    return {language.value: text.rendered(clause, language) for language in Language}


# ---- As text


def _field_json(change: FieldChange) -> dict[str, JsonValue]:
    return {
        "path": change.path,
        "change": "changed" if change.was_there and change.is_there else _sort(change),
        "before": change.before,
        "after": change.after,
    }


def _sort(change: FieldChange) -> str:
    return "added" if change.is_there else "removed"


def _field(change: FieldChange) -> str:
    shown = {"path": change.path, "before": change.before, "after": change.after}
    if not change.was_there:
        return _("Field %(path)s: added, %(after)s") % shown
    if not change.is_there:
        return _("Field %(path)s: removed, it was %(before)s") % shown
    return _("Field %(path)s: %(before)s becomes %(after)s") % shown


def _clause(change: ClauseChange) -> str:
    if change.before is None or change.number_before is None:
        return _("Clause %(number)s: added") % {"number": change.number_after}
    if change.after is None or change.number_after is None:
        return _("Clause %(number)s: removed") % {"number": change.number_before}
    return _("Clause %(before)s becomes %(after)s: changed") % {
        "before": change.number_before,
        "after": change.number_after,
    }


def _titles() -> tuple[str, ...]:
    return (_("Asked side"), _("Clock"), _("Counted"), _("Late then"), _("Late under this text"))


def _effect(effect: Effect, letter: str) -> tuple[str, ...]:
    return (
        letter,
        words.label(effect.clock.value, words.CLOCKS),
        str(effect.ran),
        str(len(effect.late)),
        str(len(effect.would_be_late)),
    )


def _effect_json(effect: Effect) -> dict[str, JsonValue]:
    return {
        "asked": effect.asked,
        "clock": effect.clock.value,
        "ran": effect.ran,
        "late": [*effect.late],
        "would_be_late": [*effect.would_be_late],
    }


def _places(effects: tuple[Effect, ...], letters: dict[str, str]) -> Iterator[str]:
    for each in effects:
        named = {"side": letters[each.asked], "clock": words.label(each.clock.value, words.CLOCKS)}
        if each.newly_late:
            yield _("%(side)s, %(clock)s: late under this text only: %(places)s") % {
                **named,
                "places": ", ".join(each.newly_late),
            }
        if each.no_longer_late:
            yield _("%(side)s, %(clock)s: no longer late: %(places)s") % {
                **named,
                "places": ", ".join(each.no_longer_late),
            }
