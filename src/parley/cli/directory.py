"""parley link contacts: by which offices each side is reached, as each said it; and saying ours."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell, understood
from parley.cli.testing import Name, letters_of
from parley.hotline.queries.directory import Contacts, contacts
from parley.links.actions.telling import list_contacts
from parley.protocol.breach import BreachError
from parley.protocol.directory import Directory, Point, read_directory, write_directory
from parley.protocol.strictjson import read
from parley.ui import callwords, testwords, words

directory = typer.Typer(
    help=_("Contact points: by which offices each side is reached, never by name."),
    no_args_is_help=False,
    rich_markup_mode=None,
)


@directory.command(help=_("Show the contact points of both sides, as each said them last."))
def show(name: Name) -> int:
    require_home()
    with reading() as reader:
        link = chosen_link(reader, name)
        both = contacts(reader, link)
    letters = letters_of(link)
    rows = [
        (letters[each.whose], *_point(point)) for each in both for point in each.points if each.is_readable
    ]
    result(
        {"link": link.name, "contacts": {each.whose.value: _as_json(each) for each in both}},
        Rows(titles=_titles(), rows=tuple(rows)),
        *(line for each in both if (line := _remark(each, letters[each.whose])) is not None),
    )
    return Exit.DONE


@directory.command("set", help=_("Say ours, from a JSON file; it counts in place of what we said before."))
@spread
def set_(
    name: Name,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("The contact points, as the handbook shows them."))
    ],
    *,
    voice: Voice,
) -> int:
    home = require_home()
    with reading() as reader, understood():
        link = chosen_link(reader, name)
        said = list_contacts(link.name, _read(file), by=voice.hand(home))
        return tell(reader, link, said, wait=voice.wait)


def _read(file: Path) -> Directory:
    try:
        return read_directory(read(file.read_bytes().strip()))
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("%(file)s cannot be read.") % {"file": file},
            do=_("Name a file that holds the contact points."),
        ) from error
    except BreachError as error:
        raise FaultError(
            "bad_contacts",
            Exit.NEEDS_A_PERSON,
            what=_("%(file)s holds no contact points (Spec §%(paragraph)s: %(reason)s).")
            % {"file": file, "paragraph": error.paragraph, "reason": error.reason},
            do=_("Write it as the handbook shows it: docs/handbook/line-tests.md."),
        ) from error


# ---- As text


def _titles() -> tuple[str, ...]:
    office = (_("Office"), _("Level"), _("Languages"), _("Hours"))
    return (_("Side"), *office, _("Reached by"), _("Fingerprints"))


def _point(point: Point) -> tuple[str, ...]:
    return (
        point.office.zh if words.is_chinese() else point.office.en,
        words.label(point.level.value, callwords.LEVELS),
        words.labelled(point.languages, testwords.LANGUAGES),
        words.label(point.hours.value, testwords.HOURS),
        words.listed(f"{words.label(each.way, testwords.WAYS)} {each.address}" for each in point.channels)
        or "–",
        words.listed(point.keys) or "–",
    )


def _remark(found: Contacts, letter: str) -> str | None:
    if found.place is None:
        return _("%(side)s has listed no contact points yet.") % {"side": letter}
    if not found.is_readable:
        return _("What %(side)s said in %(place)s is no list of contact points.") % {
            "side": letter,
            "place": found.place,
        }
    return _("%(side)s said this in %(place)s, %(at)s.") % {
        "side": letter,
        "place": found.place,
        "at": words.instant(found.said_at),
    }


def _as_json(found: Contacts) -> JsonValue:
    points = write_directory(Directory(points=found.points))["points"]
    return {
        "place": found.place,
        "said_at": found.said_at,
        "is_readable": found.is_readable,
        "points": points,
    }
