"""What is public of a round: files that anybody checks, in any browser and without a network. Spec §17.10.

outcomes.txt        the list, the same bytes on both nodes
release.note        the seals of all who released it, as lines of one note
a.example.card      the card of each party, by whose digits people know it
outcome.html        the page that checks the files above

Strangers ask as often as they like, so what they get is folded once for each state of a round (`held.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import Final

from parley.dialogue.models import Round as RoundTable
from parley.dialogue.policy import Duty
from parley.dialogue.queries.held import Held
from parley.ledger.dialogues import Publication, publication, thread_of
from parley.ledger.readers import links_of, reader_of
from parley.ledger.reading import Reader
from parley.protocol import card as cards
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.outcome import State
from parley.protocol.dialogue.release import digest_of, sealed_at
from parley.protocol.suite import Standard
from parley.work.home import Home

LIST: Final = "outcomes.txt"
NOTE: Final = "release.note"
PAGE: Final = "outcome.html"
MOST: Final = 100
"""So many lists are shown to strangers at once, those made public last."""
_PUBLIC: Final = (State.HALF_RELEASED.value, State.RELEASED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicList:
    """A list that this node has made public: what stands in it, and who released it, each with when.

    `sealed_at` has None for a party that has not released it: then it is a lone publication.
    """

    found: Publication
    number: int
    release: int
    digest: str
    sealed_at: Mapping[str, int | None]

    @property
    def hex(self) -> str:
        """Return the digest of the list as the page shows it that checks a list."""
        return read_id(self.digest).hex()

    @property
    def is_joint(self) -> bool:
        """Return whether both made it public."""
        return None not in self.sealed_at.values()

    @property
    def sealed_times(self) -> tuple[int, ...]:
        """Return when it was made public, by each who did."""
        return tuple(at for at in self.sealed_at.values() if at is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A list that this node has made public, as strangers find it; `nodes` are its parties."""

    number: int
    nodes: tuple[str, ...]
    release: int
    digest: str
    is_joint: bool


def public_lists(home: Home) -> tuple[ListLine, ...]:
    """Return what this node has made public, that of the newest release first; the record is not read.

    A list that the other side alone has released still waits for our release, and is not among these.
    """
    rows = RoundTable.objects.filter(outcome__in=_PUBLIC).exclude(digest="")
    ours = rows.exclude(owed__us__has_key=Duty.RELEASE.value).order_by("-release", "-key")[:MOST]
    links = {link.row.link: link.row for link in links_of(home)}
    return tuple(
        ListLine(
            number=row.number,
            nodes=tuple(sorted((links[row.link].me, links[row.link].peer))),
            release=row.release or 0,
            digest=row.digest,
            is_joint=row.outcome == State.RELEASED.value,
        )
        for row in ours
        if row.link in links
    )


@cache
def checking_page() -> bytes:
    """Return the page that checks a release, one file without a network."""
    return resources.files("parley.judge").joinpath(PAGE).read_bytes()


def files_of(found: Publication) -> dict[str, bytes]:
    """Return the files of a release by their names."""
    return {
        LIST: found.text,
        NOTE: found.note,
        **{f"{node}.card": note for node, note in found.cards.items()},
        PAGE: checking_page(),
    }


def public_list(reader: Reader, digest: str) -> PublicList | None:
    """Return the list with this digest, 43 characters, if this node itself has made it public."""
    for row in RoundTable.objects.filter(digest=digest):
        meeting = thread_of(reader, row.link, read_id(row.statement))
        if isinstance(meeting, Round) and reader.node in meeting.outcome.released:
            found = publication(reader, row.link, meeting)
            if found is not None and id_text(digest_of(found.text)) == digest:
                return _told(found)
    return None


_HELD: Final[Held[PublicList | None]] = Held()


def held_list(home: Home, digest: str, *, now: int) -> PublicList | None:
    """Return what `public_list` does, read from the record once for each state of the round.

    Whoever asks for what is not public costs one look into a table, and none into the record.

    Raises:
        BusyError: too much was asked for in this second that nobody had asked for before.
    """
    found = RoundTable.objects.filter(digest=digest, outcome__in=_PUBLIC).values_list("key", "outcome")
    state = found.first()
    return None if state is None else _HELD.take((home.root, *state), partial(_read, home, digest), now=now)


def _read(home: Home, digest: str) -> PublicList | None:
    reader = reader_of(home)
    return None if reader is None else public_list(reader, digest)


def _told(found: Publication) -> PublicList:
    suite = Standard()
    by_node = {node: cards.parse(note).card for node, note in found.cards.items()}
    return PublicList(
        found=found,
        number=found.outcomes.number,
        release=found.outcomes.release,
        digest=id_text(digest_of(found.text)),
        sealed_at={
            node: sealed_at(found.seals[node], by_node[node], suite)[1] if node in found.seals else None
            for node in found.outcomes.nodes
        },
    )
