"""What the record says about calls, as rows for lists. All of it can be told again.

The table lives in `view.db`; `projection.py` alone writes it. It holds what lists show and find; the
page of one call folds the record anew, so no statement of a call has a row of its own here. Nothing
that depends on a clock of the reader, on a suspension or on our roster is in it.

    call     statement id as 43 characters of base64url, the thread
    us, them whose: our side, the other side
"""

from typing import ClassVar

from django.db import models

ID = 43
LINK = 32
CODE = 32
REF = 64
MARK = 6
"""How a log is called: ``A``, or with its lane ``A hot`` (`protocol/places.py`)."""


class Call(models.Model):
    """One call: who opened it, about what, how far it is, who owes the next word."""

    key = models.CharField(max_length=LINK + 1 + ID, primary_key=True)
    """`link/call`."""
    link = models.CharField(max_length=LINK)
    call = models.CharField(max_length=ID)
    is_ours = models.BooleanField()
    letter = models.CharField(max_length=MARK)
    index = models.PositiveBigIntegerField()
    order = models.BigIntegerField()
    """Where it stands in lists: the time it was opened, and within a second its place."""
    ref = models.CharField(max_length=REF, blank=True)
    verdict = models.CharField(max_length=CODE)
    nature = models.CharField(max_length=CODE)
    urgency = models.CharField(max_length=2)
    level = models.CharField(max_length=CODE)
    scope = models.CharField(max_length=CODE, blank=True)
    inquiry = models.CharField(max_length=ID, blank=True)
    """The inquiry that it cites; it may stand in another channel, or nowhere."""
    what = models.CharField(max_length=CODE)
    """This and the next six: the five fields as they now hold."""
    subject = models.CharField(max_length=CODE)
    object = models.TextField(blank=True)
    where = models.CharField(max_length=CODE)
    since = models.BigIntegerField(null=True)
    by = models.BigIntegerField(null=True)
    asks = models.JSONField(default=list)
    text = models.TextField(blank=True)
    text_language = models.CharField(max_length=16, blank=True)
    authority = models.TextField(blank=True)
    state = models.CharField(max_length=CODE)
    is_open = models.BooleanField()
    """Whether one side at least has not closed it; a one-sided record is still open here."""
    tried = models.JSONField(default=list)
    """The line tests that it is, if it is one: human, ladder, principals."""
    opened_at = models.BigIntegerField()
    received_at = models.BigIntegerField(null=True)
    taken_at = models.BigIntegerField(null=True)
    taken_rung = models.CharField(max_length=CODE, blank=True)
    reached = models.CharField(max_length=CODE, blank=True)
    read_back_at = models.BigIntegerField(null=True)
    """When the called side read back rightly the text that holds."""
    tries = models.PositiveIntegerField(default=0)
    """How often it was read back wrongly."""
    needs_voice = models.BooleanField(default=False)
    owed = models.JSONField(default=dict)
    """What each side owes, and since when it is missing by our clock: `{"us":["take",1793610000]}`."""
    promised = models.JSONField(default=dict)
    """Until when each side promised its next word, while that is open."""
    stands = models.JSONField(default=list)
    endings = models.JSONField(default=dict)
    ends_at = models.BigIntegerField(null=True)
    """When it becomes a one-sided record, if nobody says anything more."""
    messages = models.PositiveIntegerField(default=0)
    crossed = models.PositiveIntegerField(default=0)
    last_word_at = models.BigIntegerField()
    last_word_by = models.CharField(max_length=4)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order", "key"], name="calls_in_order"),
            models.Index(fields=["link", "order"], name="calls_of_link"),
            models.Index(fields=["is_open", "order"], name="calls_open"),
            models.Index(fields=["link", "inquiry"], name="calls_by_inquiry"),
            models.Index(fields=["nature", "is_ours", "opened_at"], name="calls_tried"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.letter} {self.index}"
