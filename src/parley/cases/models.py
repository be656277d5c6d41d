"""What the record says about joint cases, as rows for lists. All of it can be told again.

The tables live in `view.db`; `projection.py` alone writes them. They hold what lists show and find; the page
of one case folds the record anew. Nothing that depends on a clock of the reader is in them.

    case, finding, statement   ids as 43 characters of base64url
    us, them                   whose: our side, the other side
"""

from typing import ClassVar

from django.db import models

ID = 43
LINK = 32
CODE = 48
REF = 64
MARK = 6
"""How a log is called: ``A``, or with its lane ``A hot`` (`protocol/places.py`)."""
KEY = LINK + 1 + ID


class Case(models.Model):
    """One joint case: what it is about, how far it is, who owes the next word."""

    key = models.CharField(max_length=KEY, primary_key=True)
    """`link/case`."""
    link = models.CharField(max_length=LINK)
    case = models.CharField(max_length=ID)
    is_ours = models.BooleanField()
    letter = models.CharField(max_length=MARK)
    index = models.PositiveBigIntegerField()
    order = models.BigIntegerField()
    """Where it stands in lists: the time it was proposed, and within a second its place."""
    ref = models.CharField(max_length=REF, blank=True)
    verdict = models.CharField(max_length=CODE)
    items = models.JSONField(default=list)
    title_en = models.TextField(blank=True)
    title_zh = models.TextField(blank=True)
    text = models.TextField(blank=True)
    text_language = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=CODE, blank=True)
    """Empty where the proposal is without effect."""
    is_open = models.BooleanField()
    proposed_at = models.BigIntegerField()
    joined_at = models.BigIntegerField(null=True)
    owed = models.JSONField(default=list)
    """What each side is waited for: `[["us","answer","<statement>",null],…]`, the last is until when."""
    due_at = models.BigIntegerField(null=True)
    """The first instant until which one of these is due."""
    starts = models.JSONField(default=list)
    """The joint starts of tasks that are not done yet: `[["<task>",1793700000],…]`, by the first version."""
    notes = models.PositiveIntegerField(default=0)
    leads = models.PositiveIntegerField(default=0)
    evidence = models.PositiveIntegerField(default=0)
    tasks = models.PositiveIntegerField(default=0)
    tasks_done = models.PositiveIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    endings = models.JSONField(default=dict)
    """The closing of each side that stands: `{"us":"solved"}`."""
    last_word_at = models.BigIntegerField()
    last_word_by = models.CharField(max_length=4)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order", "key"], name="cases_in_order"),
            models.Index(fields=["link", "order"], name="cases_of_link"),
            models.Index(fields=["is_open", "order"], name="cases_open"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.letter} {self.index}"


class Finding(models.Model):
    """The current version of a finding; older ones are in the record, and on the page of the case."""

    key = models.CharField(max_length=KEY, primary_key=True)
    """`link/finding`, by its first version."""
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    is_ours = models.BooleanField()
    number = models.PositiveIntegerField()
    versions = models.PositiveIntegerField()
    current = models.CharField(max_length=ID)
    statement_en = models.TextField(blank=True)
    statement_zh = models.TextField(blank=True)
    responsibility = models.CharField(max_length=CODE, blank=True)
    likelihood = models.CharField(max_length=CODE)
    confidence = models.CharField(max_length=CODE)
    standing = models.CharField(max_length=CODE)
    speech = models.CharField(max_length=CODE)
    given_at = models.BigIntegerField()
    current_at = models.BigIntegerField()

    def __str__(self) -> str:
        return self.key


class Mention(models.Model):
    """A statement from which a case arose, or to which it is linked. It may be nowhere."""

    key = models.CharField(max_length=KEY + 1 + ID, primary_key=True)
    """`link/case/statement`."""
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    link = models.CharField(max_length=LINK)
    statement = models.CharField(max_length=ID)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "statement"], name="cases_by_mention")]

    def __str__(self) -> str:
        return self.key
