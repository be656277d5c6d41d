"""What is counted of inquiries, kept so that a review need not fold every one again. All can be told anew.

The table lives in `view.db`; `projection.py` alone writes it. A row holds of one inquiry what figures need
(`Counted`), if time alone changes nothing of it any more; and how much of both logs it comes from, so that it
counts only at a cut that takes in all of that. `letter` A and B are the parties.
"""

from typing import ClassVar

from django.db import models

ID = 43
LINK = 32


class Kept(models.Model):
    """One inquiry that is in effect: where it stands, when it began, and what is counted of it."""

    key = models.CharField(max_length=LINK + 1 + ID, primary_key=True)
    """`link/inquiry`."""
    link = models.CharField(max_length=LINK)
    inquiry = models.CharField(max_length=ID)
    lane = models.CharField(max_length=8)
    letter = models.CharField(max_length=1)
    index = models.PositiveBigIntegerField()
    begun = models.BigIntegerField()
    """When the other side received it, or while it has not, when it was said."""
    said_a = models.BigIntegerField()
    """This and the next three: the last statement of each party in its thread, and the last of each that
    the other one received; −1 where there is none."""
    said_b = models.BigIntegerField()
    received_a = models.BigIntegerField()
    received_b = models.BigIntegerField()
    counted = models.BinaryField(null=True)
    """`Counted` as MessagePack; null while a clock of it still runs, waits or stands still."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "lane", "letter", "index"], name="kept_in_order")]

    def __str__(self) -> str:
        return f"{self.link} {self.letter} {self.index}"
