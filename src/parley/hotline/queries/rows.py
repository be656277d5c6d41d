"""A call as lists show it, and how it is read out of the table."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.hotline.models import Call
from parley.links.policy import Whose


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a side owes, as `protocol/hotline/bell.py` names it: since when it is missing, by our clock."""

    cause: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRow:
    """The newest closing of one side. `at` stands where it puts the call off."""

    ending: str
    at: int | None
    cause: str
    said_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A call as lists show it. Instants are unix seconds by the clock of the side that spoke.

    The five fields are those that hold now. `object_text` is "" where there is no object, and where
    its words were destroyed or could not be read.
    """

    link: str
    call: str
    """The id of its opening, 43 characters of base64url."""
    place: str
    """Such as ``A hot 3``."""
    is_ours: bool
    ref: str
    verdict: str
    nature: str
    urgency: str
    level: str
    scope: str
    inquiry: str
    inquiry_place: str
    """Where the inquiry that it cites stands on this link; "" if it cites none, or none that is here."""
    what: str
    object_type: str
    object_text: str
    where: str
    since: int | None
    by: int | None
    ask: tuple[str, ...]
    text: str
    text_language: str
    authority: str
    state: str
    is_open: bool
    """Whether one side at least has not closed it; see `is_over`."""
    opened_at: int
    received_at: int | None
    """When the called side's node had it, by its own word."""
    taken_at: int | None
    taken_rung: str
    reached: str
    read_back_at: int | None
    tries: int
    needs_voice: bool
    owed: Mapping[Whose, Owed]
    promised: Mapping[Whose, int]
    stands: tuple[Whose, ...]
    endings: Mapping[Whose, EndingRow]
    ends_at: int | None
    messages: int
    crossed: int
    last_word_at: int
    last_word_by: Whose

    @property
    def owing(self) -> tuple[Whose, ...]:
        """Return which sides owe something, ours first."""
        return tuple(each for each in Whose if each in self.owed)

    @property
    def is_my_move(self) -> bool:
        """Return whether our side owes something."""
        return Whose.US in self.owed

    @property
    def promised_at(self) -> int | None:
        """Return until when a next word is promised, the earlier if both did."""
        return min(self.promised.values(), default=None)

    @property
    def ended(self) -> tuple[str, ...]:
        """Return with which words it was closed, ours first."""
        return tuple(self.endings[each].ending for each in Whose if each in self.endings)

    @property
    def place_path(self) -> str:
        """Return the place as it stands in an address, such as ``A-hot-3``."""
        return self.place.replace(" ", "-")

    @property
    def is_principal(self) -> bool:
        """Return whether it was opened to a principal's office."""
        return self.level != "desk"

    def is_one_sided(self, now: int) -> bool:
        """Return whether it is over at `now` by the word of one side: a view, which a late word undoes."""
        return self.ends_at is not None and self.ends_at <= now

    def is_over(self, now: int) -> bool:
        """Return whether both closed it, one did and the other stayed silent, or it is without effect."""
        return not self.is_open or self.is_one_sided(now)


def call_of(row: Call, *, inquiry_place: str) -> CallRow:
    """Return the call of a row of the table."""
    return CallRow(
        link=row.link,
        call=row.call,
        place=f"{row.letter} {row.index}",
        is_ours=row.is_ours,
        ref=row.ref,
        verdict=row.verdict,
        nature=row.nature,
        urgency=row.urgency,
        level=row.level,
        scope=row.scope,
        inquiry=row.inquiry,
        inquiry_place=inquiry_place,
        what=row.what,
        object_type=row.subject,
        object_text=row.object,
        where=row.where,
        since=row.since,
        by=row.by,
        ask=tuple(row.asks),
        text=row.text,
        text_language=row.text_language,
        authority=row.authority,
        state=row.state,
        is_open=row.is_open,
        opened_at=row.opened_at,
        received_at=row.received_at,
        taken_at=row.taken_at,
        taken_rung=row.taken_rung,
        reached=row.reached,
        read_back_at=row.read_back_at,
        tries=row.tries,
        needs_voice=row.needs_voice,
        owed={Whose(side): Owed(cause=cause, since=since) for side, (cause, since) in row.owed.items()},
        promised={Whose(side): at for side, at in row.promised.items()},
        stands=tuple(Whose(side) for side in row.stands),
        endings={Whose(side): EndingRow(**ending) for side, ending in row.endings.items()},
        ends_at=row.ends_at,
        messages=row.messages,
        crossed=row.crossed,
        last_word_at=row.last_word_at,
        last_word_by=Whose(row.last_word_by),
    )
