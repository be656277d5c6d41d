"""The seal of this node on a list of outcomes that both sides froze: made when it is released, not before.

Whoever releases says which list and from when on; the seal is made here, at the door of the record, by the
keys of the card in force, and goes into the statement itself. So the signature comes into being in the same
moment in which everybody is told, and no page or command ever holds one beforehand.
Source: Spec §17.8.6, §17.10.
"""

import base64
import dataclasses
from typing import Final

from parley.ledger.drafts import Draft, RefusedError
from parley.ledger.slot import Slot
from parley.protocol.act import read_id
from parley.protocol.breach import BreachError
from parley.protocol.dialogue.release import Seal
from parley.protocol.names import parse_origin
from parley.signer.desk import RefusedToSignError, SigningDesk

RELEASED: Final = "outcome.released"
UNSEALED: Final = ""
"""What stands for the seal in a draft that asks for one."""


def sealed(draft: Draft, slot: Slot, *, desk: SigningDesk, now: int) -> Draft:
    """Return `draft`, which releases a list, with the seal of this node, if it has none yet.

    Raises:
        RefusedError: it is not time, or the signer does not seal this; nothing was written.
    """
    match draft.d:
        case {"release": int(release), "digest": str(digest), "note": ""}:
            pass
        case _:
            return draft
    channel = parse_origin(slot.mine.current.origin).channel
    size = slot.standing.mine.size
    keys = slot.cards.sets(size, size)[-1]
    try:
        seal = Seal(link=f"{channel.world}/{channel.link}", release=release, digest=read_id(digest))
        note = desk.seal(seal.text(), keys=keys, time=now)
    except BreachError as error:
        raise RefusedError("schema", error.reason) from error
    except RefusedToSignError as error:
        raise RefusedError("wrong-state", error.reason) from error
    return dataclasses.replace(draft, d={**draft.d, "note": base64.b64encode(note).decode("ascii")})
