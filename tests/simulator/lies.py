"""How a piece that would be true is made a lie: each returns what is shown instead, and what it states."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from parley.protocol.part import LOST_KEY
from parley.signer.keys import SignerKeys
from tests.simulator.foe import FAR, ROOT, Foe, said
from tests.simulator.oracle import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Liar:
    """Who lies, the keys of somebody else, and the sizes of the heads that the reader keeps."""

    foe: Foe
    others: SignerKeys
    heads: tuple[int, ...]


Twist: TypeAlias = Callable[[Liar, Shown], Shown]


def _other_root(liar: Liar, shown: Shown) -> Shown:
    note, time = liar.foe.head(shown.size, ROOT)
    return replace(shown, piece=replace(shown.piece, note=note), root=ROOT, time=time)


def _old_other_root(liar: Liar, shown: Shown) -> Shown:
    size = liar.foe.dice.choice(liar.heads)
    note, time = liar.foe.head(size, ROOT)
    return replace(shown, piece=replace(shown.piece, note=note), root=ROOT, time=time, size=size)


def _garbage(_: Liar, shown: Shown) -> Shown:
    entries = (*shown.entries[:-1], said(b"garbage"))
    return replace(
        shown, entries=entries, piece=replace(shown.piece, entries=tuple(each.raw for each in entries))
    )


def _cut(_: Liar, shown: Shown) -> Shown:
    entries = shown.entries[:-1]
    return replace(
        shown, entries=entries, piece=replace(shown.piece, entries=tuple(each.raw for each in entries))
    )


def _bad_head(liar: Liar, shown: Shown) -> Shown:
    foe = liar.foe
    stranger = replace(foe, keys=liar.others) if foe.dice.random() < 0.5 else foe
    origin = f"{foe.origin[:-8]}00000000" if stranger is foe else foe.origin
    note, _ = stranger.head(shown.size, shown.root, origin=origin)
    piece = replace(shown.piece, note=note)
    return replace(shown, is_genuine=False, is_by_others=stranger is not foe, piece=piece)


def _no_key(liar: Liar, shown: Shown) -> Shown:
    keys = [key for key in shown.piece.keys if liar.foe.dice.random() < 0.7]
    return replace(
        shown, piece=replace(shown.piece, keys=tuple(keys), blobs=shown.piece.blobs if keys else ())
    )


def _no_blob(liar: Liar, shown: Shown) -> Shown:
    blobs = [blob for blob in shown.piece.blobs if liar.foe.dice.random() < 0.7]
    return replace(shown, piece=replace(shown.piece, blobs=tuple(blobs)))


def _wrong_key(liar: Liar, shown: Shown) -> Shown:
    dice = liar.foe.dice
    keys = tuple((digest, dice.choice((key, key, LOST_KEY, ROOT))) for digest, key in shown.piece.keys)
    return replace(shown, piece=replace(shown.piece, keys=keys))


def _far_start(liar: Liar, shown: Shown) -> Shown:
    most = 2**53 - 1 - len(shown.entries)
    return replace(shown, piece=replace(shown.piece, start=liar.foe.dice.choice((FAR, most))))


TWISTS: Final[tuple[Twist | None, ...]] = (
    *([None] * 9),
    _other_root,
    _old_other_root,
    _garbage,
    _cut,
    _bad_head,
    _no_key,
    _no_blob,
    _wrong_key,
    _wrong_key,
    _far_start,
)
