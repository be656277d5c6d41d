"""The steps of a verifier, one after the other; the first that fails ends it.

     1  file       the ZIP is the one there is for its members
     2  list       export.txt, and exactly the members that follow from it
     3  cards      signed by roots, each following the one before
     4  digits     those that people compared
     5  entries    the leaves of both lines
     6  heads      signed by the writer, over these leaves
     7  receipts   signed by the other side, over these leaves
     8  chain      each further log accepted by the other side, and begun with what came before
     9  openings   both sides opened this channel with these logs and cards
    10  content    each disclosed part is the one that was entered
    11  forks      two heads that one key signed
    12  revoked    the roots' word on stolen keys, and no head that it made worthless
    13  orphans    what was signed beside the lines, by whom it was signed

No member is held whole but notes and texts. Source: Spec §11.5.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from itertools import pairwise
from typing import Final

from msgspec import Struct

from parley.protocol import card as cards
from parley.protocol import tree
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.note import MAX_NOTE
from parley.protocol.part import PartError
from parley.protocol.suite import Suite
from parley.protocol.verify import listed, zipped
from parley.protocol.verify.citing import Cited, Citing, Seen
from parley.protocol.verify.keys import Held, read_acceptance, read_countersigned
from parley.protocol.verify.listed import Listing, Log
from parley.protocol.verify.members import is_plain, parsed_or_none, read_notes, read_places
from parley.protocol.verify.zipped import Archive, Seekable, ShortError, UnreadableError

README_SHA256: Final = bytes.fromhex("a1ba48af0afe7d81e7bddfb613eb42f62a4625380118e091878e9badc98efc59")
MAX_README: Final = 8_192


class Step(IntEnum):
    """The number by which a step is told."""

    FILE = 1
    LIST = 2
    CARDS = 3
    DIGITS = 4
    ENTRIES = 5
    HEADS = 6
    RECEIPTS = 7
    CHAIN = 8
    OPENINGS = 9
    CONTENT = 10
    FORKS = 11
    REVOCATIONS = 12
    ORPHANS = 13


class StepError(Exception):
    """The first step that fails, and why, for people who look for the mistake."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(f"step {step.value}: {reason}")
        self.step = step
        self.reason = reason


class Signed(Struct, frozen=True, kw_only=True):
    """The size and root of a log that a note signs, and the time that it states."""

    size: int
    root: bytes
    time: int


@contextmanager
def step(number: Step) -> Iterator[None]:
    """Say of whatever goes wrong inside that it is this step that fails."""
    try:
        yield
    except (BreachError, PartError, ShortError) as error:
        raise StepError(number, str(error)) from error


def open_archive(file: Seekable, *, size: int) -> tuple[Archive, Listing]:
    """Return the members and the list. Steps 1 and 2.

    Raises:
        StepError: the file is no export.
    """
    try:
        archive = zipped.read(file, size=size)
    except UnreadableError as error:
        raise StepError(Step.FILE, str(error)) from error
    names = tuple(archive.members)
    if names[:1] != ("README.txt",):
        raise StepError(Step.FILE, "the first member is README.txt")
    if names[1:2] != ("export.txt",):
        raise StepError(Step.LIST, "the second member is export.txt")
    with step(Step.FILE):
        if hashlib.sha256(archive.whole("README.txt", limit=MAX_README)).digest() != README_SHA256:
            raise StepError(Step.FILE, "README.txt is not the one of every export")
    with step(Step.LIST):
        listing = listed.read_listing(archive.whole("export.txt", limit=listed.MAX_LIST))
    wanted = tuple(listing.names())
    sizes = {listed.file_name(name): size for name, size in listing.files.items()}
    if names != wanted or any(archive.members[name].size != size for name, size in sizes.items()):
        raise StepError(Step.LIST, "the members are not those that the list names")
    return archive, listing


def read_cards(archive: Archive, listing: Listing, suite: Suite) -> Mapping[str, tuple[Card, ...]]:
    """Return the cards of both nodes, each vouched for by roots. Step 3.

    Raises:
        StepError: one of them is not.
    """
    found: dict[str, tuple[Card, ...]] = {}
    with step(Step.CARDS):
        for node, serials in listing.cards.items():
            known: list[Card] = []
            for serial in serials:
                signed = cards.parse(archive.whole(f"cards/{node}/{serial}", limit=MAX_NOTE))
                if (signed.card.node, signed.card.serial) != (node, serial):
                    raise BreachError("11.5", "a card is not the one that its name says")
                if known:
                    cards.check_next(known[-1], signed, suite=suite)
                else:
                    cards.check_first(signed, suite=suite)
                known.append(signed.card)
            found[node] = tuple(known)
    return found


def check_digits(
    listing: Listing,
    known: Mapping[str, Sequence[Card]],
    *,
    given: tuple[str, ...] | None,
    channel: str | None,
) -> None:
    """Check that the cards are those whose digits were `given`, and the channel the one meant. Step 4.

    Raises:
        StepError: they are not.
    """
    one, two = (cards.card_hash(found[0]) for found in known.values())
    digits = cards.digits(one, two)
    if digits != listing.digits or (given is not None and digits != given):
        raise StepError(Step.DIGITS, "these are not the digits of the cards")
    if channel is not None and channel != listing.channel:
        raise StepError(Step.DIGITS, "the export is about another channel")


class Leaves(Struct, frozen=True, kw_only=True):
    """What the first reading of the entries finds: how many are whole, and whether they cite what is here.

    `broken` are, by log, the places of those that break the grammar.
    """

    whole: int
    broken: Mapping[str, frozenset[int]]
    seen: Seen


def read_leaves(archive: Archive, listing: Listing) -> Leaves:
    """Return what all entries are. Step 5.

    Raises:
        StepError: the list of entries of a log is broken.
    """
    whole = 0
    broken: dict[str, set[int]] = {}
    citing = Citing(archive, listing)
    with step(Step.ENTRIES):
        for log in listing.logs:
            for index, place in enumerate(read_places(archive, log)):
                if place.raw is None:
                    continue
                whole += 1
                if is_plain(place.raw):
                    continue
                parsed = parsed_or_none(place.raw)
                if parsed is None:
                    broken.setdefault(log.origin, set()).add(index)
                    continue
                for seen in parsed.entry.seen:
                    at, size = log.base + index, seen.size
                    citing.take(Cited(node=log.node, index=at, origin=seen.origin, size=size, root=seen.root))
        found = citing.seen()
    kept = {origin: frozenset(places) for origin, places in broken.items()}
    return Leaves(whole=whole, broken=kept, seen=found)


def read_heads(archive: Archive, log: Log, *, held: Held, suite: Suite) -> tuple[Signed, ...]:
    """Return the heads of a log, each signed by its writer. Step 6, without the leaves.

    Raises:
        StepError: one of them is not, or they are out of order.
    """
    found: list[Signed] = []
    with step(Step.HEADS):
        for raw in read_notes(archive, log.member("heads")):
            signed = held.read_head(raw, origin=log.origin, base=log.base, suite=suite)
            found.append(Signed(size=signed.head.size, root=signed.head.root, time=signed.signed_at))
        _check_order(found, log)
    return tuple(found)


def read_receipts(archive: Archive, log: Log, *, by: Sequence[Card], suite: Suite) -> tuple[Signed, ...]:
    """Return the receipts for a log, each signed by the other node. Step 7, without the leaves.

    Raises:
        StepError: one of them is not, or they are out of order.
    """
    found: list[Signed] = []
    with step(Step.RECEIPTS):
        for raw in read_notes(archive, log.member("receipts")):
            receipt = read_countersigned(raw, by, suite)
            if receipt.head.origin != log.origin:
                raise BreachError("11.5", "a receipt is for another log")
            found.append(Signed(size=receipt.head.size, root=receipt.head.root, time=receipt.received_at))
        _check_order(found, log)
    return tuple(found)


def _check_order(found: Sequence[Signed], log: Log) -> None:
    if any(two.size <= one.size or two.time < one.time for one, two in pairwise(found)):
        raise BreachError("11.4", "sizes rise, and times do not fall")
    if found and found[-1].size > log.size:
        raise BreachError("11.4", "a note is for more entries than are here")


def roots_at(archive: Archive, log: Log, sizes: set[int]) -> Mapping[int, bytes]:
    """Return the roots of a log at `sizes`, and at its full size. Every leaf is hashed once.

    Raises:
        StepError: see `read_leaves`, which looked at them before.
    """
    frontier = tree.EMPTY
    found: dict[int, bytes] = {0: frontier.root()}
    wanted = sorted(size for size in sizes | {log.size} if 0 < size <= log.size)
    with step(Step.ENTRIES):
        places = read_places(archive, log)
        for size in wanted:
            frontier = frontier.extend(next(places).leaf for _ in range(size - frontier.size))
            found[size] = frontier.root()
    return found


def check_signed(
    number: Step, log: Log, signed: Sequence[Signed], *, roots: Mapping[int, bytes], is_last: bool
) -> None:
    """Check that the notes of a log are over its leaves, and the newest of a last log over all of them.

    Raises:
        StepError: they are not.
    """
    if any(roots[each.size] != each.root for each in signed):
        raise StepError(number, "a note is over other entries")
    if is_last and log.size and (not signed or signed[-1].size != log.size):
        raise StepError(number, "the newest note does not cover all entries")


def check_chain(
    archive: Archive, listing: Listing, *, known: Mapping[str, Sequence[Card]], suite: Suite
) -> Iterator[tuple[Log, bytes]]:
    """Yield each sealed log and the root it was accepted at, once what follows it is as it must. Step 8.

    The roots are the caller's to compare.

    Raises:
        StepError: an acceptance is missing or false, or the next log does not begin with the old one.
    """
    with step(Step.CHAIN):
        for node, line in listing.lines.items():
            for old, new in pairwise(line):
                raw = archive.whole(new.member("acceptance"), limit=MAX_NOTE)
                origin, size, root, epoch = read_acceptance(raw, known[listing.other(node)], suite)
                if (origin, size, epoch) != (old.origin, old.size, new.epoch):
                    raise BreachError("11.5", "an acceptance is for another log, size or epoch")
                if new.size and old.size and not _continues(archive, new, old=old, root=root):
                    raise BreachError("11.5", "a log does not begin with what came before it")
                yield old, root


def _continues(archive: Archive, new: Log, *, old: Log, root: bytes) -> bool:
    first = next(read_places(archive, new)).raw
    parsed = None if first is None else parsed_or_none(first)
    if parsed is None:
        return False
    return any(
        (each.origin, each.size, each.root) == (old.origin, old.size, root) for each in parsed.entry.seen
    )
