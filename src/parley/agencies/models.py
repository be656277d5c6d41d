"""Tables of our own people. They live in `house.db`; nothing of them ever leaves the node.

The journal is a chain: each row holds the digest of the row before it, so that a row which was changed, taken
out or slipped in later shows (`queries.first_broken_link`). The chain carries no key. Whoever can write the
file can also compute a whole new chain; only a digest that was kept elsewhere shows that.
"""

import hashlib
import json
from typing import ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from parley.agencies.policy import Role

START_OF_CHAIN: Final = "0" * 64


class Officer(AbstractBaseUser):
    """A person of ours. `number` is spoken to the other side ("officer 4 of B"); the name stays at home."""

    number = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    language = models.CharField(max_length=16)
    is_active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0)
    """Attempts since the secret was last given right; counted before the secret is looked at."""
    wait_until = models.BigIntegerField(default=0)
    """Before this second no secret is looked at."""
    sessions_from = models.BigIntegerField(default=0)
    """A session that began before this second is over: "sign out everywhere" sets it."""
    watch_from = models.BigIntegerField(null=True)
    """Since when the officer has the watch; null: not. Written where a watch begins and ends."""

    last_login = None  # the journal tells when someone was here

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]
    objects: ClassVar[models.Manager["Officer"]] = models.Manager()  # no second door

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="officer_numbers_start_at_1"),
        ]

    def __str__(self) -> str:
        return self.name


class Hold(models.Model):
    """A legal hold: nothing of this statement, nor of the thread that it opened, may be destroyed here."""

    link = models.CharField(max_length=64)
    statement = models.CharField(max_length=43)
    """The id of the statement, 43 characters of base64url."""
    place = models.CharField(max_length=24)
    reason = models.CharField(max_length=200)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.BigIntegerField()
    released_at = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link", "statement"],
                condition=models.Q(released_at__isnull=True),
                name="held_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.place}"


class JournalEntry(models.Model):
    """One act of one of us: who, what, when, on which statement."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.BigIntegerField()
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    """None: the administrator, whom the operating system let in and nobody else vouches for."""
    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=200, blank=True)
    statement = models.CharField(max_length=43, blank=True)
    """The id of the statement that the act made, 43 characters of base64url."""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.act}"

    def computed_digest(self) -> str:
        """Return the SHA-256, in hex, that this row must carry: over a JSON list of its columns, in order."""
        columns = [
            "parley-journal/v1",
            self.number,
            self.at,
            self.officer_id,
            self.act,
            self.subject,
            self.statement,
            self.previous,
        ]
        return hashlib.sha256(
            json.dumps(columns, ensure_ascii=True, separators=(",", ":")).encode()
        ).hexdigest()
