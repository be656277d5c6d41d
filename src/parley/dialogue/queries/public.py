"""What is public of a round: files that anybody checks, in any browser and without a network. Spec §17.10.

outcomes.txt        the list, the same bytes on both nodes
release.note        the seals of all who released it, as lines of one note
a.example.card      the card of each party, by whose digits people know it
outcome.html        the page that checks the files above
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from parley.dialogue.models import Round as RoundTable
from parley.ledger.dialogues import Publication, publication, thread_of
from parley.ledger.reading import Reader
from parley.protocol import card as cards
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import digest_of, sealed_at
from parley.protocol.suite import Standard

LIST: Final = "outcomes.txt"
NOTE: Final = "release.note"
PAGE: Final = "outcome.html"


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
    def is_joint(self) -> bool:
        """Return whether both made it public."""
        return None not in self.sealed_at.values()


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
