"""What the record says about offers, as rows for lists. All of it can be told again.

The table lives in `view.db`; `projection.py` alone writes it. It holds what lists show and find; the page of
one offer folds the record anew. Nothing that depends on a clock of the reader is in it: that an offer has
lapsed is a view at some now.

    share      id of the offer as 43 characters of base64url
    us, them   whose: our side, the other side
"""

from typing import ClassVar

from django.db import models

ID = 43
LINK = 32
CODE = 32
REF = 64
MARK = 6
"""How a log is called: ``A``, or with its lane ``A hot`` (`protocol/places.py`)."""


class Share(models.Model):
    """One offer: what it is, on which conditions, how far it is, who owes the next word."""

    key = models.CharField(max_length=LINK + 1 + ID, primary_key=True)
    """`link/share`."""
    link = models.CharField(max_length=LINK)
    share = models.CharField(max_length=ID)
    is_ours = models.BooleanField()
    letter = models.CharField(max_length=MARK)
    index = models.PositiveBigIntegerField()
    order = models.BigIntegerField()
    """Where it stands in lists: the time it was offered, and within a second its place."""
    ref = models.CharField(max_length=REF, blank=True)
    verdict = models.CharField(max_length=CODE)
    what = models.CharField(max_length=CODE)
    counts = models.JSONField(default=list)
    """How many of which thing: `[["ip",300],["sample",1]]`."""
    tlp = models.CharField(max_length=CODE)
    pap = models.CharField(max_length=CODE)
    expects = models.CharField(max_length=CODE)
    conditions = models.JSONField(default=list)
    """Those that hold: of what was undertaken, once it is delivered, else of the offer."""
    until = models.BigIntegerField(null=True)
    grade = models.CharField(max_length=2, blank=True)
    """The offerer's own word on it, such as ``B2``."""
    title = models.TextField(blank=True)
    title_language = models.CharField(max_length=16, blank=True)
    files = models.PositiveIntegerField()
    size = models.BigIntegerField()
    """Of the sealed parts, in bytes."""
    state = models.CharField(max_length=CODE, blank=True)
    """Empty where the offer is without effect."""
    is_open = models.BooleanField()
    """Whether somebody is waited for."""
    owed = models.JSONField(default=list)
    """What each side is waited for: `[["us","evaluate"],["them","permit"]]`."""
    offered_at = models.BigIntegerField()
    delivered_at = models.BigIntegerField(null=True)
    crossed = models.BooleanField(default=False)
    evaluation = models.CharField(max_length=2, blank=True)
    result = models.CharField(max_length=CODE, blank=True)
    cleaned = models.JSONField(default=dict)
    last_word_at = models.BigIntegerField()
    last_word_by = models.CharField(max_length=4)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order", "key"], name="shares_in_order"),
            models.Index(fields=["link", "order"], name="shares_of_link"),
            models.Index(fields=["is_open", "order"], name="shares_open"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.letter} {self.index}"


class Mention(models.Model):
    """A statement about which an offer says that it belongs to it. It may be nowhere."""

    key = models.CharField(max_length=LINK + 1 + ID + 1 + ID, primary_key=True)
    """`link/share/statement`."""
    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="+")
    link = models.CharField(max_length=LINK)
    statement = models.CharField(max_length=ID)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "statement"], name="shares_by_mention")]

    def __str__(self) -> str:
        return self.key
