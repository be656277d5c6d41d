"""What our people typed and have not said. It lives in `house.db`, and no version of a field ever leaves it.

draft    its number, spoken "draft 31"; its revision rises by one with every save that changed something
saved    one version of one field. What a page typed that did not know a newer version lies aside until
         somebody chose; the version in force is the last that does not lie aside
"""

from typing import ClassVar

from django.db import models

FIELD = 64
ABOUT = 43
SESSION = 64
DIGEST = 64


class Draft(models.Model):
    """Something that is being written on a link, and will be said there or nowhere."""

    number = models.PositiveBigIntegerField(primary_key=True)
    link = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    """What it is to become, such as ``inquiries``; the room above knows what its fields mean."""
    about = models.CharField(max_length=ABOUT, blank=True)
    """The id of the inquiry that it is about; empty where it is about none yet."""
    begun_on = models.CharField(max_length=SESSION, blank=True)
    """The page on which it was begun, where nobody had to press anything for it."""
    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    created_at = models.BigIntegerField()
    saved_at = models.BigIntegerField()
    saved_by = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    """The bytes of all versions together."""
    count = models.PositiveIntegerField(default=0)
    """How many rows it has, as the room above last said; for lists."""
    closed_at = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["link", "number"], name="drafts_of_link"),
            models.Index(fields=["link", "about"], name="drafts_about_an_inquiry"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["begun_on"], condition=~models.Q(begun_on=""), name="one_draft_of_a_page"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.number}"


class Saved(models.Model):
    """One version of one field: who typed it, when, and on which page."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveBigIntegerField()
    field = models.CharField(max_length=FIELD)
    value = models.TextField(blank=True)
    digest = models.CharField(max_length=DIGEST)
    """SHA-256 of the value, in hex: versions are compared without reading them."""
    size = models.PositiveIntegerField()
    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=SESSION)
    """The page on which it was typed: two tabs of one person are two sessions."""
    at = models.BigIntegerField()
    begun_at = models.BigIntegerField()
    """When the first of the versions was typed that this one stands for."""
    replaced = models.JSONField(default=list)
    """(revision, digest) of the versions of the same minute, page and person that it stands for."""
    is_aside = models.BooleanField(default=False)
    is_settled = models.BooleanField(default=False)
    """Whether somebody chose between this version, which lies aside, and the one in force."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "field", "revision"], name="one_version_for_a_revision"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["draft", "is_aside", "is_settled"], name="versions_that_lie_aside"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.field} {self.revision}"
