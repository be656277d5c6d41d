"""What search knows of an inquiry: its texts as they were written. All of it is told by the record.

Beside it lies `search_index`, a full-text table of SQLite (FTS5) that Django does not know:
one row for each document, under the same number, with the tokens of its texts. An index of
this kind keeps the tokens of deleted rows for some time; so whoever erases something must
tell `view.db` anew (`projection.empty`), or delete the file.
"""

from django.db import models

_ID = 43
_LINK = 32


class Document(models.Model):
    """The texts of one inquiry and of everything that was said in it."""

    number = models.BigIntegerField(primary_key=True)
    """By time, then by place: the newest is the largest, so that it is found first."""
    key = models.CharField(max_length=_LINK + 1 + _ID, unique=True)
    """`link/inquiry`."""
    texts = models.JSONField(default=list)
    """[what, item or None, place of the statement or "", text] for each text."""

    def __str__(self) -> str:
        return self.key
