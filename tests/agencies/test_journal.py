"""The journal: a chain in which every change shows."""

from collections.abc import Callable

import pytest
from django.db.models import F, Max

from parley.agencies.actions import note_act
from parley.agencies.models import JournalEntry
from parley.agencies.queries import first_broken_link

pytestmark = pytest.mark.django_db

NOON = 1_790_000_000


def write(rows: int) -> None:
    for number in range(rows):
        note_act("inquiry.sent", officer=None, subject=f"A-{number}", now=NOON + number, statement="x" * 43)


def change_subject() -> None:
    JournalEntry.objects.filter(number=3).update(subject="another")


def change_time() -> None:
    JournalEntry.objects.filter(number=3).update(at=F("at") - 1)


def change_statement() -> None:
    JournalEntry.objects.filter(number=3).update(statement="y" * 43)


def take_out() -> None:
    JournalEntry.objects.filter(number=3).delete()


def take_out_and_close_the_gap() -> None:
    JournalEntry.objects.filter(number=3).delete()
    for number in (4, 5):
        JournalEntry.objects.filter(number=number).update(number=number - 1)


def recompute_one_digest() -> None:
    JournalEntry.objects.filter(number=3).update(subject="another")
    row = JournalEntry.objects.get(number=3)
    row.digest = row.computed_digest()
    row.save()


def test_an_empty_and_an_untouched_journal_hold() -> None:
    assert first_broken_link() is None

    write(5)

    assert first_broken_link() is None


@pytest.mark.parametrize(
    ("forge", "shown_at"),
    [
        (change_subject, 3),
        (change_time, 3),
        (change_statement, 3),
        (take_out, 3),
        (take_out_and_close_the_gap, 3),
        (recompute_one_digest, 4),
    ],
)
def test_every_change_shows_at_the_row_where_the_chain_breaks(
    forge: Callable[[], None], shown_at: int
) -> None:
    write(5)

    forge()

    assert first_broken_link() == shown_at


def test_two_rows_never_carry_the_same_digest() -> None:
    note_act("inquiry.sent", officer=None, subject="same", now=NOON)
    note_act("inquiry.sent", officer=None, subject="same", now=NOON)

    assert JournalEntry.objects.values("digest").distinct().count() == 2


def test_rows_are_numbered_without_gaps() -> None:
    write(4)

    assert JournalEntry.objects.aggregate(last=Max("number"))["last"] == JournalEntry.objects.count() == 4
