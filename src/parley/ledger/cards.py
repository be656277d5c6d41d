"""A node moves, or changes its keys: its next card, announced on every link, and taken up by the partners.

    renew_card     where the node is reached, and the pin of its TLS certificate; its keys stay
    rotate_keys    all six keys of the node; the set that was promised, and the next is promised

Each step may be cut and is taken again: the keys are made and lie in `keys/`; the card is signed and lies
beside as `card.next`; it is announced in every lane that is open, each time as one statement; it becomes
`card`. From its entry on a line is signed by the new keys, and for as long as a partner may not know
them by the old ones too. A lane that could not be spoken in hears of it the next time (`announce`).
Source: Spec §3.4, §7.2.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace

from parley.ledger import revocations
from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.home import check_config, own_card, read_config
from parley.ledger.keys import Keys, KeysError, make_set, read_keys, with_set
from parley.ledger.reading import LinkRow, Reader
from parley.protocol import card as cards
from parley.protocol.act import id_text
from parley.protocol.card import Card
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Standard, Suite
from parley.signer.desk import SigningDesk
from parley.signer.keys import FolderSets, PublicKeys
from parley.signer.opening import open_desk
from parley.work.home import Home


class PromiseLostError(Exception):
    """The keys that the card promised are not here any more. Nothing was changed."""


class RootsMissingError(Exception):
    """Fewer keys of roots are here than must sign: `found` of `needed`. Nothing was changed."""

    def __init__(self, *, found: int, needed: int) -> None:
        super().__init__(f"{found} of {needed}")
        self.found, self.needed = found, needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A card that was issued, and what came of announcing it: by lane, since some may have to wait."""

    card: Card
    said: Sequence[Appended]
    refused: Sequence[tuple[str, RefusedError]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """Where cards are issued: who signs the node's own keys into being, and who says what is announced."""

    home: Home
    suite: Suite
    desk: Callable[[], AbstractContextManager[SigningDesk]]
    say: Callable[[Sequence[Draft]], Sequence[Appended | RefusedError]]
    revoke: Callable[[str, Sequence[bytes]], None]


def issuing(home: Home) -> Issuing:
    """Return how a command or a page issues cards: at the signer of `home`, through its one door."""
    suite = Standard()
    return Issuing(
        home=home,
        suite=suite,
        desk=lambda: closing(open_desk(home, suite=suite)),
        say=lambda drafts: append(home, drafts),
        revoke=lambda link, notes: revocations.revoke(home, link, notes),
    )


def renew_card(home: Home, *, url: str | None, tls_sha256: bytes | None) -> Sequence[Appended | RefusedError]:
    """Make this node's next card and announce it on every open link; return what came of each.

    Killed in the middle, it goes on with the same card when it is called again.

    Raises:
        BreachError: the address cannot stand on a card. HomeError: it cannot in this world.
        RootsMissingError: too few of the roots' keys are here.
    """
    check_config(replace(read_config(home), url=url))
    issued = _issue(issuing(home), lambda old: replace(old, url=url, tls_sha256=tls_sha256))
    return [*issued.said, *(error for _, error in issued.refused)]


def rotate_keys(at: Issuing, *, breaks_promise: bool = False) -> Issued:
    """Give this node its next keys, and promise the ones after them.

    The signer makes its four, and they never leave it. With `breaks_promise` they are fresh, whatever was
    promised: then every root must sign, and partners see it. Killed in the middle, it goes on with
    the same card when it is called again.

    Raises:
        PromiseLostError: see there. RootsMissingError: too few of the roots' keys are here.
        KeysError: the keys of the present card are not here. HomeError: there is no card.
    """
    _regain_card(at.home)
    if (at.home.root / "card.next").exists():
        before = cards.parse(own_card(at.home)).card
        issued = _issue(at, lambda old: old)
        if cards.keys_hash(issued.card) != cards.keys_hash(before):
            return issued

    def rotated(old: Card) -> Card:
        with at.desk() as desk:
            return _rotated(at, old, desk, breaks_promise=breaks_promise)

    return _issue(at, rotated)


def _regain_card(home: Home) -> None:
    """Take for our own the newest card that came back with our line, if a backup put an older one here."""
    if not home.record.exists() or (home.root / "card.next").exists():
        return
    reader = Reader(home)
    try:
        found = reader.connection.execute(
            "SELECT note FROM card WHERE node = ? ORDER BY serial DESC LIMIT 1", (reader.node,)
        ).fetchone()
    finally:
        reader.close()
    if (
        found is not None
        and cards.parse(bytes(found[0])).card.serial > cards.parse(own_card(home)).card.serial
    ):
        _write(home, "card", bytes(found[0]))


def revoke_keys(at: Issuing, *, sizes: Mapping[str, int], breaks_promise: bool = False) -> Issued:
    """Give this node its next keys because the present ones were stolen or lost, and revoke those.

    In each lane they count up to what the partner has signed for, or up to the size of our line given in
    `sizes` by the lane's name, if that is more. What was said since stays said, and is signed anew by the
    next head. Killed in the middle, it goes on when it is called again.

    Raises:
        RevokedTooMuchError: a size is below what the partner signed for. Else as `rotate_keys`.
    """
    if not (at.home.root / "card.next").exists():
        _write(at.home, revocations.WISH, revocations.wish(at.home, sizes))
    _ensure_some_keys(at)
    return rotate_keys(at, breaks_promise=breaks_promise)


def _ensure_some_keys(at: Issuing) -> None:
    """Make a set where none is here: a restored node has none, and no signer starts without."""
    node = cards.parse(own_card(at.home)).card.node
    sets = FolderSets(at.home.keys, node, suite=at.suite)
    try:
        sets.read()
    except KeysError:
        sets.make(_last_set(at.home, node) + 1)


def _last_set(home: Home, node: str) -> int:
    return read_keys(home.keys, node).sets[-1].number


def _rotated(at: Issuing, old: Card, desk: SigningDesk, *, breaks_promise: bool) -> Card:
    sets = {each.number: each for each in desk.key_sets()}
    if breaks_promise:
        number = max(*sets, _last_set(at.home, old.node)) + 1
    else:
        number = _number_of(old, sets) + 1
        if old.next_keys is not None and number not in sets:
            raise PromiseLostError
    new = _with_set(at, old, desk, number=number)
    if not breaks_promise and old.next_keys not in {None, cards.keys_hash(new)}:
        raise PromiseLostError
    promised = _with_set(at, old, desk, number=number + 1)
    return replace(new, next_keys=cards.keys_hash(promised))


def _number_of(card: Card, sets: Mapping[int, PublicKeys]) -> int:
    for number, each in sets.items():
        if each.write_ed25519 == card.write_ed25519:
            return number
    raise KeysError(f"the keys of card {card.serial} are not here")


def _with_set(at: Issuing, card: Card, desk: SigningDesk, *, number: int) -> Card:
    """Return `card` with the six keys of the set `number`, which is made if it is not here."""
    signing, own = desk.make_keys(number), make_set(at.home.keys, number, suite=at.suite)
    return with_set(card, signing, own, suite=at.suite)


def _issue(at: Issuing, change: Callable[[Card], Card]) -> Issued:
    """Sign the next card, announce it, and take it for our own; or go on with one that was begun."""
    home, suite = at.home, at.suite
    path = home.root / "card.next"
    if not path.exists():
        old = cards.parse(own_card(home)).card
        new = replace(change(old), serial=old.serial + 1, prev=cards.card_hash(old))
        seeds = _root_seeds(read_keys(home.keys, old.node), old, new, suite=suite)
        _write(home, "card.next", cards.sign_card(new, seeds, suite=suite, previous=old))
    note = path.read_bytes()
    card = cards.parse(note).card
    _keep_history(home, own_card(home))
    _keep_history(home, note)
    for link, notes in revocations.wanted(
        home, card, history=lambda serial: _history(home, serial), suite=suite
    ):
        at.revoke(link, notes)
    said, refused = announce(at, upto=card.serial)
    path.replace(home.root / "card")
    (home.root / revocations.WISH).unlink(missing_ok=True)
    return Issued(card=card, said=said, refused=refused)


def _root_seeds(keys: Keys, old: Card, new: Card, *, suite: Suite) -> list[bytes]:
    seeds = [seed for _, seed in keys.roots if suite.ed25519_public(seed) in {*old.roots, *new.roots}]
    needed = cards.old_threshold(old, new)
    if len(seeds) < needed:
        raise RootsMissingError(found=len(seeds), needed=needed)
    return seeds


def announce_card(at: Issuing) -> Issued:
    """Announce our present card where it could not be announced before, and every one before it."""
    _regain_card(at.home)
    card = cards.parse(own_card(at.home)).card
    said, refused = announce(at, upto=card.serial)
    return Issued(card=card, said=said, refused=refused)


def announce(at: Issuing, *, upto: int) -> tuple[list[Appended], list[tuple[str, RefusedError]]]:
    """Announce our cards up to the serial `upto` in every open lane that has not heard of them."""
    home = at.home
    if not home.record.exists():
        return [], []
    reader = Reader(home, suite=at.suite)
    try:
        drafts = [
            draft
            for row in reader.lanes()
            if row.is_active
            for draft in _missing(home, reader, row, upto=upto)
        ]
    finally:
        reader.close()
    results = list(zip(drafts, at.say(drafts) if drafts else (), strict=True))
    said = [result for _, result in results if isinstance(result, Appended)]
    return said, [(draft.link, result) for draft, result in results if isinstance(result, RefusedError)]


def heard_of(reader: Reader, row: LinkRow) -> int:
    """Return the serial of our newest card that was announced in a lane."""
    (paired,) = reader.connection.execute(
        "SELECT serial FROM card JOIN link ON card.hash = link.my_card WHERE link.id = ?", (row.id,)
    ).fetchone()
    status = reader.status(row.name)
    size = 0 if status is None else status.my_size
    return reader.link_state(row.name).serial(row.me, size, paired=int(paired))


def _missing(home: Home, reader: Reader, row: LinkRow, *, upto: int) -> Iterator[Draft]:
    for serial in range(heard_of(reader, row) + 1, upto + 1):
        note, before = _history(home, serial), _history(home, serial - 1)
        if note is None or before is None:
            return
        yield _announcement(row.name, note, before=cards.parse(before).card)


def _announcement(link: str, note: bytes, *, before: Card) -> Draft:
    card = cards.parse(note).card
    d: dict[str, JsonValue] = {"card": id_text(cards.card_hash(card)), "serial": card.serial}
    same = replace(before, serial=card.serial, prev=card.prev, url=card.url, tls_sha256=card.tls_sha256)
    if same != card:
        d["text"] = card.text().decode()
    return Draft(
        id=f"card-{card.serial}-{link}", link=link, kind="link.carded", d=d, body={"card": note.decode()}
    )


def _history(home: Home, serial: int) -> bytes | None:
    """Return our card with this serial, from beside the newest or, after a restore, from the record."""
    path = home.root / "cards" / str(serial)
    if path.exists() or not home.record.exists():
        return path.read_bytes() if path.exists() else None
    reader = Reader(home)
    try:
        found = reader.connection.execute(
            "SELECT note FROM card WHERE node = ? AND serial = ?", (reader.node, serial)
        ).fetchone()
    finally:
        reader.close()
    return None if found is None else bytes(found[0])


def _keep_history(home: Home, note: bytes) -> None:
    """Keep each card by its serial: a lane that opens or comes back later hears of all it missed."""
    (home.root / "cards").mkdir(mode=0o700, exist_ok=True)
    name = f"cards/{cards.parse(note).card.serial}"
    if not (home.root / name).exists():
        _write(home, name, note)


def _write(home: Home, name: str, content: bytes) -> None:
    fresh = home.root / f"{name}.new"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(home.root / name)
