"""What is disclosed, and what it has to be: cards that follow, openings, parts, forks, orders to erase.

Whether a part is the one that was entered is told by hash, size and key together: the cipher commits
to its key, so one ciphertext says one thing. Source: Spec §11.4.8, §11.5.10 to §11.5.12.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from msgspec import Struct

from parley.protocol import note
from parley.protocol.act import Act
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, card_hash
from parley.protocol.entry import ParsedEntry
from parley.protocol.form import read_envelope
from parley.protocol.links import Carded, Opened
from parley.protocol.links import read_said as read_of_link
from parley.protocol.names import parse_origin
from parley.protocol.part import HEADER_SIZE, SEALED_CHUNK_SIZE, Chunks, PartError, open_part, plain_size
from parley.protocol.suite import Suite
from parley.protocol.verify.erasures import Saying, read_saying
from parley.protocol.verify.keys import Held, persons_of
from parley.protocol.verify.listed import Listing, Log, file_name, fork_name
from parley.protocol.verify.members import Found, Opening, Whole, read_content, read_notes, read_wholes
from parley.protocol.verify.revoked import foreseen
from parley.protocol.verify.steps import Signed, Step, step
from parley.protocol.verify.zipped import Archive, ShortError


def opened(opening: Opening, log: Log, suite: Suite) -> bytes | None:
    """Return what an act or a body says, None if it is not disclosed.

    Raises:
        BreachError: it is not the part that the entry names. PartError: the key does not open it.
    """
    if opening.ciphertext is None:
        return None
    if hashlib.sha256(opening.ciphertext).digest() != opening.ref.hash:
        raise BreachError("11.5", "a ciphertext is not the one that its entry names")
    return open_part(opening.ciphertext, key=opening.key, scope=log.origin, suite=suite)


def act_of(whole: Whole, log: Log, suite: Suite) -> Act | None:
    """Return the envelope of the act of an entry; None if it is not disclosed or none.

    Raises:
        BreachError, PartError: see `opened`.
    """
    raw = opened(whole.openings[0], log, suite) if whole.openings else None
    envelope = None if raw is None else read_envelope(raw)
    return envelope if isinstance(envelope, Act) else None


def persons(parsed: ParsedEntry, card: Card, suite: Suite) -> int:
    """Return how many roots of `card` signed an entry; 0 if a line of one of them does not verify."""
    return persons_of(note.Note(text=parsed.text, lines=parsed.lines), card, suite)


def hold(
    archive: Archive, listing: Listing, *, known: Mapping[str, Sequence[Card]], suite: Suite
) -> Mapping[str, Held]:
    """Return from where on each card of both nodes is in effect. Part of step 6.

    Raises:
        StepError: a card is announced nowhere.
    """
    revoked = foreseen(archive, listing, known=known, suite=suite)
    with step(Step.HEADS):
        return {
            node: Held(
                cards=tuple(found),
                above=tuple(_places(archive, listing, found, suite=suite)),
                revoked=revoked,
            )
            for node, found in known.items()
        }


def _places(archive: Archive, listing: Listing, found: Sequence[Card], *, suite: Suite) -> Iterator[int]:
    yield 0
    if len(found) == 1:
        return
    said = _signed_acts(archive, listing, found[0].node, suite=suite)
    for old, new in pairwise(found):
        place = next(
            (at for at, parsed, act in said if _announces(act, old, new) and _is_by(parsed, old, suite)), None
        )
        if place is None:
            raise BreachError("11.4", f"card {new.serial} of {new.node} is announced nowhere")
        yield place


def _signed_acts(
    archive: Archive, listing: Listing, node: str, *, suite: Suite
) -> Iterator[tuple[int, ParsedEntry, Act]]:
    """Yield place in the line, entry and act of whatever bears lines and is disclosed, by `node`.

    What does not open is passed over: it is for step 10 to refuse it.
    """
    for log in listing.lines[node]:
        for whole in _whole_until_broken(archive, log):
            if whole.parsed is None or not whole.parsed.lines or whole.parsed.entry.log != log.origin:
                continue
            try:
                act = act_of(whole, log, suite)
            except (BreachError, PartError):
                act = None
            if act is not None:
                yield log.base + whole.index, whole.parsed, act


def _whole_until_broken(archive: Archive, log: Log) -> Iterator[Whole]:
    try:
        yield from read_wholes(archive, log)
    except (BreachError, ShortError):
        return


def _is_by(parsed: ParsedEntry, card: Card, suite: Suite) -> bool:
    return persons(parsed, card, suite) >= card.threshold


def _announces(act: Act, old: Card, card: Card) -> bool:
    if (act.k, act.v) != ("link.carded", 1):
        return False
    try:
        said = read_of_link(act.k, act.d)
    except BreachError:
        return False
    if not isinstance(said, Carded) or said.serial != card.serial or not said.announces(card_hash(card)):
        return False
    # Only a card whose text is in the act changes keys, since no fold reads a body (Spec §7.2.5).
    same = replace(card, serial=old.serial, prev=old.prev, url=old.url, tls_sha256=old.tls_sha256)
    return said.text is not None or same == old


def check_openings(
    archive: Archive, listing: Listing, *, known: Mapping[str, Sequence[Card]], suite: Suite
) -> None:
    """Check that both sides opened this channel, with these logs and cards. Step 9.

    Raises:
        StepError: one of them did not, as far as the export shows.
    """
    origins = tuple(listing.lines[node][0].origin for node in listing.nodes)
    hashes = tuple(card_hash(known[node][0]) for node in listing.nodes)
    with step(Step.OPENINGS):
        for node in listing.nodes:
            card, first = known[node][0], listing.lines[node][0]
            said = _signed_acts(archive, listing, node, suite=suite)
            if not any(
                at < first.size
                and _opens(act, listing, origins=origins, hashes=hashes)
                and _is_by(parsed, card, suite)
                for at, parsed, act in said
            ):
                raise BreachError("11.5", f"{node} did not open the link with these logs and cards")


def _opens(act: Act, listing: Listing, *, origins: Sequence[str], hashes: Sequence[bytes]) -> bool:
    if (act.k, act.v, act.re) != ("link.opened", 1, None):
        return False
    try:
        said = read_of_link(act.k, act.d)
    except BreachError:
        return False
    if (
        not isinstance(said, Opened)
        or said.channel != listing.channel
        or tuple(said.origins) != tuple(origins)
    ):
        return False
    return [said.card_of(node) for node in listing.nodes] == list(hashes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """How many parts are disclosed, withheld, erased and unopenable; and what is said of erasing them."""

    parts: Mapping[Found, int]
    erasing: tuple[Saying, ...]


def check_contents(
    archive: Archive, listing: Listing, *, broken: Mapping[str, frozenset[int]], suite: Suite
) -> Disclosed:
    """Return what is disclosed. Step 10. `broken` are, by log, the entries that break the grammar.

    Raises:
        StepError: a disclosed part is not the one that was entered.
    """
    missing = [0] * (Found.UNOPENABLE.value + 1)
    check = _Check(archive, listing, suite)
    with step(Step.CONTENT):
        for log in listing.logs:
            places = broken.get(log.origin, frozenset())
            for whole in read_content(archive, log, broken=places, missing=missing):
                check.entry(whole, log)
        if {name for name, _, _ in check.files} != set(listing.files):
            raise BreachError("11.4", "a file is named by no entry")
    check.counts.update({Found(number): times for number, times in enumerate(missing)})
    return Disclosed(parts=check.counts, erasing=tuple(check.erasing))


class _Check:
    """Step 10, entry by entry. A file that many entries name is read once."""

    def __init__(self, archive: Archive, listing: Listing, suite: Suite) -> None:
        self._archive = archive
        self._listing = listing
        self._suite = suite
        self.counts: Counter[Found] = Counter()
        self.files: set[tuple[bytes, bytes, str]] = set()
        self.erasing: list[Saying] = []

    def entry(self, whole: Whole, log: Log) -> None:
        """Check what is disclosed of one entry."""
        for opening in whole.openings:
            self.counts[opening.found] += 1
            said = opened(opening, log, self._suite)
            if said is not None and opening.number == 0:
                self.erasing += read_saying(said, whole, log)
            known = (opening.ref.hash, opening.key, log.node)
            if opening.found is Found.FILE and known not in self.files:
                self._file(opening, log)
                self.files.add(known)

    def _file(self, opening: Opening, log: Log) -> None:
        if self._listing.files.get(opening.ref.hash) != opening.ref.size:
            raise BreachError("11.4", "a file is not among the members")
        channel = parse_origin(log.origin).channel.text
        _check_file(self._archive, opening, scope=f"{log.node}/{channel}")


def _check_file(archive: Archive, opening: Opening, *, scope: str) -> None:
    stretch = archive.open(file_name(opening.ref.hash))
    digest = hashlib.sha256()
    plain_size(opening.ref.size)
    header = stretch.take(HEADER_SIZE)
    digest.update(header)
    chunks = Chunks(opening.key, scope=scope, header=header)
    number = 0
    while True:
        sealed = stretch.take(min(stretch.left, SEALED_CHUNK_SIZE))
        digest.update(sealed)
        chunks.open(number, sealed)
        number += 1
        if len(sealed) < SEALED_CHUNK_SIZE:
            break
    if digest.digest() != opening.ref.hash or stretch.left:
        raise PartError("a file is not the one that its entry names")


class Forked(Struct, frozen=True, kw_only=True):
    """A log of which the keys of the card `serial` signed two histories, one of the heads, and both notes."""

    origin: str
    serial: int
    head: Signed
    notes: tuple[bytes, bytes]


def read_forks(
    archive: Archive, listing: Listing, *, held: Mapping[str, Held], suite: Suite
) -> Iterator[Forked]:
    """Yield what proves that two histories were signed. Step 11.

    Raises:
        StepError: a proof does not hold.
    """
    with step(Step.FORKS):
        for origin in listing.forks:
            notes = tuple(read_notes(archive, fork_name(origin)))
            if len(notes) != 2:
                raise BreachError("11.4", "a proof of two histories is two heads")
            both = (notes[0], notes[1])
            one, two, card = held[parse_origin(origin).node].read_fork(both, origin=origin, suite=suite)
            if one.head.size != two.head.size or one.head.root == two.head.root:
                raise BreachError("4.7", "these are not two histories of one size")
            head = Signed(size=one.head.size, root=one.head.root, time=one.signed_at)
            yield Forked(origin=origin, serial=card.serial, head=head, notes=both)
