"""Which cards are in force on a link, ours and theirs, and which of our sets of keys sign.

The fold says it (`protocol/links.py`); here it is asked. While a partner's `have` has not passed our
newest card, what we sign bears the lines of two: of the card that is in force where the partner
stands, and of the newest. Source: Spec §7.2.5, §7.2.7.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from parley.ledger import revoking, uptake
from parley.ledger.drafts import Draft, RefusedError
from parley.ledger.keys import Keys
from parley.ledger.shelf import SqliteShelf
from parley.ledger.standing import LinkFacts, Standing
from parley.protocol.act import read_act, read_json
from parley.protocol.alarms import Alarm
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, keeps_promise, parse
from parley.protocol.channel import Taken
from parley.protocol.content import Incoming
from parley.protocol.links import Carded, card_in, read_said
from parley.protocol.strictjson import JsonValue, read
from parley.protocol.succession import Succession, succession, with_keys
from parley.protocol.suite import Suite
from parley.protocol.voids import Void
from parley.signer.desk import NoSignerError, SigningDesk
from parley.signer.keys import PublicKeys

KIND: Final = "link.carded"


class NotTakenUpError(Exception):
    """A piece brings a card that cannot be taken up, so nothing of it is taken; `alarm` says of what kind."""

    def __init__(self, alarm: Alarm, remark: str) -> None:
        super().__init__(remark)
        self.alarm = alarm


class InForce:
    """The cards of one link, in the hands of the writer thread."""

    def __init__(
        self,
        db: sqlite3.Connection,
        facts: LinkFacts,
        shelf: SqliteShelf,
        *,
        keys: Keys,
        desk: SigningDesk,
        suite: Suite,
    ) -> None:
        # Renewed whenever a line goes on in another log.
        self.facts = facts
        self._db, self._shelf = db, shelf
        self._keys, self._desk, self._suite = keys, desk, suite
        # As the link was signed for last, for any thread: their card that is in force, and ours that is
        # in force where they stand.
        self.theirs = self.of(facts.peer, shelf.tip(facts.peer).size).newest
        self.at_have = facts.sides.of(facts.me).card
        # Their newest card, though it may only have moved them; and what we say of revoked keys of ours.
        self.known = self._known()
        self.frames: tuple[bytes, ...] = ()

    def of(self, node: str, size: int) -> Succession:
        """Return the cards of one of the two nodes after the first `size` entries of its line."""
        found = succession(self._shelf.link(), self.facts.sides.of(node), size=size)
        return revoking.with_revoked(found, self._db, self.facts.logs[node])

    def later(self) -> Iterator[Card]:
        """Yield our card with each set of keys that came after those in force here, the newest first.

        A record that was restored does not know its newest card; the signer still holds the keys.
        """
        me = self.facts.me
        newest = self.of(me, self._shelf.tip(me).size).newest
        try:
            sets = self._desk.key_sets()
        except NoSignerError:
            return
        known = [at for at, each in enumerate(sets) if each.write_ed25519 == newest.write_ed25519]
        fresh = sets[known[-1] + 1 :] if known else ()
        yield from with_keys(newest, map(_of_set, reversed(fresh)))

    def sets(self, have: int, size: int) -> tuple[bytes, ...]:
        """Return which sets sign over `size` entries of our line, for a partner who holds `have` of them.

        Each is named by its public `write ed25519`; the newest comes last.
        """
        old, new = self.mine(have, size)
        next_one = revoking.last_revoking(self._db, self.facts.logs[self.facts.me])
        if next_one is not None and next_one.serial > old.serial:
            # The old keys are somebody else's, or nobody's; the partner has this card from a frame.
            old = next_one
        return tuple(dict.fromkeys((old.write_ed25519, new.write_ed25519)))

    def mine(self, have: int, size: int) -> tuple[Card, Card]:
        """Return our card in force where the partner stands, and the one after `size` entries."""
        cards = self.of(self.facts.me, size)
        return cards.at(min(have, size)), cards.newest

    # ---- Theirs

    def note(self, at: Standing) -> None:
        """Note which cards are in force, now that what changed them is committed."""
        self.theirs = self.of(self.facts.peer, at.theirs.size).newest
        self.known = self._known()
        self.at_have, _ = self.mine(at.have, at.mine.size)
        self.frames = self._frames(at)

    def _known(self) -> Card:
        pairing = self.facts.sides.of(self.facts.peer).card
        return uptake.current_card(self._db, self.facts.id, pairing)

    def _frames(self, at: Standing) -> tuple[bytes, ...]:
        facts, state = self.facts, self._shelf.link()
        log, paired = facts.logs[facts.me], facts.sides.of(facts.me).card
        newest = revoking.last_revoking(self._db, log)
        heard = state.serial(facts.me, at.have, paired=paired.serial)
        if newest is None or heard >= newest.serial:
            return ()
        return revoking.frames(self._db, log, newest, known=heard)

    def hear(self, notes: Sequence[bytes], at: Standing) -> Iterable[tuple[Alarm, str]]:
        """Take up what frames say of revoked keys of theirs; return what is odd about it.

        A card counts here only with a revocation behind it: any other comes as a statement.
        """
        peer = self.facts.peer
        log, known = self.facts.logs[peer], self._known()
        try:
            found = revoking.introduced(notes, known, self._suite)
            if found is None or not self._is_fresh(found, log):
                return ()
            line = self.facts.line(peer)
            revoking.check_stays(found, line, held=at.theirs.size)
            uptake.check_reach(self._db, self.facts.id, found.newest, suite=self._suite)
            revoking.keep(self._db, log, line, found=found)
        except BreachError as error:
            return ((Alarm.BAD_CARD, str(error)),)
        uptake.note_current(self._db, self.facts.id, found.newest)
        said = f"card {found.newest.serial} has other keys than card {known.serial} promised"
        kept = len(found.cards) != 1 or keeps_promise(known, found.newest)
        return () if kept else ((Alarm.UNPROMISED_CARD, said),)

    def _is_fresh(self, found: revoking.Introduced, log: int) -> bool:
        """Return whether there is a revocation that was not heard before, behind the newest card."""
        return not revoking.is_revoking(self._db, log, found.newest)

    def take_up(self, *, act: bytes, body: bytes) -> Iterable[tuple[Alarm, str]]:
        """Take up the card that a valid announcement of theirs brought; return what is odd about it.

        Raises:
            NotTakenUpError: it moves keys, and no judge could follow it.
        """
        pairing = self.facts.sides.of(self.facts.peer).card
        try:
            old, new = uptake.take_up(
                self._db, self.facts.id, act=act, body=body, pairing=pairing, suite=self._suite
            )
        except BreachError as error:
            if _card_of(read_act(read_json(act)).d) is not None:
                raise NotTakenUpError(Alarm.BAD_CARD, str(error)) from error
            return ((Alarm.BAD_CARD, str(error)),)
        said = f"card {new.serial} has other keys than card {old.serial} promised"
        return () if keeps_promise(old, new) else ((Alarm.UNPROMISED_CARD, said),)

    def check_theirs(self, taken: Taken) -> None:
        """Check that the head of a piece was read by the card that is in force after it.

        Raises:
            NotTakenUpError: an announcement in it is worth something else than it looked.
        """
        card = self.of(self.facts.peer, taken.reach.size).newest
        if card != taken.card:
            said = f"card {card.serial} is in force, and card {taken.card.serial} signed"
            raise NotTakenUpError(Alarm.BAD_HEAD, said)

    # ---- Ours

    def revoke(self, notes: Sequence[bytes]) -> None:
        """Revoke keys of ours: `notes` are our cards up to the next one, and the revocation of our line.

        Raises:
            BreachError: they do not follow our card, or do not speak of our line.
        """
        me = self.facts.me
        log, size = self.facts.logs[me], self._shelf.tip(me).size
        newest = self.facts.sides.of(me).card
        found = self._db.execute(
            "SELECT note FROM card WHERE node = ? AND serial <= ? ORDER BY serial DESC LIMIT 1",
            (me, self._shelf.link().serial(me, size, paired=newest.serial)),
        ).fetchone()
        known = newest if found is None else parse(bytes(found[0])).card
        introduced = revoking.introduced(notes, known, self._suite)
        if introduced is None:
            raise BreachError("7.2", "nothing is revoked")
        self._keys.refresh()
        revoking.keep(self._db, log, self.facts.line(me), found=introduced)

    def check_ours(self, draft: Draft) -> None:
        """Check that this node holds the keys of the card that it is about to announce.

        Raises:
            RefusedError: nothing could be signed any more.
        """
        card = _card_of(draft.d) if draft.kind == KIND else None
        if card is None:
            return
        self._keys.refresh()
        try:
            signs = _of_card(card) in {_of_set(each) for each in self._desk.key_sets()}
        except NoSignerError as error:
            raise RefusedError(Void.WRONG_STATE.value, str(error)) from error
        if not signs or not self._keys.holds(card, self._suite):
            raise RefusedError(Void.WRONG_STATE.value, "the keys of this card are not here")

    def keep_ours(self, draft: Draft) -> bool:
        """Keep the note of a card of ours that was announced; return whether there was one.

        A fresh receipt is then due: one by the old keys alone counts no more where the new card is held.
        """
        note = (draft.body or {}).get("card") if draft.kind == KIND else None
        if isinstance(note, str):
            uptake.keep(self._db, note.encode())
        return isinstance(note, str)

    def keep_returned(self, incoming: Incoming) -> None:
        """Keep the note of a card of ours that came back with our line."""
        if incoming.said.kind == KIND and incoming.body is not None:
            with suppress(BreachError, KeyError, AttributeError):
                uptake.keep(self._db, str(read(incoming.body)["card"]).encode())


def _card_of(d: Mapping[str, JsonValue]) -> Card | None:
    try:
        said = read_said(KIND, d)
    except BreachError:
        return None
    return card_in(said.text) if isinstance(said, Carded) and said.text is not None else None


def _of_set(keys: PublicKeys) -> tuple[bytes, bytes, bytes, bytes]:
    return keys.write_ed25519, keys.write_ml_dsa, keys.receipt_ed25519, keys.receipt_ml_dsa


def _of_card(card: Card) -> tuple[bytes, bytes, bytes, bytes]:
    return card.write_ed25519, card.write_ml_dsa, card.receipt_ed25519, card.receipt_ml_dsa


__all__: Sequence[str] = ["KIND", "InForce", "NotTakenUpError"]
