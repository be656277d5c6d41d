"""What `parley pager` and the doctor share: a ring from a command, and whether people can be rung at all."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.health import Found, Health
from parley.cli.output import FaultError
from parley.cli.watchwords import outcome_word
from parley.gates.pager.deliveries import Delivery, VersionError
from parley.gates.pager.house import deliveries_file, open_deliveries
from parley.gates.pager.pager import Pager
from parley.gates.pager.ring import Outcome, Ring
from parley.gates.pager.settings import Settings, SettingsError, read_settings, settings_file
from parley.ui import words
from parley.watch import queries
from parley.watch.beats import NobodyAnswersError, look
from parley.watch.forms import channel_word, watch_word
from parley.watch.policy import PROVED_SECONDS, Addressee, Channel, Post, WatchState, holes
from parley.work import clock
from parley.work.home import Home
from parley.work.sock import CoreError

SPARE_SECONDS = 5


def ring_and_wait(home: Home, ring: Ring, addressees: Sequence[Addressee]) -> tuple[Delivery, ...]:
    """Ring by `addressees` from this command, beside core's own pager, and return what came of every try.

    Raises:
        SettingsError, VersionError: nobody can be rung.
    """
    settings = read_settings(home)
    with closing(open_deliveries(home)) as deliveries:
        pager = Pager(settings, deliveries, ways=lambda _person: addressees)
        # What a stop interrupted is core's to take up, not a command's.
        pager.start(takes_up=False)
        try:
            pager.ring(ring)
            pager.wait(ring.key, seconds=_longest(settings))
        finally:
            pager.stop()
        return deliveries.of(ring.key)


def broken_pager(error: Exception) -> FaultError:
    """Return the fault that nobody can be rung as the settings are."""
    return FaultError(
        "broken_pager",
        Exit.NEEDS_A_PERSON,
        what=_("Nobody can be rung: %(why)s.") % {"why": error},
        do=_("Mend pager.toml; the handbook says what may stand in it."),
    )


def rung(home: Home) -> Iterator[Found]:
    """Tell whether people can be rung: the settings, each channel, and the roster ahead."""
    try:
        settings = read_settings(home)
    except SettingsError as error:
        yield Found(what=_("ringing"), health=Health.FAIL, said=str(error), do=_("Mend pager.toml."))
        return
    if settings.ways:
        yield from _readable(home)
        yield from _channels(settings)
        yield from _providers(home)
    yield from _roster(settings)
    yield from _desk(home)


def _desk(home: Home) -> Iterator[Found]:
    """Tell whether somebody watches the desk, where the roster says that somebody must."""
    if not any(need.post is Post.DESK for need in queries.needs()):
        return
    try:
        watch = look(home).watch
    except (NobodyAnswersError, CoreError):
        # That core is away, or fails, is told elsewhere.
        return
    is_watched = watch is WatchState.WATCHED
    health = Health.OK if is_watched else Health.WARN
    do = "" if is_watched else "parley desk status"
    yield Found(what=_("desk"), health=health, said=watch_word(watch), do=do)


def _longest(settings: Settings) -> float:
    each = (sum(settings.providers[name].seconds for name in way.providers) for way in settings.ways.values())
    # A try may wait for its turn as long as it may last.
    return 2 * max(each, default=0.0) + SPARE_SECONDS


def _readable(home: Home) -> Iterator[Found]:
    path = settings_file(home)
    if path.stat().st_mode & 0o077:
        said = _("others can read: %(files)s") % {"files": path.name}
        yield Found(what=_("ringing"), health=Health.FAIL, said=said, do=f"chmod 600 {path}")


def _channels(settings: Settings) -> Iterator[Found]:
    now = clock.now()
    proofs: dict[Channel, int] = {}
    for person in queries.persons():
        for contact in person.contacts:
            if person.is_active and contact.proved_at is not None:
                proofs[contact.channel] = max(contact.proved_at, proofs.get(contact.channel, 0))
    for channel in settings.ways:
        if channel is Channel.WALL:
            continue
        what, at = channel_word(channel.value), proofs.get(channel)
        if at is None:
            said = _("no person has proved it yet")
            yield Found(what=what, health=Health.WARN, said=said, do="parley pager prove WAY")
            continue
        is_old = now - at >= PROVED_SECONDS
        yield Found(
            what=what,
            health=Health.WARN if is_old else Health.OK,
            said=_("last proved by a person %(time)s") % {"time": words.instant(at)},
            do="parley pager prove WAY" if is_old else "",
        )


def _providers(home: Home) -> Iterator[Found]:
    if not deliveries_file(home).exists():
        return
    try:
        with closing(open_deliveries(home)) as deliveries:
            last = deliveries.last_of_providers()
    except VersionError as error:
        yield Found(what=_("ringing"), health=Health.FAIL, said=str(error))
        return
    for each in last:
        # A board or a log need not answer; every other provider does, or says why not.
        if each.outcome is Outcome.ACCEPTED or (
            each.channel == Channel.WALL.value and each.outcome is Outcome.UNKNOWN
        ):
            continue
        said = _("%(provider)s, %(time)s: %(outcome)s (%(said)s)") % {
            "provider": each.provider,
            "time": words.instant(each.written),
            "outcome": outcome_word(each.outcome),
            "said": each.said,
        }
        do = "parley pager test --person N"
        yield Found(what=channel_word(each.channel), health=Health.WARN, said=said, do=do)


def _roster(settings: Settings) -> Iterator[Found]:
    now = clock.now()
    found = queries.roster(now)
    if not found.needs:
        return
    if not settings.ways:
        said = _("there is no pager.toml, so that nobody is rung")
        yield Found(what=_("ringing"), health=Health.WARN, said=said, do=_("Write pager.toml."))
    missing = holes(found, now)
    said = ngettext(
        "%(count)d hole in the next 14 days", "%(count)d holes in the next 14 days", len(missing)
    ) % {"count": len(missing)}
    if missing:
        yield Found(what=_("roster"), health=Health.WARN, said=said, do="parley roster list")
    else:
        yield Found(what=_("roster"), health=Health.OK, said=_("no hole in the next 14 days"))
