"""The figures of the rooms, read by each side from its own record: what both must come to."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from parley.demo.country import LINK
from parley.demo.rooms import Rooms, read_rooms
from parley.ledger.casebook import Cut, report
from parley.ledger.reading import Reader
from parley.ledger.reviewing import figures_of
from parley.protocol.cases import account as cases
from parley.protocol.dialogue import account as dialogue
from parley.protocol.review.account import digest as review_digest
from parley.protocol.sharing import account as sharing

SHOWN: Final = 16


def rooms_of(reader: Reader, cut: Cut) -> Mapping[str, Any]:
    """Return the figures and digests of the rooms; the Status Report as it is at `cut`."""
    link = reader.link(LINK)
    if link is None:
        return {}
    rooms = read_rooms(reader, link, memo={})
    meeting, frozen = rooms.round, None if rooms.round is None else rooms.round.outcome.agreed
    return {
        "commitments": len(rooms.binding),
        "offers": sum(share.delivered is not None for share in rooms.shares),
        "cases": len(rooms.cases),
        "findings": sum(len(case.findings) for case in rooms.cases),
        "versions": sum(len(finding.versions) for case in rooms.cases for finding in case.findings),
        "report_digest": hashlib.sha256(report(reader, LINK, cut)).hexdigest(),
        "review_digest": _reviewed(reader, rooms),
        "clauses": 0 if meeting is None else len(meeting.outcome.clauses),
        "outcomes": "" if meeting is None else meeting.outcome.state.value,
        "release_digest": "" if frozen is None else frozen.digest,
        "next_round": None if meeting is None or meeting.next is None else meeting.next.begins,
        "rooms_digest": _digest(rooms),
    }


def _reviewed(reader: Reader, rooms: Rooms) -> str:
    """Return the digest of the figures at the agreed cut, computed anew by this side."""
    found = rooms.review
    return "" if found is None else review_digest(figures_of(reader, LINK, found[1].said))


def _digest(rooms: Rooms) -> str:
    """Return one digest over the state of every thread, the same on both nodes."""
    told: tuple[tuple[Any, Callable[[Any], bytes]], ...] = (
        *((each, dialogue.digest) for each in (*rooms.commitments, *rooms.rounds)),
        *((each, sharing.digest) for each in rooms.shares),
        *((each, cases.digest) for each in rooms.cases),
    )
    return hashlib.sha256(b"".join(digest(each) for each, digest in told)).hexdigest()


def lines_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the figures as people read them."""
    words = {name: _short(value) for name, value in figures.items()}
    yield _("Commitments in force: %(commitments)s. Offers delivered: %(offers)s.") % words
    yield (
        _("Joint cases: %(cases)s, versions of findings: %(versions)s. Status Report: %(report_digest)s")
        % words
    )
    yield _("Figures of the review, computed by both: %(review_digest)s") % words
    yield (
        _("Outcome list: %(clauses)s clauses, released by both, the same bytes on both: %(release_digest)s")
        % words
    )
    if figures.get("next_round") is not None:
        day = datetime.fromtimestamp(figures["next_round"], tz=UTC).strftime("%Y-%m-%d")
        yield _("Next round: %(day)s.") % {"day": day}


def _short(value: object) -> object:
    return f"{value[:SHOWN]}…" if isinstance(value, str) and len(value) > SHOWN else value
