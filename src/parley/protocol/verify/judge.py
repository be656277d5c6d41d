"""The door: a file and sixty digits in, findings out.

    with path.open("rb") as file:
        findings = verify(file, size=path.stat().st_size, digits=groups)

Source: Spec §11.5.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.protocol.card import Card
from parley.protocol.suite import Suite
from parley.protocol.verify.contents import Forked, check_contents, check_openings, hold, read_forks
from parley.protocol.verify.erasures import erasures
from parley.protocol.verify.findings import Findings, Fork, Logged, Result, Told
from parley.protocol.verify.keys import Held
from parley.protocol.verify.listed import GROUPS, Listing, Log
from parley.protocol.verify.orphaned import read_orphans
from parley.protocol.verify.revoked import Revoked, read_revocations
from parley.protocol.verify.steps import (
    Signed,
    Step,
    StepError,
    check_chain,
    check_digits,
    check_signed,
    open_archive,
    read_cards,
    read_heads,
    read_leaves,
    read_receipts,
    roots_at,
)
from parley.protocol.verify.zipped import Archive, Seekable

_DIGITS: Final = re.compile(rf"[0-9]{{{5 * GROUPS}}}")
_BLANK: Final = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the judge brings along: the digits as people compared them, and the channel that is meant."""

    digits: tuple[str, ...] | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was signed over one log. `receipts` may be the step that fails, which is told in its turn."""

    heads: tuple[Signed, ...]
    receipts: tuple[Signed, ...] | StepError
    roots: Mapping[int, bytes]

    def received(self) -> tuple[Signed, ...]:
        """Return the receipts.

        Raises:
            StepError: they do not hold by themselves.
        """
        if isinstance(self.receipts, StepError):
            raise self.receipts
        return self.receipts


def read_digits(text: str) -> tuple[str, ...] | None:
    """Return the twelve groups of five in `text`, None if these are not sixty digits."""
    bare = _BLANK.sub("", text)
    if not _DIGITS.fullmatch(bare):
        return None
    return tuple(bare[at : at + 5] for at in range(0, len(bare), 5))


def verify(file: Seekable, *, size: int, asked: Asked, suite: Suite) -> Findings:
    """Return what an export of `size` bytes proves. Never raises for what the bytes say."""
    digits: tuple[str, ...] = ()
    try:
        archive, listing = open_archive(file, size=size)
        digits = listing.digits
        told = _check(archive, listing, asked=asked, suite=suite)
    except StepError as error:
        unread = error.step in {Step.FILE, Step.LIST}
        result = Result.UNREADABLE if unread else Result.REFUSED
        return Findings(result=result, step=error.step, reason=error.reason, digits=digits)
    result = Result.OPEN if asked.digits is None else Result.PROVED
    return Findings(result=result, digits=digits, told=told)


def _check(archive: Archive, listing: Listing, *, asked: Asked, suite: Suite) -> Told:
    known = read_cards(archive, listing, suite)
    check_digits(listing, known, given=asked.digits, channel=asked.channel)
    leaves = read_leaves(archive, listing)
    held = hold(archive, listing, known=known, suite=suite)
    noted = _check_notes(archive, listing, held=held, suite=suite)
    for old, root in check_chain(archive, listing, known=known, suite=suite):
        if noted[old.origin].roots[old.size] != root:
            raise StepError(Step.CHAIN, "an acceptance is for other entries")
    check_openings(archive, listing, known=known, suite=suite)
    disclosed = check_contents(archive, listing, broken=leaves.broken, suite=suite)
    forks = tuple(read_forks(archive, listing, held=held, suite=suite))
    revoked = read_revocations(archive, listing, known=known, suite=suite)
    _check_worth(forks, revoked)
    return Told(
        archive=archive,
        listing=listing,
        cards=known,
        digits_given=asked.digits is not None,
        logs=tuple(_logged(log, noted[log.origin]) for log in listing.logs),
        whole=leaves.whole,
        stubs=sum(log.size for log in listing.logs) - leaves.whole,
        broken=sum(len(places) for places in leaves.broken.values()),
        parts=disclosed.parts,
        seen=leaves.seen,
        forks=tuple(Fork(origin=each.origin, size=each.head.size, notes=each.notes) for each in forks),
        revoked=revoked,
        erasures=erasures(listing, disclosed.erasing),
        orphans=tuple(read_orphans(archive, listing, held=held, suite=suite)),
    )


def _check_worth(forks: Sequence[Forked], revoked: Sequence[Revoked]) -> None:
    """Check that nobody is convicted by keys that were revoked before. Step 12, of the forks."""
    sizes = {(each.origin, each.serial): each.size for each in revoked}
    for fork in forks:
        if fork.head.size > sizes.get((fork.origin, fork.serial), fork.head.size):
            raise StepError(Step.REVOCATIONS, "two histories are shown by keys that were revoked")


def _check_notes(
    archive: Archive, listing: Listing, *, held: Mapping[str, Held], suite: Suite
) -> Mapping[str, Noted]:
    """Return what is signed over each log, all of it over the leaves that are here. Steps 6 and 7."""
    heads = {log.origin: read_heads(archive, log, held=held[log.node], suite=suite) for log in listing.logs}
    receipts = {
        log.origin: _receipts(archive, log, held[listing.other(log.node)].cards, suite=suite)
        for log in listing.logs
    }
    noted: dict[str, Noted] = {}
    for log in listing.logs:
        found = receipts[log.origin]
        sizes = {each.size for each in (*heads[log.origin], *(() if isinstance(found, StepError) else found))}
        roots = roots_at(archive, log, sizes)
        noted[log.origin] = Noted(heads=heads[log.origin], receipts=found, roots=roots)
    for number in (Step.HEADS, Step.RECEIPTS):
        for log, is_last in _with_last(listing):
            at = noted[log.origin]
            signed = at.heads if number is Step.HEADS else at.received()
            check_signed(number, log, signed, roots=at.roots, is_last=is_last)
    return noted


def _receipts(
    archive: Archive, log: Log, by: Sequence[Card], *, suite: Suite
) -> tuple[Signed, ...] | StepError:
    try:
        return read_receipts(archive, log, by=by, suite=suite)
    except StepError as error:
        return error


def _with_last(listing: Listing) -> Iterator[tuple[Log, bool]]:
    for line in listing.lines.values():
        yield from ((log, log is line[-1]) for log in line)


def _logged(log: Log, noted: Noted) -> Logged:
    return Logged(
        log=log,
        root=noted.roots[log.size],
        heads=noted.heads,
        receipts=noted.received(),
    )
