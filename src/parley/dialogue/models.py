"""What the record says about commitments and rounds, as rows for lists. All of it can be told again.

The tables live in `view.db`; `projection.py` alone writes them. They hold what lists show and find; the page
of one commitment or round folds the record anew, so no statement in it has a row of its own here. Nothing
that depends on a clock of the reader is in them: overdue is a view.

    commitment, round   statement id as 43 characters of base64url, the thread
    us, them            whose: our side, the other side
"""

from typing import ClassVar

from django.db import models

ID = 43
LINK = 32
CODE = 32
REF = 64
MARK = 6
"""How a log is called: ``A``, or with its lane ``A hot`` (`protocol/places.py`)."""


class Thread(models.Model):
    """What both tables have: where it was opened, by whom, how far it is, and who owes which word."""

    key = models.CharField(max_length=LINK + 1 + ID, primary_key=True)
    """`link/commitment` or `link/round`."""
    link = models.CharField(max_length=LINK)
    statement = models.CharField(max_length=ID)
    is_ours = models.BooleanField()
    """Whether we proposed it."""
    letter = models.CharField(max_length=MARK)
    index = models.PositiveBigIntegerField()
    order = models.BigIntegerField()
    """Where it stands in lists: the time it was proposed, and within a second its place."""
    ref = models.CharField(max_length=REF, blank=True)
    verdict = models.CharField(max_length=CODE)
    state = models.CharField(max_length=CODE)
    is_open = models.BooleanField()
    proposed_at = models.BigIntegerField()
    received_at = models.BigIntegerField(null=True)
    owed = models.JSONField(default=dict)
    """What each side owes, and how often: `{"us":{"answer":2},"them":{}}`, by the words of `policy.Duty`."""
    last_word_at = models.BigIntegerField()
    last_word_by = models.CharField(max_length=4)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.link} {self.letter} {self.index}"


class Commitment(Thread):
    """One commitment: what is promised, by whom, until when, and how it stands."""

    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    measure_en = models.TextField(blank=True)
    measure_zh = models.TextField(blank=True)
    is_true = models.BooleanField(null=True)
    """Whether the words of the body are those that the act names; None if they are not here."""
    owners = models.JSONField(default=list)
    due = models.BigIntegerField(null=True)
    first_due = models.BigIntegerField(null=True)
    """When it was due as it was proposed: it may have been carried since."""
    round = models.CharField(max_length=ID, blank=True)
    first_round = models.CharField(max_length=ID, blank=True)
    reports = models.JSONField(default=dict)
    """The newest of each side: `{"us":{"standing":"fulfilled","word":"none","at":1793610000}}`."""
    concerns = models.JSONField(default=dict)
    """How many of each state: `{"raised":1}`."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order", "key"], name="commitments_in_order"),
            models.Index(fields=["link", "order"], name="commitments_of_link"),
            models.Index(fields=["is_open", "due"], name="commitments_due"),
            models.Index(fields=["link", "round"], name="commitments_of_round"),
        ]


class Round(Thread):
    """One round: which, where, when, how much is on its agenda, and how far its outcome list is."""

    number = models.PositiveIntegerField()
    after = models.CharField(max_length=ID, blank=True)
    host = models.CharField(max_length=4)
    begins = models.BigIntegerField()
    ends = models.BigIntegerField()
    place_en = models.TextField(blank=True)
    place_zh = models.TextField(blank=True)
    is_true = models.BooleanField(null=True)
    items = models.PositiveIntegerField(default=0)
    """So many items of the agenda both sides want."""
    next_host = models.CharField(max_length=4, blank=True)
    next_begins = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=CODE)
    clauses = models.PositiveIntegerField(default=0)
    release = models.BigIntegerField(null=True)
    """When the list is made public, once both have frozen the same."""
    digest = models.CharField(max_length=ID, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order", "key"], name="rounds_in_order"),
            models.Index(fields=["link", "order"], name="rounds_of_link"),
            models.Index(fields=["link", "number"], name="rounds_by_number"),
            models.Index(fields=["digest"], name="rounds_by_digest"),
        ]
