"""What is disclosed, and what it has to be: cards that follow, openings, parts, forks.

Whether a part is the one that was entered is told by hash, size and key together: the cipher commits
to its key, so one ciphertext says one thing. Source: Spec §11.4.8, §11.5.10 to §11.5.12.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from parley.protocol import note
from parley.protocol.act import Act
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, card_hash, root_keys
from parley.protocol.entry import ParsedEntry
from parley.protocol.form import read_envelope
from parley.protocol.links import Carded, Opened
from parley.protocol.links import read_said as read_of_link
from parley.protocol.names import parse_origin
from parley.protocol.part import HEADER_SIZE, SEALED_CHUNK_SIZE, Chunks, PartError, open_part, plain_size
from parley.protocol.suite import Suite
from parley.protocol.verify.keys import Held
from parley.protocol.verify.listed import Listing, Log, file_name, fork_name
from parley.protocol.verify.members import Found, Opening, Whole, read_content, read_notes, read_wholes
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
    signed = note.Note(text=parsed.text, lines=parsed.lines)
    try:
        return len({each.key.name for each in note.verified(signed, root_keys(card), suite)})
    except BreachError:
        return 0


def hold(
    archive: Archive, listing: Listing, *, known: Mapping[str, Sequence[Card]], suite: Suite
) -> Mapping[str, Held]:
    """Return from where on each card of both nodes is in effect. Part of step 6.

    Raises:
        StepError: a card is announced nowhere.
    """
    with step(Step.HEADS):
        return {
            node: Held(cards=tuple(found), above=tuple(_places(archive, listing, found, suite=suite)))
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
        for whole in _whole_until_broken(archive, listing, log):
            if whole.parsed is None or not whole.parsed.lines or whole.parsed.entry.log != log.origin:
                continue
            try:
                act = act_of(whole, log, suite)
            except (BreachError, PartError):
                act = None
            if act is not None:
                yield log.base + whole.index, whole.parsed, act


def _whole_until_broken(archive: Archive, listing: Listing, log: Log) -> Iterator[Whole]:
    try:
        yield from read_wholes(archive, listing, log)
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


def check_contents(
    archive: Archive, listing: Listing, *, broken: Mapping[str, frozenset[int]], suite: Suite
) -> Mapping[Found, int]:
    """Return how many parts are disclosed, withheld, erased and unopenable. Step 10.

    `broken` are, by log, the entries that break the grammar.

    Raises:
        StepError: a disclosed one is not the one that was entered.
    """
    counts: Counter[Found] = Counter()
    missing = [0] * (Found.UNOPENABLE.value + 1)
    files: set[bytes] = set()
    with step(Step.CONTENT):
        for log in listing.logs:
            places = broken.get(log.origin, frozenset())
            for found in read_content(archive, listing, log, broken=places, missing=missing):
                for opening in found:
                    counts[opening.found] += 1
                    opened(opening, log, suite)
                    if opening.found is Found.FILE:
                        _check_file(archive, opening, log)
                        files.add(opening.ref.hash)
        if files != set(listing.files):
            raise BreachError("11.4", "a file is named by no entry")
    counts.update({Found(number): times for number, times in enumerate(missing)})
    return counts


def _check_file(archive: Archive, opening: Opening, log: Log) -> None:
    stretch = archive.open(file_name(opening.ref.hash))
    digest = hashlib.sha256()
    header = stretch.take(HEADER_SIZE)
    digest.update(header)
    plain_size(opening.ref.size)
    channel = parse_origin(log.origin).channel.text
    chunks = Chunks(opening.key, scope=f"{log.node}/{channel}", header=header)
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


def read_forks(
    archive: Archive, listing: Listing, *, held: Mapping[str, Held], suite: Suite
) -> Iterator[tuple[str, Signed, tuple[bytes, bytes]]]:
    """Yield each log of which two histories were signed, one of the heads, and both notes. Step 11.

    Raises:
        StepError: a proof does not hold.
    """
    with step(Step.FORKS):
        for origin in listing.forks:
            notes = tuple(read_notes(archive, fork_name(origin)))
            if len(notes) != 2:
                raise BreachError("11.4", "a proof of two histories is two heads")
            node = parse_origin(origin).node
            one, two = (held[node].read_any(raw, origin=origin, suite=suite) for raw in notes)
            if one.head.size != two.head.size or one.head.root == two.head.root:
                raise BreachError("4.7", "these are not two histories of one size")
            yield (
                origin,
                Signed(size=one.head.size, root=one.head.root, time=one.signed_at),
                (notes[0], notes[1]),
            )
