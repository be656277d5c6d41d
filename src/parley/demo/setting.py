"""Where the story plays: two homes made from nothing, paired and served, and people in them with keys."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK, LOOPBACK, WORLD, Country, free_ports, is_free
from parley.demo.hand import CommandError
from parley.demo.people import Person
from parley.demo.stage import STEP_SECONDS, Stage, StoryError
from parley.demo.telling import Line
from parley.ledger.home import config_text, read_config
from parley.node.start import address_of
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import write

# An earlier run that was killed lets go of its ports when the last of its processes has ended.
FREE_SECONDS: Final = 15.0


def build(stage: Stage) -> None:
    """Make what is not made yet, start both nodes, and wait until their link is open.

    Raises:
        StoryError: an address that stands on a card is taken by another program.
    """
    for side in (stage.a, stage.b):
        stage.place.once(f"init {side.letter}", partial(_init, stage, side))
        stage.place.once(f"people {side.letter}", partial(_people, side))
        _check_addresses(stage, side)
    stage.place.once("pair", partial(_pair, stage))
    for side in (stage.a, stage.b):
        side.keeper.start()
    stage.until("open", lambda scene: scene.is_paired)
    for side in (stage.a, stage.b):
        stage.place.once(f"keys {side.letter}", partial(_make_keys, side))


def _make_keys(side: Country) -> Mapping[str, Any]:
    """Let two people of `side` sign with keys of their own, in the roles that count for the most."""
    for person, role in zip(side.people[:2], ("head", "principal"), strict=True):
        words = ("officer", "key", person.name, "--role", role, "--link", LINK)
        side.do(*words, "--secret-file", str(side.secret))
    return {"officers": 2}


def _init(stage: Stage, side: Country) -> Mapping[str, Any]:
    side.prepare()
    if not side.home.settings_file.exists():
        _make_home(side)
    side.do("link", "card", "--out", str(side.offer))
    stage.tell_once(
        f"init {side.letter}",
        Line(text=_("%(country)s has a node of its own, with its own keys."), words={"country": side.name}),
    )
    return {"ready": True}


def _make_home(side: Country) -> None:
    pages, partner = free_ports(2)
    days = side.folder / "calendar.json"
    days.write_bytes(write(default_calendar(offset_minutes=side.offset)))
    _make(
        side,
        "home_exists",
        *("init", "--calendar", str(days)),
        *("--node", side.node, "--world", WORLD),
        *("--name-en", side.name_en, "--name-zh", side.name_zh),
        *("--pages", f"{LOOPBACK}:{pages}", "--partner", f"{LOOPBACK}:{partner}"),
        *("--url", f"http://{LOOPBACK}:{partner}/parley/v1"),
    )


def _make(side: Country, is_there: str, *words: str) -> None:
    """Type a command that makes something; a refusal with the code `is_there` means that it is made.

    A hand that died over its answer is replaced and types again, and may find its own work.
    """
    try:
        side.do(*words)
    except CommandError as error:
        if error.fault.get("code") != is_there:
            raise


def _people(side: Country) -> Mapping[str, Any]:
    known = {each["name"] for each in side.do("officer", "list")["officers"]}
    for person in side.people:
        if person.name not in known:
            _add(side, person)
    return {"people": len(side.people)}


def _add(side: Country, person: Person) -> None:
    words = ("officer", "add", person.name, "--role", person.role, "--language", person.language)
    _make(side, "officer_exists", *words, "--secret-file", str(side.secret))


def _check_addresses(stage: Stage, side: Country) -> None:
    """Take another address for the pages if theirs is taken; the one for partners stands on the card."""
    config = read_config(side.home)
    pages, partner = (address_of(each)[1] for each in (config.pages, config.partner))
    for _try in range(int(FREE_SECONDS / STEP_SECONDS)):
        if is_free(pages) and is_free(partner):
            return
        stage.pause(STEP_SECONDS)
    if not is_free(partner):
        text = _(
            "Another program listens on port %(port)d, where %(side)s is reached; end it and start again."
        )
        raise StoryError(str(Line(text=text, words={"port": partner, "side": side.name})))
    fresh = replace(config, pages=f"{LOOPBACK}:{free_ports(1)[0]}")
    side.home.settings_file.write_text(config_text(fresh), encoding="utf-8")


def _pair(stage: Stage) -> Mapping[str, Any]:
    digits = []
    for side, other in ((stage.a, stage.b), (stage.b, stage.a)):
        if not side.do("link", "status")["links"]:
            _make(side, "link_exists", "link", "add", str(other.offer))
        digits.append(list(_link(side)["digits"]))
    # Read aloud over another channel in life; here each side types what the other's screen shows.
    for side, shown in ((stage.a, digits[1]), (stage.b, digits[0])):
        spoken = side.folder / "digits"
        spoken.write_text(" ".join(shown) + "\n", encoding="ascii")
        side.act("verify", "link", "verify", LINK, "--digits", str(spoken))
    stage.tell_once(
        "paired",
        Line(text=_("Two people compared twelve groups of five digits; both sides signed the link.")),
    )
    return {"digits": digits[0]}


def _link(side: Country) -> Mapping[str, Any]:
    links: Sequence[Mapping[str, Any]] = side.do("link", "status")["links"]
    return next(each for each in links if each["name"] == LINK)
