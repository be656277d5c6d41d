"""parley roster: who is on watch and when, and where it has holes. Work of the administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta, timezone
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.queries import UnknownOfficerError
from parley.cli.exits import Exit
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.cli.persons import require_home
from parley.cli.watchwords import Person, instant_typed, officer_called
from parley.gates.roster.translate import MAX_BYTES, Planned, RosterError, Wrong, read_roster
from parley.gates.table.translate import read_zone
from parley.ui import times
from parley.watch import actions, queries
from parley.watch.forms import hole_text, post_word
from parley.watch.policy import AHEAD_DAYS, DAY, Duty, Hole, Post, Roster, Shift, holes, on_watch
from parley.work import clock

roster = typer.Typer(
    help=_("Who is on watch, and where the roster has holes."), no_args_is_help=False, rich_markup_mode=None
)

Languages = Annotated[
    list[str] | None, typer.Option("--language", metavar="TAG", help=_("Such as en or zh-Hans; repeat it."))
]


@roster.command("list", help=_("Show who is on watch, the shifts to come, and the holes."))
def list_all(
    *, days: Annotated[int, typer.Option(min=1, max=366, help=_("How far to look ahead."))] = AHEAD_DAYS
) -> int:
    require_home()
    now = clock.now()
    found = queries.roster(now)
    watch, missing = on_watch(found, now), holes(found, now, days)
    to_come = [each for each in found.shifts if now < each.ends and each.begins < now + days * DAY]
    code = Exit.ATTENTION if missing else Exit.DONE
    result(
        {
            "on_watch": [_duty_json(each) for each in watch],
            "shifts": [_shift_json(each) for each in to_come],
            "holes": [_hole_json(each) for each in missing],
        },
        *(_duty_line(each) for each in watch),
        *([] if watch else [_("Nobody is on watch.")]),
        _shift_rows(found, to_come),
        *(_hole_line(each) for each in missing),
        *([] if missing else [_("No hole in the next %(days)d days.") % {"days": days}]),
        exit_code=code,
    )
    return code


@roster.command(help=_("Put somebody on the roster, who has two ways to be rung that were proved."))
def add(
    post: Annotated[Post, typer.Argument(metavar="POST")],
    person: Person,
    *,
    begins: Annotated[str, typer.Option(metavar="TIME", help=_("With its offset."))],
    ends: Annotated[str, typer.Option(metavar="TIME", help=_("With its offset."))],
) -> None:
    require_home()
    shift = Shift(
        number=0,
        post=post,
        person=officer_called(person).number,
        begins=instant_typed(begins),
        ends=instant_typed(ends),
    )
    with _mending():
        count = actions.add_shifts([shift], now=clock.now())
    result({"added": count}, _said(count))


@roster.command(help=_("Take a shift off the roster."))
def remove(number: Annotated[int, typer.Argument(metavar="SHIFT")]) -> None:
    require_home()
    try:
        actions.remove_shift(number, now=clock.now())
    except actions.UnknownShiftError as error:
        raise FaultError(
            "unknown_shift",
            Exit.NOT_FOUND,
            what=_("No shift has the number %(number)d.") % {"number": number},
            do=_("Look at: parley roster list."),
        ) from error
    result({"removed": number}, _("Shift %(number)d is off the roster.") % {"number": number})


@roster.command("import", help=_("Put the shifts of a CSV sheet or a calendar on the roster, all or none."))
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    zone: Annotated[
        str | None, typer.Option(metavar="+08:00", help=_("The zone of times that state none."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Only look whether it can be read."))] = False,
) -> None:
    require_home()
    shifts = [_placed(each) for each in _read(file, zone)]
    if dry_run:
        said = ngettext("%(count)d shift can be read.", "%(count)d shifts can be read.", len(shifts))
        result({"read": len(shifts), "added": 0}, said % {"count": len(shifts)})
        return
    with _mending():
        count = actions.add_shifts(shifts, now=clock.now())
    result({"read": len(shifts), "added": count}, _said(count))


@roster.command(help=_("Say that a post must be filled all the time, and in which languages."))
def need(
    post: Annotated[Post, typer.Argument(metavar="POST")],
    *,
    language: Languages = None,
    no_more: Annotated[bool, typer.Option("--no-more", help=_("It need not be filled."))] = False,
) -> None:
    require_home()
    with _mending():
        actions.set_need(post, None if no_more else language or (), now=clock.now())
    said = _("%(post)s need not be filled.") if no_more else _("%(post)s must be filled all the time.")
    result({"post": post.value, "needed": not no_more}, said % {"post": post_word(post)})


@roster.command(help=_("Say in which languages an officer is qualified."))
def speaks(person: Person, *, language: Languages = None) -> None:
    require_home()
    row = officer_called(person)
    with _mending():
        actions.set_speech(row.number, language or (), now=clock.now())
    spoken = ", ".join(sorted(set(language or ()))) or "–"
    result(
        {"officer": row.number, "languages": sorted(set(language or ()))},
        _("%(name)s speaks %(languages)s.") % {"name": row.name, "languages": spoken},
    )


@contextmanager
def _mending() -> Iterator[None]:
    """Turn what an administrator can put right into a fault."""
    try:
        yield
    except actions.UnprovedError as error:
        raise FaultError(
            "unproved_person",
            Exit.REFUSED,
            what=_("Officer %(number)d has not two ways to be rung that were proved within 30 days.")
            % {"number": error.person},
            safe=_("The roster is as it was."),
            do=_("Look at: parley pager ways. Prove them with: parley pager prove."),
        ) from error
    except UnknownOfficerError as error:
        raise FaultError(
            "unknown_officer",
            Exit.NOT_FOUND,
            what=_("Somebody on this roster may not act here."),
            do=_("Look at: parley officer list."),
        ) from error
    except actions.ShiftError as error:
        raise FaultError(
            "bad_shift",
            Exit.NEEDS_A_PERSON,
            what=_("A shift ends after it begins, and lasts at most 31 days."),
            do=_("Check both times."),
        ) from error
    except actions.LanguageError as error:
        raise FaultError(
            "bad_language",
            Exit.NEEDS_A_PERSON,
            what=_("This is no tag of a language."),
            do=_("Write it such as en or zh-Hans."),
        ) from error


def _read(file: Path, zone: str | None) -> tuple[Planned, ...]:
    minutes = read_zone(zone) if zone is not None else None
    if zone is not None and minutes is None:
        raise FaultError(
            "choice_not_read",
            Exit.NEEDS_A_PERSON,
            what=_("%(option)s cannot be “%(value)s”.") % {"option": "--zone", "value": zone},
            do=_("Write it such as +08:00."),
        )
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        return read_roster(raw, zone=None if minutes is None else timezone(timedelta(minutes=minutes)))
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NEEDS_A_PERSON,
            what=_("%(file)s cannot be read.") % {"file": file},
            do=_("Name a CSV sheet or a calendar."),
        ) from error
    except RosterError as error:
        said = "; ".join(_wrong_text(line, each) for line, each in sorted(error.wrong.items())[:10])
        raise _bad_roster(said) from error


def _bad_roster(said: str) -> FaultError:
    return FaultError(
        "bad_roster",
        Exit.NEEDS_A_PERSON,
        what=_("This roster cannot be taken: %(why)s.") % {"why": said},
        safe=_("The roster is as it was."),
        do=_("Mend the file and import it again; what is there already is not added twice."),
    )


def _wrong_text(line: int, wrong: Wrong) -> str:
    text = {
        Wrong.ENCODING: _("it is neither UTF-8 nor GB18030"),
        Wrong.TOO_LONG: _("it is too long"),
        Wrong.EMPTY: _("there is no shift in it"),
        Wrong.HEADINGS: _("the headings post, person, begins, ends are missing"),
        Wrong.POST: _("there is no such post"),
        Wrong.PERSON: _("there is no such person"),
        Wrong.TIME: _("a time cannot be read"),
        Wrong.ZONE: _("a time has no zone that is known (--zone)"),
        Wrong.ENDS: _("it ends before it begins"),
        Wrong.RECURRENCE: _("how it comes again cannot be read for certain"),
    }[wrong]
    return _("line %(line)d: %(what)s") % {"line": line, "what": text} if line else text


def _placed(found: Planned) -> Shift:
    try:
        number = officer_called(found.who).number
    except FaultError as error:
        raise _bad_roster(_wrong_text(found.line, Wrong.PERSON)) from error
    return Shift(number=0, post=found.post, person=number, begins=found.begins, ends=found.ends)


def _said(count: int) -> str:
    said = ngettext("%(count)d shift is new on the roster.", "%(count)d shifts are new on the roster.", count)
    return said % {"count": count}


def _duty_line(duty: Duty) -> str:
    words = {"post": post_word(duty.post), "number": duty.person, "until": times.planned(duty.until)}
    return _("%(post)s: officer %(number)d, until %(until)s") % words


def _hole_line(hole: Hole) -> str:
    return _("HOLE %(post)s, %(begins)s to %(ends)s: %(why)s") % {
        "post": post_word(hole.post),
        "begins": times.planned(hole.begins),
        "ends": times.planned(hole.ends),
        "why": hole_text(hole),
    }


def _shift_rows(found: Roster, shifts: list[Shift]) -> Rows:
    speaks = {each.number: ", ".join(sorted(each.speaks)) for each in found.persons}
    return Rows(
        titles=(_("Shift"), _("Post"), _("Officer"), _("Languages"), _("Begins"), _("Ends")),
        rows=tuple(
            (
                str(each.number),
                post_word(each.post),
                str(each.person),
                speaks.get(each.person, ""),
                times.planned(each.begins),
                times.planned(each.ends),
            )
            for each in shifts
        ),
    )


def _duty_json(duty: Duty) -> dict[str, JsonValue]:
    return {"post": duty.post.value, "officer": duty.person, "until": duty.until}


def _shift_json(shift: Shift) -> dict[str, JsonValue]:
    return {
        "shift": shift.number,
        "post": shift.post.value,
        "officer": shift.person,
        "begins": shift.begins,
        "ends": shift.ends,
    }


def _hole_json(hole: Hole) -> dict[str, JsonValue]:
    return {
        "post": hole.post.value,
        "begins": hole.begins,
        "ends": hole.ends,
        "why": hole.why.value,
        "officer": hole.person or None,
        "languages": list(hole.languages),
    }
