"""The files of a position paper: those that wait for the form in which it is said, and those that were said.

A form has the hash of each, and so has its draft. They lie sealed at home from the moment they came, and
leave with the statement. Source: Spec §5.8, §17.2.4.
"""

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.http import QueryDict

from parley.dialogue.queries import StatementRow
from parley.inquiries.forms.saying.keeping import FILES
from parley.inquiries.views.showing.enclosed import FileLine, FormFile, files_in, line_of
from parley.ledger.attached import Attachments
from parley.ledger.readers import reader_of
from parley.protocol.act import read_id

PAPERS: Final = FILES
"""The field with the hashes, in one line."""
UPLOAD: Final = "evidence"
"""The field in which a file comes (`inquiries/views/uploading.py`)."""
KINDS: Final = frozenset({"round.stated"})
"""What may take files along."""

MOST: Final = 50
"""So many papers of a round are shown with their files, the newest; the rest on pages of their own."""


def papers_of(link: str, rows: Sequence[StatementRow]) -> dict[str, tuple[FileLine, ...]]:
    """Return the files of these statements by their ids, as far as they have any."""
    reader = reader_of(settings.HOME)
    if reader is None:
        return {}
    looking = Attachments(settings.HOME, reader)
    stated = [row for row in rows if row.kind in KINDS and row.is_valid][-MOST:]
    found = [(row, looking.of(link, read_id(row.statement))) for row in stated]
    return {
        row.statement: tuple(line_of(file, place=row.place) for file in files)
        for row, files in found
        if files
    }


def papers_in(text: str, *, lane: str) -> tuple[FormFile, ...]:
    """Return the files whose hashes stand in `text`, each once, that wait for a statement in `lane`."""
    form = QueryDict(mutable=True)
    form.setlist(PAPERS, text.split())
    return files_in(form, link=lane)
