"""What was read back against what was said, field by field: the same lines on both screens.

The fold says which fields differ; how near a wrong one came is told from the words of both bodies, where
they are here. Nobody presses “OK”: what is the same is the same because a machine compared it. Source:
screens D7, E-12; Spec §12.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from parley.hotline.forms.five import FiveFields
from parley.hotline.forms.telling import near_words
from parley.hotline.queries.pages import Dossier, ReadingRow, StatementRow
from parley.hotline.views.showing.coded import FIVE, Both, both, value_text
from parley.protocol.hotline.apply import MAX_TRIES
from parley.ui import callwords


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One field as it was said and as it was read; `near` says in words how near a wrong one came."""

    code: str
    name: Both
    said: str
    read: str
    is_same: bool
    near: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The newest reading of the text that holds. `tries` is how often that text was read wrongly."""

    place: str
    is_ours: bool
    at: int
    is_right: bool
    pairs: tuple[Pair, ...]
    tries: int
    needs_voice: bool

    @property
    def tries_left(self) -> int:
        """Return how many readings are left before the text is read aloud."""
        return max(0, MAX_TRIES - self.tries)

    @property
    def missed(self) -> tuple[Pair, ...]:
        """Return the fields that differ."""
        return tuple(pair for pair in self.pairs if not pair.is_same)


def comparison(dossier: Dossier) -> Comparison | None:
    """Return how the text that holds was read back last; None if nobody read it yet."""
    readings = _readings(dossier)
    if not readings or dossier.text.fields is None:
        return None
    newest = readings[-1]
    assert newest.reading is not None
    return Comparison(
        place=newest.place,
        is_ours=newest.whose.value == "us",
        at=newest.effective,
        is_right=newest.reading.is_right,
        pairs=pairs(dossier.text.fields, newest.reading),
        tries=sum(1 for each in readings if each.reading and not each.reading.is_right),
        needs_voice=dossier.row.needs_voice,
    )


def _readings(dossier: Dossier) -> Sequence[StatementRow]:
    place = dossier.text.place
    return [
        each
        for each in dossier.statements
        if each.is_valid and each.reading is not None and each.reading.of == place
    ]


def pairs(said: FiveFields, reading: ReadingRow) -> tuple[Pair, ...]:
    """Return the five fields beside each other; those of a reading whose words are gone stay empty."""
    read = reading.fields
    return tuple(
        Pair(
            code=field.value,
            name=both(field.value, callwords.FIELDS),
            said=value_text(field, said),
            read="" if read is None else value_text(field, read),
            is_same=field.value not in reading.misses,
            near=near_words(field.value, reading.near),
        )
        for field in FIVE
    )
