"""What the record says about inquiries, as rows. All of it is told by the record and can be told again.

The tables live in `view.db`; `projection.py` alone writes them. No row has a number of its
own making: whoever computes the rows anew gets the same, column by column.

    inquiry  statement id as 43 characters of base64url, the thread
    items    "0-2,7" as people type them; empty: the inquiry as a whole
"""

from typing import ClassVar

from django.db import models

ID = 43
LINK = 32
CODE = 32
REF = 64
MARK = 6
"""How a log is called: ``A``, or with its lane ``A hot`` (`protocol/places.py`)."""


_OURS = models.Q(is_ours=True)
_MY_MOVE = models.Q(is_my_move=True)
_OPEN = models.Q(is_open=True)
_CLOSED = models.Q(is_closed=True)
_SETTLED = models.Q(is_open=False, is_closed=False)
_DUE = models.Q(due_at__isnull=False)


class Inquiry(models.Model):
    """One inquiry: who asked, about how many items, how they stand, whose move it is."""

    key = models.CharField(max_length=LINK + 1 + ID, primary_key=True)
    """`link/inquiry`: the same inquiry id cannot be trusted to be on one link only."""
    link = models.CharField(max_length=LINK)
    inquiry = models.CharField(max_length=ID)
    is_ours = models.BooleanField()
    letter = models.CharField(max_length=MARK)
    index = models.PositiveBigIntegerField()
    order = models.BigIntegerField(default=0)
    """Where it stands in the lists of its link: the time it was sent, and within a second its place."""
    ref = models.CharField(max_length=REF, blank=True)
    their_ref = models.CharField(max_length=REF, blank=True)
    """The newest number that the asked side gave it."""
    batch_ref = models.CharField(max_length=REF, blank=True)
    batch_count = models.PositiveIntegerField(default=0)
    item = models.CharField(max_length=CODE)
    """The agreed item of cooperation."""
    urgency = models.CharField(max_length=2)
    title = models.TextField(blank=True)
    title_language = models.CharField(max_length=16, blank=True)
    authority = models.TextField(blank=True)
    verdict = models.CharField(max_length=CODE)
    count = models.PositiveIntegerField(default=0)
    states = models.JSONField(default=dict)
    """How many items are in which state, most first."""
    is_open = models.BooleanField(default=False)
    """Whether an item still waits for a side."""
    is_closed = models.BooleanField(default=False)
    move = models.CharField(max_length=8)
    is_my_move = models.BooleanField(default=False)
    """Whether our side has to do something."""
    crossed = models.PositiveIntegerField(default=0)
    disputed = models.PositiveIntegerField(default=0)
    sent_at = models.BigIntegerField()
    received_at = models.BigIntegerField(null=True)
    acknowledged_at = models.BigIntegerField(null=True)
    last_answer_at = models.BigIntegerField(null=True)
    closed_at = models.BigIntegerField(null=True)
    lapses_at = models.BigIntegerField(null=True)
    """When it counts as closed by itself: some time after the last answer, as the terms say."""
    due_at = models.BigIntegerField(null=True)
    """The first due time of the clocks that run."""
    rated = models.JSONField(null=True)
    outcome = models.CharField(max_length=CODE, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sent_at", "link", "letter", "index"], name="inquiries_in_order"),
            models.Index(fields=["is_open", "due_at"], name="inquiries_by_due"),
            models.Index(fields=["inquiry"], name="inquiries_by_id"),
            models.Index(fields=["ref"], name="inquiries_by_ref"),
            models.Index(fields=["their_ref"], name="inquiries_by_their_ref"),
            # One list each: `queries/paging.py` tells which is read when.
            models.Index(fields=["link", "order"], name="inquiries_all"),
            models.Index(fields=["link", "order"], name="inquiries_ours", condition=_OURS),
            models.Index(fields=["link", "order"], name="inquiries_theirs", condition=~_OURS),
            models.Index(fields=["link", "order"], name="inquiries_my_move", condition=_MY_MOVE),
            models.Index(fields=["link", "order"], name="inquiries_open", condition=_OPEN),
            models.Index(fields=["link", "order"], name="inquiries_settled", condition=_SETTLED),
            models.Index(fields=["link", "order"], name="inquiries_closed", condition=_CLOSED),
            models.Index(fields=["link", "due_at", "order"], name="inquiries_due", condition=_DUE),
            models.Index(fields=["link", "batch_ref", "order"], name="inquiries_by_batch"),
            models.Index(fields=["link", "urgency", "order"], name="inquiries_by_urgency"),
            models.Index(fields=["link", "item", "order"], name="inquiries_by_item"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.letter} {self.index}"


class Batch(models.Model):
    """What is known of a batch: how many of its inquiries are here, and how their items stand.

    Kept by adding what each inquiry changes, so that a list shows ten batches without reading
    fifty thousand inquiries.
    """

    key = models.CharField(max_length=LINK + 3 + REF, primary_key=True)
    """`link/letter/ref`: both sides may use the same number."""
    link = models.CharField(max_length=LINK)
    is_ours = models.BooleanField()
    ref = models.CharField(max_length=REF)
    announced = models.PositiveIntegerField(default=0)
    """How many inquiries the asker said there are; the largest, if it said several."""
    inquiries = models.IntegerField(default=0)
    items = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    order = models.BigIntegerField(default=0)
    """The place of its newest inquiry."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "order"], name="batches_in_order")]

    def __str__(self) -> str:
        return self.key


class Item(models.Model):
    """One site, account or address, with its own state."""

    key = models.CharField(max_length=LINK + 1 + ID + 5, primary_key=True)
    """`link/inquiry/n`."""
    thread = models.CharField(max_length=LINK + 1 + ID)
    """The key of the inquiry; no foreign key, since rows are replaced a thread at a time."""
    n = models.PositiveIntegerField()
    type = models.CharField(max_length=CODE)
    state = models.CharField(max_length=CODE)
    wants = models.JSONField(default=list)
    url = models.TextField(blank=True)
    host = models.CharField(max_length=255, blank=True)
    """The address's host as `forms.host_of` tells it: by it the same site is found again."""
    subject_kind = models.CharField(max_length=CODE, blank=True)
    subject = models.TextField(blank=True)
    brand = models.TextField(blank=True)
    site_state = models.CharField(max_length=CODE, blank=True)
    observed_at = models.BigIntegerField(null=True)
    findings = models.JSONField(default=list)
    grounds = models.JSONField(default=list)
    is_crossed = models.BooleanField(default=False)
    due_at = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["thread", "n"], name="items_in_order"),
            models.Index(fields=["host"], name="items_by_host"),
        ]

    def __str__(self) -> str:
        return self.key


class Timer(models.Model):
    """One clock, for all the items on which it stands alike."""

    key = models.CharField(max_length=LINK + 1 + ID + 5, primary_key=True)
    thread = models.CharField(max_length=LINK + 1 + ID)
    place = models.PositiveIntegerField()
    items = models.TextField(blank=True)
    clock = models.CharField(max_length=CODE)
    limit = models.CharField(max_length=8)
    phase = models.CharField(max_length=CODE)
    started_at = models.BigIntegerField(null=True)
    due_at = models.BigIntegerField(null=True)
    paused_since = models.BigIntegerField(null=True)
    left = models.BigIntegerField(default=0)
    stopped_at = models.BigIntegerField(null=True)
    stopped_by = models.CharField(max_length=ID, blank=True)
    is_extended = models.BooleanField(default=False)
    pauses = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["thread", "place"], name="timers_in_order")]

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    """One statement in the thread of an inquiry, valid or not."""

    key = models.CharField(max_length=LINK + 1 + MARK + 20, primary_key=True)
    """`link/letter/index`: its place in its writer's log."""
    thread = models.CharField(max_length=LINK + 1 + ID)
    place = models.PositiveIntegerField()
    """After what its writer had seen; the same on both sides."""
    letter = models.CharField(max_length=MARK)
    index = models.PositiveBigIntegerField()
    statement = models.CharField(max_length=ID)
    kind = models.CharField(max_length=65)
    verdict = models.CharField(max_length=CODE)
    effective = models.BigIntegerField()
    received_at = models.BigIntegerField(null=True)
    role = models.CharField(max_length=CODE, blank=True)
    officer = models.PositiveIntegerField(default=0)
    ref = models.CharField(max_length=REF, blank=True)
    answers = models.CharField(max_length=ID, blank=True)
    """The statement that it answers."""
    said = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["thread", "place"], name="events_in_order"),
            models.Index(fields=["statement"], name="events_by_statement"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.index}"
