"""What was signed beside the lines: after a log had ended, or in a log that gave way to another.

    orphans/<node>/<epoch>/head      one head over the log as it is here, and what follows
    orphans/<node>/<epoch>/entries   what follows
    orphans/<node>/<epoch>/content   what is disclosed of it; files are not

It proves what a key of its writer signed. It counts for nothing else, and least of all for the record.
Source: Spec §4.8.9, §11.4.11, §11.5.14.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from parley.protocol import tree
from parley.protocol.breach import BreachError
from parley.protocol.note import MAX_NOTE
from parley.protocol.suite import Suite
from parley.protocol.verify.contents import opened
from parley.protocol.verify.keys import Held
from parley.protocol.verify.listed import Listing, Log
from parley.protocol.verify.members import Found, read_places, read_wholes
from parley.protocol.verify.steps import Signed, Step, step
from parley.protocol.verify.zipped import Archive


class Orphaned(Struct, frozen=True, kw_only=True):
    """Entries beside the lines, the head over them, whose size is within them, and how many are whole.

    `is_listed` if the log that they follow after is in the export.
    """

    log: Log
    head: Signed
    whole: int
    is_listed: bool


def read_orphans(
    archive: Archive, listing: Listing, *, held: Mapping[str, Held], suite: Suite
) -> Iterator[Orphaned]:
    """Yield the orphans of each log, all of them signed. Step 13.

    Raises:
        StepError: some are not.
    """
    listed = {log.origin: log for log in listing.logs}
    with step(Step.ORPHANS):
        for log in listing.orphans:
            before = listed.get(log.origin)
            head = _head(archive, log, before, held=held[log.node], suite=suite)
            whole = _check_contents(archive, log, suite)
            yield Orphaned(log=log, head=head, whole=whole, is_listed=before is not None)


def _head(archive: Archive, log: Log, before: Log | None, *, held: Held, suite: Suite) -> Signed:
    raw = archive.whole(log.member("head"), limit=MAX_NOTE)
    signed = held.read_orphaned(raw, origin=log.origin, suite=suite)
    frontier = tree.EMPTY
    for each in (log,) if before is None else (before, log):
        frontier = frontier.extend(place.leaf for place in read_places(archive, each))
    if (signed.head.size, signed.head.root) != (frontier.size, frontier.root()):
        raise BreachError("11.5", "a head of orphans is over other entries")
    return Signed(size=log.size, root=signed.head.root, time=signed.signed_at)


def _check_contents(archive: Archive, log: Log, suite: Suite) -> int:
    """Return how many of the orphans are whole, once all that is disclosed of them is what was entered."""
    count = 0
    for whole in read_wholes(archive, log):
        count += 1
        for opening in whole.openings:
            if opening.found is Found.FILE:
                raise BreachError("11.4", "files of orphans are not disclosed")
            opened(opening, log, suite)
    return count
