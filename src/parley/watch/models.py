"""Tables of the watch. They live in `house.db`; nothing of them ever leaves the node.

Addresses of persons stand here and nowhere else: what is written of a ring (`gates/pager`) names a contact by
its number.
"""

from typing import ClassVar

from django.db import models

from parley.watch.policy import Channel, Post


class ContactWay(models.Model):
    """One way to ring an officer. A row that was removed stays: its number means one thing for ever."""

    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Channel])
    address = models.CharField(max_length=200)
    removed_at = models.BigIntegerField(null=True)
    proved_at = models.BigIntegerField(null=True)
    code_digest = models.CharField(max_length=64, blank=True)
    """SHA-256, in hex, of the code that was sent last; empty: none is awaited."""
    code_sent_at = models.BigIntegerField(default=0)
    code_tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["officer", "channel", "address"],
                condition=models.Q(removed_at__isnull=True),
                name="one_way_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.channel}"


class Speech(models.Model):
    """An officer is qualified in a language, such as ``en`` or ``zh-Hans``."""

    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "language"], name="one_language_once"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.language}"


class PostNeed(models.Model):
    """A post that must be filled all the time; `languages` are tags with a space between."""

    post = models.CharField(
        max_length=16, primary_key=True, choices=[(each.value, each.value) for each in Post]
    )
    languages = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.post


class ShiftRow(models.Model):
    """An officer's time at a post."""

    post = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Post])
    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    begins = models.BigIntegerField(db_index=True)
    ends = models.BigIntegerField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "officer", "begins", "ends"], name="one_shift_once"),
            models.CheckConstraint(condition=models.Q(begins__lt=models.F("ends")), name="a_shift_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.officer_id}"


class WatchTaken(models.Model):
    """An officer's watch at the desk: who took it, from whom, when, and what was made sure of first.

    At most one is open, and a handover ends one and begins the next in the same instant.
    """

    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    begins = models.BigIntegerField()
    ends = models.BigIntegerField(null=True)
    is_open = models.BooleanField(null=True, unique=True)
    """True while it lasts, null afterwards: the database holds that there are no two."""
    outgoing = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    """Who handed it over; null: nobody had it."""
    screen = models.CharField(max_length=64, blank=True)
    sound_heard_at = models.BigIntegerField()
    phone_tested_at = models.BigIntegerField()
    answers = models.TextField(blank=True)
    """What was answered to each question, a line each, as it was typed."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(is_open=True, ends__isnull=True)
                | models.Q(is_open__isnull=True, ends__isnull=False),
                name="a_watch_is_open_or_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.begins}"


class AlarmRang(models.Model):
    """One time that a call asked for a person here: from when, until somebody spoke, how far it climbed.

    Written by core beside the ringing, for the watch report; no evidence.
    """

    link = models.CharField(max_length=64)
    call = models.CharField(max_length=43)
    place = models.CharField(max_length=32)
    nature = models.CharField(max_length=16)
    urgency = models.CharField(max_length=2)
    cause = models.CharField(max_length=16)
    begins = models.BigIntegerField(db_index=True)
    ends = models.BigIntegerField(null=True)
    rung = models.CharField(max_length=16)
    """The highest rung that rang."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "cause", "begins"], name="one_alarm_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.cause}"


class Unseen(models.Model):
    """A stretch in which somebody had the watch and core saw no screen that was in view."""

    begins = models.BigIntegerField(db_index=True)
    ends = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.begins}"


class Muted(models.Model):
    """A stretch in which the screens of whoever had the watch were silent: a phone rang instead."""

    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    begins = models.BigIntegerField(db_index=True)
    ends = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(begins__lte=models.F("ends")), name="a_mute_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.begins}"
