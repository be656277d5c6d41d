"""What no token ever does, and why: each command that is not in the table of deeds.

Where a tool would look for it there is an address, which says who does it instead (403). For the rest there
is nothing at all (404): work on this machine, and tools for files that anybody may hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.utils.translation import gettext as _

from parley.gates.api.commands import Words
from parley.gates.api.deeds import fills, split


class Why(Enum):
    """Why a command is not for tools; the value is the code of the problem."""

    TWO_PERSONS = "two_persons"
    KEYS = "keys"
    HOTLINE = "hotline"
    RELEASE = "release"
    MACHINE = "machine"
    FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that is no tool's. `path` is where one would look for it; empty: nowhere."""

    command: Words
    why: Why
    path: str = ""


def _at(why: Why, **paths: str) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(command=tuple(name.replace("__", " ").replace("_", "-").split()), why=why, path=path)
        for name, path in paths.items()
    )


def _no(why: Why, noun: str, verbs: str = "") -> tuple[Refusal, ...]:
    return tuple(Refusal(command=(noun, *verb.split(".")), why=why) for verb in verbs.split()) or (
        Refusal(command=(noun,), why=why),
    )


REFUSALS: Final = (
    *_at(
        Why.TWO_PERSONS,
        link__suspend="/links/{link}/suspend",
        link__resume="/links/{link}/resume",
        link__sign="/links/{link}/sign",
        guideline__sign="/guidelines/{place}/sign",
        review__sign="/reviews/{place}/sign",
        outcome__freeze="/outcomes/{place}/freeze",
        record__erase="/record/erase",
        record__hold="/record/hold",
    ),
    *_at(
        Why.KEYS,
        link__verify="/links/{link}/verify",
        link__rotate="/links/rotate",
        link__revoke="/links/revoke",
        link__renew="/links/renew",
        link__recover="/links/{link}/recover",
        officer__key="/officers/{name}/key",
    ),
    *_at(
        Why.HOTLINE,
        call__open="/calls",
        call__open_principal="/calls/principal",
        call__take="/calls/{place}/take",
        call__read_back="/calls/{place}/read-back",
        call__say="/calls/{place}/say",
        call__minute="/calls/{place}/minute",
        call__voice="/calls/{place}/voice",
        call__close="/calls/{place}/close",
        link__test="/links/{link}/test",
        desk__take="/desk/take",
        desk__hand_over="/desk/hand-over",
        desk__leave="/desk/leave",
        desk__mute="/desk/mute",
    ),
    *_at(
        Why.RELEASE,
        outcome__release="/outcomes/{place}/release",
        outcome__schedule="/outcomes/{place}/schedule",
        outcome__unschedule="/outcomes/{place}/unschedule",
        share__permit_release="/offers/{place}/permit-release",
    ),
    *_no(Why.MACHINE, "demo"),
    *_no(Why.MACHINE, "init"),
    *_no(Why.MACHINE, "serve"),
    *_no(Why.MACHINE, "doctor"),
    *_no(Why.MACHINE, "lines"),
    *_no(Why.MACHINE, "officer", "add list disable"),
    *_no(Why.MACHINE, "token", "add list revoke"),
    *_no(Why.MACHINE, "link", "add card carry.in carry.out contacts.set"),
    *_no(Why.MACHINE, "desk", "status report watch"),
    *_no(Why.MACHINE, "roster", "add import list need remove speaks"),
    *_no(Why.MACHINE, "pager", "add log prove remove show test ways"),
    *_no(Why.MACHINE, "backup", "create drill key restore verify"),
    *_no(Why.MACHINE, "record", "fsck rebuild orphans tiles"),
    *_no(Why.FILES, "verify"),
    *_no(Why.FILES, "record", "export prove"),
    *_no(Why.FILES, "call", "export"),
    *_no(Why.FILES, "case", "print"),
    *_no(Why.FILES, "share", "print"),
    *_no(Why.FILES, "inquiry", "letter"),
    *_no(Why.FILES, "outcome", "print write"),
    *_no(Why.FILES, "file", "get pull"),
    *_no(Why.FILES, "guideline", "compare print read try write"),
    *_no(Why.FILES, "review", "print"),
)


def refused_at(path: str) -> Refusal | None:
    """Return what no token does at `path`; None if that is no such address."""
    parts = split(path)
    for each in REFUSALS:
        pattern = split(each.path)
        if each.path and len(pattern) == len(parts) and fills(pattern, parts) is not None:
            return each
    return None


def wording(why: Why) -> tuple[str, str]:
    """Return why it is no tool's, and who does it."""
    table: Mapping[Why, tuple[str, str]] = {
        Why.TWO_PERSONS: (
            _("Two persons decide this, each with a key of his or her own; a token is no person."),
            _("Have two officers do it on the pages, or with parley."),
        ),
        Why.KEYS: (
            _("Keys are compared and changed by persons, never by a token."),
            _("Have an officer do it on the pages, or with parley link."),
        ),
        Why.HOTLINE: (
            _("A call is between persons: a token opens, takes and closes none, and watches no desk."),
            _("Have an officer do it on the page of the call, or at the desk."),
        ),
        Why.RELEASE: (
            _("What leaves our hands for good is released by a person, never by a token."),
            _("Have an officer do it on the page, or with parley."),
        ),
        Why.MACHINE: (
            _("This is work of the administrator, on the machine itself."),
            _("Use parley there."),
        ),
        Why.FILES: (
            _("This reads or writes files of the machine on which it is typed."),
            _("Use parley there."),
        ),
    }
    return table[why]
