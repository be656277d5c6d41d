"""What rings, in words, for a terminal: whose call, what is waited for, who is rung next and when."""

from django.utils.translation import gettext as _

from parley.cli.output import JsonValue
from parley.ui import callwords, words
from parley.watch.beats import AlarmRow, Beat, Fallback
from parley.watch.forms import channel_word


def fallback_line(fallback: Fallback | None) -> str:
    """Return by what calls ring if every screen fails."""
    if fallback is None:
        return _("If every screen fails, nobody is rung.")
    proved = _("never proved") if fallback.proved_at is None else words.instant(fallback.proved_at)
    return _("If every screen fails: %(channel)s, …%(ending)s (proved: %(proved)s).") % {
        "channel": channel_word(fallback.channel.value),
        "ending": fallback.ending,
        "proved": proved,
    }


def muted_lines(beat: Beat) -> tuple[str, ...]:
    """Return that the screens of whoever has the watch are silent, and until when; nothing if not."""
    if beat.muted is None:
        return ()
    said = _("Muted until %(time)s: a phone rings instead of the screens of whoever has the watch.")
    return (said % {"time": words.instant(beat.muted.ends)},)


def alarm_line(alarm: AlarmRow, *, now: int) -> str:
    """Return one call that rings: its nature first, so that no test is taken for the real thing."""
    said = _("%(nature)s %(urgency)s, %(link)s %(place)s: %(cause)s. Rings: %(rung)s") % {
        "nature": words.label(alarm.nature, callwords.NATURES).upper(),
        "urgency": words.urgency(alarm.urgency),
        "link": alarm.link,
        "place": alarm.place,
        "cause": words.label(alarm.cause, callwords.CALLED_FOR),
        "rung": words.label(alarm.rung, callwords.RUNGS),
    }
    if alarm.next_rung is None or alarm.next_at is None:
        return said
    seconds = max(0, alarm.next_at - now)
    coming = _("in %(minutes)d:%(seconds)02d: %(rung)s") % {
        "minutes": seconds // 60,
        "seconds": seconds % 60,
        "rung": words.label(alarm.next_rung, callwords.RUNGS),
    }
    return f"{said} · {coming}"


def beat_json(beat: Beat) -> dict[str, JsonValue]:
    """Return what core said, for a program."""
    fallback = beat.fallback
    return {
        "now": beat.now,
        "world": beat.world,
        "watch": beat.watch.value,
        "on_watch": beat.on_watch,
        "fallback": None
        if fallback is None
        else {
            "channel": fallback.channel.value,
            "ending": fallback.ending,
            "proved_at": fallback.proved_at,
        },
        "alarms": [alarm_json(each) for each in beat.alarms],
        "more": beat.more,
        "muted": None if beat.muted is None else {"officer": beat.muted.officer, "until": beat.muted.ends},
    }


def alarm_json(alarm: AlarmRow) -> dict[str, JsonValue]:
    """Return one call that rings, for a program."""
    return {
        "link": alarm.link,
        "call": alarm.call,
        "place": alarm.place,
        "nature": alarm.nature,
        "urgency": alarm.urgency,
        "cause": alarm.cause,
        "rung": alarm.rung,
        "since": alarm.since,
        "next_rung": alarm.next_rung,
        "next_at": alarm.next_at,
        "is_ours": alarm.is_ours,
    }
