"""Tables of the door for our own tools, in `house.db`: tokens, and what was answered to acts."""

from typing import ClassVar

from django.db import models


class Token(models.Model):
    """A token of an officer. The text itself was shown once, and is nowhere."""

    number = models.AutoField(primary_key=True)
    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=64)
    """Which tool holds it."""
    scope = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    network = models.CharField(max_length=64, blank=True)
    """From where alone it holds; empty: from everywhere."""
    made_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)
    """When it was used last, to the minute."""
    revoked_at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class Answered(models.Model):
    """An act that a tool asked for under a key of its own, and the answer if there is one yet."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    """SHA-256, in hex, of what was asked: a key stands for one request and no other."""
    at = models.BigIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    """Of HTTP; null: it is being done, or was cut off."""
    body = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="asked_once_under_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"
