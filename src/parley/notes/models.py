"""Notes of our own people about an inquiry or a joint case, in `house.db`; nothing of them ever leaves.

A note is added and never changed: the trigger in the first migration holds that against every
program that opens the file.
"""

from typing import ClassVar

from django.db import models

LINK = 32
ID = 43
KEY = 32


class Note(models.Model):
    """What an officer wrote down. `key` is the form's own: the same form twice is one note."""

    number = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=KEY, unique=True)
    link = models.CharField(max_length=LINK)
    inquiry = models.CharField(max_length=ID)
    """The statement that opened the inquiry, or the joint case: its id, 43 characters of base64url."""
    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    at = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "inquiry", "number"], name="notes_in_order")]

    def __str__(self) -> str:
        return f"{self.link} {self.number}"
